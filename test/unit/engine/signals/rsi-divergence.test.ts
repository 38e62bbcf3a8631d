/** rsi-divergence: against a batch RSI, confirmed pivots, divergences, no look-ahead. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../../../engine/base/random.ts';
import { Signal } from '../../../../engine/domain/readings.ts';
import type { SignalSet } from '../../../../engine/signals/signal-set.ts';
import {
  confidence,
  INSTANT,
  makeSignals,
  MarketMaker,
  MS,
  raw,
  SECOND,
  strength,
} from './support.ts';

/** Wilder's RSI of whole series of closes, the slow and plain way. */
function batchRsi(closes: readonly number[], period: number): number {
  let gain = 0;
  let loss = 0;
  for (let i = 1; i < closes.length; i++) {
    const change = closes[i]! - closes[i - 1]!;
    const up = Math.max(0, change);
    const down = Math.max(0, -change);
    if (i <= period) {
      gain += up;
      loss += down;
      if (i === period) {
        gain /= period;
        loss /= period;
      }
    } else {
      gain = (gain * (period - 1) + up) / period;
      loss = (loss * (period - 1) + down) / period;
    }
  }
  return gain + loss === 0 ? 50 : (100 * gain) / (gain + loss);
}

/** Plays closes of one-second bars, one mid a second, and hands the set over after the last. */
function playBars(set: SignalSet, maker: MarketMaker, bids: readonly number[], from = 0): void {
  bids.forEach((bid, i) => {
    set.update(maker.touch((from + i) * SECOND + 500 * MS, bid, 10, bid + 1, 10));
  });
}

/** A fall, a bounce, a slower and lower low, a bounce: price lower, RSI higher. */
const LOWER_LOW: readonly number[] = [
  1100, 1101, 1100, 1101, 1100, 1101, 1100, 1101, 1100, 1101, 1100, 1101, 1100, 1101, 1100, 1101,
  1100, 1101, 1100, 1101, 1090, 1080, 1070, 1060, 1064, 1068, 1072, 1076, 1075, 1072, 1069, 1066,
  1063, 1060, 1058, 1061, 1064, 1067, 1070,
];

describe('RSI divergence', () => {
  it('equals the batch RSI of the one-second closes', () => {
    const random = new SeededRandom(3);
    const set = makeSignals(INSTANT);
    const maker = new MarketMaker();
    const closes: number[] = [];
    let bid = 10_000;
    let ms = 100;
    let second = 0;
    set.update(maker.touch(ms * MS, bid, 10, bid + 1, 10));
    for (let i = 0; i < 4000; i++) {
      ms += random.int(150);
      while (second < Math.floor(ms / 1000)) {
        closes.push(bid + 0.5);
        second += 1;
      }
      bid += random.int(7) - 3;
      set.update(maker.touch(ms * MS, bid, 10, bid + 1, 10));
      if (closes.length > 14) {
        assert.ok(Math.abs(raw(set, Signal.RsiDivergence) - batchRsi(closes, 14)) < 1e-6);
      }
    }
    assert.ok(closes.length > 200);
  });

  it('closes bars on timers too, with the mid that stood', () => {
    const set = makeSignals(INSTANT);
    const maker = new MarketMaker();
    for (let i = 0; i < 20; i++) {
      set.update(maker.touch(i * SECOND, 1000 + i, 10, 1001 + i, 10));
    }
    assert.equal(raw(set, Signal.RsiDivergence), 100);
    set.update(maker.touch(19.5 * SECOND, 1000, 10, 1001, 10));
    assert.equal(raw(set, Signal.RsiDivergence), 100, 'the bar is not over');
    set.onTimer(maker.at(20 * SECOND));
    assert.ok(raw(set, Signal.RsiDivergence) < 60);
  });

  it('reads a lower low on a higher RSI as up, only once the pivot is confirmed', () => {
    const set = makeSignals(INSTANT);
    const maker = new MarketMaker();
    const low = LOWER_LOW.indexOf(1058);
    const confirmed = low + 3;
    // A bar is closed by the first message of the next one.
    playBars(set, maker, LOWER_LOW.slice(0, confirmed + 1));
    assert.equal(strength(set, Signal.RsiDivergence), 0, 'not yet three bars after the low');
    playBars(set, maker, [LOWER_LOW[confirmed]!], confirmed + 1);
    const found = strength(set, Signal.RsiDivergence);
    assert.ok(found > 0.2 && found < 1, `${found}`);
    assert.equal(confidence(set, Signal.RsiDivergence), 1);
  });

  it('reads the mirror image as down, with the same strength', () => {
    const up = makeSignals(INSTANT);
    const down = makeSignals(INSTANT);
    const extended = [...LOWER_LOW, 1072, 1074];
    playBars(up, new MarketMaker(), extended);
    playBars(
      down,
      new MarketMaker(),
      extended.map((bid) => 5000 - bid),
    );
    const found = strength(up, Signal.RsiDivergence);
    assert.ok(found > 0);
    assert.ok(Math.abs(found + strength(down, Signal.RsiDivergence)) < 1e-12);
  });

  it('fades by the hold time', () => {
    const set = makeSignals({ ...INSTANT, rsiHoldS: 10 });
    const maker = new MarketMaker();
    playBars(set, maker, [...LOWER_LOW, 1071]);
    const found = strength(set, Signal.RsiDivergence);
    assert.ok(found > 0);
    playBars(
      set,
      maker,
      Array.from({ length: 5 }, (_, i) => 1072 + i),
      LOWER_LOW.length + 1,
    );
    const ratio = strength(set, Signal.RsiDivergence) / found;
    assert.ok(Math.abs(ratio - Math.exp(-0.5)) < 1e-9);
  });

  it('never changes the past: what was read does not depend on what comes later', () => {
    const random = new SeededRandom(11);
    let walk = 1000;
    const bids = Array.from({ length: 600 }, () => (walk += random.int(11) - 5));
    const whole: number[] = [];
    const set = makeSignals(INSTANT);
    const maker = new MarketMaker();
    bids.forEach((bid, i) => {
      playBars(set, maker, [bid], i);
      whole.push(strength(set, Signal.RsiDivergence));
    });
    for (const cut of [90, 250, 455]) {
      const short = makeSignals(INSTANT);
      playBars(short, new MarketMaker(), bids.slice(0, cut));
      assert.equal(strength(short, Signal.RsiDivergence), whole[cut - 1]);
    }
    assert.ok(
      whole.some((value) => value !== 0),
      'something was found at all',
    );
  });

  it('has no confidence before there are enough bars, and starts anew after a long gap', () => {
    const set = makeSignals({ ...INSTANT, rsiPeriod: 14, rsiPivotBars: 3 });
    const maker = new MarketMaker();
    const bids = Array.from({ length: 21 }, (_, i) => 1000 + (i % 3));
    playBars(set, maker, bids);
    assert.equal(confidence(set, Signal.RsiDivergence), 0);
    playBars(set, maker, bids, 21);
    assert.equal(confidence(set, Signal.RsiDivergence), 1);
    set.update(maker.touch(200 * SECOND, 1000, 10, 1001, 10));
    assert.equal(confidence(set, Signal.RsiDivergence), 0);
    assert.equal(raw(set, Signal.RsiDivergence), 50);
  });
});
