/**
 * candle-series: the bars of one instrument at one interval: the engine's, then our own.
 *
 * The engine's batch holds the trades numbered below `through`; trades of market frames are added
 * from that number on. A number that is missing, or a hole that the engine has found since, breaks
 * the series: it must be asked for anew and takes nothing until then. So no trade is counted twice
 * and none is left out unseen.
 *
 * Writer    live/candle-feed. Readers: the chart.
 * Units     ticks, lots, seconds since 1970; rows as in contract/candles.
 * Version   moves with every change; `revision` moves when earlier bars changed, too.
 *
 * Imports   contract/candles, ./frame-memory.
 */
import {
  barOf,
  CANDLE_FIELDS,
  CandleField,
  secondOf,
  type CandleBatch,
  type CandleSeconds,
} from '../../engine/contract/candles.ts';
import { RingTrade } from './frame-memory.ts';

/** Bars that are kept; when they are full the oldest half goes. */
export const SERIES_BARS = 4096;

/** empty: nothing is known · ready: whole and growing · broken: whole no more, ask again. */
export type SeriesState = 'empty' | 'ready' | 'broken';

export class CandleSeries {
  readonly symbol: string;
  readonly instrument: number;
  readonly seconds: CandleSeconds;
  readonly #rows = new Float64Array(SERIES_BARS * CANDLE_FIELDS);
  state: SeriesState = 'empty';
  length = 0;
  version = 1;
  revision = 1;
  refused = '';
  anchorWallMs = 0;
  /** Number of the next trade that counts. */
  next = 0;
  #holes = 0;

  constructor(symbol: string, instrument: number, seconds: CandleSeconds) {
    this.symbol = symbol;
    this.instrument = instrument;
    this.seconds = seconds;
  }

  field(bar: number, field: number): number {
    return this.#rows[bar * CANDLE_FIELDS + field] ?? 0;
  }

  clear(): void {
    this.state = 'empty';
    this.length = 0;
    this.#changedWhole();
  }

  load(batch: CandleBatch): void {
    const rows = batch.rows.slice(-SERIES_BARS * CANDLE_FIELDS);
    this.#rows.fill(0);
    this.#rows.set(rows);
    this.length = Math.floor(rows.length / CANDLE_FIELDS);
    this.anchorWallMs = batch.anchorWallMs;
    this.next = batch.through;
    this.#holes = batch.holes;
    this.refused = batch.refused;
    this.state = 'ready';
    this.#changedWhole();
  }

  #changedWhole(): void {
    this.version += 1;
    this.revision += 1;
  }

  break(): void {
    if (this.state === 'ready') this.state = 'broken';
  }

  /** The engine has found so many holes. */
  lookForHoles(holes: number): void {
    if (this.state === 'ready' && holes > this.#holes) this.break();
  }

  /** The trade at `at` of the ring, whichever instrument's it is. */
  take(ring: Float64Array, at: number): void {
    if (this.state !== 'ready') return;
    const number = ring[at + RingTrade.Number] ?? 0;
    if (number < this.next) return;
    if (number > this.next) {
      this.break();
      return;
    }
    this.next += 1;
    if (ring[at + RingTrade.Instrument] !== this.instrument) return;
    this.#add(ring, at);
  }

  #add(ring: Float64Array, at: number): void {
    const second = secondOf(this.anchorWallMs, ring[at + RingTrade.TimeNs] ?? 0);
    const row = this.#rowOf(barOf(second, this.seconds)) * CANDLE_FIELDS;
    const rows = this.#rows;
    const ticks = ring[at + RingTrade.Ticks] ?? 0;
    const lots = ring[at + RingTrade.Lots] ?? 0;
    if (rows[row + CandleField.Trades] === 0) {
      rows[row + CandleField.Open] = ticks;
      rows[row + CandleField.High] = ticks;
      rows[row + CandleField.Low] = ticks;
    }
    rows[row + CandleField.High] = Math.max(rows[row + CandleField.High] ?? 0, ticks);
    rows[row + CandleField.Low] = Math.min(rows[row + CandleField.Low] ?? 0, ticks);
    rows[row + CandleField.Close] = ticks;
    const side = (ring[at + RingTrade.Side] ?? 0) > 0 ? CandleField.BuyLots : CandleField.SellLots;
    rows[row + side] = (rows[row + side] ?? 0) + lots;
    rows[row + CandleField.Trades] = (rows[row + CandleField.Trades] ?? 0) + 1;
    this.version += 1;
  }

  /** Time never goes back: what is older than the newest bar is counted into it. */
  #rowOf(start: number): number {
    const last = this.length - 1;
    if (last >= 0 && start <= this.field(last, CandleField.Second)) return last;
    if (this.length === SERIES_BARS) this.#dropOldest();
    const row = this.length;
    this.#rows.fill(0, row * CANDLE_FIELDS, (row + 1) * CANDLE_FIELDS);
    this.#rows[row * CANDLE_FIELDS + CandleField.Second] = start;
    this.length += 1;
    return row;
  }

  #dropOldest(): void {
    const half = SERIES_BARS / 2;
    this.#rows.copyWithin(0, half * CANDLE_FIELDS);
    this.length -= half;
    this.#changedWhole();
  }
}
