/**
 * support: markets made by hand for the signal tests, and a random one with a mirror image.
 */
import { SeededRandom } from '../../../../engine/base/random.ts';
import { Instrument } from '../../../../engine/domain/instrument.ts';
import { LEVELS, Market, MARKET_SIZE } from '../../../../engine/domain/market.ts';
import { BookState } from '../../../../engine/domain/modes.ts';
import { Reading, READING_STRIDE } from '../../../../engine/domain/readings.ts';
import { signalParameters } from '../../../../engine/signals/parameters.ts';
import { SignalSet } from '../../../../engine/signals/signal-set.ts';

export const MS = 1e6;
export const SECOND = 1e9;
/** MessageClass numbers as the decoders write them. */
export const DEPTH = 1;
export const TRADE = 2;
export const TOUCH = 3;
export const SNAPSHOT = 4;

export function testInstrument(index = 0): Instrument {
  return new Instrument(index, {
    symbol: 'TESTUSDT',
    venue: 'binance-usdm',
    baseAsset: 'TEST',
    quoteAsset: 'USDT',
    tickSize: '0.10',
    lotSize: '0.001',
    minQty: '0.001',
    maxQty: '1000',
    minNotional: '5',
    makerFee: '0.0002',
    takerFee: '0.0004',
  });
}

/** Without warm-up or settling, so that a hand-worked reading shows at once. */
export const INSTANT = { warmUpS: 1, warmUpTrades: 0, settleMs: 0 } as const;

export class MarketMaker {
  readonly market = new Float64Array(MARKET_SIZE);

  constructor(bid = 1000, bidLots = 10, ask = 1001, askLots = 10) {
    this.market[Market.BookState] = BookState.Synced;
    this.touch(0, bid, bidLots, ask, askLots);
  }

  /** A touch update; the five levels follow it with the same sizes. */
  touch(nowNs: number, bid: number, bidLots: number, ask: number, askLots: number): Float64Array {
    const m = this.market;
    this.#message(nowNs, TOUCH);
    m[Market.Valid] = 1;
    m[Market.BidTicks] = bid;
    m[Market.BidLots] = bidLots;
    m[Market.AskTicks] = ask;
    m[Market.AskLots] = askLots;
    m[Market.SpreadTicks] = ask - bid;
    m[Market.MidTicks] = (bid + ask) / 2;
    m[Market.MicroTicks] = (bid * askLots + ask * bidLots) / (bidLots + askLots);
    m[Market.TouchNs] = nowNs;
    return m;
  }

  /** A depth update: levels as [ticks, lots] pairs, best first; the touch is the first of each. */
  depth(
    nowNs: number,
    bids: readonly (readonly [number, number])[],
    asks: readonly (readonly [number, number])[],
  ): Float64Array {
    const m = this.touch(nowNs, bids[0]![0], bids[0]![1], asks[0]![0], asks[0]![1]);
    m[Market.MessageClass] = DEPTH;
    m[Market.DepthNs] = nowNs;
    for (let level = 0; level < LEVELS; level++) {
      m[Market.BidTicks0 + level] = bids[level]?.[0] ?? 0;
      m[Market.BidLots0 + level] = bids[level]?.[1] ?? 0;
      m[Market.AskTicks0 + level] = asks[level]?.[0] ?? 0;
      m[Market.AskLots0 + level] = asks[level]?.[1] ?? 0;
    }
    return m;
  }

  /** One trade message. `side` is the aggressor's. */
  trade(nowNs: number, side: number, lots: number, trades = 1): Float64Array {
    const m = this.market;
    this.#message(nowNs, TRADE);
    m[Market.TradeCount] = trades;
    m[side > 0 ? Market.BuyLots : Market.SellLots] = lots;
    m[Market.LastTradeSide] = side;
    return m;
  }

  /** The book is lost: nothing of it may be read. */
  invalid(nowNs: number): Float64Array {
    const m = this.market;
    this.#message(nowNs, DEPTH);
    m[Market.Valid] = 0;
    m[Market.BidTicks] = NaN;
    m[Market.AskTicks] = NaN;
    m[Market.BidLots] = NaN;
    m[Market.AskLots] = NaN;
    m[Market.MidTicks] = NaN;
    m[Market.MicroTicks] = NaN;
    m[Market.SpreadTicks] = NaN;
    return m;
  }

  at(nowNs: number): Float64Array {
    this.market[Market.NowNs] = nowNs;
    return this.market;
  }

  #message(nowNs: number, kind: number): void {
    const m = this.market;
    m[Market.NowNs] = nowNs;
    m[Market.MessageClass] = kind;
    m[Market.TradeCount] = 0;
    m[Market.BuyLots] = 0;
    m[Market.SellLots] = 0;
  }
}

export function makeSignals(given: Readonly<Record<string, number>> = {}): SignalSet {
  return new SignalSet(testInstrument(), signalParameters(given));
}

export function strength(set: SignalSet, signal: number): number {
  return set.readings[signal * READING_STRIDE + Reading.Strength]!;
}

export function confidence(set: SignalSet, signal: number): number {
  return set.readings[signal * READING_STRIDE + Reading.Confidence]!;
}

export function raw(set: SignalSet, signal: number): number {
  return set.readings[signal * READING_STRIDE + Reading.Raw]!;
}

export interface StreamOptions {
  readonly seed: number;
  readonly messages: number;
  /** Share of messages in an invalid stretch. */
  readonly invalidShare?: number;
  readonly wide?: boolean;
}

/** A random market with irregular times, trades, five levels and, if asked, invalid stretches. */
export function randomStream(options: StreamOptions): Float64Array[] {
  const random = new SeededRandom(options.seed);
  const maker = new MarketMaker();
  const rows: Float64Array[] = [];
  let mid = 50_000;
  let nowNs = random.int(1000) * MS;
  let invalidLeft = 0;
  for (let i = 0; i < options.messages; i++) {
    nowNs += random.next() < 0.1 ? 0 : Math.floor(random.exponential() * 20 * MS);
    if (random.next() < 0.001) nowNs += 3 * SECOND;
    if (random.next() < 0.15) mid += random.int(5) - 2;
    if (random.next() < (options.invalidShare ?? 0) / 10) invalidLeft = 10;
    invalidLeft -= 1;
    if (invalidLeft >= 0) rows.push(Float64Array.from(maker.invalid(nowNs)));
    else rows.push(Float64Array.from(randomMessage(maker, random, nowNs, mid, options)));
  }
  return rows;
}

function randomMessage(
  maker: MarketMaker,
  random: SeededRandom,
  nowNs: number,
  mid: number,
  options: StreamOptions,
): Float64Array {
  const size = (): number => 1 + random.int(200);
  const kind = random.next();
  const isBook = Number.isFinite(maker.market[Market.MidTicks]!);
  if (kind < 0.35 && isBook) {
    const lots = random.next() < 0.01 ? size() * 100 : size();
    return maker.trade(nowNs, random.next() < 0.5 ? 1 : -1, lots, 1 + random.int(3));
  }
  const spread = options.wide === true ? 2 + random.int(20) : 1 + (random.next() < 0.1 ? 1 : 0);
  if (kind < 0.7 && isBook) return maker.touch(nowNs, mid, size(), mid + spread, size());
  const bids: [number, number][] = [];
  const asks: [number, number][] = [];
  for (let level = 0; level < LEVELS; level++) {
    bids.push([mid - level * (1 + random.int(2)), size()]);
    asks.push([mid + spread + level * (1 + random.int(2)), size()]);
  }
  return maker.depth(nowNs, bids, asks);
}

/** The same market seen in a mirror: bid and ask exchanged, prices reflected at `around`. */
export function mirrored(row: Float64Array, around = 100_000): Float64Array {
  const m = Float64Array.from(row);
  const swap = (a: number, b: number): void => {
    m[a] = row[b]!;
    m[b] = row[a]!;
  };
  m[Market.BidTicks] = around - row[Market.AskTicks]!;
  m[Market.AskTicks] = around - row[Market.BidTicks]!;
  m[Market.MidTicks] = around - row[Market.MidTicks]!;
  m[Market.MicroTicks] = around - row[Market.MicroTicks]!;
  swap(Market.BidLots, Market.AskLots);
  swap(Market.BuyLots, Market.SellLots);
  m[Market.LastTradeSide] = -row[Market.LastTradeSide]!;
  for (let level = 0; level < LEVELS; level++) {
    m[Market.BidTicks0 + level] = around - row[Market.AskTicks0 + level]!;
    m[Market.AskTicks0 + level] = around - row[Market.BidTicks0 + level]!;
    swap(Market.BidLots0 + level, Market.AskLots0 + level);
  }
  return m;
}
