/**
 * spsc-ring: one producer, one consumer, records of whole 32-byte slots over a SharedArrayBuffer.
 *
 * Writer    exactly one thread, a RingWriter. Reader: exactly one thread, a RingReader.
 * Records   contiguous: a record that would cross the end of the ring is put behind a Pad. A
 *           claimed slot is zeroed, so that what a record leaves out does not differ from run to
 *           run, unless the writer says that it leaves out nothing.
 * Loss      never silent. What does not fit is counted, and a Gap slot with the count goes in
 *           before the next record that fits (or with the next publish, if a slot is free by then).
 * Order     payload by plain stores, then Tail by Atomics.store; the reader's Atomics.load of Tail
 *           that sees the value sees the payload (synchronizes-with, on x64 and ARM64 alike). Head
 *           goes back the same way, so a slot is not written again before its reader is done.
 * Cost      Atomics are calls (7–10 ns): each side keeps its own cursor and the last seen one of
 *           the other, the writer publishes once a turn, the reader releases lazily.
 * Hot path: claim, publish, peek, advance. No allocation.
 * Imports   base, memory.
 */
import { assert } from '../base/assert.ts';
import { RecordKind } from './market-record.ts';
import { CURSOR_MASK } from './padding.ts';
import {
  formatRing,
  ringBytes,
  ringCapacityAt,
  RING_SLOTS_OFFSET_BYTES,
  RingWord,
} from './ring-layout.ts';
import { SLOT_LENGTHS, slotsOfRecord } from './slot-length.ts';
import { SLOT_DOUBLES, SLOT_WORDS, SlotKind, type SlotSink } from './slots.ts';

const LOST_MAX = CURSOR_MASK;

/** Makes a ring of its own, of `slots` slots (a power of two). */
export function createRing(slots: number): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(ringBytes(slots));
  formatRing(buffer, 0, slots);
  return buffer;
}

export class RingWriter implements SlotSink {
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  readonly capacity: number;
  readonly #control: Int32Array;
  readonly #mask: number;
  /** Next slot to claim, not yet published. */
  #claimed: number;
  #published: number;
  /** The reader's cursor as last seen. */
  #headSeen: number;
  /** Slots that did not fit since the last Gap. */
  #lostPending = 0;
  #lostTotal = 0;

  constructor(buffer: SharedArrayBuffer, byteOffset = 0) {
    const slots = ringCapacityAt(buffer, byteOffset);
    const first = byteOffset + RING_SLOTS_OFFSET_BYTES;
    this.capacity = slots;
    this.words = new Int32Array(buffer, first, slots * SLOT_WORDS);
    this.doubles = new Float64Array(buffer, first, slots * SLOT_DOUBLES);
    this.#control = new Int32Array(buffer, byteOffset, RingWord.Slots);
    this.#mask = slots - 1;
    this.#published = Atomics.load(this.#control, RingWord.Tail);
    this.#claimed = this.#published;
    this.#headSeen = Atomics.load(this.#control, RingWord.Head);
    this.#lostTotal = Atomics.load(this.#control, RingWord.LostSlots);
  }

  /** A ring in a buffer of its own, of at least `bytes` bytes of slots. */
  static create(bytes: number): RingWriter {
    let slots = 16;
    while (slots * 32 < bytes) slots *= 2;
    return new RingWriter(createRing(slots));
  }

  get buffer(): SharedArrayBuffer {
    return this.#control.buffer as SharedArrayBuffer;
  }

  /** Slots lost since the ring was made. */
  get lostSlots(): number {
    return this.#lostTotal;
  }

  /** True from the first loss until its Gap is in the ring. */
  get isLosing(): boolean {
    return this.#lostPending !== 0;
  }

  /** Slots free now, as the reader's cursor says at this moment. Costs an atomic load. */
  freeSlots(): number {
    this.#headSeen = Atomics.load(this.#control, RingWord.Head);
    return this.capacity - ((this.#claimed - this.#headSeen) & CURSOR_MASK);
  }

  claim(count: number, isWhole = false): number {
    if (this.#lostPending !== 0 && !this.#placeGap(count)) return this.#lose(count);
    const claimed = this.#claimed;
    let index = claimed & this.#mask;
    const toEnd = this.capacity - index;
    const pad = count <= toEnd ? 0 : toEnd;
    if (((claimed - this.#headSeen) & CURSOR_MASK) + pad + count > this.capacity) {
      if (this.freeSlots() < pad + count) return this.#lose(count);
    }
    if (pad !== 0) {
      this.#placePad(index, pad);
      index = 0;
    }
    this.#claimed = (claimed + pad + count) & CURSOR_MASK;

    const first = index * SLOT_DOUBLES;
    if (isWhole) return first;
    const doubles = this.doubles;
    const end = first + count * SLOT_DOUBLES;
    for (let at = first; at < end; at++) doubles[at] = 0;
    return first;
  }

  publish(): void {
    if (this.#lostPending !== 0) this.#placeGap(0);
    const claimed = this.#claimed;
    if (claimed === this.#published) return;
    this.#published = claimed;
    Atomics.store(this.#control, RingWord.Tail, claimed);
  }

  #placePad(index: number, slots: number): void {
    const word = index * SLOT_WORDS;
    this.words[word] = SlotKind.Pad;
    this.words[word + 1] = slots;
  }

  /** Writes the pending Gap when it and `count` slots behind it fit; false when they do not. */
  #placeGap(count: number): boolean {
    const index = this.#claimed & this.#mask;
    const toEnd = this.capacity - index - 1;
    const pad = count <= toEnd ? 0 : toEnd;
    if (this.freeSlots() < 1 + pad + count) return false;
    const word = index * SLOT_WORDS;
    const double = index * SLOT_DOUBLES;
    this.words[word] = SlotKind.Gap;
    this.words[word + 1] = 0;
    this.doubles[double + 1] = this.#lostPending;
    this.doubles[double + 2] = 0;
    this.doubles[double + 3] = 0;
    this.#lostPending = 0;
    this.#claimed = (this.#claimed + 1) & CURSOR_MASK;
    return true;
  }

  #lose(count: number): number {
    this.#lostPending = Math.min(this.#lostPending + count, LOST_MAX);
    this.#lostTotal = Math.min(this.#lostTotal + count, LOST_MAX);
    Atomics.store(this.#control, RingWord.LostSlots, this.#lostTotal);
    return -1;
  }
}

export class RingReader {
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  readonly capacity: number;
  readonly #control: Int32Array;
  readonly #mask: number;
  readonly #releaseEvery: number;
  #position: number;
  #released: number;
  /** The writer's cursor as last seen. */
  #tailSeen: number;
  #recordSlots = 0;

  constructor(buffer: SharedArrayBuffer, byteOffset = 0) {
    const slots = ringCapacityAt(buffer, byteOffset);
    const first = byteOffset + RING_SLOTS_OFFSET_BYTES;
    this.capacity = slots;
    this.words = new Int32Array(buffer, first, slots * SLOT_WORDS);
    this.doubles = new Float64Array(buffer, first, slots * SLOT_DOUBLES);
    this.#control = new Int32Array(buffer, byteOffset, RingWord.Slots);
    this.#mask = slots - 1;
    this.#releaseEvery = slots >>> 2;
    this.#position = Atomics.load(this.#control, RingWord.Head);
    this.#released = this.#position;
    this.#tailSeen = this.#position;
  }

  /** Slots published and not yet passed, pads included. Costs an atomic load. */
  readable(): number {
    this.#tailSeen = Atomics.load(this.#control, RingWord.Tail);
    return (this.#tailSeen - this.#position) & CURSOR_MASK;
  }

  /** Slots the writer could not place since the ring was made. */
  lostSlots(): number {
    return Atomics.load(this.#control, RingWord.LostSlots);
  }

  /** Slots of the record that the last `peek` found. */
  get recordSlots(): number {
    return this.#recordSlots;
  }

  /**
   * The next record as an index into `doubles` (twice that into `words`), or −1 when the ring is
   * empty. Asks for the writer's cursor only when all that was seen is read.
   */
  peek(): number {
    if (this.#position === this.#tailSeen && this.readable() === 0) {
      this.release();
      return -1;
    }
    const index = this.#position & this.#mask;
    const kind = this.words[index * SLOT_WORDS]! & 0xff;
    // Nearly all are market records. A branch that is foreseen costs less than the table's load,
    // which the next position would have to wait for.
    if (kind <= RecordKind.EndOfMessage && kind > 0) {
      this.#recordSlots = 1;
      return index * SLOT_DOUBLES;
    }
    const slots = SLOT_LENGTHS[kind]!;
    if (slots <= 0) return this.#peekCounted(index);
    this.#recordSlots = slots;
    return index * SLOT_DOUBLES;
  }

  /** A record that carries its own length: a Pad, which is passed, or one of the long kinds. */
  #peekCounted(index: number): number {
    const word = index * SLOT_WORDS;
    const slots = slotsOfRecord(this.words, word);
    if (slots < 1 || slots > this.capacity - index) throwBadRecord(this.words[word]!, slots);
    if ((this.words[word]! & 0xff) === SlotKind.Pad) {
      this.#position = (this.#position + slots) & CURSOR_MASK;
      return this.peek();
    }
    this.#recordSlots = slots;
    return index * SLOT_DOUBLES;
  }

  /** Passes the record that the last `peek` found. Its slots may be overwritten from now on. */
  advance(): void {
    this.pass(this.#recordSlots);
  }

  /**
   * For reading in bulk: contiguous published slots from the next record on, whole records only,
   * pads included; 0 when the ring is empty. They start at `batchStart`; walk them, then `pass`.
   */
  batch(): number {
    const readable = this.readable();
    if (readable === 0) {
      this.release();
      return 0;
    }
    return Math.min(readable, this.capacity - (this.#position & this.#mask));
  }

  /** Where the batch begins, as an index into `doubles`. */
  get batchStart(): number {
    return (this.#position & this.#mask) * SLOT_DOUBLES;
  }

  /** Passes `slots` slots of the batch. They may be overwritten from now on. */
  pass(slots: number): void {
    const position = (this.#position + slots) & CURSOR_MASK;
    this.#position = position;
    if (((position - this.#released) & CURSOR_MASK) >= this.#releaseEvery) this.release();
  }

  /** Gives all passed slots back to the writer now. `peek` on an empty ring does it too. */
  release(): void {
    if (this.#released === this.#position) return;
    this.#released = this.#position;
    Atomics.store(this.#control, RingWord.Head, this.#position);
  }
}

function throwBadRecord(header: number, slots: number): never {
  assert(
    false,
    `ring record with header ${header} and ${slots} slots; the writer broke the format`,
  );
}
