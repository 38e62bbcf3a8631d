/**
 * liquidity-history: what rested at each price of one instrument through the last minutes, with
 * the touch, the five-level imbalance and the trades of the same time.
 *
 * A column is one sample of the ladder, COLUMN_MS apart, numbered by the wall clock. A sample holds
 * for one column more when the next is that late (a slow window); beyond that, or when the book was
 * not valid in between, columns stay unknown: they are drawn as a gap, never filled in.
 *
 * Writer    live/liquidity-histories, once a display frame. Readers: the liquidity panel.
 * Units     ticks, lots, epoch ms.
 * Memory    all set aside at once: about 4 MB.
 *
 * Imports   contract/frames, ./book-view, ./imbalance-history.
 */
import { FrameInstrument, FrameLadder } from '../../engine/contract/frames.ts';
import type { BookView } from './book-view.ts';
import { meanImbalance } from './imbalance-history.ts';
import { SizeQuantiles, wholeStep } from './size-quantiles.ts';

export const COLUMN_MS = 200;
/** Five minutes. */
export const COLUMNS = 1500;
/** Ticks of a column, the middle of the market at the half of them. */
export const COLUMN_TICKS = 512;
export const TRADES_KEPT = 4096;
const TRADES_MASK = TRADES_KEPT - 1;
/** The clock went back by more columns than this: another past begins. */
const BACK_COLUMNS = 5;
const MEAN_OF = 400;

export class LiquidityHistory {
  readonly instrument: number;
  readonly sizes = new SizeQuantiles();
  readonly #lots = new Float32Array(COLUMNS * COLUMN_TICKS);
  /** The size's step above one lot, plus 1; 0 where nothing rests. What colours are made from. */
  readonly #steps = new Uint8Array(COLUMNS * COLUMN_TICKS);
  readonly #number = new Float64Array(COLUMNS).fill(-1);
  readonly #base = new Int32Array(COLUMNS);
  readonly #bid = new Int32Array(COLUMNS);
  readonly #ask = new Int32Array(COLUMNS);
  readonly #imbalance = new Float32Array(COLUMNS);
  readonly #tradeMs = new Float64Array(TRADES_KEPT);
  readonly #tradeTicks = new Int32Array(TRADES_KEPT);
  /** Lots, negative when sold. */
  readonly #tradeLots = new Float64Array(TRADES_KEPT);
  #imbalanceSum = 0;
  #imbalanceCount = 0;
  #lastTrade = -1;
  /** Every frame since the newest column was valid. */
  #mayHold = false;
  /** Number of the newest column; −1 before the first. */
  newest = -1;
  /** Number of the first column that was ever taken. */
  first = -1;
  trades = 0;
  /** Mean size of the last some hundred trades. */
  usualLots = 0;
  version = 1;

  constructor(instrument: number) {
    this.instrument = instrument;
  }

  clear(): void {
    this.#number.fill(-1);
    this.sizes.clear();
    this.#imbalanceSum = 0;
    this.#imbalanceCount = 0;
    this.#lastTrade = -1;
    this.#mayHold = false;
    this.newest = -1;
    this.first = -1;
    this.trades = 0;
    this.usualLots = 0;
    this.version += 1;
  }

  /** Takes in a frame that holds the instrument's ladder at `at`. */
  update(book: BookView, at: number): void {
    if (!book.isValid(this.instrument)) {
      this.#mayHold = false;
      return;
    }
    this.#imbalanceSum += meanImbalance(book, this.instrument);
    this.#imbalanceCount += 1;
    const number = Math.floor(book.wallMs / COLUMN_MS);
    if (number < this.newest - BACK_COLUMNS) this.clear();
    if (number <= this.newest) return;
    if (number === this.newest + 2 && this.#mayHold) this.#hold();
    this.#take(book, at, number);
    this.#mayHold = true;
  }

  /** The newest sample stands for the column after it, too. */
  #hold(): void {
    const from = this.newest % COLUMNS;
    const to = (this.newest + 1) % COLUMNS;
    const start = from * COLUMN_TICKS;
    this.#lots.copyWithin(to * COLUMN_TICKS, start, start + COLUMN_TICKS);
    this.#steps.copyWithin(to * COLUMN_TICKS, start, start + COLUMN_TICKS);
    this.#base[to] = this.#base[from] ?? 0;
    this.#bid[to] = this.#bid[from] ?? 0;
    this.#ask[to] = this.#ask[from] ?? 0;
    this.#imbalance[to] = this.#imbalance[from] ?? 0;
    this.newest += 1;
    this.#number[to] = this.newest;
  }

  #take(book: BookView, at: number, number: number): void {
    const slot = number % COLUMNS;
    const bid = book.field(this.instrument, FrameInstrument.BidTicks);
    const ask = book.field(this.instrument, FrameInstrument.AskTicks);
    const base = Math.round((bid + ask) / 2) - COLUMN_TICKS / 2;
    const start = slot * COLUMN_TICKS;
    this.#lots.fill(0, start, start + COLUMN_TICKS);
    this.#steps.fill(0, start, start + COLUMN_TICKS);
    this.#side(book.frame, at + FrameLadder.Bids, book.frame[at + FrameLadder.BidCount] ?? 0, {
      start,
      base,
    });
    this.#side(book.frame, at + FrameLadder.Asks, book.frame[at + FrameLadder.AskCount] ?? 0, {
      start,
      base,
    });
    this.sizes.fade();
    this.#number[slot] = number;
    this.#base[slot] = base;
    this.#bid[slot] = bid;
    this.#ask[slot] = ask;
    this.#imbalance[slot] = this.#imbalanceSum / this.#imbalanceCount;
    this.#imbalanceSum = 0;
    this.#imbalanceCount = 0;
    this.newest = number;
    if (this.first < 0) this.first = number;
    this.version += 1;
  }

  #side(
    frame: Float64Array,
    levels: number,
    count: number,
    { start, base }: { readonly start: number; readonly base: number },
  ): void {
    for (let i = 0; i < count; i++) {
      const row = (frame[levels + 2 * i] ?? 0) - base;
      if (row < 0 || row >= COLUMN_TICKS) continue;
      const lots = frame[levels + 2 * i + 1] ?? 0;
      if (!(lots > 0)) continue;
      this.#lots[start + row] = lots;
      this.#steps[start + row] = 1 + wholeStep(lots);
      this.sizes.add(lots);
    }
  }

  takeTrade(number: number, wallMs: number, ticks: number, signedLots: number): void {
    // A new connection begins with trades that are known already.
    if (number <= this.#lastTrade) return;
    this.#lastTrade = number;
    const slot = this.trades & TRADES_MASK;
    this.#tradeMs[slot] = wallMs;
    this.#tradeTicks[slot] = ticks;
    this.#tradeLots[slot] = signedLots;
    const weight = 1 / Math.min(this.trades + 1, MEAN_OF);
    this.usualLots += (Math.abs(signedLots) - this.usualLots) * weight;
    this.trades += 1;
    this.version += 1;
  }

  /** Oldest column that is still kept. */
  get oldest(): number {
    return this.newest < 0 ? -1 : Math.max(this.first, this.newest - COLUMNS + 1);
  }

  isKnown(column: number): boolean {
    return column >= 0 && this.#number[column % COLUMNS] === column;
  }

  bidAt(column: number): number {
    return this.#bid[column % COLUMNS] ?? 0;
  }

  askAt(column: number): number {
    return this.#ask[column % COLUMNS] ?? 0;
  }

  /** Ticks between the lowest bid and the highest ask of the newest `count` columns. */
  wayOf(count: number): number {
    let low = Infinity;
    let high = -Infinity;
    for (let column = this.newest; column > this.newest - count; column--) {
      if (!this.isKnown(column)) continue;
      low = Math.min(low, this.bidAt(column));
      high = Math.max(high, this.askAt(column));
    }
    return Math.max(0, high - low);
  }

  /** NaN for a column that is not known. */
  imbalanceAt(column: number): number {
    return this.isKnown(column) ? (this.#imbalance[column % COLUMNS] ?? 0) : Number.NaN;
  }

  /**
   * Fills `out` with the largest step of each of `rows` rows of `group` ticks, from the highest
   * price `topTicks` down; false when the column is not known.
   */
  fillSteps(column: number, topTicks: number, group: number, out: Uint8Array): boolean {
    if (!this.isKnown(column)) return false;
    const slot = column % COLUMNS;
    const base = this.#base[slot] ?? 0;
    const start = slot * COLUMN_TICKS;
    let below = topTicks - base;
    for (let row = 0; row < out.length; row++) {
      let largest = 0;
      for (let i = 0; i < group; i++, below--) {
        if (below < 0 || below >= COLUMN_TICKS) continue;
        const step = this.#steps[start + below] ?? 0;
        if (step > largest) largest = step;
      }
      out[row] = largest;
    }
    return true;
  }

  /** Largest size among `count` prices from `ticks` up; 0 where nothing is known. */
  largest(column: number, ticks: number, count: number): number {
    if (!this.isKnown(column)) return 0;
    const slot = column % COLUMNS;
    const from = Math.max(0, ticks - (this.#base[slot] ?? 0));
    const to = Math.min(COLUMN_TICKS, ticks + count - (this.#base[slot] ?? 0));
    let largest = 0;
    for (let row = from; row < to; row++) {
      const lots = this.#lots[slot * COLUMN_TICKS + row] ?? 0;
      if (lots > largest) largest = lots;
    }
    return largest;
  }

  /** Trades that are still kept, by age: 0 is the newest. */
  get tradesKept(): number {
    return Math.min(this.trades, TRADES_KEPT);
  }

  tradeMs(age: number): number {
    return this.#tradeMs[(this.trades - 1 - age) & TRADES_MASK] ?? 0;
  }

  tradeTicks(age: number): number {
    return this.#tradeTicks[(this.trades - 1 - age) & TRADES_MASK] ?? 0;
  }

  tradeLots(age: number): number {
    return this.#tradeLots[(this.trades - 1 - age) & TRADES_MASK] ?? 0;
  }
}
