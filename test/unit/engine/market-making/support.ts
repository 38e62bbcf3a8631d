/**
 * support: a market, readings and a desk that answers intents by hand, for the quoter's tests.
 *
 * The instrument has a price near 10,000 ticks (1,000.0), where one lot is worth one unit of quote
 * money, a maker fee of 2 bp = 2 ticks, and a sigma of one tick a second.
 */
import { Instrument } from '../../../../engine/domain/instrument.ts';
import { IntentAction, IntentBatch } from '../../../../engine/domain/intent.ts';
import { Market, MARKET_SIZE } from '../../../../engine/domain/market.ts';
import { BookState } from '../../../../engine/domain/modes.ts';
import { OrderState } from '../../../../engine/domain/order.ts';
import type { Quote } from '../../../../engine/domain/quote.ts';
import {
  Reading,
  READING_STRIDE,
  ReadingExtra,
  READINGS_SIZE,
  Signal,
} from '../../../../engine/domain/readings.ts';
import { quoterParameters } from '../../../../engine/market-making/parameters.ts';
import { Quoter, QuoterAllowed } from '../../../../engine/market-making/quoter.ts';

export const MS = 1e6;
export const SECOND = 1e9;
export const MAY = QuoterAllowed.Quotes | QuoterAllowed.Unwind;

export function testInstrument(minNotional = '5'): Instrument {
  return new Instrument(0, {
    symbol: 'TESTUSDT',
    venue: 'binance-usdm',
    baseAsset: 'TEST',
    quoteAsset: 'USDT',
    tickSize: '0.10',
    lotSize: '0.001',
    minQty: '0.001',
    maxQty: '1000',
    minNotional,
    makerFee: '0.0002',
    takerFee: '0.0004',
  });
}

export interface TestIntent {
  readonly action: number;
  readonly slot: number;
  readonly side: number;
  readonly price: number;
  readonly lots: number;
  readonly timeInForce: number;
  readonly reduceOnly: number;
  readonly purpose: number;
  readonly order: number;
}

export class Bench {
  readonly market = new Float64Array(MARKET_SIZE);
  readonly readings = new Float64Array(READINGS_SIZE);
  readonly intents = new IntentBatch();
  readonly quoter: Quoter;
  allowed: number = MAY;
  nowNs = 100 * SECOND;
  #nextOrder = 0;

  constructor(given: Readonly<Record<string, number>> = {}, instrument = testInstrument()) {
    this.quoter = new Quoter([instrument], quoterParameters(given));
    this.quoter.setEnabled(0, true);
    this.market[Market.BookState] = BookState.Synced;
    this.readings[ReadingExtra.WarmedUp] = 1;
    this.readings[ReadingExtra.Sigma1sTicks] = 1;
    this.readings[ReadingExtra.Sigma5mTicks] = 17;
    this.readings[ReadingExtra.MeanSpreadTicks] = 1;
    this.readings[ReadingExtra.MarketClass] = 1;
    this.readings[ReadingExtra.Burst] = 1;
    this.touch(10_000, 10_001);
  }

  touch(bid: number, ask: number, bidLots = 10, askLots = 10): void {
    const m = this.market;
    m[Market.Valid] = 1;
    m[Market.BidTicks] = bid;
    m[Market.AskTicks] = ask;
    m[Market.BidLots] = bidLots;
    m[Market.AskLots] = askLots;
    m[Market.SpreadTicks] = ask - bid;
    m[Market.MidTicks] = (bid + ask) / 2;
    m[Market.MicroTicks] = (bid * askLots + ask * bidLots) / (bidLots + askLots);
    m[Market.TouchNs] = this.nowNs;
    m[Market.NowNs] = this.nowNs;
  }

  /** Moves time on; the touch stays fresh unless asked otherwise. */
  wait(ms: number, isFresh = true): void {
    this.nowNs += ms * MS;
    this.market[Market.NowNs] = this.nowNs;
    if (isFresh) this.market[Market.TouchNs] = this.nowNs;
  }

  flow(strength: number): void {
    this.readings[Signal.OrderFlow * READING_STRIDE + Reading.Strength] = strength;
    this.readings[Signal.OrderFlow * READING_STRIDE + Reading.Confidence] = 1;
  }

  displacement(ticks: number): void {
    this.readings[Signal.Momentum * READING_STRIDE + Reading.Raw] = ticks;
  }

  /** One evaluation; the intents, as a desk that has not answered yet sees them. */
  evaluate(): TestIntent[] {
    const batch = this.intents;
    batch.clear();
    this.quoter.evaluate(0, this.market, this.readings, this.allowed, batch);
    return Array.from({ length: batch.count }, (_, row) => ({
      action: batch.action[row]!,
      slot: batch.ownerRef[row]!,
      side: batch.side[row]!,
      price: batch.priceTicks[row]!,
      lots: batch.lots[row]!,
      timeInForce: batch.timeInForce[row]!,
      reduceOnly: batch.reduceOnly[row]!,
      purpose: batch.purpose[row]!,
      order: batch.order[row]!,
    }));
  }

  /** One evaluation, every order of which is made and acknowledged at once, every cancel done. */
  turn(): TestIntent[] {
    const made = this.evaluate();
    for (const intent of made) {
      if (intent.action === IntentAction.Cancel) {
        this.tell(intent.slot, intent.order, OrderState.PendingCancel);
        this.tell(intent.slot, intent.order, OrderState.Canceled);
      } else {
        const order = this.#nextOrder++;
        this.tell(intent.slot, order, OrderState.PendingNew);
        this.tell(intent.slot, order, OrderState.Open);
      }
    }
    return made;
  }

  tell(slot: number, order: number, state: number): void {
    this.quoter.onOrder(0, slot, order, state);
  }

  fill(side: number, lots: number, price: number, feeE8 = 0, realisedE8 = 0): void {
    this.quoter.onFill(0, Float64Array.from([side, lots, price, feeE8, realisedE8, 0]));
  }

  row(field: (typeof Quote)[keyof typeof Quote]): number {
    return this.quoter.rows[field]!;
  }
}
