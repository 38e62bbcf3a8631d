/**
 * request-budget: so many requests at once, and so many a second after that.
 *
 * Units     milliseconds of a clock that never goes back.
 * Imports   nothing.
 */
export class RequestBudget {
  readonly #burst: number;
  readonly #perMs: number;
  #left: number;
  #atMs = 0;

  constructor(burst: number, perSecond: number) {
    this.#burst = burst;
    this.#perMs = perSecond / 1000;
    this.#left = burst;
  }

  /** 0: granted. Else the milliseconds after which one more will be. */
  take(nowMs: number): number {
    this.#left = Math.min(this.#burst, this.#left + (nowMs - this.#atMs) * this.#perMs);
    this.#atMs = nowMs;
    if (this.#left >= 1) {
      this.#left -= 1;
      return 0;
    }
    return Math.ceil((1 - this.#left) / this.#perMs);
  }
}
