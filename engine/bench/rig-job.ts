/**
 * rig-job: what a trading thread without sockets is started with: options and shared memory.
 *
 * Imports   contract, core, memory, telemetry.
 */
import { LADDER_DOUBLES } from '../contract/frames.ts';
import type { PipelineOptions } from '../core/pipeline-options.ts';
import { EngineViewLayout, INSTRUMENT_VIEW_DOUBLES } from '../core/published.ts';
import { HOST_RING, HOST_RING_SLOTS } from '../core/trading-job.ts';
import type { TradingJob } from '../core/trading-job.ts';
import { allocate, planMemory } from '../memory/memory-plan.ts';
import type { SharedMemory } from '../memory/memory-plan.ts';
import { COUNTER_COUNT } from '../telemetry/counters.ts';
import { histogramBytes } from '../telemetry/histogram.ts';
import { STAGE_COUNT } from '../telemetry/stages.ts';

const NOWHERE = 'ws://127.0.0.1:9';

export function rigJob(options: PipelineOptions): { job: TradingJob; memory: SharedMemory } {
  const instruments = options.specs.length;
  const plan = planMemory({
    instruments,
    marketDoubles: INSTRUMENT_VIEW_DOUBLES,
    deepDoubles: LADDER_DOUBLES,
    engineDoubles: new EngineViewLayout(instruments).doubles,
    histogramBytes: histogramBytes(STAGE_COUNT),
    counterCount: COUNTER_COUNT,
    extra: [
      {
        name: HOST_RING,
        shape: { kind: 'ring', slots: HOST_RING_SLOTS },
        ownerThread: 'trading',
        writers: ['trading'],
        readers: ['host'],
      },
    ],
  });
  const memory = allocate(plan);
  const job: TradingJob = {
    options,
    memory: { buffer: memory.buffer, plan },
    endpoints: { rest: NOWHERE, wsApi: NOWHERE, privateStream: NOWHERE },
    marketStream: NOWHERE,
    depthSpeed: '100ms',
    apiKey: '',
    privateKeyPem: '',
    clockOffsetMs: 0,
    isLoopbackOnly: true,
    tape: null,
    speed: 0,
    jitterSeed: 1,
  };
  return { job, memory };
}
