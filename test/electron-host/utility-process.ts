/**
 * utility-process: utilityProcess.fork as a real Node process with `process.parentPort`.
 *
 * Imports   ./app, ./clone, ./ports.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { hostApp } from './app.ts';
import { fromBytes, toBytes } from './clone.ts';
import { closePort, closePortsAt, giveAway, route, settlePort, type PortPlace } from './ports.ts';

export interface ForkOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly execArgv?: readonly string[];
  readonly cwd?: string;
  readonly stdio?: string | readonly string[];
  readonly serviceName?: string;
}

interface FromChild {
  readonly kind: 'message' | 'port' | 'close';
  readonly id: number;
  readonly bytes: Uint8Array;
  readonly ports: readonly number[];
}

const BOOT = fileURLToPath(new URL('./utility-boot.ts', import.meta.url));
const running = new Set<UtilityProcess>();

export class UtilityProcess extends EventEmitter {
  readonly #child: ChildProcess;
  readonly #name: string;
  readonly #place: PortPlace;
  #hasEnded = false;

  constructor(modulePath: string, args: readonly string[], options: ForkOptions) {
    super();
    if (!hostApp.isReady()) throw new Error('utilityProcess cannot be used before app is ready');
    this.#name = options.serviceName ?? 'Node Utility Process';
    const child = fork(BOOT, [modulePath, ...args], {
      serialization: 'advanced',
      execArgv: [...(options.execArgv ?? [])],
      env: options.env ?? process.env,
      ...(options.cwd !== undefined && { cwd: options.cwd }),
      stdio: ['ignore', ...outputs(options.stdio), 'ipc'],
    });
    this.#child = child;
    this.#place = {
      deliver: (id, message) => this.#send({ kind: 'port', id, ...message }),
      close: (id) => this.#send({ kind: 'close', id }),
    };
    running.add(this);
    child.on('message', (message) => this.#receive(message as FromChild));
    child.on('spawn', () => this.emit('spawn'));
    child.on('error', (error) => this.emit('error', 'FatalError', String(error), ''));
    child.on('exit', (code, signal) => this.#onExit(code, signal));
  }

  /** Undefined before it runs and after it has ended. */
  get pid(): number | undefined {
    return this.#hasEnded ? undefined : this.#child.pid;
  }

  get stdout(): NodeJS.ReadableStream | null {
    return this.#child.stdout;
  }

  get stderr(): NodeJS.ReadableStream | null {
    return this.#child.stderr;
  }

  get hostName(): string {
    return this.#name;
  }

  postMessage(message: unknown, transfer: readonly unknown[] = []): void {
    const bytes = toBytes(message);
    const ports = giveAway(transfer);
    this.#send({ kind: 'message', id: 0, bytes, ports });
    for (const port of ports) settlePort(port, this.#place);
  }

  kill(): boolean {
    return this.#child.kill();
  }

  #send(message: FromChild | { kind: 'close'; id: number }): void {
    // A message to a process that is ending is lost, as it is in Electron.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  #receive({ kind, id, bytes, ports }: FromChild): void {
    if (kind === 'message') this.emit('message', fromBytes(bytes));
    else if (kind === 'port') route(id, { bytes, ports });
    else closePort(id);
  }

  #onExit(code: number | null, signal: NodeJS.Signals | null): void {
    this.#hasEnded = true;
    running.delete(this);
    closePortsAt(this.#place);
    const exitCode = code ?? (signal === null ? 1 : constants.signals[signal]);
    this.emit('exit', exitCode);
    const details = { type: 'Utility', name: this.#name, serviceName: this.#name, exitCode };
    const reason = signal !== null ? 'killed' : exitCode === 0 ? 'clean-exit' : 'abnormal-exit';
    hostApp.emit('child-process-gone', {}, { ...details, reason });
  }
}

export const utilityProcess = {
  fork: (modulePath: string, args: readonly string[] = [], options: ForkOptions = {}) =>
    new UtilityProcess(modulePath, args, options),
};

export function runningUtilities(): readonly UtilityProcess[] {
  return [...running];
}

function outputs(stdio: ForkOptions['stdio']): readonly ('pipe' | 'inherit' | 'ignore')[] {
  const asked = Array.isArray(stdio) ? stdio.slice(1) : [stdio, stdio];
  return [asked[0], asked[1]].map((each) =>
    each === 'pipe' || each === 'ignore' ? each : 'inherit',
  );
}
