/**
 * queue-model: how far from the front of its price level a simulated resting order is.
 *
 * `front` is the size ahead of us, the whole level when we join. Two models (after hftbacktest):
 *
 *   RiskAverse   only trades bring us forward; cancellations always come from behind us, so that
 *                the level's new size merely caps what can be ahead. Conservative: the default.
 *   Prob         a shrinking level shrinks ahead of us too, in the proportion (1 − p), where p is
 *                the chance that a cancellation was behind: f(back) / (f(back) + f(front)), f(x) =
 *                ln(1 + x).
 *
 * Neither knows of market impact. Verify against live fills and adjust.
 *
 * Units     lots. State per order at `index` of the arrays.
 * Hot path: no allocation; numbers are read by (array, index).
 * Imports   nothing.
 */
export const QueueModel = { RiskAverse: 0, Prob: 1 } as const;
export type QueueModel = (typeof QueueModel)[keyof typeof QueueModel];

export class QueuePositions {
  /** Lots ahead; below 0: that much of a trade has reached us. */
  readonly front: Float64Array;
  /** Lots traded at our price since the last size of the level. */
  readonly traded: Float64Array;
  /** Size of the level when last seen. */
  readonly levelLots: Float64Array;

  constructor(count: number) {
    this.front = new Float64Array(count);
    this.traded = new Float64Array(count);
    this.levelLots = new Float64Array(count);
  }

  /** Joins the level whose size is lots[index]. */
  join(order: number, lots: Float64Array, index: number): void {
    this.front[order] = lots[index]!;
    this.levelLots[order] = lots[index]!;
    this.traded[order] = 0;
  }

  /** A trade of lots[index] at our price. */
  onTrade(order: number, lots: Float64Array, index: number): void {
    this.front[order] = this.front[order]! - lots[index]!;
    this.traded[order] = this.traded[order]! + lots[index]!;
  }

  /** The level's size is now lots[index]. */
  onLevel(order: number, model: number, lots: Float64Array, index: number): void {
    const size = lots[index]!;
    if (model === QueueModel.Prob) this.#probable(order, size);
    if (this.front[order]! > size) this.front[order] = size;
    this.levelLots[order] = size;
    this.traded[order] = 0;
  }

  /** Lots of a trade that went past the queue ahead: they are ours. Takes them. */
  take(order: number): number {
    const front = this.front[order]!;
    if (front >= 0) return 0;
    this.front[order] = 0;
    return Math.round(-front);
  }

  #probable(order: number, size: number): void {
    const before = this.levelLots[order]!;
    const change = before - size - this.traded[order]!;
    if (change < 0) return;
    const ahead = this.front[order]! > 0 ? this.front[order]! : 0;
    const behind = before > ahead ? before - ahead : 0;
    const weightBehind = Math.log(1 + behind);
    const weightAhead = Math.log(1 + ahead);
    const sum = weightBehind + weightAhead;
    const share = sum > 0 ? weightBehind / sum : 1;
    const lacking = behind - share * change;
    const next = this.front[order]! - (1 - share) * change + (lacking < 0 ? lacking : 0);
    this.front[order] = next > 0 ? next : Math.min(0, this.front[order]!);
  }
}
