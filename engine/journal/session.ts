/**
 * session: the name of one run of the engine, and the prefix of its client order ids.
 *
 * A session id is `20261122-121314-k3f9`: UTC start and four random characters. The order prefix is
 * eight characters: four of the installation (kept in the data folder, so that orders left over
 * from an earlier session are known as ours) and four of the session. Under virtual time both come
 * from the seed, because the bytes that stand for chance are an argument.
 * Imports   base.
 */
import { assert } from '../base/assert.ts';
import { SESSION_ID_CHARACTERS } from './record.ts';

export interface Session {
  readonly id: string;
  /** a–z and 0–9, eight characters. */
  readonly orderPrefix: string;
  readonly startWallMs: number;
}

export const INSTALLATION_CHARACTERS = 4;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** `bytes`: at least four, random (or from a seed under virtual time). */
export function createSession(
  startWallMs: number,
  installation: string,
  bytes: Uint8Array,
): Session {
  assert(isInstallation(installation), `installation "${installation}" is four of a–z and 0–9`);
  const own = lettersOf(bytes);
  const stamp = new Date(startWallMs).toISOString();
  const day = stamp.slice(0, 10).replaceAll('-', '');
  const time = stamp.slice(11, 19).replaceAll(':', '');
  const id = `${day}-${time}-${own}`;
  assert(id.length <= SESSION_ID_CHARACTERS, 'a session id fits the segment header');
  return { id, orderPrefix: installation + own, startWallMs };
}

/** Four characters out of four bytes. */
export function lettersOf(bytes: Uint8Array): string {
  assert(bytes.length >= INSTALLATION_CHARACTERS, 'four bytes make four letters');
  let letters = '';
  for (let i = 0; i < INSTALLATION_CHARACTERS; i++)
    letters += ALPHABET[bytes[i]! % ALPHABET.length];
  return letters;
}

export function isInstallation(text: string): boolean {
  return /^[a-z0-9]{4}$/.test(text);
}
