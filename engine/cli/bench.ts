/**
 * bench: `tickdeck bench`, figures of the hot path beside their budgets.
 *
 * Rounds are interleaved; every row is told by median, least and most. Allocation is measured in a
 * child process with flags of its own, CPU and memory on a real engine process.
 *
 * Exit codes  0 measured, whatever the figures · 1 something could not be measured · 2 bad usage.
 * Imports     node, base, bench, contract, runtime.
 */
import { spawnSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { EngineError, messageOf } from '../base/errors.ts';
import { ALLOCATION_FLAGS, measureAllocation } from '../bench/allocation.ts';
import type { AllocationResult, AllocationSize } from '../bench/allocation.ts';
import { bookCaptureCase, bookTopCase, bookUpdateCase } from '../bench/book-cases.ts';
import { captureFolder, importCaptures } from '../bench/captures.ts';
import { decodeCase } from '../bench/decode-cases.ts';
import { measureEngine } from '../bench/engine-process.ts';
import { frameCase } from '../bench/frame-case.ts';
import { CALIBRATION, calibrationCase, measureCases, summaryOf } from '../bench/measure.ts';
import type { BenchCase, Measured } from '../bench/measure.ts';
import { PathBench } from '../bench/path-case.ts';
import { canSampleProcesses } from '../bench/process-sample.ts';
import { queueCase, viewCase } from '../bench/queue-cases.ts';
import { RecordedMarket } from '../bench/recorded-market.ts';
import { BENCH_NOTE, reportRows, reportText } from '../bench/report.ts';
import type { BenchNote, BenchReport } from '../bench/report.ts';
import { BENCH_ROWS } from '../bench/rows.ts';
import { TickBench } from '../bench/tick-case.ts';
import { INLINING_FLAGS } from '../runtime/trading-thread.ts';
import { frameBuilder } from './bench-frame.ts';
import { ProgressBar } from './progress.ts';

export const summary = 'figures of the hot path beside their budgets';

export const help = `
tickdeck bench [--quick] [--only ID[,ID]] [--json]

Measures the parts of the engine and the whole of it, in interleaved rounds, and prints median,
least and most of each beside its budget. Nothing else should run on the machine meanwhile.

  --quick     fewer rounds: at most 45 s on two cores
  --only ID   only these rows; a prefix such as "book" takes all that begin with it
  --json      one JSON object: node, machine, date and rows with id, name, unit, median, min, max,
              budget, brief (the figure asked for) and peers

The figures exclude the kernel and the network. Rows that cannot be measured here are named.
`;

const SEED = 7;
const MARKET_SECONDS = 20;
/** The exchange is asked for this to come out near 1,000 messages a second. */
const RATE_ASKED = 770;
const GC_MESSAGES = 1e7;
const ALLOCATION_PART = 'allocation';

interface Plan {
  readonly rounds: number;
  readonly captures: number;
  readonly allocation: AllocationSize;
  readonly warmSeconds: number;
  readonly windows: number;
  readonly windowSeconds: number;
}

const FULL: Plan = {
  rounds: 15,
  captures: 4,
  allocation: { warmMessages: 2e6, settlingRounds: 3, messages: 1e6, rounds: 5 },
  warmSeconds: 20,
  windows: 5,
  windowSeconds: 6,
};
const QUICK: Plan = {
  rounds: 5,
  captures: 1,
  allocation: { warmMessages: 8e5, settlingRounds: 8, messages: 2e5, rounds: 3 },
  warmSeconds: 8,
  windows: 3,
  windowSeconds: 2,
};

/** What a run has found so far. */
interface Findings {
  readonly measured: Measured[];
  readonly notes: BenchNote[];
  readonly skipped: BenchNote[];
}

export async function run(argv: string[]): Promise<number> {
  const { values } = parseArgs({
    args: argv,
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      part: { type: 'string' },
    },
  });
  const plan = values.quick ? QUICK : FULL;
  // As the trading thread runs.
  for (const flag of INLINING_FLAGS) setFlagsFromString(flag);
  if (values.part === ALLOCATION_PART) {
    process.stdout.write(`${JSON.stringify(measureAllocation(plan.allocation))}\n`);
    return 0;
  }
  const wanted = wantedIds(values.only);
  const before = loadavg()[0]!;
  const found = await measure(plan, wanted, values.quick);
  const report: BenchReport = {
    node: process.versions.node,
    machine: machineText(),
    date: new Date().toISOString(),
    load: [before, loadavg()[0]!],
    calibration: found.measured.find(({ id }) => id === CALIBRATION) ?? null,
    note: BENCH_NOTE,
    rows: reportRows(BENCH_ROWS, found.measured, found.notes).filter(({ id }) => wanted.has(id)),
    skipped: found.skipped,
  };
  process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : reportText(report));
  return found.skipped.some(({ text }) => text.startsWith('failed')) ? 1 : 0;
}

function wantedIds(only: string | undefined): ReadonlySet<string> {
  const ids = BENCH_ROWS.map((row) => row.id);
  if (only === undefined) return new Set(ids);
  const wanted = new Set<string>();
  for (const name of only.split(',')) {
    const fitting = ids.filter((id) => id === name || id.startsWith(`${name}.`));
    if (fitting.length === 0) {
      const known = ids.join(', ');
      throw new EngineError('usage/invalid', `--only ${name}: no such row; there are ${known}`);
    }
    for (const id of fitting) wanted.add(id);
  }
  return wanted;
}

function machineText(): string {
  const processors = cpus();
  return `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown'}, ${process.platform}`;
}

async function measure(
  plan: Plan,
  wanted: ReadonlySet<string>,
  isQuick: boolean,
): Promise<Findings> {
  const found: Findings = { measured: [], notes: [], skipped: [] };
  const has = (...ids: string[]): boolean => ids.some((id) => wanted.has(id));
  await inProcess(plan, has, found);
  if (has('alloc.perTick', 'gc.per10M')) measureChild(plan, isQuick, found);
  if (has('cpu.1000', 'mem.privateDirtyMb', 'mem.rssMb')) await measureProcess(plan, found);
  return found;
}

function recordMarket(): RecordedMarket {
  return new RecordedMarket({ seed: SEED, seconds: MARKET_SECONDS });
}

async function inProcess(
  plan: Plan,
  has: (...ids: string[]) => boolean,
  found: Findings,
): Promise<void> {
  const bar = new ProgressBar('bench');
  const cases: BenchCase[] = [calibrationCase()];
  let tapes: Awaited<ReturnType<typeof importCaptures>> | null = null;
  try {
    if (has('queue.push32', 'queue.pop32')) cases.push(queueCase());
    if (has('book.update', 'book.update64')) cases.push(bookUpdateCase());
    if (has('book.top5')) cases.push(bookTopCase());
    if (has('decode.depth20x2', 'decode.trade')) cases.push(decodeCase());
    if (has('view.write', 'view.read')) cases.push(viewCase());
    if (has('book.capture')) {
      const folder = captureFolder(resolve(import.meta.dirname, '..', '..'));
      if (folder === null) {
        found.skipped.push({ id: 'book.capture', text: 'no captures beside the repository' });
      } else {
        tapes = await importCaptures(folder, plan.captures, (part) => bar.show(part));
        cases.push(bookCaptureCase(tapes.tapes));
        const text = `${tapes.tapes.length} captures of Binance USD-M and spot`;
        found.notes.push({ id: 'book.capture', text });
      }
    }
    if (has('tick.full')) cases.push(new TickBench(recordMarket()));
    if (has('frame.build')) cases.push(frameCase(frameBuilder(recordMarket())));
    if (has('path.inline.p50', 'path.inline.p99')) cases.push(new PathBench());
    if (cases.length === 1) return;
    const measured = measureCases(cases, plan.rounds, (part) => bar.show(part));
    found.measured.push(...measured);
  } finally {
    tapes?.dispose();
    bar.clear();
  }
}

/** The command line that started this program, for a child of the same kind. */
function ownCommand(flags: readonly string[] = []): string[] {
  return [process.execPath, ...flags, ...process.execArgv, process.argv[1]!];
}

function measureChild(plan: Plan, isQuick: boolean, found: Findings): void {
  const [file, ...args] = ownCommand(ALLOCATION_FLAGS);
  args.push('bench', '--part', ALLOCATION_PART, ...(isQuick ? ['--quick'] : []));
  const child = spawnSync(file!, args, { encoding: 'utf8', maxBuffer: 1 << 20 });
  if (child.status !== 0) {
    const text = `failed: ${child.stderr.trim().split('\n').at(-1) ?? ''}`;
    found.skipped.push({ id: 'alloc.perTick', text }, { id: 'gc.per10M', text });
    return;
  }
  const result = JSON.parse(child.stdout) as AllocationResult;
  const scale = GC_MESSAGES / result.messages;
  found.measured.push(summaryOf('alloc.perTick', result.bytesPerMessage));
  found.measured.push(
    summaryOf(
      'gc.per10M',
      result.collections.map((count) => count * scale),
    ),
  );
  const { warmMessages, messages } = plan.allocation;
  const counts = `${result.orders} requests encoded, after ${warmMessages} messages of warm-up`;
  found.notes.push({ id: 'alloc.perTick', text: `both strategies armed and eager, ${counts}` });
  found.notes.push({ id: 'gc.per10M', text: `scaled up from ${messages} messages a round` });
}

async function measureProcess(plan: Plan, found: Findings): Promise<void> {
  const ids = ['cpu.1000', 'mem.privateDirtyMb', 'mem.rssMb'];
  if (!canSampleProcesses()) {
    for (const id of ids) found.skipped.push({ id, text: 'needs the /proc of Linux' });
    return;
  }
  try {
    const { warmSeconds, windows, windowSeconds } = plan;
    const result = await measureEngine({
      command: ownCommand(),
      rate: RATE_ASKED,
      isArmed: false,
      warmSeconds,
      windows,
      windowSeconds,
    });
    found.measured.push(summaryOf('cpu.1000', result.cpuPercent));
    found.measured.push(summaryOf('mem.privateDirtyMb', result.privateDirtyMb));
    found.measured.push(summaryOf('mem.rssMb', result.residentMb));
    const came = `${Math.round(result.messagesPerSecond)} messages/s came`;
    const text = `${came}; ${windows} windows of ${windowSeconds} s after ${warmSeconds} s`;
    found.notes.push({ id: 'cpu.1000', text });
  } catch (error) {
    for (const id of ids) found.skipped.push({ id, text: `failed: ${messageOf(error)}` });
  }
}
