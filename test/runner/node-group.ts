/**
 * node-group: runs a group of files under node:test and collects what happened.
 *
 * A file that crashes, hangs, or holds no test at all counts as one failure.
 *
 * Imports   ./files, ./groups, ./report.
 */
import { appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { inspect } from 'node:util';
import type { GroupRun } from './files.ts';
import type { Group } from './groups.ts';
import type { Failure, Report, Skip } from './report.ts';

interface TestEvent {
  readonly name: string;
  readonly file?: string | undefined;
  readonly skip?: string | boolean | undefined;
  readonly todo?: string | boolean | undefined;
  readonly nesting: number;
  readonly details: { readonly type?: string | undefined; readonly error?: Error | undefined };
}

interface Tally {
  readonly root: string;
  passed: number;
  failed: number;
  readonly failures: Failure[];
  readonly skips: Skip[];
  /** Output of each file, shown only when it fails. */
  readonly output: Map<string, string>;
  readonly testsIn: Map<string, number>;
}

export async function runNodeGroup({ root, outDir, group, files }: GroupRun): Promise<Report> {
  const tally: Tally = {
    root,
    passed: 0,
    failed: 0,
    failures: [],
    skips: [],
    output: new Map(),
    testsIn: new Map(),
  };
  const log = path.join(outDir, `${group.name}.txt`);
  writeFileSync(log, '');
  const waiting = [...files];
  const work = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      appendFileSync(log, await runFile(tally, group, file));
    }
  };
  await Promise.all(Array.from({ length: group.concurrency }, work));

  for (const file of files) {
    if ((tally.testsIn.get(file) ?? 0) > 0) continue;
    addFailure(tally, { file, name: '(file)', detail: 'no test ran in this file' });
  }
  return {
    passed: tally.passed,
    failed: tally.failed,
    skipped: tally.skips.length,
    failures: tally.failures,
    skips: tally.skips,
  };
}

/**
 * Runs one file in a process of its own and answers its spec. The process is ended when the file
 * takes too long: a test's own time limit stops no timer, socket or thread that it left behind.
 */
async function runFile(tally: Tally, group: Group, file: string): Promise<string> {
  const overdue = new AbortController();
  const timer = setTimeout(() => {
    const reason = `took longer than ${group.timeoutMs} ms, or left something running`;
    const detail = `${reason}\n${tally.output.get(file) ?? ''}`.trimEnd();
    count(tally, file);
    addFailure(tally, { file, name: '(file)', detail });
    overdue.abort();
  }, group.timeoutMs);
  const stream = run({
    cwd: tally.root,
    files: [path.join(tally.root, file)],
    concurrency: 1,
    execArgv: [...group.execArgv],
    signal: overdue.signal,
  });
  stream.on('test:pass', (event) => onPass(tally, event));
  stream.on('test:fail', (event) => {
    if (!overdue.signal.aborted) onFail(tally, event);
  });
  stream.on('test:stdout', (event) => keepOutput(tally, event.file, event.message));
  stream.on('test:stderr', (event) => keepOutput(tally, event.file, event.message));
  let text = '';
  for await (const line of stream.compose(new spec())) text += String(line);
  clearTimeout(timer);
  return text;
}

function onPass(tally: Tally, event: TestEvent): void {
  if (!isTest(tally, event)) return;
  const file = fileOf(tally, event);
  count(tally, file);
  if (isSet(event.skip) || isSet(event.todo)) {
    const reason = event.skip ?? event.todo;
    tally.skips.push({ file, name: event.name, reason: String(reason === true ? '' : reason) });
    process.stdout.write('s');
    return;
  }
  tally.passed++;
  process.stdout.write('.');
}

function onFail(tally: Tally, event: TestEvent): void {
  const error = event.details.error;
  const cause = error?.cause ?? error;
  const file = fileOf(tally, event);
  // A suite fails because a test in it did, and that test is reported itself.
  if (event.details.type === 'suite' && !isHookFailure(error)) return;
  if (isFileEvent(tally, event)) {
    if (isSubtestFailure(error)) return;
    count(tally, file);
    const detail = `${describe(cause)}\n${tally.output.get(file) ?? ''}`.trimEnd();
    addFailure(tally, { file, name: '(file)', detail });
    return;
  }
  if (isSubtestFailure(error)) return;
  count(tally, file);
  addFailure(tally, { file, name: event.name, detail: describe(cause) });
}

function addFailure(tally: Tally, failure: Failure): void {
  tally.failed++;
  tally.failures.push(failure);
  process.stdout.write('F');
}

function isSet(flag: string | boolean | undefined): boolean {
  return flag !== undefined && flag !== false;
}

function isTest(tally: Tally, event: TestEvent): boolean {
  return event.details.type !== 'suite' && !isFileEvent(tally, event);
}

/** node:test reports each file as a test named by its path. */
function isFileEvent(tally: Tally, event: TestEvent): boolean {
  if (event.nesting !== 0) return false;
  const named = path.resolve(tally.root, event.name);
  return event.file !== undefined ? named === event.file : event.name.endsWith('.test.ts');
}

function isSubtestFailure(error: Error | undefined): boolean {
  return failureType(error) === 'subtestsFailed';
}

function isHookFailure(error: Error | undefined): boolean {
  return failureType(error) === 'hookFailed';
}

function failureType(error: Error | undefined): unknown {
  return error !== undefined && 'failureType' in error ? error.failureType : undefined;
}

function describe(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : inspect(cause);
}

function fileOf(tally: Tally, event: TestEvent): string {
  const file = event.file ?? path.resolve(tally.root, event.name);
  return path.relative(tally.root, file).split(path.sep).join('/');
}

function count(tally: Tally, file: string): void {
  tally.testsIn.set(file, (tally.testsIn.get(file) ?? 0) + 1);
}

const KEPT_OUTPUT = 20_000;

function keepOutput(tally: Tally, file: string | undefined, message: string): void {
  if (file === undefined) return;
  const name = path.relative(tally.root, file).split(path.sep).join('/');
  const text = (tally.output.get(name) ?? '') + message;
  tally.output.set(name, text.slice(-KEPT_OUTPUT));
}
