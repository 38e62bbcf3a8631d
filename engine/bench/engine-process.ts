/**
 * engine-process: CPU and memory of a real engine against the simulated exchange, over sockets.
 *
 * The engine runs as a user starts it, in a process of its own and without a window; the exchange
 * is yet another process and is not in the figures. The exchange is asked for a rate that comes
 * out near the one stated; what really came is told.
 *
 * Imports   node, base, ./process-sample.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { EngineError } from '../base/errors.ts';
import { cpuSecondsOf, memoryOf } from './process-sample.ts';

export interface EngineProcessPlan {
  /** Command line of the product: Node's flags and the main file. */
  readonly command: readonly string[];
  /** Messages a second that the exchange is asked for. */
  readonly rate: number;
  readonly isArmed: boolean;
  /** Books sync and V8 optimises before anything is sampled. */
  readonly warmSeconds: number;
  readonly windows: number;
  readonly windowSeconds: number;
}

export interface EngineProcessResult {
  /** Per cent of one core, one figure a window. */
  readonly cpuPercent: readonly number[];
  readonly privateDirtyMb: readonly number[];
  readonly residentMb: readonly number[];
  readonly messagesPerSecond: number;
}

interface StatusLine {
  readonly messagesPerSecond: number;
}

const MS = 1000;
const STOP_MS = 15_000;

export async function measureEngine(plan: EngineProcessPlan): Promise<EngineProcessResult> {
  const folder = mkdtempSync(join(tmpdir(), 'tickdeck-bench-'));
  const seconds = plan.warmSeconds + plan.windows * plan.windowSeconds + 1;
  const { engine, rates, errors } = startEngine(plan, folder, seconds);
  try {
    await pause(plan.warmSeconds);
    rates.length = 0;
    const result = await sample(engine, plan, errors);
    const sum = rates.reduce((total, rate) => total + rate, 0);
    return { ...result, messagesPerSecond: rates.length > 0 ? sum / rates.length : 0 };
  } finally {
    await ended(engine);
    rmSync(folder, { recursive: true, force: true });
  }
}

function startEngine(
  plan: EngineProcessPlan,
  folder: string,
  seconds: number,
): { engine: ChildProcess; rates: number[]; errors: string[] } {
  const args = ['headless', '--mode', 'sim', '--data-dir', folder, '--json'];
  args.push('--seconds', String(seconds), '--rate', String(plan.rate));
  args.push('--set', 'exchange.idleExitSeconds=1');
  if (plan.isArmed) args.push('--arm');
  const [file = process.execPath, ...rest] = plan.command;
  const engine = spawn(file, [...rest, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const rates: number[] = [];
  const errors: string[] = [];
  createInterface({ input: engine.stdout }).on('line', (line) => {
    rates.push((JSON.parse(line) as StatusLine).messagesPerSecond);
  });
  createInterface({ input: engine.stderr }).on('line', (line) => errors.push(line));
  return { engine, rates, errors };
}

async function sample(
  engine: ChildProcess,
  plan: EngineProcessPlan,
  errors: readonly string[],
): Promise<Omit<EngineProcessResult, 'messagesPerSecond'>> {
  const { pid } = engine;
  const cpuPercent: number[] = [];
  const privateDirtyMb: number[] = [];
  const residentMb: number[] = [];
  for (let window = 0; window < plan.windows; window++) {
    if (pid === undefined || engine.exitCode !== null) {
      const said = errors.at(-1) ?? 'it said nothing';
      throw new EngineError('runtime/not-running', `the measured engine ended early: ${said}`);
    }
    const startMs = performance.now();
    const before = cpuSecondsOf(pid);
    await pause(plan.windowSeconds);
    const elapsed = (performance.now() - startMs) / MS;
    cpuPercent.push(((cpuSecondsOf(pid) - before) / elapsed) * 100);
    const memory = memoryOf(pid);
    privateDirtyMb.push(memory.privateDirtyMb);
    residentMb.push(memory.residentMb);
  }
  return { cpuPercent, privateDirtyMb, residentMb };
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * MS));
}

/** Waits for the engine's own end, and ends it when it takes too long. */
async function ended(engine: ChildProcess): Promise<void> {
  if (engine.exitCode !== null) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => engine.kill('SIGKILL'), STOP_MS);
    engine.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
