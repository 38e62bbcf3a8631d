/**
 * serve: the terminal in a browser: the engine serves its window on 127.0.0.1.
 *
 * Imports   cli, shell.
 */
import { join } from 'node:path';
import { readFileIfAny, writeFileAtomic } from '../journal/atomic-file.ts';
import { parseArgs } from 'node:util';
import { EngineError } from '../base/errors.ts';
import type { Config } from '../config/config.ts';
import type { Engine } from '../runtime/engine.ts';
import { PRODUCT_ROOT } from '../runtime/product.ts';
import { startBrowserShell } from '../shell/browser-shell.ts';
import type { BrowserShell } from '../shell/browser-shell.ts';
import {
  ENGINE_FLAGS,
  ENGINE_FLAGS_HELP,
  launchEngine,
  stopEngine,
  untilStopped,
} from './engine-launch.ts';
import type { EngineFlags } from './engine-launch.ts';

export const summary = 'the terminal in a browser, on this machine only';
export const help = `tickdeck serve [options]

Starts the engine and serves its window on 127.0.0.1. The address carries a token.

  --port N               0 takes any free port (default: from the configuration)
  --json                 print {"url":"…"} once it listens, nothing else
${ENGINE_FLAGS_HELP}

Ctrl+C disarms, cancels what rests, verifies with the venue and ends.`;

const PORT_MAX = 65_535;

export interface Served {
  readonly engine: Engine;
  readonly shell: BrowserShell;
  readonly config: Config;
}

export async function run(argv: string[]): Promise<number> {
  const { values } = parseArgs({
    args: argv,
    options: { ...ENGINE_FLAGS, port: { type: 'string' }, json: { type: 'boolean' } },
  });
  const isJson = values.json === true;
  const served = await serve(values, values.port, (line) => process.stderr.write(`${line}\n`));
  if (isJson) process.stdout.write(`${JSON.stringify({ url: served.shell.url })}\n`);
  else process.stdout.write(`Tickdeck is at ${served.shell.url}\nCtrl+C ends it.\n`);
  return untilEnd(served);
}

/**
 * Engine and shell; the shell is closed again when the engine cannot start, and the other way
 * round.
 */
export async function serve(
  flags: EngineFlags,
  port: string | undefined,
  say: (line: string) => void,
): Promise<Served> {
  const wanted = port === undefined ? undefined : portOf(port);
  const { engine, config } = await launchEngine(flags, say);
  const tokenFile = join(config.dataFolder, 'shell-token');
  try {
    const shell = await startBrowserShell({
      root: join(PRODUCT_ROOT, 'out', 'renderer'),
      port: wanted ?? config.shell.port,
      onTerminal: (link) => engine.addTerminal(link),
      ...savedToken(tokenFile),
    });
    writeFileAtomic(tokenFile, `${shell.token}\n`);
    return { engine, shell, config };
  } catch (error) {
    await engine.stop({ flatten: false });
    throw error;
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= PORT_MAX) return port;
  const message = `--port ${text}: give a whole number from 0 to ${PORT_MAX}`;
  throw new EngineError('usage/invalid', message);
}

/** The token of the run before: windows that are still open find the engine again by themselves. */
function savedToken(file: string): { readonly token?: string } {
  const token = readFileIfAny(file)?.trim() ?? '';
  return /^[A-Za-z0-9_-]{43}$/.test(token) ? { token } : {};
}

/** Runs until a signal; the exit code. */
export async function untilEnd({ engine, shell }: Served): Promise<number> {
  await untilStopped(new Promise(() => undefined));
  process.stderr.write('tickdeck: disarming, cancelling, verifying…\n');
  const code = await stopEngine(engine, false);
  await shell.close();
  setTimeout(() => process.exit(code), 1000).unref();
  return code;
}
