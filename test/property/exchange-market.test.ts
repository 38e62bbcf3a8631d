/**
 * exchange-market: for any trading of two accounts against the live order flow
 *
 * - every book stays uncrossed and populated, and no assertion of the exchange fails;
 * - wallet = start + Σ realised − Σ fees, rebuilt to the last unit from the wire texts alone;
 * - positions on the wire are the sum of the fills on the wire, and of the account's own;
 * - every order that was accepted ends in exactly one terminal event or is still open;
 * - trade ids rise per symbol, and every market message is JSON.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../engine/base/random.ts';
import type { Account } from '../../engine/exchange/core/account.ts';
import type { ExchangeCore } from '../../engine/exchange/core/exchange-core.ts';
import type { Market } from '../../engine/exchange/core/market.ts';
import { parseE8 } from '../../engine/exchange/core/money.ts';
import type { TimeInForce } from '../../engine/exchange/core/orders.ts';
import { InProcessExchange } from '../../engine/exchange/server/in-process.ts';
import { limit } from '../unit/engine/exchange/support.ts';

const TERMINAL = new Set(['FILLED', 'CANCELED', 'EXPIRED', 'EXPIRED_IN_MATCH']);
const FORCES: readonly TimeInForce[] = ['GTC', 'GTC', 'GTX', 'IOC', 'FOK'];

interface WireOrder {
  readonly c: string;
  readonly s: string;
  readonly S: string;
  readonly x: string;
  readonly X: string;
  readonly l: string;
  readonly t: number;
  readonly n?: string;
  readonly rp: string;
  readonly m: boolean;
}

/** What one account can know from its own events. */
class Ledger {
  readonly live = new Set<string>();
  readonly ended = new Set<string>();
  readonly positions = new Map<string, number>();
  wallet = 0n;
  wireWallet = '';
  makerFills = 0;

  read(text: string): void {
    const event = JSON.parse(text) as Record<string, unknown>;
    if (event['e'] === 'ACCOUNT_UPDATE') {
      const update = event['a'] as { B: { wb: string }[]; P: { s: string; pa: string }[] };
      this.wireWallet = update.B[0]?.wb ?? '';
      assert.equal(parseE8(this.wireWallet), this.wallet);
      const { s, pa } = update.P[0] as { s: string; pa: string };
      assert.ok(Math.abs(Number(pa) - (this.positions.get(s) ?? 0)) < 1e-6, `${s} position`);
    }
    if (event['e'] === 'ORDER_TRADE_UPDATE') this.#order(event['o'] as WireOrder);
  }

  #order(order: WireOrder): void {
    assert.ok(!this.ended.has(order.c), `${order.c} has ended`);
    if (order.x === 'NEW') this.live.add(order.c);
    else assert.ok(this.live.has(order.c), `${order.c} is live`);
    if (order.t !== 0) {
      const side = order.S === 'BUY' ? 1 : -1;
      const before = this.positions.get(order.s) ?? 0;
      this.positions.set(order.s, before + side * Number(order.l));
      this.wallet += (parseE8(order.rp) ?? 0n) - (parseE8(order.n ?? '') ?? 0n);
      if (order.m) this.makerFills += 1;
    }
    if (!TERMINAL.has(order.X)) return;
    this.live.delete(order.c);
    this.ended.add(order.c);
  }
}

/** One random action of an account: mostly quotes and takes near the touch. */
function act(core: ExchangeCore, account: Account, random: SeededRandom, id: string): void {
  const market = core.markets[random.int(core.markets.length)] as Market;
  const open = [...account.open.values()];
  const kind = random.next();
  if (kind < 0.25 && open.length > 0) {
    const order = open[random.int(open.length)];
    assert.ok(order !== undefined);
    if (random.next() < 0.5) core.cancel(order);
    else core.modify(order, order.priceTicks + random.int(5) - 2, order.lots, '');
    return;
  }
  const side = random.next() < 0.5 ? 1 : -1;
  const isMarketOrder = random.next() < 0.25;
  const touch = side === 1 ? market.bidTicks : market.askTicks;
  const lots = Math.ceil((5e8 + random.next() * 4e11) / (touch * market.tickLotE8)) + 1;
  core.place(
    account,
    limit(id, side, isMarketOrder ? 0 : touch + side * (random.int(6) - 3), lots, {
      marketIndex: market.index,
      type: isMarketOrder ? 'MARKET' : 'LIMIT',
      timeInForce: isMarketOrder ? 'IOC' : (FORCES[random.int(FORCES.length)] as TimeInForce),
      isReduceOnly: random.next() < 0.3,
    }),
  );
}

function checkMarkets(core: ExchangeCore): void {
  for (const { book, symbol } of core.markets) {
    const bid = book.bids.best();
    const ask = book.asks.best();
    assert.ok(bid !== null && ask !== null && bid.priceTicks < ask.priceTicks, symbol);
    assert.ok(book.bids.levelCount >= 15 && book.asks.levelCount >= 15, `${symbol} is thin`);
  }
}

describe('exchange market, any trading', () => {
  for (const seed of [1, 2, 3]) {
    it(`keeps its books and its money with seed ${seed}`, () => {
      const exchange = new InProcessExchange({
        seed,
        fees: { makerRateE8: -1_000, takerRateE8: 10_000 },
        faults: { userDelayMs: 3 },
      });
      const { core } = exchange.service;
      const names = ['a', 'b'];
      const ledgers = new Map(names.map((name) => [name, new Ledger()]));
      const accounts = names.map(
        (name) => exchange.register({ apiKey: name, secret: 's' }).account,
      );
      for (const account of accounts) {
        const ledger = ledgers.get(account.id);
        if (ledger !== undefined) ledger.wallet = account.walletE8;
      }
      exchange.onUser((text, name) => ledgers.get(name)?.read(text));
      const lastTrade = new Map<string, number>();
      exchange.onMarket((text) => {
        const message = JSON.parse(text.toString()) as Record<string, unknown>;
        if (message['e'] !== 'aggTrade') return;
        const symbol = String(message['s']);
        assert.ok(Number(message['f']) > (lastTrade.get(symbol) ?? 0));
        assert.ok(Number(message['l']) >= Number(message['f']));
        lastTrade.set(symbol, Number(message['l']));
      });
      const random = new SeededRandom(seed * 77);
      for (let step = 1; step <= 2000; step++) {
        exchange.advanceTo(step * 20);
        for (const account of accounts) {
          if (random.next() < 0.5) act(core, account, random, `${account.id}${step}`);
        }
        checkMarkets(core);
      }
      exchange.advanceTo(41_000);
      for (const account of accounts) {
        const ledger = ledgers.get(account.id);
        assert.ok(ledger !== undefined);
        assert.ok(account.isBalanced());
        assert.equal(ledger.wallet, account.walletE8);
        assert.deepEqual(
          [...ledger.live].toSorted(),
          [...account.openByClientId.keys()].toSorted(),
        );
        assert.ok(ledger.makerFills > 0 && ledger.ended.size > 100, 'both kinds of fills occur');
      }
    });
  }
});
