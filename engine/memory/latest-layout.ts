/**
 * latest-layout: where every word of a latest-ring lies.
 *
 *   Magic, Capacity            written once when the ring is formatted
 *   … 128 bytes …
 *   Tail                       writer's: records published, modulo 2^30
 *   … 128 bytes …
 *   records                    Capacity × 64 bytes: one slot of 32, Checksum, 28 bytes of nothing
 *   128 bytes of nothing
 *
 * Units     32-bit words from the ring's first byte.
 * Imports   base, memory/padding.
 */
import { assert } from '../base/assert.ts';
import { LINE_BYTES, LINE_WORDS, PAD_BYTES, PAD_WORDS } from './padding.ts';
import { SLOT_WORDS } from './slots.ts';

export const LatestWord = {
  Magic: 0,
  Capacity: 1,
  Tail: 1 * PAD_WORDS,
  Records: 2 * PAD_WORDS,
} as const;

/** Words of one record, counted from its first. */
export const LatestRecordWord = { Slot: 0, Checksum: SLOT_WORDS, End: LINE_WORDS } as const;

export const LATEST_MAGIC = 0x5449_444c;
export const LATEST_RECORDS_MIN = 16;
export const LATEST_RECORDS_MAX = 1 << 20;

export function isLatestCapacity(records: number): boolean {
  return (
    Number.isInteger(records) &&
    records >= LATEST_RECORDS_MIN &&
    records <= LATEST_RECORDS_MAX &&
    (records & (records - 1)) === 0
  );
}

/** Bytes of a latest-ring of `records` records, padding included. */
export function latestBytes(records: number): number {
  assert(isLatestCapacity(records), `latest-ring of ${records} records: a power of two is needed`);
  return LatestWord.Records * 4 + records * LINE_BYTES + PAD_BYTES;
}

/** Makes the bytes at `byteOffset` an empty ring. Once, before anybody attaches to it. */
export function formatLatest(buffer: SharedArrayBuffer, byteOffset: number, records: number): void {
  const bytes = latestBytes(records);
  assert(byteOffset % 8 === 0, `latest-ring at ${byteOffset}: doubles need 8-byte offsets`);
  assert(byteOffset + bytes <= buffer.byteLength, 'latest-ring ends beyond its buffer');
  const words = new Int32Array(buffer, byteOffset, bytes / 4);
  words.fill(0);
  words[LatestWord.Capacity] = records;
  Atomics.store(words, LatestWord.Magic, LATEST_MAGIC);
}

/** Records of the ring at `byteOffset`; an assertion failure when there is none. */
export function latestCapacityAt(buffer: SharedArrayBuffer, byteOffset: number): number {
  const words = new Int32Array(buffer, byteOffset, LatestWord.Records);
  assert(Atomics.load(words, LatestWord.Magic) === LATEST_MAGIC, `no ring at byte ${byteOffset}`);
  const records = words[LatestWord.Capacity]!;
  assert(byteOffset + latestBytes(records) <= buffer.byteLength, 'ring ends within its buffer');
  return records;
}

assert(LatestRecordWord.Checksum < LatestRecordWord.End, 'slot and checksum fit one line');
