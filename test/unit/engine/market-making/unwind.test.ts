/** unwinding: quotes away first, passive then taking, never more than is held. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { IntentAction } from '../../../../engine/domain/intent.ts';
import { OrderState, Purpose, TimeInForce } from '../../../../engine/domain/order.ts';
import { Quote, QuoteState } from '../../../../engine/domain/quote.ts';
import { ReadingExtra } from '../../../../engine/domain/readings.ts';
import { Verdict } from '../../../../engine/domain/verdict.ts';
import { QuoterAllowed } from '../../../../engine/market-making/quoter.ts';
import { Bench } from './support.ts';

const BID = 0;
const ASK = 1;
const UNWIND = 2;

/** Quoting, 500 lots long after a fill of the bid. */
function long(given: Readonly<Record<string, number>> = {}): Bench {
  const bench = new Bench({ unwindPassiveMs: 2000, unwindIntervalMs: 300, ...given });
  bench.turn();
  bench.fill(1, 500, 9998);
  bench.tell(BID, 0, OrderState.PartiallyFilled);
  bench.wait(100);
  return bench;
}

describe('quoter: off', () => {
  it('does nothing while disabled and flat', () => {
    const bench = new Bench();
    bench.quoter.setEnabled(0, false);
    assert.equal(bench.turn().length, 0);
    assert.equal(bench.row(Quote.State), QuoteState.Off);
    assert.equal(bench.row(Quote.Reason), Verdict.NOT_QUOTING);
  });

  it('cancels its quotes when the state forbids them, and keeps inventory when halted', () => {
    const bench = long();
    bench.allowed = 0;
    const made = bench.turn();
    assert.equal(made.length, 2);
    assert.ok(made.every(({ action }) => action === IntentAction.Cancel));
    bench.wait(5000);
    assert.equal(bench.turn().length, 0);
    assert.equal(bench.row(Quote.State), QuoteState.Off);
    assert.equal(bench.row(Quote.Reason), Verdict.STATE_FORBIDS);
    assert.equal(bench.row(Quote.InventoryLots), 500);
  });
});

describe('quoter: unwinding', () => {
  it('waits for its quotes to be gone, then offers at the own best price, reduce-only', () => {
    const bench = long();
    bench.quoter.setEnabled(0, false);
    const cancels = bench.evaluate();
    assert.equal(cancels.length, 2);
    bench.tell(BID, 0, OrderState.Canceled);
    bench.wait(100);
    assert.equal(bench.evaluate().length, 0, 'the ask is not proven gone');
    bench.tell(ASK, 1, OrderState.Canceled);
    const [order, ...more] = bench.turn();
    assert.equal(more.length, 0);
    assert.deepEqual(
      [order!.slot, order!.side, order!.price, order!.lots, order!.reduceOnly],
      [UNWIND, -1, 10_001, 500, 1],
    );
    assert.equal(order!.timeInForce, TimeInForce.Gtx);
    assert.equal(order!.purpose, Purpose.Unwind);
    assert.equal(bench.row(Quote.State), QuoteState.Unwinding);
  });

  it('follows its side of the market, then takes', () => {
    const bench = long();
    bench.allowed = QuoterAllowed.Unwind;
    bench.turn();
    assert.equal(bench.turn()[0]!.price, 10_001);
    bench.wait(400);
    bench.touch(9990, 9991);
    assert.equal(bench.turn()[0]!.action, IntentAction.Cancel);
    assert.equal(bench.turn()[0]!.price, 9991);
    bench.wait(2000);
    assert.equal(bench.turn()[0]!.action, IntentAction.Cancel, 'patience is over');
    const [taking] = bench.turn();
    // 3 bp of 9991 is 3 ticks through the bid.
    assert.deepEqual(
      [taking!.timeInForce, taking!.price, taking!.reduceOnly],
      [TimeInForce.Ioc, 9987, 1],
    );
  });

  it('takes again with what is left, until flat', () => {
    const bench = long({ unwindPassiveMs: 0 });
    bench.allowed = QuoterAllowed.Unwind;
    bench.turn();
    const [first] = bench.turn();
    assert.equal(first!.lots, 500);
    bench.fill(-1, 200, 9998);
    bench.tell(UNWIND, 2, OrderState.Expired);
    assert.equal(bench.turn().length, 0, 'not at once');
    bench.wait(400);
    const [second] = bench.turn();
    assert.equal(second!.lots, 300);
    bench.fill(-1, 300, 9998);
    bench.tell(UNWIND, 3, OrderState.Filled);
    bench.wait(400);
    assert.equal(bench.turn().length, 0);
    assert.equal(bench.row(Quote.State), QuoteState.Off);
    assert.equal(bench.row(Quote.InventoryLots), 0);
    assert.equal(bench.row(Quote.UnwindSinceNs), 0);
  });

  it('flattens at once, taking, even while enabled and allowed to quote', () => {
    const bench = long();
    bench.allowed = QuoterAllowed.Quotes | QuoterAllowed.Unwind | QuoterAllowed.Flatten;
    assert.equal(bench.turn().length, 2);
    const [order] = bench.turn();
    assert.deepEqual([order!.slot, order!.timeInForce], [UNWIND, TimeInForce.Ioc]);
    assert.equal(order!.purpose, Purpose.Flatten, 'HALTED allows no other');
  });

  it('buys back a short inventory', () => {
    const bench = new Bench();
    bench.quoter.adopt(0, Float64Array.from([-40, 10_000]));
    bench.quoter.setEnabled(0, false);
    const [order] = bench.turn();
    assert.deepEqual([order!.side, order!.price, order!.lots], [1, 10_000, 40]);
  });

  it('does not act on a market it cannot trust, and goes on when it can', () => {
    const bench = long();
    bench.quoter.setEnabled(0, false);
    bench.turn();
    bench.wait(3000, false);
    assert.equal(bench.turn().length, 0);
    assert.equal(bench.row(Quote.State), QuoteState.Unwinding);
    bench.touch(9990, 9991);
    assert.equal(bench.turn()[0]!.timeInForce, TimeInForce.Ioc, 'time has not stood still');
  });

  it('unwinds what it holds through a long pull, and quotes again afterwards', () => {
    const bench = long({ pulledUnwindMs: 10_000, pullHoldMs: 0, requoteIntervalMs: 10 });
    bench.readings[ReadingExtra.Burst] = 50;
    bench.turn();
    bench.wait(9000);
    assert.equal(bench.turn().length, 0);
    assert.equal(bench.row(Quote.State), QuoteState.Pulled);
    bench.wait(1500);
    const [order] = bench.turn();
    assert.equal(order!.slot, UNWIND);
    assert.equal(bench.row(Quote.State), QuoteState.Unwinding);
    assert.equal(bench.row(Quote.Reason), Verdict.BURST);
    bench.readings[ReadingExtra.Burst] = 1;
    bench.wait(500);
    const [cancel, ...more] = bench.evaluate();
    assert.deepEqual([cancel!.action, cancel!.slot], [IntentAction.Cancel, UNWIND]);
    assert.equal(more.length, 0, 'no quote beside an unwind that is still out');
    bench.tell(UNWIND, 2, OrderState.Canceled);
    const next = bench.turn();
    assert.ok(next.every(({ slot }) => slot !== UNWIND) && next.length > 0);
  });

  it('never offers more than the venue takes in one order', () => {
    const bench = new Bench();
    bench.quoter.adopt(0, Float64Array.from([3_000_000, 10_000]));
    bench.quoter.setEnabled(0, false);
    const [order] = bench.turn();
    assert.equal(order!.lots, 1_000_000);
  });
});
