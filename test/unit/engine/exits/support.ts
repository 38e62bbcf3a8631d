/**
 * support: instruments, markets and decisions for the tests of the exits.
 *
 * Imports   engine.
 */
import { DECISION_SIZE, Decision } from '../../../../engine/domain/decision.ts';
import { Instrument } from '../../../../engine/domain/instrument.ts';
import { IntentBatch } from '../../../../engine/domain/intent.ts';
import { MARKET_SIZE, Market } from '../../../../engine/domain/market.ts';
import { TimeInForce } from '../../../../engine/domain/order.ts';
import { READINGS_SIZE, ReadingExtra } from '../../../../engine/domain/readings.ts';
import { parameterValues } from '../../../../engine/domain/parameter.ts';
import { Scalp } from '../../../../engine/domain/scalp.ts';
import { EXIT_FIELDS } from '../../../../engine/exits/parameters.ts';
import { ExitManager, FILL_SIZE, Fill } from '../../../../engine/exits/exit-manager.ts';
import { ScalpTable } from '../../../../engine/exits/scalp-table.ts';

export const MS = 1e6;
export const SECOND = 1e9;

/** Price 10,000.0 to 10,000.1 is one tick; a lot is 0.001; maker 0, taker 1 bp unless given. */
export function testInstrument(index = 0, fees = { maker: '0', taker: '0.0001' }): Instrument {
  return new Instrument(index, {
    symbol: `TEST${index}`,
    venue: 'binance-usdm',
    baseAsset: 'T',
    quoteAsset: 'USDT',
    tickSize: '0.1',
    lotSize: '0.001',
    minQty: '0.001',
    maxQty: '1000',
    minNotional: '5',
    makerFee: fees.maker,
    takerFee: fees.taker,
  });
}

export function setMarket(market: Float64Array, nowNs: number, bid: number, ask: number): void {
  market[Market.NowNs] = nowNs;
  market[Market.Valid] = 1;
  market[Market.BidTicks] = bid;
  market[Market.AskTicks] = ask;
  market[Market.BidLots] = 500;
  market[Market.AskLots] = 500;
  market[Market.SpreadTicks] = ask - bid;
  market[Market.MidTicks] = (bid + ask) / 2;
  market[Market.MicroTicks] = (bid + ask) / 2;
  market[Market.DepthNs] = nowNs;
  market[Market.TouchNs] = nowNs;
  for (let level = 0; level < 5; level++) {
    market[Market.BidTicks0 + level] = bid - level;
    market[Market.BidLots0 + level] = 500;
    market[Market.AskTicks0 + level] = ask + level;
    market[Market.AskLots0 + level] = 500;
  }
}

export function testReadings(sigma5mTicks = 200): Float64Array {
  const readings = new Float64Array(READINGS_SIZE);
  readings[ReadingExtra.Sigma5mTicks] = sigma5mTicks;
  readings[ReadingExtra.Sigma1sTicks] = sigma5mTicks / Math.sqrt(300);
  readings[ReadingExtra.MeanSpreadTicks] = 1;
  readings[ReadingExtra.WarmedUp] = 1;
  readings[ReadingExtra.MarketClass] = 1;
  return readings;
}

/** A decision without planned prices unless given: distances come from volatility. */
export function testDecision(
  side: 1 | -1,
  lots: number,
  priceTicks = 100_000,
  sigma5mTicks = 200,
): Float64Array {
  const decision = new Float64Array(DECISION_SIZE);
  decision[Decision.Sequence] = 7;
  decision[Decision.Side] = side;
  decision[Decision.Lots] = lots;
  decision[Decision.PriceTicks] = priceTicks;
  decision[Decision.Sigma5mTicks] = sigma5mTicks;
  decision[Decision.SpreadTicks] = 1;
  decision[Decision.CostTicks] = 11;
  decision[Decision.Score] = 0.6 * side;
  return decision;
}

/** One manager with one instrument, and a market and readings to evaluate it with. */
export class Bench {
  readonly instrument: Instrument;
  readonly table = new ScalpTable();
  readonly manager: ExitManager;
  readonly market = new Float64Array(MARKET_SIZE);
  readonly readings = testReadings();
  readonly intents = new IntentBatch();
  readonly fill = new Float64Array(FILL_SIZE);
  nowNs = 10 * SECOND;
  #nextOrder = 100;

  constructor(given: Readonly<Record<string, number>> = {}, instrument = testInstrument()) {
    this.instrument = instrument;
    const parameters = parameterValues(EXIT_FIELDS, given);
    this.manager = new ExitManager([this.instrument], parameters, this.table);
    this.quote(100_000, 100_001);
  }

  quote(bid: number, ask: number): void {
    setMarket(this.market, this.nowNs, bid, ask);
  }

  /** Lets time pass; the market's stamps move along unless the feed is silent. */
  pass(ns: number, isSilent = false): void {
    this.nowNs += ns;
    if (!isSilent) {
      this.quote(this.market[Market.BidTicks]!, this.market[Market.AskTicks]!);
    }
  }

  /** Evaluates and returns how many intents came out. */
  turn(allowed = 1): number {
    this.intents.clear();
    this.manager.clock[0] = this.nowNs;
    this.manager.evaluate(0, this.market, this.readings, allowed, this.intents);
    return this.intents.count;
  }

  /** The only intent of the last turn, as text: "place stop sell 10 @ 99,990 IOC". */
  intent(row = 0): Readonly<Record<string, number>> {
    const batch = this.intents;
    return {
      action: batch.action[row]!,
      purpose: batch.purpose[row]!,
      side: batch.side[row]!,
      price: batch.priceTicks[row]!,
      lots: batch.lots[row]!,
      timeInForce: batch.timeInForce[row]!,
      reduceOnly: batch.reduceOnly[row]!,
      order: batch.order[row]!,
    };
  }

  filled(slot: number, purpose: number, side: number, lots: number, price: number): void {
    this.fill[Fill.Side] = side;
    this.fill[Fill.Lots] = lots;
    this.fill[Fill.PriceTicks] = price;
    this.fill[Fill.FeeE8] = 0;
    this.fill[Fill.RealisedE8] = 0;
    this.fill[Fill.NowNs] = this.nowNs;
    this.manager.onFill(slot, purpose, this.fill);
  }

  /** Opens a scalp whose entry has filled whole at `price`. */
  open(side: 1 | -1, lots: number, price = side > 0 ? 100_001 : 100_000): number {
    const decision = testDecision(side, lots, price);
    decision[Decision.TimeNs] = this.nowNs;
    const slot = this.manager.openScalp(decision, 1);
    this.filled(slot, 0, side, lots, price);
    this.manager.onOrder(slot, 0, 1, 5);
    return slot;
  }

  /** Answers the intent of a row with a fresh order slot in state PendingNew, then Open. */
  accept(slot: number, row = 0): number {
    const order = this.#nextOrder++;
    this.manager.onOrder(slot, this.intents.purpose[row]!, order, 1);
    if (this.intents.timeInForce[row] !== TimeInForce.Ioc) {
      this.manager.onOrder(slot, this.intents.purpose[row]!, order, 2);
    }
    return order;
  }

  field(slot: number, field: number): number {
    return this.table.rows[this.table.at(slot) + field]!;
  }

  state(slot: number): number {
    return this.field(slot, Scalp.State);
  }
}
