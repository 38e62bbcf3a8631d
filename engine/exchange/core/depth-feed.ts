/**
 * depth-feed: which levels changed since the last depth message, per update speed.
 *
 * Writer    Market (level changes); flushed by ExchangeCore on the speed's own grid.
 * Units     price ticks; times in simulation ms.
 * Invariant `prevUpdateId` of one flush equals `lastUpdateId` of the flush before.
 * Imports   core/order-book (type).
 */
import type { Side } from './order-book.ts';

export class DepthFeed {
  readonly speedMs: number;
  isActive: boolean;
  nextFlushMs: number;
  firstUpdateId = 0;
  prevUpdateId: number;
  readonly bids = new Set<number>();
  readonly asks = new Set<number>();

  constructor(speedMs: number, isActive: boolean, updateId: number) {
    this.speedMs = speedMs;
    this.isActive = isActive;
    this.nextFlushMs = 0;
    this.prevUpdateId = updateId;
  }

  mark(side: Side, priceTicks: number, updateId: number): void {
    if (!this.isActive) return;
    if (this.bids.size + this.asks.size === 0) this.firstUpdateId = updateId;
    if (side === 1) this.bids.add(priceTicks);
    else this.asks.add(priceTicks);
  }

  get hasChanges(): boolean {
    return this.bids.size + this.asks.size > 0;
  }

  /** Starts collecting from now on. */
  activate(updateId: number): void {
    if (this.isActive) return;
    this.isActive = true;
    this.prevUpdateId = updateId;
    this.bids.clear();
    this.asks.clear();
  }

  deactivate(): void {
    this.isActive = false;
  }

  /** Ends the window: the next message chains to `updateId`. */
  close(updateId: number): void {
    this.prevUpdateId = updateId;
    this.bids.clear();
    this.asks.clear();
  }
}
