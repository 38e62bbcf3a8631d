/** spsc-ring with a real producer thread: nothing torn, lost silently, or out of order. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRing, RingReader } from '../../engine/memory/spsc-ring.ts';
import { SlotKind } from '../../engine/memory/slots.ts';
import { Deadline, sequenceOf, WriterThread } from './payload.ts';

const DEADLINE_MS = 60_000;

interface Reading {
  records: number;
  slots: number;
  gapSlots: number;
  gaps: number;
  torn: number;
  disorder: number;
}

/** Reads until the writer is done and the ring is empty. */
function readAll(reader: RingReader, writer: WriterThread, slowEvery: number): Reading {
  const reading: Reading = { records: 0, slots: 0, gapSlots: 0, gaps: 0, torn: 0, disorder: 0 };
  const deadline = new Deadline(DEADLINE_MS);
  let last = -1;
  for (;;) {
    const isLast = writer.isDone;
    for (let at = reader.peek(); at >= 0; at = reader.peek()) {
      if ((reader.words[at * 2]! & 0xff) === SlotKind.Gap) {
        reading.gaps++;
        reading.gapSlots += reader.doubles[at + 1]!;
      } else {
        const slots = reader.recordSlots;
        const sequence = sequenceOf(reader.doubles, at + 1, slots * 4 - 1);
        if (sequence < 0) reading.torn++;
        if (sequence <= last) reading.disorder++;
        last = sequence;
        reading.records++;
        reading.slots += slots;
      }
      reader.advance();
      if (slowEvery > 0 && reading.records % slowEvery === 0) dawdle();
    }
    if (isLast) return reading;
    assert.ok(!deadline.isOver, `the writer ended within ${DEADLINE_MS} ms`);
  }
}

let sink = 0;

function dawdle(): void {
  for (let i = 0; i < 20_000; i++) sink = (sink + i) | 0;
}

async function run(slots: number, count: number, lossy: boolean, slowEvery: number) {
  const buffer = createRing(slots);
  const reader = new RingReader(buffer);
  const writer = new WriterThread({
    kind: 'ring',
    buffer,
    count,
    seed: slots,
    lossy,
    pauseSpins: 0,
  });
  await writer.start();
  const reading = readAll(reader, writer, slowEvery);
  await writer.stop();
  return { reading, lostSlots: reader.lostSlots() };
}

describe('spsc ring between two threads', () => {
  for (const slots of [64, 1024, 65_536]) {
    const count = slots === 64 ? 100_000 : 300_000;
    it(`brings all of ${count} records through ${slots} slots, whole and in order`, async () => {
      const { reading, lostSlots } = await run(slots, count, false, 0);
      assert.equal(reading.records, count);
      assert.ok(reading.slots > count * 5);
      assert.deepEqual([reading.torn, reading.disorder, reading.gaps, lostSlots], [0, 0, 0, 0]);
    });
  }

  it('loses under a slow reader, and its gaps say exactly how much', async () => {
    const { reading, lostSlots } = await run(256, 200_000, true, 200);
    assert.deepEqual([reading.torn, reading.disorder], [0, 0]);
    assert.ok(reading.gaps > 0 && lostSlots > 0, 'the run did overflow');
    assert.equal(reading.gapSlots, lostSlots);
    assert.ok(reading.records > 0 && reading.records < 200_000);
  });
});
