/** momentum: hand-worked changes and returns, fading, agreement. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ReadingExtra, Signal } from '../../../../engine/domain/readings.ts';
import { INSTANT, makeSignals, MarketMaker, MS, raw, SECOND, strength } from './support.ts';

/** Even sizes, spread 1: the microprice is the mid. Ten quiet seconds, sigma at its floor of 1. */
function quiet(): { set: ReturnType<typeof makeSignals>; maker: MarketMaker } {
  const set = makeSignals({ ...INSTANT, sigmaFloorTicks: 1 });
  const maker = new MarketMaker();
  for (let i = 0; i <= 1000; i++) set.update(maker.touch(i * 10 * MS, 1000, 10, 1001, 10));
  return { set, maker };
}

describe('momentum', () => {
  it('is zero in a market that stands', () => {
    const { set } = quiet();
    assert.equal(strength(set, Signal.Momentum), 0);
  });

  it('measures the return against its own average', () => {
    const { set, maker } = quiet();
    set.update(maker.touch(10 * SECOND, 1003, 10, 1004, 10));
    // One change only, so c = 0; r = 3 / (1 × √(1/2)); z = r / 2.
    const z = 3 / Math.SQRT1_2 / 2;
    assert.ok(Math.abs(raw(set, Signal.Momentum) - 3) < 1e-9);
    assert.ok(Math.abs(strength(set, Signal.Momentum) - z / (1 + z)) < 1e-9);
  });

  it('adds the last three changes once there are three', () => {
    const { set, maker } = quiet();
    const steps = [1001, 1002, 1003];
    steps.forEach((bid, i) => {
      set.update(maker.touch(10 * SECOND + i * 100 * MS, bid, 10, bid + 1, 10));
    });
    const nowS = 10.2;
    // The reference is the first book, of time 0; agreement is 1.
    const c = 3 / Math.sqrt(nowS);
    const average = 1000.5 + (1 - Math.exp(-0.1));
    const second = average + (1002.5 - average) * (1 - Math.exp(-0.1));
    const r = (1003.5 - second) / Math.SQRT1_2;
    const z = (c + r) / 2 / set.readings[ReadingExtra.Sigma1sTicks]!;
    assert.ok(Math.abs(strength(set, Signal.Momentum) - z / (1 + z)) < 1e-6);
  });

  it('believes changes that disagree a third as much', () => {
    const up = quiet();
    const mixed = quiet();
    const play = (at: typeof up, bids: readonly number[]): void => {
      bids.forEach((bid, i) => {
        at.set.update(at.maker.touch(10 * SECOND + i * 20 * MS, bid, 10, bid + 1, 10));
      });
    };
    play(up, [1001, 1002, 1003]);
    play(mixed, [1004, 1001, 1003]);
    assert.ok(strength(up.set, Signal.Momentum) > strength(mixed.set, Signal.Momentum));
  });

  it('fades while nothing moves', () => {
    const { set, maker } = quiet();
    for (let i = 0; i < 3; i++) {
      set.update(maker.touch(10 * SECOND + i * 10 * MS, 1001 + i, 10, 1002 + i, 10));
    }
    let before = strength(set, Signal.Momentum);
    for (let i = 1; i < 30; i++) {
      set.onTimer(maker.at(10.1 * SECOND + i * 100 * MS));
      const now = strength(set, Signal.Momentum);
      assert.ok(now < before && now >= 0, `${now} after ${before}`);
      before = now;
    }
  });
});
