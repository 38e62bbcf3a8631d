/**
 * slot-length: how many 32-byte slots the record at a given place takes.
 *
 * Hot path: one table look-up; no allocation.
 * Imports   memory/market-record, memory/slots.
 */
import { RecordKind } from './market-record.ts';
import { SLOT_DOUBLES, SLOT_WORDS, SLOTS_OF_KIND } from './slots.ts';

/** By kind. −1: no such kind. 0: the count stands in word 1. */
export const SLOT_LENGTHS: Readonly<Int8Array> = lengthsByKind();

function lengthsByKind(): Int8Array {
  const lengths = new Int8Array(256).fill(-1);
  for (const kind of Object.values(RecordKind)) lengths[kind] = 1;
  for (const [kind, slots] of Object.entries(SLOTS_OF_KIND)) lengths[Number(kind)] = slots;
  return lengths;
}

/** Slots of the record whose header is `words[word]`; below 1 when that is no record. */
export function slotsOfRecord(words: Int32Array, word: number): number {
  const length = SLOT_LENGTHS[words[word]! & 0xff]!;
  return length !== 0 ? length : words[word + 1]!;
}

/**
 * Copies `count` slots. The header goes as integers: a price in the upper half of double 0 may look
 * like a NaN, whose bits a copy as a double need not keep.
 */
export function copySlots(
  fromWords: Int32Array,
  fromDoubles: Float64Array,
  fromSlot: number,
  toWords: Int32Array,
  toDoubles: Float64Array,
  toSlot: number,
  count: number,
): void {
  let fromWord = fromSlot * SLOT_WORDS;
  let toWord = toSlot * SLOT_WORDS;
  let from = fromSlot * SLOT_DOUBLES;
  let to = toSlot * SLOT_DOUBLES;
  for (let slot = 0; slot < count; slot++) {
    toWords[toWord] = fromWords[fromWord]!;
    toWords[toWord + 1] = fromWords[fromWord + 1]!;
    toDoubles[to + 1] = fromDoubles[from + 1]!;
    toDoubles[to + 2] = fromDoubles[from + 2]!;
    toDoubles[to + 3] = fromDoubles[from + 3]!;
    fromWord += SLOT_WORDS;
    toWord += SLOT_WORDS;
    from += SLOT_DOUBLES;
    to += SLOT_DOUBLES;
  }
}
