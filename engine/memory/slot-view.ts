/**
 * slot-view: the newest state of something, shared with readers that may look at any time.
 *
 * Writer    exactly one thread. Readers: any number, for viewing only: a decision taken from a view
 *           could not be replayed, so the pipeline never reads one.
 * Why 8     a single slot livelocks its readers when the writer is preempted while writing
 *           (2.9 million retries in one read were seen); a reader of the newest of eight slots is
 *           disturbed only when the writer publishes seven more times during one copy.
 * Guard     1. begin: Sequence goes odd by a read-modify-write; 2. payload by plain stores;
 *           3. Checksum of payload and final Sequence, plain; 4. commit: Sequence goes even, then
 *           Published moves, by atomic stores. A reader copies between two equal even readings of
 *           Sequence and then checks the Checksum of what it copied.
 * Order     Steps 3 → 4 are release stores, the reader's loads of Published and Sequence acquire: a
 *           reader that starts after a commit sees that payload. What they do not give on ARM64:
 *           (a) the payload's plain stores may become visible before a *store* that made Sequence
 *           odd; a read-modify-write with acquire keeps later stores behind its load. (b) The
 *           reader's closing load of Sequence may be satisfied before its payload loads, since an
 *           acquire orders only what follows it. Both would let a torn copy pass the sequence test;
 *           the checksum, taken over the copy itself, does not depend on order at all. It mixes in
 *           the Sequence, so the payload of one round does not pass for another's.
 * Hot path: begin, commit, read, changed. No allocation.
 * Imports   base, memory.
 */
import { assert } from '../base/assert.ts';
import { CURSOR_MASK } from './padding.ts';
import {
  formatView,
  VIEW_SLOT_MASK,
  viewBytes,
  viewDoublesAt,
  viewPayloadWords,
  ViewSlotWord,
  viewSlotWords,
  ViewWord,
} from './view-layout.ts';

/** Attempts of one read; with eight slots the worst ever seen was 7. */
const ATTEMPTS_MAX = 32;
const LANE_PRIME = 0x0100_0193;

/** Makes a view of its own with a payload of `doubles` doubles. */
export function createView(doubles: number): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(viewBytes(doubles));
  formatView(buffer, 0, doubles);
  return buffer;
}

export class ViewWriter {
  /** The whole view as doubles. `begin` says where the payload to fill starts. */
  readonly doubles: Float64Array;
  readonly payloadDoubles: number;
  readonly #words: Int32Array;
  readonly #slotWords: number;
  readonly #payloadWords: number;
  #published: number;
  /** First word of the slot being written, or −1. */
  #open = -1;

  constructor(buffer: SharedArrayBuffer, byteOffset = 0) {
    const doubles = viewDoublesAt(buffer, byteOffset);
    const words = (viewBytes(doubles) / 4) | 0;
    this.payloadDoubles = doubles;
    this.doubles = new Float64Array(buffer, byteOffset, words / 2);
    this.#words = new Int32Array(buffer, byteOffset, words);
    this.#slotWords = viewSlotWords(doubles);
    this.#payloadWords = viewPayloadWords(doubles);
    this.#published = Atomics.load(this.#words, ViewWord.Published);
  }

  /** A view in a buffer of its own. */
  static create(doubles: number): ViewWriter {
    return new ViewWriter(createView(doubles));
  }

  get buffer(): SharedArrayBuffer {
    return this.#words.buffer as SharedArrayBuffer;
  }

  /**
   * Opens the next slot and gives the index of its payload in `doubles`. It holds what was written
   * eight publications ago: fill every field, then commit.
   */
  begin(): number {
    assert(this.#open < 0, 'the view is not being written already');
    const next = nextPublication(this.#published);
    const slot = ViewWord.Slots + (next & VIEW_SLOT_MASK) * this.#slotWords;
    this.#open = slot;
    // A writer that died between begin and commit left it odd.
    const isOdd = (this.#words[slot + ViewSlotWord.Sequence]! & 1) === 1;
    Atomics.add(this.#words, slot + ViewSlotWord.Sequence, isOdd ? 2 : 1);
    return (slot + ViewSlotWord.Payload) >>> 1;
  }

  /** Closes the slot and makes it the newest. */
  commit(): void {
    const slot = this.#open;
    assert(slot >= 0, 'the view is being written');
    const words = this.#words;
    seal(words, slot, this.#payloadWords);
    Atomics.store(words, slot + ViewSlotWord.Sequence, words[slot + ViewSlotWord.Sequence]! + 1);
    this.#open = -1;
    this.#published = nextPublication(this.#published);
    Atomics.store(words, ViewWord.Published, this.#published);
  }
}

export class ViewReader {
  readonly payloadDoubles: number;
  readonly #words: Int32Array;
  readonly #slotWords: number;
  readonly #payloadWords: number;
  /** The copy that is checked; handed out only when it is whole. */
  readonly #copyWords: Int32Array;
  readonly #copyDoubles: Float64Array;
  #lastRead = 0;
  #retries = 0;

  constructor(buffer: SharedArrayBuffer, byteOffset = 0) {
    const doubles = viewDoublesAt(buffer, byteOffset);
    this.payloadDoubles = doubles;
    this.#words = new Int32Array(buffer, byteOffset, (viewBytes(doubles) / 4) | 0);
    this.#slotWords = viewSlotWords(doubles);
    this.#payloadWords = viewPayloadWords(doubles);
    const copy = new ArrayBuffer(this.#payloadWords * 4);
    this.#copyWords = new Int32Array(copy);
    this.#copyDoubles = new Float64Array(copy, 0, doubles);
  }

  /** True when something newer than the last successful read was published. */
  changed(): boolean {
    return Atomics.load(this.#words, ViewWord.Published) !== this.#lastRead;
  }

  /** Number of the publication last read, modulo 2^30; 0 before the first. */
  get publication(): number {
    return this.#lastRead;
  }

  /** Attempts that a writer spoiled since this reader was made. */
  get retries(): number {
    return this.#retries;
  }

  /**
   * Copies the newest publication into `out` (at least `payloadDoubles` long). False, with `out`
   * unchanged, when nothing was published yet or the writer spoiled every attempt: keep what you
   * have.
   */
  read(out: Float64Array): boolean {
    const words = this.#words;
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const published = Atomics.load(words, ViewWord.Published);
      if (published === 0) return false;
      const slot = ViewWord.Slots + (published & VIEW_SLOT_MASK) * this.#slotWords;
      const sequence = Atomics.load(words, slot + ViewSlotWord.Sequence);
      if ((sequence & 1) === 0 && this.#copy(slot, sequence)) {
        out.set(this.#copyDoubles);
        this.#lastRead = published;
        return true;
      }
      this.#retries = (this.#retries + 1) & CURSOR_MASK;
    }
    return false;
  }

  /** Copies one slot; true when it was not written meanwhile and the copy is whole. */
  #copy(slot: number, sequence: number): boolean {
    const words = this.#words;
    const isWhole = copyWhole(words, slot, this.#copyWords, this.#payloadWords, sequence);
    return isWhole && Atomics.load(words, slot + ViewSlotWord.Sequence) === sequence;
  }
}

function nextPublication(published: number): number {
  // 0 means "none yet" and is left out when the numbers wrap.
  return published === CURSOR_MASK ? VIEW_SLOT_MASK + 1 : published + 1;
}

/**
 * Checksum of a payload and of the Sequence that its commit will store, written into its slot.
 * Four independent lanes: one lane would wait for each of its multiplications. The results stay in
 * arrays: a 32-bit integer that is returned may box where small integers have 31 bits.
 */
function seal(words: Int32Array, slot: number, count: number): void {
  const from = slot + ViewSlotWord.Payload;
  const end = from + count;
  let a = words[slot + ViewSlotWord.Sequence]! + 1;
  let b = 1;
  let c = 2;
  let d = 3;
  for (let at = from; at < end; at += 4) {
    a = Math.imul(a ^ words[at]!, LANE_PRIME);
    b = Math.imul(b ^ words[at + 1]!, LANE_PRIME);
    c = Math.imul(c ^ words[at + 2]!, LANE_PRIME);
    d = Math.imul(d ^ words[at + 3]!, LANE_PRIME);
  }
  words[slot + ViewSlotWord.Checksum] = a ^ rotated(b, 8) ^ rotated(c, 16) ^ rotated(d, 24);
}

/** Copies a payload; true when copy and `sequence` give the checksum that the slot holds. */
function copyWhole(
  words: Int32Array,
  slot: number,
  copy: Int32Array,
  count: number,
  sequence: number,
): boolean {
  const stored = words[slot + ViewSlotWord.Checksum]!;
  const from = slot + ViewSlotWord.Payload;
  let a = sequence;
  let b = 1;
  let c = 2;
  let d = 3;
  for (let at = 0; at < count; at += 4) {
    const w0 = words[from + at]!;
    const w1 = words[from + at + 1]!;
    const w2 = words[from + at + 2]!;
    const w3 = words[from + at + 3]!;
    copy[at] = w0;
    copy[at + 1] = w1;
    copy[at + 2] = w2;
    copy[at + 3] = w3;
    a = Math.imul(a ^ w0, LANE_PRIME);
    b = Math.imul(b ^ w1, LANE_PRIME);
    c = Math.imul(c ^ w2, LANE_PRIME);
    d = Math.imul(d ^ w3, LANE_PRIME);
  }
  return (a ^ rotated(b, 8) ^ rotated(c, 16) ^ rotated(d, 24)) === stored;
}

function rotated(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
