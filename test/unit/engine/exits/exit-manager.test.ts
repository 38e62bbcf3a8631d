/** exit-manager: one scalp at a time, step by step, against an obedient venue. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Decision } from '../../../../engine/domain/decision.ts';
import { INTENTS_MAX, IntentAction } from '../../../../engine/domain/intent.ts';
import { Market } from '../../../../engine/domain/market.ts';
import { OrderState, Purpose, TimeInForce } from '../../../../engine/domain/order.ts';
import { SCALPS_MAX, Scalp, ScalpState } from '../../../../engine/domain/scalp.ts';
import { NO_PRICE } from '../../../../engine/domain/units.ts';
import { Allowed } from '../../../../engine/exits/exit-manager.ts';
import { TimeStage } from '../../../../engine/exits/time-stop.ts';
import { Bench, MS, SECOND, testDecision } from './support.ts';

// A long from 100,001, sd 200, cost 11: stop 120, half target 110, target 220 away.
const STOP = 100_001 - 120;
const HALF = 100_001 + 110;
const TARGET = 100_001 + 220;

/** A long of `lots` with its half target resting; the order slot of the target. */
function withTarget(bench: Bench, lots = 10): { slot: number; target: number } {
  const slot = bench.open(1, lots);
  bench.turn();
  return { slot, target: bench.accept(slot) };
}

/** A long whose first half of ten lots is out at 100,111 and whose final target rests. */
function withHalfOut(bench: Bench): { slot: number; target: number } {
  const { slot, target } = withTarget(bench);
  bench.quote(HALF, HALF + 1);
  bench.filled(slot, Purpose.HalfTarget, -1, 5, HALF);
  bench.manager.onOrder(slot, Purpose.HalfTarget, target, OrderState.Filled);
  bench.turn();
  return { slot, target: bench.accept(slot) };
}

/** A long of ten lots whose entry rests at 100,000 in order 9. */
function entering(bench: Bench): number {
  const decision = testDecision(1, 10, 100_000);
  decision[Decision.TimeNs] = bench.nowNs;
  const slot = bench.manager.openScalp(decision, 9);
  bench.manager.onOrder(slot, Purpose.Entry, 9, OrderState.Open);
  return slot;
}

describe('a scalp that goes well', () => {
  it('sets its levels from the fill and rests the half target', () => {
    const bench = new Bench();
    const slot = bench.open(1, 10);
    assert.equal(bench.state(slot), ScalpState.Open);
    assert.equal(bench.field(slot, Scalp.StopTicks), STOP);
    assert.equal(bench.field(slot, Scalp.HalfTargetTicks), HALF);
    assert.equal(bench.field(slot, Scalp.TargetTicks), TARGET);
    assert.equal(bench.field(slot, Scalp.DeadlineNs), bench.nowNs + 300 * SECOND);
    assert.equal(bench.field(slot, Scalp.TrailTicks), NO_PRICE);
    assert.equal(bench.turn(), 1);
    assert.deepEqual(bench.intent(), {
      action: IntentAction.Place,
      purpose: Purpose.HalfTarget,
      side: -1,
      price: HALF,
      lots: 5,
      timeInForce: TimeInForce.Gtc,
      reduceOnly: 1,
      order: -1,
    });
    bench.accept(slot);
    assert.equal(bench.turn(), 0, 'nothing more while it rests');
  });

  it('stays Open while the half target is filled in part', () => {
    const bench = new Bench();
    const { slot, target } = withTarget(bench);
    bench.filled(slot, Purpose.HalfTarget, -1, 2, HALF);
    bench.manager.onOrder(slot, Purpose.HalfTarget, target, OrderState.PartiallyFilled);
    assert.equal(bench.state(slot), ScalpState.Open);
    assert.equal(bench.field(slot, Scalp.HalfOut), 0);
    bench.manager.onOrder(slot, Purpose.HalfTarget, target, OrderState.Canceled);
    bench.pass(200 * MS);
    assert.equal(bench.turn(), 1, 'what is left of the half rests again');
    assert.equal(bench.intent()['lots'], 3);
  });

  it('takes half out, goes to break-even, rests the rest and trails', () => {
    const bench = new Bench();
    const { slot } = withHalfOut(bench);
    assert.equal(bench.intent()['purpose'], Purpose.Target);
    assert.equal(bench.intent()['price'], TARGET);
    assert.equal(bench.intent()['lots'], 5);
    assert.equal(bench.field(slot, Scalp.OpenLots), 5);
    assert.equal(bench.manager.halfOutCount, 1);
    // Taker exit of 1 bp on 100,001 ticks: 10.0002 more ticks are needed.
    assert.equal(bench.field(slot, Scalp.BreakEvenTicks), 100_012);
    assert.equal(bench.field(slot, Scalp.StopTicks), 100_012);
    // The best price less 0.3 sd.
    assert.equal(bench.field(slot, Scalp.TrailTicks), HALF - 60);
    assert.equal(bench.state(slot), ScalpState.Trailing);
  });

  it('ends at the final target', () => {
    const bench = new Bench();
    const { slot, target } = withHalfOut(bench);
    bench.quote(TARGET, TARGET + 1);
    bench.filled(slot, Purpose.Target, -1, 5, TARGET);
    assert.equal(bench.state(slot), ScalpState.Trailing, 'until its order has ended');
    bench.manager.onOrder(slot, Purpose.Target, target, OrderState.Filled);
    assert.equal(bench.state(slot), ScalpState.Free);
    assert.equal(bench.table.endedCount, 1);
    assert.equal(bench.table.ended[Scalp.ExitPurpose], Purpose.Target);
    assert.equal(bench.manager.endedByPurpose[Purpose.Target], 1);
    assert.equal(bench.manager.lastEndNs[0], bench.nowNs);
    assert.equal(bench.turn(), 0);
  });

  it('takes a single lot out whole at the first target', () => {
    const bench = new Bench();
    const { slot, target } = withTarget(bench, 1);
    assert.equal(bench.intent()['lots'], 1);
    bench.filled(slot, Purpose.HalfTarget, -1, 1, HALF);
    bench.manager.onOrder(slot, Purpose.HalfTarget, target, OrderState.Filled);
    assert.equal(bench.state(slot), ScalpState.Free);
    assert.equal(bench.manager.endedByPurpose[Purpose.HalfTarget], 1);
  });

  it('closes behind the trail, after cancelling the target', () => {
    const bench = new Bench();
    const { slot, target } = withHalfOut(bench);
    bench.quote(HALF - 60, HALF - 59);
    bench.turn();
    assert.deepEqual(
      [bench.intents.count, bench.intent()['action'], bench.intent()['order']],
      [1, IntentAction.Cancel, target],
    );
    bench.manager.onOrder(slot, Purpose.Target, target, OrderState.PendingCancel);
    bench.manager.onOrder(slot, Purpose.Target, target, OrderState.Canceled);
    bench.turn();
    assert.equal(bench.intent()['purpose'], Purpose.Trail);
    assert.equal(bench.intent()['lots'], 5);
  });

  it('protects a gain that never reached the first target', () => {
    const bench = new Bench();
    const { slot, target } = withTarget(bench);
    bench.quote(100_081, 100_082);
    assert.equal(bench.turn(), 0);
    bench.quote(100_033, 100_034);
    bench.turn();
    assert.equal(bench.intent()['order'], target);
    assert.equal(bench.field(slot, Scalp.ExitPurpose), Purpose.Protect);
  });
});

describe('a scalp that is stopped', () => {
  it('cancels what rests first, and sends only once that has ended', () => {
    const bench = new Bench();
    const { slot, target } = withTarget(bench);
    bench.quote(STOP, STOP + 1);
    assert.equal(bench.turn(), 1);
    assert.equal(bench.intent()['action'], IntentAction.Cancel);
    assert.equal(bench.state(slot), ScalpState.Exiting);
    bench.manager.onOrder(slot, Purpose.HalfTarget, target, OrderState.PendingCancel);
    bench.pass(5 * SECOND);
    bench.quote(STOP, STOP + 1);
    assert.equal(bench.turn(), 0, 'however long the cancel takes');
    bench.manager.onOrder(slot, Purpose.HalfTarget, target, OrderState.Canceled);
    assert.equal(bench.turn(), 1);
    assert.deepEqual(bench.intent(), {
      action: IntentAction.Place,
      purpose: Purpose.Stop,
      side: -1,
      price: STOP - 20, // 2 bp through the touch
      lots: 10,
      timeInForce: TimeInForce.Ioc,
      reduceOnly: 1,
      order: -1,
    });
  });

  it('closes only what a fill in the race has left', () => {
    const bench = new Bench();
    const { slot, target } = withTarget(bench);
    bench.quote(STOP, STOP + 1);
    bench.turn();
    bench.filled(slot, Purpose.HalfTarget, -1, 4, HALF);
    bench.manager.onOrder(slot, Purpose.HalfTarget, target, OrderState.Canceled);
    bench.turn();
    assert.equal(bench.intent()['lots'], 6);
  });

  it('sends a remainder again, further through the touch, up to the maximum', () => {
    const bench = new Bench();
    const slot = bench.open(1, 10);
    bench.quote(STOP, STOP + 1);
    const prices: number[] = [];
    for (let attempt = 0; attempt < 13; attempt++) {
      bench.pass(SECOND);
      assert.equal(bench.turn(), 1, `attempt ${attempt}`);
      prices.push(STOP - bench.intent()['price']!);
      const order = bench.accept(slot);
      if (attempt === 0) bench.filled(slot, Purpose.Stop, -1, 3, STOP);
      bench.manager.onOrder(slot, Purpose.Stop, order, OrderState.Expired);
    }
    assert.deepEqual(prices.slice(0, 4), [20, 40, 60, 80]);
    assert.deepEqual(prices.slice(-3), [200, 200, 200]);
    assert.equal(bench.intent()['lots'], 7);
  });

  it('is not taken back when the price returns', () => {
    const bench = new Bench();
    const { slot, target } = withTarget(bench);
    bench.quote(STOP, STOP + 1);
    bench.turn();
    bench.quote(100_050, 100_051);
    bench.manager.onOrder(slot, Purpose.HalfTarget, target, OrderState.Canceled);
    bench.turn();
    assert.equal(bench.intent()['purpose'], Purpose.Stop);
    assert.equal(bench.intent()['price'], 100_050 - 21);
  });

  it('works for a short', () => {
    const bench = new Bench();
    const slot = bench.open(-1, 4);
    assert.equal(bench.field(slot, Scalp.StopTicks), 100_120);
    bench.quote(100_119, 100_120);
    bench.turn();
    assert.deepEqual(
      [bench.intent()['side'], bench.intent()['price'], bench.intent()['lots']],
      [1, 100_120 + 21, 4],
    );
    const order = bench.accept(slot);
    bench.filled(slot, Purpose.Stop, 1, 4, 100_122);
    bench.manager.onOrder(slot, Purpose.Stop, order, OrderState.Filled);
    assert.equal(bench.state(slot), ScalpState.Free);
  });

  it('asks for the cancel again when the first one was refused', () => {
    const bench = new Bench();
    const { slot, target } = withTarget(bench);
    bench.quote(STOP, STOP + 1);
    bench.turn();
    bench.manager.onOrder(slot, Purpose.HalfTarget, -1, OrderState.Rejected);
    bench.turn();
    assert.equal(bench.intents.count, 0, 'the target still stands, the cancel waits its turn');
    bench.pass(100 * MS);
    bench.turn();
    assert.deepEqual(
      [bench.intents.count, bench.intent()['action'], bench.intent()['order']],
      [1, IntentAction.Cancel, target],
    );
  });
});

describe('an entry', () => {
  it('is cancelled when its time is out, and leaves nothing behind', () => {
    const bench = new Bench();
    const slot = entering(bench);
    bench.pass(1_999 * MS);
    assert.equal(bench.turn(), 0);
    bench.pass(1 * MS);
    assert.equal(bench.turn(), 1);
    assert.deepEqual([bench.intent()['action'], bench.intent()['order']], [IntentAction.Cancel, 9]);
    bench.manager.onOrder(slot, Purpose.Entry, 9, OrderState.Canceled);
    assert.equal(bench.state(slot), ScalpState.Free);
    assert.equal(bench.manager.unfilledEntries, 1);
    assert.equal(bench.table.endedCount, 0);
    assert.equal(bench.manager.openCounts[0], 0);
  });

  it('filled in part and then cancelled is a scalp with what was filled', () => {
    const bench = new Bench();
    const slot = entering(bench);
    bench.filled(slot, Purpose.Entry, 1, 3, 100_000);
    bench.manager.onOrder(slot, Purpose.Entry, 9, OrderState.PartiallyFilled);
    assert.equal(bench.turn(), 0, 'no target while lots may still come');
    bench.filled(slot, Purpose.Entry, 1, 1, 99_996);
    assert.equal(bench.field(slot, Scalp.AvgEntryTicks), 99_999);
    assert.equal(bench.field(slot, Scalp.StopTicks), 99_999 - 120);
    bench.manager.onOrder(slot, Purpose.Entry, 9, OrderState.Canceled);
    assert.equal(bench.turn(), 1);
    assert.equal(bench.intent()['purpose'], Purpose.HalfTarget);
    assert.equal(bench.intent()['lots'], 2);
  });

  it('is cancelled before its filled part is stopped', () => {
    const bench = new Bench();
    const slot = entering(bench);
    bench.filled(slot, Purpose.Entry, 1, 3, 100_000);
    bench.manager.onOrder(slot, Purpose.Entry, 9, OrderState.PartiallyFilled);
    bench.quote(99_880, 99_881);
    assert.equal(bench.turn(), 1);
    assert.equal(bench.intent()['action'], IntentAction.Cancel);
    assert.equal(bench.turn(), 0);
    bench.manager.onOrder(slot, Purpose.Entry, 9, OrderState.Canceled);
    bench.turn();
    assert.deepEqual([bench.intent()['purpose'], bench.intent()['lots']], [Purpose.Stop, 3]);
  });

  it('that was denied frees its row; one whose order is not known yet can be denied', () => {
    const bench = new Bench();
    const slot = bench.manager.openScalp(testDecision(1, 10), -1);
    bench.manager.onOrder(slot, Purpose.Entry, -1, OrderState.Rejected);
    assert.equal(bench.state(slot), ScalpState.Free);
    const other = bench.manager.openScalp(testDecision(1, 10), -1);
    bench.manager.onOrder(other, Purpose.Entry, 4, OrderState.PendingNew);
    assert.equal(bench.field(other, Scalp.EntryOrder), 4);
  });

  it('is withdrawn on request, with what it filled kept', () => {
    const bench = new Bench();
    const slot = entering(bench);
    bench.filled(slot, Purpose.Entry, 1, 3, 100_000);
    bench.manager.withdrawEntries(-1);
    assert.equal(bench.turn(), 1);
    assert.equal(bench.intent()['action'], IntentAction.Cancel);
    bench.manager.onOrder(slot, Purpose.Entry, 9, OrderState.Canceled);
    assert.equal(bench.state(slot), ScalpState.Open);
  });

  for (const [name, field, value] of [
    ['an unknown instrument', Decision.Instrument, 5],
    ['no side', Decision.Side, 0],
    ['no lots', Decision.Lots, 0],
    ['lots that are no number', Decision.Lots, Number.NaN],
    ['no price', Decision.PriceTicks, 0],
  ] as const) {
    it(`is refused with ${name}`, () => {
      const bench = new Bench();
      const decision = testDecision(1, 10);
      decision[field] = value;
      assert.equal(bench.manager.openScalp(decision, 1), -1);
      assert.equal(bench.table.openCount, 0);
    });
  }

  it('is refused when every row is taken', () => {
    const bench = new Bench();
    for (let i = 0; i < SCALPS_MAX; i++) bench.manager.openScalp(testDecision(1, 1), i);
    assert.equal(bench.manager.openScalp(testDecision(1, 1), 99), -1);
    assert.equal(bench.manager.openCounts[0], SCALPS_MAX);
  });

  it('is refused against an open scalp, for positions net', () => {
    const bench = new Bench();
    bench.open(1, 10);
    assert.equal(bench.manager.openScalp(testDecision(-1, 10), 5), -1);
    assert.notEqual(bench.manager.openScalp(testDecision(1, 10), 5), -1);
  });

  it('keeps planned distances, within the ceilings', () => {
    const bench = new Bench();
    const decision = testDecision(1, 10, 100_000);
    decision[Decision.StopTicks] = 99_900;
    decision[Decision.TargetTicks] = 101_000;
    const slot = bench.manager.openScalp(decision, 1);
    bench.filled(slot, Purpose.Entry, 1, 10, 99_999);
    assert.equal(bench.field(slot, Scalp.StopTicks), 99_899);
    assert.equal(bench.field(slot, Scalp.TargetTicks), 99_999 + 400);
  });
});

describe('trouble', () => {
  it('calls an entry of unknown fate unprotected', () => {
    const bench = new Bench();
    const slot = entering(bench);
    bench.manager.onOrder(slot, Purpose.Entry, 9, OrderState.Unknown);
    bench.pass(3 * SECOND);
    assert.equal(bench.turn(), 0, 'it is not cancelled blindly');
    assert.equal(bench.field(slot, Scalp.Unprotected), 1);
    bench.manager.onOrder(slot, Purpose.Entry, 9, OrderState.Open);
    assert.equal(bench.turn(), 1);
    assert.equal(bench.field(slot, Scalp.Unprotected), 0);
  });

  it('sends nothing while an order is unknown, and says that the scalp is unprotected', () => {
    const bench = new Bench();
    const { slot, target } = withTarget(bench);
    bench.manager.onOrder(slot, Purpose.HalfTarget, target, OrderState.Unknown);
    assert.equal(bench.turn(), 0);
    assert.equal(bench.field(slot, Scalp.Unprotected), 0, 'the stop is not touched yet');
    bench.quote(STOP, STOP + 1);
    assert.equal(bench.turn(), 0);
    assert.equal(bench.field(slot, Scalp.Unprotected), 1);
    bench.manager.onOrder(slot, Purpose.HalfTarget, target, OrderState.Open);
    assert.equal(bench.turn(), 1);
    assert.equal(bench.intent()['action'], IntentAction.Cancel);
    bench.manager.onOrder(slot, Purpose.HalfTarget, target, OrderState.Canceled);
    assert.equal(bench.turn(), 1);
    assert.equal(bench.field(slot, Scalp.Unprotected), 0);
  });

  it('waits longer after each refusal of the exit and shows it after three', () => {
    const bench = new Bench();
    const slot = bench.open(1, 10);
    bench.quote(STOP, STOP + 1);
    for (const waitMs of [100, 200, 400]) {
      assert.equal(bench.turn(), 1);
      bench.manager.onOrder(slot, Purpose.Stop, -1, OrderState.Rejected);
      bench.pass((waitMs - 1) * MS);
      assert.equal(bench.turn(), 0, `${waitMs} ms`);
      bench.pass(1 * MS);
    }
    bench.turn();
    assert.equal(bench.field(slot, Scalp.Unprotected), 1);
  });

  it('takes the target at the touch once resting it was refused three times', () => {
    const bench = new Bench();
    const slot = bench.open(1, 10);
    for (let refusal = 0; refusal < 3; refusal++) {
      bench.pass(SECOND);
      assert.equal(bench.turn(), 1);
      bench.manager.onOrder(slot, Purpose.HalfTarget, -1, OrderState.Rejected);
    }
    bench.pass(SECOND);
    assert.equal(bench.turn(), 0);
    bench.quote(HALF, HALF + 1);
    assert.equal(bench.turn(), 1);
    assert.deepEqual(
      [bench.intent()['purpose'], bench.intent()['timeInForce'], bench.intent()['price']],
      [Purpose.HalfTarget, TimeInForce.Ioc, HALF],
    );
  });

  it('shows a scalp whose intent nobody answered', () => {
    const bench = new Bench();
    const slot = bench.open(1, 10);
    bench.quote(STOP, STOP + 1);
    bench.turn();
    bench.pass(101 * MS);
    assert.equal(bench.turn(), 0, 'and does not send a second one');
    assert.equal(bench.field(slot, Scalp.Unprotected), 1);
  });

  it('asks again next turn when the batch was full', () => {
    const bench = new Bench();
    bench.open(1, 10);
    bench.quote(STOP, STOP + 1);
    bench.manager.clock[0] = bench.nowNs;
    for (let i = 0; i < INTENTS_MAX; i++) bench.intents.claim(0, 0, 0, 0);
    bench.manager.evaluate(0, bench.market, bench.readings, 1, bench.intents);
    assert.equal(bench.intents.dropped, 1);
    assert.equal(bench.turn(), 1);
  });

  it('leaves notices about other orders alone', () => {
    const bench = new Bench();
    const { slot, target } = withTarget(bench);
    bench.manager.onOrder(slot, Purpose.HalfTarget, target + 50, OrderState.Canceled);
    assert.equal(bench.field(slot, Scalp.TargetOrder), target);
    assert.equal(bench.turn(), 0);
  });

  it('counts a fill that belongs to no scalp, and lots beyond what is open', () => {
    const bench = new Bench();
    bench.filled(3, Purpose.Stop, -1, 2, 100_000);
    assert.equal(bench.manager.orphanFills, 1);
    const slot = bench.open(1, 10);
    bench.filled(slot, Purpose.Stop, -1, 12, 100_000);
    assert.equal(bench.manager.excessLots, 2);
  });
});

describe('time, trust and permission', () => {
  it('warns, then closes when the time is up', () => {
    const bench = new Bench();
    const { slot, target } = withTarget(bench);
    bench.pass(269 * SECOND);
    bench.turn();
    assert.equal(bench.manager.stages[slot], TimeStage.InTime);
    bench.pass(1 * SECOND);
    bench.turn();
    assert.equal(bench.manager.stages[slot], TimeStage.Warning);
    bench.pass(30 * SECOND);
    bench.turn();
    assert.equal(bench.intent()['order'], target);
    bench.manager.onOrder(slot, Purpose.HalfTarget, target, OrderState.Canceled);
    bench.turn();
    assert.equal(bench.intent()['purpose'], Purpose.TimeLimit);
  });

  it('prices nothing on a silent feed and closes when prices are back', () => {
    const bench = new Bench();
    const slot = bench.open(1, 10);
    bench.pass(301 * SECOND, true);
    assert.equal(bench.turn(), 0);
    assert.equal(bench.field(slot, Scalp.Unprotected), 1);
    bench.quote(100_000, 100_001);
    assert.equal(bench.turn(), 1);
    assert.equal(bench.intent()['purpose'], Purpose.TimeLimit);
    assert.equal(bench.field(slot, Scalp.Unprotected), 0);
  });

  it('forgives a short loss of trust, and treats a long one as an emergency', () => {
    const bench = new Bench();
    withTarget(bench);
    bench.market[Market.Valid] = 0;
    bench.turn();
    bench.pass(1 * SECOND, true);
    bench.turn();
    bench.quote(100_000, 100_001);
    assert.equal(bench.turn(), 0);
    bench.market[Market.Valid] = 0;
    bench.turn();
    bench.pass(2 * SECOND, true);
    assert.equal(bench.turn(), 0);
    bench.quote(100_000, 100_001);
    assert.equal(bench.turn(), 1);
    assert.equal(bench.field(0, Scalp.ExitPurpose), Purpose.Emergency);
  });

  it('closes when the spread stays extreme', () => {
    const bench = new Bench();
    bench.open(1, 10);
    bench.turn();
    bench.accept(0);
    bench.quote(99_990, 100_002);
    bench.turn();
    bench.pass(1 * SECOND);
    assert.equal(bench.turn(), 1);
    assert.equal(bench.field(0, Scalp.ExitPurpose), Purpose.Emergency);
  });

  it('does nothing where exits are not allowed, and says so', () => {
    const bench = new Bench();
    const { slot } = withTarget(bench);
    bench.quote(STOP, STOP + 1);
    assert.equal(bench.turn(0), 0);
    assert.equal(bench.field(slot, Scalp.Unprotected), 1);
    assert.equal(bench.state(slot), ScalpState.Open);
    assert.equal(bench.turn(Allowed.Flatten), 1, 'a person flattens all the same');
    assert.equal(bench.field(slot, Scalp.ExitPurpose), Purpose.Flatten);
  });

  it('places no target where exits are not allowed', () => {
    const bench = new Bench();
    bench.open(1, 10);
    assert.equal(bench.turn(0), 0);
    assert.equal(bench.turn(Allowed.ProtectiveExits), 1);
  });

  it('closes what a person closes, entry included', () => {
    const bench = new Bench();
    const slot = bench.open(1, 10);
    assert.equal(bench.manager.requestClose(slot), true);
    bench.turn();
    assert.deepEqual([bench.intent()['purpose'], bench.intent()['lots']], [Purpose.Flatten, 10]);
    assert.equal(bench.manager.requestClose(slot + 1), false);
    const decision = testDecision(1, 10);
    decision[Decision.TimeNs] = bench.nowNs;
    const entering = bench.manager.openScalp(decision, 77);
    bench.manager.requestClose(entering);
    bench.turn();
    assert.equal(bench.intent()['order'], 77);
  });
});
