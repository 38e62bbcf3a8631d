/**
 * start: the default command: the terminal on the built-in simulated exchange, opened in a browser.
 *
 * Imports   cli.
 */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { ENGINE_FLAGS, ENGINE_FLAGS_HELP } from './engine-launch.ts';
import { serve, untilEnd } from './serve.ts';

export const summary = 'open the terminal (the default)';
export const help = `tickdeck start [options]

Starts the simulated exchange and the engine, serves the window on 127.0.0.1 and opens it.

  --port N               0 takes any free port
  --no-open              print the address, open nothing
${ENGINE_FLAGS_HELP}`;

export async function run(argv: string[]): Promise<number> {
  const { values } = parseArgs({
    args: argv,
    options: { ...ENGINE_FLAGS, port: { type: 'string' }, 'no-open': { type: 'boolean' } },
  });
  const served = await serve(values, values.port, (line) => process.stdout.write(`${line}\n`));
  const { url } = served.shell;
  const isOpened = values['no-open'] !== true && served.config.shell.openBrowser && open(url);
  process.stdout.write(
    `${isOpened ? 'Opening' : 'Open'} Tickdeck at ${url}\n` +
      'Everything starts disarmed. Ctrl+C disarms, cancels, verifies and ends.\n',
  );
  return untilEnd(served);
}

/** Hands the address to the desktop; false where there is none to hand it to. */
function open(url: string): boolean {
  const [command, args] = openerOf(url);
  if (command === '') return false;
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.on('error', () => process.stdout.write('No browser could be opened; use the address.\n'));
  child.unref();
  return true;
}

function openerOf(url: string): [string, string[]] {
  if (process.platform === 'darwin') return ['open', [url]];
  if (process.platform === 'win32') return ['cmd', ['/c', 'start', '', url]];
  const hasDesktop = 'DISPLAY' in process.env || 'WAYLAND_DISPLAY' in process.env;
  return hasDesktop ? ['xdg-open', [url]] : ['', []];
}
