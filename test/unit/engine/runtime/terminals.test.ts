/** Terminals over a link: hello, credits, commands once, bad messages, and who is in charge. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CandleBatch, CandleRequest } from '../../../../engine/contract/candles.ts';
import type { Ack, Command } from '../../../../engine/contract/commands.ts';
import type { ConfigurationField } from '../../../../engine/contract/configuration.ts';
import type { DocumentAnswer, DocumentRequest } from '../../../../engine/contract/documents.ts';
import { CREDITS_MAX } from '../../../../engine/contract/events.ts';
import type {
  ClientMessage,
  HistoryAnswer,
  HistoryRequest,
  ServerMessage,
} from '../../../../engine/contract/events.ts';
import { HISTORY_BURST } from '../../../../engine/contract/history.ts';
import type { LinkEvents, LinkPort } from '../../../../engine/contract/link.ts';
import { CONTRACT_VERSION } from '../../../../engine/contract/version.ts';
import { Lease } from '../../../../engine/runtime/control/lease.ts';
import { Terminals } from '../../../../engine/runtime/terminals.ts';
import type { TerminalHost } from '../../../../engine/runtime/terminals.ts';
import { FakeControl } from '../control/fake-control.ts';

class FakePort implements LinkPort {
  readonly sent: ServerMessage[] = [];
  frames = 0;
  buffered = 0;
  closed: string | null = null;
  takesFrames = true;

  sendText(text: string): boolean {
    this.sent.push(JSON.parse(text) as ServerMessage);
    return true;
  }

  sendFrame(): boolean {
    if (this.takesFrames) this.frames++;
    return this.takesFrames;
  }

  bufferedBytes(): number {
    return this.buffered;
  }

  close(reason: string): void {
    this.closed = reason;
  }

  of<Type extends ServerMessage['type']>(type: Type): Extract<ServerMessage, { type: Type }>[] {
    return this.sent.filter((message) => message.type === type) as never;
  }
}

class Host implements TerminalHost {
  readonly session = 'session-1';
  readonly mode = 'sim';
  readonly version = '1.2.3';
  readonly executed: { command: Command; holdsLease: boolean }[] = [];
  readonly ends: string[] = [];
  clock = 0;
  watchChanges = 0;
  /** Commands wait for this when it is set. */
  gate: Promise<void> | null = null;
  readonly #lease = new Lease(3_000, (end, who) => this.ends.push(`${who} ${end}`));
  readonly #control = new FakeControl();

  status() {
    return this.#control.status();
  }

  async execute(command: Command, holdsLease: boolean): Promise<Ack> {
    this.executed.push({ command, holdsLease });
    await this.gate;
    const isArm = command.kind === 'arm';
    const outcome = isArm && !holdsLease ? 'refused' : 'applied';
    return { id: command.id, kind: command.kind, outcome, reason: `n${this.executed.length}` };
  }

  indexOf(symbol: string): number {
    return ['BTCUSDT', 'ETHUSDT'].indexOf(symbol);
  }

  acquireLease(who: string) {
    return this.#lease.acquire(who, this.clock);
  }

  renewLease(who: string): void {
    this.#lease.renew(who, this.clock);
  }

  releaseLease(who: string): void {
    this.#lease.release(who);
  }

  leaseHolder(): string | null {
    return this.#lease.holder(this.clock);
  }

  watchChanged(): void {
    this.watchChanges++;
  }

  readonly asked: HistoryRequest[] = [];

  history(request: HistoryRequest): HistoryAnswer {
    this.asked.push(request);
    const { id, what } = request;
    return {
      type: 'history',
      id,
      what,
      rows: [],
      more: false,
      missed: 2,
      dropped: 1,
      retryInMs: null,
    };
  }

  buildFrame(): ArrayBuffer {
    return new ArrayBuffer(8);
  }

  candles({ id, symbol, seconds }: CandleRequest): CandleBatch {
    const refused = this.indexOf(symbol) < 0 ? `unknown instrument ${symbol}` : '';
    const rows = [60, 10, 12, 9, 11, 5, 6, 4, 0];
    return { id, symbol, seconds, refused, anchorWallMs: 0, through: 4, holes: 0, rows };
  }

  configuration(): readonly ConfigurationField[] {
    return [];
  }

  document({ id, name }: DocumentRequest): DocumentAnswer {
    return {
      type: 'document',
      id,
      name,
      revision: 3,
      body: '',
      savedAtMs: 1,
      versions: [],
      error: null,
    };
  }
}

interface Seat {
  readonly port: FakePort;
  readonly events: LinkEvents;
  readonly say: (message: ClientMessage | string) => Promise<void>;
}

function room() {
  const host = new Host();
  const terminals = new Terminals(host);
  const sit = async (contract: number | null = CONTRACT_VERSION): Promise<Seat> => {
    const port = new FakePort();
    const events = terminals.add(port);
    const say = async (message: ClientMessage | string): Promise<void> => {
      events.onText(typeof message === 'string' ? message : JSON.stringify(message));
      await settled();
    };
    if (contract !== null) await say({ type: 'hello', contract, name: 'test' });
    return { port, events, say };
  };
  return { host, terminals, sit };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const disarm = (id: string): ClientMessage => ({
  type: 'command',
  command: { kind: 'disarm', id, strategy: null, symbol: null },
});
const arm = (id: string): ClientMessage => ({
  type: 'command',
  command: { kind: 'arm', id, strategy: null, symbol: null },
});

const watch = (id: string, symbols: string[]): ClientMessage => ({
  type: 'command',
  command: { kind: 'watch', id, symbols },
});

describe('hello', () => {
  it('is answered with who we are, a status and a ping; the first takes the lease', async () => {
    const { host, sit } = room();
    const { port } = await sit();
    assert.deepEqual(
      port.sent.map(({ type }) => type),
      ['hello', 'status', 'ping'],
    );
    const [hello] = port.of('hello');
    assert.deepEqual(
      [hello!.terminal, hello!.session, hello!.mode, hello!.version],
      ['terminal 1', 'session-1', 'sim', '1.2.3'],
    );
    assert.equal(host.leaseHolder(), 'terminal 1');
    assert.equal(port.of('status')[0]!.status.lease.mine, true);
    const second = await sit();
    assert.equal(second.port.of('status')[0]!.status.lease.mine, false);
    assert.equal(host.leaseHolder(), 'terminal 1');
  });

  it('of a window that only watches leaves the lease to whoever sits at the desk', async () => {
    const { host, sit } = room();
    const watcher = await sit(null);
    const contract = CONTRACT_VERSION;
    await watcher.say({ type: 'hello', contract, name: 'panel', watchesOnly: true });
    assert.equal(watcher.port.of('status').length, 1);
    assert.equal(host.leaseHolder(), null);
    await sit();
    assert.equal(host.leaseHolder(), 'terminal 2');
  });

  it('of another contract is refused in words, and shown the door', async () => {
    const { terminals, sit } = room();
    const other = CONTRACT_VERSION + 1;
    const { port } = await sit(other);
    const text = `this engine speaks contract ${CONTRACT_VERSION}, the terminal ${other}`;
    assert.ok(port.of('error')[0]!.message.startsWith(text));
    assert.equal(port.closed, 'contract mismatch');
    assert.equal(terminals.count, 0);
  });

  it('comes first: nothing is done and nothing told before it', async () => {
    const { host, terminals, sit } = room();
    const { port, say } = await sit(null);
    await say(disarm('a'));
    assert.match(port.of('error')[0]!.message, /say hello first/);
    terminals.broadcast({ type: 'ping', number: 1 });
    terminals.sendStatus();
    terminals.offerFrames();
    terminals.ping();
    assert.equal(port.sent.length, 1);
    assert.deepEqual(host.executed, []);
  });
});

describe('frames', () => {
  it('come against credit only, of which at most CREDITS_MAX count', async () => {
    const { terminals, sit } = room();
    const { port, say } = await sit();
    terminals.offerFrames();
    assert.equal(port.frames, 0);
    for (let k = 0; k < 5; k++) await say({ type: 'credit', frames: CREDITS_MAX });
    for (let k = 0; k < 10; k++) terminals.offerFrames();
    assert.equal(port.frames, CREDITS_MAX);
    assert.equal(terminals.skippedFrames(), 11 - CREDITS_MAX);
  });

  it('are left out while the carrier is behind, and a refused one costs no credit', async () => {
    const { terminals, sit } = room();
    const { port, say } = await sit();
    await say({ type: 'credit', frames: 1 });
    port.buffered = 2_000_000;
    terminals.offerFrames();
    const statuses = port.of('status').length;
    terminals.sendStatus();
    assert.deepEqual([port.frames, port.of('status').length], [0, statuses]);
    port.buffered = 0;
    port.takesFrames = false;
    terminals.offerFrames();
    port.takesFrames = true;
    terminals.offerFrames();
    assert.equal(port.frames, 1);
  });
});

describe('commands', () => {
  it('are done once an id, and answered again the same', async () => {
    const { host, sit } = room();
    const { port, say } = await sit();
    await say(disarm('x'));
    await say(disarm('x'));
    await say(disarm('y'));
    assert.deepEqual(
      host.executed.map(({ command }) => command.id),
      ['x', 'y'],
    );
    assert.deepEqual(
      port.of('ack').map(({ ack }) => `${ack.id} ${ack.reason}`),
      ['x n1', 'x n1', 'y n2'],
    );
  });

  it('are done once even when the same id comes while the first is under way', async () => {
    const { host, sit } = room();
    const { port, say } = await sit();
    const { promise, resolve } = Promise.withResolvers<void>();
    host.gate = promise;
    await say(disarm('x'));
    await say(disarm('x'));
    assert.equal(port.of('ack').length, 0);
    resolve();
    await settled();
    assert.equal(host.executed.length, 1);
    assert.equal(port.of('ack').length, 1);
  });

  it('are told whether who asks is in charge', async () => {
    const { host, sit } = room();
    const first = await sit();
    const second = await sit();
    await second.say(arm('a'));
    assert.equal(second.port.of('ack')[0]!.ack.outcome, 'refused');
    await first.say(arm('b'));
    assert.equal(first.port.of('ack')[0]!.ack.outcome, 'applied');
    assert.deepEqual(
      host.executed.map(({ holdsLease }) => holdsLease),
      [false, true],
    );
    await second.say(disarm('c'));
    assert.equal(second.port.of('ack')[1]!.ack.outcome, 'applied', 'anyone may disarm');
  });

  it('watch is the terminal’s own, and knows no stranger', async () => {
    const { host, terminals, sit } = room();
    const { port, say } = await sit();
    await say(watch('a', ['ETHUSDT', 'ETHUSDT']));
    assert.deepEqual([...terminals.watched()], [1]);
    await say(watch('b', ['NOUSDT']));
    assert.equal(port.of('ack')[1]!.ack.reason, 'unknown instrument NOUSDT');
    assert.deepEqual([...terminals.watched()], [1]);
    assert.deepEqual(host.executed, []);
    assert.equal(host.watchChanges, 1);
  });
});

describe('candles', () => {
  const asked = { id: 'c1', symbol: 'BTCUSDT', seconds: 60, limit: 10 } as const;

  it('are answered to who asked, and to nobody else', async () => {
    const { sit } = room();
    const one = await sit();
    const other = await sit();
    await one.say({ type: 'candles', request: asked });
    const [answer] = one.port.of('candles');
    assert.equal(answer?.candles.id, 'c1');
    assert.equal(answer.candles.rows.length, 9);
    assert.equal(other.port.of('candles').length, 0);
  });

  it('of odd intervals, too many or none, are bad messages', async () => {
    const { sit } = room();
    const { port, say } = await sit();
    for (const wrong of [{ seconds: 7 }, { limit: 0 }, { limit: 2001 }, { symbol: '' }]) {
      await say(JSON.stringify({ type: 'candles', request: { ...asked, ...wrong } }));
    }
    assert.equal(port.of('error').length, 4);
    assert.equal(port.of('candles').length, 0);
  });
});

describe('the lease', () => {
  it('is renewed by the newest pong of its holder only', async () => {
    const { host, terminals, sit } = room();
    const { port, say } = await sit();
    terminals.ping();
    const newest = port.of('ping').at(-1)!.number;
    host.clock = 2_900;
    await say({ type: 'pong', number: newest - 1 });
    host.clock = 3_000;
    assert.equal(host.leaseHolder(), null, 'an old pong proves nothing');
    await say({ type: 'lease', want: true });
    host.clock = 5_900;
    await say({ type: 'pong', number: newest });
    host.clock = 8_800;
    assert.equal(host.leaseHolder(), 'terminal 1');
  });

  it('is refused to others in words, and free again when it is given back', async () => {
    const { host, sit } = room();
    const first = await sit();
    const second = await sit();
    await second.say({ type: 'lease', want: true });
    const [error] = second.port.of('error');
    assert.equal(error!.code, 'runtime/lease-held');
    assert.match(error!.message, /terminal 1 is in charge/);
    await first.say({ type: 'lease', want: false });
    await second.say({ type: 'lease', want: true });
    assert.equal(host.leaseHolder(), 'terminal 2');
  });

  it('ends at once with the terminal that held it, and with no other', async () => {
    const { host, terminals, sit } = room();
    const first = await sit();
    const second = await sit();
    second.events.onClose();
    assert.equal(host.leaseHolder(), 'terminal 1');
    first.events.onClose();
    first.events.onClose();
    assert.deepEqual(host.ends, ['terminal 1 released']);
    assert.equal(terminals.count, 0);
  });
});

describe('bad messages', () => {
  it('are answered one by one, and twenty of them show a terminal out', async () => {
    const { terminals, sit } = room();
    const { port, say } = await sit();
    for (const text of [
      '',
      'no json',
      '[]',
      '{"type":"nonsense"}',
      '{"type":"credit","frames":9}',
    ]) {
      await say(text);
    }
    assert.equal(port.of('error').length, 5);
    assert.ok(port.of('error').every(({ code }) => code === 'input/malformed'));
    assert.equal(port.closed, null);
    for (let k = 5; k < 20; k++) await say('{');
    assert.equal(port.closed, '20 bad messages');
    assert.equal(terminals.count, 0);
    const { length } = port.sent;
    await say('{');
    assert.equal(port.sent.length, length, 'nothing is said to who is gone');
  });

  it('do not touch the others', async () => {
    const { terminals, sit } = room();
    const bad = await sit();
    const good = await sit();
    for (let k = 0; k < 20; k++) await bad.say('{');
    assert.equal(terminals.count, 1);
    await good.say(disarm('a'));
    assert.equal(good.port.of('ack').length, 1);
    terminals.closeAll('the engine stops');
    assert.equal(good.port.closed, 'the engine stops');
    assert.equal(terminals.count, 0);
  });
});

const request = (id: string): HistoryRequest => ({
  type: 'history',
  id,
  what: 'fills',
  symbol: null,
  before: null,
  limit: 100,
});

describe('history', () => {
  it('is answered under the id it was asked with, and to nobody else', async () => {
    const { host, sit } = room();
    const [one, other] = [await sit(), await sit()];
    await one.say(request('h1'));
    assert.deepEqual(host.asked, [request('h1')]);
    const [answer] = one.port.of('history');
    assert.deepEqual([answer!.id, answer!.missed, answer!.retryInMs], ['h1', 2, null]);
    assert.equal(other.port.of('history').length, 0);
  });

  it('is bounded: beyond the burst an answer says when to ask again', async () => {
    const { host, sit } = room();
    const { port, say } = await sit();
    for (let k = 0; k < HISTORY_BURST * 2; k++) await say(request(`h${k}`));
    const answers = port.of('history');
    assert.equal(answers.length, HISTORY_BURST * 2, 'each is answered');
    const put = answers.filter(({ retryInMs }) => retryInMs !== null);
    assert.ok(put.length > 0 && put.length + host.asked.length === answers.length);
    for (const { retryInMs, rows, more } of put) {
      assert.ok(retryInMs! > 0 && retryInMs! <= 1000);
      assert.deepEqual([rows, more], [[], true], 'it claims nothing about what there is');
    }
  });

  it('waits while the carrier does not keep up', async () => {
    const { host, sit } = room();
    const { port, say } = await sit();
    port.buffered = 5_000_000;
    await say(request('h1'));
    assert.equal(host.asked.length, 0);
    assert.ok(port.of('history')[0]!.retryInMs! > 0);
  });

  it('refuses what is no request', async () => {
    const { host, sit } = room();
    const { port, say } = await sit();
    const wrong = [
      { what: 'secrets' },
      { limit: 0 },
      { limit: 1e9 },
      { before: -1 },
      { before: 1.5 },
      { symbol: 7 },
      { id: 'a b' },
      { extra: 1 },
    ];
    for (const change of wrong) await say(JSON.stringify({ ...request('h1'), ...change }));
    assert.equal(host.asked.length, 0);
    assert.equal(port.of('error').length, wrong.length);
  });
});

describe('documents', () => {
  it('are answered to who asked; a write is told to the others', async () => {
    const { sit } = room();
    const first = await sit();
    const second = await sit();
    await second.say({ type: 'document', id: 'a', op: 'read', name: 'settings' });
    assert.equal(second.port.of('document')[0]!.id, 'a');
    assert.equal(first.port.of('documentChanged').length, 0);
    await second.say({
      type: 'document',
      id: 'b',
      op: 'write',
      name: 'settings',
      base: 2,
      body: 'x',
    });
    assert.deepEqual(first.port.of('documentChanged'), [
      { type: 'documentChanged', name: 'settings', revision: 3 },
    ]);
    assert.equal(second.port.of('documentChanged').length, 0);
    assert.equal(first.port.of('document').length, 0);
  });
});
