/** restore: a scalp that journal and venue agree on is protected again after a restart. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OrderState, Purpose } from '../../../../engine/domain/order.ts';
import { SCALP_SIZE, Scalp, ScalpState } from '../../../../engine/domain/scalp.ts';
import { NO_PRICE } from '../../../../engine/domain/units.ts';
import { Bench, SECOND } from './support.ts';

const STOP = 100_001 - 120;
const HALF = 100_001 + 110;
const TARGET = 100_001 + 220;

/** The row of a long of ten lots from 100,001 as a journal has it. */
function journaled(fields: Readonly<Record<number, number>>): Float64Array {
  const row = new Float64Array(SCALP_SIZE);
  row[Scalp.Side] = 1;
  row[Scalp.EntryLots] = 10;
  row[Scalp.OpenLots] = 10;
  row[Scalp.AvgEntryTicks] = 100_001;
  row[Scalp.StopTicks] = STOP;
  row[Scalp.HalfTargetTicks] = HALF;
  row[Scalp.TargetTicks] = TARGET;
  row[Scalp.BestTicks] = 100_020;
  row[Scalp.TrailTicks] = NO_PRICE;
  row[Scalp.Sigma5mTicks] = 200;
  row[Scalp.DeadlineNs] = 60 * SECOND;
  row[Scalp.EntryOrder] = 3;
  row[Scalp.TargetOrder] = 4;
  for (const [field, value] of Object.entries(fields)) row[Number(field)] = value;
  return row;
}

describe('a scalp taken up after a restart', () => {
  it('is protected again: its target rests, its stop works', () => {
    const bench = new Bench();
    const slot = bench.manager.restore(journaled({}), 0);
    assert.equal(bench.state(slot), ScalpState.Open);
    assert.equal(bench.field(slot, Scalp.TargetOrder), -1);
    bench.turn();
    assert.equal(bench.intent()['purpose'], Purpose.HalfTarget);
    bench.manager.onOrder(slot, Purpose.HalfTarget, -1, OrderState.Rejected);
    bench.quote(STOP, STOP + 1);
    bench.turn();
    assert.equal(bench.intent()['purpose'], Purpose.Stop);
  });

  it('goes on with its second half', () => {
    const bench = new Bench();
    bench.quote(100_100, 100_101);
    const row = journaled({ [Scalp.HalfOut]: 1, [Scalp.OpenLots]: 5, [Scalp.BestTicks]: 100_110 });
    const slot = bench.manager.restore(row, 0);
    assert.equal(bench.state(slot), ScalpState.HalfOut);
    bench.turn();
    assert.deepEqual([bench.intent()['purpose'], bench.intent()['lots']], [Purpose.Target, 5]);
    assert.equal(bench.field(slot, Scalp.BreakEvenTicks), 100_012);
    assert.equal(bench.state(slot), ScalpState.Trailing);
  });

  it('leaves at once when its time was up', () => {
    const bench = new Bench();
    bench.manager.restore(journaled({ [Scalp.DeadlineNs]: 1 }), 0);
    bench.turn();
    assert.equal(bench.intent()['purpose'], Purpose.TimeLimit);
  });

  for (const [name, fields] of [
    ['an instrument that is not there', { [Scalp.Instrument]: 3 }],
    ['no side', { [Scalp.Side]: 0 }],
    ['nothing open', { [Scalp.OpenLots]: 0 }],
    ['no stop', { [Scalp.StopTicks]: 0 }],
    ['more open than entered', { [Scalp.OpenLots]: 11 }],
    ['an entry price that is no number', { [Scalp.AvgEntryTicks]: Number.NaN }],
  ] as const) {
    it(`is refused with ${name}`, () => {
      const bench = new Bench();
      assert.equal(bench.manager.restore(journaled(fields), 0), -1);
      assert.equal(bench.table.openCount, 0);
    });
  }
});
