/**
 * exchange-host: entry of the simulated exchange's process in the desktop shell (a utility
 * process). The same exchange as on the command line, with the same arguments; it ends by itself
 * when its last client has been gone for a minute.
 *
 * Imports   base, exchange.
 */
import { messageOf } from '../../engine/base/errors.ts';
import { runExchange } from '../../engine/exchange/entry.ts';

function fail(error: unknown): void {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
}

process.on('unhandledRejection', fail);
// Ctrl+C and a closed terminal reach the whole group of processes; the engine, which has orders
// here to cancel, must find its exchange.
process.on('SIGINT', () => undefined);
process.on('SIGHUP', () => undefined);
runExchange(process.argv.slice(2), ['SIGTERM']).catch(fail);
