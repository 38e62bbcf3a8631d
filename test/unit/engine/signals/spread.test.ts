/** spread: its own distribution, direction only while compressed, silence where it is constant. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ReadingExtra, Signal } from '../../../../engine/domain/readings.ts';
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

/** A minute in which the spread is 4 and 8 ticks, half of the time each: mean 6, deviation 2. */
function usual(): { set: ReturnType<typeof makeSignals>; maker: MarketMaker } {
  const set = makeSignals(INSTANT);
  const maker = new MarketMaker();
  for (let i = 0; i <= 6000; i++) {
    const half = i % 2 === 0 ? 2 : 4;
    set.update(maker.touch(i * 10 * MS, 1000 - half, 10, 1000 + half, 10));
  }
  return { set, maker };
}

describe('spread', () => {
  it('knows its mean, weighted by time', () => {
    const { set } = usual();
    assert.ok(Math.abs(set.readings[ReadingExtra.MeanSpreadTicks]! - 6) < 0.05);
    assert.equal(set.readings[ReadingExtra.MarketClass], 2);
  });

  it('confirms the lean of the microprice while compressed', () => {
    const { set, maker } = usual();
    // u = (2 − 6) / (2 + 1/4); the microprice leans by half of the half spread.
    set.update(maker.touch(60 * SECOND, 999, 30, 1001, 10));
    const u = -4 / 2.25;
    assert.ok(Math.abs(raw(set, Signal.Spread) - u) < 0.05);
    assert.ok(Math.abs(strength(set, Signal.Spread) - (0.5 * -u) / (1 - u)) < 0.01);
    assert.ok(Math.abs(confidence(set, Signal.Spread) - 2 / 2.25) < 0.01);
    set.update(maker.touch(60 * SECOND, 999, 10, 1001, 30));
    assert.ok(strength(set, Signal.Spread) < -0.3);
  });

  it('has no direction and less confidence while wide', () => {
    const { set, maker } = usual();
    set.update(maker.touch(60 * SECOND, 990, 30, 1010, 10));
    assert.equal(strength(set, Signal.Spread), 0);
    const u = (20 - 6) / 2.25;
    assert.ok(Math.abs(confidence(set, Signal.Spread) - 2 / 2.25 / (1 + u)) < 0.01);
  });

  it('has nothing to say of a spread that never changes', () => {
    const set = makeSignals(INSTANT);
    const maker = new MarketMaker();
    for (let i = 0; i <= 600; i++) set.update(maker.touch(i * 10 * MS, 1000, 30, 1001, 10));
    assert.equal(strength(set, Signal.Spread), 0);
    assert.equal(confidence(set, Signal.Spread), 0);
    assert.equal(set.readings[ReadingExtra.MarketClass], 1);
  });
});
