/**
 * node-group.test: the test runner counts what passes, and misses nothing that goes wrong.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { before, describe, it } from 'node:test';
import type { Report } from '../../runner/report.ts';
import { repositoryRoot } from '../../support/repository.ts';

const HEAD = "import { before, describe, it, test } from 'node:test';\n";

/** What each planted file holds, and what must be said of it. */
const FILES: Readonly<Record<string, string>> = {
  'good.test.ts': `${HEAD}describe('s', () => { it('a', () => {}); it('b', () => {}); });\n`,
  'bad.test.ts': `${HEAD}it('breaks', () => { throw new Error('the reason'); });\n`,
  'skips.test.ts': `${HEAD}it('waits', (t) => t.skip('no capture'));\n`,
  'inner.test.ts': `${HEAD}test('p', async (t) => { await t.test('c', () => { throw 1; }); });\n`,
  'hook.test.ts': [
    `${HEAD}const fail = () => { throw 1; };`,
    "describe('h', () => { before(fail); it('x', () => {}); });",
  ].join('\n'),
  'crash.test.ts': "throw new Error('crash at import');\n",
  'empty.test.ts': 'export {};\n',
  'hang.test.ts': `${HEAD}it('hangs', () => new Promise(() => setInterval(() => {}, 50)));\n`,
};

function runPlanted(): Report {
  const root = mkdtempSync(path.join(tmpdir(), 'tickdeck-runner-'));
  mkdirSync(path.join(root, 'test'));
  for (const [name, text] of Object.entries(FILES)) {
    writeFileSync(path.join(root, 'test', name), text);
  }
  const module = JSON.stringify(path.join(repositoryRoot, 'test/runner/node-group.ts'));
  const group = { name: 'g', folder: '', concurrency: 2, execArgv: [], timeoutMs: 1500 };
  const files = Object.keys(FILES).map((name) => `test/${name}`);
  const run = JSON.stringify({ root, outDir: root, group, files });
  const driver = path.join(root, 'driver.mjs');
  writeFileSync(
    driver,
    `import { runNodeGroup } from ${module};
    const report = await runNodeGroup(${run});
    console.log('\\n' + JSON.stringify(report));
    process.exit(0);`,
  );
  // A test inside a test would refuse to run files of its own.
  const { NODE_TEST_CONTEXT: _context, ...env } = process.env;
  const child = spawnSync(process.execPath, [driver], { env, encoding: 'utf8' });
  rmSync(root, { recursive: true, force: true });
  const last = child.stdout.trimEnd().split('\n').at(-1) ?? '';
  assert.match(last, /^\{/, child.stderr);
  return JSON.parse(last);
}

describe('the test runner', () => {
  let report: Report;

  before(() => {
    report = runPlanted();
  });

  const failuresIn = (file: string): readonly string[] =>
    report.failures.filter((f) => f.file === `test/${file}`).map((f) => `${f.name} ${f.detail}`);

  it('counts tests, not suites or files', () => assert.equal(report.passed, 2));

  it('reports a failing test with its reason', () => {
    const [failure = ''] = failuresIn('bad.test.ts');
    assert.match(failure, /^breaks Error: the reason/);
    assert.equal(failuresIn('bad.test.ts').length, 1);
  });

  it('reports an inner test once', () => {
    assert.deepEqual(
      failuresIn('inner.test.ts').map((text) => text.slice(0, 1)),
      ['c'],
    );
  });

  for (const file of ['hook.test.ts', 'crash.test.ts', 'empty.test.ts', 'hang.test.ts']) {
    it(`${file} counts as failed`, () => assert.ok(failuresIn(file).length > 0));
  }

  it('says once that a file hangs', () => assert.equal(failuresIn('hang.test.ts').length, 1));

  it('keeps the reason of a skipped test', () => {
    assert.deepEqual(report.skips, [
      { file: 'test/skips.test.ts', name: 'waits', reason: 'no capture' },
    ]);
  });

  it('sums up', () => {
    assert.equal(report.failed, report.failures.length);
    assert.equal(report.skipped, 1);
  });
});
