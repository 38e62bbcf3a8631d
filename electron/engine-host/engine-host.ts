/**
 * engine-host: entry of the engine's process in the desktop shell (a utility process).
 *
 * Errors    what nobody caught is told to the main process and ends this one: a half-dead engine
 *           must not go on, and the marker on disk makes the next one start HALTED if it was armed.
 * Imports   base, runtime, ./host-desk.
 */
import { messageOf } from '../../engine/base/errors.ts';
import { launchEngine } from '../../engine/runtime/launch/launch-engine.ts';
import type { FromEngine, ToEngine } from '../protocol/engine-messages.ts';
import { HostDesk } from './host-desk.ts';

/** Lets the last words leave the process before it ends. */
const LAST_WORDS_MS = 50;

function post(message: FromEngine): void {
  try {
    process.parentPort.postMessage(message);
  } catch {
    // The main process is gone; the desk ends the engine on its own.
  }
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // EPERM: it is there and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function endOnFault(what: string, error: unknown): void {
  const detail = error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
  post({ kind: 'log', level: 'error', line: `${what}: ${detail}`.slice(0, 4000) });
  process.exitCode = 70;
  setTimeout(() => process.exit(70), LAST_WORDS_MS);
}

const desk = new HostDesk({
  post,
  launch: launchEngine,
  isAlive,
  exit: (code) => {
    setTimeout(() => process.exit(code), LAST_WORDS_MS);
  },
});

process.on('unhandledRejection', (error) => endOnFault('unhandled rejection', error));
process.on('uncaughtException', (error) => endOnFault('uncaught exception', error));
process.on('SIGTERM', () => void desk.stop());
// Ctrl+C and a closed terminal reach the whole group of processes; the main process decides.
process.on('SIGINT', () => undefined);
process.on('SIGHUP', () => undefined);
process.parentPort.on('message', (event) => {
  desk.receive(event.data as ToEngine, event.ports);
});
