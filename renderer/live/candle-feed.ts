/**
 * candle-feed: the series that charts look at, each fed with the trades of market frames.
 *
 * Writer    live/live-market (trades, restart), link/event-router (answers). Readers: charts.
 * Imports   contract/candles, ./candle-series.
 */
import type { CandleBatch, CandleSeconds } from '../../engine/contract/candles.ts';
import { CandleSeries } from './candle-series.ts';

type Visit = (ring: Float64Array, at: number) => void;

/** An answer that is not there after this long is asked for again. */
export const ASK_AGAIN_MS = 2000;
const BARS_ASKED = 1500;

interface Asked {
  readonly id: string;
  readonly atMs: number;
}

export class CandleFeed {
  readonly #all = new Set<CandleSeries>();
  readonly #asked = new Map<CandleSeries, Asked>();
  readonly #visitRecent: (visit: Visit) => void;

  constructor(visitRecent: (visit: Visit) => void) {
    this.#visitRecent = visitRecent;
  }

  open(symbol: string, instrument: number, seconds: CandleSeconds): CandleSeries {
    const series = new CandleSeries(symbol, instrument, seconds);
    this.#all.add(series);
    return series;
  }

  close(series: CandleSeries): void {
    this.#all.delete(series);
    this.#asked.delete(series);
  }

  /** The request that a series needs now, or null. `ask` sends it; false: there is no link. */
  ask(
    series: CandleSeries,
    nowMs: number,
    id: string,
    send: (request: {
      readonly id: string;
      readonly symbol: string;
      readonly seconds: CandleSeconds;
      readonly limit: number;
    }) => boolean,
  ): void {
    if (series.state === 'ready') return;
    const asked = this.#asked.get(series);
    if (asked !== undefined && nowMs - asked.atMs < ASK_AGAIN_MS) return;
    const { symbol, seconds } = series;
    if (send({ id, symbol, seconds, limit: BARS_ASKED })) {
      this.#asked.set(series, { id, atMs: nowMs });
    }
  }

  /** Bars from the engine, and on top of them the trades that came since. */
  answer(batch: CandleBatch): void {
    for (const [series, { id }] of this.#asked) {
      if (id !== batch.id) continue;
      this.#asked.delete(series);
      series.load(batch);
      this.#visitRecent((ring, at) => series.take(ring, at));
    }
  }

  take(ring: Float64Array, at: number): void {
    for (const series of this.#all) series.take(ring, at);
  }

  lookForHoles(holes: number): void {
    for (const series of this.#all) series.lookForHoles(holes);
  }

  /** A new connection: nothing is known before the engine has said it. */
  clear(): void {
    this.#asked.clear();
    for (const series of this.#all) series.clear();
  }
}
