/**
 * The risk gate: each control denies its own breach and nothing else; exits face only their own.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Market } from '../../../../engine/domain/market.ts';
import { BookState, Owner, TradingState } from '../../../../engine/domain/modes.ts';
import { OrderState, Purpose } from '../../../../engine/domain/order.ts';
import { Verdict, type VerdictName } from '../../../../engine/domain/verdict.ts';
import { Pnl } from '../../../../engine/portfolio/pnl.ts';
import { HealthBit, RiskClock, RiskContext, RiskFlag } from '../../../../engine/risk/context.ts';
import { RiskGate } from '../../../../engine/risk/gate.ts';
import {
  LIMIT_SCHEMA,
  Limit,
  Limits,
  type LimitValues,
  simLimitValues,
} from '../../../../engine/risk/limits.ts';
import { MID, NOW_MS, type Wish, World } from './fixtures.ts';

const STOP: Wish = { purpose: Purpose.Stop, side: -1, reduceOnly: true };

describe('gate: opening orders', () => {
  interface Case {
    readonly name: string;
    readonly limits?: LimitValues;
    readonly breach?: (world: World) => void;
    readonly wish?: Wish;
    readonly verdict: VerdictName;
  }
  const cases: readonly Case[] = [
    { name: 'all in order', verdict: 'PASS' },
    { name: 'no size', wish: { lots: 0 }, verdict: 'VENUE_FILTER' },
    { name: 'size that is no number', wish: { lots: NaN }, verdict: 'VENUE_FILTER' },
    { name: 'half a lot', wish: { lots: 50.5 }, verdict: 'VENUE_FILTER' },
    { name: 'beyond the venue size', wish: { lots: 900_001 }, verdict: 'VENUE_FILTER' },
    { name: 'below the venue notional', wish: { lots: 49 }, verdict: 'VENUE_FILTER' },
    { name: 'no price', wish: { priceTicks: 0 }, verdict: 'VENUE_FILTER' },
    { name: 'order size', limits: { maxOrderLots: 99 }, verdict: 'ORDER_SIZE' },
    { name: 'order notional', limits: { maxOrderNotional: 9.99 }, verdict: 'ORDER_NOTIONAL' },
    {
      name: 'order notional cannot be cheated by a low price',
      limits: { maxOrderNotional: 9.99, collarBp: 10_000 },
      wish: { priceTicks: 5000 },
      verdict: 'ORDER_NOTIONAL',
    },
    { name: 'price above the collar', wish: { priceTicks: MID + 101 }, verdict: 'PRICE_COLLAR' },
    { name: 'price below the collar', wish: { priceTicks: MID - 101 }, verdict: 'PRICE_COLLAR' },
    {
      name: 'collar against the last trade',
      breach: (w) => (w.markets[0]![Market.LastTradeTicks] = MID - 150),
      verdict: 'PRICE_COLLAR',
    },
    {
      name: 'collar against the mark',
      breach: (w) => (w.markets[0]![Market.MarkTicks] = MID + 150),
      verdict: 'PRICE_COLLAR',
    },
    {
      name: 'no last trade',
      breach: (w) => (w.markets[0]![Market.LastTradeTicks] = 0),
      verdict: 'REFERENCE_MISSING',
    },
    {
      name: 'old last trade',
      limits: { maxLastAgeMs: 1000 },
      breach: (w) => (w.markets[0]![Market.LastTradeNs] = (NOW_MS - 1001) * 1e6),
      verdict: 'REFERENCE_MISSING',
    },
    {
      name: 'no mark',
      breach: (w) => (w.markets[0]![Market.MarkTicks] = 0),
      verdict: 'REFERENCE_MISSING',
    },
    {
      name: 'no mark where none is needed',
      limits: { collarReferences: 3 },
      breach: (w) => (w.markets[0]![Market.MarkTicks] = 0),
      verdict: 'PASS',
    },
    {
      name: 'invalid market',
      breach: (w) => (w.markets[0]![Market.Valid] = 0),
      verdict: 'REFERENCE_MISSING',
    },
    {
      name: 'book not synced',
      breach: (w) => (w.markets[0]![Market.BookState] = BookState.Buffering),
      verdict: 'FEED_NOT_SYNCED',
    },
    { name: 'feed stale', breach: (w) => (w.context.stale[0] = 2), verdict: 'STALE_DATA' },
    {
      name: 'data old',
      breach: (w) => (w.context.clock[RiskClock.NowNs] = (NOW_MS + 2001) * 1e6),
      verdict: 'STALE_DATA',
    },
    {
      name: 'loop late',
      breach: (w) => (w.context.clock[RiskClock.LoopLagNs] = 51e6),
      verdict: 'LOOP_LAG',
    },
    {
      name: 'position limit',
      limits: { maxPositionNotional: 50 },
      breach: (w) => w.hold(Owner.Scalper, 401),
      verdict: 'POSITION_LIMIT',
    },
    {
      name: 'position limit counts working orders',
      limits: { maxPositionNotional: 50 },
      breach: (w) => void w.working({ lots: 500, filled: 99 }),
      verdict: 'POSITION_LIMIT',
    },
    {
      name: 'position limit lets the other side pass',
      limits: { maxPositionNotional: 50 },
      breach: (w) => w.hold(Owner.Scalper, 500),
      wish: { side: -1 },
      verdict: 'PASS',
    },
    {
      name: 'gross notional over all instruments',
      limits: { maxGrossNotional: 50 },
      breach: (w) => w.hold(Owner.Scalper, -401, 1),
      verdict: 'GROSS_NOTIONAL',
    },
    {
      name: 'open orders of the instrument',
      limits: { maxOpenOrders: 1 },
      breach: (w) => void w.working({}),
      verdict: 'OPEN_ORDERS',
    },
    {
      name: 'open orders of all',
      limits: { maxOpenOrdersAccount: 1 },
      breach: (w) => void w.working({ instrument: 1 }),
      verdict: 'OPEN_ORDERS',
    },
    {
      name: 'own order on the other side',
      breach: (w) => void w.working({ side: -1, priceTicks: MID }),
      verdict: 'SELF_MATCH',
    },
    {
      name: 'own order on the other side, out of reach',
      breach: (w) => void w.working({ side: -1, priceTicks: MID + 1 }),
      verdict: 'PASS',
    },
    {
      name: 'position of another owner the other way',
      breach: (w) => w.hold(Owner.Quoter, -1),
      verdict: 'OTHER_OWNER',
    },
    {
      name: 'position of another owner the same way',
      breach: (w) => w.hold(Owner.Quoter, 1),
      verdict: 'PASS',
    },
    {
      name: 'resting order of another owner the other way',
      breach: (w) => void w.working({ owner: Owner.Quoter, side: -1, priceTicks: MID + 50 }),
      verdict: 'OTHER_OWNER',
    },
    {
      name: 'the same, but its cancel has been sent',
      breach: (w) =>
        void w.working({ owner: Owner.Quoter, side: -1, state: OrderState.PendingCancel }),
      verdict: 'PASS',
    },
    {
      name: 'order of unknown outcome on the instrument',
      breach: (w) => void w.working({ state: OrderState.Unknown }),
      verdict: 'UNKNOWN_ORDER',
    },
    {
      name: 'order of unknown outcome on another instrument',
      breach: (w) => void w.working({ instrument: 1, state: OrderState.Unknown }),
      verdict: 'PASS',
    },
    {
      name: 'loss of the day',
      breach: (w) => (w.pnl.fields[Pnl.DayE8] = -2000e8 - 1),
      verdict: 'DAILY_LOSS',
    },
    {
      name: 'fall from the peak',
      breach: (w) => (w.pnl.fields[Pnl.DrawdownE8] = 2000e8 + 1),
      verdict: 'DAILY_LOSS',
    },
    {
      name: 'fees of the day',
      breach: (w) => (w.pnl.fields[Pnl.DayFeesE8] = 5000e8 + 1),
      verdict: 'DAILY_LOSS',
    },
  ];
  for (const { name, limits, breach, wish, verdict } of cases) {
    it(name, () => {
      const world = new World(limits);
      breach?.(world);
      assert.equal(world.check(wish), Verdict[verdict]);
      assert.equal(world.gate.denials[Verdict[verdict]], 1);
    });
  }

  const health: readonly [keyof typeof HealthBit, VerdictName][] = [
    ['Fence', 'FENCE'],
    ['OrderSocketDown', 'SOCKET_BUSY'],
    ['UserStreamDown', 'UNKNOWN_ORDER'],
    ['MarketSocketDown', 'STALE_DATA'],
    ['JournalFailed', 'JOURNAL_LOSS'],
    ['JournalRingFull', 'JOURNAL_LOSS'],
    ['LeaseLost', 'LEASE_LOST'],
    ['SocketBusy', 'SOCKET_BUSY'],
    ['ClockSkew', 'CLOCK_SKEW'],
    ['VenueBudgetLow', 'VENUE_BUDGET'],
  ];
  for (const [bit, verdict] of health) {
    it(`health: ${bit}`, () => {
      const world = new World();
      world.context.flags[RiskFlag.Health] = HealthBit[bit];
      assert.equal(world.check(), Verdict[verdict]);
    });
  }

  it('names the orders that stand in the way of another owner', () => {
    const world = new World();
    const quote = world.working({ owner: Owner.Quoter, side: -1, priceTicks: MID + 50 });
    world.working({ owner: Owner.Quoter, side: 1 });
    assert.equal(world.check(), Verdict.OTHER_OWNER);
    assert.equal(world.gate.blockerCount, 1);
    assert.equal(world.gate.blockers[0], quote);
    world.orders.state[quote] = OrderState.PendingCancel;
    assert.equal(world.check(), Verdict.PASS);
  });

  it('denies everything that opens while any limit is unset', () => {
    for (const { name } of LIMIT_SCHEMA) {
      const world = new World();
      const { [name]: _unset, ...rest } = simLimitValues();
      const gate = new RiskGate({
        instruments: world.instruments,
        limits: new Limits(2, rest),
        context: world.context,
      });
      world.hold(Owner.Hand, 100);
      Object.assign(world, { gate });
      assert.equal(world.check(), Verdict.LIMIT_UNSET, name);
      const close: Wish = { ...STOP, owner: Owner.Hand, purpose: Purpose.Flatten };
      assert.equal(world.check(close), Verdict.PASS, `${name}: exits pass`);
    }
  });

  it('starts by denying: nothing armed, ladder locked, feeds stale', () => {
    const world = new World();
    const { markets, positions, pnl, orders } = world.context;
    const { instruments } = world;
    const context = new RiskContext({ instruments, markets, positions, pnl, orders });
    const limits = new Limits(2, simLimitValues());
    Object.assign(world, {
      gate: new RiskGate({ instruments: world.instruments, limits, context }),
    });
    assert.equal(world.check(), Verdict.STATE_FORBIDS);
    assert.equal(
      world.check({ purpose: Purpose.Manual, owner: Owner.Hand }),
      Verdict.LADDER_LOCKED,
    );
  });
});

describe('gate: duplicates, budgets, throttles', () => {
  it('an equal order within the window is denied; another price, side or later time is not', () => {
    const world = new World({ duplicateWindowMs: 100 });
    assert.equal(world.check(), Verdict.PASS);
    assert.equal(world.check(), Verdict.DUPLICATE);
    assert.equal(world.check({ priceTicks: MID + 1 }), Verdict.PASS);
    assert.equal(world.check({ side: -1 }), Verdict.PASS);
    assert.equal(world.check({ instrument: 1 }), Verdict.PASS);
    assert.equal(world.check({ lots: 101 }), Verdict.PASS);
    world.at(NOW_MS + 101);
    assert.equal(world.check(), Verdict.PASS);
  });

  it('the budget refills with time and keeps its reserve for exits', () => {
    const limits = { ordersPerSecond: 10, orderBurst: 5, orderReserve: 2, duplicateWindowMs: 0 };
    const world = new World(limits);
    world.hold(Owner.Scalper, 10_000);
    let price = MID;
    const verdicts = [0, 0, 0, 0].map(() => world.check({ priceTicks: ++price }));
    assert.deepEqual(verdicts, [Verdict.PASS, Verdict.PASS, Verdict.PASS, Verdict.RATE_BUDGET]);
    assert.equal(world.check(STOP), Verdict.PASS);
    assert.equal(world.check(STOP), Verdict.PASS);
    assert.equal(world.check(STOP), Verdict.RATE_BUDGET);
    for (let i = 0; i < 100; i++) assert.equal(world.cancel(), Verdict.PASS);
    world.at(NOW_MS + 300);
    assert.equal(world.check({ priceTicks: ++price }), Verdict.PASS);
    assert.equal(world.check({ priceTicks: ++price }), Verdict.RATE_BUDGET);
  });

  it('too many opening fills of one side latch the instrument until a person resets it', () => {
    const world = new World({ repeatFills: 3, repeatWindowMs: 1000 });
    world.gate.onFill(0, Purpose.Entry, 1);
    world.gate.onFill(0, Purpose.Stop, 1);
    world.gate.onFill(0, Purpose.Quote, -1);
    world.gate.onFill(0, Purpose.Quote, 1);
    assert.equal(world.check(), Verdict.PASS);
    world.gate.onFill(0, Purpose.Entry, 1);
    world.at(NOW_MS + 3_600_000);
    assert.equal(world.check(), Verdict.REPEATED_EXECUTION);
    assert.equal(world.check({ instrument: 1 }), Verdict.PASS);
    world.hold(Owner.Scalper, 100);
    assert.equal(world.check(STOP), Verdict.PASS);
    world.gate.resetLatch(0);
    assert.equal(world.check({ priceTicks: MID + 1 }), Verdict.PASS);
  });

  it('slow fills do not latch', () => {
    const world = new World({ repeatFills: 3, repeatWindowMs: 1000 });
    for (let i = 0; i < 20; i++) {
      world.at(NOW_MS + i * 600);
      world.gate.onFill(0, Purpose.Entry, 1);
    }
    assert.equal(world.gate.latched[0], 0);
  });
});

describe('gate: what it asks core to do', () => {
  it('abnormal rejects halt, routine ones do not', () => {
    const world = new World({ maxRejects: 3, rejectWindowMs: 1000 });
    for (let i = 0; i < 9; i++) world.gate.onState(OrderState.Rejected, -5022);
    assert.equal(world.gate.watch(), -1);
    for (let i = 0; i < 3; i++) world.gate.onState(OrderState.Rejected, -2019);
    assert.equal(world.gate.watch(), TradingState.Halted);
    assert.equal(world.gate.requestReason, Verdict.REJECT_RATE);
    world.gate.forgetTroubles();
    assert.equal(world.gate.watch(), -1);
  });

  it('unknown outcomes halt', () => {
    const world = new World({ maxUnknowns: 2, rejectWindowMs: 1000 });
    world.gate.onState(OrderState.Unknown, 0);
    assert.equal(world.gate.watch(), -1);
    world.gate.onState(OrderState.Unknown, 0);
    assert.equal(world.gate.watch(), TradingState.Halted);
    assert.equal(world.gate.requestReason, Verdict.UNKNOWN_ORDER);
  });

  it('a loss of the day, and a journal that loses records, reduce', () => {
    const world = new World();
    world.pnl.fields[Pnl.DayE8] = -2001e8;
    assert.equal(world.gate.watch(), TradingState.Reducing);
    world.pnl.fields[Pnl.DayE8] = 0;
    world.context.flags[RiskFlag.Health] = HealthBit.JournalRingFull;
    assert.equal(world.gate.watch(), TradingState.Reducing);
    assert.equal(world.gate.requestReason, Verdict.JOURNAL_LOSS);
  });
});

describe('gate: exits', () => {
  const blind: readonly [string, (world: World) => void][] = [
    ['stale data', (w) => w.context.stale.fill(9)],
    ['no market', (w) => w.markets[0]!.fill(0)],
    ['a late loop', (w) => (w.context.clock[RiskClock.LoopLagNs] = 1e12)],
    ['a loss beyond the limit', (w) => (w.pnl.fields[Pnl.DayE8] = -1e15)],
    ['a latched instrument', (w) => (w.gate.latched[0] = 1)],
    ['a lost lease', (w) => (w.context.flags[RiskFlag.Health] = HealthBit.LeaseLost)],
    ['a full journal', (w) => (w.context.flags[RiskFlag.Health] = HealthBit.JournalFailed)],
    ['another owner the other way', (w) => w.hold(Owner.Hand, -50)],
    ['an unknown entry', (w) => void w.working({ state: OrderState.Unknown })],
  ];
  for (const [name, breach] of blind) {
    it(`are not stopped by ${name}`, () => {
      const world = new World();
      world.hold(Owner.Scalper, 100);
      breach(world);
      assert.equal(world.check(STOP), Verdict.PASS);
    });
  }

  it('are stopped by the fence, and by an order socket that is down', () => {
    const world = new World();
    world.hold(Owner.Scalper, 100);
    world.context.flags[RiskFlag.Health] = HealthBit.Fence;
    assert.equal(world.check(STOP), Verdict.FENCE);
    world.context.flags[RiskFlag.Health] = HealthBit.OrderSocketDown;
    assert.equal(world.check(STOP), Verdict.SOCKET_BUSY);
  });

  it('close no more than the owner holds, working exits counted', () => {
    const world = new World();
    assert.equal(world.check(STOP), Verdict.REDUCE_ONLY_SIZE, 'nothing held');
    world.hold(Owner.Scalper, 100);
    assert.equal(world.check({ ...STOP, side: 1 }), Verdict.REDUCE_ONLY_SIZE, 'wrong side');
    assert.equal(world.check({ ...STOP, lots: 101 }), Verdict.REDUCE_ONLY_SIZE);
    const target = world.working({ purpose: Purpose.Target, side: -1, lots: 60, reduceOnly: true });
    assert.equal(world.check({ ...STOP, lots: 41 }), Verdict.REDUCE_ONLY_SIZE);
    assert.equal(world.check({ ...STOP, lots: 40 }), Verdict.PASS);
    world.orders.state[target] = OrderState.PendingCancel;
    assert.equal(world.check({ ...STOP, lots: 100 }), Verdict.PASS, 'its cancel goes first');
  });

  it('wait for the cancel where another owner holds the same side', () => {
    const world = new World();
    world.hold(Owner.Scalper, 100);
    world.hold(Owner.Hand, 100);
    world.working({
      purpose: Purpose.Target,
      side: -1,
      lots: 60,
      reduceOnly: true,
      state: OrderState.PendingCancel,
    });
    assert.equal(world.check({ ...STOP, lots: 100 }), Verdict.REDUCE_ONLY_SIZE);
  });

  it('wait for an exit of unknown outcome', () => {
    const world = new World();
    world.hold(Owner.Scalper, 100);
    world.working({
      purpose: Purpose.Stop,
      side: -1,
      lots: 100,
      reduceOnly: true,
      state: OrderState.Unknown,
    });
    assert.equal(world.check(STOP), Verdict.UNKNOWN_ORDER);
  });

  it('face the size filters of the venue but not its least notional', () => {
    const world = new World();
    world.hold(Owner.Scalper, 100);
    assert.equal(world.check({ ...STOP, lots: 1 }), Verdict.PASS);
    assert.equal(world.check({ ...STOP, lots: 0 }), Verdict.VENUE_FILTER);
  });
});

describe('limits', () => {
  it('refuses unknown names, wrong values and account limits per instrument', () => {
    assert.throws(() => new Limits(1, { maxFun: 1 }), { code: 'config/invalid' });
    assert.throws(() => new Limits(1, { collarBp: -1 }), { code: 'config/invalid' });
    assert.throws(() => new Limits(1, { collarBp: Infinity }), { code: 'config/invalid' });
    assert.throws(() => new Limits(1, {}, [{ maxDayLoss: 1 }]), { code: 'config/invalid' });
  });

  it('takes a value per instrument before the common one', () => {
    const limits = new Limits(2, { collarBp: 10 }, [undefined, { collarBp: 20 }]);
    assert.equal(limits.of(0, Limit.CollarBp), 10);
    assert.equal(limits.of(1, Limit.CollarBp), 20);
    assert.equal(limits.unset[0], 1);
    assert.ok(!limits.unsetNames(0).includes('collarBp'));
  });

  it('numbers and schema agree', () => {
    for (const [name, index] of Object.entries(Limit)) {
      const schema = LIMIT_SCHEMA[index].name;
      assert.equal(schema, name[0]!.toLowerCase() + name.slice(1));
    }
    assert.equal(new Limits(1, simLimitValues()).unset[0], 0);
  });
});
