/** The bounded stores of history: order, pages, bounds, what is missing. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TRADE_DOUBLES } from '../../../../../engine/contract/frames.ts';
import { HISTORY_KEPT } from '../../../../../engine/contract/history.ts';
import { EquityCurve } from '../../../../../engine/runtime/history/equity-curve.ts';
import { RecordStore } from '../../../../../engine/runtime/history/record-store.ts';
import { RequestBudget } from '../../../../../engine/runtime/history/request-budget.ts';
import { RowList } from '../../../../../engine/runtime/history/row-list.ts';
import { TradeHistory } from '../../../../../engine/runtime/history/trade-history.ts';

/** Records of two doubles: a header, and their number times ten. */
function filled(bound: number, numbers: readonly number[]): RecordStore {
  const store = new RecordStore(bound, 2);
  for (const n of numbers)
    store.append(n, n % 2, Float64Array.of(Number.NaN, Number.NaN, n * 10), 1);
  return store;
}

const value = (_instrument: number, doubles: Float64Array, base: number): number =>
  doubles[base + 1]! / 10;

describe('records', () => {
  it('are kept up to the bound; what went is counted', () => {
    const store = filled(3, [1, 2, 3]);
    assert.deepEqual([store.count, store.dropped, store.droppedThrough], [3, 0, 0]);
    store.append(4, 0, Float64Array.of(0, 40), 0);
    store.append(5, 1, Float64Array.of(0, 50), 0);
    assert.deepEqual(store.page(null, 9, -1, value), { rows: [3, 4, 5], more: false });
    assert.deepEqual([store.count, store.dropped, store.droppedThrough], [3, 2, 2]);
  });

  it('come in pages, newest page first, ascending in each', () => {
    const store = filled(100, [1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual(store.page(null, 3, -1, value), { rows: [5, 6, 7], more: true });
    assert.deepEqual(store.page(5, 3, -1, value), { rows: [2, 3, 4], more: true });
    assert.deepEqual(store.page(2, 3, -1, value), { rows: [1], more: false });
    assert.deepEqual(store.page(1, 3, -1, value), { rows: [], more: false });
    assert.deepEqual(store.page(999, 2, -1, value), { rows: [6, 7], more: true });
    assert.deepEqual(store.page(null, 7, -1, value), { rows: [1, 2, 3, 4, 5, 6, 7], more: false });
  });

  it('of one instrument have pages of their own', () => {
    const store = filled(100, [1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual(store.page(null, 2, 1, value), { rows: [5, 7], more: true });
    assert.deepEqual(store.page(5, 2, 1, value), { rows: [1, 3], more: false });
    assert.deepEqual(store.page(null, 9, 2, value), { rows: [], more: false });
  });

  it('that were passed over are counted, and one that comes again is not kept twice', () => {
    const store = filled(100, [3, 4, 9]);
    assert.equal(store.missed, 2 + 4);
    assert.equal(store.append(9, 0, Float64Array.of(0, 0), 0), false);
    assert.equal(store.append(2, 0, Float64Array.of(0, 0), 0), false);
    assert.equal(store.append(Number.NaN, 0, Float64Array.of(0, 0), 0), false);
    assert.deepEqual(store.page(9, 9, -1, value), { rows: [3, 4], more: false });
  });

  it('page right while the ring is turned', () => {
    const store = filled(4, [1, 2, 3, 5, 8, 13]);
    assert.deepEqual(store.page(8, 9, -1, value), { rows: [3, 5], more: false });
    assert.deepEqual(store.page(6, 1, -1, value), { rows: [5], more: true });
  });
});

describe('rows of the host', () => {
  it('are numbered from 1 and bounded', () => {
    const list = new RowList<{ sequence: number; name: string }>(2);
    for (const name of ['a', 'b', 'c']) list.append((sequence) => ({ sequence, name }));
    const { rows, more } = list.page(null, 9);
    assert.deepEqual(rows, [
      { sequence: 2, name: 'b' },
      { sequence: 3, name: 'c' },
    ]);
    assert.deepEqual([more, list.dropped], [false, 1]);
    assert.deepEqual(list.page(3, 1).rows, [{ sequence: 2, name: 'b' }]);
  });
});

describe('the equity curve', () => {
  const HOUR = 3600;

  it('has every second of the last half hour', () => {
    const curve = new EquityCurve();
    for (let s = 1; s <= HOUR; s++) curve.add(s * 1000, s * 1e8, 5e7);
    const { rows } = curve.page(null, 1800);
    assert.equal(rows[0]!.sequence, 1801);
    assert.deepEqual(rows.at(-1), {
      sequence: HOUR,
      atMs: HOUR * 1000,
      day: '3600.00000000',
      drawdown: '0.50000000',
    });
    const older = curve.page(1801, 9999);
    assert.deepEqual(
      older.rows.map(({ sequence }) => sequence),
      Array.from({ length: 180 }, (_, k) => 10 * (k + 1)),
    );
    assert.deepEqual([older.more, curve.dropped], [false, 0]);
  });

  it('is thinned; its oldest points are counted when they go', () => {
    const curve = new EquityCurve();
    const seconds = 1800 + 21_600 + 172_800 + 600;
    for (let s = 1; s <= seconds; s++) curve.add(s * 1000, 0, 0);
    const { rows, more } = curve.page(null, 100_000);
    assert.equal(rows.length, HISTORY_KEPT.equity);
    assert.deepEqual([more, curve.dropped], [false, 10]);
    const sequences = rows.map(({ sequence }) => sequence);
    assert.deepEqual(
      sequences,
      sequences.toSorted((a, b) => a - b),
      'ascending, without doubles',
    );
    const steps = new Set(sequences.slice(1).map((n, k) => n - sequences[k]!));
    for (const step of steps) assert.ok(step <= 60, `a step of ${step} s`);
  });
});

const trade = (instrument: number, lots: number): Float64Array => {
  const row = new Float64Array(TRADE_DOUBLES);
  row.set([instrument, 100, lots, 1, lots * 1e6]);
  return row;
};

const numbers = (rows: readonly { sequence: number }[]): number[] =>
  rows.map(({ sequence }) => sequence);

describe('trades', () => {
  it('of a quiet instrument stay when a busy one pushes its own out', () => {
    const trades = new TradeHistory(2, 1_000_000);
    trades.append(1, trade(1, 7), 0);
    for (let n = 2; n <= HISTORY_KEPT.trades + 11; n++) trades.append(n, trade(0, n), 0);
    assert.deepEqual(trades.page(null, 10, 1), {
      rows: [{ sequence: 1, instrument: 1, ticks: 100, lots: 7, side: 1, atMs: 1_000_007 }],
      more: false,
    });
    assert.equal(trades.dropped(0), 10);
    assert.equal(trades.dropped(1), 0);
  });

  it('of all instruments go back as far as every one is whole', () => {
    const trades = new TradeHistory(2, 0);
    trades.append(1, trade(1, 1), 0);
    for (let n = 2; n <= HISTORY_KEPT.trades + 11; n++) trades.append(n, trade(0, n), 0);
    const newest = HISTORY_KEPT.trades + 11;
    trades.append(newest + 1, trade(1, 1), 0);
    const page = trades.page(null, 3, -1);
    assert.deepEqual(numbers(page.rows), [newest - 1, newest, newest + 1]);
    assert.equal(page.more, true);
    const all = trades.page(null, 5000, -1);
    assert.equal(all.rows[0]!.sequence, 12, '11 was pushed out: before it nothing is whole');
    assert.deepEqual([all.more, trades.dropped(-1)], [false, 11]);
    assert.deepEqual(trades.page(12, 10, -1), { rows: [], more: false });
  });
});

describe('the budget of requests', () => {
  it('gives a burst, then so many a second, and says how long to wait', () => {
    const budget = new RequestBudget(3, 10);
    assert.deepEqual(
      [1, 2, 3, 4].map(() => budget.take(0)),
      [0, 0, 0, 100],
    );
    assert.equal(budget.take(50), 50);
    assert.equal(budget.take(100), 0);
    assert.ok(budget.take(100) > 0);
    assert.deepEqual(
      [1, 2, 3, 4].map(() => budget.take(1e6) > 0),
      [false, false, false, true],
    );
  });
});
