/** ema-crossover: against an exact average over time, crossing, hysteresis. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../../../engine/base/random.ts';
import { ReadingExtra, Signal } from '../../../../engine/domain/readings.ts';
import { INSTANT, makeSignals, MarketMaker, MS, raw, strength } from './support.ts';

describe('EMA crossover', () => {
  it('equals the exact difference of averages over irregular time', () => {
    const random = new SeededRandom(7);
    const set = makeSignals(INSTANT);
    const maker = new MarketMaker();
    let ms = 0;
    let bid = 1000;
    let fast = 1000.5;
    let slow = 1000.5;
    let held = 1000.5;
    set.update(maker.touch(0, bid, 10, bid + 1, 10));
    for (let i = 0; i < 5000; i++) {
      const step = random.next() < 0.02 ? 1500 : random.int(40);
      ms += step;
      bid += random.int(5) - 2;
      fast = held + (fast - held) * Math.exp(-step / 2000);
      slow = held + (slow - held) * Math.exp(-step / 10_000);
      held = bid + 0.5;
      set.update(maker.touch(ms * MS, bid, 10, bid + 1, 10));
      const error = Math.abs(raw(set, Signal.EmaCrossover) - (fast - slow));
      assert.ok(error < 0.01, `${error} at step ${i}`);
    }
  });

  it('crosses up after a rise and down after a fall', () => {
    const set = makeSignals({ ...INSTANT, sigmaFloorTicks: 1 });
    const maker = new MarketMaker();
    let bid = 1000;
    for (let i = 0; i <= 1000; i++) {
      if (i > 300 && i % 20 === 0) bid += 1;
      set.update(maker.touch(i * 10 * MS, bid, 10, bid + 1, 10));
    }
    assert.ok(strength(set, Signal.EmaCrossover) > 0.3);
    for (let i = 1001; i <= 3000; i++) {
      if (i % 20 === 0) bid -= 1;
      set.update(maker.touch(i * 10 * MS, bid, 10, bid + 1, 10));
    }
    assert.ok(strength(set, Signal.EmaCrossover) < -0.3);
  });

  it('is z / (1 + |z|) of the difference over its standard deviation', () => {
    const set = makeSignals({ ...INSTANT, sigmaFloorTicks: 1 });
    const maker = new MarketMaker();
    for (let i = 0; i <= 500; i++) {
      const bid = 1000 + Math.floor(i / 50);
      set.update(maker.touch(i * 10 * MS, bid, 10, bid + 1, 10));
    }
    const sigma = set.readings[ReadingExtra.Sigma1sTicks]!;
    const sd = (sigma * (10 - 2)) / Math.sqrt(2 * (10 + 2));
    const z = raw(set, Signal.EmaCrossover) / sd;
    assert.ok(Math.abs(strength(set, Signal.EmaCrossover) - z / (1 + z)) < 1e-9);
  });

  it('does not flicker inside the hysteresis: it is silent until the other side is clear', () => {
    const set = makeSignals({ ...INSTANT, sigmaFloorTicks: 100, emaHysteresis: 0.05 });
    const maker = new MarketMaker();
    let ms = 0;
    const play = (bid: number, steps: number): void => {
      for (let i = 0; i < steps; i++) {
        ms += 10;
        set.update(maker.touch(ms * MS, bid, 10, bid + 1, 10));
      }
    };
    play(1000, 100);
    play(1100, 300);
    assert.ok(strength(set, Signal.EmaCrossover) > 0);
    play(1040, 600);
    const turns: number[] = [];
    for (let i = 0; i < 200; i++) {
      play(i % 2 === 0 ? 1045 : 1055, 20);
      turns.push(Math.sign(strength(set, Signal.EmaCrossover)));
    }
    const flips = turns.filter((side, i) => i > 0 && side * turns[i - 1]! < 0).length;
    assert.equal(flips, 0);
  });
});
