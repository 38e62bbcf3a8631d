/**
 * test: `npm test [-- <path filter> ...]`, from a bare clone on.
 *
 * Installs what is missing, finds or fetches a Chromium, builds the window and the desktop shell,
 * then runs test/run.ts on Node 24. Chromium and the built parts are prepared only when a test that
 * needs them is among the chosen.
 */
import path from 'node:path';
import {
  ensureDesktop,
  ensureInstalled,
  ensureRenderer,
  productNode,
  root,
  runForeground,
} from './bootstrap.mjs';
import { ensureChromium } from './chromium.mjs';

const filters = process.argv.slice(2);
await ensureInstalled();

const env = {};
if (filters.length === 0 || filters.some(mayMeanEndToEnd)) {
  const chromium = await ensureChromium();
  if (chromium !== null) env.CHROMIUM_PATH = chromium;
  await ensureRenderer();
  await ensureDesktop();
}
const runner = path.join(root, 'test', 'run.ts');
process.exitCode = await runForeground(productNode(), [runner, ...filters], env);

function mayMeanEndToEnd(filter) {
  const others = ['unit', 'property', 'concurrency', 'simulation', 'golden', 'allocation', 'tidy'];
  return !others.some((folder) => filter.includes(`${folder}/`)) && !filter.includes('renderer');
}
