/** levels: stop, targets, trail, profit protection, break-even, time and trust, each on its own. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MARKET_SIZE, Market } from '../../../../engine/domain/market.ts';
import { SCALP_SIZE, Scalp } from '../../../../engine/domain/scalp.ts';
import { NO_PRICE } from '../../../../engine/domain/units.ts';
import { markToMarket, setBreakEven } from '../../../../engine/exits/break-even.ts';
import { isTrusted, markTrusted, markUntrusted } from '../../../../engine/exits/emergency.ts';
import { LIMITS_SIZE, setExitLimits } from '../../../../engine/exits/limits.ts';
import { DEFAULT_EXIT_PARAMETERS } from '../../../../engine/exits/parameters.ts';
import { isGivenBack } from '../../../../engine/exits/profit-protection.ts';
import { WORK_SIZE, Work } from '../../../../engine/exits/scalp-work.ts';
import { isStopHit, setStop, tightenToBreakEven } from '../../../../engine/exits/stop.ts';
import { isTargetReached, setHalfLots, setTargets } from '../../../../engine/exits/target.ts';
import { TimeStage, timeStage } from '../../../../engine/exits/time-stop.ts';
import { isTrailHit, updateTrail } from '../../../../engine/exits/trailing.ts';
import { SECOND, setMarket, testInstrument, testReadings } from './support.ts';

const P = new Float64Array(LIMITS_SIZE);
setExitLimits(P, DEFAULT_EXIT_PARAMETERS);

function rowOf(fields: Readonly<Record<number, number>>): Float64Array {
  const row = new Float64Array(SCALP_SIZE);
  row[Scalp.TrailTicks] = NO_PRICE;
  for (const [field, value] of Object.entries(fields)) row[Number(field)] = value;
  return row;
}

function workOf(fields: Readonly<Record<number, number>>): Float64Array {
  const work = new Float64Array(WORK_SIZE);
  for (const [field, value] of Object.entries(fields)) work[Number(field)] = value;
  return work;
}

describe('stop', () => {
  for (const [side, average, distance, expected] of [
    [1, 1000, 20, 980],
    [1, 1000.5, 20.2, 981],
    [-1, 1000, 20, 1020],
    [-1, 1000.5, 20.2, 1020],
  ] as const) {
    it(`of side ${side} from ${average} by ${distance} is ${expected}, towards the entry`, () => {
      const row = rowOf({ [Scalp.Side]: side, [Scalp.AvgEntryTicks]: average });
      setStop(row, 0, workOf({ [Work.StopDistanceTicks]: distance }), 0);
      assert.equal(row[Scalp.StopTicks], expected);
    });
  }

  for (const [side, last, expected] of [
    [1, 981, false],
    [1, 980, true],
    [1, 900, true],
    [-1, 979, false],
    [-1, 980, true],
    [-1, 1100, true],
  ] as const) {
    it(`at 980 of side ${side} is ${expected ? '' : 'not '}hit at ${last}`, () => {
      const row = rowOf({
        [Scalp.Side]: side,
        [Scalp.StopTicks]: 980,
        [Scalp.LastPriceTicks]: last,
      });
      assert.equal(isStopHit(row, 0), expected);
    });
  }

  it('moves to break-even as far as there is room, and never back', () => {
    const row = rowOf({
      [Scalp.Side]: 1,
      [Scalp.StopTicks]: 980,
      [Scalp.BreakEvenTicks]: 1003,
      [Scalp.LastPriceTicks]: 1004,
    });
    tightenToBreakEven(row, 0, 3);
    assert.equal(row[Scalp.StopTicks], 1001);
    row[Scalp.LastPriceTicks] = 1020;
    tightenToBreakEven(row, 0, 3);
    assert.equal(row[Scalp.StopTicks], 1003);
    row[Scalp.LastPriceTicks] = 990;
    tightenToBreakEven(row, 0, 3);
    assert.equal(row[Scalp.StopTicks], 1003);
  });

  it('moves down for a short', () => {
    const row = rowOf({
      [Scalp.Side]: -1,
      [Scalp.StopTicks]: 1020,
      [Scalp.BreakEvenTicks]: 997,
      [Scalp.LastPriceTicks]: 980,
    });
    tightenToBreakEven(row, 0, 3);
    assert.equal(row[Scalp.StopTicks], 997);
  });
});

describe('targets', () => {
  it('are rounded towards the entry', () => {
    const work = workOf({ [Work.HalfDistanceTicks]: 10.4, [Work.TargetDistanceTicks]: 20.9 });
    const long = rowOf({ [Scalp.Side]: 1, [Scalp.AvgEntryTicks]: 1000.3 });
    setTargets(long, 0, work, 0);
    assert.deepEqual([long[Scalp.HalfTargetTicks], long[Scalp.TargetTicks]], [1010, 1021]);
    const short = rowOf({ [Scalp.Side]: -1, [Scalp.AvgEntryTicks]: 1000.3 });
    setTargets(short, 0, work, 0);
    assert.deepEqual([short[Scalp.HalfTargetTicks], short[Scalp.TargetTicks]], [990, 980]);
  });

  for (const [open, minLots, expected] of [
    [10, 1, 5],
    [11, 1, 5],
    [2, 1, 1],
    [1, 1, 1],
    [9, 5, 9],
    [10, 5, 5],
  ] as const) {
    it(`take ${expected} of ${open} lots out first where the venue takes ${minLots}`, () => {
      const work = workOf({});
      setHalfLots(rowOf({ [Scalp.OpenLots]: open }), 0, work, 0, minLots);
      assert.equal(work[Work.HalfLeftLots], expected);
    });
  }

  it('are reached at the touch a scalp closes at', () => {
    const row = rowOf({
      [Scalp.Side]: -1,
      [Scalp.HalfTargetTicks]: 990,
      [Scalp.TargetTicks]: 980,
      [Scalp.LastPriceTicks]: 990,
    });
    assert.equal(isTargetReached(row, 0), true);
    row[Scalp.HalfOut] = 1;
    assert.equal(isTargetReached(row, 0), false);
    row[Scalp.LastPriceTicks] = 979;
    assert.equal(isTargetReached(row, 0), true);
  });
});

describe('trailing stop', () => {
  const market = new Float64Array(MARKET_SIZE);

  it('follows the best price by 0.3 sd and never loosens', () => {
    setMarket(market, SECOND, 1100, 1101);
    const row = rowOf({ [Scalp.Side]: 1, [Scalp.StopTicks]: 1000, [Scalp.BestTicks]: 1100 });
    updateTrail(row, 0, market, testReadings(200), P);
    assert.equal(row[Scalp.TrailTicks], 1040);
    row[Scalp.BestTicks] = 1110;
    updateTrail(row, 0, market, testReadings(200), P);
    assert.equal(row[Scalp.TrailTicks], 1050);
    updateTrail(row, 0, market, testReadings(600), P);
    assert.equal(row[Scalp.TrailTicks], 1050, 'wilder markets do not loosen it');
    updateTrail(row, 0, market, testReadings(100), P);
    assert.equal(row[Scalp.TrailTicks], 1080, 'calmer markets tighten it');
  });

  it('starts only where it is better than the stop', () => {
    setMarket(market, SECOND, 1100, 1101);
    const row = rowOf({ [Scalp.Side]: 1, [Scalp.StopTicks]: 1050, [Scalp.BestTicks]: 1100 });
    updateTrail(row, 0, market, testReadings(200), P);
    assert.equal(row[Scalp.TrailTicks], NO_PRICE);
    assert.equal(isTrailHit(row, 0), false);
  });

  it('keeps two spreads away, and works for a short', () => {
    setMarket(market, SECOND, 900, 910);
    const row = rowOf({ [Scalp.Side]: -1, [Scalp.StopTicks]: 1000, [Scalp.BestTicks]: 910 });
    updateTrail(row, 0, market, testReadings(20), P);
    assert.equal(row[Scalp.TrailTicks], 930);
    row[Scalp.LastPriceTicks] = 929;
    assert.equal(isTrailHit(row, 0), false);
    row[Scalp.LastPriceTicks] = 930;
    assert.equal(isTrailHit(row, 0), true);
  });
});

describe('profit protection', () => {
  /** A long from 1000 with break-even 1005 and an sd of 100: wakes up at a gain of 30. */
  const cases = [
    { name: 'sleeps below its gain', best: 1025, last: 1001, closes: false },
    { name: 'lets a gain breathe', best: 1040, last: 1017, closes: false },
    { name: 'closes when 60 % were given back', best: 1040, last: 1016, closes: true },
    { name: 'closes on a gap too', best: 1040, last: 990, closes: true },
  ];
  for (const { name, best, last, closes } of cases) {
    it(name, () => {
      const row = rowOf({
        [Scalp.Side]: 1,
        [Scalp.AvgEntryTicks]: 1000,
        [Scalp.BreakEvenTicks]: 1005,
        [Scalp.Sigma5mTicks]: 100,
        [Scalp.BestTicks]: best,
        [Scalp.LastPriceTicks]: last,
      });
      assert.equal(isGivenBack(row, 0, P), closes);
    });
  }

  it('sleeps while what it would keep does not pay the fees', () => {
    const row = rowOf({
      [Scalp.Side]: -1,
      [Scalp.AvgEntryTicks]: 1000,
      [Scalp.BreakEvenTicks]: 980,
      [Scalp.Sigma5mTicks]: 100,
      [Scalp.BestTicks]: 960,
      [Scalp.LastPriceTicks]: 990,
    });
    assert.equal(isGivenBack(row, 0, P), false);
    row[Scalp.BestTicks] = 950;
    assert.equal(isGivenBack(row, 0, P), true);
  });
});

describe('break-even', () => {
  it('pays both fees: a long closed there loses nothing, one tick lower it does', () => {
    const instrument = testInstrument(0, { maker: '0.0002', taker: '0.0005' });
    for (const side of [1, -1]) {
      const lots = 40;
      const average = 100_000;
      const notional = instrument.notionalE8(average, lots);
      const fee = (notional * instrument.takerFeeRateE8) / 1e8;
      const row = rowOf({
        [Scalp.Side]: side,
        [Scalp.AvgEntryTicks]: average,
        [Scalp.EntryLots]: lots,
        [Scalp.OpenLots]: lots,
      });
      setBreakEven(row, 0, workOf({ [Work.EntryFeesE8]: fee }), 0, instrument);
      const net = (price: number): number =>
        side * (price - average) * lots * instrument.tickLotE8 -
        fee -
        (instrument.notionalE8(price, lots) * instrument.takerFeeRateE8) / 1e8;
      const at = row[Scalp.BreakEvenTicks]!;
      assert.ok(net(at) >= -1e-6, `${side}: ${net(at)}`);
      assert.ok(net(at - side) < 0, `${side}: ${net(at - side)}`);
    }
  });

  it('marks a short at the ask and keeps its best', () => {
    const market = new Float64Array(MARKET_SIZE);
    const row = rowOf({
      [Scalp.Side]: -1,
      [Scalp.AvgEntryTicks]: 1000,
      [Scalp.OpenLots]: 3,
      [Scalp.BestTicks]: 1000,
    });
    const instrument = testInstrument();
    setMarket(market, SECOND, 989, 990);
    markToMarket(row, 0, market, instrument);
    setMarket(market, SECOND, 994, 995);
    markToMarket(row, 0, market, instrument);
    assert.equal(row[Scalp.LastPriceTicks], 995);
    assert.equal(row[Scalp.BestTicks], 990);
    assert.equal(row[Scalp.UnrealisedE8], 5 * 3 * instrument.tickLotE8);
    assert.equal(row[Scalp.PeakUnrealisedE8], 10 * 3 * instrument.tickLotE8);
  });
});

describe('time and trust', () => {
  it('warns before the time is up', () => {
    const row = rowOf({ [Scalp.DeadlineNs]: 100 * SECOND });
    const stageAt = (seconds: number): number =>
      timeStage(row, 0, Float64Array.of(seconds * SECOND), P);
    assert.equal(stageAt(69.9), TimeStage.InTime);
    assert.equal(stageAt(70), TimeStage.Warning);
    assert.equal(stageAt(99.9), TimeStage.Warning);
    assert.equal(stageAt(100), TimeStage.Over);
  });

  it('trusts a price while the market is valid and young', () => {
    const market = new Float64Array(MARKET_SIZE);
    setMarket(market, 10 * SECOND, 100, 101);
    assert.equal(isTrusted(market, Float64Array.of(13 * SECOND), P), true);
    assert.equal(isTrusted(market, Float64Array.of(13 * SECOND + 1), P), false);
    market[Market.TouchNs] = 12 * SECOND;
    assert.equal(isTrusted(market, Float64Array.of(13 * SECOND + 1), P), true);
    market[Market.Valid] = 0;
    assert.equal(isTrusted(market, Float64Array.of(12 * SECOND), P), false);
  });

  it('calls it an emergency when prices stay untrusted or the spread stays extreme', () => {
    const work = workOf({ [Work.UntrustedSinceNs]: -1, [Work.WideSinceNs]: -1 });
    const market = new Float64Array(MARKET_SIZE);
    const clock = Float64Array.of(10 * SECOND);
    markUntrusted(work, 0, clock, P);
    clock[0] = 11.9 * SECOND;
    markUntrusted(work, 0, clock, P);
    assert.equal(work[Work.Emergency], 0);
    setMarket(market, clock[0], 100, 112);
    markTrusted(work, 0, market, testReadings(), clock, P);
    clock[0] = 12.8 * SECOND;
    markTrusted(work, 0, market, testReadings(), clock, P);
    assert.equal(
      work[Work.Emergency],
      0,
      'trust came back in time, the spread is not yet long wide',
    );
    clock[0] = 12.9 * SECOND;
    markTrusted(work, 0, market, testReadings(), clock, P);
    assert.equal(work[Work.Emergency], 1);
  });
});
