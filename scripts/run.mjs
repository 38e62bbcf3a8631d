/**
 * run: `npm run tickdeck -- <command>` and its short forms, from a bare clone on.
 *
 * Installs what is missing, builds the window for the commands that show one, then runs the command
 * line of the product on Node 24, or the desktop shell on Electron (`start` only; shell-choice.mjs
 * says when). stdin, stdout, signals and the exit code are the program's own.
 */
import fs from 'node:fs';
import path from 'node:path';
import {
  ensureDesktop,
  ensureInstalled,
  ensureRenderer,
  fail,
  productNode,
  root,
  runForeground,
  say,
} from './bootstrap.mjs';
import { decideShell } from './desktop.mjs';
import { readChoice } from './shell-choice.mjs';

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

const given = process.argv.slice(2);
await ensureInstalled();
if (!fs.existsSync(MAIN)) fail(`${path.relative(root, MAIN)} is missing; restore it from git`);
const asksForHelp = given.includes('--help') || given.includes('-h');
const [first = '-'] = given;
const command = first.startsWith('-') ? 'start' : first;
if (WITH_WINDOW.has(command) && !asksForHelp && !(await ensureRenderer())) {
  fail('without its window the terminal cannot start; "npm run build" repeats the build');
}
process.exitCode =
  command === 'start' && !asksForHelp ? await start(given) : await runEngine(given);

function runEngine(args) {
  return runForeground(productNode(), [...NODE_FLAGS, MAIN, ...args], NODE_ENV);
}

/** The desktop window where it can be, else the browser; says which and why. */
async function start(args) {
  const asked = readChoice(args);
  const { shell, why, binary } = decideShell(asked);
  if (shell === 'refuse') fail(`no desktop window: ${why}`);
  say(`tickdeck: ${shell === 'desktop' ? 'desktop window' : 'browser shell'}: ${why}`);
  if (shell === 'browser') return runEngine(asked.rest);
  if (!(await ensureDesktop())) fail('the desktop shell could not be built; see above');
  return runForeground(binary, [root, ...asked.rest.filter((word) => word !== 'start')]);
}
