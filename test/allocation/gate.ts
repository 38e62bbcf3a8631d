/**
 * gate: how many bytes a function allocates per call, once V8 has optimised it.
 *
 * Method    v8.GCProfiler reports the heap's size before and after every collection. What grew
 *           between two collections, summed over the run, is what was allocated. Looking at the
 *           heap's size alone is blind: collections in mid-run erase the evidence.
 *           Calls run in chunks, because a loop that is entered once stays in its slow first form;
 *           many warm-up chunks come first, until V8 has optimised what is called often.
 *           The least of several rounds counts: what V8 does once (compiling, growing a table) is
 *           not the function's; what the function does in every round stays. So the first round
 *           within the budget is the last.
 * Noise     some 600 bytes a round, 0.001 byte a call at the default counts; a boxed double is 16.
 * Run with  --expose-gc --max-semi-space-size=16 --min-semi-space-size=16
 *           --no-concurrent-recompilation, alone in its process: `npm test -- test/allocation`.
 *
 * Imports   nothing.
 */
import { GCProfiler, getHeapStatistics } from 'node:v8';

export interface GateOptions {
  readonly warmupChunks?: number;
  readonly rounds?: number;
  /** Chunks of each round. */
  readonly chunks?: number;
  readonly chunkCalls?: number;
}

/** The budget of a hot function: what the noise of the method cannot reach. */
export const BYTES_PER_CALL_MAX = 0.01;

const WARMUP_CHUNKS = 600;
const WARMUP_MS = 300;
const ROUNDS = 10;
const CHUNKS = 50;
const CHUNK_CALLS = 10_000;

/**
 * Bytes allocated per call of `step`, which gets the running number of the call, a small integer.
 * State belongs in variables outside it, made before; what it computes must go somewhere, or V8
 * removes it.
 */
export function bytesPerCall(
  step: (call: number) => void,
  {
    warmupChunks = WARMUP_CHUNKS,
    rounds = ROUNDS,
    chunks = CHUNKS,
    chunkCalls = CHUNK_CALLS,
  }: GateOptions = {},
): number {
  const warmUntilMs = performance.now() + WARMUP_MS;
  runChunks(step, warmupChunks, chunkCalls);
  while (performance.now() < warmUntilMs) runChunks(step, 1, chunkCalls);
  let least = Infinity;
  for (let round = 0; round < rounds && least > BYTES_PER_CALL_MAX; round++) {
    const bytes = allocatedBytes(step, chunks, chunkCalls);
    least = Math.min(least, bytes / (chunks * chunkCalls));
  }
  return least;
}

function allocatedBytes(step: (call: number) => void, chunks: number, chunkCalls: number): number {
  collect();
  const profiler = new GCProfiler();
  profiler.start();
  const startBytes = usedBytes();
  runChunks(step, chunks, chunkCalls);
  const endBytes = usedBytes();
  const { statistics } = profiler.stop();

  let allocated = 0;
  let floor = startBytes;
  for (const { beforeGC, afterGC } of statistics) {
    allocated += beforeGC.heapStatistics.usedHeapSize - floor;
    floor = afterGC.heapStatistics.usedHeapSize;
  }
  return Math.max(0, allocated + endBytes - floor);
}

function runChunks(step: (call: number) => void, chunks: number, chunkCalls: number): void {
  for (let chunk = 0; chunk < chunks; chunk++) runChunk(step, chunkCalls);
}

function runChunk(step: (call: number) => void, calls: number): void {
  for (let call = 0; call < calls; call++) step(call);
}

function usedBytes(): number {
  return getHeapStatistics().used_heap_size;
}

function collect(): void {
  if (globalThis.gc === undefined) throw new Error('run the allocation gate with --expose-gc');
  globalThis.gc();
}
