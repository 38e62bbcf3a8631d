/**
 * The order manager: the transitions as a table, then the stories that cost money when they go
 * wrong.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  isTerminal,
  LEGAL_TRANSITIONS,
  OrderEventKind as Kind,
  OrderState as State,
} from '../../../../engine/domain/order.ts';
import { VenueEventKind } from '../../../../engine/execution/order-events.ts';
import { ORDERS_MAX } from '../../../../engine/execution/order-table.ts';
import { OrderCounter as Counter } from '../../../../engine/execution/order-timing.ts';
import { Desk } from './fixtures.ts';

const TIMING = {
  ackTimeoutNs: 100e6,
  receiveWindowNs: 500e6,
  marginNs: 100e6,
  queryIntervalNs: 50e6,
  queryIntervalMaxNs: 400e6,
  fillGraceNs: 80e6,
  lingerNs: 1000e6,
  cancelRetryNs: 50e6,
};

function counter(desk: Desk, index: number): number {
  return desk.manager.counters[index]!;
}

function stateOf(desk: Desk, slot: number): number {
  return desk.table.state[slot]!;
}

const nothing = (): void => {};
const accept = (d: Desk, s: number): void => d.row(Kind.Accepted, s, { lots: 10 });
const cancelSent = (d: Desk, s: number): void => void d.cancel(s);
const openThenCancel = (d: Desk, s: number): void => {
  accept(d, s);
  d.cancel(s);
};
const lose = (d: Desk, s: number): void => d.row(Kind.OutcomeUnknown, s);
const fill = (lots: number, cumulative: number, tradeId: number) => (d: Desk, s: number) =>
  d.row(Kind.Fill, s, { lots, cumulative, tradeId, priceTicks: 1000 });

function unknownOrder(): { desk: Desk; slot: number } {
  const desk = new Desk(TIMING);
  const slot = desk.place();
  desk.timer(150);
  assert.equal(stateOf(desk, slot), State.Unknown);
  return { desk, slot };
}

describe('order manager: what each event does in each state', () => {
  interface Case {
    readonly name: string;
    readonly before: (desk: Desk, slot: number) => void;
    readonly act: (desk: Desk, slot: number) => void;
    readonly state: number;
  }
  const cases: readonly Case[] = [
    { name: 'new, accepted', before: nothing, act: accept, state: State.Open },
    {
      name: 'new, part filled',
      before: nothing,
      act: fill(4, 4, 1),
      state: State.PartiallyFilled,
    },
    { name: 'new, filled', before: nothing, act: fill(10, 10, 1), state: State.Filled },
    {
      name: 'new, rejected',
      before: nothing,
      act: (d, s) => d.row(Kind.Rejected, s, { code: -2019 }),
      state: State.Rejected,
    },
    {
      name: 'new, expired',
      before: nothing,
      act: (d, s) => d.row(Kind.Expired, s),
      state: State.Expired,
    },
    {
      name: 'new, cancelled',
      before: nothing,
      act: (d, s) => d.row(Kind.Canceled, s),
      state: State.Canceled,
    },
    { name: 'new, lost', before: nothing, act: lose, state: State.Unknown },
    { name: 'new, cancel sent', before: nothing, act: cancelSent, state: State.PendingCancel },
    {
      name: 'open, part filled',
      before: accept,
      act: fill(4, 4, 1),
      state: State.PartiallyFilled,
    },
    { name: 'open, accepted again', before: accept, act: accept, state: State.Open },
    { name: 'open, cancel sent', before: accept, act: cancelSent, state: State.PendingCancel },
    {
      name: 'open, cancelled unasked',
      before: accept,
      act: (d, s) => d.row(Kind.Canceled, s),
      state: State.Canceled,
    },
    {
      name: 'part filled, filled',
      before: fill(4, 4, 1),
      act: fill(6, 10, 2),
      state: State.Filled,
    },
    {
      name: 'part filled, accepted late',
      before: fill(4, 4, 1),
      act: accept,
      state: State.PartiallyFilled,
    },
    { name: 'cancelling, accepted', before: cancelSent, act: accept, state: State.PendingCancel },
    {
      name: 'cancelling, part filled',
      before: openThenCancel,
      act: fill(4, 4, 1),
      state: State.PendingCancel,
    },
    {
      name: 'cancelling, filled',
      before: openThenCancel,
      act: fill(10, 10, 1),
      state: State.Filled,
    },
    {
      name: 'cancelling, cancelled',
      before: openThenCancel,
      act: (d, s) => d.row(Kind.Canceled, s),
      state: State.Canceled,
    },
    {
      name: 'cancelling, cancel refused',
      before: openThenCancel,
      act: (d, s) => d.row(Kind.CancelRejected, s, { code: -2011 }),
      state: State.PendingCancel,
    },
    { name: 'cancelling, lost', before: openThenCancel, act: lose, state: State.Unknown },
    { name: 'unknown, accepted', before: lose, act: accept, state: State.Open },
    { name: 'unknown, filled', before: lose, act: fill(10, 10, 1), state: State.Filled },
    {
      name: 'unknown, part filled',
      before: lose,
      act: fill(4, 4, 1),
      state: State.PartiallyFilled,
    },
    {
      name: 'unknown, rejected',
      before: lose,
      act: (d, s) => d.row(Kind.Rejected, s, { code: -1001 }),
      state: State.Rejected,
    },
    {
      name: 'unknown, found open',
      before: lose,
      act: (d, s) => d.row(Kind.StatusFound, s, { lots: 10, code: State.Open }),
      state: State.Open,
    },
    {
      name: 'unknown, found expired',
      before: lose,
      act: (d, s) => d.row(Kind.StatusFound, s, { lots: 10, code: State.Expired }),
      state: State.Expired,
    },
    { name: 'unknown, lost again', before: lose, act: lose, state: State.Unknown },
    { name: 'open, in-flight loss is none of it', before: accept, act: lose, state: State.Open },
    {
      name: 'cancelled, accepted late',
      before: (d, s) => d.row(Kind.Canceled, s),
      act: accept,
      state: State.Canceled,
    },
    {
      name: 'cancelled, filled late',
      before: (d, s) => d.row(Kind.Canceled, s),
      act: fill(4, 4, 1),
      state: State.Canceled,
    },
    {
      name: 'filled, cancelled late',
      before: fill(10, 10, 1),
      act: (d, s) => d.row(Kind.Canceled, s),
      state: State.Filled,
    },
  ];

  for (const { name, before, act, state } of cases) {
    it(name, () => {
      const desk = new Desk(TIMING);
      const slot = desk.place();
      before(desk, slot);
      act(desk, slot);
      assert.equal(stateOf(desk, slot), state);
      for (const step of desk.steps) {
        const [from, to] = step.split('>').map(Number);
        assert.ok(LEGAL_TRANSITIONS[from!]!.includes(to!), `${step} is legal`);
      }
      assert.equal(counter(desk, Counter.IllegalTransitions), 0);
    });
  }
});

describe('order manager: sending', () => {
  it('a send that could not leave is a reject, at once', () => {
    const desk = new Desk(TIMING);
    desk.gateway.isUp = false;
    const slot = desk.place();
    assert.equal(stateOf(desk, slot), State.Rejected);
    assert.equal(counter(desk, Counter.NotSent), 1);
  });

  it('client sequences count up from 1 and are never reused', () => {
    const desk = new Desk(TIMING);
    const a = desk.place();
    const b = desk.place();
    assert.equal(desk.table.clientSequence[a], 1);
    assert.equal(desk.table.clientSequence[b], 2);
  });

  it('a full pool of live orders denies; settled ones give way', () => {
    const desk = new Desk(TIMING);
    for (let i = 0; i < ORDERS_MAX; i++) assert.ok(desk.place() >= 0);
    assert.equal(desk.place(), -1);
    const oldest = desk.table.slotOf(1);
    desk.row(Kind.Canceled, oldest);
    assert.equal(desk.place(), oldest);
    assert.equal(counter(desk, Counter.EarlyReleases), 1);
  });

  it('a cancel that is learned later never to have left is sent again by the timer', () => {
    const desk = new Desk(TIMING);
    const slot = desk.place();
    desk.row(Kind.Accepted, slot, { lots: 10 });
    desk.cancel(slot);
    desk.row(Kind.CancelRejected, slot, { code: -1 });
    assert.equal(stateOf(desk, slot), State.Open);
    assert.equal(desk.gateway.count('cancel'), 1, 'not at once: the socket may be down');
    desk.timer(200);
    assert.equal(stateOf(desk, slot), State.PendingCancel);
    assert.equal(desk.gateway.count('query'), 0);
  });

  it('cancelAll asks every active order of the instrument and owner, once', () => {
    const desk = new Desk(TIMING);
    const a = desk.place();
    desk.place({ instrument: 1 });
    const done = desk.place();
    desk.row(Kind.Canceled, done);
    assert.equal(desk.manager.cancelAll(0, 0, desk.clock), 1);
    assert.equal(stateOf(desk, a), State.PendingCancel);
    assert.equal(desk.manager.cancelAll(-1, 2, desk.clock), 0);
    assert.equal(desk.manager.cancelAll(-1, 1, desk.clock), 2);
    assert.equal(desk.gateway.count('cancel'), 2, 'the one under way is not sent twice');
  });

  it('a cancel that could not leave is retried', () => {
    const desk = new Desk(TIMING);
    const slot = desk.place();
    desk.row(Kind.Accepted, slot, { lots: 10 });
    desk.gateway.isUp = false;
    assert.equal(desk.cancel(slot), false);
    assert.equal(stateOf(desk, slot), State.Open);
    desk.gateway.isUp = true;
    desk.timer(200);
    assert.equal(stateOf(desk, slot), State.PendingCancel);
  });
});

describe('order manager: unknown is left by proof only', () => {
  it('an acknowledgement that does not come makes it unknown and asks', () => {
    const { desk } = unknownOrder();
    assert.equal(desk.gateway.count('query'), 1);
    assert.equal(desk.gateway.count('place'), 1, 'never sent again');
  });

  it('time alone never resolves it', () => {
    const { desk, slot } = unknownOrder();
    for (let ms = 200; ms < 60_000; ms += 100) desk.timer(ms);
    assert.equal(stateOf(desk, slot), State.Unknown);
    const asked = desk.gateway.count('query');
    assert.ok(asked > 100 && asked < 200, `asked ${asked} times, backed off`);
  });

  it('not found inside the receive window proves nothing', () => {
    const { desk, slot } = unknownOrder();
    for (let i = 0; i < 5; i++) desk.row(Kind.StatusNotFound, slot);
    assert.equal(stateOf(desk, slot), State.Unknown);
  });

  it('not found twice after the window proves that it never was', () => {
    const { desk, slot } = unknownOrder();
    desk.timer(2000);
    desk.row(Kind.StatusNotFound, slot);
    assert.equal(stateOf(desk, slot), State.Unknown);
    desk.timer(3000);
    desk.row(Kind.StatusNotFound, slot);
    assert.equal(stateOf(desk, slot), State.Rejected);
    assert.equal(desk.table.code[slot], -2013);
  });

  it('an answer to a query sent inside the window does not count, whenever it comes', () => {
    const { desk, slot } = unknownOrder();
    desk.at(5000);
    desk.row(Kind.StatusNotFound, slot);
    desk.row(Kind.StatusNotFound, slot);
    assert.equal(stateOf(desk, slot), State.Unknown);
  });

  it('a stale answer neither proves absence nor settles what was asked since', () => {
    const { desk, slot } = unknownOrder();
    const old = desk.table.queryNumber[slot]!;
    desk.timer(2000);
    desk.timer(3000);
    desk.row(Kind.StatusNotFound, slot, { tradeId: old });
    desk.row(Kind.StatusNotFound, slot, { tradeId: old });
    assert.equal(stateOf(desk, slot), State.Unknown);
    desk.row(Kind.StatusFound, slot, { lots: 10, code: State.Open, tradeId: old });
    assert.equal(stateOf(desk, slot), State.Open, 'that it exists is true all the same');
  });

  it('not found of an order that was acknowledged is a contradiction, not a proof', () => {
    const desk = new Desk(TIMING);
    const slot = desk.place();
    desk.row(Kind.Accepted, slot, { lots: 10 });
    desk.row(VenueEventKind.StreamResumed, -1, { sequence: 0 });
    desk.timer(2000);
    desk.row(Kind.StatusNotFound, slot);
    desk.timer(4000);
    desk.row(Kind.StatusNotFound, slot);
    assert.equal(stateOf(desk, slot), State.Unknown);
  });

  it('found open while a cancel is wanted: the cancel goes out again', () => {
    const { desk, slot } = unknownOrder();
    assert.equal(desk.cancel(slot), true);
    assert.equal(stateOf(desk, slot), State.Unknown);
    desk.row(Kind.StatusFound, slot, { lots: 10, code: State.Open });
    assert.equal(stateOf(desk, slot), State.PendingCancel);
    assert.equal(desk.gateway.count('cancel'), 2);
  });

  it('a lost private stream asks for every order when it is back', () => {
    const desk = new Desk(TIMING);
    const a = desk.place();
    const b = desk.place();
    desk.row(Kind.Accepted, a, { lots: 10 });
    desk.row(Kind.Accepted, b, { lots: 10 });
    desk.row(VenueEventKind.StreamResumed, -1, { sequence: 0 });
    desk.timer(5);
    assert.equal(desk.gateway.count('query'), 2);
  });
});

describe('order manager: fills', () => {
  it('books a fill with the figures of the venue', () => {
    const desk = new Desk(TIMING);
    const slot = desk.place();
    desk.row(Kind.Fill, slot, { lots: 4, priceTicks: 999, cumulative: 4, tradeId: 5, feeE8: 77 });
    assert.deepEqual(desk.fills, [{ slot, lots: 4, ticks: 999, isEstimated: false }]);
    assert.equal(desk.table.feeE8[slot], 77);
    assert.equal(desk.table.leavesLots(slot), 6);
  });

  it('drops a trade id seen before, of the same instrument only', () => {
    const desk = new Desk(TIMING);
    const a = desk.place();
    const b = desk.place({ instrument: 1 });
    desk.row(Kind.Fill, a, { lots: 4, priceTicks: 1000, cumulative: 4, tradeId: 5 });
    desk.row(Kind.Fill, a, { lots: 4, priceTicks: 1000, cumulative: 4, tradeId: 5 });
    desk.row(Kind.Fill, b, { lots: 4, priceTicks: 1000, cumulative: 4, tradeId: 5 });
    assert.equal(desk.fills.length, 2);
    assert.equal(counter(desk, Counter.DuplicateTrades), 1);
  });

  it('a fill after the cancel was confirmed goes to its owner all the same', () => {
    const desk = new Desk(TIMING);
    const slot = desk.place();
    desk.row(Kind.Accepted, slot, { lots: 10 });
    desk.cancel(slot);
    desk.row(Kind.Canceled, slot, { cumulative: 3 });
    assert.equal(stateOf(desk, slot), State.Canceled);
    desk.row(Kind.Fill, slot, { lots: 3, priceTicks: 1000, cumulative: 3, tradeId: 9 });
    assert.equal(desk.fills.length, 1);
    assert.equal(counter(desk, Counter.LateFills), 1);
    assert.equal(desk.table.filledLots[slot], 3);
  });

  it('a cancel refused because the order was filled ends as filled', () => {
    const desk = new Desk(TIMING);
    const slot = desk.place();
    desk.row(Kind.Accepted, slot, { lots: 10 });
    desk.cancel(slot);
    desk.row(Kind.CancelRejected, slot, { code: -2011 });
    desk.row(Kind.Fill, slot, { lots: 10, priceTicks: 1000, cumulative: 10, tradeId: 1 });
    assert.equal(stateOf(desk, slot), State.Filled);
    desk.timer(1000);
    assert.equal(desk.gateway.count('query'), 0, 'nothing left to ask');
  });

  it('a refused cancel without another event asks, and sends the cancel again when alive', () => {
    const desk = new Desk(TIMING);
    const slot = desk.place();
    desk.row(Kind.Accepted, slot, { lots: 10 });
    desk.cancel(slot);
    desk.row(Kind.CancelRejected, slot, { code: -1003 });
    desk.timer(60);
    assert.equal(desk.gateway.count('query'), 1);
    desk.row(Kind.StatusFound, slot, { lots: 10, code: State.Open });
    assert.equal(stateOf(desk, slot), State.PendingCancel);
    assert.equal(desk.gateway.count('cancel'), 2);
  });

  it('a fill that the stream lost is made up after the grace, once, at the missing price', () => {
    const desk = new Desk(TIMING);
    const slot = desk.place();
    desk.row(Kind.Fill, slot, { lots: 4, priceTicks: 1000, cumulative: 4, tradeId: 1 });
    desk.row(Kind.StatusFound, slot, {
      lots: 10,
      cumulative: 10,
      priceTicks: 1003,
      code: State.Filled,
    });
    assert.equal(desk.fills.length, 1, 'the stream may still bring it');
    desk.timer(200);
    assert.equal(desk.gateway.count('query'), 1);
    desk.row(Kind.StatusFound, slot, {
      lots: 10,
      cumulative: 10,
      priceTicks: 1003,
      code: State.Filled,
    });
    assert.deepEqual(desk.fills[1], { slot, lots: 6, ticks: 1005, isEstimated: true });
    assert.equal(stateOf(desk, slot), State.Filled);
    // The real one comes after all.
    desk.row(Kind.Fill, slot, { lots: 6, priceTicks: 1005, cumulative: 10, tradeId: 2 });
    assert.equal(desk.fills.length, 2);
  });

  it('fills out of order are all booked', () => {
    const desk = new Desk(TIMING);
    const slot = desk.place();
    desk.row(Kind.Fill, slot, { lots: 6, priceTicks: 1000, cumulative: 8, tradeId: 2 });
    desk.row(Kind.Fill, slot, { lots: 2, priceTicks: 1000, cumulative: 2, tradeId: 1 });
    assert.equal(desk.table.filledLots[slot], 8);
    assert.equal(desk.table.gapSinceNs[slot], 0);
  });

  it('a fill of an order that is not ours is external and names its side', () => {
    const desk = new Desk(TIMING);
    desk.row(Kind.Fill, -1, { sequence: 0, lots: -5, priceTicks: 1000, tradeId: 3 });
    desk.row(Kind.Canceled, -1, { sequence: 0 });
    assert.deepEqual(desk.fills, [{ slot: -1, lots: -5, ticks: 1000, isEstimated: false }]);
    assert.equal(counter(desk, Counter.ExternalFills), 1);
    assert.equal(counter(desk, Counter.ExternalEvents), 1);
  });

  it('more than was ordered is booked and counted', () => {
    const desk = new Desk(TIMING);
    const slot = desk.place();
    desk.row(Kind.Fill, slot, { lots: 10, priceTicks: 1000, cumulative: 10, tradeId: 1 });
    desk.row(Kind.Fill, slot, { lots: 1, priceTicks: 1000, cumulative: 11, tradeId: 2 });
    assert.equal(desk.fills.length, 2);
    assert.equal(counter(desk, Counter.Overfills), 1);
  });

  it('an order that the venue shrank is full at its smaller size', () => {
    const desk = new Desk(TIMING);
    const slot = desk.place();
    desk.row(Kind.Fill, slot, { lots: 3, priceTicks: 1000, cumulative: 3, tradeId: 1 });
    desk.row(Kind.Accepted, slot, { lots: 3 });
    assert.equal(stateOf(desk, slot), State.Filled);
  });

  it('a reject of an order that filled is a contradiction: counted, asked, not believed', () => {
    const desk = new Desk(TIMING);
    const slot = desk.place();
    desk.row(Kind.Fill, slot, { lots: 4, priceTicks: 1000, cumulative: 4, tradeId: 1 });
    desk.row(Kind.Rejected, slot, { code: -2010 });
    assert.equal(stateOf(desk, slot), State.PartiallyFilled);
    assert.equal(counter(desk, Counter.IllegalTransitions), 1);
    desk.timer(5);
    assert.equal(desk.gateway.count('query'), 1);
  });
});

describe('order manager: settled orders', () => {
  it('stay findable for a while, then give their slot back', () => {
    const desk = new Desk(TIMING);
    const slot = desk.place();
    desk.row(Kind.Canceled, slot);
    assert.ok(isTerminal(stateOf(desk, slot)));
    desk.timer(900);
    assert.equal(desk.table.slotOf(1), slot);
    desk.timer(1100);
    assert.equal(desk.table.slotOf(1), -1);
    assert.equal(stateOf(desk, slot), State.Free);
  });

  it('wait for a fill that the venue has stated', () => {
    const desk = new Desk(TIMING);
    const slot = desk.place();
    desk.row(Kind.Canceled, slot, { cumulative: 4 });
    desk.timer(5000);
    assert.equal(desk.table.slotOf(1), slot);
    assert.ok(desk.gateway.count('query') > 0);
    desk.row(Kind.StatusFound, slot, {
      lots: 10,
      cumulative: 4,
      priceTicks: 1000,
      code: State.Canceled,
    });
    assert.equal(desk.fills.length, 1);
    desk.timer(5100);
    assert.equal(desk.table.slotOf(1), -1);
  });
});
