/** Trading by hand over real sockets: what a person does, and what can go wrong. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { Ack, OrderSide } from '../../engine/contract/commands.ts';
import type { EngineStatus, InstrumentStatus, OrderStatus } from '../../engine/contract/status.ts';
import { decimalParts, fixedText } from '../../engine/domain/instrument.ts';
import type { ControlClient } from '../../engine/runtime/control/control-client.ts';
import { until } from '../support/until.ts';
import { held, LiveEngine, SLOW_MS } from './live-engine.ts';

const BTC = 'BTCUSDT';
const FLAGS = ['--symbols', 'BTCUSDT,ETHUSDT', '--set=orders.receiveWindowMs=500'];
const ONE = '0.010';

const of = (status: EngineStatus, symbol = BTC): InstrumentStatus =>
  status.instruments.find((instrument) => instrument.symbol === symbol)!;
const handOrders = ({ orders }: EngineStatus): OrderStatus[] =>
  orders.filter(({ owner }) => owner === 'hand');

/** A price so many ticks away from the best of a side, as exact text. */
function priceFrom(status: EngineStatus, side: 'bid' | 'ask', ticks: number): string {
  const { tickSize, bestBid, bestAsk } = of(status);
  const { units, decimals } = decimalParts(tickSize, 'tick size');
  const best = Math.round(Number(side === 'bid' ? bestBid : bestAsk) * 10 ** decimals);
  return fixedText(best + ticks * units, decimals);
}

class Hand {
  readonly engine: LiveEngine;
  readonly client: ControlClient;

  constructor(engine: LiveEngine, client: ControlClient) {
    this.engine = engine;
    this.client = client;
  }

  unlock(unlocked = true): Promise<Ack> {
    return this.client.ask('unlockLadder', { symbol: BTC, unlocked });
  }

  place(side: OrderSide, price: string, given: Partial<Order> = {}): Promise<Ack> {
    const usual = { size: ONE, timeInForce: 'post-only', reduceOnly: false } as const;
    return this.client.ask('placeOrder', { symbol: BTC, side, price, ...usual, ...given });
  }

  /**
   * The same at so many ticks from a best price, again while a busy machine is the reason against
   * it; the price at which it left.
   */
  async sent(side: 'bid' | 'ask', ticks: number, given: Partial<Order> = {}): Promise<string> {
    const attempt = async (): Promise<string | null> => {
      const price = priceFrom(await this.engine.status(), side, ticks);
      const ack = await this.place('buy', price, given);
      if (ack.outcome === 'refused' && !BUSY.has(ack.reason)) throw new Error(ack.reason);
      return ack.outcome === 'applied' ? price : null;
    };
    return until(attempt, { what: 'an order to leave', timeoutMs: SLOW_MS, pollMs: 100 });
  }

  /** A bid well below the market that has come to rest. */
  async rest(ticks = -60): Promise<OrderStatus> {
    const price = await this.sent('bid', ticks);
    const status = await this.engine.statusWhere('the order to rest', (s) =>
      handOrders(s).some((order) => order.price === price && order.state === 'open'),
    );
    return handOrders(status).find((order) => order.price === price)!;
  }
}

/** Why an order may not leave a machine that has too much to do. */
const BUSY = new Set(['LOOP_LAG', 'STALE_DATA', 'REFERENCE_MISSING', 'COMMAND_LATE', 'DUPLICATE']);

interface Order {
  readonly size: string;
  readonly timeInForce: 'gtc' | 'post-only' | 'ioc';
  readonly reduceOnly: boolean;
}

async function begin(t: TestContext): Promise<{ hand: Hand; letGo: () => void }> {
  const engine = await LiveEngine.start(t, ...FLAGS);
  const { client, letGo } = await engine.supervise();
  return { hand: new Hand(engine, client), letGo };
}

const outcome = ({ outcome: what, reason }: Ack): [string, string] => [what, reason];

const hasUnknown = ({ alerts }: EngineStatus): boolean =>
  alerts.some(({ code }) => code === 'order-unknown');

function openAt(engine: LiveEngine, count: number): Promise<unknown> {
  const isSo = async (): Promise<boolean> => (await engine.account()).openOrders.length === count;
  return until(isSo, { what: `${count} orders at the venue`, timeoutMs: SLOW_MS, pollMs: 40 });
}

describe('trading by hand over sockets', { timeout: 150_000 }, () => {
  it('locked, unlocked, rest, cancel, fill, flatten, and the journal replays', async (t) => {
    const { hand } = await begin(t);
    const { engine } = hand;
    const marker = path.join(engine.folder, 'exposed.json');
    const status = await engine.status();
    assert.equal(of(status).ladder, 'locked');
    const price = priceFrom(status, 'bid', -60);
    assert.deepEqual(outcome(await hand.place('buy', price)), ['refused', 'LADDER_LOCKED']);
    assert.equal((await engine.account()).ordersSeen, 0);

    assert.deepEqual(outcome(await hand.unlock()), ['applied', '']);
    assert.ok(existsSync(marker), 'the marker is on disk before the first order');
    const open = await engine.statusWhere('unlocked', (s) => of(s).ladder === 'unlocked');
    assert.equal(of(open, 'ETHUSDT').ladder, 'locked');
    assert.equal(open.state, 'DISARMED', 'trading by hand arms nothing');

    const bad = await hand.place('buy', `${price}5`);
    assert.match(bad.reason, /no multiple of the tick size/);
    const first = await hand.rest();
    await hand.rest(-70);
    await openAt(engine, 2);
    const cancel = await hand.client.ask('cancelOrder', { clientId: first.clientId });
    assert.deepEqual(outcome(cancel), ['applied', '']);
    const here = { symbol: BTC, side: null, scope: 'hand' } as const;
    assert.deepEqual(outcome(await hand.client.ask('cancelOrders', here)), ['applied', '']);
    await openAt(engine, 0);

    await hand.sent('ask', 20, { timeInForce: 'ioc' });
    const long = await engine.statusWhere('a position', (s) => of(s).hand.lots === 10);
    assert.equal(of(long).hand.position, ONE);
    assert.ok(Number(of(long).hand.entry) > 0);
    assert.ok(Number(of(long).hand.realised) < 0, 'the fee of the fill');
    assert.equal(long.pnl.hand.startsWith('-'), true);

    await hand.rest();
    const flatten = await hand.client.ask('flatten', { symbol: BTC });
    assert.deepEqual(outcome(flatten), ['applied', '']);
    await engine.statusWhere('flat', (s) => of(s).positionLots === 0 && s.orders.length === 0);
    assert.deepEqual(held(await engine.account()), []);
    assert.deepEqual((await engine.account()).openOrders, []);

    assert.deepEqual(outcome(await hand.unlock(false)), ['applied', '']);
    const gone = (): boolean => !existsSync(marker);
    await until(gone, { what: 'the marker to go', timeoutMs: SLOW_MS, pollMs: 50 });
    engine.process.child.kill('SIGTERM');
    assert.equal(await engine.process.code, 0, engine.process.output.err);
    const replay = engine.command('replay', '--json');
    assert.equal(await replay.code, 0, replay.output.out + replay.output.err);
    const report = JSON.parse(replay.output.out) as { difference: null; orders: number };
    assert.equal(report.difference, null);
    assert.ok(report.orders >= 4);
  });

  it('shows what the venue rejects, and what it does not answer', async (t) => {
    const { hand } = await begin(t);
    const { engine } = hand;
    await hand.unlock();
    await hand.sent('ask', 30);
    const shown = await engine.statusWhere('the rejection', (s) => of(s).hand.trouble !== null);
    const { trouble } = of(shown).hand;
    assert.equal(trouble!.outcome, 'rejected');
    assert.match(trouble!.text, /^BTCUSDT: buy 0\.010 at .* was rejected: post-only/);
    assert.ok(shown.alerts.some(({ code }) => code === 'order-rejected'));
    assert.equal(of(shown).hand.lots, 0);

    const seen = (await engine.account()).ordersSeen;
    await engine.faults({ loseAckNext: 1, loseAckAs: '-1007' });
    const price = await hand.sent('bid', -80);
    await engine.statusWhere('the unknown fate', hasUnknown);
    await engine.statusWhere('the order found', (s) =>
      handOrders(s).some((order) => order.price === price && order.state === 'open'),
    );
    await engine.statusWhere('the trouble gone', (s) => of(s).hand.trouble?.outcome !== 'unknown');
    assert.equal((await engine.account()).ordersSeen, seen + 1, 'never sent twice');
  });

  it('a lost lease locks the ladder and leaves what rests; KILL takes it', async (t) => {
    const { hand, letGo } = await begin(t);
    const { engine } = hand;
    await hand.unlock();
    await hand.rest();
    letGo();
    const locked = await engine.statusWhere('the lock', (s) => of(s).ladder === 'locked');
    assert.equal(handOrders(locked).length, 1);
    const cancel = { symbol: null, side: null, scope: 'all' } as const;
    assert.equal((await hand.client.ask('cancelOrders', cancel)).outcome, 'refused', 'no lease');
    assert.equal((await engine.account()).openOrders.length, 1);
    const kill = engine.command('kill');
    assert.equal(await kill.code, 0, kill.output.out + kill.output.err);
    assert.deepEqual((await engine.account()).openOrders, []);
    const again = await engine.supervise();
    const unlock = await again.client.ask('unlockLadder', { symbol: BTC, unlocked: true });
    assert.deepEqual(outcome(unlock), ['refused', 'STATE_FORBIDS']);
  });

  it('kill -9 with a position by hand: HALTED, and the hand has it back', async (t) => {
    const { hand } = await begin(t);
    const { engine } = hand;
    await hand.unlock();
    await hand.sent('ask', 20, { timeInForce: 'ioc' });
    await engine.statusWhere('a position', (s) => of(s).hand.lots === 10);
    await hand.rest();
    engine.process.child.kill('SIGKILL');
    await engine.process.code;
    await engine.restart(...FLAGS);
    const status = await engine.status();
    assert.equal(status.state, 'HALTED');
    assert.equal(of(status).ladder, 'locked');
    assert.equal(of(status).hand.position, ONE);
    const texts = status.alerts.map(({ text }) => text);
    assert.ok(
      texts.some((text) => /0\.010 of it was traded by hand/.test(text)),
      texts.join('\n'),
    );
    assert.equal(status.alerts.filter(({ code }) => code === 'unprotected').length, 0);
    assert.deepEqual((await engine.account()).openOrders, [], 'leftovers are cancelled');
  });
});
