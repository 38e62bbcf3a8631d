/** matching: priority, times in force, self-matches, reduce-only, amendments, deadlines. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Account } from '../../../../engine/exchange/core/account.ts';
import { ExpiryReason } from '../../../../engine/exchange/core/orders.ts';
import type { Bench } from './support.ts';
import { limit, marketOrder, placed, quietCore } from './support.ts';

const BUY = 1;
const SELL = -1;

/** A core in which account `b` is long 100 lots. */
function longBench(): Bench & { b: Account } {
  const bench = quietCore();
  const a = bench.core.openAccount('a');
  const b = bench.core.openAccount('b');
  placed(bench.core, a, limit('m', SELL, 1000, 100));
  placed(bench.core, b, marketOrder('open', BUY, 100));
  bench.seen();
  return { ...bench, b };
}

describe('exchange matching', () => {
  it('fills the better price first, then the older order, at the maker price', () => {
    const { core, seen } = quietCore();
    const a = core.openAccount('a');
    const b = core.openAccount('b');
    placed(core, a, limit('late', SELL, 1002, 100));
    placed(core, a, limit('first', SELL, 1001, 100));
    placed(core, a, limit('second', SELL, 1001, 100));
    seen();
    placed(core, b, limit('taker', BUY, 1005, 250));
    assert.deepEqual(seen(), [
      'taker NEW/NEW',
      'first TRADE/FILLED 100@1001',
      'taker TRADE/PARTIALLY_FILLED 100@1001',
      'second TRADE/FILLED 100@1001',
      'taker TRADE/PARTIALLY_FILLED 100@1001',
      'late TRADE/PARTIALLY_FILLED 50@1002',
      'taker TRADE/FILLED 50@1002',
    ]);
  });

  it('announces one aggregate trade per price and the touch once per operation', () => {
    const trades: string[] = [];
    let touches = 0;
    const { core } = quietCore({
      onTrade: (_market, t) => {
        trades.push(
          `${t.lots}@${t.priceTicks} ${t.lastTradeId - t.firstTradeId} ${t.isBuyerMaker}`,
        );
      },
      onTouch: () => {
        touches += 1;
      },
    });
    const a = core.openAccount('a');
    const b = core.openAccount('b');
    placed(core, a, limit('1', SELL, 1001, 100));
    placed(core, a, limit('2', SELL, 1001, 100));
    placed(core, a, limit('3', SELL, 1002, 100));
    touches = 0;
    placed(core, b, marketOrder('t', BUY, 250));
    assert.deepEqual(trades, ['200@1001 1 false', '50@1002 0 false']);
    assert.equal(touches, 1);
  });

  it('expires what IOC and MARKET orders leave', () => {
    const { core, seen } = quietCore();
    const a = core.openAccount('a');
    const b = core.openAccount('b');
    placed(core, a, limit('m', SELL, 1001, 60));
    seen();
    placed(core, b, limit('i', BUY, 1001, 100, { timeInForce: 'IOC' }));
    assert.deepEqual(seen().slice(2), [
      'i TRADE/PARTIALLY_FILLED 60@1001',
      'i EXPIRED/EXPIRED er2',
    ]);
    placed(core, b, marketOrder('k', BUY, 100));
    assert.deepEqual(seen(), ['k NEW/NEW', 'k EXPIRED/EXPIRED er9']);
  });

  it('refuses post-only that would take and FOK that cannot fill, without a trace', () => {
    const { core, executions } = quietCore();
    const a = core.openAccount('a');
    const b = core.openAccount('b');
    placed(core, a, limit('m', SELL, 1001, 100));
    const before = executions.length;
    assert.equal(core.place(b, limit('x', BUY, 1001, 100, { timeInForce: 'GTX' })).code, -5022);
    assert.equal(core.place(b, limit('f', BUY, 1001, 101, { timeInForce: 'FOK' })).code, -5021);
    assert.equal(executions.length, before);
    assert.equal(b.orders.size, 0);
    placed(core, b, limit('x', BUY, 1000, 100, { timeInForce: 'GTX' }));
    placed(core, b, limit('f', BUY, 1001, 100, { timeInForce: 'FOK' }));
    assert.equal(b.position(0).lots, 100);
  });

  it('prevents self-matches in the three ways, the taker deciding', () => {
    for (const [mode, wanted] of [
      ['EXPIRE_MAKER', ['own EXPIRED/EXPIRED_IN_MATCH er1', 't TRADE/FILLED 100@1001']],
      ['EXPIRE_TAKER', ['t EXPIRED/EXPIRED_IN_MATCH er1']],
      ['EXPIRE_BOTH', ['own EXPIRED/EXPIRED_IN_MATCH er1', 't EXPIRED/EXPIRED_IN_MATCH er1']],
    ] as const) {
      const { core, seen } = quietCore();
      const a = core.openAccount('a');
      const b = core.openAccount('b');
      placed(core, b, limit('own', SELL, 1001, 100));
      placed(core, a, limit('foreign', SELL, 1001, 100));
      seen();
      placed(core, b, limit('t', BUY, 1001, 100, { selfTradeMode: mode }));
      assert.deepEqual(
        seen().filter((text) => !text.startsWith('foreign') && !text.includes('NEW')),
        wanted,
        mode,
      );
    }
  });

  it('gives an IOC taker stopped by self-match reason 3', () => {
    const { core, seen } = quietCore();
    const b = core.openAccount('b');
    placed(core, b, limit('own', SELL, 1001, 100));
    const ioc = limit('t', BUY, 1001, 100, { timeInForce: 'IOC', selfTradeMode: 'EXPIRE_TAKER' });
    placed(core, b, ioc);
    assert.equal(seen().at(-1), 't EXPIRED/EXPIRED_IN_MATCH er3');
  });
});

describe('reduce-only', () => {
  it('is refused when flat, on the wrong side, or when others cover the position', () => {
    const { core, b } = longBench();
    const flat = core.openAccount('flat');
    const reduce = { isReduceOnly: true };
    assert.equal(core.place(flat, limit('x', SELL, 1001, 10, reduce)).code, -2022);
    assert.equal(core.place(b, limit('x', BUY, 999, 10, reduce)).code, -2022);
    placed(core, b, limit('t1', SELL, 1010, 100, reduce));
    assert.equal(core.place(b, limit('t2', SELL, 1011, 10, reduce)).code, -2022);
  });

  it('is shrunk to what the position leaves', () => {
    const { core, executions, b } = longBench();
    placed(core, b, limit('t', SELL, 1010, 150, { isReduceOnly: true }));
    assert.equal(executions.at(-1)?.totalLots, 100);
  });

  it('needs no minimum notional', () => {
    const { core, b } = longBench();
    assert.equal(core.place(b, limit('x', SELL, 1010, 1)).code, -4164);
    placed(core, b, limit('x', SELL, 1010, 1, { isReduceOnly: true }));
  });

  it('knocks out resting targets when a market order closes the position', () => {
    const { core, seen, b } = longBench();
    const a = core.accounts.get('a');
    assert.ok(a !== undefined);
    placed(core, a, limit('bid', BUY, 999, 500));
    placed(core, b, limit('t1', SELL, 1010, 60, { isReduceOnly: true }));
    placed(core, b, limit('t2', SELL, 1020, 40, { isReduceOnly: true }));
    seen();
    placed(core, b, marketOrder('stop', SELL, 50, { isReduceOnly: true }));
    // 50 lots stay: the better-priced target shrinks to them, the other goes.
    assert.deepEqual(seen().slice(2), ['stop TRADE/FILLED 50@999', 't2 EXPIRED/EXPIRED er4']);
    assert.equal(b.openByClientId.get('t1')?.remainingLots, 50);
    placed(core, b, marketOrder('rest', SELL, 50, { isReduceOnly: true }));
    assert.equal(seen().at(-1), 't1 EXPIRED/EXPIRED er4');
    assert.equal(b.position(0).lots, 0);
    assert.equal(b.open.size, 0);
  });
});

describe('modify', () => {
  it('requeues, counts the quantity in full, and keeps ids', () => {
    const { core, seen } = quietCore();
    const a = core.openAccount('a');
    const b = core.openAccount('b');
    placed(core, a, limit('front', SELL, 1001, 100));
    placed(core, b, limit('back', SELL, 1001, 100));
    const front = a.openByClientId.get('front');
    assert.ok(front !== undefined);
    assert.equal(core.modify(front, 1001, 90, '7').code, 0);
    seen();
    placed(core, core.openAccount('c'), marketOrder('t', BUY, 120));
    assert.deepEqual(
      seen().filter((text) => !text.startsWith('t ')),
      ['back TRADE/FILLED 100@1001', 'front TRADE/PARTIALLY_FILLED 20@1001'],
    );
    assert.equal(front.lots, 90);
    assert.equal(front.modifyId, '7');
  });

  it('trades at once when the new price crosses', () => {
    const { core, seen } = quietCore();
    const a = core.openAccount('a');
    const b = core.openAccount('b');
    placed(core, a, limit('ask', SELL, 1005, 100));
    placed(core, b, limit('bid', BUY, 1000, 100));
    const bid = b.openByClientId.get('bid');
    assert.ok(bid !== undefined);
    seen();
    core.modify(bid, 1005, 100, '');
    assert.deepEqual(seen(), [
      'bid AMENDMENT/NEW',
      'ask TRADE/FILLED 100@1005',
      'bid TRADE/FILLED 100@1005',
    ]);
  });

  it('cancels when nothing would be left or a post-only price would cross', () => {
    const { core, seen } = quietCore();
    const a = core.openAccount('a');
    const b = core.openAccount('b');
    placed(core, a, limit('ask', SELL, 1005, 100));
    placed(core, b, limit('part', BUY, 1005, 150));
    placed(core, b, limit('post', BUY, 1000, 100, { timeInForce: 'GTX' }));
    placed(core, a, limit('ask2', SELL, 1006, 100));
    seen();
    const part = b.openByClientId.get('part');
    const post = b.openByClientId.get('post');
    assert.ok(part !== undefined && post !== undefined);
    core.modify(part, 1004, 100, '');
    core.modify(post, 1006, 100, '');
    assert.deepEqual(seen(), ['part CANCELED/CANCELED', 'post CANCELED/CANCELED']);
    assert.equal(part.executedLots, 100);
  });

  it('leaves the order untouched when a filter refuses', () => {
    const { core } = quietCore();
    const a = core.openAccount('a');
    placed(core, a, limit('x', BUY, 1000, 100));
    const order = a.openByClientId.get('x');
    assert.ok(order !== undefined);
    assert.equal(core.modify(order, 1000, 100, '').code, -5027);
    assert.equal(core.modify(order, 1000, 1, '').code, -5029);
    assert.equal(core.modify(order, 1100, 100, '').code, -4016);
    assert.equal(order.modifyCount, 0);
    assert.equal(core.markets[0]?.lotsAt(1, 1000), 100);
  });
});

describe('filters and deadlines', () => {
  it('refuses with the code of each filter', () => {
    const { core } = quietCore();
    const a = core.openAccount('a', 1_000_000_000_000n);
    const code = (request: Parameters<typeof core.place>[1]) => core.place(a, request).code;
    assert.equal(code(limit('x', BUY, 1000, 49)), -4164);
    assert.equal(code(limit('x', BUY, 1051, 50)), -4016);
    assert.equal(code(limit('x', SELL, 949, 60)), -4024);
    assert.equal(code(limit('x', BUY, 100_001, 50)), -4002);
    assert.equal(code(limit('x', BUY, 1000, 1_000_001)), -4005);
    assert.equal(code(marketOrder('x', BUY, 100_001)), -4005);
    // 10,000 USDT at 20 times carry 200,000 USDT: 2,000,000 lots; 21 orders are one too many.
    assert.equal(code(limit('x', BUY, 1000, 1_000_000)), 0);
    assert.equal(code(limit('x', BUY, 1000, 50)), -4116);
    assert.equal(code(limit('y', BUY, 1000, 1_000_000)), 0);
    assert.equal(code(limit('z', BUY, 1000, 1_000)), -2019);
    for (let i = 0; i < 18; i++) assert.equal(code(limit(`s${i}`, SELL, 1010, 50)), 0);
    assert.equal(code(limit('s18', SELL, 1010, 50)), -2025);
  });

  it('accepts a client id again once its order is closed', () => {
    const { core } = quietCore();
    const a = core.openAccount('a');
    placed(core, a, limit('x', BUY, 1000, 100));
    const first = a.openByClientId.get('x');
    assert.ok(first !== undefined);
    core.cancel(first);
    placed(core, a, limit('x', BUY, 1000, 100));
    assert.equal(core.cancel(first), -2011);
  });

  it('cancels all of one symbol when the countdown runs out, unless renewed', () => {
    const { core, seen } = quietCore();
    const a = core.openAccount('a');
    placed(core, a, limit('here', BUY, 1000, 100));
    placed(core, a, limit('there', BUY, 1000, 100, { marketIndex: 1 }));
    seen();
    core.setCountdown(a, 0, 1000);
    core.step(900);
    core.setCountdown(a, 0, 1000);
    core.step(1899);
    assert.deepEqual(seen(), []);
    core.step(1910);
    assert.deepEqual(seen(), ['here CANCELED/CANCELED']);
    assert.equal(a.open.size, 1);
    core.setCountdown(a, 1, 500);
    core.setCountdown(a, 1, 0);
    core.step(5000);
    assert.equal(a.open.size, 1);
  });

  it('expires a good-till-date order at its time', () => {
    const { core, seen } = quietCore();
    const a = core.openAccount('a');
    placed(core, a, limit('g', BUY, 1000, 100, { timeInForce: 'GTD', goodTillMs: 700_000 }));
    core.step(699_990);
    assert.equal(a.open.size, 1);
    core.step(700_010);
    assert.equal(seen().at(-1), 'g EXPIRED/EXPIRED');
  });

  it('liquidates: own orders expire, then the exchange closes the position', () => {
    const { core, seen } = quietCore();
    const a = core.openAccount('a');
    const b = core.openAccount('b');
    placed(core, a, limit('m', SELL, 1000, 100));
    placed(core, b, marketOrder('open', BUY, 100));
    placed(core, a, limit('bid', BUY, 990, 100));
    placed(core, b, limit('own', SELL, 1010, 100));
    seen();
    core.liquidate(b, 0);
    const events = seen();
    assert.equal(events[0], `own EXPIRED/EXPIRED er${ExpiryReason.Liquidated}`);
    assert.equal(events.at(-1), 'autoclose-1 CALCULATED/FILLED 100@990');
    assert.equal(b.position(0).lots, 0);
  });
});
