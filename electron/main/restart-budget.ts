/**
 * restart-budget: how often something that crashes is started again before a person is asked.
 *
 * Times     milliseconds of a clock that does not go back.
 * Imports   nothing.
 */
export const RESTARTS_MAX = 3;
export const RESTARTS_WITHIN_MS = 5 * 60_000;

export class RestartBudget {
  readonly #most: number;
  readonly #withinMs: number;
  #spent: number[] = [];

  constructor(most = RESTARTS_MAX, withinMs = RESTARTS_WITHIN_MS) {
    this.#most = most;
    this.#withinMs = withinMs;
  }

  /** Takes one restart; false when there is none left. */
  take(nowMs: number): boolean {
    this.#spent = this.#spent.filter((atMs) => nowMs - atMs < this.#withinMs);
    if (this.#spent.length >= this.#most) return false;
    this.#spent.push(nowMs);
    return true;
  }

  /** How many were taken of late. */
  get spent(): number {
    return this.#spent.length;
  }

  /** A person has said that it may go on. */
  refill(): void {
    this.#spent = [];
  }
}
