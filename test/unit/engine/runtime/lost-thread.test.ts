/** What a screen may still show when the trading thread is gone. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  EngineHead,
  EngineRow,
  EngineViewLayout,
  INSTRUMENT_VIEW_DOUBLES,
  OrderRow,
} from '../../../../engine/core/published.ts';
import { Instrument } from '../../../../engine/domain/instrument.ts';
import { Market } from '../../../../engine/domain/market.ts';
import { BookState, Owner, TradingState } from '../../../../engine/domain/modes.ts';
import { OrderState } from '../../../../engine/domain/order.ts';
import { Quote, QuoteState } from '../../../../engine/domain/quote.ts';
import { Scalp } from '../../../../engine/domain/scalp.ts';
import { ClientIds } from '../../../../engine/execution/client-ids.ts';
import { strikeEngine, strikeMarket } from '../../../../engine/runtime/lost-thread.ts';
import {
  instrumentStatus,
  orderStatuses,
  quoteStatuses,
  scalpStatuses,
  strategyStatuses,
} from '../../../../engine/runtime/status-builder.ts';
import type { StatusSource } from '../../../../engine/runtime/status-builder.ts';
import { SPEC } from '../core/core-bench.ts';

const RATES = { messagesPerSecond: 0, gaps: 0, resyncs: 0 };

/** One instrument as a living thread publishes it: synced, armed, quoting, one scalp open. */
function living(): StatusSource {
  const layout = new EngineViewLayout(1);
  const view = new Float64Array(layout.doubles);
  const market = new Float64Array(INSTRUMENT_VIEW_DOUBLES);
  view[EngineHead.State] = TradingState.Armed;
  const row = layout.row(0);
  view[row + EngineRow.InstrumentState] = TradingState.Armed;
  view[row + EngineRow.ScalperState] = TradingState.Armed;
  view[row + EngineRow.QuoterState] = TradingState.Armed;
  view[row + EngineRow.ScalperLots] = 7;
  view[row + EngineRow.QuoterLots] = -3;
  view[row + EngineRow.AgeNs] = 5e6;
  const quote = layout.quote(0);
  view[quote + Quote.State] = QuoteState.Quoting;
  view[quote + Quote.RestingBidTicks] = 99;
  view[quote + Quote.RestingAskTicks] = 102;
  view[quote + Quote.BidLots] = 4;
  view[quote + Quote.AskLots] = 4;
  view[layout.orderCount] = 1;
  view[layout.order(0) + OrderRow.State] = OrderState.Open;
  view[layout.order(0) + OrderRow.Side] = 1;
  view[layout.order(0) + OrderRow.PriceTicks] = 99;
  view[layout.order(0) + OrderRow.Lots] = 4;
  view[layout.order(0) + OrderRow.Owner] = Owner.Quoter;
  view[layout.scalp(0) + Scalp.State] = 2;
  view[layout.scalp(0) + Scalp.Side] = 1;
  market[Market.Valid] = 1;
  market[Market.BookState] = BookState.Synced;
  market[Market.BidTicks] = 100;
  market[Market.BidLots] = 5;
  return {
    instruments: [new Instrument(0, SPEC)],
    layout,
    view,
    markets: [market],
    anchorWallMs: 0,
    clientIds: new ClientIds('abc'),
  };
}

describe('a lost trading thread', () => {
  it('takes its market, its quotes and its armed switches with it', () => {
    const source = living();
    assert.equal(instrumentStatus(source, 0, RATES).trust, 100);
    assert.equal(quoteStatuses(source)[0]?.state, 'quoting');
    strikeMarket(source.markets[0]!);
    strikeEngine(source.view, source.layout, false);
    const row = instrumentStatus(source, 0, RATES);
    assert.deepEqual([row.book, row.trust, row.trading, row.ageMs], ['stale', 0, 'HALTED', null]);
    const states = strategyStatuses(source).map(({ state }) => state);
    assert.deepEqual(states, ['HALTED', 'HALTED']);
    const [quote] = quoteStatuses(source);
    assert.deepEqual(
      [quote?.enabled, quote?.state, quote?.bid, quote?.ask, quote?.bidSize, quote?.askSize],
      [false, 'off', null, null, null, null],
    );
  });

  it('leaves positions, and says of each scalp that nobody guards it', () => {
    const source = living();
    strikeMarket(source.markets[0]!);
    strikeEngine(source.view, source.layout, true);
    assert.equal(instrumentStatus(source, 0, RATES).positionLots, 4);
    const [scalp] = scalpStatuses(source);
    assert.deepEqual([scalp?.unprotected, scalp?.now], [true, null]);
  });

  it('leaves orders as unknown until the venue has said that none is left', () => {
    const source = living();
    strikeEngine(source.view, source.layout, false);
    assert.deepEqual(
      orderStatuses(source).map(({ state }) => state),
      ['unknown'],
    );
    strikeEngine(source.view, source.layout, true);
    assert.deepEqual(orderStatuses(source), []);
  });
});
