/**
 * market-making: evaluating, quoting, requoting, filling, pulling and unwinding allocate nothing.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { IntentAction, IntentBatch } from '../../engine/domain/intent.ts';
import { Market, MARKET_SIZE } from '../../engine/domain/market.ts';
import { BookState } from '../../engine/domain/modes.ts';
import { OrderState } from '../../engine/domain/order.ts';
import { Quote, QUOTE_SIZE } from '../../engine/domain/quote.ts';
import { ReadingExtra, READINGS_SIZE } from '../../engine/domain/readings.ts';
import { bookFill, markInventory } from '../../engine/market-making/inventory.ts';
import { quoterParameters } from '../../engine/market-making/parameters.ts';
import { endangeredSide, judgeFeed, judgeMarket } from '../../engine/market-making/quote-guard.ts';
import { priceQuotes, writeSizes } from '../../engine/market-making/quote-price.ts';
import { QuoteSlots } from '../../engine/market-making/quote-slots.ts';
import { compileQuoterConstants, Q } from '../../engine/market-making/quoter-constants.ts';
import { Quoter } from '../../engine/market-making/quoter.ts';
import { testInstrument } from '../unit/engine/market-making/support.ts';
import { BYTES_PER_CALL_MAX, bytesPerCall } from './gate.ts';

const SHORT = { chunks: 25 };
const market = new Float64Array(MARKET_SIZE);
const readings = new Float64Array(READINGS_SIZE);
readings[ReadingExtra.WarmedUp] = 1;
readings[ReadingExtra.Sigma1sTicks] = 1.5;
readings[ReadingExtra.Sigma5mTicks] = 30.5;
readings[ReadingExtra.MeanSpreadTicks] = 1.25;

/** A market that wanders by call, with a burst now and then. */
function moveMarket(call: number): void {
  const bid = 10_000 + ((call >> 5) & 15);
  market[Market.NowNs]! += 7e6 + 0.5;
  market[Market.TouchNs] = market[Market.NowNs]!;
  market[Market.BookState] = BookState.Synced;
  market[Market.Valid] = 1;
  market[Market.BidTicks] = bid;
  market[Market.AskTicks] = bid + 1;
  market[Market.SpreadTicks] = 1;
  market[Market.MidTicks] = bid + 0.5;
  market[Market.MicroTicks] = bid + 0.25 + (call & 3) / 8;
  readings[ReadingExtra.Burst] = (call & 1023) < 16 ? 9 : 1.5;
}

describe('market making allocates nothing', () => {
  it('over quotes, requotes, fills, pulls and unwinding', () => {
    const quoter = new Quoter([testInstrument()], quoterParameters({ requoteIntervalMs: 20 }));
    const intents = new IntentBatch();
    const fill = new Float64Array(6);
    let order = 0;
    let placed = 0;
    const bytes = bytesPerCall((call) => {
      moveMarket(call);
      quoter.setEnabled(0, (call & 4095) > 500);
      intents.clear();
      quoter.evaluate(0, market, readings, 3, intents);
      for (let row = 0; row < intents.count; row++) {
        const slot = intents.ownerRef[row]!;
        if (intents.action[row] === IntentAction.Cancel) {
          quoter.onOrder(0, slot, intents.order[row]!, OrderState.PendingCancel);
          quoter.onOrder(0, slot, intents.order[row]!, OrderState.Canceled);
          continue;
        }
        order = (order + 1) & 0xffff;
        placed = (placed + 1) | 0;
        quoter.onOrder(0, slot, order, OrderState.PendingNew);
        quoter.onOrder(0, slot, order, OrderState.Open);
        if ((placed & 1) === 0) continue;
        fill[0] = intents.side[row]!;
        fill[1] = intents.lots[row]!;
        fill[2] = intents.priceTicks[row]!;
        fill[3] = 0.5;
        quoter.onFill(0, fill);
        quoter.onOrder(0, slot, order, OrderState.Filled);
      }
    }, SHORT);
    assert.ok(bytes <= BYTES_PER_CALL_MAX, `${bytes} bytes a call`);
    assert.ok(placed > 1000, `${placed} orders`);
    assert.ok(quoter.rows[Quote.FillCount]! > 500);
  });

  it('in each part', () => {
    const instruments = [testInstrument()];
    const constants = compileQuoterConstants(instruments, quoterParameters());
    const rows = new Float64Array(QUOTE_SIZE);
    const sizes = new Float64Array(3);
    const slots = new QuoteSlots(1, 1e8, 1e9);
    const fill = Float64Array.from([1, 3, 10_000, 0.5, 0.5, 0]);
    let verdicts = 0;
    const bytes = bytesPerCall((call) => {
      moveMarket(call);
      slots.settle(0, market, Market.NowNs);
      slots.writeWorking(0, sizes, 0);
      slots.onFill(0, fill);
      fill[0] = -fill[0]!;
      bookFill(rows, 0, fill);
      markInventory(rows, 0, market, constants, Q.TickLotE8);
      writeSizes(sizes, constants, 0, market);
      rows[Quote.HardLimitLots] = sizes[2]!;
      verdicts |= judgeFeed(market, constants, 0);
      priceQuotes(rows, 0, constants, 0, market, readings);
      verdicts |= judgeMarket(rows, 0, constants, 0, market, readings);
      verdicts |= endangeredSide(constants, 0, readings);
    }, SHORT);
    assert.ok(bytes <= BYTES_PER_CALL_MAX, `${bytes} bytes a call`);
    assert.ok(verdicts !== 0);
  });
});
