/**
 * live-engine: a real engine as a process of its own, with its exchange, for tests over sockets.
 *
 * Everything that is started here is ended with the test, the exchange included; its process is
 * known from the port file in the data folder.
 *
 * Imports   engine (contract, runtime/control), test/support.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { EngineStatus } from '../../engine/contract/status.ts';
import { ControlClient } from '../../engine/runtime/control/control-client.ts';
import { repositoryRoot } from '../support/repository.ts';
import { until } from '../support/until.ts';

const MAIN = path.join(repositoryRoot, 'engine/cli/main.ts');
export const SLOW_MS = 20_000;
/** Trades within a second or two, watches closely, and lets the venue's switch act soon. */
export const EAGER: readonly string[] = [
  '--set=signals.warmUpS=1',
  '--set=signals.warmUpTrades=0',
  '--set=orders.receiveWindowMs=500',
];

export interface Run {
  readonly child: ChildProcess;
  readonly output: { out: string; err: string };
  /** Resolves with the exit code, or with the signal that ended it. */
  readonly code: Promise<number | string>;
}

/** One command on the data folder `base`. */
export function run(t: TestContext, base: string, ...args: string[]): Run {
  return spawned(t, base, process.execPath, [MAIN, ...args, '--data-dir', base]);
}

/** The same through a shell, for its limits: `limit` stands before the command. */
export function runLimited(t: TestContext, base: string, limit: string, args: string[]): Run {
  const words = [process.execPath, MAIN, ...args, '--data-dir', base];
  return spawned(t, base, '/bin/sh', ['-c', `${limit}; exec "$@"`, 'sh', ...words]);
}

function spawned(t: TestContext, base: string, file: string, args: string[]): Run {
  const home = { HOME: base, XDG_CONFIG_HOME: '', XDG_DATA_HOME: '' };
  const child = spawn(file, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...home },
  });
  t.after(() => {
    // A stopped process must be let go on to die.
    child.kill('SIGCONT');
    child.kill('SIGKILL');
  });
  const output = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.err += text));
  const code = once(child, 'close').then(([exit, signal]) => (exit ?? signal) as number | string);
  return { child, output, code };
}

interface ExchangeAccount {
  readonly account: string;
  readonly ordersSeen: number;
  readonly openOrders: readonly { readonly symbol: string }[];
  readonly positions: readonly { readonly symbol: string; readonly amount: string }[];
}

/** An engine under test: its data folder, its process, and its exchange. */
export class LiveEngine {
  readonly base: string;
  readonly folder: string;
  readonly #test: TestContext;
  process!: Run;

  private constructor(t: TestContext) {
    this.#test = t;
    this.base = mkdtempSync(path.join(tmpdir(), 'tickdeck-live-'));
    this.folder = path.join(this.base, 'sim-main');
    t.after(() => this.#end());
  }

  /** Ends the engine, then its exchange, then removes what they wrote. */
  async #end(): Promise<void> {
    this.process.child.kill('SIGCONT');
    this.process.child.kill('SIGKILL');
    await this.process.code.catch(() => undefined);
    endExchange(this.folder);
    rmSync(this.base, { recursive: true, force: true, maxRetries: 3 });
  }

  /** Starts `headless` and waits until every book is in sync. */
  static async start(t: TestContext, ...args: string[]): Promise<LiveEngine> {
    const engine = new LiveEngine(t);
    engine.process = run(t, engine.base, 'headless', ...args);
    await engine.synced();
    return engine;
  }

  /** The same with a window in a browser; its address. */
  static async serve(t: TestContext, ...args: string[]): Promise<[LiveEngine, string]> {
    const engine = new LiveEngine(t);
    engine.process = run(t, engine.base, 'serve', '--port', '0', '--json', ...args);
    await engine.synced();
    const line = (): string | undefined => /^\{.*\}$/m.exec(engine.process.output.out)?.[0];
    const text = await until(line, { what: 'the address of the window', timeoutMs: SLOW_MS });
    return [engine, (JSON.parse(text) as { url: string }).url];
  }

  /** The same with a limit of the shell before it. */
  static async startLimited(t: TestContext, limit: string, ...args: string[]): Promise<LiveEngine> {
    const engine = new LiveEngine(t);
    engine.process = runLimited(t, engine.base, limit, ['headless', ...args]);
    await engine.synced();
    return engine;
  }

  /** Another engine on the same folder, after the first has gone. */
  async restart(...args: string[]): Promise<void> {
    this.process = run(this.#test, this.base, 'headless', ...args);
    await this.synced();
  }

  async synced(): Promise<void> {
    const gone = this.process.code.then((code) => {
      throw new Error(`the engine ended with ${code}: ${this.process.output.err}`);
    });
    const ready = this.statusWhere('the books to sync', ({ instruments }) =>
      instruments.every(({ book }) => book === 'synced'),
    );
    gone.catch(() => undefined);
    await Promise.race([ready, gone]);
  }

  command(...args: string[]): Run {
    return run(this.#test, this.base, ...args);
  }

  /** A terminal of the command line; closed with the test. */
  async connect(name = 'test'): Promise<ControlClient> {
    const client = await ControlClient.connect(this.folder, name);
    this.#test.after(() => client.close());
    return client;
  }

  async status(): Promise<EngineStatus> {
    const client = await ControlClient.connect(this.folder, 'look');
    try {
      return await client.ask('status', {});
    } finally {
      client.close();
    }
  }

  /** Waits until a status is as wanted, and answers it. */
  statusWhere(
    what: string,
    isWanted: (status: EngineStatus) => boolean,
    timeoutMs = SLOW_MS,
  ): Promise<EngineStatus> {
    let last: EngineStatus | null = null;
    const look = async (): Promise<EngineStatus | null> => {
      last = await this.status().catch(() => last);
      return last !== null && isWanted(last) ? last : null;
    };
    return until(look, { what, timeoutMs, pollMs: 40 }).catch((error: unknown) => {
      throw new Error(`${String(error)}; last: ${describe(last)}`);
    });
  }

  /** Takes the lease, keeps it, and arms everything. */
  async arm(): Promise<ControlClient> {
    const { client } = await this.supervise();
    const ack = await client.ask('arm', { strategy: null, symbol: null });
    if (ack.outcome !== 'applied') throw new Error(`arm: ${ack.reason}`);
    return client;
  }

  /** Takes the lease and keeps it until `letGo` is called. */
  async supervise(): Promise<{ client: ControlClient; letGo: () => void }> {
    const client = await this.connect();
    const lease = await client.ask('leaseAcquire', {});
    if (!lease.granted) throw new Error(lease.reason);
    const renewal = setInterval(() => {
      client.ask('leaseRenew', {}).catch(() => clearInterval(renewal));
    }, 300);
    this.#test.after(() => clearInterval(renewal));
    return { client, letGo: () => clearInterval(renewal) };
  }

  get exchangeUrl(): string {
    return this.#exchange().url;
  }

  get exchangePid(): number {
    return this.#exchange().pid;
  }

  /** What the exchange itself says of the engine's account. */
  async account(): Promise<ExchangeAccount> {
    const response = await fetch(`${this.exchangeUrl}/sim/state`);
    const state = (await response.json()) as { accounts: ExchangeAccount[] };
    return state.accounts[0]!;
  }

  async faults(faults: Readonly<Record<string, unknown>>): Promise<void> {
    const body = JSON.stringify(faults);
    const response = await fetch(`${this.exchangeUrl}/sim/faults`, { method: 'POST', body });
    if (!response.ok) throw new Error(await response.text());
  }

  #exchange(): { url: string; pid: number } {
    return exchangeOf(this.folder);
  }
}

function exchangeOf(folder: string): { url: string; pid: number } {
  const text = readFileSync(path.join(folder, 'exchange.json'), 'utf8');
  return JSON.parse(text) as { url: string; pid: number };
}

/** Ends the exchange of a data folder, if there is one. */
function endExchange(folder: string): void {
  try {
    process.kill(exchangeOf(folder).pid, 'SIGKILL');
  } catch {
    // None was started, or it has ended by itself.
  }
}

/** A data folder for commands alone; the exchange that they started ends with the test. */
export function liveFolder(t: TestContext): string {
  const base = mkdtempSync(path.join(tmpdir(), 'tickdeck-live-'));
  t.after(() => {
    endExchange(path.join(base, 'sim-main'));
    rmSync(base, { recursive: true, force: true, maxRetries: 3 });
  });
  return base;
}

export function held(account: ExchangeAccount): string[] {
  return account.positions
    .filter(({ amount }) => Number(amount) !== 0)
    .map(({ symbol, amount }) => `${symbol} ${amount}`);
}

/** The few words of a status that tell a failed wait apart. */
function describe(status: EngineStatus | null): string {
  if (status === null) return 'no status';
  const { state, stateReason, orders, scalps, alerts, venue } = status;
  const told = alerts.slice(0, 3).map(({ code, text }) => `${code}: ${text}`);
  return JSON.stringify({
    state,
    stateReason,
    orders: orders.length,
    scalps: scalps.length,
    venue,
    told,
  });
}
