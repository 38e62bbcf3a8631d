/**
 * intent: what exits, quotes, strategies and the hand want; not yet orders.
 *
 * One batch is made at start-up and refilled every turn; capacity is a hard bound, what does not
 * fit is counted in `dropped` (an exit that was dropped asks again next turn).
 *
 * Writers   exits, market-making, strategies, core (manual and flatten), in that order in one turn.
 * Reader    core, which takes each through risk/gate and then the order manager.
 * Hot path: struct of arrays, no allocation.
 * Imports   domain only.
 */

export const IntentAction = { Place: 0, Cancel: 1, Replace: 2 } as const;
export type IntentAction = (typeof IntentAction)[keyof typeof IntentAction];

export const INTENTS_MAX = 256;

export class IntentBatch {
  count = 0;
  dropped = 0;
  readonly action = new Int32Array(INTENTS_MAX);
  readonly instrument = new Int32Array(INTENTS_MAX);
  readonly owner = new Int32Array(INTENTS_MAX);
  /** Scalp slot, or quote slot (0 bid, 1 ask), of the owner. */
  readonly ownerRef = new Int32Array(INTENTS_MAX);
  readonly purpose = new Int32Array(INTENTS_MAX);
  readonly side = new Int32Array(INTENTS_MAX);
  readonly priceTicks = new Int32Array(INTENTS_MAX);
  readonly lots = new Float64Array(INTENTS_MAX);
  readonly timeInForce = new Int32Array(INTENTS_MAX);
  readonly reduceOnly = new Int32Array(INTENTS_MAX);
  /** Order slot that a Cancel or Replace means; −1 for Place. */
  readonly order = new Int32Array(INTENTS_MAX);

  clear(): void {
    this.count = 0;
  }

  /** Index of a fresh row with action, instrument and owner set, or −1 when the batch is full. */
  claim(action: number, instrument: number, owner: number, ownerRef: number): number {
    const row = this.count;
    if (row >= INTENTS_MAX) {
      this.dropped = (this.dropped + 1) | 0;
      return -1;
    }
    this.count = row + 1;
    this.action[row] = action;
    this.instrument[row] = instrument;
    this.owner[row] = owner;
    this.ownerRef[row] = ownerRef;
    this.order[row] = -1;
    this.reduceOnly[row] = 0;
    return row;
  }
}
