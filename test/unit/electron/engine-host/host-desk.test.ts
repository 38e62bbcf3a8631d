/**
 * host-desk.test: the engine inside its own process: start, windows, kill and disarm past every
 * window, the orderly end, and the end of the main process. And the port of a window.
 */
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { afterEach, describe, it } from 'node:test';
import { HostDesk, type HostedEngine } from '../../../../electron/engine-host/host-desk.ts';
import { summaryOf, SummaryTeller } from '../../../../electron/engine-host/summary.ts';
import { TerminalPort, type PortLike } from '../../../../electron/engine-host/terminal-port.ts';
import {
  parseFromEngine,
  type FromEngine,
  type RevealedKey,
} from '../../../../electron/protocol/engine-messages.ts';
import { EngineError } from '../../../../engine/base/errors.ts';
import type { Command } from '../../../../engine/contract/commands.ts';
import type { LinkEvents, LinkPort } from '../../../../engine/contract/link.ts';
import { FakeMarket } from '../../../support/fake-market.ts';
import { buildStatus } from '../../../support/fake-status.ts';
import { until } from '../../../support/until.ts';

class FakePort extends EventEmitter implements PortLike {
  readonly posted: unknown[] = [];
  isStarted = false;
  isClosed = false;
  isBroken = false;

  postMessage(message: unknown): void {
    if (this.isBroken) throw new Error('port is gone');
    this.posted.push(structuredClone(message));
  }

  start(): void {
    this.isStarted = true;
  }

  close(): void {
    this.isClosed = true;
    this.emit('close');
  }
}

class FakeEngine implements HostedEngine {
  readonly start = { session: { id: 's1' } };
  readonly executed: Command[] = [];
  readonly ports: LinkPort[] = [];
  left: readonly string[] = [];
  stops = 0;

  get terminalCount(): number {
    return this.ports.length;
  }

  addTerminal(port: LinkPort): LinkEvents {
    this.ports.push(port);
    return { onText: () => undefined, onClose: () => undefined };
  }

  execute(command: Command): ReturnType<HostedEngine['execute']> {
    this.executed.push(command);
    const { id, kind } = command;
    return Promise.resolve({ id, kind, outcome: 'applied', reason: 'done' });
  }

  status(): ReturnType<HostedEngine['status']> {
    return STATUS;
  }

  stop(): Promise<readonly string[]> {
    this.stops++;
    return Promise.resolve(this.left);
  }
}

const STATUS = buildStatus(
  {
    session: 's1',
    mode: 'sim',
    state: 'DISARMED',
    stateReason: '',
    armed: new Set(),
    closed: new Set(),
    stale: new Set(),
    kill: null,
    alerts: [],
    isEmpty: false,
    startedAtMs: 0,
  },
  new FakeMarket(1).books,
  { held: false, holder: null, leftMs: 0, mine: false },
  1000,
);
const CANARY = 'CANARY-77d2e0';
const open: HostDesk[] = [];

afterEach(async () => {
  for (const desk of open.splice(0)) await desk.stop();
});

function rig(launch?: () => Promise<FakeEngine>) {
  const engine = new FakeEngine();
  const posted: FromEngine[] = [];
  const codes: number[] = [];
  const around = { isMainAlive: true };
  const desk = new HostDesk({
    post: (message) => {
      const checked = parseFromEngine(structuredClone(message));
      assert.deepEqual(checked, message, 'the main process must understand it');
      posted.push(message);
    },
    launch: async (_flags, say, host) => {
      say('simulated exchange started');
      host.start('entry', ['--port', '0']);
      return { engine: await (launch?.() ?? engine), config: { dataFolder: '/d' } };
    },
    isAlive: () => around.isMainAlive,
    exit: (code) => codes.push(code),
  });
  open.push(desk);
  const kinds = (): readonly string[] => posted.map(({ kind }) => kind);
  const start = (): void => desk.receive({ kind: 'start', flags: {}, mainPid: 1 }, []);
  return { desk, engine, posted, codes, around, kinds, start };
}

describe("the engine's desk", () => {
  it('starts the engine once, asks for its exchange, and tells how it stands', async () => {
    const { start, kinds, posted } = rig();
    start();
    start();
    await until(() => kinds().includes('summary'), { what: 'a summary' });
    assert.deepEqual(kinds(), ['log', 'exchangeWanted', 'ready', 'summary']);
    assert.deepEqual(posted[3], { kind: 'summary', summary: summaryOf(STATUS, 0) });
  });

  it('gives the engine windows that came before it was up, and after', async () => {
    const { desk, start, engine, kinds } = rig();
    const [early, late] = [new FakePort(), new FakePort()];
    start();
    desk.receive({ kind: 'terminal', name: 'w1' }, [early]);
    assert.equal(early.isStarted, false);
    await until(() => kinds().includes('ready'), { what: 'the engine' });
    desk.receive({ kind: 'terminal', name: 'w2' }, [late]);
    assert.ok(early.isStarted && late.isStarted);
    assert.equal(engine.ports.length, 2);
  });

  it('carries out kill and disarm and answers each', async () => {
    const { desk, start, engine, posted, kinds } = rig();
    desk.receive({ kind: 'kill', id: 'k0' }, []);
    assert.ok(posted.some((each) => each.kind === 'answer' && each.outcome === 'refused'));
    start();
    await until(() => kinds().includes('ready'), { what: 'the engine' });
    desk.receive({ kind: 'kill', id: 'k1' }, []);
    desk.receive({ kind: 'disarm', id: 'd1', reason: 'sleep' }, []);
    await until(() => posted.filter((each) => each.kind === 'answer').length === 3, {
      what: 'the answers',
    });
    assert.deepEqual(engine.executed, [
      { kind: 'kill', id: 'k1' },
      { kind: 'disarm', id: 'd1', strategy: null, symbol: null },
    ]);
  });

  it('explains why an engine cannot start, and ends', async () => {
    const { desk, start, posted, codes } = rig(() =>
      Promise.reject(new EngineError('runtime/already-running', 'another engine runs')),
    );
    const port = new FakePort();
    start();
    desk.receive({ kind: 'terminal', name: 'w1' }, [port]);
    await until(() => codes.length > 0, { what: 'the end' });
    assert.deepEqual(posted.at(-1), {
      kind: 'failed',
      code: 'runtime/already-running',
      reason: 'another engine runs',
    });
    assert.deepEqual(codes, [1]);
    assert.deepEqual(port.posted, [{ closing: 'the engine could not start' }]);
  });

  it('stops in good order once, and says what is left', async () => {
    const { desk, start, engine, posted, codes, kinds } = rig();
    engine.left = ['BTCUSDT 0.010 long'];
    start();
    await until(() => kinds().includes('ready'), { what: 'the engine' });
    desk.receive({ kind: 'stop' }, []);
    await desk.stop();
    assert.equal(engine.stops, 1);
    assert.deepEqual(posted.at(-1), { kind: 'stopped', left: ['BTCUSDT 0.010 long'] });
    assert.deepEqual(codes, [1]);
    const late = new FakePort();
    desk.receive({ kind: 'terminal', name: 'late' }, [late]);
    assert.deepEqual(late.posted, [{ closing: 'the engine stops' }]);
  });

  it('lets an engine that is half built come up before it ends it', async () => {
    const launch = Promise.withResolvers<FakeEngine>();
    const { desk, start, codes } = rig(() => launch.promise);
    start();
    const stopped = desk.stop();
    const engine = new FakeEngine();
    launch.resolve(engine);
    await stopped;
    assert.equal(engine.stops, 1);
    assert.deepEqual(codes, [0]);
  });

  it('stops by itself when the main process is gone', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] });
    const { start, engine, around, codes, kinds } = rig();
    start();
    await until(() => kinds().includes('ready'), { what: 'the engine' });
    t.mock.timers.tick(3000);
    assert.equal(engine.stops, 0);
    around.isMainAlive = false;
    t.mock.timers.tick(1000);
    await until(() => codes.length > 0, { what: 'the end' });
    assert.equal(engine.stops, 1);
  });

  it('holds a key and says nothing of it but its label', async () => {
    const { desk, posted } = rig();
    const key: RevealedKey = { label: 'main', venue: 'v', apiKey: CANARY, secret: CANARY };
    desk.receive({ kind: 'venueKey', key }, []);
    assert.match(JSON.stringify(posted), /key \\"main\\" of v is held/);
    assert.ok(!JSON.stringify(posted).includes(CANARY));
  });
});

describe('the summary', () => {
  it('counts what is armed, resting, held and unprotected', () => {
    const status = {
      ...STATUS,
      strategies: STATUS.strategies.map((each) => ({ ...each, state: 'ARMED' as const })),
      scalps: STATUS.scalps.map((each) => ({ ...each, unprotected: true })),
      instruments: STATUS.instruments.map((each) => ({ ...each, positionLots: -3 })),
    };
    const summary = summaryOf(status, 2);
    assert.equal(summary.armed, status.strategies.length);
    assert.equal(summary.positions, status.instruments.length);
    assert.equal(summary.unprotected, status.scalps.length);
    assert.equal(summary.terminals, 2);
  });

  it('is told when it differs from the one before', () => {
    const told: number[] = [];
    const teller = new SummaryTeller(({ terminals }) => told.push(terminals));
    for (const terminals of [1, 1, 2, 2, 1]) teller.look(summaryOf(STATUS, terminals));
    assert.deepEqual(told, [1, 2, 1]);
  });
});

function attached() {
  const raw = new FakePort();
  const heard: string[] = [];
  const port = new TerminalPort(raw);
  port.attach({ onText: (text) => heard.push(text), onClose: () => heard.push('closed') });
  return { raw, port, heard };
}

describe("a window's port", () => {
  it('carries texts and copies of frames', () => {
    const { raw, port, heard } = attached();
    raw.emit('message', { data: 'hello' });
    const frame = new Float64Array([1, 2]).buffer;
    assert.ok(port.sendText('status') && port.sendFrame(frame));
    new Float64Array(frame)[0] = 9;
    assert.deepEqual(raw.posted, ['status', new Float64Array([1, 2]).buffer]);
    assert.equal(frame.byteLength, 16, 'the buffer stays with the publisher');
    assert.deepEqual(heard, ['hello']);
  });

  it('is closed for anything that is no text', () => {
    for (const payload of [new ArrayBuffer(8), { text: 'x' }, 7, null]) {
      const { raw, heard } = attached();
      raw.emit('message', { data: payload });
      assert.ok(raw.isClosed);
      assert.deepEqual(raw.posted, [{ closing: 'a terminal sends text only' }]);
      assert.deepEqual(heard, ['closed']);
      raw.emit('message', { data: 'late' });
      assert.deepEqual(heard, ['closed']);
    }
  });

  it('says why it is closed, once, and sends nothing after it', () => {
    const { raw, port, heard } = attached();
    port.close('contract mismatch');
    port.close('again');
    assert.deepEqual(raw.posted, [{ closing: 'contract mismatch' }]);
    assert.equal(port.sendText('late'), false);
    assert.deepEqual(heard, ['closed']);
  });

  it('that breaks while it is posted to refuses, and its end is told once', () => {
    const { raw, port, heard } = attached();
    raw.isBroken = true;
    assert.equal(port.sendText('x'), false);
    raw.emit('close');
    raw.emit('close');
    assert.deepEqual(heard, ['closed']);
  });
});
