/**
 * event-window: "N events within T", for several rows at once, in bounded memory.
 *
 * Times are read from and written by (array, index), because a double argument may be boxed.
 * Hot path: note and isFull. No allocation after construction.
 * Imports   risk/limits (the size).
 */
import { WINDOW_EVENTS } from './limits.ts';

export class EventWindow {
  readonly #times: Float64Array;
  readonly #next: Int32Array;
  readonly #count: Int32Array;

  constructor(rows: number) {
    this.#times = new Float64Array(rows * WINDOW_EVENTS);
    this.#next = new Int32Array(rows);
    this.#count = new Int32Array(rows);
  }

  /** Remembers an event of `row` at times[index]. */
  note(row: number, times: Float64Array, index: number): void {
    const next = this.#next[row]!;
    this.#times[row * WINDOW_EVENTS + next] = times[index]!;
    this.#next[row] = (next + 1) % WINDOW_EVENTS;
    if (this.#count[row]! < WINDOW_EVENTS) this.#count[row] = this.#count[row]! + 1;
  }

  /**
   * True when the last limits[countAt] events of `row` all lie within limits[windowAt] ms before
   * times[index]; false while the count is unset.
   */
  isFull(
    row: number,
    limits: Float64Array,
    countAt: number,
    windowAt: number,
    times: Float64Array,
    index: number,
  ): boolean {
    // An unset limit is NaN, which would be boxed as an argument.
    const count = limits[countAt]! | 0;
    if (count < 1 || this.#count[row]! < count) return false;
    const at = (this.#next[row]! - count + 2 * WINDOW_EVENTS) % WINDOW_EVENTS;
    return times[index]! - this.#times[row * WINDOW_EVENTS + at]! <= limits[windowAt]! * 1e6;
  }

  clear(row: number): void {
    this.#count[row] = 0;
  }
}
