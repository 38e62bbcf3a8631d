/** What a terminal that floods, does not read or was shown out can still do: nothing more. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Ack, Command } from '../../../../engine/contract/commands.ts';
import type { LinkPort } from '../../../../engine/contract/link.ts';
import { CONTRACT_VERSION } from '../../../../engine/contract/version.ts';
import { PACED_BURST, WAITING_MAX } from '../../../../engine/runtime/paced-requests.ts';
import { Terminals, type TerminalHost } from '../../../../engine/runtime/terminals.ts';
import { until } from '../../../support/until.ts';
import { FakeControl } from '../control/fake-control.ts';

class FakePort implements LinkPort {
  readonly sent: { readonly type: string }[] = [];
  buffered = 0;
  closed: string | null = null;

  sendText(text: string): boolean {
    this.sent.push(JSON.parse(text) as { type: string });
    return true;
  }

  sendFrame(): boolean {
    return true;
  }

  bufferedBytes(): number {
    return this.buffered;
  }

  close(reason: string): void {
    this.closed = reason;
  }
}

function room() {
  const control = new FakeControl();
  const executed: { command: Command; holdsLease: boolean }[] = [];
  const state = {
    holder: null as string | null,
    gate: Promise.resolve(),
    candles: 0,
    documents: 0,
  };
  const host = {
    session: 's',
    mode: 'sim',
    version: '1',
    status: () => control.status(),
    execute: async (command: Command, holdsLease: boolean): Promise<Ack> => {
      executed.push({ command, holdsLease });
      await state.gate;
      return { id: command.id, kind: command.kind, outcome: 'applied', reason: '' };
    },
    indexOf: () => 0,
    acquireLease: (who: string) => {
      state.holder = who;
      return { granted: true, reason: '' };
    },
    renewLease: () => undefined,
    releaseLease: (who: string) => {
      if (state.holder === who) state.holder = null;
    },
    leaseHolder: () => state.holder,
    watchChanged: () => undefined,
    candles: () => ({ n: ++state.candles }),
    document: () => ({
      type: 'document',
      name: 'settings',
      revision: ++state.documents,
      error: null,
    }),
    configuration: () => [],
  } as unknown as TerminalHost;
  const terminals = new Terminals(host);
  const sit = () => {
    const port = new FakePort();
    const events = terminals.add(port);
    const say = async (message: object): Promise<void> => {
      events.onText(JSON.stringify(message));
      await new Promise((resolve) => setImmediate(resolve));
    };
    const count = (type: string): number => port.sent.filter((each) => each.type === type).length;
    return { port, say, count };
  };
  return { host, terminals, state, executed, sit };
}

const HELLO = { type: 'hello', contract: CONTRACT_VERSION, name: 'test' };
const candles = (k: number): object => ({
  type: 'candles',
  request: { id: `c${k}`, symbol: 'BTCUSDT', seconds: 1, limit: 2000 },
});
const place = (id: string): object => ({
  type: 'command',
  command: {
    kind: 'placeOrder',
    id,
    symbol: 'BTCUSDT',
    side: 'buy',
    price: '1',
    size: '1',
    timeInForce: 'gtc',
    reduceOnly: false,
  },
});

describe('a terminal that was shown out', () => {
  it('is heard no more: it takes no lease and steers nothing over its dying line', async () => {
    const { state, executed, terminals, sit } = room();
    const { port, say } = sit();
    await say(HELLO);
    for (let k = 0; k < 20; k++) await say({ type: 'nonsense' });
    assert.notEqual(port.closed, null);
    assert.deepEqual([terminals.count, state.holder], [0, null]);
    await say(HELLO);
    assert.equal(state.holder, null);
    await say(place('a'));
    assert.deepEqual(executed, []);
  });

  it('is one that does not read: what waits for it is bounded', async () => {
    const { state, terminals, sit } = room();
    const { port, say } = sit();
    await say(HELLO);
    port.buffered = 17_000_000;
    terminals.broadcast({ type: 'ping', number: 1 });
    assert.equal(port.closed, 'it does not read');
    assert.deepEqual([terminals.count, state.holder], [0, null]);
  });
});

describe('a flood', () => {
  it('of candle requests is answered in order at a pace, and ends the terminal', async () => {
    const { state, sit } = room();
    const { port, say, count } = sit();
    await say(HELLO);
    for (let k = 0; k < PACED_BURST + 20; k++) await say(candles(k));
    const atOnce = state.candles;
    assert.ok(atOnce >= PACED_BURST && atOnce < PACED_BURST + 20, `${atOnce} at once`);
    await until(() => state.candles === PACED_BURST + 20, { what: 'the rest is answered later' });
    assert.equal(count('candles'), PACED_BURST + 20);
    assert.equal(port.closed, null);
    for (let k = 0; k < 10 * WAITING_MAX; k++) await say(candles(k));
    assert.notEqual(port.closed, null);
    assert.ok(state.candles < PACED_BURST + 20 + 2 * WAITING_MAX);
  });

  it('of documents waits with the candles, and goes on where the carrier is behind', async () => {
    const { state, sit } = room();
    const { port, say, count } = sit();
    await say(HELLO);
    port.buffered = 2_000_000;
    await say({ type: 'document', id: 'd', op: 'read', name: 'settings' });
    await say({ type: 'configuration', id: 'e' });
    assert.deepEqual([state.documents, count('configuration')], [0, 0]);
    port.buffered = 0;
    await until(() => count('configuration') === 1, { what: 'both are answered' });
    assert.equal(state.documents, 1);
  });

  it('of commands that nobody answers is bounded; disarm, lock and kill pass', async () => {
    const { state, executed, sit } = room();
    const { port, say, count } = sit();
    await say(HELLO);
    const open = Promise.withResolvers<void>();
    state.gate = open.promise;
    for (let k = 0; k < 70; k++) await say(place(`p${k}`));
    assert.equal(executed.length, 64);
    assert.equal(count('error'), 6);
    await say({ type: 'command', command: { kind: 'kill', id: 'k' } });
    const lock = { kind: 'unlockLadder', id: 'l', symbol: null, unlocked: false };
    await say({ type: 'command', command: lock });
    assert.equal(executed.length, 66);
    open.resolve();
    await until(() => count('ack') === 66, { what: 'all are answered' });
    assert.equal(port.closed, null);
  });
});

describe('an order by its id', () => {
  it('is placed once, over a reconnect and across terminals, answered or not', async () => {
    const { state, executed, sit } = room();
    const first = sit();
    await first.say(HELLO);
    const open = Promise.withResolvers<void>();
    state.gate = open.promise;
    await first.say(place('one'));
    const second = sit();
    await second.say(HELLO);
    await second.say(place('one'));
    open.resolve();
    await until(() => second.count('ack') === 1, {
      what: 'the second hears the answer to the first',
    });
    const third = sit();
    await third.say(HELLO);
    await third.say(place('one'));
    assert.equal(third.count('ack'), 1);
    assert.equal(executed.length, 1);
    await third.say(place('two'));
    assert.equal(executed.length, 2);
  });
});
