/** signal-set: trust, age, invalid markets, timers, bursts, settings. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EngineError } from '../../../../engine/base/errors.ts';
import { Market } from '../../../../engine/domain/market.ts';
import {
  Reading,
  READING_STRIDE,
  ReadingExtra,
  Signal,
  SIGNAL_COUNT,
} from '../../../../engine/domain/readings.ts';
import { SIGNAL_FIELDS, signalParameters } from '../../../../engine/signals/parameters.ts';
import type { SignalSet } from '../../../../engine/signals/signal-set.ts';
import {
  confidence,
  makeSignals,
  MarketMaker,
  MS,
  randomStream,
  SECOND,
  strength,
} from './support.ts';

function allConfidences(set: SignalSet): number[] {
  return Array.from({ length: SIGNAL_COUNT }, (_, s) => confidence(set, s));
}

function refused(given: Record<string, number>, match: RegExp): void {
  assert.throws(
    () => signalParameters(given),
    (error: unknown) =>
      error instanceof EngineError && error.code === 'config/invalid' && match.test(error.message),
  );
}

function warm(): { set: SignalSet; maker: MarketMaker } {
  const set = makeSignals({ warmUpS: 30, warmUpTrades: 10, settleMs: 1000, staleMs: 5000 });
  const maker = new MarketMaker();
  for (let i = 0; i <= 3100; i++) {
    if (i % 10 === 5) set.update(maker.trade(i * 10 * MS, i % 20 === 5 ? 1 : -1, 3));
    else set.update(maker.touch(i * 10 * MS, 1000 + (i % 3), 10, 1001 + (i % 3) + (i % 2), 10));
  }
  return { set, maker };
}

describe('signal set', () => {
  it('has no confidence in anything until warmed up', () => {
    const set = makeSignals({ warmUpS: 30, warmUpTrades: 10 });
    const maker = new MarketMaker();
    for (let i = 0; i <= 4000; i++) {
      set.update(maker.touch(i * 10 * MS, 1000, 10 + (i % 5), 1001, 10));
      assert.equal(set.readings[ReadingExtra.WarmedUp], 0, 'no trades were seen');
    }
    assert.ok(allConfidences(set).every((value) => value === 0));
    set.update(maker.trade(40.01 * SECOND, 1, 10, 10));
    assert.equal(set.readings[ReadingExtra.WarmedUp], 1);
    assert.equal(confidence(set, Signal.BookImbalance), 1);
  });

  it('falls silent with the book and comes back over the settle time', () => {
    const { set, maker } = warm();
    assert.equal(confidence(set, Signal.OrderFlow), 1);
    set.update(maker.invalid(31.1 * SECOND));
    for (let signal = 0; signal < SIGNAL_COUNT; signal++) {
      assert.equal(strength(set, signal), 0);
      assert.equal(confidence(set, signal), 0);
    }
    set.update(maker.touch(32 * SECOND, 1200, 10, 1201, 10));
    assert.equal(confidence(set, Signal.OrderFlow), 0);
    set.update(maker.touch(32.25 * SECOND, 1200, 10, 1201, 10));
    assert.ok(Math.abs(confidence(set, Signal.OrderFlow) - 0.25) < 1e-9);
    assert.equal(strength(set, Signal.Momentum), 0, 'the jump across the gap is no momentum');
    assert.equal(strength(set, Signal.EmaCrossover), 0);
    set.update(maker.touch(33 * SECOND, 1200, 10, 1201, 10));
    assert.equal(confidence(set, Signal.OrderFlow), 1);
  });

  it('fades on a silent market without moving the time of its readings', () => {
    const { set, maker } = warm();
    const asOf = set.readings[Signal.Momentum * READING_STRIDE + Reading.AsOfNs]!;
    assert.equal(asOf, 31 * SECOND);
    set.onTimer(maker.at(32 * SECOND));
    assert.ok(Math.abs(confidence(set, Signal.Momentum) - 0.8) < 1e-9);
    set.onTimer(maker.at(36 * SECOND));
    assert.equal(confidence(set, Signal.Momentum), 0);
    for (let signal = 0; signal < SIGNAL_COUNT; signal++) {
      assert.equal(set.readings[signal * READING_STRIDE + Reading.AsOfNs], asOf);
    }
  });

  it('is not kept fresh by a mark price', () => {
    const { set, maker } = warm();
    const mark = maker.at(33 * SECOND);
    mark[Market.MessageClass] = 6;
    mark[Market.TradeCount] = 0;
    set.update(mark);
    assert.ok(Math.abs(confidence(set, Signal.Momentum) - 0.6) < 1e-9);
  });

  it('does not count the last message again on a timer', () => {
    const { set, maker } = warm();
    set.update(maker.trade(31.1 * SECOND, 1, 50));
    const buy = set.readings[ReadingExtra.BuyLotsPerS]!;
    set.onTimer(maker.at(31.1 * SECOND));
    assert.equal(set.readings[ReadingExtra.BuyLotsPerS], buy);
    set.onTimer(maker.at(32.1 * SECOND));
    assert.ok(Math.abs(set.readings[ReadingExtra.BuyLotsPerS]! / buy - Math.exp(-1)) < 5e-4);
  });

  it('measures bursts against the usual rate', () => {
    const { set, maker } = warm();
    assert.ok(Math.abs(set.readings[ReadingExtra.Burst]! - 1) < 0.1);
    for (let i = 0; i < 100; i++) {
      set.update(maker.touch(31 * SECOND + i * 0.1 * MS, 1000, 10, 1001, 10));
    }
    // Usual: 10 in 100 ms; now 10 + 100, with 3 added to both.
    assert.ok(Math.abs(set.readings[ReadingExtra.Burst]! - 113 / 13) < 0.6);
  });

  it('takes time that runs backwards for no time', () => {
    const { set, maker } = warm();
    set.update(maker.touch(20 * SECOND, 1000, 10, 1001, 10));
    assert.ok(set.readings.every((value) => Number.isFinite(value)));
    assert.equal(set.readings[Signal.Momentum * READING_STRIDE + Reading.AsOfNs], 31 * SECOND);
  });

  it('does the same work for the same stream, to the bit', () => {
    const stream = randomStream({ seed: 4, messages: 5000, invalidShare: 0.02 });
    const first = makeSignals();
    const second = makeSignals();
    for (const row of stream) first.update(row);
    for (const row of stream) second.update(row);
    assert.deepEqual(first.readings, second.readings);
  });
});

describe('signal settings', () => {
  it('are within their own ranges by default and say what they do', () => {
    for (const [name, field] of Object.entries(SIGNAL_FIELDS)) {
      assert.ok(field.default >= field.min && field.default <= field.max, name);
      assert.match(field.effect, /^(Longer|Larger): .+\.$/, name);
    }
    assert.equal(signalParameters().ofiHalfLifeMs, 500);
    assert.equal(signalParameters({ ofiHalfLifeMs: 700 }).ofiHalfLifeMs, 700);
  });

  it('refuse unknown names, values out of range and averages in the wrong order', () => {
    refused({ emaFast: 1 }, /"emaFast" is no parameter/);
    refused({ ofiHalfLifeMs: 1 }, /from 50 to 60000/);
    refused({ ofiHalfLifeMs: NaN }, /NaN/);
    refused({ emaFastMs: 20_000 }, /below emaSlowMs/);
  });
});
