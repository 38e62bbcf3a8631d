/** volume-spike: nothing below twice the usual, signed by the aggressor above it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Signal } from '../../../../engine/domain/readings.ts';
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

/** A minute of one lot each 10 ms, sides in turn: 100 lots a second, 200 trades in two seconds. */
function usual(): { set: ReturnType<typeof makeSignals>; maker: MarketMaker } {
  const set = makeSignals(INSTANT);
  const maker = new MarketMaker();
  set.update(maker.touch(0, 1000, 10, 1001, 10));
  for (let i = 1; i <= 6000; i++) set.update(maker.trade(i * 10 * MS, i % 2 === 0 ? 1 : -1, 1));
  return { set, maker };
}

describe('volume spike', () => {
  it('is silent at the usual volume, whose ratio is one', () => {
    const { set } = usual();
    assert.equal(strength(set, Signal.VolumeSpike), 0);
    assert.ok(Math.abs(raw(set, Signal.VolumeSpike) - 1) < 0.05);
    assert.ok(confidence(set, Signal.VolumeSpike) > 0.95);
  });

  it('is silent just below twice the usual and speaks above it', () => {
    const { set, maker } = usual();
    set.update(maker.trade(60 * SECOND, 1, 94));
    assert.equal(strength(set, Signal.VolumeSpike), 0);
    set.update(maker.trade(60 * SECOND, 1, 20));
    assert.ok(strength(set, Signal.VolumeSpike) > 0);
  });

  it('reads (buy − sell) / all × (1 − threshold / ratio)', () => {
    const { set, maker } = usual();
    set.update(maker.trade(60 * SECOND, -1, 500));
    const ratio = raw(set, Signal.VolumeSpike);
    assert.ok(ratio > 5.5 && ratio < 6.5);
    const lean = -500 / 600;
    assert.ok(Math.abs(strength(set, Signal.VolumeSpike) - lean * (1 - 2 / ratio)) < 0.01);
  });

  it('says nothing before anything was traded, and half believes three trades', () => {
    const set = makeSignals(INSTANT);
    const maker = new MarketMaker();
    for (let i = 0; i <= 200; i++) set.update(maker.touch(i * 10 * MS, 1000, 10, 1001, 10));
    assert.equal(raw(set, Signal.VolumeSpike), 0);
    assert.equal(confidence(set, Signal.VolumeSpike), 0);
    set.update(maker.trade(2 * SECOND, 1, 30, 3));
    assert.ok(Math.abs(confidence(set, Signal.VolumeSpike) - 0.5) < 1e-9);
  });

  it('does not take a lost feed for a quiet market', () => {
    const { set, maker } = usual();
    for (let i = 1; i <= 3000; i++) set.update(maker.invalid(60 * SECOND + i * 10 * MS));
    set.update(maker.touch(90.1 * SECOND, 1000, 10, 1001, 10));
    set.update(maker.trade(90.2 * SECOND, 1, 100));
    const ratio = raw(set, Signal.VolumeSpike);
    assert.ok(Math.abs(ratio - 1) < 0.1, `baseline kept: ${ratio}`);
  });
});
