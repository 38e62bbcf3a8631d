/**
 * sink: what the core tells the outside, in the order it happens.
 *
 * Called synchronously; the book, the touch and the account are already in their new state. A sink
 * must not call back into the core from inside a call: it queues, and acts after the step.
 *
 * Units     ticks, lots; times in simulation ms.
 * Imports   types only.
 */
import type { Execution } from './account.ts';
import type { DepthFeed } from './depth-feed.ts';
import type { Market } from './market.ts';

/** Fills of one taking order at one price. */
export interface AggregateTrade {
  aggId: number;
  priceTicks: number;
  lots: number;
  firstTradeId: number;
  lastTradeId: number;
  isBuyerMaker: boolean;
}

export interface CoreSink {
  onTouch(market: Market, nowMs: number): void;
  onTrade(market: Market, trade: Readonly<AggregateTrade>, nowMs: number): void;
  onDepth(market: Market, feed: DepthFeed, nowMs: number): void;
  onMark(market: Market, nowMs: number): void;
  onExecution(execution: Execution): void;
}

/** Swallows everything: warm-up and tests. */
export const SILENT_SINK: CoreSink = {
  onTouch: () => {},
  onTrade: () => {},
  onDepth: () => {},
  onMark: () => {},
  onExecution: () => {},
};
