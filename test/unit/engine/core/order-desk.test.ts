/** The order desk: intents become orders or denials, order events find their owners. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CommandCode } from '../../../../engine/core/command-codes.ts';
import { IntentAction } from '../../../../engine/domain/intent.ts';
import { Owner, TradingState } from '../../../../engine/domain/modes.ts';
import {
  OrderEventKind,
  OrderState,
  Purpose,
  TimeInForce,
} from '../../../../engine/domain/order.ts';
import { Quote, QUOTE_SIZE } from '../../../../engine/domain/quote.ts';
import { Scalp, SCALP_SIZE, ScalpState } from '../../../../engine/domain/scalp.ts';
import { Verdict } from '../../../../engine/domain/verdict.ts';
import { FillField, Health, SlotKind, TurnKind } from '../../../../engine/memory/slots.ts';
import { CoreBench, MID } from './core-bench.ts';

function armed(): CoreBench {
  const bench = new CoreBench();
  bench.book(0);
  bench.book(1, MID / 2);
  bench.arm();
  bench.forget();
  return bench;
}

const rowOf = (bench: CoreBench, scalp: number, field: number): number =>
  bench.pipeline.exits.table.rows[scalp * SCALP_SIZE + field]!;

describe('an entry', () => {
  it('that passes: a scalp is claimed, the order leaves, both are journaled', () => {
    const bench = armed();
    assert.equal(bench.enter({ lots: 700 }), Verdict.PASS);
    const { table, exits, desk } = bench.pipeline;
    const order = bench.newestOrder();
    assert.deepEqual(bench.gateway.sent, [`place ${order}`]);
    const scalp = table.ownerRef[order]!;
    assert.equal(exits.table.state(scalp), ScalpState.Entering);
    assert.deepEqual([...desk.entries], [1, 0]);
    const [placed] = bench.journaled(SlotKind.OrderPlaced);
    const d = placed!.doubles;
    assert.equal(placed!.argument, order);
    assert.deepEqual(
      [d[1], d[2], d[3], d[4], d[6], d[7], d[8]],
      [table.clientSequence[order], 1, MID + 1, 700, Purpose.Entry, Owner.Scalper, scalp],
    );
  });

  it('denied: the decision says why, no scalp stays claimed, the denial is journaled', () => {
    const bench = armed();
    const verdict = bench.enter({ lots: 899_000 });
    assert.ok(verdict === Verdict.ORDER_SIZE || verdict === Verdict.ORDER_NOTIONAL, `${verdict}`);
    assert.equal(bench.pipeline.exits.table.openCount, 0);
    assert.equal(bench.gateway.sent.length, 0);
    const [denial] = bench.journaled(SlotKind.Denial);
    assert.equal(denial!.flags, verdict);
    assert.equal(denial!.argument, Owner.Scalper);
    assert.deepEqual([denial!.doubles[2], denial!.doubles[3]], [MID + 1, 899_000]);
    assert.equal(bench.pipeline.gate.denials[verdict], 1);
    assert.deepEqual([...bench.pipeline.desk.entries], [0, 0]);
  });

  it('against somebody else’s direction is denied', () => {
    const bench = armed();
    bench.command(CommandCode.RestoreInventory, { instrument: 0 }, [-500, MID, Owner.Quoter]);
    assert.equal(bench.enter({ side: 1 }), Verdict.OTHER_OWNER);
  });

  it('that the venue refuses frees its scalp', () => {
    const bench = armed();
    bench.enter();
    const order = bench.newestOrder();
    const scalp = bench.pipeline.table.ownerRef[order]!;
    bench.event(OrderEventKind.Rejected, order, { code: -2019 });
    assert.equal(bench.pipeline.exits.table.state(scalp), ScalpState.Free);
    const change = bench.journaled(SlotKind.OrderChange).at(-1)!;
    assert.equal(change.doubles[2], OrderState.Rejected);
    assert.equal(change.doubles[4], -2019);
    assert.equal(bench.pipeline.desk.counts.scalpsClosed, 0, 'it never was one');
  });

  it('that could not be sent frees its scalp when the event comes', () => {
    const bench = armed();
    bench.gateway.isUp = false;
    // The bench's gateway answers at once; live, a DeferredGateway makes this an event.
    assert.equal(bench.enter(), Verdict.PASS);
    bench.wait(20);
    assert.equal(bench.pipeline.exits.table.openCount, 0);
  });
});

describe('fills', () => {
  it('go to the scalp that owns them, with the venue’s own figures', () => {
    const bench = armed();
    bench.enter({ lots: 1000 });
    const order = bench.newestOrder();
    const scalp = bench.pipeline.table.ownerRef[order]!;
    bench.event(OrderEventKind.Accepted, order);
    bench.event(OrderEventKind.Fill, order, {
      lots: 400,
      cumulative: 400,
      priceTicks: MID + 1,
      feeE8: 777,
    });
    assert.equal(rowOf(bench, scalp, Scalp.OpenLots), 400);
    assert.equal(rowOf(bench, scalp, Scalp.FeesE8), 777);
    const { keeper, desk } = bench.pipeline;
    assert.equal(keeper.lots(0, Owner.Scalper), 400);
    assert.equal(desk.counts.fills, 1);
    const [fill] = bench.told(SlotKind.Fill);
    const f = (field: number): number => fill!.doubles[field]!;
    assert.deepEqual(
      [f(FillField.Lots), f(FillField.FeeE8), f(FillField.Owner), f(FillField.OwnerRef)],
      [400, 777, Owner.Scalper, scalp],
    );
    assert.equal(f(FillField.FilledLots), 400);
    bench.event(OrderEventKind.Fill, order, {
      lots: 600,
      cumulative: 1000,
      priceTicks: MID + 1,
      feeE8: 1,
    });
    assert.equal(rowOf(bench, scalp, Scalp.OpenLots), 1000);
    assert.equal(keeper.totals[1], 778);
  });

  it('of the quoter go to the quoter', () => {
    const bench = armed();
    const { desk, quoter } = bench.pipeline;
    bench.turn(TurnKind.Message, () => {
      const row = desk.intents.claim(IntentAction.Place, 1, Owner.Quoter, 0);
      desk.intents.purpose[row] = Purpose.Quote;
      desk.intents.side[row] = 1;
      desk.intents.priceTicks[row] = MID / 2;
      desk.intents.lots[row] = 100;
      desk.intents.timeInForce[row] = TimeInForce.Gtx;
      desk.submit();
    });
    const order = bench.newestOrder();
    bench.event(OrderEventKind.Accepted, order);
    bench.event(OrderEventKind.Fill, order, { lots: 100, priceTicks: MID / 2, isMaker: true });
    assert.equal(bench.pipeline.keeper.lots(1, Owner.Quoter), 100);
    assert.equal(quoter.rows[QUOTE_SIZE + Quote.InventoryLots], 100);
    assert.equal(bench.pipeline.keeper.lots(1, Owner.Scalper), 0);
  });

  it('of nobody we know are booked, counted, and belong to no strategy', () => {
    const bench = armed();
    bench.event(OrderEventKind.Fill, -1, { lots: -50, priceTicks: MID, feeE8: 5 });
    const { keeper, desk } = bench.pipeline;
    assert.equal(desk.counts.externalFills, 1);
    assert.equal(keeper.lots(0, Owner.None), -50);
    assert.equal(keeper.totalLots(0), -50);
    const [fill] = bench.journaled(SlotKind.Fill);
    assert.deepEqual(
      [fill!.doubles[FillField.Owner], fill!.doubles[FillField.Purpose], fill!.argument],
      [Owner.None, Purpose.Manual, -1],
    );
  });

  it('that come twice are booked once', () => {
    const bench = armed();
    bench.enter({ lots: 1000 });
    const order = bench.newestOrder();
    bench.event(OrderEventKind.Accepted, order);
    const fill = { lots: 400, cumulative: 400, priceTicks: MID + 1, tradeId: 99 };
    bench.event(OrderEventKind.Fill, order, fill);
    bench.event(OrderEventKind.Fill, order, fill);
    assert.equal(bench.pipeline.keeper.totalLots(0), 400);
    assert.equal(bench.pipeline.desk.counts.fills, 1);
  });

  it('of a whole scalp close it once, won or lost by its net result', () => {
    for (const [realisedE8, won] of [
      [5_000_000, 1],
      [500, 0],
    ] as const) {
      const bench = armed();
      const scalp = bench.openScalp({ lots: 1000 });
      const id = rowOf(bench, scalp, Scalp.Id);
      bench.command(CommandCode.CloseScalp, {}, [id]);
      const { table, desk } = bench.pipeline;
      for (let k = 0; k < 20 && desk.counts.scalpsClosed === 0; k++) {
        bench.wait(20);
        const order = bench.newestOrder();
        if (order < 0) continue;
        const isClosing = table.purpose[order] === Purpose.Flatten;
        const lots = table.lots[order]!;
        const fill = { lots, priceTicks: MID, feeE8: 1000, realisedE8 };
        if (isClosing) bench.event(OrderEventKind.Fill, order, fill);
        else bench.event(OrderEventKind.Canceled, order);
      }
      assert.deepEqual([desk.counts.scalpsClosed, desk.counts.scalpsWon], [1, won]);
      assert.equal(bench.pipeline.keeper.totalLots(0), 0);
    }
  });
});

describe('a cancel', () => {
  it('skips the gate: it leaves even behind a fence', () => {
    const bench = armed();
    bench.enter();
    const order = bench.newestOrder();
    bench.event(OrderEventKind.Accepted, order);
    bench.health = Health.Fence;
    const { desk } = bench.pipeline;
    bench.turn(TurnKind.Message, () => {
      const row = desk.intents.claim(IntentAction.Cancel, 0, Owner.Scalper, 0);
      desk.intents.order[row] = order;
      desk.submit();
    });
    assert.ok(bench.gateway.sent.includes(`cancel ${order}`));
  });
});

function refuse(bench: CoreBench, code: number, times: number): void {
  for (let k = 0; k < times; k++) {
    bench.wait(200);
    bench.touch(0, MID, MID + 1);
    bench.trade(0, 1, MID + 1, 1);
    bench.enter({ price: MID + 1 + (k % 2), lots: 1000 + k });
    const order = bench.newestOrder();
    if (order >= 0) bench.event(OrderEventKind.Rejected, order, { code });
  }
}

describe('refusals in a row', () => {
  it('halt the engine, and what is routine does not count', () => {
    const routine = armed();
    refuse(routine, -5022, 22);
    assert.equal(routine.pipeline.states.global[0], TradingState.Armed);
    const troubled = armed();
    refuse(troubled, -2019, 22);
    assert.equal(troubled.pipeline.states.global[0], TradingState.Halted);
    assert.equal(troubled.pipeline.states.reason[0], Verdict.REJECT_RATE);
    const change = troubled.told(SlotKind.StateChange).at(-1)!;
    assert.deepEqual([change.flags, change.doubles[2]], [TradingState.Halted, Verdict.REJECT_RATE]);
  });
});

describe('scalp rows in the journal', () => {
  it('are written when they change, not when only the mark moves', () => {
    const bench = armed();
    const scalp = bench.openScalp();
    bench.wait(50);
    for (let k = 0; k < 5; k++) bench.touch(0, MID - (k % 3), MID + 1 - (k % 3));
    const count = (): number => bench.journaled(SlotKind.ScalpChange).length;
    const before = count();
    assert.ok(before > 0);
    bench.touch(0, MID - 1, MID);
    bench.touch(0, MID, MID + 1);
    assert.equal(count(), before);
    bench.command(CommandCode.CloseScalp, {}, [rowOf(bench, scalp, Scalp.Id)]);
    assert.ok(count() > before);
  });
});
