/**
 * Risk: laws that hold whatever is asked, in whatever order.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../engine/base/random.ts';
import { Owner, TradingState } from '../../engine/domain/modes.ts';
import { isExitPurpose, isTerminal, OrderState, Purpose } from '../../engine/domain/order.ts';
import { Verdict } from '../../engine/domain/verdict.ts';
import { MID, NOW_MS, type Wish, World } from '../unit/engine/risk/fixtures.ts';

const LIMITS = {
  maxPositionNotional: 100,
  maxGrossNotional: 150,
  maxOrderNotional: 40,
  maxOpenOrders: 6,
  ordersPerSecond: 20,
  orderBurst: 20,
  orderReserve: 8,
};
const LOT_VALUE = 0.1;

/** A gate with orders that come, fill and go, as an account would live them. */
class Life {
  readonly world = new World(LIMITS);
  readonly random: SeededRandom;
  #ms = NOW_MS;
  passed = 0;

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
  }

  step(): void {
    this.#ms += this.random.int(200);
    this.world.at(this.#ms);
    const draw = this.random.int(4);
    if (draw === 0) this.#fillOne();
    else if (draw === 1) this.#endOne();
    else this.#ask();
  }

  #ask(): void {
    const owner = 1 + this.random.int(3);
    const isExit = this.random.int(3) === 0;
    const opening = [Purpose.Entry, Purpose.Entry, Purpose.Quote, Purpose.Manual][owner]!;
    const wish: Wish = {
      instrument: this.random.int(2),
      owner,
      purpose: isExit ? Purpose.Stop : opening,
      side: this.random.int(2) === 0 ? 1 : -1,
      priceTicks: MID - 20 + this.random.int(40),
      lots: 50 + this.random.int(400),
      reduceOnly: isExit,
    };
    if (this.world.check(wish) !== Verdict.PASS) return;
    this.passed += 1;
    this.world.working(wish);
  }

  #fillOne(): void {
    const { orders } = this.world;
    if (orders.activeCount === 0) return;
    const slot = orders.active[this.random.int(orders.activeCount)]!;
    const lots = 1 + this.random.int(orders.leavesLots(slot));
    orders.filledLots[slot] = orders.filledLots[slot]! + lots;
    this.world.hold(orders.owner[slot]!, lots * orders.side[slot]!, orders.instrument[slot]);
    if (orders.leavesLots(slot) === 0) this.#end(slot, OrderState.Filled);
  }

  #endOne(): void {
    const { orders } = this.world;
    if (orders.activeCount === 0) return;
    this.#end(orders.active[this.random.int(orders.activeCount)]!, OrderState.Canceled);
  }

  #end(slot: number, state: number): void {
    const { orders } = this.world;
    assert.ok(isTerminal(state));
    orders.state[slot] = state;
    orders.settle(slot);
    orders.release(slot);
  }
}

describe('risk gate over random lives', () => {
  for (let seed = 1; seed <= 20; seed++) {
    it(`keeps its limits, seed ${seed}`, () => {
      const life = new Life(seed);
      const { world } = life;
      for (let step = 0; step < 600; step++) {
        life.step();
        let gross = 0;
        for (let instrument = 0; instrument < 2; instrument++) {
          const worst = worstLots(world, instrument);
          assert.ok(worst * LOT_VALUE <= LIMITS.maxPositionNotional + 1e-9, `worst ${worst}`);
          gross += worst * LOT_VALUE;
          assert.ok(
            countOf(world, instrument) <= LIMITS.maxOpenOrders + 1 + exitsOf(world, instrument),
          );
        }
        assert.ok(gross <= LIMITS.maxGrossNotional + 1e-9, `gross ${gross}`);
      }
      assert.ok(life.passed > 50, `${life.passed} orders passed`);
    });
  }

  it('exits alone never turn an owner round', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const random = new SeededRandom(seed);
      const world = new World({ ordersPerSecond: 1000, orderBurst: 1000 });
      const { orders } = world;
      const sign = seed % 2 === 0 ? 1 : -1;
      world.hold(Owner.Scalper, sign * 500);
      let closed = 0;
      for (let step = 0; step < 200; step++) {
        const draw = random.int(3);
        const side = random.int(5) === 0 ? sign : -sign;
        const lots = 1 + random.int(300);
        const wish = { purpose: Purpose.Stop, side: side as 1 | -1, lots, reduceOnly: true };
        if (draw < 2) {
          if (world.check(wish) === Verdict.PASS) world.working(wish);
        } else if (orders.activeCount > 0) {
          const slot = orders.active[random.int(orders.activeCount)]!;
          const filled = random.int(2) * orders.leavesLots(slot);
          if (filled > 0) world.hold(Owner.Scalper, filled * orders.side[slot]!);
          closed += filled;
          orders.state[slot] = OrderState.Canceled;
          orders.settle(slot);
          orders.release(slot);
        }
        let working = 0;
        for (let o = orders.firstOf[0]!; o >= 0; o = orders.nextOf[o]!)
          working += orders.leavesLots(o);
        const left = world.keeper.lots(0, Owner.Scalper) * sign;
        assert.ok(left >= 0 && working <= left, `${working} at work against ${left}`);
        assert.equal(left + closed, 500);
      }
      assert.ok(closed > 0);
    }
  });

  it('never spends more than the budget, and leaves the reserve to exits', () => {
    const world = new World({ ...LIMITS, maxPositionNotional: 1e9, maxGrossNotional: 1e9 });
    const random = new SeededRandom(4);
    let opened = 0;
    let price = 0;
    const seconds = 30;
    for (let ms = 0; ms < seconds * 1000; ms += random.int(10)) {
      world.at(NOW_MS + ms);
      price = (price + 1) % 90;
      if (world.check({ priceTicks: MID + price }) === Verdict.PASS) opened += 1;
      assert.ok(world.gate.tokens >= LIMITS.orderReserve - 1);
    }
    const most = LIMITS.orderBurst - LIMITS.orderReserve + seconds * LIMITS.ordersPerSecond;
    assert.ok(opened <= most + 1 && opened > most * 0.9, `${opened} of ${most}`);
  });

  it('a lesser state never lets more through', () => {
    const random = new SeededRandom(8);
    const order = [TradingState.Armed, TradingState.Reducing, TradingState.Halted];
    for (let i = 0; i < 500; i++) {
      const owner = 1 + random.int(3);
      const wish: Wish = {
        owner,
        purpose: random.int(12),
        side: random.int(2) === 0 ? 1 : -1,
        reduceOnly: random.int(2) === 0,
      };
      const held = random.int(3) === 0 ? 0 : (random.int(2) === 0 ? 1 : -1) * 200;
      let before = true;
      for (const state of order) {
        const world = new World();
        if (held !== 0) world.hold(owner, held);
        world.arm(state);
        const passes = world.check(wish) === Verdict.PASS;
        assert.ok(before || !passes, `${JSON.stringify(wish)} in ${state}`);
        before = passes;
      }
    }
  });
});

function worstLots(world: World, instrument: number): number {
  const { orders } = world;
  let buys = 0;
  let sells = 0;
  for (let o = orders.firstOf[instrument]!; o >= 0; o = orders.nextOf[o]!) {
    // Exits are bounded by what their owner holds, not by the position limit.
    if (isExitPurpose(orders.purpose[o]!)) continue;
    if (orders.side[o]! > 0) buys += orders.leavesLots(o);
    else sells += orders.leavesLots(o);
  }
  const position = world.keeper.totalLots(instrument);
  return Math.max(position + buys, sells - position, 0);
}

function countOf(world: World, instrument: number): number {
  let count = 0;
  for (let o = world.orders.firstOf[instrument]!; o >= 0; o = world.orders.nextOf[o]!) count += 1;
  return count;
}

function exitsOf(world: World, instrument: number): number {
  let count = 0;
  for (let o = world.orders.firstOf[instrument]!; o >= 0; o = world.orders.nextOf[o]!) {
    if (isExitPurpose(world.orders.purpose[o]!)) count += 1;
  }
  return count;
}
