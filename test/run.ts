/**
 * run: the test runner behind `npm test`. One run over several kinds of tests, one closing line.
 *
 * Groups    node:test for the engine, each file in a process of its own; allocation files alone and
 *           with a fixed young generation; vitest for the renderer; end-to-end tests in Chromium.
 * Output    a dot per test on screen, every failure in full, skipped tests with their reasons; the
 *           spec of each group in out/test/<group>.txt; totals in out/test/summary.json.
 * Exit      0 when something ran and nothing failed.
 * Usage     test/run.ts [path filter ...]   a file runs when its path contains a filter.
 *
 * Imports   runner/*.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findTestFiles } from './runner/files.ts';
import { GROUPS } from './runner/groups.ts';
import { runNodeGroup } from './runner/node-group.ts';
import { printFailures, printSkips } from './runner/print.ts';
import { addReports, emptyReport, type Report } from './runner/report.ts';
import { runVitestGroup } from './runner/vitest-group.ts';

const root = path.resolve(import.meta.dirname, '..');
const outDir = path.join(root, 'out', 'test');
const filters = process.argv.slice(2);

mkdirSync(outDir, { recursive: true });
let total: Report = emptyReport();

for (const group of GROUPS) {
  const files = findTestFiles(root, group, filters);
  if (files.length === 0) continue;
  const started = performance.now();
  process.stdout.write(`${group.name}: ${files.length} files `);
  const run = group.runner === 'vitest' ? runVitestGroup : runNodeGroup;
  const report = await run({ root, outDir, group, files });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(` ${report.passed} passed, ${report.failed} failed (${seconds} s)`);
  total = addReports(total, report);
}

printFailures(total);
printSkips(total);

const { passed, failed, skipped } = total;
if (passed + failed + skipped === 0) {
  console.log(`nothing ran: no test file matches ${filters.join(' ') || 'any group'}`);
}
writeFileSync(path.join(outDir, 'summary.json'), JSON.stringify({ passed, failed, skipped }));
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
if (process.env['TICKDECK_NO_CLOSING_LINE'] === undefined) {
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
}
