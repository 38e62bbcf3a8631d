/**
 * supervision.test: processes that are watched: the restart budget, the engine's and the exchange's
 * processes, the broker of ports, what is done about a death.
 */
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, it } from 'node:test';
import { childEnvironment } from '../../../../electron/main/child-environment.ts';
import { childNotice, windowRemedy } from '../../../../electron/main/crash-desk.ts';
import {
  EngineProcess,
  KILL_ANSWER_WITHIN_MS,
  RESTART_PAUSE_MS,
  STOP_WITHIN_MS,
  type ChildProcessLike,
} from '../../../../electron/main/engine-process.ts';
import { ExchangeProcess, wrongArguments } from '../../../../electron/main/exchange-process.ts';
import { launchFlags } from '../../../../electron/main/launch-flags.ts';
import { PortBroker, type PageLike } from '../../../../electron/main/port-broker.ts';
import { RestartBudget } from '../../../../electron/main/restart-budget.ts';
import { Channel } from '../../../../electron/protocol/channels.ts';
import type { EngineSummary, ToEngine } from '../../../../electron/protocol/engine-messages.ts';
import type { ShellNotice } from '../../../../engine/contract/bridge.ts';
import { sampleSummary } from '../sample-summary.ts';

class FakeChild extends EventEmitter implements ChildProcessLike<string> {
  readonly pid = 4711;
  readonly told: ToEngine[] = [];
  readonly ports: string[] = [];
  isKilled = false;

  postMessage(message: ToEngine, transfer: string[] = []): void {
    this.told.push(message);
    this.ports.push(...transfer);
  }

  kill(): boolean {
    this.isKilled = true;
    return true;
  }

  kinds(): readonly string[] {
    return this.told.map(({ kind }) => kind);
  }
}

interface Rig {
  readonly engine: EngineProcess<string>;
  readonly children: FakeChild[];
  readonly heard: string[];
  nowMs: number;
}

function rig(): Rig {
  const children: FakeChild[] = [];
  const heard: string[] = [];
  const made = { children, heard, nowMs: 0 } as unknown as Rig & { engine: EngineProcess<string> };
  const engine = new EngineProcess<string>({
    fork: () => {
      const child = new FakeChild();
      children.push(child);
      return child;
    },
    flags: () => ({ mode: 'sim' }),
    mainPid: 1,
    nowMs: () => made.nowMs,
    endByForce: (pid) => heard.push(`force ${pid}`),
    events: {
      onPhase: (phase) => heard.push(phase),
      onSummary: (summary: EngineSummary | null) => heard.push(summary?.state ?? 'no summary'),
      onExchangeWanted: (args) => heard.push(args.join(' ')),
      onLog: (level, line) => heard.push(`${level} ${line}`),
      onKillNotTaken: (why) => heard.push(`KILL: ${why}`),
      onGivenUp: (reason) => heard.push(`given up: ${reason}`),
    },
  });
  return Object.assign(made, { engine });
}

const READY = { kind: 'ready', session: 's1', mode: 'sim', dataFolder: 'd' };

describe('the restart budget', () => {
  it('gives three in five minutes, and more when they are long ago', () => {
    const budget = new RestartBudget();
    assert.deepEqual(
      [0, 1000, 2000, 3000].map((at) => budget.take(at)),
      [true, true, true, false],
    );
    assert.equal(budget.take(299_999), false);
    assert.equal(budget.take(300_000), true);
    budget.refill();
    assert.equal(budget.spent, 0);
  });
});

describe("the engine's process", () => {
  it('is started with its flags and told who watches it', () => {
    const { engine, children, heard } = rig();
    engine.start();
    engine.start();
    assert.equal(children.length, 1);
    assert.deepEqual(children[0]!.told, [{ kind: 'start', flags: { mode: 'sim' }, mainPid: 1 }]);
    children[0]!.emit('message', READY);
    children[0]!.emit('message', { kind: 'summary', summary: sampleSummary({ state: 'ARMED' }) });
    assert.ok(engine.isRunning);
    assert.equal(engine.summary?.state, 'ARMED');
    assert.deepEqual(heard, ['starting', 'running', 'info session s1 (sim) is up', 'ARMED']);
  });

  it('hears nothing that is malformed, and goes on', () => {
    const { engine, children, heard } = rig();
    engine.start();
    for (const bad of [null, 'text', { kind: 'summary' }, { ...READY, more: 1 }, { kind: 'x' }]) {
      children[0]!.emit('message', bad);
    }
    assert.equal(heard.filter((line) => line.startsWith('warn the engine sent')).length, 5);
    assert.equal(engine.phase, 'starting');
  });

  it('is started again after a crash, three times, then a person is asked', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { engine, children, heard } = rig();
    engine.start();
    for (let crash = 1; crash <= 3; crash++) {
      children.at(-1)!.emit('message', READY);
      children.at(-1)!.emit('exit', 9);
      assert.equal(engine.phase, 'restarting');
      assert.equal(engine.summary, null);
      t.mock.timers.tick(RESTART_PAUSE_MS);
      assert.equal(children.length, crash + 1);
    }
    children.at(-1)!.emit('exit', 9);
    assert.equal(engine.phase, 'failed');
    assert.match(heard.at(-1) ?? '', /given up: .*code 9.*more than 3 times/);
    t.mock.timers.tick(60_000);
    assert.equal(children.length, 4);
    engine.startAgain();
    assert.equal(children.length, 5);
  });

  it('does not hide what a crashed engine had said last, apart from its state', () => {
    const { engine, children } = rig();
    engine.start();
    children[0]!.emit('message', { kind: 'summary', summary: sampleSummary({ positions: 2 }) });
    children[0]!.emit('exit', 1);
    assert.equal(engine.summary, null);
    assert.equal(engine.lastSummary?.positions, 2);
    void engine.stop();
  });

  it('that explains why it cannot start is not started again by itself', () => {
    const { engine, children, heard } = rig();
    engine.start();
    const reason = 'another engine runs on this folder';
    children[0]!.emit('message', { kind: 'failed', code: 'runtime/already-running', reason });
    children[0]!.emit('exit', 1);
    assert.equal(engine.phase, 'failed');
    assert.ok(heard.at(-1)?.includes(reason));
    assert.equal(children.length, 1);
  });

  it('is ended in good order and says what is left', async () => {
    const { engine, children } = rig();
    engine.start();
    children[0]!.emit('message', READY);
    const ended = engine.stop();
    assert.equal(children[0]!.kinds().at(-1), 'stop');
    children[0]!.emit('message', { kind: 'stopped', left: ['BTCUSDT 0.010 long'] });
    children[0]!.emit('exit', 1);
    assert.deepEqual(await ended, { left: ['BTCUSDT 0.010 long'], isOrderly: true });
    engine.start();
    assert.equal(children.length, 1, 'nothing is started after the end');
  });

  it('may report a fatal error without ending the shell', () => {
    const { engine, children, heard } = rig();
    engine.start();
    children[0]!.emit('error', 'FatalError', 'v8::heap');
    assert.ok(heard.includes("error the engine's process: FatalError at v8::heap"));
  });

  it('that does not end in time is ended by force, and that is said', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { engine, heard } = rig();
    engine.start();
    const ended = engine.stop(2000);
    t.mock.timers.tick(2000);
    const report = await ended;
    assert.ok(heard.includes('force 4711'), heard.join());
    assert.equal(report.isOrderly, false);
    assert.equal(report.left.length, 1);
  });

  it('is replaced by another only after its orderly end', async () => {
    const { engine, children } = rig();
    engine.start();
    children[0]!.emit('message', READY);
    const replaced = engine.replace();
    assert.equal(children.length, 1);
    children[0]!.emit('message', { kind: 'stopped', left: [] });
    children[0]!.emit('exit', 0);
    assert.deepEqual(await replaced, { left: [], isOrderly: true });
    assert.equal(children.length, 2);
    assert.equal(engine.phase, 'starting');
  });

  it('gets KILL and disarm at once; without a process the sender knows', () => {
    const { engine, children } = rig();
    assert.equal(engine.kill(), false);
    assert.equal(engine.disarm('sleep'), false);
    engine.start();
    assert.ok(engine.kill() && engine.disarm('sleep') && engine.addTerminal('w', 'port'));
    assert.deepEqual(children[0]!.kinds(), ['start', 'kill', 'disarm', 'terminal']);
    assert.deepEqual(children[0]!.ports, ['port']);
  });

  it('says when KILL is refused or not answered; an answer or its end is enough', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { engine, children, heard } = rig();
    const told = (): readonly string[] => heard.filter((line) => line.startsWith('KILL'));
    const answer = { kind: 'answer', reason: 'it starts' };
    engine.start();
    engine.kill();
    children[0]!.emit('message', { ...answer, id: 'main-kill-1', outcome: 'applied' });
    t.mock.timers.tick(KILL_ANSWER_WITHIN_MS);
    assert.deepEqual(told(), []);
    engine.kill();
    children[0]!.emit('message', { ...answer, id: 'main-kill-2', outcome: 'refused' });
    assert.deepEqual(told(), ['KILL: refused: it starts']);
    engine.kill();
    t.mock.timers.tick(KILL_ANSWER_WITHIN_MS);
    assert.match(told()[1] ?? '', /no answer for 5 s/);
    engine.kill();
    children[0]!.emit('exit', 1);
    t.mock.timers.tick(KILL_ANSWER_WITHIN_MS);
    assert.equal(told().length, 2);
  });

  it('one that hangs is ended by force, and another takes its place', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { engine, children, heard } = rig();
    engine.start();
    const replaced = engine.replace();
    t.mock.timers.tick(STOP_WITHIN_MS);
    assert.equal((await replaced).isOrderly, false);
    assert.ok(heard.includes('force 4711'), heard.join());
    assert.equal(children.length, 2);
    children[0]!.emit('exit', 9);
    assert.equal(engine.phase, 'starting', 'the end of the former one is no crash');
  });
});

describe("the exchange's process", () => {
  const ARGS = ['--port', '0', '--seed', '7', '--rate', '100', '--portfile', '/d/exchange.json'];

  it('takes the arguments of an exchange and no others', () => {
    assert.equal(wrongArguments([...ARGS, '--idle-exit-seconds', '60']), null);
    assert.equal(wrongArguments(['--portfile', 'C:\\d\\exchange.json']), null);
    for (const wrong of [
      ['--port', '0'],
      [...ARGS, '--faults'],
      [...ARGS, '--faults', '{}'],
      [...ARGS, '--require', '/d/evil.js'],
      ['--portfile', 'exchange.json'],
      ['--portfile', '/etc/passwd'],
      [...ARGS, '--seed', '1;rm'],
    ]) {
      assert.notEqual(wrongArguments(wrong), null, wrong.join(' '));
    }
  });

  it('is told apart: its own end, an unexpected one, the end of everything', () => {
    const children: FakeChild[] = [];
    const gone: number[] = [];
    const exchange = new ExchangeProcess({
      fork: () => {
        const child = new FakeChild();
        children.push(child);
        return child;
      },
      onLog: () => undefined,
      onGone: (code) => gone.push(code),
    });
    assert.equal(exchange.start(['--bad', '1']), false);
    assert.ok(exchange.start(ARGS) && exchange.start(ARGS) && exchange.start(ARGS));
    children[0]!.emit('exit', 0);
    children[1]!.emit('exit', 139);
    assert.deepEqual(gone, [139]);
    exchange.end();
    assert.ok(children[2]!.isKilled);
    children[2]!.emit('exit', 15);
    assert.deepEqual(gone, [139]);
    assert.equal(exchange.start(ARGS), false);
  });
});

class FakePage implements PageLike<string> {
  readonly id: number;
  readonly got: string[] = [];
  isGone = false;

  constructor(id: number) {
    this.id = id;
  }

  isDestroyed(): boolean {
    return this.isGone;
  }

  postMessage(channel: string, message: { readonly nonce: string }, ports: string[] = []): void {
    assert.equal(channel, Channel.Port);
    this.got.push(`port ${message.nonce} ${ports.join()}`);
  }

  send(channel: string, notice: ShellNotice): void {
    assert.equal(channel, Channel.Notice);
    this.got.push(`notice ${notice.text}`);
  }
}

function brokerRig(): {
  broker: PortBroker<string>;
  engine: string[];
  state: { isReady: boolean };
} {
  let made = 0;
  const engine: string[] = [];
  const state = { isReady: true };
  const broker = new PortBroker<string>({
    channel: () => ({ port1: `e${++made}`, port2: `w${made}` }),
    toEngine: (name, port) => {
      if (state.isReady) engine.push(`${name} ${port}`);
      return state.isReady;
    },
    isReady: () => state.isReady,
    greeting: () => [{ kind: 'engine', phase: 'running', text: 'hello' }],
  });
  return { broker, engine, state };
}

describe('the broker of ports', () => {
  it('gives one end to the engine and the other to who asked, under its nonce', () => {
    const { broker: it, engine } = brokerRig();
    const page = new FakePage(7);
    it.request(page, 'n1');
    it.request(page, 'n1');
    assert.deepEqual(engine, ['window 7 e1', 'window 7 e2']);
    assert.deepEqual(page.got, ['notice hello', 'port n1 w1', 'port n1 w2']);
  });

  it('remembers who asked too early, and gives all of them a port to the next engine', () => {
    const { broker: it, engine, state } = brokerRig();
    const pages = [new FakePage(1), new FakePage(2), new FakePage(3)];
    state.isReady = false;
    pages.forEach((page) => it.request(page, `n${page.id}`));
    assert.deepEqual(engine, []);
    it.forget(2);
    pages[2]!.isGone = true;
    state.isReady = true;
    it.engineReady();
    it.engineReady();
    assert.deepEqual(pages[0]!.got, ['notice hello', 'port n1 w1', 'port n1 w2']);
    assert.deepEqual(pages[1]!.got, ['notice hello']);
    assert.deepEqual(pages[2]!.got, ['notice hello']);
  });

  it('says after the next load what happened to a window meanwhile', () => {
    const { broker: it } = brokerRig();
    const page = new FakePage(1);
    it.tellLater(1, { kind: 'alert', atMs: 1, level: 'danger', code: 'WINDOW', text: 'crashed' });
    it.tellAll({ kind: 'engine', phase: 'running', text: 'unheard' });
    it.request(page, 'n1');
    it.request(page, 'n2');
    assert.equal(page.got.filter((line) => line === 'notice crashed').length, 1);
    assert.ok(!page.got.includes('notice unheard'));
  });
});

describe('what is done about a death', () => {
  it('loads a window again three times, then asks; an orderly end is nothing', () => {
    const budget = new RestartBudget();
    const gone = { reason: 'crashed', exitCode: 139 };
    const kinds = [0, 1, 2, 3].map((at) => windowRemedy(gone, budget, at).kind);
    assert.deepEqual(kinds, ['reload', 'reload', 'reload', 'ask']);
    const clean = windowRemedy({ reason: 'clean-exit', exitCode: 0 }, new RestartBudget(), 0);
    assert.equal(clean.kind, 'nothing');
    const remedy = windowRemedy({ reason: 'oom', exitCode: 5 }, new RestartBudget(), 0);
    assert.ok(
      remedy.kind === 'reload' && /oom, code 5.*exits of open scalps run/.test(remedy.text),
    );
  });

  it('tells windows of the graphics process, and leaves the engine to its supervisor', () => {
    const gone = { reason: 'crashed', exitCode: 1 };
    assert.match(childNotice({ type: 'GPU', ...gone }) ?? '', /graphics process ended/);
    assert.equal(childNotice({ type: 'Utility', ...gone }), null);
    assert.equal(childNotice({ type: 'GPU', reason: 'clean-exit', exitCode: 0 }), null);
  });
});

describe('what a child process is given', () => {
  it('is where things lie, and nothing that loads code or is secret', () => {
    const given = childEnvironment({
      PATH: '/bin',
      HOME: '/h',
      LC_ALL: 'C',
      NODE_OPTIONS: '--require /x.js',
      ELECTRON_RUN_AS_NODE: '1',
      LD_PRELOAD: '/x.so',
      DYLD_INSERT_LIBRARIES: '/x',
      MY_API_KEY: 'canary',
      TZ: undefined,
    });
    assert.deepEqual(Object.keys(given).toSorted(), [
      'HOME',
      'LC_ALL',
      'MALLOC_ARENA_MAX',
      'MALLOC_TRIM_THRESHOLD_',
      'PATH',
    ]);
  });

  it("are the engine's own flags out of the application's line", () => {
    const line = [
      '.',
      '--no-sandbox',
      '--data-dir',
      '/d',
      '--mode=sim',
      '--set',
      'a=1',
      '--set=b=2',
    ];
    const further = ['--remote-debugging-port=9', 'https://x', '--seed'];
    assert.deepEqual(launchFlags([...line, ...further]), {
      'data-dir': '/d',
      mode: 'sim',
      set: ['a=1', 'b=2'],
    });
    assert.deepEqual(launchFlags([]), {});
  });
});
