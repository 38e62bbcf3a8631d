/**
 * tape-model: the trades that a tape shows, oldest first, with the running delta, and a row for
 * each hole. Follows the trade log; nothing is made anew for a trade that is added. Pure.
 *
 * Units     ticks, lots; value and delta in quote units (all instruments) or base units (one);
 *           epoch ms.
 * Imports   live.
 */
import { TRADES_KEPT, type TradeLog } from '../../live/trade-log.ts';

/** What the model must know of an instrument. */
export interface TapeScale {
  /** Price of one tick, size of one lot, as doubles: for sums and bars only. */
  readonly tick: number;
  readonly lot: number;
}

export const HOLE = -1;
export const ALL = -1;
const MASK = TRADES_KEPT - 1;
/** A trade is large when it is among the largest fiftieth of those kept of its instrument. */
const LARGE_SHARE = 0.98;
const LARGE_OF = 50;

export class TapeModel {
  readonly #log: TradeLog;
  #scales: readonly TapeScale[] = [];
  #instrument = ALL;
  #minValue = 0;
  readonly #sequences = new Float64Array(TRADES_KEPT);
  readonly #instruments = new Int32Array(TRADES_KEPT);
  readonly #ticks = new Float64Array(TRADES_KEPT);
  readonly #lots = new Float64Array(TRADES_KEPT);
  readonly #sides = new Int8Array(TRADES_KEPT);
  readonly #times = new Float64Array(TRADES_KEPT);
  readonly #deltas = new Float64Array(TRADES_KEPT);
  #written = 0;
  #seen = 0;
  #rebuilds = -1;
  #large: Float64Array = new Float64Array(0);
  /** Sum of signed sizes since `sinceMs`. */
  delta = 0;
  bought = 0;
  sold = 0;
  sinceMs = 0;
  version = 0;

  constructor(log: TradeLog) {
    this.#log = log;
  }

  get count(): number {
    return Math.min(this.#written, TRADES_KEPT);
  }

  /** Rows ever shown since the last rebuild: how many are new since a moment. */
  get total(): number {
    return this.#written;
  }

  /** Instrument (ALL: every one) and the least value in quote units. */
  choose(instrument: number, minValue: number, scales: readonly TapeScale[]): void {
    this.#instrument = instrument;
    this.#minValue = minValue;
    this.#scales = scales;
    this.#rebuilds = -1;
  }

  /** Takes in what is new in the log. */
  follow(): void {
    const log = this.#log;
    if (log.rebuilds !== this.#rebuilds) this.#restart();
    let k = log.count;
    while (k > 0 && log.sequence(k - 1) > this.#seen) k--;
    if (k === log.count) return;
    for (; k < log.count; k++) this.#take(k);
    this.version += 1;
  }

  #restart(): void {
    this.#rebuilds = this.#log.rebuilds;
    this.#written = 0;
    this.#seen = 0;
    this.delta = 0;
    this.bought = 0;
    this.sold = 0;
    this.sinceMs = this.#log.count === 0 ? 0 : this.#log.atMs(0);
    this.version += 1;
    this.#measure();
  }

  #take(k: number): void {
    const log = this.#log;
    const sequence = log.sequence(k);
    const hole = this.#seen === 0 ? 0 : sequence - this.#seen - 1;
    if (hole > 0) this.#push(sequence - 1, HOLE, 0, hole, 0, log.atMs(k));
    this.#seen = sequence;
    if (this.sinceMs === 0) this.sinceMs = log.atMs(k);
    const instrument = log.instrument(k);
    if (this.#instrument !== ALL && instrument !== this.#instrument) return;
    const scale = this.#scales[instrument];
    if (scale === undefined) return;
    const size = log.lots(k) * scale.lot;
    const value = size * log.ticks(k) * scale.tick;
    const amount = this.#instrument === ALL ? value : size;
    if (log.side(k) > 0) this.bought += amount;
    else this.sold += amount;
    this.delta = this.bought - this.sold;
    if (value < this.#minValue) return;
    this.#push(sequence, instrument, log.ticks(k), log.lots(k), log.side(k), log.atMs(k));
  }

  #push(
    sequence: number,
    instrument: number,
    ticks: number,
    lots: number,
    side: number,
    atMs: number,
  ): void {
    const at = this.#written & MASK;
    this.#sequences[at] = sequence;
    this.#instruments[at] = instrument;
    this.#ticks[at] = ticks;
    this.#lots[at] = lots;
    this.#sides[at] = side;
    this.#times[at] = atMs;
    this.#deltas[at] = this.delta;
    this.#written += 1;
  }

  /** Looks anew which size is a large one of each instrument. Now and then. */
  measure(): void {
    this.#measure();
  }

  #measure(): void {
    const log = this.#log;
    const sizes: number[][] = this.#scales.map(() => []);
    for (let k = 0; k < log.count; k++) sizes[log.instrument(k)]?.push(log.lots(k));
    this.#large = Float64Array.from(sizes, (lots) => {
      if (lots.length < LARGE_OF) return Infinity;
      const sorted = lots.toSorted((a, b) => a - b);
      return sorted[Math.floor(LARGE_SHARE * (sorted.length - 1))]!;
    });
  }

  /** From so many lots on a trade of an instrument is large; Infinity while too few are known. */
  largeLots(instrument: number): number {
    return this.#large[instrument] ?? Infinity;
  }

  /** Fields of the row that is `back` rows behind the newest. */
  sequence(back: number): number {
    return this.#sequences[this.#at(back)]!;
  }

  /** HOLE: the row stands for `lots` trades that are not here. */
  instrument(back: number): number {
    return this.#instruments[this.#at(back)]!;
  }

  ticks(back: number): number {
    return this.#ticks[this.#at(back)]!;
  }

  lots(back: number): number {
    return this.#lots[this.#at(back)]!;
  }

  side(back: number): number {
    return this.#sides[this.#at(back)]!;
  }

  atMs(back: number): number {
    return this.#times[this.#at(back)]!;
  }

  /** Running delta after this row, trades below the least value included. */
  deltaAt(back: number): number {
    return this.#deltas[this.#at(back)]!;
  }

  /** How many rows are newer than a number. */
  newerThan(sequence: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.sequence(middle) > sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #at(back: number): number {
    return (this.#written - 1 - back) & MASK;
  }
}
