/**
 * slot-buffer: a SlotSink for one thread: hands full runs of slots to a function instead of a ring.
 *
 * Used under virtual time, where writer and journal share the thread and nothing may be lost. The
 * arrays stay the same for the buffer's life, so callers may keep them.
 *
 * Hot path: claim, publish (the flush is the consumer's).
 * Imports   base, memory.
 */
import { assert } from '../base/assert.ts';
import { SLOT_BYTES, SLOT_DOUBLES, type SlotSink } from './slots.ts';

/** Takes slots 0 … count − 1 of the buffer; they are overwritten after it returns. */
export type SlotConsumer = (words: Int32Array, doubles: Float64Array, count: number) => void;

export class SlotBuffer implements SlotSink {
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  readonly capacity: number;
  readonly #consume: SlotConsumer;
  #claimed = 0;

  constructor(slots: number, consume: SlotConsumer) {
    assert(Number.isInteger(slots) && slots >= 16, `slot buffer of ${slots} slots`);
    const buffer = new ArrayBuffer(slots * SLOT_BYTES);
    this.words = new Int32Array(buffer);
    this.doubles = new Float64Array(buffer);
    this.capacity = slots;
    this.#consume = consume;
  }

  /** Claimed slots are contiguous, and zeroed. A record larger than the buffer is a mistake. */
  claim(count: number, isWhole = false): number {
    assert(count <= this.capacity, 'a record fits the slot buffer');
    if (this.#claimed + count > this.capacity) this.flush();
    const first = this.#claimed * SLOT_DOUBLES;
    this.#claimed += count;
    if (isWhole) return first;
    const end = first + count * SLOT_DOUBLES;
    const doubles = this.doubles;
    for (let at = first; at < end; at++) doubles[at] = 0;
    return first;
  }

  publish(): void {
    if (this.#claimed * 2 > this.capacity) this.flush();
  }

  /** Hands over everything claimed so far. Called once more at the end of a run. */
  flush(): void {
    const count = this.#claimed;
    if (count === 0) return;
    this.#claimed = 0;
    this.#consume(this.words, this.doubles, count);
  }
}
