/**
 * exchange-matching: for any sequence of orders, cancels and amendments of three accounts
 *
 * - the exchange does what a slow, obvious matching engine does, execution by execution;
 * - a book is never crossed, and no order fills more than its size;
 * - wallet = start + Σ realised − Σ fees for every account, to the last unit, from its events;
 * - what one account buys another sells: positions sum to zero, and so do PnL and open value;
 * - reduce-only orders never open or turn a position.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { ExchangeCore } from '../../engine/exchange/core/exchange-core.ts';
import type { OrderRequest, SelfTradeMode } from '../../engine/exchange/core/orders.ts';
import { limit, quietCore } from '../unit/engine/exchange/support.ts';

const ACCOUNTS = ['a', 'b', 'c'];

interface Command {
  readonly kind: 'place' | 'cancel' | 'modify';
  readonly who: number;
  readonly side: 1 | -1;
  readonly ticks: number;
  readonly lots: number;
  readonly style: 'GTC' | 'IOC' | 'FOK' | 'GTX' | 'MARKET';
  readonly mode: SelfTradeMode;
  readonly pick: number;
  readonly isReduceOnly: boolean;
}

const command: fc.Arbitrary<Command> = fc.record({
  kind: fc.constantFrom('place', 'place', 'place', 'cancel', 'modify'),
  who: fc.integer({ min: 0, max: 2 }),
  side: fc.constantFrom<1 | -1>(1, -1),
  ticks: fc.integer({ min: 995, max: 1005 }),
  lots: fc.integer({ min: 60, max: 400 }),
  style: fc.constantFrom('GTC', 'GTC', 'GTC', 'IOC', 'FOK', 'GTX', 'MARKET'),
  mode: fc.constantFrom<SelfTradeMode>('EXPIRE_MAKER', 'EXPIRE_TAKER', 'EXPIRE_BOTH'),
  pick: fc.nat(20),
  isReduceOnly: fc.boolean(),
});

/** One order of the slow engine. */
interface SlowOrder {
  readonly id: string;
  readonly who: number;
  readonly side: 1 | -1;
  readonly style: Command['style'];
  readonly mode: SelfTradeMode;
  ticks: number;
  lots: number;
  executed: number;
  /** Place in time: larger is later. */
  turn: number;
  isOpen: boolean;
}

/** Price–time priority by scanning everything, each time. */
class SlowEngine {
  readonly log: string[] = [];
  readonly orders: SlowOrder[] = [];
  #turn = 0;

  resting(): SlowOrder[] {
    return this.orders.filter((order) => order.isOpen);
  }

  #best(side: 1 | -1, limitTicks: number): SlowOrder | undefined {
    return this.resting()
      .filter((order) => order.side === side && -side * (limitTicks - order.ticks) >= 0)
      .toSorted((x, y) => side * (y.ticks - x.ticks) || x.turn - y.turn)[0];
  }

  place(id: string, command: Command): number {
    const { who, side, style, mode, lots } = command;
    const isMarket = style === 'MARKET';
    const ticks = isMarket ? (side === 1 ? 1e9 : 0) : command.ticks;
    const opposite: 1 | -1 = side === 1 ? -1 : 1;
    if (style === 'GTX' && this.#best(opposite, ticks) !== undefined) return -5022;
    if (style === 'FOK' && this.#available(who, opposite, ticks) < lots) return -5021;
    const order = { id, who, side, style, mode, ticks, lots, executed: 0, turn: 0, isOpen: false };
    this.log.push(`${id} NEW`);
    this.#match(order);
    this.orders.push(order);
    return 0;
  }

  #available(who: number, side: 1 | -1, limitTicks: number): number {
    return this.resting()
      .filter((o) => o.side === side && o.who !== who && -side * (limitTicks - o.ticks) >= 0)
      .reduce((sum, o) => sum + o.lots - o.executed, 0);
  }

  #match(order: SlowOrder): void {
    const opposite: 1 | -1 = order.side === 1 ? -1 : 1;
    while (order.executed < order.lots) {
      const maker = this.#best(opposite, order.ticks);
      if (maker === undefined) break;
      if (maker.who === order.who) {
        if (order.mode !== 'EXPIRE_TAKER') this.#end(maker, 'EXPIRED_IN_MATCH 1');
        if (order.mode === 'EXPIRE_MAKER') continue;
        const isImmediate = order.style === 'IOC' || order.style === 'MARKET';
        this.log.push(`${order.id} EXPIRED_IN_MATCH ${isImmediate ? 3 : 1}`);
        return;
      }
      const fill = Math.min(order.lots - order.executed, maker.lots - maker.executed);
      maker.executed += fill;
      order.executed += fill;
      if (maker.executed === maker.lots) maker.isOpen = false;
      this.log.push(`${maker.id} ${fill}@${maker.ticks}`, `${order.id} ${fill}@${maker.ticks}`);
    }
    if (order.executed < order.lots) this.#leave(order);
  }

  /** Rests or expires what was not filled. */
  #leave(order: SlowOrder): void {
    if (order.style === 'MARKET') this.log.push(`${order.id} EXPIRED 9`);
    else if (order.style === 'IOC' || order.style === 'FOK') {
      this.log.push(`${order.id} EXPIRED 2`);
    } else {
      order.isOpen = true;
      order.turn = this.#turn++;
    }
  }

  #end(order: SlowOrder, text: string): void {
    order.isOpen = false;
    this.log.push(`${order.id} ${text}`);
  }

  cancel(order: SlowOrder): void {
    this.#end(order, 'CANCELED 0');
  }

  modify(order: SlowOrder, ticks: number, lots: number): void {
    const opposite: 1 | -1 = order.side === 1 ? -1 : 1;
    if (order.executed > 0 && lots <= order.executed) return this.cancel(order);
    if (order.style === 'GTX' && this.#best(opposite, ticks) !== undefined) {
      return this.cancel(order);
    }
    order.isOpen = false;
    order.ticks = ticks;
    order.lots = lots;
    this.log.push(`${order.id} AMENDMENT`);
    this.#match(order);
  }
}

function requestOf(id: string, item: Command, isReduceOnly: boolean): OrderRequest {
  const isMarket = item.style === 'MARKET';
  return limit(id, item.side, isMarket ? 0 : item.ticks, item.lots, {
    type: isMarket ? 'MARKET' : 'LIMIT',
    timeInForce: item.style === 'MARKET' ? 'IOC' : item.style,
    selfTradeMode: item.mode,
    isReduceOnly,
  });
}

function openOrder(core: ExchangeCore, id: string) {
  for (const account of core.accounts.values()) {
    const order = account.openByClientId.get(id);
    if (order !== undefined) return order;
  }
  throw new Error(`${id} is not open`);
}

function checkBook(core: ExchangeCore): void {
  const book = core.markets[0]?.book;
  assert.ok(book !== undefined);
  const bid = book.bids.best();
  const ask = book.asks.best();
  if (bid !== null && ask !== null) assert.ok(bid.priceTicks < ask.priceTicks, 'book is crossed');
  for (const side of [book.bids, book.asks]) {
    for (let depth = 0; depth < side.levelCount; depth++) {
      const level = side.at(depth);
      assert.ok(level !== null);
      let lots = 0;
      let count = 0;
      for (let order = level.head; order !== null; order = order.next) {
        lots += order.lots;
        count += 1;
      }
      assert.deepEqual([level.lots, level.count], [lots, count]);
    }
  }
}

function checkMoney(core: ExchangeCore, bench: ReturnType<typeof quietCore>): void {
  const sums = new Map(ACCOUNTS.map((id) => [id, { realised: 0n, fees: 0n, lots: 0 }]));
  for (const execution of bench.executions) {
    const sum = sums.get(execution.order.account.id);
    assert.ok(sum !== undefined);
    sum.realised += execution.realisedE8;
    sum.fees += execution.feeE8;
    if (execution.tradeId !== 0) sum.lots += execution.order.request.side * execution.lastLots;
    assert.ok(execution.executedLots <= execution.totalLots, 'overfilled');
  }
  let open = 0;
  let total = 0n;
  for (const account of core.accounts.values()) {
    const sum = sums.get(account.id);
    assert.ok(sum !== undefined);
    assert.equal(account.walletE8, account.startWalletE8 + sum.realised - sum.fees);
    const position = account.position(0);
    assert.equal(position.lots, sum.lots, 'position is the sum of the fills');
    open += position.lots;
    // Cash paid out is open cost less realised PnL; over all accounts it cancels.
    total += account.realisedE8 - (position.lots > 0 ? 1n : -1n) * position.costE8;
  }
  assert.equal(open, 0);
  assert.equal(total, 0n, 'what one pays another gets');
}

describe('exchange matching, any sequence', () => {
  it('equals a slow reference engine', () => {
    fc.assert(
      fc.property(fc.array(command, { minLength: 1, maxLength: 60, size: 'max' }), (commands) => {
        const bench = quietCore();
        const { core } = bench;
        const accounts = ACCOUNTS.map((id) => core.openAccount(id));
        const slow = new SlowEngine();
        commands.forEach((item, index) => {
          const open = slow.resting();
          const picked = open[item.pick % Math.max(1, open.length)];
          if (item.kind === 'place') {
            const id = `o${index}`;
            const account = accounts[item.who];
            assert.ok(account !== undefined);
            const { code } = core.place(account, requestOf(id, item, false));
            assert.equal(code, slow.place(id, item));
          } else if (picked !== undefined && item.kind === 'cancel') {
            assert.equal(core.cancel(openOrder(core, picked.id)), 0);
            slow.cancel(picked);
          } else if (picked !== undefined) {
            const order = openOrder(core, picked.id);
            const { code } = core.modify(order, item.ticks, item.lots, '');
            if (code === 0) slow.modify(picked, item.ticks, item.lots);
            else assert.equal(code, -5027);
          }
          checkBook(core);
        });
        const fast = bench.executions.map((e) => {
          if (e.exec === 'TRADE') return `${e.order.clientId} ${e.lastLots}@${e.lastTicks}`;
          if (e.exec === 'NEW' || e.exec === 'AMENDMENT') return `${e.order.clientId} ${e.exec}`;
          return `${e.order.clientId} ${e.status} ${e.expiryReason}`;
        });
        assert.deepEqual(fast, slow.log);
        checkMoney(core, bench);
      }),
      { numRuns: 300, seed: 20_261_122 },
    );
  });

  it('keeps money and reduce-only exact with reduce-only orders among the rest', () => {
    fc.assert(
      fc.property(fc.array(command, { minLength: 1, maxLength: 80, size: 'max' }), (commands) => {
        const bench = quietCore();
        const { core } = bench;
        const accounts = ACCOUNTS.map((id) => core.openAccount(id));
        let read = 0;
        const held = new Map(ACCOUNTS.map((id) => [id, 0]));
        commands.forEach((item, index) => {
          const account = accounts[item.who];
          assert.ok(account !== undefined);
          const open = [...account.open.values()];
          const picked = open[item.pick % Math.max(1, open.length)];
          if (item.kind === 'place') {
            core.place(account, requestOf(`o${index}`, item, item.isReduceOnly));
          } else if (picked !== undefined && item.kind === 'cancel') core.cancel(picked);
          else if (picked !== undefined) core.modify(picked, item.ticks, item.lots, '');
          for (; read < bench.executions.length; read++) {
            const execution = bench.executions[read];
            assert.ok(execution !== undefined);
            if (execution.tradeId === 0) continue;
            const id = execution.order.account.id;
            const before = held.get(id) as number;
            const after = before + execution.order.request.side * execution.lastLots;
            held.set(id, after);
            if (!execution.order.request.isReduceOnly) continue;
            assert.ok(Math.abs(after) < Math.abs(before) && before * after >= 0, 'reduces only');
          }
          checkBook(core);
        });
        checkMoney(core, bench);
      }),
      { numRuns: 300, seed: 20_261_123 },
    );
  });
});
