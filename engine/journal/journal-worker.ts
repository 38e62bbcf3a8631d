/**
 * journal-worker: entry of the journal thread. Looks into the ring every 25 ms; nobody wakes it.
 *
 * In        workerData: JournalJob. Message 'stop': drain, sync, close, then end.
 * Out       the status block; message {kind: 'stopped'} or {kind: 'broken', message}.
 * Failure   a failed disk is a state, not an end: the status says so and the ring is drained on.
 *           Only a broken ring (a programmer's error) ends the thread, and says so first.
 * Imports   memory, ./journal-drain, ./journal-layout, ./journal-writer.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { RingReader } from '../memory/spsc-ring.ts';
import { JournalDrain } from './journal-drain.ts';
import type { JournalJob, JournalMessage } from './journal-job.ts';
import { JournalStatusBlock } from './journal-layout.ts';
import { JournalWriter } from './journal-writer.ts';

/** A look costs more than what it finds; what waits meanwhile is in the ring. */
const POLL_MS = 25;

const job = workerData as JournalJob;
const drain = new JournalDrain({
  ring: new RingReader(job.ring.buffer, job.ring.byteOffset),
  writer: new JournalWriter(job),
  status: new JournalStatusBlock(job.status.buffer, job.status.byteOffset),
  syncEveryMs: job.syncEveryMs,
});

const timer = setInterval(look, POLL_MS);
parentPort?.on('message', (message) => {
  if (message === 'stop') stop();
});
look();

function look(): void {
  try {
    drain.step(performance.now());
  } catch (error) {
    end({ kind: 'broken', message: error instanceof Error ? error.message : String(error) });
  }
}

function stop(): void {
  try {
    drain.stop(performance.now());
    end({ kind: 'stopped' });
  } catch (error) {
    end({ kind: 'broken', message: error instanceof Error ? error.message : String(error) });
  }
}

function end(message: JournalMessage): void {
  clearInterval(timer);
  parentPort?.postMessage(message);
  parentPort?.close();
}
