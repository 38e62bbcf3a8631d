/**
 * verify: everything that must hold before a change is taken, in one command.
 *
 * Order     types, lint, format, build, then all tests, the layering and tidy rules among them.
 *           Each step counts as one check; all run even when one fails, and the last line sums them
 *           up.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {
  ensureDesktop,
  ensureInstalled,
  ensureRenderer,
  productEnv,
  productNode,
  root,
  runForeground,
  seconds,
} from './bootstrap.mjs';
import { ensureChromium } from './chromium.mjs';

const SUMMARY = path.join(root, 'out', 'test', 'summary.json');
const STEPS = [
  ['types', 'tsc', ['-b']],
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings']],
  ['format', 'oxfmt', ['--check']],
  ['build', 'node', ['build.ts']],
];

await ensureInstalled();
const failed = STEPS.filter(([name, tool, args]) => !step(name, tool, args)).map(([name]) => name);

const chromium = await ensureChromium();
await ensureRenderer();
await ensureDesktop();
fs.rmSync(SUMMARY, { force: true });
const env = { TICKDECK_NO_CLOSING_LINE: '1', ...(chromium && { CHROMIUM_PATH: chromium }) };
const testsExit = await runForeground(productNode(), [path.join(root, 'test', 'run.ts')], env);
const tests = readSummary();

if (failed.length > 0) console.log(`\nfailed before the tests: ${failed.join(', ')}`);
const passed = tests.passed + STEPS.length - failed.length;
const allFailed = tests.failed + failed.length;
process.exitCode = failed.length > 0 || testsExit !== 0 || allFailed > 0 ? 1 : 0;
console.log(`${passed} passed, ${allFailed} failed, ${tests.skipped} skipped`);

function step(name, tool, args) {
  const started = Date.now();
  const file = tool === 'node' ? productNode() : tool;
  const result = spawnSync(file, args, {
    cwd: root,
    env: productEnv({ NO_COLOR: '1', FORCE_COLOR: '0' }),
    encoding: 'utf8',
    shell: process.platform === 'win32' && tool !== 'node',
  });
  const good = result.status === 0;
  console.log(`${name}: ${good ? 'ok' : 'FAILED'} (${seconds(started)} s)`);
  if (!good)
    console.log(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error ?? ''}`.trim());
  return good;
}

/** A run that ended without a summary counts as one failure. */
function readSummary() {
  try {
    return JSON.parse(fs.readFileSync(SUMMARY, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
