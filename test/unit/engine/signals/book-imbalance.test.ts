/** book-imbalance: hand-worked touch and five-level imbalances, distance weights, classes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Signal } from '../../../../engine/domain/readings.ts';
import { INSTANT, makeSignals, MarketMaker, MS, raw, strength } from './support.ts';

type Level = readonly [number, number];
const EVEN_BIDS: readonly Level[] = [
  [1000, 10],
  [999, 10],
  [998, 10],
  [997, 10],
  [996, 10],
];
const EVEN_ASKS: readonly Level[] = EVEN_BIDS.map(([ticks, lots]) => [2001 - ticks, lots]);

function feed(
  given: Readonly<Record<string, number>>,
  bids: readonly Level[],
  asks: readonly Level[],
): ReturnType<typeof makeSignals> {
  const set = makeSignals({ ...INSTANT, ...given });
  const maker = new MarketMaker();
  for (let i = 0; i <= 200; i++) set.update(maker.depth(i * 10 * MS, bids, asks));
  return set;
}

describe('book imbalance', () => {
  it('is zero for an even book', () => {
    assert.equal(strength(feed({}, EVEN_BIDS, EVEN_ASKS), Signal.BookImbalance), 0);
  });

  it('is (bid − ask) / (bid + ask) at the touch', () => {
    const bids: readonly Level[] = [[1000, 30], ...EVEN_BIDS.slice(1)];
    const set = feed({ imbalanceTouchShareOneTick: 1 }, bids, EVEN_ASKS);
    assert.equal(raw(set, Signal.BookImbalance), 0.5);
    assert.equal(strength(set, Signal.BookImbalance), 0.5);
  });

  it('weighs levels by distance: half at the scale', () => {
    // Scale = 2 mean spreads = 2 ticks: weights 1, 2/3, 1/2, 2/5, 1/3.
    const bids: readonly Level[] = [
      [1000, 10],
      [999, 10],
      [998, 30],
      [997, 10],
      [996, 10],
    ];
    const set = feed(
      { imbalanceTouchShareOneTick: 0, imbalanceDistanceSpreads: 2 },
      bids,
      EVEN_ASKS,
    );
    const base = 10 * (1 + 2 / 3 + 1 / 2 + 2 / 5 + 1 / 3);
    const expected = 10 / (2 * base + 10);
    assert.ok(Math.abs(strength(set, Signal.BookImbalance) - expected) < 1e-12);
  });

  it('blends touch and levels by the share of the market class', () => {
    const bids: readonly Level[] = [[1000, 30], ...EVEN_BIDS.slice(1)];
    const touch = strength(feed({ imbalanceTouchShareOneTick: 1 }, bids, EVEN_ASKS), 4);
    const five = strength(feed({ imbalanceTouchShareOneTick: 0 }, bids, EVEN_ASKS), 4);
    const both = strength(feed({ imbalanceTouchShareOneTick: 0.25 }, bids, EVEN_ASKS), 4);
    assert.ok(Math.abs(both - (0.25 * touch + 0.75 * five)) < 1e-12);
  });

  it('holds the levels between depth messages while the touch goes on', () => {
    const set = makeSignals({ ...INSTANT, imbalanceTouchShareOneTick: 0 });
    const maker = new MarketMaker();
    const bids: readonly Level[] = [[1000, 30], ...EVEN_BIDS.slice(1)];
    for (let i = 0; i <= 200; i++) set.update(maker.depth(i * 10 * MS, bids, EVEN_ASKS));
    const before = strength(set, Signal.BookImbalance);
    set.update(maker.touch(2010 * MS, 1000, 10, 1001, 90));
    assert.equal(strength(set, Signal.BookImbalance), before);
    assert.equal(raw(set, Signal.BookImbalance), -0.8);
  });

  it('copes with missing levels', () => {
    const set = feed({ imbalanceTouchShareOneTick: 0 }, [[1000, 10]], EVEN_ASKS);
    const value = strength(set, Signal.BookImbalance);
    assert.ok(value < 0 && value > -1);
  });
});
