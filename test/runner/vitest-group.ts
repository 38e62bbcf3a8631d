/**
 * vitest-group: runs the renderer's tests under vitest and reads its JSON report.
 *
 * Imports   ./files, ./report.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { GroupRun } from './files.ts';
import type { Failure, Report, Skip } from './report.ts';

interface Assertion {
  readonly status: string;
  readonly fullName: string;
  readonly failureMessages?: readonly string[] | null;
}

interface FileResult {
  readonly name: string;
  readonly status: string;
  readonly message?: string;
  readonly assertionResults: readonly Assertion[];
}

export async function runVitestGroup({ root, outDir, group, files }: GroupRun): Promise<Report> {
  const output = path.join(outDir, `${group.name}.json`);
  rmSync(output, { force: true });
  const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const args = [vitest, 'run', '--reporter=json', `--outputFile=${output}`, ...files];
  const child = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    timeout: group.timeoutMs,
    maxBuffer: 64 * 1024 * 1024,
  });
  const results = readResults(output);
  const report = collect(root, results ?? []);
  if (child.status === 0 || report.failed > 0) return report;
  const ending = `vitest ended with ${child.status ?? child.signal}`;
  const detail = `${ending}\n${child.stdout}${child.stderr}`;
  const failures = [{ file: `test/${group.folder}`, name: '(run)', detail: detail.trimEnd() }];
  return { ...report, failed: 1, failures };
}

function readResults(file: string): readonly FileResult[] | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).testResults;
  } catch {
    return null;
  }
}

function collect(root: string, results: readonly FileResult[]): Report {
  let passed = 0;
  const failures: Failure[] = [];
  const skips: Skip[] = [];
  for (const result of results) {
    const file = path.relative(root, result.name).split(path.sep).join('/');
    for (const test of result.assertionResults) {
      const name = test.fullName;
      if (test.status === 'passed') passed++;
      else if (test.status === 'failed') {
        failures.push({ file, name, detail: (test.failureMessages ?? []).join('\n') });
      } else skips.push({ file, name, reason: test.status });
    }
    const broken = result.assertionResults.length === 0;
    if (broken) failures.push({ file, name: '(file)', detail: result.message ?? 'no test ran' });
  }
  process.stdout.write('.'.repeat(passed) + 's'.repeat(skips.length) + 'F'.repeat(failures.length));
  return { passed, failed: failures.length, skipped: skips.length, failures, skips };
}
