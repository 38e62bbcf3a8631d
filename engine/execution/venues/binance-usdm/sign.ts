/**
 * sign: signatures of the Binance USD-M APIs.
 *
 * WebSocket  every parameter but `signature`, sorted by name, `k=v` joined by `&`, values
 *            unencoded.
 * REST       query string plus body in send order, `signature` last.
 * HMAC-SHA256 gives hex, Ed25519 gives base64 (URL-encoded in REST, as it is in WebSocket frames).
 *
 * The key object is made once. Ids never contain characters that encoders disagree about.
 * Imports   node:crypto, base.
 */
import {
  createHmac,
  createPrivateKey,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import { EngineError } from '../../../base/errors.ts';

export interface Signer {
  readonly kind: 'hmac' | 'ed25519';
  readonly apiKey: string;
  sign(payload: string): string;
}

export type ParamValue = string | number;
export type Params = Readonly<Record<string, ParamValue>>;

export function hmacSigner(apiKey: string, secret: string): Signer {
  const key = createSecretKey(Buffer.from(secret, 'utf8'));
  return {
    kind: 'hmac',
    apiKey,
    sign: (payload) => createHmac('sha256', key).update(payload).digest('hex'),
  };
}

export function ed25519Signer(apiKey: string, privateKey: KeyObject | string): Signer {
  const key = typeof privateKey === 'string' ? readPrivateKey(privateKey) : privateKey;
  if (key.asymmetricKeyType !== 'ed25519') {
    throw new EngineError('config/invalid', 'the venue key is no Ed25519 private key');
  }
  return {
    kind: 'ed25519',
    apiKey,
    sign: (payload) => sign(null, Buffer.from(payload, 'utf8'), key).toString('base64'),
  };
}

/** A key pair that lives as long as the process: what SIM mode signs with. */
export interface ThrowawayKey {
  readonly signer: Signer;
  readonly privateKeyPem: string;
  readonly publicKeyPem: string;
}

export function throwawayKey(apiKey: string): ThrowawayKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    signer: ed25519Signer(apiKey, privateKey),
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

/** What a WebSocket request signs. */
export function wsPayload(params: Params): string {
  return Object.keys(params)
    .filter((name) => name !== 'signature')
    .toSorted()
    .map((name) => `${name}=${params[name]!}`)
    .join('&');
}

/** The parameters with apiKey and signature added. */
export function signedParams(signer: Signer, params: Params): Params {
  const named = { ...params, apiKey: signer.apiKey };
  return { ...named, signature: signer.sign(wsPayload(named)) };
}

/**
 * `a=1&b=2` in the order given. Values never hold characters that need encoding, or are encoded
 * here.
 */
export function queryText(params: Params): string {
  return Object.entries(params)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
    .join('&');
}

/** A signed REST query, signature last. */
export function signedQuery(signer: Signer, params: Params): string {
  const query = queryText(params);
  return `${query}&signature=${encodeURIComponent(signer.sign(query))}`;
}

function readPrivateKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw new EngineError('config/invalid', 'the venue key is no readable private key', {}, error);
  }
}
