/**
 * view-layout: where every word of a shared view lies. ViewWriter and ViewReader take theirs from
 * here.
 *
 *   Magic, Doubles, SlotWords  written once when the view is formatted
 *   … 128 bytes …
 *   Published                  number of the newest complete publication, modulo 2^30; 0 none yet
 *   … 128 bytes …
 *   8 slots, each:             Sequence, Checksum, then from the next cache line the payload,
 *                              padded so that slots are whole multiples of 128 bytes
 *   128 bytes of nothing
 *
 * Publication p lives in slot p & 7. Its Sequence is odd while it is being written.
 * Units     32-bit words from the view's first byte; the payload is doubles.
 * Imports   base, memory/padding.
 */
import { assert } from '../base/assert.ts';
import { LINE_WORDS, PAD_BYTES, PAD_WORDS, roundUp } from './padding.ts';

export const VIEW_SLOTS = 8;
export const VIEW_SLOT_MASK = VIEW_SLOTS - 1;

export const ViewWord = {
  Magic: 0,
  Doubles: 1,
  SlotWords: 2,
  Published: 1 * PAD_WORDS,
  Slots: 2 * PAD_WORDS,
} as const;

/** Words of one slot, counted from its first. */
export const ViewSlotWord = { Sequence: 0, Checksum: 1, Payload: LINE_WORDS } as const;

export const VIEW_MAGIC = 0x5449_4456;
export const VIEW_DOUBLES_MAX = 1 << 20;

/** Payload words that the checksum walks: a multiple of four, because it has four lanes. */
export function viewPayloadWords(doubles: number): number {
  return roundUp(doubles * 2, 4);
}

export function viewSlotWords(doubles: number): number {
  return roundUp(ViewSlotWord.Payload + viewPayloadWords(doubles), PAD_WORDS);
}

/** Bytes of a view whose payload is `doubles` doubles, padding included. */
export function viewBytes(doubles: number): number {
  assert(
    Number.isInteger(doubles) && doubles > 0 && doubles <= VIEW_DOUBLES_MAX,
    `view of ${doubles} doubles`,
  );
  return (ViewWord.Slots + VIEW_SLOTS * viewSlotWords(doubles)) * 4 + PAD_BYTES;
}

/** Makes the bytes at `byteOffset` an empty view. Once, before anybody attaches to it. */
export function formatView(buffer: SharedArrayBuffer, byteOffset: number, doubles: number): void {
  const bytes = viewBytes(doubles);
  assert(byteOffset % 8 === 0, `view at ${byteOffset}: doubles need 8-byte offsets`);
  assert(byteOffset + bytes <= buffer.byteLength, `view of ${bytes} bytes ends beyond its buffer`);
  const words = new Int32Array(buffer, byteOffset, bytes / 4);
  words.fill(0);
  words[ViewWord.Doubles] = doubles;
  words[ViewWord.SlotWords] = viewSlotWords(doubles);
  Atomics.store(words, ViewWord.Magic, VIEW_MAGIC);
}

/** Payload doubles of the view at `byteOffset`; an assertion failure when there is none. */
export function viewDoublesAt(buffer: SharedArrayBuffer, byteOffset: number): number {
  const words = new Int32Array(buffer, byteOffset, ViewWord.Slots);
  assert(Atomics.load(words, ViewWord.Magic) === VIEW_MAGIC, `no view at byte ${byteOffset}`);
  const doubles = words[ViewWord.Doubles]!;
  assert(
    words[ViewWord.SlotWords] === viewSlotWords(doubles),
    'view slots have the size we expect',
  );
  assert(byteOffset + viewBytes(doubles) <= buffer.byteLength, 'view ends within its buffer');
  return doubles;
}

assert((VIEW_SLOTS & VIEW_SLOT_MASK) === 0, 'the number of slots is a power of two');
assert(ViewSlotWord.Payload % 2 === 0, 'a payload starts on a double');
