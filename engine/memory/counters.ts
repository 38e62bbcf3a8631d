/**
 * counters: a block of named 32-bit counters in shared memory.
 *
 * Writer    one thread for a block that it counts in with `bump` and `add` (plain, about 1 ns: a
 *           32-bit word cannot tear, and readers see it a moment later). A block with several
 *           writers counts with `addShared`. Each block ends in padding, so two threads' blocks
 *           never share a line.
 * Readers   any; CounterReader turns the wrapping words into totals that do not wrap, if it polls
 *           at least once in 2^32 counts.
 * Hot path: bump, add. No allocation.
 * Imports   base, memory/padding.
 */
import { assert } from '../base/assert.ts';
import { PAD_BYTES, roundUp } from './padding.ts';

/** Bytes of a block of `count` counters, padding included. */
export function counterBytes(count: number): number {
  assert(Number.isInteger(count) && count > 0, `block of ${count} counters`);
  return roundUp(count * 4, PAD_BYTES) + PAD_BYTES;
}

export class CounterBlock {
  readonly words: Int32Array;
  readonly count: number;

  constructor(buffer: SharedArrayBuffer, count: number, byteOffset = 0) {
    assert(byteOffset + counterBytes(count) <= buffer.byteLength, 'counters fit their buffer');
    this.words = new Int32Array(buffer, byteOffset, count);
    this.count = count;
  }

  static create(count: number): CounterBlock {
    return new CounterBlock(new SharedArrayBuffer(counterBytes(count)), count);
  }

  /** Owner thread only. */
  bump(index: number): void {
    this.words[index] = (this.words[index]! + 1) | 0;
  }

  /** Owner thread only. */
  add(index: number, count: number): void {
    this.words[index] = (this.words[index]! + count) | 0;
  }

  /** Any thread. */
  addShared(index: number, count: number): void {
    Atomics.add(this.words, index, count);
  }

  /** A gauge: the last value stored, not a count. */
  set(index: number, value: number): void {
    Atomics.store(this.words, index, value);
  }

  /** The word as it stands, modulo 2^32. */
  load(index: number): number {
    return Atomics.load(this.words, index) >>> 0;
  }
}

/** Totals of a block since this reader was made, as doubles that do not wrap. */
export class CounterReader {
  readonly totals: Float64Array;
  readonly #block: CounterBlock;
  readonly #seen: Uint32Array;

  constructor(block: CounterBlock) {
    this.#block = block;
    this.totals = new Float64Array(block.count);
    this.#seen = new Uint32Array(block.count);
  }

  poll(): void {
    for (let index = 0; index < this.totals.length; index++) {
      const now = this.#block.load(index);
      this.totals[index] = this.totals[index]! + ((now - this.#seen[index]!) >>> 0);
      this.#seen[index] = now;
    }
  }
}
