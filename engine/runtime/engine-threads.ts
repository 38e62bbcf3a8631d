/**
 * engine-threads: what the trading and the journal thread of a session are given.
 *
 * Imports   core, domain, journal, memory.
 */
import type { EngineError } from '../base/errors.ts';
import { JOURNAL_STATUS, type TradingJob } from '../core/trading-job.ts';
import { Mode } from '../domain/modes.ts';
import { JournalThread } from '../journal/journal-job.ts';
import { RegionName, type SharedMemory } from '../memory/memory-plan.ts';
import type { EngineOptions } from './engine-options.ts';
import type { StartState } from './engine-start.ts';

export function tradingJob(
  options: EngineOptions,
  start: StartState,
  memory: SharedMemory,
): TradingJob {
  return {
    options: start.pipeline,
    memory: { buffer: memory.buffer, plan: memory.plan },
    endpoints: options.endpoints,
    marketStream: options.marketStream,
    depthSpeed: options.depthSpeed,
    apiKey: start.key?.apiKey ?? '',
    privateKeyPem: start.key?.privateKeyPem ?? '',
    clockOffsetMs: start.clock?.offsetMs ?? 0,
    isLoopbackOnly: options.mode === Mode.Sim,
    tape: options.replay?.tape ?? null,
    speed: options.replay?.speed ?? 1,
    jitterSeed: start.session.startWallMs | 0,
  };
}

/** The journal of a session. One after the other may drain the same ring. */
export function startJournal(
  options: EngineOptions,
  start: StartState,
  memory: SharedMemory,
  onBroken: (error: EngineError) => void,
): JournalThread {
  return new JournalThread({
    folder: start.journalFolder,
    session: start.session.id,
    startWallMs: start.session.startWallMs,
    segmentBytes: options.journal.segmentBytes,
    retainBytes: options.journal.retainBytes,
    syncEveryMs: options.journal.syncEveryMs,
    ring: { buffer: memory.buffer, byteOffset: memory.offsetOf(RegionName.journal()) },
    status: { buffer: memory.buffer, byteOffset: memory.offsetOf(JOURNAL_STATUS) },
    onBroken,
  });
}
