/**
 * latest-ring: one producer that never waits, a reader that may be slow and is told what it missed.
 *
 * For what is worth showing but not worth stopping for (the tape of trades). Old records are
 * overwritten; every reader keeps its own place, and any number may read.
 *
 * Writer    exactly one thread: claim, fill the slot, commit; publish once a turn.
 * Guard     a record's checksum covers its slot and its own running number. The reader knows which
 *           number it expects, so a record overwritten before or during the copy fails the check:
 *           neither a sequence word nor an order of loads is needed, on x64 or ARM64. Publishing is
 *           one Atomics.store of Tail, which makes the plain stores before it visible.
 * Hot path: claim, commit, publish, next. No allocation.
 * Imports   base, memory.
 */
import { CURSOR_MASK } from './padding.ts';
import {
  formatLatest,
  latestBytes,
  latestCapacityAt,
  LatestRecordWord,
  LatestWord,
} from './latest-layout.ts';
import { SLOT_DOUBLES, SLOT_WORDS } from './slots.ts';

const ATTEMPTS_MAX = 64;
const PRIME = 0x0100_0193;

/** Makes a ring of its own, of `records` records (a power of two). */
export function createLatest(records: number): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(latestBytes(records));
  formatLatest(buffer, 0, records);
  return buffer;
}

export class LatestWriter {
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  readonly capacity: number;
  readonly #mask: number;
  #next: number;
  #published: number;

  constructor(buffer: SharedArrayBuffer, byteOffset = 0) {
    this.capacity = latestCapacityAt(buffer, byteOffset);
    const bytes = latestBytes(this.capacity);
    this.words = new Int32Array(buffer, byteOffset, bytes / 4);
    this.doubles = new Float64Array(buffer, byteOffset, bytes / 8);
    this.#mask = this.capacity - 1;
    this.#published = Atomics.load(this.words, LatestWord.Tail);
    this.#next = this.#published;
  }

  static create(records: number): LatestWriter {
    return new LatestWriter(createLatest(records));
  }

  get buffer(): SharedArrayBuffer {
    return this.words.buffer as SharedArrayBuffer;
  }

  /** The next record's slot as an index into `doubles` (twice that into `words`), zeroed. */
  claim(): number {
    const word = recordWord(this.#next & this.#mask);
    const first = word >>> 1;
    const doubles = this.doubles;
    doubles[first] = 0;
    doubles[first + 1] = 0;
    doubles[first + 2] = 0;
    doubles[first + 3] = 0;
    return first;
  }

  /** Seals the record that was claimed. */
  commit(): void {
    const next = this.#next;
    const word = recordWord(next & this.#mask);
    seal(this.words, word, next, this.words, word + LatestRecordWord.Checksum);
    this.#next = (next + 1) & CURSOR_MASK;
  }

  /** Shows everything committed so far. Once a turn. */
  publish(): void {
    if (this.#next === this.#published) return;
    this.#published = this.#next;
    Atomics.store(this.words, LatestWord.Tail, this.#published);
  }
}

export class LatestReader {
  /** The record that the last successful `next` read: a copy, one slot long. */
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  readonly capacity: number;
  readonly #ring: Int32Array;
  readonly #mask: number;
  readonly #sum = new Int32Array(1);
  #position: number;
  #missed = 0;

  /** Starts at the newest record: the first `next` gives what is published from now on. */
  constructor(buffer: SharedArrayBuffer, byteOffset = 0) {
    this.capacity = latestCapacityAt(buffer, byteOffset);
    this.#ring = new Int32Array(buffer, byteOffset, latestBytes(this.capacity) / 4);
    this.#mask = this.capacity - 1;
    this.#position = Atomics.load(this.#ring, LatestWord.Tail);
    const copy = new ArrayBuffer(SLOT_DOUBLES * 8);
    this.words = new Int32Array(copy);
    this.doubles = new Float64Array(copy);
  }

  /** Records overwritten before this reader came to them, since it was made. */
  get missed(): number {
    return this.#missed;
  }

  /** Reads the next record into `words` and `doubles`. False when there is none. */
  next(): boolean {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const tail = Atomics.load(this.#ring, LatestWord.Tail);
      const behind = (tail - this.#position) & CURSOR_MASK;
      if (behind === 0) return false;
      if (behind > this.capacity) {
        this.#skip(behind - (this.capacity >>> 1));
      } else if (this.#copy()) {
        this.#position = (this.#position + 1) & CURSOR_MASK;
        return true;
      } else {
        // Overwritten by records that are not published yet: leave the writer some room.
        this.#skip((behind + 1) >>> 1);
      }
    }
    return false;
  }

  #skip(records: number): void {
    this.#missed += records;
    this.#position = (this.#position + records) & CURSOR_MASK;
  }

  #copy(): boolean {
    const ring = this.#ring;
    const copy = this.words;
    const word = recordWord(this.#position & this.#mask);
    for (let at = 0; at < SLOT_WORDS; at++) copy[at] = ring[word + at]!;
    seal(copy, 0, this.#position, this.#sum, 0);
    return this.#sum[0] === ring[word + LatestRecordWord.Checksum];
  }
}

function recordWord(index: number): number {
  return LatestWord.Records + index * LatestRecordWord.End;
}

/** The checksum of one slot and the running number of its record, stored at `to[at]`. */
function seal(from: Int32Array, word: number, number: number, to: Int32Array, at: number): void {
  let a = number ^ 0x5bd1_e995;
  let b = 0x1747_b28c;
  for (let next = word; next < word + SLOT_WORDS; next += 2) {
    a = Math.imul(a ^ from[next]!, PRIME);
    b = Math.imul(b ^ from[next + 1]!, PRIME);
  }
  // Never 0, which an unwritten record has.
  to[at] = (a ^ ((b << 13) | (b >>> 19))) | 1;
}
