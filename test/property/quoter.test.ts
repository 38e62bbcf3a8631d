/**
 * quoter: laws that hold under any market, partial fills, late answers, fills after the answer to a
 * cancel, refusals, unknown orders, lost books, arming and disarming:
 *
 * - what the venue holds for us plus what still works there never passes the hard limit;
 * - at most one order a side and an instrument, and none that could trade with our own;
 * - every quote is passive to the market it saw; every unwind only reduces;
 * - inventory is what the venue holds once everything was told; when all is off it comes to zero
 *   and no order is left.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../engine/base/random.ts';
import { IntentAction, IntentBatch } from '../../engine/domain/intent.ts';
import { Market, MARKET_SIZE } from '../../engine/domain/market.ts';
import { BookState, Owner } from '../../engine/domain/modes.ts';
import { OrderState, Purpose, TimeInForce } from '../../engine/domain/order.ts';
import { Quote, QuoteState } from '../../engine/domain/quote.ts';
import {
  Reading,
  READING_STRIDE,
  ReadingExtra,
  READINGS_SIZE,
  Signal,
} from '../../engine/domain/readings.ts';
import { quoterParameters } from '../../engine/market-making/parameters.ts';
import { Quoter, QuoterAllowed } from '../../engine/market-making/quoter.ts';
import { testInstrument } from '../unit/engine/market-making/support.ts';

const MS = 1e6;
const TURN_MS = 20;
const TURNS = 4000;
const EVENT_DELAY_MS = 150;

const PARAMETERS = quoterParameters({
  requoteIntervalMs: 40,
  lateFillMs: 400,
  denialBackoffMs: 50,
  pullHoldMs: 60,
  pulledUnwindMs: 1000,
  unwindPassiveMs: 400,
  unwindIntervalMs: 60,
  quoteNotional: 1000,
  softLimitNotional: 1800,
  hardLimitNotional: 2500,
});

interface VenueOrder {
  readonly id: number;
  readonly slot: number;
  readonly side: number;
  readonly price: number;
  readonly timeInForce: number;
  readonly reduceOnly: boolean;
  leaves: number;
  /** At the venue, or on its way there. */
  isWorking: boolean;
  hasArrived: boolean;
}

/** One instrument at a venue with delays in both directions, and the quoter that trades there. */
class World {
  readonly quoter = new Quoter([testInstrument()], PARAMETERS);
  readonly market = new Float64Array(MARKET_SIZE);
  readonly readings = new Float64Array(READINGS_SIZE);
  readonly random: SeededRandom;
  readonly orders: VenueOrder[] = [];
  readonly seen = new Set<string>();
  position = 0;
  fills = 0;
  mid = 10_000;
  nowMs = 1000;
  allowed: number = QuoterAllowed.Quotes | QuoterAllowed.Unwind;
  readonly #events: { dueMs: number; run: () => void }[] = [];
  readonly #intents = new IntentBatch();

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
    this.quoter.setEnabled(0, true);
    this.readings[ReadingExtra.WarmedUp] = 1;
    this.readings[ReadingExtra.Sigma1sTicks] = 2;
    this.readings[ReadingExtra.Sigma5mTicks] = 35;
    this.readings[ReadingExtra.MeanSpreadTicks] = 1;
  }

  row(field: number): number {
    return this.quoter.rows[field]!;
  }

  turn(isCalm: boolean): void {
    this.nowMs += TURN_MS;
    this.#moveMarket(isCalm);
    this.#runEvents();
    this.#match();
    const intents = this.#intents;
    intents.clear();
    this.quoter.evaluate(0, this.market, this.readings, this.allowed, intents);
    for (let row = 0; row < intents.count; row++) {
      assert.equal(intents.owner[row], Owner.Quoter);
      if (intents.action[row] === IntentAction.Cancel) this.#cancel(intents.order[row]!);
      else this.#place(intents, row);
    }
    this.check();
  }

  /** What must hold at the venue, told or not. */
  check(): void {
    const hard = this.row(Quote.HardLimitLots);
    const working = this.orders.filter((order) => order.isWorking);
    const lots = (side: number): number =>
      working
        .filter((order) => order.side === side && !order.reduceOnly)
        .reduce((sum, order) => sum + order.leaves, 0);
    assert.ok(this.position + lots(1) <= hard, `long ${this.position} + ${lots(1)} of ${hard}`);
    assert.ok(-this.position + lots(-1) <= hard, `short ${this.position} ${lots(-1)} of ${hard}`);
    for (const side of [1, -1]) {
      assert.ok(working.filter((order) => order.side === side).length <= 1, 'one order a side');
    }
    const bid = working.find((order) => order.side === 1);
    const ask = working.find((order) => order.side === -1);
    assert.ok(!bid || !ask || bid.price < ask.price, 'own orders cannot meet');
    const [wantedBid, wantedAsk] = [this.row(Quote.BidTicks), this.row(Quote.AskTicks)];
    if (this.row(Quote.BidLots) > 0 && this.row(Quote.AskLots) > 0)
      assert.ok(wantedBid < wantedAsk);
  }

  #moveMarket(isCalm: boolean): void {
    const { random, market: m } = this;
    if (random.next() < 0.4) this.mid += random.int(5) - 2;
    const now = this.nowMs * MS;
    const isLost = !isCalm && random.next() < 0.03;
    m[Market.NowNs] = now;
    m[Market.BookState] = BookState.Synced;
    m[Market.Valid] = isLost ? 0 : 1;
    if (isLost) return;
    const spread = 1 + random.int(2);
    const [bidLots, askLots] = [1 + random.int(50), 1 + random.int(50)];
    m[Market.BidTicks] = this.mid;
    m[Market.AskTicks] = this.mid + spread;
    m[Market.SpreadTicks] = spread;
    m[Market.MidTicks] = this.mid + spread / 2;
    m[Market.MicroTicks] =
      (this.mid * askLots + (this.mid + spread) * bidLots) / (bidLots + askLots);
    m[Market.TouchNs] = now;
    const r = this.readings;
    r[ReadingExtra.Burst] = !isCalm && random.next() < 0.02 ? 20 : 1;
    const flow = Signal.OrderFlow * READING_STRIDE;
    r[flow + Reading.Strength] = isCalm ? 0 : 2 * random.next() - 1;
    r[flow + Reading.Confidence] = 1;
  }

  #later(mostMs: number, run: () => void): void {
    this.#events.push({ dueMs: this.nowMs + this.random.int(mostMs), run });
  }

  #runEvents(): void {
    for (let i = 0; i < this.#events.length;) {
      const event = this.#events[i]!;
      if (event.dueMs > this.nowMs) i += 1;
      else {
        this.#events.splice(i, 1);
        event.run();
      }
    }
  }

  #tell(order: VenueOrder, state: number): void {
    this.quoter.onOrder(0, order.slot, order.id, state);
  }

  #place(intents: IntentBatch, row: number): void {
    const slot = intents.ownerRef[row]!;
    const side = intents.side[row]!;
    const price = intents.priceTicks[row]!;
    const isUnwind = slot === 2;
    const isFlatten = (this.allowed & QuoterAllowed.Flatten) !== 0;
    const unwinding = isFlatten ? Purpose.Flatten : Purpose.Unwind;
    assert.equal(intents.purpose[row], isUnwind ? unwinding : Purpose.Quote);
    assert.equal(intents.reduceOnly[row], isUnwind ? 1 : 0);
    assert.ok(intents.lots[row]! > 0 && Number.isInteger(intents.lots[row]!));
    if (!isUnwind) {
      assert.equal(intents.timeInForce[row], TimeInForce.Gtx);
      const other = side > 0 ? this.market[Market.AskTicks]! : this.market[Market.BidTicks]!;
      assert.ok(side > 0 ? price < other : price > other, 'a quote is passive');
    } else {
      assert.equal(side, -Math.sign(this.row(Quote.InventoryLots)));
      assert.ok(intents.lots[row]! <= Math.abs(this.row(Quote.InventoryLots)));
    }
    if (this.random.next() < 0.05) {
      this.seen.add('denied');
      this.quoter.onOrder(0, slot, -1, OrderState.Rejected);
      return;
    }
    const order: VenueOrder = {
      id: this.orders.length,
      slot,
      side,
      price,
      timeInForce: intents.timeInForce[row]!,
      reduceOnly: isUnwind,
      leaves: intents.lots[row]!,
      isWorking: true,
      hasArrived: false,
    };
    this.orders.push(order);
    this.#tell(order, OrderState.PendingNew);
    this.#later(60, () => this.#arrive(order));
  }

  #arrive(order: VenueOrder): void {
    if (!order.isWorking) return;
    order.hasArrived = true;
    if (this.random.next() < 0.03) {
      this.seen.add('rejected');
      order.isWorking = false;
      this.#later(EVENT_DELAY_MS, () => this.#tell(order, OrderState.Rejected));
      return;
    }
    const opposite = order.side > 0 ? this.market[Market.AskTicks]! : this.market[Market.BidTicks]!;
    const crosses = order.side > 0 ? order.price >= opposite : order.price <= opposite;
    if (order.timeInForce === TimeInForce.Ioc) {
      if (crosses) this.#fill(order, 1 + this.random.int(order.leaves));
      if (order.isWorking) this.#end(order, OrderState.Expired);
    } else if (crosses) {
      this.seen.add('post-only');
      this.#end(order, OrderState.Expired);
    } else {
      const isUnknown = this.random.next() < 0.05;
      if (isUnknown) {
        this.seen.add('unknown');
        this.#later(EVENT_DELAY_MS, () => order.isWorking && this.#tell(order, OrderState.Unknown));
      }
      this.#later(isUnknown ? 1000 : EVENT_DELAY_MS, () => {
        if (order.isWorking) this.#tell(order, OrderState.Open);
      });
    }
  }

  #end(order: VenueOrder, state: number): void {
    order.isWorking = false;
    this.#later(EVENT_DELAY_MS, () => this.#tell(order, state));
  }

  #cancel(id: number): void {
    const order = this.orders[id]!;
    this.#tell(order, OrderState.PendingCancel);
    this.#later(60, () => {
      if (order.isWorking) this.#end(order, OrderState.Canceled);
      else this.seen.add('cancel met the end');
    });
  }

  /** A fill at the venue; we hear of it later, perhaps after the answer to a cancel. */
  #fill(order: VenueOrder, wanted: number): void {
    const held = Math.max(0, -order.side * this.position);
    const lots = order.reduceOnly ? Math.min(wanted, held) : wanted;
    if (lots <= 0) return;
    order.leaves -= lots;
    this.position += order.side * lots;
    this.fills += 1;
    const isOver = order.leaves === 0;
    if (isOver) order.isWorking = false;
    const fill = Float64Array.from([order.side, lots, order.price, 1, 0, 0]);
    this.#later(EVENT_DELAY_MS, () => {
      if (!isOver && !order.isWorking) this.seen.add('late fill');
      this.quoter.onFill(0, fill);
      if (isOver) this.#tell(order, OrderState.Filled);
    });
  }

  /** Resting orders that the market has reached, and some that it has not. */
  #match(): void {
    if (this.market[Market.Valid] !== 1) return;
    for (const order of this.orders) {
      if (!order.isWorking || !order.hasArrived) continue;
      const near = order.side > 0 ? this.market[Market.BidTicks]! : this.market[Market.AskTicks]!;
      const isReached = order.side > 0 ? near <= order.price : near >= order.price;
      if (this.random.next() < (isReached ? 0.6 : 0.08)) {
        this.#fill(order, 1 + this.random.int(order.leaves));
      }
    }
  }
}

describe('quoter, any market', () => {
  const seen = new Set<string>();
  let fills = 0;

  for (const seed of [1, 2, 3, 4, 5]) {
    it(`keeps its laws and comes back to nothing (seed ${seed})`, () => {
      const world = new World(seed);
      for (let turn = 0; turn < TURNS; turn++) {
        if (world.random.next() < 0.01) world.quoter.setEnabled(0, world.random.next() < 0.7);
        if (world.random.next() < 0.01) {
          const choices = [0, 2, 3, 3, 3, 3, 3, 7, 11];
          world.allowed = choices[world.random.int(choices.length)]!;
        }
        world.turn(false);
        seen.add(`state ${world.row(Quote.State)}`);
      }
      for (const event of world.seen) seen.add(event);
      fills += world.fills;
      world.quoter.setEnabled(0, false);
      world.allowed = QuoterAllowed.Unwind;
      for (let turn = 0; turn < 1500; turn++) world.turn(true);
      assert.equal(world.position, 0, 'nothing is held');
      assert.equal(world.row(Quote.InventoryLots), 0, 'and the quoter knows');
      assert.equal(world.orders.filter((order) => order.isWorking).length, 0, 'nothing rests');
      assert.equal(world.row(Quote.State), QuoteState.Off);
    });
  }

  it('met what it is meant to survive', () => {
    assert.ok(fills > 500, `${fills} fills`);
    const states = Object.values(QuoteState).map((state) => `state ${state}`);
    const events = ['denied', 'rejected', 'post-only', 'unknown', 'late fill'];
    for (const event of [...states, ...events]) assert.ok(seen.has(event), event);
  });
});
