/** What the order desk tells the host alone: the last words of orders and scalps, and numbers. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OrderEventKind, OrderState, Purpose } from '../../../../engine/domain/order.ts';
import { Scalp } from '../../../../engine/domain/scalp.ts';
import {
  FillField,
  OrderEndedField,
  ScalpEndedField,
  SlotKind,
} from '../../../../engine/memory/slots.ts';
import { CoreBench, MID } from './core-bench.ts';

function armed(): CoreBench {
  const bench = new CoreBench();
  bench.book(0);
  bench.book(1, MID / 2);
  bench.arm();
  bench.forget();
  return bench;
}

describe('an order that ends', () => {
  it('tells its fills, its fee and how long the venue took', () => {
    const bench = armed();
    bench.enter({ lots: 1000 });
    const order = bench.newestOrder();
    bench.wait(30);
    bench.event(OrderEventKind.Accepted, order);
    const first = { lots: 400, cumulative: 400, priceTicks: MID, feeE8: 7 };
    bench.event(OrderEventKind.Fill, order, first);
    assert.equal(bench.told(SlotKind.OrderEnded).length, 0, 'it still works');
    const rest = { lots: 600, cumulative: 1000, priceTicks: MID + 1, feeE8: 5 };
    bench.event(OrderEventKind.Fill, order, rest);
    const [ended] = bench.told(SlotKind.OrderEnded);
    const f = (field: number): number => ended!.doubles[field]!;
    assert.deepEqual(
      [f(OrderEndedField.Sequence), f(OrderEndedField.State), f(OrderEndedField.Purpose)],
      [1, OrderState.Filled, Purpose.Entry],
    );
    assert.deepEqual([f(OrderEndedField.Lots), f(OrderEndedField.FilledLots)], [1000, 1000]);
    assert.ok(Math.abs(f(OrderEndedField.AverageTicks) - (MID + 0.6)) < 1e-9);
    assert.equal(f(OrderEndedField.FeeE8), 12);
    assert.ok(f(OrderEndedField.AckNs) - f(OrderEndedField.CreatedNs) >= 30e6);
    const numbers = bench.told(SlotKind.Fill).map(({ doubles }) => doubles[FillField.Sequence]);
    assert.deepEqual(numbers, [1, 2]);
    assert.equal(bench.journaled(SlotKind.OrderEnded).length, 0);
    assert.equal(bench.journaled(SlotKind.Fill)[0]!.doubles[FillField.Sequence], 0);
  });

  it('without the venue has no time of it, and says the code', () => {
    const bench = armed();
    bench.enter();
    bench.event(OrderEventKind.Rejected, bench.newestOrder(), { code: -2019 });
    const [ended] = bench.told(SlotKind.OrderEnded);
    const f = (field: number): number => ended!.doubles[field]!;
    assert.deepEqual([OrderEndedField.State, OrderEndedField.Code, OrderEndedField.AckNs].map(f), [
      OrderState.Rejected,
      -2019,
      0,
    ]);
    assert.equal(f(OrderEndedField.AverageTicks), 0);
  });

  it('and fills late is told again under a new number', () => {
    const bench = armed();
    bench.enter({ lots: 1000 });
    const order = bench.newestOrder();
    bench.event(OrderEventKind.Accepted, order);
    bench.event(OrderEventKind.Canceled, order);
    bench.event(OrderEventKind.Fill, order, { lots: 200, priceTicks: MID, feeE8: 3 });
    const told = bench
      .told(SlotKind.OrderEnded)
      .map(({ doubles }) => [
        doubles[OrderEndedField.Sequence],
        doubles[OrderEndedField.State],
        doubles[OrderEndedField.FilledLots],
      ]);
    assert.deepEqual(told, [
      [1, OrderState.Canceled, 0],
      [2, OrderState.Canceled, 200],
    ]);
  });
});

describe('a scalp that ends', () => {
  it('tells its last row, its exit, its first risk and how far it went against it', () => {
    const bench = armed();
    const scalp = bench.openScalp({ lots: 1000 });
    bench.touch(0, MID - 6, MID - 5);
    bench.wait(10);
    const risk = bench.pipeline.exits.firstStopTicks[scalp]!;
    assert.ok(risk > 0);
    bench.stopOut(0, MID - 100);
    const exit = bench.newestOrder();
    assert.equal(bench.pipeline.table.purpose[exit], Purpose.Stop);
    const fill = { priceTicks: MID - 100, feeE8: 50, realisedE8: -900 };
    bench.event(OrderEventKind.Fill, exit, { ...fill, lots: 400, cumulative: 400 });
    assert.equal(bench.told(SlotKind.ScalpEnded).length, 0);
    const last = { ...fill, priceTicks: MID - 101, lots: 600, cumulative: 1000 };
    bench.event(OrderEventKind.Fill, exit, last);
    const [ended] = bench.told(SlotKind.ScalpEnded);
    const f = (field: number): number => ended!.doubles[field]!;
    const row = (field: number): number => f(ScalpEndedField.Row + field);
    assert.equal(f(ScalpEndedField.Sequence), 1);
    assert.equal(f(ScalpEndedField.ExitLots), 1000);
    assert.ok(Math.abs(f(ScalpEndedField.ExitTicks) - (MID - 100.6)) < 1e-9);
    assert.equal(f(ScalpEndedField.StopDistanceTicks), risk);
    assert.equal(f(ScalpEndedField.WorstTicks), MID - 100);
    assert.equal(ended!.argument, scalp);
    assert.deepEqual(
      [Scalp.EntryLots, Scalp.OpenLots, Scalp.ExitPurpose, Scalp.RealisedE8].map(row),
      [1000, 0, Purpose.Stop, -1800],
    );
    assert.equal(bench.journaled(SlotKind.ScalpEnded).length, 0);
  });

  it('that never filled is none', () => {
    const bench = armed();
    bench.enter();
    bench.event(OrderEventKind.Rejected, bench.newestOrder(), { code: -5022 });
    assert.equal(bench.told(SlotKind.ScalpEnded).length, 0);
  });
});
