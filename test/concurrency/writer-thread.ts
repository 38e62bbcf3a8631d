/**
 * writer-thread: the other side of the concurrency tests: a worker that writes a ring, a view or a
 * latest-ring as fast as it can, or a plain block of doubles without any guard (the control).
 *
 * Words of `flags`: 0 the reader is ready, 1 the writer is done, 2 stop.
 * Imports   engine/base, engine/memory, ./payload.
 */
import { workerData } from 'node:worker_threads';
import { SeededRandom } from '../../engine/base/random.ts';
import { LatestWriter } from '../../engine/memory/latest-ring.ts';
import { ViewWriter } from '../../engine/memory/slot-view.ts';
import { RingWriter } from '../../engine/memory/spsc-ring.ts';
import { SlotKind } from '../../engine/memory/slots.ts';
import { fillPayload, type WriterJob } from './payload.ts';

const job = workerData as WriterJob;
const flags = new Int32Array(job.flags);

while (Atomics.load(flags, 0) === 0) Atomics.wait(flags, 0, 0, 1_000);
run();
Atomics.store(flags, 1, 1);

function run(): void {
  if (job.kind === 'ring') writeRing();
  else if (job.kind === 'view') writeView();
  else if (job.kind === 'latest') writeLatest();
  else writeUnguarded();
}

function isStopped(): boolean {
  return Atomics.load(flags, 2) === 1;
}

/** Records of 1 to 12 slots in bursts; waits for room, or loses what does not fit. */
function writeRing(): void {
  const random = new SeededRandom(job.seed);
  const writer = new RingWriter(job.buffer);
  for (let sequence = 0; sequence < job.count; sequence++) {
    const slots = 1 + random.int(12);
    if (!job.lossy) {
      while (writer.freeSlots() < 2 * slots) {
        writer.publish();
        if (isStopped()) return;
      }
    }
    const at = writer.claim(slots);
    if (at >= 0) {
      writer.words[at * 2] = SlotKind.Blob;
      writer.words[at * 2 + 1] = slots;
      fillPayload(writer.doubles, at + 1, slots * 4 - 1, sequence);
    }
    if (random.int(10) === 0) writer.publish();
  }
  // The last gap needs room too.
  do writer.publish();
  while (writer.isLosing && !isStopped());
}

function writeView(): void {
  const writer = new ViewWriter(job.buffer);
  for (let sequence = 1; !isStopped(); sequence++) {
    fillPayload(writer.doubles, writer.begin(), writer.payloadDoubles, sequence);
    writer.commit();
    pause(job.pauseSpins);
  }
}

function writeLatest(): void {
  const random = new SeededRandom(job.seed);
  const writer = new LatestWriter(job.buffer);
  for (let sequence = 0; sequence < job.count; sequence++) {
    fillPayload(writer.doubles, writer.claim() + 1, 3, sequence);
    writer.commit();
    if (random.int(16) === 0) writer.publish();
    pause(job.pauseSpins);
  }
  writer.publish();
}

function writeUnguarded(): void {
  const doubles = new Float64Array(job.buffer);
  for (let sequence = 1; !isStopped(); sequence++) {
    fillPayload(doubles, 0, doubles.length, sequence);
    pause(job.pauseSpins);
  }
}

function pause(spins: number): void {
  for (let spin = 0; spin < spins; spin++) Atomics.load(flags, 2);
}
