/** exit-distance: hand-worked distances, their floors and ceilings. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  DISTANCE_FIELDS,
  DISTANCE_SIZE,
  Distance,
  setDistanceSettings,
  setExitDistances,
} from '../../../../engine/domain/exit-distance.ts';
import { parameterValues } from '../../../../engine/domain/parameter.ts';
import { SeededRandom } from '../../../../engine/base/random.ts';

const PARAMETERS = parameterValues(DISTANCE_FIELDS);

interface Case {
  readonly name: string;
  /** Price, sd of 5 minutes, spread, cost. */
  readonly from: readonly [number, number, number, number];
  /** Stop, half target, target, and whether the trade is possible. */
  readonly to: readonly [number, number, number, boolean];
}

// Price 100,000 ticks: ceilings 200 (stop) and 400 (target).
const CASES: readonly Case[] = [
  { name: 'scales with volatility', from: [100_000, 200, 1, 10], to: [120, 110, 220, true] },
  {
    name: 'keeps three spreads and the cost',
    from: [100_000, 20, 10, 15],
    to: [45, 22.5, 45, true],
  },
  { name: 'stops at 0.2 % and 0.4 %', from: [100_000, 900, 1, 10], to: [200, 200, 400, true] },
  {
    name: 'takes the first half no nearer than the cost',
    from: [100_000, 50, 1, 40],
    to: [43, 40, 55, true],
  },
  {
    name: 'refuses a floor above the ceiling',
    from: [100_000, 100, 60, 30],
    to: [200, 105, 210, false],
  },
  { name: 'is never nearer than one tick', from: [10_000, 0, 0, 0], to: [1, 1, 1, true] },
  {
    name: 'refuses a price too small for one tick',
    from: [300, 5, 0, 0],
    to: [0.6, 1, 1.2, false],
  },
];

describe('exit distances', () => {
  for (const { name, from, to } of CASES) {
    it(name, () => {
      const io = distances();
      io.set(from);
      const isPossible = setExitDistances(io);
      const near = (field: number, expected: number): void =>
        assert.ok(Math.abs(io[field]! - expected) < 1e-9, `${field}: ${io[field]} ≠ ${expected}`);
      near(Distance.StopTicks, to[0]);
      near(Distance.HalfTargetTicks, to[1]);
      near(Distance.TargetTicks, to[2]);
      assert.equal(isPossible, to[3]);
    });
  }

  it('stays within floor and ceiling whatever comes in', () => {
    const random = new SeededRandom(11);
    const io = distances();
    for (let step = 0; step < 5_000; step++) {
      io[Distance.PriceTicks] = 1_000 + random.int(2_000_000);
      io[Distance.Sigma5mTicks] = random.exponential() * 300;
      io[Distance.SpreadTicks] = 1 + random.int(50);
      io[Distance.CostTicks] = random.exponential() * 20;
      const price = io[Distance.PriceTicks]!;
      const floor = 3 * io[Distance.SpreadTicks]! + io[Distance.CostTicks]!;
      const isPossible = setExitDistances(io);
      assert.ok(io[Distance.StopTicks]! <= price * 0.002 + 1e-9);
      assert.ok(io[Distance.TargetTicks]! <= price * 0.004 + 1e-9);
      assert.ok(io[Distance.HalfTargetTicks]! <= io[Distance.TargetTicks]!);
      if (isPossible) assert.ok(io[Distance.StopTicks]! >= floor - 1e-9, `step ${step}`);
      assert.equal(isPossible, floor <= price * 0.002 && price * 0.002 >= 1, `step ${step}`);
    }
  });
});

describe('parameter values', () => {
  it('takes defaults and what is given', () => {
    assert.deepEqual(parameterValues({ a: field(2) }, {}), { a: 2 });
    assert.deepEqual(parameterValues({ a: field(2) }, { a: 3 }), { a: 3 });
  });

  for (const value of [0.5, 11, Number.NaN, Infinity]) {
    it(`refuses ${value}, naming the range`, () => {
      assert.throws(() => parameterValues({ a: field(2) }, { a: value }), {
        code: 'config/invalid',
        message: `a is ${value}; it must be from 1 to 10 units`,
      });
    });
  }

  it('refuses a name it does not know', () => {
    assert.throws(() => parameterValues({ a: field(2) }, { b: 2 }), { code: 'config/invalid' });
  });

  it('has every default of the exits within its own range', () => {
    for (const [name, { default: value, min, max }] of Object.entries(DISTANCE_FIELDS)) {
      assert.ok(value >= min && value <= max, name);
    }
  });
});

function field(value: number) {
  return { unit: 'units', default: value, min: 1, max: 10, effect: 'Larger: more.' };
}

function distances(): Float64Array {
  const io = new Float64Array(DISTANCE_SIZE);
  setDistanceSettings(io, PARAMETERS);
  return io;
}
