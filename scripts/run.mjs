/**
 * run: `npm run tickdeck -- <command>` and its short forms, from a bare clone on.
 *
 * Installs what is missing, builds the window for the commands that show one, then runs the command
 * line of the product on Node 24. stdin, stdout, signals and the exit code are the program's own.
 */
import fs from 'node:fs';
import path from 'node:path';
import {
  ensureInstalled,
  ensureRenderer,
  fail,
  productNode,
  root,
  runForeground,
} from './bootstrap.mjs';

const MAIN = path.join(root, 'engine', 'cli', 'main.ts');
/**
 * Three threads that allocate little need no large young generations, and memory that compiling
 * took goes back only from a common arena: half of the private memory, measured.
 */
const NODE_FLAGS = ['--max-semi-space-size=1'];
const NODE_ENV = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_TRIM_THRESHOLD_: '65536',
  NODE_COMPILE_CACHE: path.join(root, 'out', 'compiled'),
};

const WITH_WINDOW = new Set(['start', 'serve']);

const args = process.argv.slice(2);
await ensureInstalled();
if (!fs.existsSync(MAIN)) fail(`${path.relative(root, MAIN)} is missing; restore it from git`);
const asksForHelp = args.includes('--help') || args.includes('-h');
if (WITH_WINDOW.has(args[0] ?? 'start') && !asksForHelp && !(await ensureRenderer())) {
  fail('without its window the terminal cannot start; "npm run build" repeats the build');
}
process.exitCode = await runForeground(productNode(), [...NODE_FLAGS, MAIN, ...args], NODE_ENV);
