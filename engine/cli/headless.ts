/**
 * headless: the engine alone, one status object a second.
 *
 * Imports   cli.
 */
import { parseArgs } from 'node:util';
import { EngineError } from '../base/errors.ts';
import type { EngineStatus } from '../contract/status.ts';
import type { Engine } from '../runtime/engine.ts';
import {
  ENGINE_FLAGS,
  ENGINE_FLAGS_HELP,
  launchEngine,
  stopEngine,
  untilStopped,
} from './engine-launch.ts';

export const summary = 'the engine alone, one status a second';
export const help = `tickdeck headless [options]

Runs the engine without a window. arm, disarm, status, flatten and kill talk to it.

  --seconds N            end after N seconds (replay: at the end of the tape at the latest)
  --json                 one JSON status object a second on standard output
  --arm                  arm everything and hold the lease until the end
${ENGINE_FLAGS_HELP}

At the end everything is disarmed, positions are flattened and the venue is asked whether
orders are left. Exit code 0: nothing is left; 1: something is, or something went wrong.`;

const STATUS_EVERY_MS = 1000;
const LEASE_EVERY_MS = 500;
const OWNER = 'headless';
/** What is armed at start waits for the books, for this long at most. */
const SYNC_WITHIN_MS = 20_000;

export async function run(argv: string[]): Promise<number> {
  const { values } = parseArgs({
    args: argv,
    options: {
      ...ENGINE_FLAGS,
      seconds: { type: 'string' },
      json: { type: 'boolean' },
      arm: { type: 'boolean' },
    },
  });
  const seconds = secondsOf(values.seconds);
  const { engine } = await launchEngine(values, (line) => process.stderr.write(`${line}\n`));
  const print = values.json === true ? printJson : printLine;
  const timers = [setInterval(() => print(engine.status()), STATUS_EVERY_MS)];
  if (values.arm === true) {
    engine.lease.acquire(OWNER);
    timers.push(setInterval(() => engine.lease.renew(OWNER), LEASE_EVERY_MS));
    await armAll(engine);
  }
  await untilStopped(Promise.race([after(seconds), engine.tapeEnded]));
  for (const timer of timers) clearInterval(timer);
  engine.views.refresh();
  print(engine.status());
  const code = await stopEngine(engine, true);
  // A hung socket must not keep a finished command alive.
  setTimeout(() => process.exit(code), 1000).unref();
  return code;
}

function secondsOf(text: string | undefined): number {
  const seconds = text === undefined ? Infinity : Number(text);
  if (!(seconds > 0)) throw new EngineError('usage/invalid', `--seconds ${text}: give a number`);
  return seconds;
}

function after(seconds: number): Promise<void> {
  return new Promise((resolve) => {
    if (Number.isFinite(seconds)) setTimeout(resolve, seconds * 1000);
  });
}

async function armAll(engine: Engine): Promise<void> {
  const until = performance.now() + SYNC_WITHIN_MS;
  const isSynced = (): boolean => engine.status().instruments.every((i) => i.book === 'synced');
  while (!isSynced() && performance.now() < until) await after(0.05);
  const ack = await engine.execute(
    { kind: 'arm', id: 'headless-arm', strategy: null, symbol: null },
    true,
  );
  if (ack.outcome === 'refused') process.stderr.write(`tickdeck: not armed: ${ack.reason}\n`);
}

function printJson(status: EngineStatus): void {
  process.stdout.write(`${JSON.stringify(status)}\n`);
}

function printLine(status: EngineStatus): void {
  const synced = status.instruments.filter((each) => each.book === 'synced').length;
  process.stdout.write(
    `${status.mode} ${status.state} · ${synced} of ${status.instruments.length} synced · ` +
      `${status.messagesPerSecond}/s · ${status.scalps.length} scalps · ` +
      `${status.orders.length} orders · day ${status.pnl.day} ${status.pnl.currency}\n`,
  );
}
