/**
 * auth: are this key, signature and time good? Real signatures, verified with node:crypto.
 *
 * WebSocket: every parameter but `signature`, sorted by name, joined `k=v` with `&`, values as
 * sent. REST: raw query string plus body, `signature` last. HMAC-SHA256 in hex; Ed25519 and RSA in
 * base64.
 *
 * Imports   node:crypto, server/{params,venue-error}.
 */
import { createHmac, createPublicKey, type KeyObject, timingSafeEqual, verify } from 'node:crypto';
import type { Params } from './params.ts';
import { decoded, required, wholeNumber } from './params.ts';
import { VenueError } from './venue-error.ts';

export type Credential =
  | { readonly kind: 'hmac'; readonly secret: string }
  | { readonly kind: 'ed25519' | 'rsa'; readonly publicKey: KeyObject };

/** From a registration; throws VenueError on a key that is neither Ed25519 nor RSA. */
export function credentialOf(publicKeyPem: string | null, secret: string | null): Credential {
  if (publicKeyPem === null) {
    if (secret === null || secret === '')
      throw new VenueError(-1102, 'send publicKeyPem or secret');
    return { kind: 'hmac', secret };
  }
  let publicKey: KeyObject;
  try {
    publicKey = createPublicKey(publicKeyPem);
  } catch {
    throw new VenueError(-1130, 'publicKeyPem is not a readable PEM public key');
  }
  const kind = publicKey.asymmetricKeyType;
  if (kind !== 'ed25519' && kind !== 'rsa') {
    throw new VenueError(-1130, `publicKeyPem is a ${kind} key; Ed25519 or RSA is needed`);
  }
  return { kind, publicKey };
}

/** What a WebSocket request signs. */
export function wsPayload(params: Params): string {
  const names = [...params.keys()].filter((name) => name !== 'signature');
  names.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return names.map((name) => `${name}=${params.get(name)}`).join('&');
}

/** What a REST request signs, and the signature itself; null when there is none. */
export function restPayload(
  query: string,
  body: string,
): { payload: string; signature: string } | null {
  const total = query + body;
  const match = /(?:^|&)signature=([^&]*)/.exec(total);
  if (match === null) return null;
  const payload = total.slice(0, match.index) + total.slice(match.index + match[0].length);
  return { payload, signature: decoded(match[1] as string) };
}

export function isSignatureGood(
  credential: Credential,
  payload: string,
  signature: string,
): boolean {
  const signed = Buffer.from(payload, 'utf8');
  if (credential.kind === 'hmac') {
    const wanted = createHmac('sha256', credential.secret).update(signed).digest();
    const given = Buffer.from(signature, 'hex');
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }
  const given = Buffer.from(signature, 'base64');
  const digest = credential.kind === 'rsa' ? 'sha256' : null;
  try {
    return verify(digest, signed, credential.publicKey, given);
  } catch {
    return false;
  }
}

const RECV_WINDOW_DEFAULT_MS = 5000;
const RECV_WINDOW_MAX_MS = 60_000;
const AHEAD_MAX_MS = 1000;

/** Throws `code` unless the request is timely at `serverMs`. */
export function checkTime(params: Params, serverMs: number, code: number): void {
  const timestamp = wholeNumber(required(params, 'timestamp'), 'timestamp');
  const windowText = params.get('recvWindow');
  const window = windowText === undefined ? RECV_WINDOW_DEFAULT_MS : Number(windowText);
  if (!(window > 0 && window <= RECV_WINDOW_MAX_MS)) {
    throw new VenueError(-1130, "Data sent for parameter 'recvWindow' is not valid.");
  }
  if (timestamp >= serverMs + AHEAD_MAX_MS) {
    const text = "Timestamp for this request was 1000ms ahead of the server's time.";
    throw new VenueError(code, code === -1021 ? text : undefined);
  }
  if (serverMs - timestamp > window) throw new VenueError(code);
}
