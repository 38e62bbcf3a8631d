/**
 * exchange-process: the simulated exchange as a second utility process, started when the engine
 * asks for it. It outlives an engine's crash and ends by itself a minute after its last client.
 *
 * The engine names arguments, never a file to run: the entry is ours, and every argument is
 * checked, because the engine's word is not enough to start a process with.
 *
 * Imports   ./engine-process (types).
 */
import type { ChildProcessLike } from './engine-process.ts';

const NUMBERS: ReadonlySet<string> = new Set(['--port', '--seed', '--rate', '--idle-exit-seconds']);
const PORT_FILE = /^(\/|[A-Za-z]:[\\/]).*exchange\.json$/s;

/** One line about what is wrong with the arguments, or null. */
export function wrongArguments(args: readonly string[]): string | null {
  if (args.length % 2 !== 0) return 'arguments come in pairs';
  for (let at = 0; at < args.length; at += 2) {
    const name = args[at]!;
    const value = args[at + 1]!;
    if (name === '--portfile') {
      if (!PORT_FILE.test(value)) return '--portfile must be a whole path of exchange.json';
    } else if (!NUMBERS.has(name)) return `${name} is not known`;
    else if (!/^\d{1,10}$/.test(value)) return `${name} must be a whole number`;
  }
  return args.includes('--portfile') ? null : '--portfile is missing';
}

export interface ExchangeProcessOptions {
  readonly fork: (args: string[]) => ChildProcessLike<never>;
  readonly onLog: (level: 'info' | 'warn', line: string) => void;
  /** It ended although nobody asked; the engine will ask for another when it needs one. */
  readonly onGone: (code: number) => void;
}

export class ExchangeProcess {
  readonly #options: ExchangeProcessOptions;
  readonly #children = new Set<ChildProcessLike<never>>();
  #isEnding = false;

  constructor(options: ExchangeProcessOptions) {
    this.#options = options;
  }

  /** Starts one as the engine asks. False when the arguments are not in order. */
  start(args: readonly string[]): boolean {
    const wrong = wrongArguments(args);
    if (wrong !== null || this.#isEnding) {
      this.#options.onLog('warn', `no exchange was started: ${wrong ?? 'the application ends'}`);
      return false;
    }
    const child = this.#options.fork([...args]);
    this.#children.add(child);
    child.on('error', (type, location) => {
      this.#options.onLog('warn', `the exchange's process: ${type} at ${location}`);
    });
    child.on('exit', (code) => {
      this.#children.delete(child);
      if (this.#isEnding) return;
      if (code === 0) this.#options.onLog('info', 'the simulated exchange has ended');
      else this.#options.onGone(code);
    });
    return true;
  }

  get count(): number {
    return this.#children.size;
  }

  /** With the application, after the engine. */
  end(): void {
    this.#isEnding = true;
    for (const child of this.#children) child.kill();
  }
}
