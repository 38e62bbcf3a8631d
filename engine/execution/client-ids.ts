/**
 * client-ids: how our orders are named at a venue, and how a name is read back.
 *
 *   <prefix>-<owner letter><sequence in base 36, six digits>      e.g. k3f9a1b2-s002n9c
 *
 * The prefix is four characters of the installation and four of the session, from a–z and 0–9, so
 * that a name of another session or of another program is recognised as not ours.
 *
 * Units     bytes are ASCII. Sequence is an integer of at least 1, below 2^30.
 * Hot path: writeTail, writeBase36 and parse. No allocation.
 * Imports   base, domain/modes.
 */
import { assert } from '../base/assert.ts';
import { OWNER_LETTERS } from '../domain/modes.ts';

const ZERO = 0x30;
const LETTER_A = 0x61;
export const SEQUENCE_DIGITS = 6;
export const CLIENT_ID_BYTES_MAX = 36;

export class ClientIds {
  readonly prefix: string;
  readonly #prefixBytes: Uint8Array;
  readonly #letters: Uint8Array;

  constructor(prefix: string) {
    assert(/^[a-z0-9]{1,20}$/.test(prefix), `client id prefix "${prefix}" is a–z and 0–9 only`);
    this.prefix = prefix;
    this.#prefixBytes = asciiBytes(`${prefix}-`);
    this.#letters = asciiBytes(OWNER_LETTERS);
  }

  /** Bytes of every id of this session. */
  get byteLength(): number {
    return this.#prefixBytes.length + 1 + SEQUENCE_DIGITS;
  }

  /** Writes owner letter and sequence digits at `at`, behind a prefix that already stands there. */
  writeTail(bytes: Uint8Array, at: number, owner: number, sequence: number): void {
    bytes[at] = this.#letters[owner]!;
    writeBase36(bytes, at + 1, sequence);
  }

  /** Sequence of the id in bytes[start, end), or 0 when it is not of this session. */
  parse(bytes: Uint8Array, start: number, end: number): number {
    const prefix = this.#prefixBytes;
    const first = start + prefix.length + 1;
    if (end !== first + SEQUENCE_DIGITS) return 0;
    for (let i = 0; i < prefix.length; i++) {
      if (bytes[start + i] !== prefix[i]) return 0;
    }
    return readBase36(bytes, first);
  }

  /** The id as text, for REST and for people. */
  text(owner: number, sequence: number): string {
    const digits = sequence.toString(36).padStart(SEQUENCE_DIGITS, '0');
    return `${this.prefix}-${OWNER_LETTERS[owner] ?? 'n'}${digits}`;
  }
}

export interface ClientIdParts {
  readonly prefix: string;
  readonly owner: number;
  readonly sequence: number;
}

/** Reads any id of our shape, of whatever session; null when it is not of our shape. */
export function parseClientId(text: string): ClientIdParts | null {
  const match = /^([a-z0-9]{1,20})-([a-z])([0-9a-z]{1,6})$/.exec(text);
  if (match === null) return null;
  const owner = OWNER_LETTERS.indexOf(match[2]!);
  const sequence = Number.parseInt(match[3]!, 36);
  return owner < 0 ? null : { prefix: match[1]!, owner, sequence };
}

export function asciiBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    assert(code < 0x80, `"${text}" is ASCII`);
    bytes[i] = code;
  }
  return bytes;
}

/** Six digits, zero padded: sequences below 2^30 fit. */
export function writeBase36(bytes: Uint8Array, at: number, value: number): void {
  let rest = value;
  for (let i = at + SEQUENCE_DIGITS - 1; i >= at; i--) {
    const next = (rest / 36) | 0;
    const digit = rest - next * 36;
    bytes[i] = digit < 10 ? ZERO + digit : LETTER_A + digit - 10;
    rest = next;
  }
}

/** Two digits: numbers below 36². */
export function writeBase36Pair(bytes: Uint8Array, at: number, value: number): void {
  const high = (value / 36) | 0;
  const low = value - high * 36;
  bytes[at] = high < 10 ? ZERO + high : LETTER_A + high - 10;
  bytes[at + 1] = low < 10 ? ZERO + low : LETTER_A + low - 10;
}

/** The number of two base-36 digits, or −1 when they are none. */
export function readBase36Pair(bytes: Uint8Array, at: number): number {
  const high = base36Digit(bytes[at]!);
  const low = base36Digit(bytes[at + 1]!);
  return high < 0 || low < 0 ? -1 : high * 36 + low;
}

/** The number of six base-36 digits, or 0 when they are none or out of range. */
export function readBase36(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let i = at; i < at + SEQUENCE_DIGITS; i++) {
    const digit = base36Digit(bytes[i]!);
    if (digit < 0) return 0;
    value = value * 36 + digit;
  }
  return value < 0x4000_0000 ? value : 0;
}

function base36Digit(byte: number): number {
  if (byte >= ZERO && byte <= ZERO + 9) return byte - ZERO;
  if (byte >= LETTER_A && byte < LETTER_A + 26) return byte - LETTER_A + 10;
  return -1;
}
