/**
 * Orders: random venues against a slow model. Whatever order, loss and repetition the messages come
 * in, an order's fills are booked once, sizes are conserved, only legal transitions happen, and
 * when the venue has said everything the order manager agrees with it.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../engine/base/random.ts';
import {
  isTerminal,
  LEGAL_TRANSITIONS,
  OrderEventKind as Kind,
  OrderState as State,
} from '../../engine/domain/order.ts';
import { VenueEventKind } from '../../engine/execution/order-events.ts';
import { OrderTable } from '../../engine/execution/order-table.ts';
import { OrderCounter } from '../../engine/execution/order-timing.ts';
import { Desk, type RowFields } from '../unit/engine/execution/fixtures.ts';

const STEP_MS = 20;
const STEPS = 400;
const TIMING = {
  ackTimeoutNs: 200e6,
  receiveWindowNs: 500e6,
  marginNs: 200e6,
  queryIntervalNs: 60e6,
  queryIntervalMaxNs: 400e6,
  fillGraceNs: 150e6,
  lingerNs: 3_600_000e6,
  cancelRetryNs: 60e6,
};

/** The truth about one order, as its venue keeps it. */
interface Truth {
  readonly slot: number;
  readonly lots: number;
  state: number;
  filled: number;
  /** The request reached the venue. */
  isThere: boolean;
}

/** A message on its way to us. */
interface Message {
  readonly atMs: number;
  readonly kind: number;
  readonly slot: number;
  readonly fields: RowFields;
}

class ModelVenue {
  readonly desk = new Desk(TIMING);
  readonly truths = new Map<number, Truth>();
  readonly #random: SeededRandom;
  readonly #onTheWay: Message[] = [];
  #handled = 0;
  #tradeId = 0;
  #isStreamUp = true;
  #lossRate: number;
  ms = 1;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
    this.#lossRate = [0, 0.1, 0.4][this.#random.int(3)]!;
  }

  step(): void {
    this.ms += STEP_MS;
    this.desk.at(this.ms);
    const draw = this.#random.int(10);
    if (draw < 2 && this.truths.size < 60) this.#placeOne();
    else if (draw === 2) this.#cancelOne();
    else if (draw < 6) this.#tradeOne();
    else if (draw === 6 && this.#lossRate > 0) this.#toggleStream();
    this.pump();
  }

  /** Time passes, everything on its way arrives, the stream is up, nothing is lost any more. */
  settle(): void {
    this.#lossRate = 0;
    if (!this.#isStreamUp) this.#toggleStream();
    for (let i = 0; i < 600; i++) {
      this.ms += STEP_MS;
      this.pump();
    }
  }

  /** Delivers what is due, runs the timers, lets the venue answer what was asked. */
  pump(): void {
    this.desk.at(this.ms);
    this.#answerRequests();
    for (let i = this.#onTheWay.length - 1; i >= 0; i--) {
      const message = this.#onTheWay[i]!;
      if (message.atMs > this.ms) continue;
      this.#onTheWay.splice(i, 1);
      this.desk.row(message.kind, message.slot, message.fields);
    }
    this.desk.timer(this.ms);
    this.#answerRequests();
  }

  #placeOne(): void {
    const lots = 1 + this.#random.int(20);
    const slot = this.desk.place({ lots, side: this.#random.int(2) === 0 ? 1 : -1 });
    assert.ok(slot >= 0);
    const isThere = this.#random.next() >= this.#lossRate;
    this.truths.set(slot, {
      slot,
      lots,
      state: isThere ? State.Open : State.Free,
      filled: 0,
      isThere,
    });
  }

  #cancelOne(): void {
    const table = this.desk.table;
    if (table.activeCount > 0) this.desk.cancel(table.active[this.#random.int(table.activeCount)]!);
  }

  #tradeOne(): void {
    const open = [...this.truths.values()].filter((truth) => truth.state === State.Open);
    if (open.length === 0) return;
    const truth = open[this.#random.int(open.length)]!;
    const lots = 1 + this.#random.int(truth.lots - truth.filled);
    truth.filled += lots;
    if (truth.filled === truth.lots) truth.state = State.Filled;
    this.#tradeId += 1;
    const fields = {
      lots,
      priceTicks: 1000,
      cumulative: truth.filled,
      tradeId: this.#tradeId,
    };
    this.#stream(Kind.Fill, truth.slot, fields);
    if (this.#random.int(4) === 0) this.#stream(Kind.Fill, truth.slot, fields);
  }

  #toggleStream(): void {
    this.#isStreamUp = !this.#isStreamUp;
    if (this.#isStreamUp) this.desk.row(VenueEventKind.StreamResumed, -1, { sequence: 0 });
  }

  /** What the gateway was asked since: each request may be lost, and so may its reply. */
  #answerRequests(): void {
    const sent = this.desk.gateway.sent;
    for (; this.#handled < sent.length; this.#handled++) {
      const [kind, slotText] = sent[this.#handled]!.split(' ');
      const truth = this.truths.get(Number(slotText));
      if (kind === 'place') {
        if (truth?.isThere === true) this.#accepted(truth);
      } else if (truth !== undefined && this.#random.next() >= this.#lossRate) {
        if (kind === 'cancel') this.#cancelled(truth);
        else this.#status(truth);
      }
    }
  }

  #accepted(truth: Truth): void {
    if (this.#random.int(3) > 0) this.#stream(Kind.Accepted, truth.slot, { lots: truth.lots });
    this.#reply(Kind.Accepted, truth.slot, { lots: truth.lots });
  }

  #cancelled(truth: Truth): void {
    if (truth.state !== State.Open) {
      this.#reply(Kind.CancelRejected, truth.slot, { code: -2011 });
      return;
    }
    truth.state = State.Canceled;
    this.#stream(Kind.Canceled, truth.slot, { cumulative: truth.filled });
    this.#reply(Kind.Canceled, truth.slot, { cumulative: truth.filled });
  }

  #status(truth: Truth): void {
    const tradeId = this.desk.table.queryNumber[truth.slot]!;
    if (!truth.isThere) {
      this.#reply(Kind.StatusNotFound, truth.slot, { code: -2013, tradeId });
      return;
    }
    const isPartial = truth.state === State.Open && truth.filled > 0;
    this.#reply(Kind.StatusFound, truth.slot, {
      lots: truth.lots,
      cumulative: truth.filled,
      priceTicks: 1000,
      code: isPartial ? State.PartiallyFilled : truth.state,
      tradeId,
    });
  }

  #reply(kind: number, slot: number, fields: RowFields): void {
    if (this.#random.next() < this.#lossRate) return;
    this.#onTheWay.push({ atMs: this.ms + this.#random.int(120), kind, slot, fields });
  }

  #stream(kind: number, slot: number, fields: RowFields): void {
    if (!this.#isStreamUp) return;
    this.#onTheWay.push({ atMs: this.ms + this.#random.int(120), kind, slot, fields });
  }
}

function checkEveryOrder(venue: ModelVenue): void {
  const { desk } = venue;
  const booked = new Map<number, number>();
  for (const fill of desk.fills) {
    booked.set(fill.slot, (booked.get(fill.slot) ?? 0) + Math.abs(fill.lots));
  }
  for (const truth of venue.truths.values()) {
    const { slot } = truth;
    const filled = desk.table.filledLots[slot]!;
    assert.equal(booked.get(slot) ?? 0, filled, 'every fill told to its owner once');
    assert.ok(filled <= truth.filled, 'never more than was traded');
    const leaves = isTerminal(desk.table.state[slot]!) ? 0 : desk.table.leavesLots(slot);
    const cancelled = isTerminal(desk.table.state[slot]!) ? truth.lots - filled : 0;
    assert.equal(filled + leaves + cancelled, truth.lots, 'filled + leaves + cancelled = ordered');
  }
  for (const step of desk.steps) {
    const [from, to] = step.split('>').map(Number);
    assert.ok(LEGAL_TRANSITIONS[from!]!.includes(to!), `${step} is legal`);
  }
}

describe('orders under a venue that loses, repeats, delays and reorders', () => {
  for (let seed = 1; seed <= 40; seed++) {
    it(`seed ${seed}`, () => {
      const venue = new ModelVenue(seed);
      for (let step = 0; step < STEPS; step++) {
        venue.step();
        if (step % 40 === 0) checkEveryOrder(venue);
      }
      venue.settle();
      checkEveryOrder(venue);
      const { desk } = venue;
      for (const truth of venue.truths.values()) {
        const state = desk.table.state[truth.slot]!;
        assert.equal(desk.table.filledLots[truth.slot], truth.filled, 'all fills known at last');
        if (!truth.isThere) assert.equal(state, State.Rejected, 'proven absent');
        else if (truth.state !== State.Open) assert.equal(state, truth.state);
        else assert.ok(state === State.Open || state === State.PartiallyFilled);
      }
      assert.equal(desk.gateway.count('place'), venue.truths.size, 'nothing was ever placed twice');
      assert.equal(desk.manager.counters[OrderCounter.Overfills], 0);
    });
  }
});

describe('order table against a Map', () => {
  it('finds exactly the orders that are there', () => {
    const random = new SeededRandom(99);
    const table = new OrderTable(4);
    const model = new Map<number, number>();
    let sequence = 0;
    for (let step = 0; step < 30_000; step++) {
      if (random.int(2) === 0 && model.size < 1024) {
        sequence += 1 + random.int(5000);
        const instrument = random.int(4);
        const slot = table.claim(sequence, instrument);
        assert.ok(slot >= 0);
        table.state[slot] = State.Open;
        model.set(sequence, slot);
      } else if (model.size > 0) {
        const keys = [...model.keys()];
        const key = keys[random.int(Math.min(keys.length, 64))]!;
        const slot = model.get(key)!;
        table.settle(slot);
        table.release(slot);
        model.delete(key);
      }
      if (step % 500 === 0) compare(table, model);
      assert.equal(table.slotOf(sequence + 1), -1);
    }
    compare(table, model);
  });
});

function compare(table: OrderTable, model: Map<number, number>): void {
  for (const [key, slot] of model) assert.equal(table.slotOf(key), slot);
  assert.equal(table.activeCount, model.size);
  let chained = 0;
  for (let instrument = 0; instrument < 4; instrument++) {
    for (let o = table.firstOf[instrument]!; o >= 0; o = table.nextOf[o]!) {
      assert.equal(table.instrument[o], instrument);
      chained += 1;
    }
  }
  assert.equal(chained, model.size);
}
