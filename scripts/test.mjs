/**
 * test: `npm test [-- <path filter> ...]`, from a bare clone on.
 *
 * Installs what is missing, finds or fetches a Chromium, builds the window, then runs test/run.ts
 * on Node 24. Chromium and the window are prepared only when an end-to-end test is among the
 * chosen.
 */
import path from 'node:path';
import { ensureInstalled, ensureRenderer, productNode, root, runForeground } from './bootstrap.mjs';
import { ensureChromium } from './chromium.mjs';

const filters = process.argv.slice(2);
await ensureInstalled();

const env = {};
if (filters.length === 0 || filters.some(mayMeanEndToEnd)) {
  const chromium = await ensureChromium();
  if (chromium !== null) env.CHROMIUM_PATH = chromium;
  await ensureRenderer();
}
const runner = path.join(root, 'test', 'run.ts');
process.exitCode = await runForeground(productNode(), [runner, ...filters], env);

function mayMeanEndToEnd(filter) {
  const others = ['unit', 'property', 'concurrency', 'simulation', 'golden', 'allocation', 'tidy'];
  return !others.some((folder) => filter.includes(`${folder}/`)) && !filter.includes('renderer');
}
