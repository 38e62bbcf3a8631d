/** Trading by hand in the core: the lock, the codes of what is denied, what a cancel takes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CommandCode } from '../../../../engine/core/command-codes.ts';
import { Decision, HAND_STRATEGY } from '../../../../engine/domain/decision.ts';
import { Owner, TradingState } from '../../../../engine/domain/modes.ts';
import {
  OrderEventKind,
  OrderState,
  Purpose,
  TimeInForce,
} from '../../../../engine/domain/order.ts';
import { Verdict, type VerdictName } from '../../../../engine/domain/verdict.ts';
import { Health, SLOT_DOUBLES, SlotKind } from '../../../../engine/memory/slots.ts';
import { CoreBench, MID, type HandWish } from './core-bench.ts';

const YES = { refused: false, verdict: Verdict.PASS };
const no = (name: VerdictName) => ({ refused: true, verdict: Verdict[name] });

function ready(): CoreBench {
  const bench = new CoreBench();
  bench.book(0);
  bench.book(1, MID / 2);
  return bench;
}

function unlocked(): CoreBench {
  const bench = ready();
  assert.deepEqual(bench.unlock(), YES);
  return bench;
}

/** An order of the hand that the venue has taken; its slot. */
function resting(bench: CoreBench, wish: HandWish = {}): number {
  assert.deepEqual(bench.byHand(wish), YES);
  const order = bench.newestOrder();
  bench.event(OrderEventKind.Accepted, order);
  return order;
}

/** A position of the hand. */
function holding(bench: CoreBench, lots: number): void {
  const side = lots > 0 ? 1 : -1;
  const order = resting(bench, { side, lots: Math.abs(lots), price: side > 0 ? MID : MID + 1 });
  const { priceTicks } = bench.pipeline.table;
  bench.event(OrderEventKind.Fill, order, {
    lots: Math.abs(lots),
    priceTicks: priceTicks[order]!,
  });
  assert.equal(bench.pipeline.keeper.lots(0, Owner.Hand), lots);
  bench.wait(100);
}

describe('the lock of a ladder', () => {
  it('is closed at every start, opens per instrument, and is never refused to close', () => {
    const bench = ready();
    assert.deepEqual(bench.byHand(), no('LADDER_LOCKED'));
    assert.deepEqual(bench.command(CommandCode.UnlockLadder, { instrument: 0 }, [1]), YES);
    assert.deepEqual(bench.byHand(), YES);
    assert.deepEqual(bench.byHand({ instrument: 1, price: MID / 2 }), no('LADDER_LOCKED'));
    bench.health = Health.LeaseLost | Health.JournalFailed | Health.Fence;
    assert.deepEqual(bench.command(CommandCode.UnlockLadder, { instrument: 0 }, [0]), YES);
    assert.equal(bench.pipeline.states.ladder[0], 0);
  });

  it('needs a lease, a journal and a state that is not HALTED', () => {
    for (const [bit, verdict] of [
      [Health.LeaseLost, 'LEASE_LOST'],
      [Health.JournalFailed, 'JOURNAL_LOSS'],
    ] as const) {
      const bench = ready();
      bench.health = bit;
      assert.deepEqual(bench.unlock(), no(verdict));
      assert.equal(bench.pipeline.states.ladder[0], 0);
    }
    const halted = new CoreBench({ initialState: TradingState.Halted });
    assert.deepEqual(halted.unlock(), no('STATE_FORBIDS'));
  });

  it('falls shut with the lease, on KILL, and when a control halts; disarm leaves it', () => {
    const ways: readonly [name: string, code: number, values: readonly number[]][] = [
      ['lease', CommandCode.LeaseLost, []],
      ['kill', CommandCode.Kill, []],
      ['control', CommandCode.SetState, [TradingState.Halted, Verdict.REJECT_RATE]],
    ];
    for (const [name, code, values] of ways) {
      const bench = unlocked();
      assert.deepEqual(bench.command(code, {}, values), YES, name);
      assert.deepEqual([...bench.pipeline.states.ladder], [0, 0], name);
      assert.deepEqual(bench.byHand(), no('LADDER_LOCKED'), name);
    }
    const bench = unlocked();
    bench.command(CommandCode.Disarm);
    assert.deepEqual(bench.byHand(), YES);
  });

  it('lets only what reduces pass in REDUCING', () => {
    const bench = unlocked();
    holding(bench, 100);
    bench.command(CommandCode.SetState, {}, [TradingState.Reducing, Verdict.DAILY_LOSS]);
    assert.deepEqual(bench.byHand(), no('STATE_FORBIDS'));
    assert.deepEqual(bench.byHand({ side: -1, price: MID + 5, lots: 101 }), no('STATE_FORBIDS'));
    assert.deepEqual(bench.byHand({ side: -1, price: MID + 5 }), YES);
    assert.equal(bench.pipeline.table.reduceOnly[bench.newestOrder()], 1);
  });
});

describe('an order by hand', () => {
  it('is an order of the hand with what was asked, journaled as a decision of its own', () => {
    const bench = unlocked();
    const wish = { side: -1, price: MID + 3, lots: 250, tif: TimeInForce.Gtx } as const;
    assert.deepEqual(bench.byHand(wish), YES);
    const { table } = bench.pipeline;
    const order = bench.newestOrder();
    assert.deepEqual(
      [table.owner[order], table.purpose[order], table.side[order], table.priceTicks[order]],
      [Owner.Hand, Purpose.Manual, -1, MID + 3],
    );
    assert.deepEqual(
      [table.lots[order], table.timeInForce[order], table.reduceOnly[order]],
      [250, TimeInForce.Gtx, 0],
    );
    const told = bench.told(SlotKind.Decision).at(-1)!;
    const of = (field: number): number => told.doubles[SLOT_DOUBLES + field]!;
    assert.equal(of(Decision.Strategy), HAND_STRATEGY);
    assert.equal(of(Decision.Verdict), Verdict.PASS);
    assert.deepEqual(
      [of(Decision.Side), of(Decision.PriceTicks), of(Decision.Lots)],
      [-1, MID + 3, 250],
    );
    assert.equal(bench.told(SlotKind.OrderPlaced).length, 1, 'the host hears of it');
  });

  const denials: readonly [
    verdict: VerdictName,
    wish: HandWish,
    before?: (bench: CoreBench) => void,
  ][] = [
    ['PRICE_COLLAR', { price: MID + 200 }],
    ['ORDER_NOTIONAL', { lots: 26_000 }],
    ['POSITION_LIMIT', { lots: 20_000 }, (b) => grown(b)],
    ['VENUE_FILTER', { lots: 4 }],
    ['DUPLICATE', {}, (b) => void resting(b)],
    ['SELF_MATCH', { side: -1, price: MID }, (b) => void resting(b)],
    ['OTHER_OWNER', { side: -1, price: MID + 1 }, (b) => opened(b)],
    ['REDUCE_ONLY_SIZE', { side: -1, price: MID + 1, reduceOnly: true }],
    ['COMMAND_LATE', { askedNs: 1 }, (b) => b.wait(100)],
    ['PRICE_COLLAR', { side: -1, price: MID - 200, lots: 50 }, (b) => holding(b, 100)],
  ];
  for (const [verdict, wish, before] of denials) {
    it(`is denied with ${verdict}: ${JSON.stringify(wish)}`, () => {
      const bench = unlocked();
      before?.(bench);
      bench.touch(0, MID, MID + 1);
      const sent = bench.gateway.count('place');
      assert.deepEqual(bench.byHand(wish), no(verdict));
      assert.equal(bench.gateway.count('place'), sent);
      const told = bench.told(SlotKind.Decision).at(-1)!;
      assert.equal(told.doubles[SLOT_DOUBLES + Decision.Strategy], HAND_STRATEGY);
      assert.equal(told.doubles[SLOT_DOUBLES + Decision.Verdict], Verdict[verdict]);
    });
  }

  it('that only shrinks the position is sent reduce-only, together never more than it', () => {
    const bench = unlocked();
    holding(bench, 100);
    const sell = { side: -1, lots: 60 } as const;
    assert.deepEqual(bench.byHand({ ...sell, price: MID + 5 }), YES);
    assert.equal(bench.pipeline.table.reduceOnly[bench.newestOrder()], 1);
    // 60 more than fits: an opening order of the other side, with every control.
    assert.deepEqual(bench.byHand({ ...sell, price: MID + 6 }), YES);
    assert.equal(bench.pipeline.table.reduceOnly[bench.newestOrder()], 0);
    const reduce = { ...sell, lots: 10, price: MID + 7, reduceOnly: true };
    assert.deepEqual(bench.byHand(reduce), no('REDUCE_ONLY_SIZE'), 'the others close it already');
  });

  it('keeps what rests from a strategy that would take the other side', () => {
    const bench = unlocked();
    bench.arm();
    const order = resting(bench, { side: -1, price: MID + 5 });
    assert.equal(bench.enter(), Verdict.OTHER_OWNER);
    assert.equal(bench.pipeline.table.state[order], OrderState.Open, 'nobody cancels it');
    assert.equal(bench.gateway.count('cancel'), 0);
  });
});

/** 24,000 held and as much resting. */
function grown(bench: CoreBench): void {
  holding(bench, 24_000);
  resting(bench, { lots: 24_000, price: MID - 1 });
}

function opened(bench: CoreBench): void {
  bench.arm();
  bench.openScalp();
  bench.wait(100);
}

describe('cancelling by hand', () => {
  it('takes one order by its name; one that is over is no error', () => {
    const bench = unlocked();
    const order = resting(bench);
    const { clientSequence, state } = bench.pipeline.table;
    const sequence = clientSequence[order]!;
    assert.deepEqual(bench.command(CommandCode.CancelOrder, {}, [sequence]), YES);
    assert.equal(state[order], OrderState.PendingCancel);
    bench.event(OrderEventKind.Canceled, order);
    assert.deepEqual(bench.command(CommandCode.CancelOrder, {}, [sequence]), YES);
    assert.deepEqual(bench.command(CommandCode.CancelOrder, {}, [987_654]), YES);
    assert.equal(bench.gateway.count('cancel'), 1);
  });

  it('takes a side, an instrument, the hand’s or everybody’s, in every state', () => {
    for (const state of Object.values(TradingState)) {
      const bench = unlocked();
      const low = resting(bench, { price: MID - 3 });
      const high = resting(bench, { side: -1, price: MID + 3 });
      const other = resting(bench, { instrument: 1, price: MID / 2 - 2 });
      if (state === TradingState.Armed) bench.arm();
      else bench.command(CommandCode.SetState, {}, [state, 0]);
      const of = (slot: number): boolean =>
        bench.pipeline.table.state[slot] === OrderState.PendingCancel;
      const here = { instrument: 0 };
      assert.deepEqual(bench.command(CommandCode.CancelOrders, here, [1, Owner.Hand]), YES);
      assert.deepEqual([of(low), of(high), of(other)], [true, false, false]);
      assert.deepEqual(bench.command(CommandCode.CancelOrders, here, [0, Owner.Hand]), YES);
      assert.deepEqual([of(low), of(high), of(other)], [true, true, false]);
      assert.deepEqual(bench.command(CommandCode.CancelOrders, {}, [0, 0]), YES);
      assert.equal(of(other), true);
      assert.equal(bench.gateway.count('cancel'), 3, 'each is asked once');
    }
  });

  it('KILL takes the hand’s orders too; disarm and a lost lease leave them', () => {
    for (const [code, isCancelled] of [
      [CommandCode.Kill, true],
      [CommandCode.Disarm, false],
      [CommandCode.LeaseLost, false],
    ] as const) {
      const bench = unlocked();
      const order = resting(bench);
      bench.command(code);
      bench.wait(20);
      const state = bench.pipeline.table.state[order];
      assert.equal(state === OrderState.PendingCancel, isCancelled);
    }
  });
});

describe('flattening with orders of the hand', () => {
  it('cancels what rests, lets nothing open meanwhile, then closes', () => {
    const bench = unlocked();
    holding(bench, 100);
    const low = resting(bench, { price: MID - 3 });
    assert.deepEqual(bench.command(CommandCode.Flatten, { instrument: 0 }), YES);
    assert.equal(bench.pipeline.table.state[low], OrderState.PendingCancel);
    assert.deepEqual(bench.byHand({ price: MID - 4 }), no('FLATTENING'));
    const placed = bench.gateway.count('place');
    bench.event(OrderEventKind.Canceled, low);
    bench.wait(10);
    assert.equal(bench.gateway.count('place'), placed + 1);
    const order = bench.newestOrder();
    const { table } = bench.pipeline;
    assert.deepEqual(
      [table.purpose[order], table.side[order], table.lots[order], table.reduceOnly[order]],
      [Purpose.Flatten, -1, 100, 1],
    );
    bench.event(OrderEventKind.Fill, order, { lots: 100, priceTicks: MID });
    bench.wait(10);
    assert.deepEqual(bench.byHand({ price: MID - 5 }), YES, 'over: the hand may open again');
  });

  it('goes on while an order of the hand may still fill, though nothing is held yet', () => {
    const bench = unlocked();
    const low = resting(bench, { price: MID - 3, lots: 100 });
    bench.command(CommandCode.Flatten, { instrument: 0 });
    const { table, flattening, keeper } = bench.pipeline;
    assert.equal(table.state[low], OrderState.PendingCancel);
    bench.wait(10);
    // It fills before the cancel reaches the venue.
    bench.event(OrderEventKind.Fill, low, { lots: 100, priceTicks: MID - 3 });
    bench.wait(10);
    const order = bench.newestOrder();
    assert.deepEqual(
      [table.purpose[order], table.side[order], table.lots[order], table.reduceOnly[order]],
      [Purpose.Flatten, -1, 100, 1],
    );
    bench.event(OrderEventKind.Fill, order, { lots: 100, priceTicks: MID });
    bench.wait(10);
    assert.deepEqual([keeper.totalLots(0), flattening[0]], [0, 0]);
  });

  it('a scalp beside a hand position keeps its protective exits while HALTED', () => {
    const bench = unlocked();
    bench.arm();
    holding(bench, 100);
    bench.command(CommandCode.Kill);
    assert.equal(bench.pipeline.risk.reconciled[0], 1);
    const found = ready();
    found.command(CommandCode.RestoreInventory, { instrument: 0 }, [100, MID, Owner.Hand]);
    assert.equal(found.pipeline.risk.reconciled[0], 0, 'what nobody explains');
    const told = ready();
    told.command(CommandCode.RestoreInventory, { instrument: 0 }, [100, MID, Owner.Hand, 1]);
    assert.equal(told.pipeline.risk.reconciled[0], 1, 'what the journal tells');
  });
});
