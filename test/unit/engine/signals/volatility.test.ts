/** volatility: random walks of known size, warm-up, floors, invalid stretches. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../../../engine/base/random.ts';
import { ReadingExtra } from '../../../../engine/domain/readings.ts';
import { INSTANT, makeSignals, MarketMaker, MS, SECOND } from './support.ts';

/** A random walk of `sigma` ticks a √second in steps of 50 ms. */
function walk(seconds: number, sigma: number, seed: number): ReturnType<typeof makeSignals> {
  const random = new SeededRandom(seed);
  const set = makeSignals({ ...INSTANT, volatilityTauS: 300 });
  const maker = new MarketMaker();
  let mid = 100_000;
  for (let i = 0; i <= seconds * 20; i++) {
    mid += random.normal() * sigma * Math.sqrt(0.05);
    const bid = Math.round(mid);
    set.update(maker.touch(i * 50 * MS, bid, 10, bid + 1, 10));
  }
  return set;
}

describe('volatility', () => {
  it('finds the size of a random walk a second', () => {
    for (const sigma of [5, 40]) {
      const found = walk(900, sigma, 5).readings[ReadingExtra.Sigma1sTicks]!;
      assert.ok(Math.abs(found / sigma - 1) < 0.15, `${found} for ${sigma}`);
    }
  });

  it('scales it to five minutes while there is little history', () => {
    const set = walk(20, 10, 9);
    const second = set.readings[ReadingExtra.Sigma1sTicks]!;
    const five = set.readings[ReadingExtra.Sigma5mTicks]!;
    assert.ok(Math.abs(five / (second * Math.sqrt(300)) - 1) < 1e-9);
  });

  it('finds the five-minute size of a random walk over half an hour', () => {
    const five = walk(1800, 10, 21).readings[ReadingExtra.Sigma5mTicks]!;
    const expected = 10 * Math.sqrt(300);
    assert.ok(five > expected * 0.6 && five < expected * 1.4, `${five} for ${expected}`);
  });

  it('is smaller over five minutes where the mid swings about one price', () => {
    const set = makeSignals({ ...INSTANT });
    const maker = new MarketMaker();
    const random = new SeededRandom(2);
    for (let i = 0; i <= 20 * 900; i++) {
      const bid = 10_000 + random.int(41) - 20;
      set.update(maker.touch(i * 50 * MS, bid, 10, bid + 1, 10));
    }
    const second = set.readings[ReadingExtra.Sigma1sTicks]!;
    const five = set.readings[ReadingExtra.Sigma5mTicks]!;
    assert.ok(second > 12 && second < 22, `${second}`);
    assert.ok(five < 0.4 * second * Math.sqrt(300), `${five}`);
  });

  it('never falls below the floor', () => {
    const set = makeSignals({ ...INSTANT, sigmaFloorTicks: 0.7 });
    const maker = new MarketMaker();
    for (let i = 0; i <= 1000; i++) set.update(maker.touch(i * 10 * MS, 1000, 10, 1001, 10));
    assert.equal(set.readings[ReadingExtra.Sigma1sTicks], 0.7);
  });

  it('does not take a jump across an invalid stretch or a silence for a move', () => {
    for (const gap of ['invalid', 'silence'] as const) {
      const set = makeSignals({ ...INSTANT, sigmaFloorTicks: 0.5 });
      const maker = new MarketMaker();
      for (let i = 0; i <= 500; i++) set.update(maker.touch(i * 10 * MS, 1000, 10, 1001, 10));
      if (gap === 'invalid') set.update(maker.invalid(5.02 * SECOND));
      const fromMs = gap === 'invalid' ? 5030 : 20_000;
      for (let i = 0; i <= 500; i++) {
        set.update(maker.touch((fromMs + i * 10) * MS, 1500, 10, 1501, 10));
      }
      assert.equal(set.readings[ReadingExtra.Sigma1sTicks], 0.5, gap);
    }
  });
});
