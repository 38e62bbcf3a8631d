/**
 * candles.test: the engine's bars and the trades of frames joined without doubles or holes; EMA
 * and RSI against a slow reference; what the chart draws of bars, quiet time and holes.
 */
import { describe, expect, it } from 'vitest';
import { CANDLE_FIELDS, CandleField, type CandleBatch } from '../../engine/contract/candles.ts';
import { CandleFeed, ASK_AGAIN_MS } from '../../renderer/live/candle-feed.ts';
import { CandleSeries, SERIES_BARS } from '../../renderer/live/candle-series.ts';
import { createFrameMemory, FrameWriter, RingTrade } from '../../renderer/live/frame-memory.ts';
import { LiveMarket } from '../../renderer/live/live-market.ts';
import { EmaColumn, RsiColumn } from '../../renderer/panels/chart/chart-indicators.ts';
import { ChartRows, QUIET_MAX } from '../../renderer/panels/chart/chart-rows.ts';
import { SeededRandom } from '../../engine/base/random.ts';
import type { FakeTrade } from '../support/fake-market.ts';
import { sampleFrame, sampleMarket } from './support/samples.ts';

const ANCHOR_MS = 1_000_000_000;
const FIRST = 1_000_000;

function batch(change: Partial<CandleBatch> = {}): CandleBatch {
  return {
    id: 'a',
    symbol: 'BTCUSDT',
    seconds: 1,
    refused: '',
    anchorWallMs: ANCHOR_MS,
    through: 0,
    holes: 0,
    rows: [],
    ...change,
  };
}

function row(number: number, second: number, ticks: number, side = 1, instrument = 0) {
  const ring = new Float64Array(RingTrade.Number + 1);
  ring[RingTrade.Instrument] = instrument;
  ring[RingTrade.Ticks] = ticks;
  ring[RingTrade.Lots] = 2;
  ring[RingTrade.Side] = side;
  ring[RingTrade.TimeNs] = second * 1e9;
  ring[RingTrade.Number] = number;
  return ring;
}

function barsOf(series: CandleSeries): number[][] {
  return Array.from({ length: series.length }, (_, bar) =>
    Array.from({ length: CANDLE_FIELDS }, (_unused, field) => series.field(bar, field)),
  );
}

describe('a series of bars', () => {
  it('counts the trades from the number on that the engine names, each once', () => {
    const series = new CandleSeries('BTCUSDT', 0, 1);
    series.load(batch({ through: 10, rows: [FIRST, 100, 105, 99, 101, 6, 4, 10, 0] }));
    for (const trade of [row(8, 0, 999), row(9, 0, 999), row(10, 0, 102), row(11, 0, 5, 1, 3)]) {
      series.take(trade, 0);
    }
    series.take(row(12, 1, 98, -1), 0);
    expect(series.state).toBe('ready');
    expect(barsOf(series)).toEqual([
      [FIRST, 100, 105, 99, 102, 8, 4, 11, 0],
      [FIRST + 1, 98, 98, 98, 98, 0, 2, 1, 0],
    ]);
  });

  it('breaks at a number that is missing, and takes nothing until it is loaded again', () => {
    const series = new CandleSeries('BTCUSDT', 0, 1);
    series.load(batch({ through: 3 }));
    series.take(row(3, 0, 100), 0);
    series.take(row(5, 0, 200), 0);
    series.take(row(6, 0, 200), 0);
    expect(series.state).toBe('broken');
    expect(series.length).toBe(1);
    series.load(batch({ through: 7, rows: [FIRST, 100, 200, 100, 200, 8, 0, 4, 0] }));
    series.take(row(7, 2, 150), 0);
    expect(barsOf(series).map(([second]) => second)).toEqual([FIRST, FIRST + 2]);
  });

  it('breaks when the engine has found a hole since', () => {
    const series = new CandleSeries('BTCUSDT', 0, 1);
    series.load(batch({ holes: 2 }));
    series.lookForHoles(2);
    expect(series.state).toBe('ready');
    series.lookForHoles(3);
    expect(series.state).toBe('broken');
  });

  it('drops the oldest half when it is full', () => {
    const series = new CandleSeries('BTCUSDT', 0, 1);
    series.load(batch());
    for (let i = 0; i <= SERIES_BARS; i++) series.take(row(i, i, 100 + i), 0);
    expect(series.length).toBe(SERIES_BARS / 2 + 1);
    expect(series.field(series.length - 1, CandleField.Close)).toBe(100 + SERIES_BARS);
    expect(series.field(0, CandleField.Second)).toBe(FIRST + SERIES_BARS / 2);
  });
});

/** A market with frames that carry these trades, numbered from `first`. */
function marketWith() {
  const memory = createFrameMemory();
  const live = new LiveMarket(memory);
  const writer = new FrameWriter(memory);
  const market = sampleMarket();
  let total = 0;
  const frame = (ticks: readonly number[], lost = 0, tradeHoles = 0): void => {
    total += ticks.length + lost;
    const trades = ticks.map((price): FakeTrade => {
      return { instrument: 0, ticks: price, lots: 1, side: 1, timeNs: 5e9 };
    });
    writer.write(sampleFrame(market, { trades, tradesTotal: total, tradeHoles }));
    live.refresh(total);
  };
  return { live, writer, frame };
}

function askedIn(live: LiveMarket, series: CandleSeries, nowMs: number): string[] {
  const asked: string[] = [];
  live.candles.ask(series, nowMs, 'a', ({ id }) => {
    asked.push(id);
    return true;
  });
  return asked;
}

describe('bars and frames together', () => {
  it('what came while the answer was under way is added from the ring', () => {
    const { live, frame } = marketWith();
    const series = live.candles.open('BTCUSDT', 0, 5);
    frame([10, 11]);
    expect(askedIn(live, series, 0)).toEqual(['a']);
    frame([12, 13, 14]);
    // The engine answered between the frames: it had three trades then.
    live.candles.answer(batch({ through: 3, rows: [FIRST, 10, 12, 10, 12, 3, 0, 3, 0] }));
    expect(series.field(series.length - 1, CandleField.Trades)).toBe(2);
    frame([15]);
    expect(barsOf(series)).toEqual([
      [FIRST, 10, 12, 10, 12, 3, 0, 3, 0],
      [FIRST + 5, 13, 15, 13, 15, 3, 0, 3, 0],
    ]);
  });

  it('an answer from ahead of the frames waits for them', () => {
    const { live, frame } = marketWith();
    const series = live.candles.open('BTCUSDT', 0, 5);
    frame([10]);
    askedIn(live, series, 0);
    live.candles.answer(batch({ through: 3, rows: [FIRST, 10, 12, 10, 12, 3, 0, 3, 0] }));
    frame([11, 12]);
    expect(series.length).toBe(1);
    frame([13]);
    expect(series.length).toBe(2);
    expect(series.state).toBe('ready');
  });

  it('a frame that had no room for all trades breaks the series; it is asked for once', () => {
    const { live, frame } = marketWith();
    const series = live.candles.open('BTCUSDT', 0, 5);
    askedIn(live, series, 0);
    live.candles.answer(batch());
    frame([10], 7);
    expect(series.state).toBe('broken');
    expect(askedIn(live, series, 10)).toEqual(['a']);
    expect(askedIn(live, series, 20)).toEqual([]);
    expect(askedIn(live, series, 10 + ASK_AGAIN_MS)).toEqual(['a']);
  });

  it('a hole in the engine’s own tape and a reconnect ask anew; a closed series does not', () => {
    const { live, frame, writer } = marketWith();
    const series = live.candles.open('BTCUSDT', 0, 5);
    askedIn(live, series, 0);
    live.candles.answer(batch());
    frame([10], 0, 1);
    expect(series.state).toBe('broken');
    askedIn(live, series, 5000);
    live.candles.answer(batch({ through: 1, holes: 1 }));
    expect(series.state).toBe('ready');
    writer.restart();
    live.refresh(6000);
    expect(series.state).toBe('empty');
    expect(series.length).toBe(0);
    live.candles.close(series);
    live.candles.answer(batch({ through: 1, rows: [FIRST, 1, 1, 1, 1, 1, 0, 1, 0] }));
    expect(series.length).toBe(0);
  });

  it('an answer to another question changes nothing', () => {
    const feed = new CandleFeed(() => {});
    const series = feed.open('BTCUSDT', 0, 1);
    feed.ask(series, 0, 'mine', () => true);
    feed.answer(batch({ id: 'yours', rows: [FIRST, 1, 1, 1, 1, 1, 0, 1, 0] }));
    expect(series.state).toBe('empty');
  });
});

/** From all closes at once, as the books have it. */
function slowEma(closes: readonly number[], period: number): number {
  const share = 2 / (period + 1);
  return closes.slice(1).reduce((mean, close) => close * share + mean * (1 - share), closes[0]!);
}

function slowRsi(closes: readonly number[], period: number): number {
  const changes = closes.slice(1).map((close, i) => close - closes[i]!);
  const average = (sign: number): number => {
    const parts = changes.map((change) => Math.max(0, sign * change));
    const first = parts.slice(0, period).reduce((sum, part) => sum + part, 0) / period;
    return parts.slice(period).reduce((mean, p) => (mean * (period - 1) + p) / period, first);
  };
  const [rise, fall] = [average(1), average(-1)];
  return rise + fall === 0 ? 50 : (100 * rise) / (rise + fall);
}

describe('indicators', () => {
  it('equal the slow ones, bar by bar, however often the newest bar was told', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = new SeededRandom(seed);
      const closes: number[] = [];
      const ema = new EmaColumn(9);
      const rsi = new RsiColumn(14);
      for (let bar = 0; bar < 60; bar++) {
        closes.push(1000 + random.int(40));
        for (const close of [closes[bar]! + 5, 1, closes[bar]!]) {
          ema.set(bar, close);
          rsi.set(bar, close);
        }
        if (bar < 8) expect(ema.at(bar)).toBeNaN();
        else expect(ema.at(bar)).toBeCloseTo(slowEma(closes, 9), 9);
        if (bar < 14) expect(rsi.at(bar)).toBeNaN();
        else expect(rsi.at(bar)).toBeCloseTo(slowRsi(closes, 14), 9);
      }
    }
  });

  it('RSI is 100 when nothing fell, 0 when nothing rose, 50 when nothing moved', () => {
    for (const [step, expected] of [
      [1, 100],
      [-1, 0],
      [0, 50],
    ] as const) {
      const rsi = new RsiColumn(14);
      for (let bar = 0; bar <= 20; bar++) rsi.set(bar, 500 + bar * step);
      expect(rsi.at(20)).toBe(expected);
    }
  });
});

function candle(second: number, close: number, hole = 0): number[] {
  return [second, close, close + 1, close - 1, close, 1, 1, 2, hole];
}

describe('rows of the chart', () => {
  it('leave places for quiet time, mark holes, and make up nothing', () => {
    const series = new CandleSeries('BTCUSDT', 0, 5);
    const rows = [...candle(100, 10), ...[115, 0, 0, 0, 0, 0, 0, 0, 1], ...candle(120, 12, 1)];
    series.load(batch({ rows }));
    const points = new ChartRows().points(series, 0);
    expect(
      points.map(({ second, candle: c, isHole }) => [second, c?.close ?? null, isHole]),
    ).toEqual([
      [100, 10, false],
      [105, null, false],
      [110, null, false],
      [115, null, true],
      [120, 12, true],
    ]);
  });

  it('leave out the middle of a very long quiet time', () => {
    const series = new CandleSeries('BTCUSDT', 0, 1);
    series.load(batch({ rows: [...candle(100, 10), ...candle(90_000, 12)] }));
    const points = new ChartRows().points(series, 0);
    expect(points.length).toBe(2 + QUIET_MAX);
    expect(points.at(-2)?.second).toBe(89_999);
  });

  it('told bar by bar are those told at once', () => {
    const random = new SeededRandom(5);
    const series = new CandleSeries('BTCUSDT', 0, 1);
    series.load(batch());
    const grown = new ChartRows();
    let drawn = 0;
    let last = '';
    for (let i = 0; i < 300; i++) {
      series.take(row(i, Math.floor(i / 3), 1000 + random.int(30)), 0);
      last = JSON.stringify(grown.points(series, Math.max(0, drawn - 1)).at(-1));
      drawn = series.length;
    }
    expect(last).toBe(JSON.stringify(new ChartRows().points(series, 0).at(-1)));
  });
});
