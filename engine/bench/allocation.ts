/**
 * allocation: what the whole engine allocates for a message, from the received buffer to the order.
 *
 * A recorded market is played through the eager rig, both strategies armed, so that orders, fills
 * and exits occur. GCProfiler reports the heap before and after each collection; what grew
 * between two is what was allocated. The heap's size alone says nothing: collections erase the
 * evidence.
 * The figure is of the steady state. What runs a few times a second would take hours to be
 * optimised at that pace, so V8 is told to be quicker about it, and to compile where it stands, so
 * that a run does not depend on how busy the machine is. When a function is compiled changes by
 * that, not how.
 * Run with  ALLOCATION_FLAGS on the command line, in a process of its own.
 *
 * Imports   base, ./eager-rig, ./recorded-market.
 */
import { GCProfiler, getHeapStatistics } from 'node:v8';
import { EngineError } from '../base/errors.ts';
import { eagerRig } from './eager-rig.ts';
import type { PipelineRig } from './pipeline-rig.ts';
import { RecordedMarket } from './recorded-market.ts';

/** Makes V8 settle soon; may also be set while it runs. */
export const SETTLING_FLAGS: readonly string[] = [
  '--invocation-count-for-turbofan=100',
  '--invocation-count-for-maglev=50',
  '--invocation-count-for-osr=50',
  // Else a function that met something new waits for 500 further calls.
  '--minimum-invocations-after-ic-update=50',
];

export const ALLOCATION_FLAGS: readonly string[] = [
  '--expose-gc',
  '--max-semi-space-size=16',
  '--min-semi-space-size=16',
  '--no-concurrent-recompilation',
  ...SETTLING_FLAGS,
];

export interface AllocationResult {
  /** Messages of one round, and one figure a round. */
  readonly messages: number;
  readonly bytesPerMessage: readonly number[];
  readonly collections: readonly number[];
  readonly orders: number;
}

export interface AllocationSize {
  readonly warmMessages: number;
  /** Then rounds that do not count, this many at most, until one stays within the budget. */
  readonly settlingRounds: number;
  readonly messages: number;
  readonly rounds: number;
}

const CHUNK = 2000;
/** V8 compiles a function anew after its first rare turn: a round without that is a settled one. */
const SETTLED_BYTES = 0.01;
const SECONDS = 12;
const SEED = 7;

export function measureAllocation(size: AllocationSize): AllocationResult {
  const { gc } = globalThis;
  if (gc === undefined) {
    throw new EngineError('usage/invalid', 'allocation is measured with --expose-gc');
  }
  const rig = eagerRig(new RecordedMarket({ seed: SEED, seconds: SECONDS }));
  play(rig, size.warmMessages);
  for (let round = 0; round < size.settlingRounds; round++) {
    gc();
    if (playRound(rig, size.messages).bytes <= SETTLED_BYTES) break;
  }
  const bytesPerMessage: number[] = [];
  const collections: number[] = [];
  for (let round = 0; round < size.rounds; round++) {
    gc();
    const found = playRound(rig, size.messages);
    bytesPerMessage.push(found.bytes);
    collections.push(found.collections);
  }
  const orders = rig.gateway.requests;
  return { messages: size.messages, bytesPerMessage, collections, orders };
}

/** Plays messages; bytes allocated for each, and the collections meanwhile. */
function playRound(rig: PipelineRig, messages: number): { bytes: number; collections: number } {
  const profiler = new GCProfiler();
  profiler.start();
  const startBytes = usedBytes();
  play(rig, messages);
  const endBytes = usedBytes();
  const { statistics } = profiler.stop();
  let allocated = 0;
  let floor = startBytes;
  for (const { beforeGC, afterGC } of statistics) {
    allocated += beforeGC.heapStatistics.usedHeapSize - floor;
    floor = afterGC.heapStatistics.usedHeapSize;
  }
  const bytes = Math.max(0, allocated + endBytes - floor) / messages;
  return { bytes, collections: statistics.length };
}

/** In chunks: a loop that is entered once stays in its slow first form. */
function play(rig: PipelineRig, messages: number): void {
  for (let done = 0; done < messages; done += CHUNK) playChunk(rig);
}

function playChunk(rig: PipelineRig): void {
  for (let k = 0; k < CHUNK; k++) rig.step();
}

function usedBytes(): number {
  return getHeapStatistics().used_heap_size;
}
