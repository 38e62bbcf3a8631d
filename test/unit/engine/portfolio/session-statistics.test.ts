/** Session statistics against vectors worked by hand. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  decimalsBorne,
  fillRatio,
  grouped,
  largestFall,
  mean,
  median,
  multiples,
  proportion,
  summarise,
} from '../../../../engine/portfolio/session-statistics.ts';
import type { ScalpResult } from '../../../../engine/portfolio/session-statistics.ts';

function result(net: number, change: Partial<ScalpResult> = {}): ScalpResult {
  return {
    symbol: 'ABC',
    exitKind: net > 0 ? 'target' : 'stop',
    openedBy: ['momentum'],
    closedAtMs: 0,
    heldMs: 1000,
    gross: net + 1,
    fees: 1,
    net,
    risk: 2,
    ...change,
  };
}

function near(actual: number | null | undefined, expected: number): void {
  assert.ok(
    actual !== null && actual !== undefined && Math.abs(actual - expected) < 1e-12,
    `${actual} is not ${expected}`,
  );
}

describe('a summary', () => {
  // Nets 4, −2, 1, −3, 0: sum 0, squares 16 + 4 + 1 + 9 = 30, variance 30 / 4 = 7.5.
  const summary = summarise([
    result(4, { heldMs: 1000 }),
    result(-2, { heldMs: 9000 }),
    result(1, { heldMs: 3000 }),
    result(-3, { heldMs: 5000, risk: null }),
    result(0, { heldMs: 2000 }),
  ]);

  it('counts wins and losses after fees; nothing made is neither', () => {
    assert.deepEqual([summary.count, summary.wins, summary.losses], [5, 2, 2]);
    assert.deepEqual([summary.net, summary.gross, summary.fees], [0, 5, 5]);
  });

  it('has the win rate 2 of 5 with the error of 4 of 9', () => {
    near(summary.winRate?.value, 0.4);
    near(summary.winRate?.error, Math.sqrt(((4 / 9) * (5 / 9)) / 9));
  });

  it('has the expectancy with √(7.5 / 5) as its error', () => {
    near(summary.expectancy?.value, 0);
    near(summary.expectancy?.error, Math.sqrt(1.5));
  });

  it('has the expectancy in R of those whose risk is known', () => {
    // 2, −1, 0.5, 0: mean 0.375; squared deviations sum to 4.6875.
    assert.equal(summary.expectancyR?.count, 4);
    near(summary.expectancyR.value, 0.375);
    near(summary.expectancyR.error, Math.sqrt(4.6875 / 3 / 4));
  });

  it('has averages, profit factor, median hold and the share of fees', () => {
    near(summary.averageWin?.value, 2.5);
    near(summary.averageLoss?.value, -2.5);
    near(summary.averageWin?.error, Math.sqrt(4.5 / 2));
    assert.equal(summary.profitFactor, 1);
    assert.equal(summary.medianHoldMs, 3000);
    assert.equal(summary.feeShare, 1);
  });

  it('of nothing knows nothing', () => {
    const none = summarise([]);
    assert.equal(none.count, 0);
    const figures = [none.winRate, none.expectancy, none.expectancyR, none.averageWin];
    const more = [none.averageLoss, none.profitFactor, none.medianHoldMs, none.feeShare];
    for (const figure of [...figures, ...more]) assert.equal(figure, null);
  });

  it('of one has no error, and no profit factor without a loss', () => {
    const one = summarise([result(3)]);
    assert.deepEqual(one.expectancy, { value: 3, error: null, count: 1 });
    assert.deepEqual(one.winRate, { value: 1, error: null, count: 1 });
    assert.equal(one.profitFactor, null);
    assert.equal(one.averageLoss, null);
  });

  it('has no share of fees where nothing was made before them', () => {
    assert.equal(summarise([result(-3, { gross: -2 })]).feeShare, null);
    assert.equal(summarise([result(-1, { gross: 0 })]).feeShare, null);
  });
});

describe('groups', () => {
  it('by several keys count a result in each; the largest is first, then by name', () => {
    const results = [
      result(1, { openedBy: ['b', 'a'] }),
      result(-1, { openedBy: ['b'] }),
      result(2, { openedBy: [] }),
      result(5, { openedBy: ['c'] }),
    ];
    const groups = grouped(results, ({ openedBy }) => openedBy);
    assert.deepEqual(
      groups.map(({ key, summary }) => [key, summary.count, summary.net]),
      [
        ['b', 2, 0],
        ['a', 1, 1],
        ['c', 1, 5],
      ],
    );
  });
});

describe('the largest fall', () => {
  it('is from the highest sum to the lowest after it', () => {
    // Sums 3, 1, 4, 2, −1, 5: from 4 to −1.
    assert.equal(largestFall([3, -2, 3, -2, -3, 6]), 5);
    assert.equal(largestFall([-2, -1]), 3, 'below the start counts');
    assert.equal(largestFall([1, 2]), 0);
    assert.equal(largestFall([]), 0);
  });
});

describe('entries', () => {
  it('have a rate of those that filled, and a mean filled share', () => {
    const ratio = fillRatio([
      { size: 2, filled: 2 },
      { size: 4, filled: 1 },
      { size: 1, filled: 0 },
      { size: 0, filled: 0 },
    ]);
    assert.deepEqual([ratio.orders, ratio.touched], [3, 2]);
    near(ratio.rate?.value, 2 / 3);
    near(ratio.share?.value, 1.25 / 3);
    assert.deepEqual(fillRatio([]), { orders: 0, touched: 0, rate: null, share: null });
  });
});

describe('figures', () => {
  it('means and medians', () => {
    assert.equal(mean([]), null);
    assert.deepEqual(mean([7]), { value: 7, error: null, count: 1 });
    near(mean([1, 3])?.error, 1);
    assert.equal(median([]), null);
    assert.equal(median([5, 1, 3]), 3);
    assert.equal(median([4, 1, 3, 2]), 2.5);
  });

  it('all wins or none are no certainty', () => {
    // (5 / 7) × (2 / 7) / 7
    near(proportion(3, 3)?.error, Math.sqrt(10 / 343));
    near(proportion(0, 3)?.error, Math.sqrt(10 / 343));
    assert.equal(proportion(0, 0), null);
  });

  it('multiples leave out what has no risk', () => {
    assert.deepEqual(
      multiples([result(4), result(1, { risk: null }), result(1, { risk: 0 })]),
      [2],
    );
  });

  it('show the digits that their error bears', () => {
    const cases: readonly (readonly [number | null, number, number])[] = [
      [0.034, 4, 2],
      [0.34, 4, 1],
      [1, 4, 0],
      [12, 4, 0],
      [0.000_01, 4, 4],
      [0, 2, 2],
      [null, 2, 2],
    ];
    for (const [error, most, decimals] of cases) {
      assert.equal(decimalsBorne(error, most), decimals, `${error}`);
    }
  });
});
