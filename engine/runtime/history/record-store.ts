/**
 * record-store: the last records of one kind as they lay in the host ring, by their running number.
 *
 * Kept as doubles and put into words only when somebody asks: a store costs its memory and one copy
 * a record. Rows are in ascending order of their numbers; one that comes again is left out.
 *
 * Writer    host thread. Imports nothing.
 */
export interface Page<T> {
  /** Ascending. */
  readonly rows: readonly T[];
  readonly more: boolean;
}

export type Decode<T> = (instrument: number, doubles: Float64Array, base: number) => T;

export class RecordStore {
  readonly #bound: number;
  readonly #width: number;
  readonly #doubles: Float64Array;
  readonly #instruments: Int32Array;
  readonly #sequences: Float64Array;
  #written = 0;
  /** Number of the newest row; 0 before the first. */
  last = 0;
  /** Numbers that were passed over. */
  missed = 0;
  /** Number of the newest row that the bound has pushed out; 0 none. */
  droppedThrough = 0;

  /** `width` doubles of each record are kept. */
  constructor(bound: number, width: number) {
    this.#bound = bound;
    this.#width = width;
    this.#doubles = new Float64Array(bound * width);
    this.#instruments = new Int32Array(bound);
    this.#sequences = new Float64Array(bound);
  }

  get count(): number {
    return Math.min(this.#written, this.#bound);
  }

  /** Rows that the bound has pushed out. */
  get dropped(): number {
    return this.#written - this.count;
  }

  /** Copies the record whose double 0 is at `base`; false for a number that is known. */
  append(sequence: number, instrument: number, doubles: Float64Array, base: number): boolean {
    if (!(sequence > this.last)) return false;
    this.missed += sequence - this.last - 1;
    this.last = sequence;
    const row = this.#written % this.#bound;
    if (this.#written >= this.#bound) this.droppedThrough = this.#sequences[row]!;
    const at = row * this.#width;
    // Double 0 is the header: its bits need not survive a copy, and its words are kept apart.
    for (let i = 1; i < this.#width; i++) this.#doubles[at + i] = doubles[base + i]!;
    this.#instruments[row] = instrument;
    this.#sequences[row] = sequence;
    this.#written++;
    return true;
  }

  /** The newest `limit` rows before `before` of an instrument (−1: all). */
  page<T>(before: number | null, limit: number, instrument: number, decode: Decode<T>): Page<T> {
    const rows: T[] = [];
    let more = false;
    for (let k = this.#countBefore(before) - 1; k >= 0 && !more; k--) {
      const row = (this.#written - this.count + k) % this.#bound;
      if (instrument >= 0 && this.#instruments[row] !== instrument) continue;
      if (rows.length === limit) more = true;
      else rows.push(decode(this.#instruments[row]!, this.#doubles, row * this.#width));
    }
    return { rows: rows.toReversed(), more };
  }

  /** How many kept rows have a number below `before`. */
  #countBefore(before: number | null): number {
    if (before === null) return this.count;
    const first = this.#written - this.count;
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#sequences[(first + middle) % this.#bound]! < before) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
