/** order-flow: the published unit vectors of order-flow imbalance, decay, trades, seeding. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Market } from '../../../../engine/domain/market.ts';
import { ReadingExtra, Signal } from '../../../../engine/domain/readings.ts';
import {
  confidence,
  INSTANT,
  makeSignals,
  MarketMaker,
  MS,
  raw,
  SECOND,
  SNAPSHOT,
  strength,
} from './support.ts';

type Touch = readonly [bid: number, bidLots: number, ask: number, askLots: number];

interface Case {
  readonly name: string;
  readonly from: Touch;
  readonly to: Touch;
  readonly lots: number;
}

const CASES: readonly Case[] = [
  { name: 'bid size 5 → 8', from: [100, 5, 101, 6], to: [100, 8, 101, 6], lots: 3 },
  { name: 'bid up, size 4', from: [100, 5, 103, 6], to: [101, 4, 103, 6], lots: 4 },
  { name: 'bid down, old size 5', from: [100, 5, 101, 6], to: [99, 9, 101, 6], lots: -5 },
  { name: 'ask size 6 → 2', from: [100, 5, 101, 6], to: [100, 5, 101, 2], lots: 4 },
  { name: 'ask up, old size 6', from: [100, 5, 101, 6], to: [100, 5, 102, 3], lots: 6 },
  { name: 'ask down, new size 7', from: [100, 5, 103, 6], to: [100, 5, 102, 7], lots: -7 },
  { name: 'nothing', from: [100, 5, 101, 6], to: [100, 5, 101, 6], lots: 0 },
];

describe('order flow', () => {
  for (const { name, from, to, lots } of CASES) {
    it(`counts ${name} as ${lots} lots`, () => {
      const set = makeSignals();
      const maker = new MarketMaker();
      set.update(maker.touch(SECOND, ...from));
      assert.equal(raw(set, Signal.OrderFlow), 0, 'the first book is no flow');
      set.update(maker.touch(SECOND, ...to));
      assert.equal(raw(set, Signal.OrderFlow), lots);
    });
  }

  it('forgets half of it in a half-life, on timers as on messages', () => {
    const set = makeSignals({ ofiHalfLifeMs: 500 });
    const maker = new MarketMaker();
    set.update(maker.touch(SECOND, 100, 5, 101, 6));
    set.update(maker.touch(SECOND, 100, 13, 101, 6));
    for (let i = 1; i <= 50; i++) set.onTimer(maker.at(SECOND + i * 10 * MS));
    assert.ok(Math.abs(raw(set, Signal.OrderFlow) - 4) < 1e-6);
  });

  it('does not count a snapshot or the first book after an invalid stretch', () => {
    const set = makeSignals();
    const maker = new MarketMaker();
    set.update(maker.touch(SECOND, 100, 5, 101, 6));
    const snapshot = maker.touch(SECOND, 90, 50, 91, 60);
    snapshot[Market.MessageClass] = SNAPSHOT;
    set.update(snapshot);
    assert.equal(raw(set, Signal.OrderFlow), 0);
    set.update(maker.invalid(SECOND));
    set.update(maker.touch(SECOND, 100, 5, 101, 6));
    assert.equal(raw(set, Signal.OrderFlow), 0);
  });

  it('reads up when the bid is joined and when buyers take', () => {
    const quotes = makeSignals({ ...INSTANT, flowShareOneTick: 0 });
    const trades = makeSignals({ ...INSTANT, flowShareOneTick: 1 });
    const maker = new MarketMaker();
    for (let i = 0; i < 200; i++) {
      const row = maker.touch(i * 10 * MS, 1000, 10 + (i % 2), 1001, 10);
      quotes.update(row);
      trades.update(row);
    }
    quotes.update(maker.touch(2 * SECOND, 1000, 60, 1001, 10));
    assert.ok(strength(quotes, Signal.OrderFlow) > 0.7);
    assert.equal(confidence(quotes, Signal.OrderFlow), 1);
    trades.update(maker.at(2 * SECOND));
    trades.update(maker.trade(2 * SECOND, 1, 40));
    assert.ok(strength(trades, Signal.OrderFlow) > 0.9);
    trades.update(maker.trade(2 * SECOND, -1, 120));
    assert.ok(Math.abs(strength(trades, Signal.OrderFlow) + 0.5) < 0.01);
  });

  it('is not moved far by one small trade in a market that usually trades much', () => {
    const set = makeSignals({ ...INSTANT, flowShareOneTick: 1 });
    const maker = new MarketMaker();
    set.update(maker.touch(0, 1000, 10, 1001, 10));
    for (let i = 1; i <= 3000; i++) set.update(maker.trade(i * 10 * MS, i % 2 === 0 ? 1 : -1, 50));
    for (let i = 1; i <= 500; i++) set.onTimer(maker.at(30 * SECOND + i * 10 * MS));
    set.update(maker.trade(35 * SECOND, 1, 1));
    assert.ok(Math.abs(strength(set, Signal.OrderFlow)) < 0.02);
  });

  it('gives aggressive volume a second by side', () => {
    const set = makeSignals({ flowTauMs: 1000 });
    const maker = new MarketMaker();
    set.update(maker.touch(0, 1000, 10, 1001, 10));
    for (let i = 1; i <= 2000; i++) set.update(maker.trade(i * 10 * MS, i % 4 === 0 ? -1 : 1, 2));
    assert.ok(Math.abs(set.readings[ReadingExtra.BuyLotsPerS]! - 150) < 3);
    assert.ok(Math.abs(set.readings[ReadingExtra.SellLotsPerS]! - 50) < 3);
  });
});
