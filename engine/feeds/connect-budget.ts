/**
 * connect-budget: when the next connection may be opened: jittered back-off under the venue's cap.
 *
 * Units     milliseconds on the caller's clock.
 * Imports   base/random.
 */
import type { Random } from '../base/random.ts';

export interface ConnectBudgetOptions {
  readonly random: Random;
  readonly firstDelayMs: number;
  readonly delayMaxMs: number;
  /** At most this many connections opened within `windowMs`. */
  readonly connectsMax: number;
  readonly windowMs: number;
}

export class ConnectBudget {
  readonly #options: ConnectBudgetOptions;
  readonly #opened: number[] = [];

  constructor(options: ConnectBudgetOptions) {
    this.#options = options;
  }

  /** Milliseconds to wait before attempt number `attempt` (0 is the first: at once). */
  delayMs(attempt: number, nowMs: number): number {
    const { random, firstDelayMs, delayMaxMs } = this.#options;
    if (attempt === 0) return this.#capDelayMs(nowMs);
    const full = Math.min(delayMaxMs, firstDelayMs * 2 ** Math.min(attempt - 1, 20));
    return Math.max(full * (0.5 + random.next() / 2), this.#capDelayMs(nowMs));
  }

  noteOpened(nowMs: number): void {
    this.#forget(nowMs);
    this.#opened.push(nowMs);
  }

  /** Milliseconds until the cap allows one more. */
  #capDelayMs(nowMs: number): number {
    const { connectsMax, windowMs } = this.#options;
    this.#forget(nowMs);
    if (this.#opened.length < connectsMax) return 0;
    return (this.#opened[this.#opened.length - connectsMax] ?? nowMs) + windowMs - nowMs;
  }

  #forget(nowMs: number): void {
    const { windowMs } = this.#options;
    while (this.#opened.length > 0 && nowMs - this.#opened[0]! >= windowMs) this.#opened.shift();
  }
}
