/**
 * account-watch: does what we hold add up with what the venue says? Looked at on every timer turn.
 *
 * Mismatch    the venue's position differs from the sum of the owners for longer than a fill and
 *             its account event may lie apart.
 * Accounting  a fill that belongs to no order of this session, or lots beyond an order's size.
 * Either means that somebody else trades on the account or that our books are wrong: HALTED.
 *
 * Writer    core/pipeline. Units: engine ns. Hot path: a few comparisons a timer turn.
 * Imports   base, domain, execution, portfolio.
 */
import { NS_PER_S } from '../base/clock.ts';
import { Verdict } from '../domain/verdict.ts';
import { OrderCounter } from '../execution/order-timing.ts';
import type { PositionKeeper } from '../portfolio/position-keeper.ts';

const MISMATCH_NS = 2 * NS_PER_S;
const MISMATCH: number = Verdict.POSITION_MISMATCH;
const ACCOUNTING: number = Verdict.ORDER_ACCOUNTING;

export class AccountWatch {
  readonly #keeper: PositionKeeper;
  readonly #counters: Int32Array;
  /** Since when each instrument does not add up; 0 while it does. */
  readonly #sinceNs: Float64Array;
  /** External fills and overfills that were answered already. */
  #answered = 0;

  constructor(keeper: PositionKeeper, orderCounters: Int32Array) {
    this.#keeper = keeper;
    this.#counters = orderCounters;
    this.#sinceNs = new Float64Array(keeper.instrumentCount);
  }

  /** Verdict of what is wrong, 0 when nothing is; clock[0] is now. */
  look(clock: Float64Array): number {
    const counters = this.#counters;
    const odd = counters[OrderCounter.ExternalFills]! + counters[OrderCounter.Overfills]!;
    if (odd !== this.#answered) {
      this.#answered = odd;
      return ACCOUNTING;
    }
    return this.#isMismatched(clock) ? MISMATCH : 0;
  }

  /** A person has looked: what is wrong now is measured anew. */
  forget(): void {
    this.#sinceNs.fill(0);
  }

  #isMismatched(clock: Float64Array): boolean {
    const since = this.#sinceNs;
    const keeper = this.#keeper;
    let isLong = false;
    for (let i = 0; i < since.length; i++) {
      if (keeper.mismatch(i) === 0) since[i] = 0;
      else if (since[i] === 0) since[i] = clock[0]!;
      else if (clock[0]! - since[i]! > MISMATCH_NS) isLong = true;
    }
    return isLong;
  }
}
