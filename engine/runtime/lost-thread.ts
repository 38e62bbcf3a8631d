/**
 * lost-thread: what the host's copies may still say when the trading thread is gone.
 *
 * The last publication of a dead thread reads like a living market: synced books, resting quotes,
 * armed strategies. None of it holds any more, so it is struck out in the copies that status and
 * frames are built from. Positions and money stay: they are what the venue had to settle, and
 * nobody guards them.
 * Imports   core/published, domain.
 */
import {
  EngineHead,
  EngineRow,
  InstrumentView,
  OrderRow,
  VIEW_ORDERS_MAX,
} from '../core/published.ts';
import type { EngineViewLayout } from '../core/published.ts';
import { Market } from '../domain/market.ts';
import { BookState, TradingState } from '../domain/modes.ts';
import { OrderState } from '../domain/order.ts';
import { Quote, QuoteState } from '../domain/quote.ts';
import { Reading, READING_STRIDE, SIGNAL_COUNT } from '../domain/readings.ts';
import { Scalp, SCALPS_MAX } from '../domain/scalp.ts';
import { NO_PRICE } from '../domain/units.ts';

/** Strikes what no longer holds out of the copy of an instrument's view. */
export function strikeMarket(market: Float64Array): void {
  market[Market.Valid] = 0;
  market[Market.BookState] = BookState.Stale;
  for (let signal = 0; signal < SIGNAL_COUNT; signal++) {
    market[InstrumentView.Readings + signal * READING_STRIDE + Reading.Confidence] = 0;
  }
}

/**
 * Strikes what no longer holds out of the copy of the engine view.
 *
 * @param isBare the venue has said that no order is left; until then each is unknown
 */
export function strikeEngine(view: Float64Array, layout: EngineViewLayout, isBare: boolean): void {
  view[EngineHead.State] = TradingState.Halted;
  for (let index = 0; index < layout.instruments; index++) {
    const row = layout.row(index);
    view[row + EngineRow.ScalperState] = TradingState.Halted;
    view[row + EngineRow.QuoterState] = TradingState.Halted;
    view[row + EngineRow.HeldBack] = 0;
    view[row + EngineRow.QuoterHeldBack] = 0;
    view[row + EngineRow.AgeNs] = 0;
    view[row + EngineRow.LadderUnlocked] = 0;
    strikeQuote(view, layout.quote(index));
  }
  if (isBare) view[layout.orderCount] = 0;
  for (let order = 0; order < VIEW_ORDERS_MAX; order++) {
    view[layout.order(order) + OrderRow.State] = OrderState.Unknown;
  }
  for (let slot = 0; slot < SCALPS_MAX; slot++) {
    view[layout.scalp(slot) + Scalp.Unprotected] = 1;
  }
}

function strikeQuote(view: Float64Array, base: number): void {
  view[base + Quote.State] = QuoteState.Off;
  view[base + Quote.BidOrder] = -1;
  view[base + Quote.AskOrder] = -1;
  view[base + Quote.RestingBidTicks] = NO_PRICE;
  view[base + Quote.RestingAskTicks] = NO_PRICE;
  view[base + Quote.BidLots] = 0;
  view[base + Quote.AskLots] = 0;
}
