/**
 * fake-market: eight moving books for tests and design work. Plausible, seeded, and no exchange: it
 * knows levels and trades, not orders.
 *
 * Imports   engine base, domain.
 */
import { SeededRandom } from '../../engine/base/random.ts';
import { Instrument, type InstrumentSpec } from '../../engine/domain/instrument.ts';
import { LEVELS } from '../../engine/domain/market.ts';

const MEMORY = 4096;
const MASK = MEMORY - 1;

interface Recipe {
  readonly symbol: string;
  readonly tickSize: string;
  readonly lotSize: string;
  readonly mid: number;
  readonly size: number;
  readonly volatility: number;
}

export const RECIPES: readonly Recipe[] = [
  { symbol: 'BTCUSDT', tickSize: '0.1', lotSize: '0.001', mid: 64231, size: 0.9, volatility: 0.9 },
  {
    symbol: 'ETHUSDT',
    tickSize: '0.01',
    lotSize: '0.001',
    mid: 3121.4,
    size: 1.4,
    volatility: 0.8,
  },
  { symbol: 'SOLUSDT', tickSize: '0.01', lotSize: '0.1', mid: 171.42, size: 64, volatility: 0.35 },
  { symbol: 'XRPUSDT', tickSize: '0.0001', lotSize: '1', mid: 0.6214, size: 4200, volatility: 0.3 },
  {
    symbol: 'LINKUSDT',
    tickSize: '0.001',
    lotSize: '0.1',
    mid: 18.21,
    size: 210,
    volatility: 0.35,
  },
  {
    symbol: 'DOGEUSDT',
    tickSize: '0.00001',
    lotSize: '1',
    mid: 0.1523,
    size: 9000,
    volatility: 0.3,
  },
  { symbol: 'AVAXUSDT', tickSize: '0.001', lotSize: '1', mid: 36.4, size: 90, volatility: 0.4 },
  {
    symbol: 'ADAUSDT',
    tickSize: '0.0001',
    lotSize: '1',
    mid: 0.4711,
    size: 6000,
    volatility: 0.25,
  },
];

export interface FakeTrade {
  readonly instrument: number;
  readonly ticks: number;
  readonly lots: number;
  readonly side: number;
  readonly timeNs: number;
}

export type Level = readonly [ticks: number, lots: number];

/** One instrument's book: sizes by price on both sides of a wandering touch. */
export class FakeBook {
  readonly instrument: Instrument;
  readonly #random: SeededRandom;
  readonly #recipe: Recipe;
  readonly #lots = new Float64Array(MEMORY);
  readonly #tagged = new Int32Array(MEMORY);
  bidTicks: number;
  spreadTicks = 1;
  lean = 0;
  #drift = 0;
  lastTrade: FakeTrade | null = null;
  buyLots = 0;
  sellLots = 0;

  constructor(index: number, recipe: Recipe, random: SeededRandom) {
    this.instrument = new Instrument(index, specOf(recipe));
    this.#recipe = recipe;
    this.#random = random;
    this.bidTicks = Math.round(recipe.mid / Number(recipe.tickSize));
  }

  get askTicks(): number {
    return this.bidTicks + this.spreadTicks;
  }

  /** Lots at a price, whichever side it lies on; zero inside the spread. */
  lotsAt(ticks: number): number {
    if (ticks > this.bidTicks && ticks < this.askTicks) return 0;
    const slot = ticks & MASK;
    if (this.#tagged[slot] !== ticks) {
      this.#tagged[slot] = ticks;
      this.#lots[slot] = this.#freshLots(ticks);
    }
    return this.#lots[slot] ?? 0;
  }

  #freshLots(ticks: number): number {
    const depth = Math.abs(ticks - this.bidTicks);
    const shape = 0.15 + Math.exp(-(((depth - 9) / 12) ** 2));
    const wall = ticks % 29 === 0 ? 3.2 : 1;
    const value = this.#recipe.size * shape * wall * (0.1 + 1.6 * this.#random.next());
    return Math.max(1, Math.round(value / Number(this.#recipe.lotSize)));
  }

  bids(count: number): readonly Level[] {
    return this.#side(this.bidTicks, -1, count);
  }

  asks(count: number): readonly Level[] {
    return this.#side(this.askTicks, 1, count);
  }

  #side(from: number, step: number, count: number): readonly Level[] {
    const levels: [number, number][] = [];
    for (let i = 0; i < count; i++) levels.push([from + i * step, this.lotsAt(from + i * step)]);
    return levels;
  }

  /** Moves the market a little; what traded is pushed to `trades`. */
  step(timeNs: number, trades: FakeTrade[]): void {
    const random = this.#random;
    this.#drift = this.#drift * 0.97 + random.normal() * 0.06 * this.#recipe.volatility;
    this.lean = this.lean * 0.985 + random.normal() * 0.09;
    for (let i = 0; i < 4; i++) this.#changeLevel();
    if (random.next() < 0.25) this.#trade(timeNs, trades);
    const move = Math.round(this.#drift * 1.4 + random.normal() * 0.35 * this.#recipe.volatility);
    if (move !== 0 && random.next() < 0.4) this.shift(move);
    this.spreadTicks = random.next() < 0.9 ? 1 : 1 + random.int(3);
  }

  shift(ticks: number): void {
    this.bidTicks += ticks;
  }

  #changeLevel(): void {
    const distance = Math.floor(this.#random.exponential() * 6);
    const isBid = this.#random.next() < 0.5;
    const ticks = isBid ? this.bidTicks - distance : this.askTicks + distance;
    const leaning = 1 + (isBid ? 1 : -1) * Math.max(-0.8, Math.min(0.8, this.lean));
    this.#tagged[ticks & MASK] = ticks;
    this.#lots[ticks & MASK] = Math.max(1, Math.round(this.#freshLots(ticks) * leaning));
  }

  #trade(timeNs: number, trades: FakeTrade[]): void {
    const side = this.#random.next() < 0.5 + this.lean * 0.2 ? 1 : -1;
    const ticks = side > 0 ? this.askTicks : this.bidTicks;
    const lots = Math.max(1, Math.round(this.lotsAt(ticks) * this.#random.next() * 0.6));
    const left = Math.max(1, this.lotsAt(ticks) - lots);
    this.#lots[ticks & MASK] = left;
    this.lastTrade = { instrument: this.instrument.index, ticks, lots, side, timeNs };
    if (side > 0) this.buyLots += lots;
    else this.sellLots += lots;
    trades.push(this.lastTrade);
  }

  imbalance(level: number): number {
    const bid = this.lotsAt(this.bidTicks - level);
    const ask = this.lotsAt(this.askTicks + level);
    return bid + ask === 0 ? 0 : (bid - ask) / (bid + ask);
  }

  meanImbalance(): number {
    let sum = 0;
    for (let level = 0; level < LEVELS; level++) sum += this.imbalance(level);
    return sum / LEVELS;
  }
}

function specOf(recipe: Recipe): InstrumentSpec {
  return {
    symbol: recipe.symbol,
    venue: 'binance-usdm',
    baseAsset: recipe.symbol.replace('USDT', ''),
    quoteAsset: 'USDT',
    tickSize: recipe.tickSize,
    lotSize: recipe.lotSize,
    minQty: recipe.lotSize,
    maxQty: '1000000',
    minNotional: '5',
    makerFee: '0.0002',
    takerFee: '0.0004',
  };
}

/** All books, stepped together. */
export class FakeMarket {
  readonly books: readonly FakeBook[];
  readonly random: SeededRandom;
  trades: FakeTrade[] = [];

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
    this.books = RECIPES.map((recipe, index) => {
      return new FakeBook(index, recipe, this.random.fork(index));
    });
  }

  book(symbol: string): FakeBook {
    const book = this.books.find(({ instrument }) => instrument.symbol === symbol);
    if (book === undefined) throw new Error(`no fake book ${symbol}`);
    return book;
  }

  step(timeNs: number): void {
    for (const book of this.books) book.step(timeNs, this.trades);
  }
}
