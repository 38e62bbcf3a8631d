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
runExchange(process.argv.slice(2)).catch(fail);
