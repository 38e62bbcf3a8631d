/**
 * order-changes: what happened to orders in one call of the order manager, for core to tell owners.
 *
 * Writer    order-manager. Reader: core, which drains after every call and then clears.
 * Row       one state change, one fill, or both at once (`previous` equals `state` for a fill that
 *           changed no state). `slot` −1: a fill that belongs to no order of this session.
 * Units     lots, ticks (a double for made-up fills), 1e-8 quote units, engine ns.
 * Hot path: no allocation. Overflow is a programmer's error: a fill must never be lost.
 * Imports   base.
 */
import { assert } from '../base/assert.ts';

export const CHANGES_MAX = 4096;

export class OrderChanges {
  count = 0;
  readonly slot = new Int32Array(CHANGES_MAX);
  readonly instrument = new Int32Array(CHANGES_MAX);
  readonly clientSequence = new Int32Array(CHANGES_MAX);
  readonly previous = new Int32Array(CHANGES_MAX);
  readonly state = new Int32Array(CHANGES_MAX);
  /** Venue error code, CODE_NOT_SENT, or 0. */
  readonly code = new Int32Array(CHANGES_MAX);
  /** Lots of the fill in this row, 0 when it carries none. */
  readonly fillLots = new Float64Array(CHANGES_MAX);
  readonly fillTicks = new Float64Array(CHANGES_MAX);
  readonly fillSide = new Int32Array(CHANGES_MAX);
  readonly feeE8 = new Float64Array(CHANGES_MAX);
  readonly realisedE8 = new Float64Array(CHANGES_MAX);
  readonly isMaker = new Int32Array(CHANGES_MAX);
  /** 1: price, fee and PnL are ours, made up from a status answer, not the venue's. */
  readonly isEstimated = new Int32Array(CHANGES_MAX);
  readonly nowNs = new Float64Array(CHANGES_MAX);

  clear(): void {
    this.count = 0;
  }

  /** Index of a fresh row with everything that only fills need set to zero. */
  claim(slot: number, instrument: number, previous: number, state: number): number {
    const row = this.count;
    assert(row < CHANGES_MAX, 'order changes are drained after every call');
    this.count = row + 1;
    this.slot[row] = slot;
    this.instrument[row] = instrument;
    this.previous[row] = previous;
    this.state[row] = state;
    this.clientSequence[row] = 0;
    this.code[row] = 0;
    this.fillLots[row] = 0;
    this.fillTicks[row] = 0;
    this.fillSide[row] = 0;
    this.feeE8[row] = 0;
    this.realisedE8[row] = 0;
    this.isMaker[row] = 0;
    this.isEstimated[row] = 0;
    this.nowNs[row] = 0;
    return row;
  }
}
