/**
 * entry: the simulated exchange as a process of its own.
 *
 *   node engine/exchange/entry.ts --port 0 --seed 7 --rate 1000 --portfile FILE
 *        [--idle-exit-seconds 60] [--symbols BTCUSDT,ETHUSDT] [--faults '{"delayMs":20}']
 *
 * Prints one JSON line {"url","wsUrl","port","pid","seed"} once it listens and writes the same line
 * to the port file. Ends by itself when the last client has been gone for the idle time, or on
 * SIGTERM or SIGINT; the port file goes with it. Exit code 0, 1 (could not run) or 2 (bad usage).
 *
 * Imports   node:fs, node:process, node:util, base/errors, exchange.
 */
import { readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { EngineError, messageOf } from '../base/errors.ts';
import { DEFAULTS } from './core/defaults.ts';
import { instrumentsNamed } from './core/instruments.ts';
import { checkedFaults } from './server/faults.ts';
import type { RunningExchange, ServerOptions } from './server/server.ts';
import { startExchangeServer } from './server/server.ts';

export interface EntryArguments {
  readonly server: ServerOptions;
  readonly seed: number;
  readonly portFile: string | null;
  readonly idleExitMs: number;
}

const USAGE =
  'usage: exchange --port N --seed N --rate N [--portfile FILE] [--idle-exit-seconds N] ' +
  '[--symbols A,B] [--faults JSON]';

function bad(message: string): EngineError {
  return new EngineError('usage/invalid', `${message}; ${USAGE}`);
}

function whole(text: string, name: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw bad(`--${name} must be a whole number from ${min} to ${max}, not "${text}"`);
  }
  return value;
}

/** Throws EngineError 'usage/invalid' with one line that names the argument. */
export function parseEntryArguments(argv: readonly string[]): EntryArguments {
  let values: Readonly<Record<string, string | undefined>>;
  try {
    const parsed = parseArgs({
      args: [...argv],
      options: {
        port: { type: 'string', default: '0' },
        seed: { type: 'string', default: String(DEFAULTS.seed) },
        rate: { type: 'string', default: String(DEFAULTS.messagesPerSecond) },
        portfile: { type: 'string' },
        'idle-exit-seconds': { type: 'string', default: '60' },
        symbols: { type: 'string' },
        faults: { type: 'string' },
      },
    });
    values = parsed.values;
  } catch (error) {
    throw bad(messageOf(error));
  }
  const { messagesPerSecondMin, messagesPerSecondMax } = DEFAULTS;
  const rate = whole(values['rate'] ?? '', 'rate', messagesPerSecondMin, messagesPerSecondMax);
  const seed = whole(values['seed'] ?? '', 'seed', 0, 0xffff_ffff);
  const idleSeconds = whole(values['idle-exit-seconds'] ?? '', 'idle-exit-seconds', 0, 86_400);
  const symbols = values['symbols'];
  const faults = values['faults'];
  return {
    seed,
    portFile: values['portfile'] ?? null,
    idleExitMs: idleSeconds * 1000,
    server: {
      port: whole(values['port'] ?? '', 'port', 0, 65_535),
      seed,
      messagesPerSecond: rate,
      ...(symbols === undefined ? {} : { instruments: instruments(symbols) }),
      ...(faults === undefined ? {} : { faults: parsedFaults(faults) }),
    },
  };
}

function instruments(text: string): NonNullable<ServerOptions['instruments']> {
  try {
    return instrumentsNamed(text.split(',').map((name) => name.trim().toUpperCase()));
  } catch (error) {
    throw bad(`--symbols: ${messageOf(error)}`);
  }
}

function parsedFaults(text: string): NonNullable<ServerOptions['faults']> {
  try {
    return checkedFaults(JSON.parse(text));
  } catch (error) {
    throw bad(`--faults: ${messageOf(error)}`);
  }
}

function writePortFile(path: string, line: string): void {
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, `${line}\n`, { mode: 0o600 });
  renameSync(draft, path);
}

/** Removes the port file unless another exchange has replaced it meanwhile. */
function dropPortFile(path: string, line: string): void {
  try {
    if (readFileSync(path, 'utf8').trim() === line) unlinkSync(path);
  } catch {
    // Already gone.
  }
}

/** Runs until a signal, or until the last client has been gone for the idle time. */
export async function runExchange(
  argv: readonly string[],
  endedBy: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT'],
): Promise<void> {
  const args = parseEntryArguments(argv);
  let running: RunningExchange | null = null;
  let line = '';
  let isStopping = false;
  const stop = (): void => {
    // Not listening yet: nothing to close.
    if (running === null) process.exit(0);
    const closing = running;
    if (isStopping) return;
    isStopping = true;
    if (args.portFile !== null) dropPortFile(args.portFile, line);
    void closing.close().then(() => process.exit(0));
  };
  for (const signal of endedBy) process.on(signal, stop);
  const options = { ...args.server, idleExitMs: args.idleExitMs, onIdleExit: stop };
  running = await startExchangeServer(options);
  const { url, wsUrl, port } = running;
  line = JSON.stringify({ url, wsUrl, port, pid: process.pid, seed: args.seed });
  if (args.portFile !== null) writePortFile(args.portFile, line);
  process.stdout.write(`${line}\n`);
}

if (import.meta.main) {
  runExchange(process.argv.slice(2)).catch((error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    const isUsage = error instanceof EngineError && error.code === 'usage/invalid';
    process.exit(isUsage ? 2 : 1);
  });
}
