/**
 * The paper gateway: fills as its model says, latencies, queue positions, and money to the unit.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../../../engine/base/random.ts';
import { IntentAction, IntentBatch } from '../../../../engine/domain/intent.ts';
import { Market, MARKET_SIZE } from '../../../../engine/domain/market.ts';
import { BookState } from '../../../../engine/domain/modes.ts';
import { OrderState as State, Purpose, TimeInForce } from '../../../../engine/domain/order.ts';
import { EVENT_STRIDE, OrderEventQueue } from '../../../../engine/execution/order-events.ts';
import { OrderManager } from '../../../../engine/execution/order-manager.ts';
import { OrderTable } from '../../../../engine/execution/order-table.ts';
import { OrderCounter } from '../../../../engine/execution/order-timing.ts';
import { PaperAccount } from '../../../../engine/execution/paper/paper-account.ts';
import { PaperGateway } from '../../../../engine/execution/paper/paper-gateway.ts';
import { QueueModel, QueuePositions } from '../../../../engine/execution/paper/queue-model.ts';
import { PositionKeeper } from '../../../../engine/portfolio/position-keeper.ts';
import { INSTRUMENTS } from './fixtures.ts';

const ENTRY_MS = 3;
const RESPONSE_MS = 2;
const TICK_LOT_E8 = INSTRUMENTS[0]!.tickLotE8;

interface Wanted {
  readonly side?: 1 | -1;
  readonly price: number;
  readonly lots?: number;
  readonly timeInForce?: number;
  readonly reduceOnly?: boolean;
}

/** A book of levels set by hand: 100 lots on each of five levels either side of 1000. */
class Room {
  readonly bids = new Map<number, number>();
  readonly asks = new Map<number, number>();
  readonly fields = new Float64Array(MARKET_SIZE);
  readonly table = new OrderTable(INSTRUMENTS.length);
  readonly events = new OrderEventQueue();
  readonly gateway: PaperGateway;
  readonly manager: OrderManager;
  readonly keeper = new PositionKeeper(INSTRUMENTS);
  readonly clock = new Float64Array(1);
  /** `lots@ticks maker|taker` of every fill. */
  readonly fills: string[] = [];
  ms = 0;
  readonly #intents = new IntentBatch();
  readonly #fill = new Float64Array(6);

  constructor(queueModel: QueueModel = QueueModel.RiskAverse) {
    const book = {
      bidLotsAt: (ticks: number) => this.bids.get(ticks) ?? 0,
      askLotsAt: (ticks: number) => this.asks.get(ticks) ?? 0,
      levels: (side: number, max: number, ticks: Int32Array, lots: Float64Array) => {
        const levels = [...(side > 0 ? this.bids : this.asks)].filter(([, size]) => size > 0);
        levels.sort((a, b) => (b[0] - a[0]) * side);
        for (const [i, [price, size]] of levels.slice(0, max).entries()) {
          ticks[i] = price;
          lots[i] = size;
        }
        return Math.min(max, levels.length);
      },
    };
    const quiet = { fields: new Float64Array(MARKET_SIZE), book };
    this.gateway = new PaperGateway({
      table: this.table,
      instruments: INSTRUMENTS,
      markets: [{ fields: this.fields, book }, quiet],
      events: this.events,
      timing: { entryNs: ENTRY_MS * 1e6, responseNs: RESPONSE_MS * 1e6 },
      queueModel,
    });
    this.manager = new OrderManager({
      table: this.table,
      gateway: this.gateway,
      instruments: INSTRUMENTS,
    });
    for (let i = 1; i <= 5; i++) {
      this.bids.set(1000 - i, 100);
      this.asks.set(1000 + i, 100);
    }
    this.message();
  }

  /** Time goes on to `ms`: requests arrive, answers arrive. */
  at(ms: number): this {
    this.ms = ms;
    this.clock[0] = ms * 1e6;
    this.gateway.onTimer(this.clock);
    for (let row = 0; row < this.events.count; row++) {
      this.manager.onEvent(this.events.words, this.events.doubles, row * EVENT_STRIDE);
    }
    this.events.clear();
    this.manager.onTimer(this.clock);
    this.#book();
    return this;
  }

  settle(): this {
    return this.at(this.ms + ENTRY_MS + RESPONSE_MS + 1);
  }

  /** A message of the market ends: a trade when given, and the book as it now stands. */
  message(trade?: { ticks: number; lots: number; side: 1 | -1 }): this {
    const f = this.fields;
    f[Market.NowNs] = this.ms * 1e6;
    f[Market.Valid] = 1;
    f[Market.BookState] = BookState.Synced;
    const best = (side: 1 | -1): [number, number] => {
      const levels = [...(side > 0 ? this.bids : this.asks)].filter(([, size]) => size > 0);
      return levels.reduce((a, b) => ((b[0] - a[0]) * side > 0 ? b : a));
    };
    [f[Market.BidTicks], f[Market.BidLots]] = best(1);
    [f[Market.AskTicks], f[Market.AskLots]] = best(-1);
    f[Market.TradeCount] = trade === undefined ? 0 : 1;
    f[Market.LastTradeTicks] = trade?.ticks ?? 0;
    f[Market.BuyLots] = trade?.side === 1 ? trade.lots : 0;
    f[Market.SellLots] = trade?.side === -1 ? trade.lots : 0;
    this.gateway.onMarket(0);
    return this;
  }

  place(wanted: Wanted): number {
    const batch = this.#intents;
    batch.clear();
    const row = batch.claim(IntentAction.Place, 0, 1, 0);
    batch.purpose[row] = Purpose.Entry;
    batch.side[row] = wanted.side ?? 1;
    batch.priceTicks[row] = wanted.price;
    batch.lots[row] = wanted.lots ?? 50;
    batch.timeInForce[row] = wanted.timeInForce ?? TimeInForce.Gtc;
    batch.reduceOnly[row] = wanted.reduceOnly === true ? 1 : 0;
    const slot = this.manager.place(batch, row, this.clock);
    this.#book();
    return slot;
  }

  state(slot: number): number {
    return this.table.state[slot]!;
  }

  #book(): void {
    const c = this.manager.changes;
    for (let row = 0; row < c.count; row++) {
      if (c.fillLots[row] === 0) continue;
      const who = c.isMaker[row] === 1 ? 'maker' : 'taker';
      this.fills.push(`${c.fillLots[row]}@${c.fillTicks[row]} ${who}`);
      this.#fill.set([
        c.fillSide[row]!,
        c.fillLots[row]!,
        c.fillTicks[row]!,
        c.feeE8[row]!,
        c.realisedE8[row]!,
        0,
      ]);
      this.keeper.onFill(c.instrument[row]!, 1, this.#fill);
    }
    c.clear();
  }
}

describe('paper gateway: taking', () => {
  it('fills level by level to its price, then the rest of an IOC expires', () => {
    const room = new Room();
    const slot = room.place({ price: 1002, lots: 250, timeInForce: TimeInForce.Ioc });
    room.settle();
    assert.deepEqual(room.fills, ['100@1001 taker', '100@1002 taker']);
    assert.equal(room.state(slot), State.Expired);
    assert.equal(room.table.filledLots[slot], 200);
  });

  it('the rest of a GTC order stays in the book', () => {
    const room = new Room();
    const slot = room.place({ price: 1001, lots: 150 });
    room.settle();
    assert.equal(room.state(slot), State.PartiallyFilled);
    assert.equal(room.table.leavesLots(slot), 50);
  });

  it('takes no more than is shown, and at most from the newest touch on', () => {
    const room = new Room();
    room.fields[Market.AskTicks] = 1002;
    room.fields[Market.AskLots] = 30;
    room.place({ price: 1003, lots: 500, timeInForce: TimeInForce.Ioc });
    room.settle();
    assert.deepEqual(room.fills, ['30@1002 taker', '100@1003 taker']);
  });

  it('a post-only order that would take is rejected with the venue code', () => {
    const room = new Room();
    const slot = room.place({ price: 1001, timeInForce: TimeInForce.Gtx });
    room.settle();
    assert.equal(room.state(slot), State.Rejected);
    assert.equal(room.table.code[slot], -5022);
  });

  it('charges the taker fee on the notional', () => {
    const room = new Room();
    const slot = room.place({ price: 1001, lots: 100 });
    room.settle();
    const notionalE8 = 1001 * 100 * TICK_LOT_E8;
    assert.equal(room.table.feeE8[slot], Math.round((notionalE8 * 50_000) / 1e8));
  });

  it('without a trustworthy book nothing is taken in', () => {
    const room = new Room();
    room.fields[Market.Valid] = 0;
    const slot = room.place({ price: 1001 });
    room.settle();
    assert.equal(room.state(slot), State.Rejected);
  });
});

describe('paper gateway: latency', () => {
  it('an order meets the market of its arrival, not of its sending', () => {
    const room = new Room();
    room.place({ price: 1001, lots: 50, timeInForce: TimeInForce.Ioc });
    room.at(1);
    room.asks.set(1001, 20);
    room.message();
    room.at(ENTRY_MS);
    room.asks.set(1001, 0);
    room.message();
    room.at(ENTRY_MS + RESPONSE_MS - 0.5);
    assert.deepEqual(room.fills, [], 'the answer is still on its way');
    room.at(ENTRY_MS + RESPONSE_MS);
    assert.deepEqual(room.fills, ['20@1001 taker']);
  });

  it('a cancel that arrives after the fill is refused', () => {
    const room = new Room();
    const slot = room.place({ price: 999 });
    room.settle();
    room.manager.cancel(slot, room.clock);
    room.at(room.ms + 1);
    room.message({ ticks: 998, lots: 1, side: -1 });
    room.settle();
    assert.equal(room.state(slot), State.Filled);
    assert.equal(room.manager.counters[OrderCounter.LateFills], 0);
  });

  it('a cancel that arrives in time ends the order with what it has', () => {
    const room = new Room();
    const slot = room.place({ price: 999, lots: 50 });
    room.settle();
    room.message({ ticks: 999, lots: 110, side: -1 });
    room.manager.cancel(slot, room.clock);
    room.settle();
    assert.equal(room.state(slot), State.Canceled);
    assert.equal(room.table.filledLots[slot], 10);
    room.message({ ticks: 990, lots: 500, side: -1 });
    room.settle();
    assert.equal(room.table.filledLots[slot], 10, 'it is gone');
  });

  it('answers status queries by client id', () => {
    const room = new Room();
    const slot = room.place({ price: 999 });
    room.at(1200);
    room.settle();
    room.settle();
    assert.equal(room.state(slot), State.Open);
    assert.equal(room.manager.counters[OrderCounter.Unknowns], 0);
  });
});

const sell = (ticks: number, lots: number) => ({ ticks, lots, side: -1 as const });

describe('paper gateway: resting', () => {
  interface Case {
    readonly name: string;
    readonly go: (room: Room) => void;
    readonly filled: number;
  }
  const cases: readonly Case[] = [
    {
      name: 'a trade at our price first eats the queue',
      go: (r) => r.message(sell(999, 100)),
      filled: 0,
    },
    { name: 'what passes the queue is ours', go: (r) => r.message(sell(999, 130)), filled: 30 },
    { name: 'never more than we ordered', go: (r) => r.message(sell(999, 1000)), filled: 50 },
    { name: 'a trade beyond our price fills all', go: (r) => r.message(sell(998, 1)), filled: 50 },
    {
      name: 'a trade above our price fills nothing',
      go: (r) => r.message(sell(1000, 999)),
      filled: 0,
    },
    {
      name: 'buyers at our price do not come to a bid',
      go: (r) => r.message({ ticks: 999, lots: 500, side: 1 }),
      filled: 0,
    },
    {
      name: 'the other side reaching our price fills all',
      go: (r) => {
        r.bids.clear();
        r.bids.set(990, 10);
        r.asks.set(999, 5);
        r.message();
      },
      filled: 50,
    },
    {
      name: 'a level that shrank caps the queue',
      go: (r) => {
        r.bids.set(999, 20);
        r.message();
        r.message(sell(999, 25));
      },
      filled: 5,
    },
    {
      name: 'a level that grew does not push us back',
      go: (r) => {
        r.bids.set(999, 500);
        r.message();
        r.message(sell(999, 110));
      },
      filled: 10,
    },
    {
      name: 'trades add up',
      go: (r) => {
        r.message(sell(999, 60));
        r.bids.set(999, 40);
        r.message();
        r.message(sell(999, 45));
      },
      filled: 5,
    },
  ];
  for (const { name, go, filled } of cases) {
    it(name, () => {
      const room = new Room();
      const slot = room.place({ price: 999, lots: 50 });
      room.settle();
      go(room);
      room.settle();
      assert.equal(room.table.filledLots[slot], filled);
      if (filled > 0) assert.ok(room.fills.every((fill) => fill.endsWith('@999 maker')));
    });
  }

  it('the mirror image holds for an offer', () => {
    const room = new Room();
    const slot = room.place({ side: -1, price: 1001, lots: 50 });
    room.settle();
    room.message({ ticks: 1001, lots: 130, side: 1 }).settle();
    assert.equal(room.table.filledLots[slot], 30);
    room.message({ ticks: 1002, lots: 1, side: 1 }).settle();
    assert.equal(room.state(slot), State.Filled);
  });
});

describe('paper gateway: reduce-only', () => {
  it('is rejected without a position and shrunk to it otherwise', () => {
    const room = new Room();
    const early = room.place({ side: -1, price: 999, reduceOnly: true });
    room.settle();
    assert.equal(room.table.code[early], -2022);
    room.place({ price: 1001, lots: 40 });
    room.settle();
    const slot = room.place({ side: -1, price: 999, lots: 90, reduceOnly: true });
    room.settle();
    assert.equal(room.state(slot), State.Filled);
    assert.equal(room.table.lots[slot], 40);
    assert.equal(room.keeper.totalLots(0), 0);
  });

  it('a resting one never turns the position, and ends when there is none', () => {
    const room = new Room();
    room.place({ price: 1001, lots: 40 });
    room.settle();
    const target = room.place({ side: -1, price: 1004, lots: 40, reduceOnly: true });
    room.settle();
    room.place({ side: -1, price: 999, lots: 30 });
    room.settle();
    room.message({ ticks: 1005, lots: 1, side: 1 }).settle();
    assert.equal(room.keeper.totalLots(0), 0);
    assert.equal(room.table.filledLots[target], 10);
    assert.equal(room.state(target), State.Expired);
  });
});

describe('paper gateway: laws', () => {
  it('money and positions agree with the keeper after any session, twice the same', () => {
    const runs = [0, 1].map(() => {
      const room = new Room(QueueModel.Prob);
      const random = new SeededRandom(31);
      const slots: number[] = [];
      for (let i = 0; i < 1500; i++) {
        room.at(room.ms + random.int(4));
        const side = random.int(2) === 0 ? 1 : -1;
        const draw = random.int(5);
        if (draw === 0) {
          slots.push(room.place({ side, price: 996 + random.int(9), lots: 1 + random.int(80) }));
        } else if (draw === 1 && slots.length > 0) {
          room.manager.cancel(slots[random.int(slots.length)]!, room.clock);
        } else if (draw === 2) {
          room.message({ ticks: 997 + random.int(7), lots: 1 + random.int(150), side });
        } else {
          room.bids.set(995 + random.int(5), random.int(200));
          room.asks.set(1001 + random.int(5), random.int(200));
          room.bids.set(990, 1);
          room.asks.set(1010, 1);
          room.message();
        }
      }
      room.settle();
      assert.equal(room.keeper.totalLots(0), room.gateway.account.lots[0]);
      assert.equal(room.manager.counters[OrderCounter.IllegalTransitions], 0);
      assert.equal(room.manager.counters[OrderCounter.Overfills], 0);
      assert.ok(room.fills.length > 100, `${room.fills.length} fills`);
      return room.fills.join(' ');
    });
    assert.equal(runs[0], runs[1]);
  });

  it('a round trip realises what it paid and got, to the last unit', () => {
    const account = new PaperAccount(INSTRUMENTS);
    const fill = new Float64Array(2);
    let realised = 0;
    let cash = 0;
    for (const [lots, ticks] of [
      [7, 1001],
      [6, 1004],
      [-5, 1003],
      [-11, 998],
      [2, 990],
      [1, 997],
    ] as const) {
      fill.set([lots, ticks]);
      account.book(0, 0, fill);
      realised += account.booked[1]!;
      cash -= lots * ticks * TICK_LOT_E8;
    }
    assert.equal(account.lots[0], 0);
    assert.equal(account.costE8[0], 0);
    assert.equal(realised, cash);
  });

  it('queue positions never go wrong, whatever comes', () => {
    const random = new SeededRandom(12);
    for (const model of [QueueModel.RiskAverse, QueueModel.Prob]) {
      const queue = new QueuePositions(1);
      const one = new Float64Array(1);
      for (let i = 0; i < 20_000; i++) {
        one[0] = random.int(3) === 0 ? 0 : random.int(300);
        const draw = random.int(10);
        if (draw === 0) queue.join(0, one, 0);
        else if (draw < 5) queue.onTrade(0, one, 0);
        else queue.onLevel(0, model, one, 0);
        if (random.int(2) === 0) assert.ok(queue.take(0) >= 0);
        assert.ok(!Number.isNaN(queue.front[0]));
        assert.ok(queue.front[0]! <= Math.max(300, queue.levelLots[0]!));
      }
    }
  });
});
