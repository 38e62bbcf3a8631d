/**
 * main: `tickdeck <command>`. Finds the command's file, runs it, turns what it throws into one
 * line.
 *
 * Exit codes  0 fine · 1 found something wrong · 2 bad usage.
 * Imports     node:module; one file per command, loaded when asked for.
 */
import { enableCompileCache } from 'node:module';
import { EngineError, messageOf } from '../base/errors.ts';
import { outliveReader } from './control-session.ts';

/** A command's file: see any of them. */
export interface CommandModule {
  readonly summary: string;
  readonly help: string;
  run(argv: string[]): Promise<number>;
}

const COMMANDS: Readonly<Record<string, () => Promise<CommandModule>>> = {
  start: () => import('./start.ts'),
  serve: () => import('./serve.ts'),
  headless: () => import('./headless.ts'),
  arm: () => import('./arm.ts'),
  disarm: () => import('./disarm.ts'),
  status: () => import('./status.ts'),
  flatten: () => import('./flatten.ts'),
  kill: () => import('./kill.ts'),
  import: () => import('./import.ts'),
  book: () => import('./book.ts'),
  replay: () => import('./replay.ts'),
  bench: () => import('./bench.ts'),
  doctor: () => import('./doctor.ts'),
};

const DEFAULT_COMMAND = 'start';

async function main(argv: string[]): Promise<number> {
  const first = argv[0];
  if (first === '--help' || first === '-h' || first === 'help') return printOverview();
  if (first === '--version') return printVersion();
  const name = first === undefined || first.startsWith('-') ? DEFAULT_COMMAND : first;
  const rest = name === first ? argv.slice(1) : argv;
  const load = COMMANDS[name];
  if (load === undefined) {
    const known = Object.keys(COMMANDS).join(', ');
    process.stderr.write(`tickdeck: there is no command "${name}"; there are ${known}\n`);
    return 2;
  }
  const command = await load();
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(`${command.help.trimEnd()}\n`);
    return 0;
  }
  try {
    return await command.run(rest);
  } catch (error) {
    process.stderr.write(`tickdeck ${name}: ${messageOf(error)}\n`);
    return exitCodeOf(error);
  }
}

/**
 * Keeps what Node makes of the sources for the next start, in threads and child processes too:
 * stripping types anew takes 15 MB in each thread.
 */
function keepCompiled(): void {
  if (process.env['NODE_COMPILE_CACHE'] !== undefined) return;
  const { directory } = enableCompileCache();
  if (directory !== undefined) process.env['NODE_COMPILE_CACHE'] = directory;
}

/** What a person typed wrong is 2; everything else that went wrong is 1. */
function exitCodeOf(error: unknown): number {
  if (error instanceof EngineError) {
    return error.code === 'usage/invalid' || error.code === 'config/invalid' ? 2 : 1;
  }
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS') ? 2 : 1;
}

async function printOverview(): Promise<number> {
  const lines = ['tickdeck <command> [options]', ''];
  for (const [name, load] of Object.entries(COMMANDS)) {
    const { summary } = await load();
    lines.push(`  ${name.padEnd(10)} ${summary}`);
  }
  lines.push('', 'tickdeck <command> --help tells more.');
  process.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

async function printVersion(): Promise<number> {
  const { PRODUCT_VERSION } = await import('../runtime/product.ts');
  process.stdout.write(`tickdeck ${PRODUCT_VERSION}\n`);
  return 0;
}

// `tickdeck status | head` closes our output early; that is no failure.
outliveReader();
keepCompiled();
process.exitCode = await main(process.argv.slice(2));
