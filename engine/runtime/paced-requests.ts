/**
 * paced-requests: requests of one terminal that cost something, answered in their order and no
 * faster than a budget allows.
 *
 * Each is answered, only later; more than WAITING_MAX that wait are a fault of the terminal's.
 * Writer    host thread. Units: milliseconds of a clock that never goes back.
 * Errors    EngineError 'input/malformed' when too many wait.
 * Imports   base, runtime.
 */
import { EngineError } from '../base/errors.ts';
import { RequestBudget } from './history/request-budget.ts';

/** At once, and each second after that. */
export const PACED_BURST = 32;
export const PACED_PER_SECOND = 16;
export const WAITING_MAX = 64;

export class PacedRequests {
  readonly #budget = new RequestBudget(PACED_BURST, PACED_PER_SECOND);
  readonly #waiting: (() => void)[] = [];
  /** Milliseconds for which nothing may be answered whatever the budget says; 0 none. */
  readonly #heldMs: () => number;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | null = null;

  constructor(heldMs: () => number, onError: (error: unknown) => void) {
    this.#heldMs = heldMs;
    this.#onError = onError;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  add(answer: () => void): void {
    if (this.#waiting.length >= WAITING_MAX) {
      throw new EngineError('input/malformed', `more than ${WAITING_MAX} requests wait; slow down`);
    }
    this.#waiting.push(answer);
    if (this.#timer === null) this.#run();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#waiting.length = 0;
  }

  #run(): void {
    this.#timer = null;
    while (this.#waiting.length > 0) {
      const held = this.#heldMs();
      const waitMs = held > 0 ? held : this.#budget.take(performance.now());
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#run(), waitMs);
        return;
      }
      try {
        this.#waiting.shift()!();
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}
