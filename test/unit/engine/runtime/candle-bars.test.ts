/** Bars of one second: what a trade does to them, what is dropped, and what a hole looks like. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CANDLE_FIELDS, CandleField } from '../../../../engine/contract/candles.ts';
import { CandleBars } from '../../../../engine/runtime/candle-bars.ts';

function barsOf(rows: readonly number[]): number[][] {
  const bars: number[][] = [];
  for (let at = 0; at < rows.length; at += CANDLE_FIELDS) {
    bars.push(rows.slice(at, at + CANDLE_FIELDS));
  }
  return bars;
}

describe('bars of one instrument', () => {
  it('hold open, high, low, close, both volumes and the count', () => {
    const bars = new CandleBars();
    for (const [ticks, lots, side] of [
      [100, 5, 1],
      [104, 2, -1],
      [98, 1, 1],
      [101, 4, -1],
    ] as const) {
      bars.trade(60, ticks, lots, side);
    }
    assert.deepEqual(bars.collect(1, 10), [60, 100, 104, 98, 101, 6, 6, 4, 0]);
  });

  it('leave out the quiet seconds, and put seconds together on whole intervals', () => {
    const bars = new CandleBars();
    bars.trade(58, 10, 1, 1);
    bars.trade(59, 12, 1, 1);
    bars.trade(60, 11, 2, -1);
    bars.trade(64, 9, 1, -1);
    assert.deepEqual(
      barsOf(bars.collect(1, 10)).map((bar) => bar[CandleField.Second]),
      [58, 59, 60, 64],
    );
    assert.deepEqual(barsOf(bars.collect(5, 10)), [
      [55, 10, 12, 10, 12, 2, 0, 2, 0],
      [60, 11, 11, 9, 9, 0, 3, 2, 0],
    ]);
    assert.deepEqual(barsOf(bars.collect(5, 1)), [[60, 11, 11, 9, 9, 0, 3, 2, 0]]);
  });

  it('count a trade that comes late into the newest bar: time never goes back', () => {
    const bars = new CandleBars();
    bars.trade(70, 10, 1, 1);
    bars.trade(69, 20, 1, 1);
    assert.deepEqual(bars.collect(1, 10), [70, 10, 20, 10, 20, 2, 0, 2, 0]);
  });

  it('mark a hole and make nothing up for it', () => {
    const bars = new CandleBars();
    bars.trade(10, 50, 1, 1);
    bars.hole(10);
    bars.hole(11);
    bars.trade(12, 60, 1, 1);
    assert.deepEqual(barsOf(bars.collect(1, 10)), [
      [10, 50, 50, 50, 50, 1, 0, 1, 1],
      [11, 0, 0, 0, 0, 0, 0, 0, 1],
      [12, 60, 60, 60, 60, 1, 0, 1, 0],
    ]);
    const [wide] = barsOf(bars.collect(5, 10));
    assert.deepEqual(wide, [10, 50, 60, 50, 60, 2, 0, 2, 1]);
  });

  it('keep the newest rows and forget the oldest, across blocks', () => {
    const bars = new CandleBars(1300);
    for (let second = 1; second <= 4000; second++) bars.trade(second, second, 1, 1);
    assert.equal(bars.length, 1300);
    const kept = barsOf(bars.collect(1, 5000));
    assert.equal(kept.length, 1300);
    assert.deepEqual(kept[0], [2701, 2701, 2701, 2701, 2701, 1, 0, 1, 0]);
    assert.deepEqual(kept.at(-1), [4000, 4000, 4000, 4000, 4000, 1, 0, 1, 0]);
    bars.clear();
    assert.deepEqual(bars.collect(1, 10), []);
  });
});
