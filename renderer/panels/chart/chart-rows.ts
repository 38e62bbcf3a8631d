/**
 * chart-rows: a series of bars as the chart draws it: candles with their indicators, and, between
 * them, the quiet time and the holes. Pure.
 *
 * A quiet bar had no trades: the chart leaves its place empty. A hole had trades that nobody here
 * knows: it is marked.
 *
 * Units     ticks, lots, seconds since 1970.
 * Imports   contract/candles, live, ./chart-indicators.
 */
import { CandleField } from '../../../engine/contract/candles.ts';
import type { CandleSeries } from '../../live/candle-series.ts';
import { EMA_FAST, EMA_SLOW, EmaColumn, RSI_PERIOD, RsiColumn } from './chart-indicators.ts';

/** Quiet bars in a row beyond this are left out: the axis jumps, and says so by its times. */
export const QUIET_MAX = 120;

/** Anything with bars in it. */
export type Bars = Pick<CandleSeries, 'length' | 'field' | 'seconds'>;

export interface Candle {
  readonly second: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly buyLots: number;
  readonly sellLots: number;
  readonly trades: number;
  readonly isHole: boolean;
  /** NaN until enough bars have been seen. */
  readonly emaFast: number;
  readonly emaSlow: number;
  readonly rsi: number;
}

/** One place on the time axis. */
export interface ChartPoint {
  readonly second: number;
  /** Null for quiet time and for a hole of which no trade is known. */
  readonly candle: Candle | null;
  readonly isHole: boolean;
}

export class ChartRows {
  #fast = new EmaColumn(EMA_FAST);
  #slow = new EmaColumn(EMA_SLOW);
  #rsi = new RsiColumn(RSI_PERIOD);
  /** Traded bars before each bar: the place of its close in the indicators. */
  #places: number[] = [];

  /** Forgets everything: the bars before the newest have changed. */
  restart(): void {
    this.#fast = new EmaColumn(EMA_FAST);
    this.#slow = new EmaColumn(EMA_SLOW);
    this.#rsi = new RsiColumn(RSI_PERIOD);
    this.#places = [];
  }

  /** Points of the bars from `first` on, with the quiet ones before each. */
  points(bars: Bars, first: number): readonly ChartPoint[] {
    const points: ChartPoint[] = [];
    for (let bar = first; bar < bars.length; bar++) {
      if (bar > 0) pushQuiet(points, bars, bar);
      points.push(this.#point(bars, bar));
    }
    return points;
  }

  #point(bars: Bars, bar: number): ChartPoint {
    const field = (name: number): number => bars.field(bar, name);
    const second = field(CandleField.Second);
    const isHole = field(CandleField.Hole) === 1;
    const place = bar === 0 ? 0 : (this.#places[bar - 1] ?? 0);
    const hasTrades = field(CandleField.Trades) > 0;
    this.#places[bar] = place + (hasTrades ? 1 : 0);
    if (!hasTrades) return { second, candle: null, isHole };
    const close = field(CandleField.Close);
    this.#fast.set(place, close);
    this.#slow.set(place, close);
    this.#rsi.set(place, close);
    const candle: Candle = {
      second,
      open: field(CandleField.Open),
      high: field(CandleField.High),
      low: field(CandleField.Low),
      close,
      buyLots: field(CandleField.BuyLots),
      sellLots: field(CandleField.SellLots),
      trades: field(CandleField.Trades),
      isHole,
      emaFast: this.#fast.at(place),
      emaSlow: this.#slow.at(place),
      rsi: this.#rsi.at(place),
    };
    return { second, candle, isHole };
  }
}

function pushQuiet(points: ChartPoint[], bars: Bars, bar: number): void {
  const { seconds } = bars;
  const to = bars.field(bar, CandleField.Second);
  const from = bars.field(bar - 1, CandleField.Second) + seconds;
  const begin = Math.max(from, to - QUIET_MAX * seconds);
  for (let second = begin; second < to; second += seconds) {
    points.push({ second, candle: null, isHole: false });
  }
}
