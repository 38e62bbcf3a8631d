/**
 * journal-child: a process that journals numbered records until it is killed. Prints the number of
 * the last record that a sync request has covered.
 *
 * Imports   engine/journal, engine/memory, ./journals.
 */
import { JournalThread } from '../../../../engine/journal/journal-job.ts';
import { JournalStatusBlock } from '../../../../engine/journal/journal-layout.ts';
import { RingWriter } from '../../../../engine/memory/spsc-ring.ts';
import { SESSION, writeNumbered } from './journals.ts';

const ring = RingWriter.create(32 * 65_536);
const status = JournalStatusBlock.create();
const thread = new JournalThread({
  folder: process.argv[2]!,
  session: SESSION,
  startWallMs: 0,
  segmentBytes: 512 * 1024,
  ring: { buffer: ring.buffer, byteOffset: 0 },
  status: { buffer: status.buffer, byteOffset: 0 },
  syncEveryMs: 100,
  onBroken: (error) => {
    throw error;
  },
});

let number = 0;
for (;;) {
  for (let burst = 0; burst < 500; burst++) {
    if (ring.freeSlots() > 64) writeNumbered(ring, number++, 1 + (number % 7));
  }
  ring.publish();
  const last = number - 1;
  if (await thread.status.waitSynced(status.requestSync(), 5_000))
    process.stdout.write(`${last}\n`);
}
