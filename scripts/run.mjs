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
const WITH_WINDOW = new Set(['start', 'serve']);

const args = process.argv.slice(2);
await ensureInstalled();
if (!fs.existsSync(MAIN)) fail(`${path.relative(root, MAIN)} is missing; restore it from git`);
const asksForHelp = args.includes('--help') || args.includes('-h');
if (WITH_WINDOW.has(args[0] ?? 'start') && !asksForHelp && !(await ensureRenderer())) {
  fail('without its window the terminal cannot start; "npm run build" repeats the build');
}
process.exitCode = await runForeground(productNode(), [MAIN, ...args]);
