/**
 * sim-key: the throwaway key that SIM mode signs with, kept in the data folder so that an engine
 * that comes back after a crash finds its account at the exchange that outlived it.
 *
 * It opens nothing but an account of the simulated exchange on this machine.
 * Imports   base, execution, journal, node.
 */
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { EngineError } from '../base/errors.ts';
import { throwawayKey } from '../execution/venues/binance-usdm/sign.ts';
import { readFileIfAny, writeFileAtomic } from '../journal/atomic-file.ts';

export interface SimKey {
  readonly apiKey: string;
  readonly privateKeyPem: string;
  readonly publicKeyPem: string;
}

export function loadSimKey(dataFolder: string): SimKey {
  const file = join(dataFolder, 'sim-key.json');
  const text = readFileIfAny(file);
  const known = text === null ? null : parseKey(text);
  if (known !== null) return known;
  const made = throwawayKey(`sim-${randomBytes(6).toString('hex')}`);
  const key: SimKey = {
    apiKey: made.signer.apiKey,
    privateKeyPem: made.privateKeyPem,
    publicKeyPem: made.publicKeyPem,
  };
  writeFileAtomic(file, `${JSON.stringify(key)}\n`);
  return key;
}

function parseKey(text: string): SimKey | null {
  try {
    const value = JSON.parse(text) as Partial<SimKey>;
    const texts = [value.apiKey, value.privateKeyPem, value.publicKeyPem];
    return texts.every((each) => typeof each === 'string') ? (value as SimKey) : null;
  } catch {
    // A torn file: a fresh key makes a fresh account.
    return null;
  }
}

/** Makes the account known to the exchange; the same key again is the same account. */
export async function registerSimKey(rest: string, key: SimKey, wallet: string): Promise<void> {
  const body = JSON.stringify({ apiKey: key.apiKey, publicKeyPem: key.publicKeyPem, wallet });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${rest}/sim/register`, { method: 'POST', headers, body });
  if (response.ok) return;
  const said = (await response.text()).slice(0, 200);
  throw new EngineError('venue/rejected', `the simulated exchange refused the account: ${said}`);
}
