/**
 * ring-layout: where every word of an SPSC ring lies. RingWriter and RingReader take theirs from
 * here.
 *
 *   Magic, Capacity            written once when the ring is formatted
 *   … 128 bytes …
 *   Tail, LostSlots            writer's line: next slot to be published; slots that did not fit
 *   … 128 bytes …
 *   Head                       reader's line: next slot to be read
 *   … 128 bytes …
 *   slots                      Capacity × 32 bytes
 *   128 bytes of nothing       so that what lies behind the ring does not share its last line
 *
 * Units     32-bit words from the ring's first byte; cursors count slots modulo 2^30.
 * Imports   base, memory/padding, memory/slots.
 */
import { assert } from '../base/assert.ts';
import { CURSOR_MASK, PAD_BYTES, PAD_WORDS } from './padding.ts';
import { SLOT_BYTES } from './slots.ts';

export const RingWord = {
  Magic: 0,
  Capacity: 1,
  Tail: 1 * PAD_WORDS,
  LostSlots: 1 * PAD_WORDS + 1,
  Head: 2 * PAD_WORDS,
  Slots: 3 * PAD_WORDS,
} as const;

export const RING_MAGIC = 0x5449_4452;
export const RING_SLOTS_OFFSET_BYTES = RingWord.Slots * Int32Array.BYTES_PER_ELEMENT;
export const RING_SLOTS_MIN = 16;
export const RING_SLOTS_MAX = 1 << 24;

export function isRingCapacity(slots: number): boolean {
  return (
    Number.isInteger(slots) &&
    slots >= RING_SLOTS_MIN &&
    slots <= RING_SLOTS_MAX &&
    (slots & (slots - 1)) === 0
  );
}

/** Bytes of a ring of `slots` slots, padding included. */
export function ringBytes(slots: number): number {
  assert(isRingCapacity(slots), `ring of ${slots} slots: a power of two from 16 to 2^24 is needed`);
  return RING_SLOTS_OFFSET_BYTES + slots * SLOT_BYTES + PAD_BYTES;
}

/** Makes the bytes at `byteOffset` an empty ring. Once, before anybody attaches to it. */
export function formatRing(buffer: SharedArrayBuffer, byteOffset: number, slots: number): void {
  const bytes = ringBytes(slots);
  assert(byteOffset % 8 === 0, `ring at ${byteOffset}: doubles need 8-byte offsets`);
  assert(byteOffset + bytes <= buffer.byteLength, `ring of ${bytes} bytes ends beyond its buffer`);
  const words = new Int32Array(buffer, byteOffset, RingWord.Slots);
  words.fill(0);
  words[RingWord.Capacity] = slots;
  Atomics.store(words, RingWord.Magic, RING_MAGIC);
}

/** Slots of the ring at `byteOffset`; an assertion failure when there is none. */
export function ringCapacityAt(buffer: SharedArrayBuffer, byteOffset: number): number {
  const words = new Int32Array(buffer, byteOffset, RingWord.Slots);
  assert(Atomics.load(words, RingWord.Magic) === RING_MAGIC, `no ring at byte ${byteOffset}`);
  const slots = words[RingWord.Capacity]!;
  assert(byteOffset + ringBytes(slots) <= buffer.byteLength, 'ring ends within its buffer');
  return slots;
}

// The layout checks itself once, when the module loads.
assert(RingWord.Head - RingWord.LostSlots >= PAD_WORDS - 1, 'cursors lie on lines of their own');
assert(RING_SLOTS_OFFSET_BYTES % PAD_BYTES === 0, 'slots begin on a pad border');
assert(RING_SLOTS_MAX <= CURSOR_MASK >> 1, 'a cursor difference is unambiguous');
