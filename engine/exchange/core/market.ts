/**
 * market: one listed instrument at run time: its book, depth windows, touch, ids and mark price.
 *
 * Writer    ExchangeCore's thread.
 * Units     ticks, lots; times in simulation ms.
 * Imports   core/{account,defaults,depth-feed,instruments,money,order-book}.
 */
import { assert } from '../../base/assert.ts';
import type { AccountOrder } from './account.ts';
import { DEFAULTS } from './defaults.ts';
import { DepthFeed } from './depth-feed.ts';
import type { SimInstrumentSpec } from './instruments.ts';
import { tickLotE8 } from './instruments.ts';
import { fixedText } from './money.ts';
import type { BookOrder, BookSide, Level } from './order-book.ts';
import { OrderBook } from './order-book.ts';

/** The book's parts, owned by account orders or by nobody. */
export type MarketOrder = BookOrder<AccountOrder>;
export type MarketLevel = Level<AccountOrder>;
export type MarketSide = BookSide<AccountOrder>;

const TEXT_CACHE_MAX = 20_000;

export class Market {
  readonly index: number;
  readonly spec: SimInstrumentSpec;
  readonly symbol: string;
  readonly book: OrderBook<AccountOrder>;
  readonly depthFeeds: readonly DepthFeed[];
  /** Quote money of one tick times one lot, 1e-8 units. */
  readonly tickLotE8: number;
  readonly tickLotBig: bigint;
  nextTradeId: number = DEFAULTS.firstTradeId;
  nextAggId = 1;
  lastTradeTicks: number;
  markTicks: number;
  indexTicks: number;
  /** Touch as last announced. */
  bidTicks = 0;
  bidLots = 0;
  askTicks = 0;
  askLots = 0;
  readonly #tickUnits: number;
  readonly #stepUnits: number;
  readonly #priceTexts = new Map<number, string>();

  constructor(index: number, spec: SimInstrumentSpec) {
    this.index = index;
    this.spec = spec;
    this.symbol = spec.symbol;
    const firstId = DEFAULTS.firstUpdateId + index * 1_000_003;
    this.depthFeeds = DEFAULTS.depthSpeedsMs.map(
      (speed) => new DepthFeed(speed, speed === 100, firstId),
    );
    const feeds = this.depthFeeds;
    this.book = new OrderBook(firstId, (side, ticks) => {
      for (let i = 0; i < feeds.length; i++) {
        (feeds[i] as DepthFeed).mark(side, ticks, this.book.lastUpdateId);
      }
    });
    this.tickLotE8 = tickLotE8(spec);
    this.tickLotBig = BigInt(this.tickLotE8);
    this.lastTradeTicks = spec.startPriceTicks;
    this.markTicks = spec.startPriceTicks;
    this.indexTicks = spec.startPriceTicks;
    this.#tickUnits = Math.round((spec.tickE8 / 1e8) * 10 ** spec.priceDecimals);
    this.#stepUnits = Math.round((spec.stepE8 / 1e8) * 10 ** spec.sizeDecimals);
    assert(
      this.#tickUnits > 0 && this.#stepUnits > 0,
      `${spec.symbol}: decimals hold tick and step`,
    );
  }

  get tickUnits(): number {
    return this.#tickUnits;
  }

  get stepUnits(): number {
    return this.#stepUnits;
  }

  /** Middle of the touch in ticks, or the last trade when a side is empty. */
  get midTicks(): number {
    const bid = this.book.bids.best();
    const ask = this.book.asks.best();
    if (bid === null || ask === null) return this.lastTradeTicks;
    return (bid.priceTicks + ask.priceTicks) / 2;
  }

  depthFeed(speedMs: number): DepthFeed | null {
    return this.depthFeeds.find((feed) => feed.speedMs === speedMs) ?? null;
  }

  /** Resting lots of a level, 0 when there is none. */
  lotsAt(side: 1 | -1, priceTicks: number): number {
    return this.book.sideOf(side).find(priceTicks)?.lots ?? 0;
  }

  priceText(ticks: number): string {
    let text = this.#priceTexts.get(ticks);
    if (text === undefined) {
      text = fixedText(ticks * this.#tickUnits, this.spec.priceDecimals);
      if (this.#priceTexts.size >= TEXT_CACHE_MAX) this.#priceTexts.clear();
      this.#priceTexts.set(ticks, text);
    }
    return text;
  }

  sizeText(lots: number): string {
    return fixedText(lots * this.#stepUnits, this.spec.sizeDecimals);
  }

  /** A price between ticks (mark, index, averages) with eight decimals. */
  fineText(ticks: number): string {
    return ((ticks * this.spec.tickE8) / 1e8).toFixed(8);
  }

  notionalE8(ticks: number, lots: number): bigint {
    return BigInt(ticks) * BigInt(lots) * this.tickLotBig;
  }
}
