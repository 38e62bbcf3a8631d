/**
 * engine-memory: the engine's shared memory, decided once from the number of instruments.
 *
 * Imports   contract, core, journal, memory, telemetry.
 */
import { LADDER_DOUBLES } from '../contract/frames.ts';
import { EngineViewLayout, INSTRUMENT_VIEW_DOUBLES } from '../core/published.ts';
import { HOST_RING, HOST_RING_SLOTS, JOURNAL_STATUS } from '../core/trading-job.ts';
import { JOURNAL_STATUS_BYTES } from '../journal/journal-layout.ts';
import { planMemory } from '../memory/memory-plan.ts';
import type { MemoryPlan } from '../memory/memory-plan.ts';
import { COUNTER_COUNT } from '../telemetry/counters.ts';
import { histogramBytes } from '../telemetry/histogram.ts';
import { STAGE_COUNT } from '../telemetry/stages.ts';

export function planEngineMemory(instruments: number): MemoryPlan {
  return planMemory({
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
      {
        name: JOURNAL_STATUS,
        shape: { kind: 'raw', bytes: JOURNAL_STATUS_BYTES },
        ownerThread: 'journal',
        writers: ['journal', 'host'],
        readers: ['host'],
      },
    ],
  });
}
