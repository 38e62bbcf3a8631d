/**
 * slot-view and latest-ring with a real writer thread: no torn payload in millions of reads, and
 * the control: the same payload without the guard does tear.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLatest, LatestReader } from '../../engine/memory/latest-ring.ts';
import { createView, ViewReader } from '../../engine/memory/slot-view.ts';
import { Deadline, sequenceOf, WriterThread, type WriterJob } from './payload.ts';

const DOUBLES = 84;
const DEADLINE_MS = 60_000;

function thread(job: Partial<WriterJob> & Pick<WriterJob, 'kind' | 'buffer'>): WriterThread {
  return new WriterThread({ count: 0, seed: 1, lossy: false, pauseSpins: 0, ...job });
}

/** Reads whole payloads `reads` times; a false read does not count. */
function readView(reader: ViewReader, reads: number) {
  const out = new Float64Array(DOUBLES);
  const deadline = new Deadline(DEADLINE_MS);
  const seen = { reads: 0, torn: 0, backwards: 0, distinct: 0 };
  let last = 0;
  while (seen.reads < reads) {
    assert.ok(!deadline.isOver, `${seen.reads} reads in ${DEADLINE_MS} ms`);
    if (!reader.read(out)) continue;
    seen.reads++;
    const sequence = sequenceOf(out, 0, DOUBLES);
    if (sequence < 0) seen.torn++;
    if (sequence < last) seen.backwards++;
    if (sequence !== last) seen.distinct++;
    last = sequence;
  }
  return seen;
}

describe('slot view between two threads', () => {
  for (const { name, pauseSpins, reads } of [
    { name: 'hammered without a pause', pauseSpins: 0, reads: 2_000_000 },
    { name: 'written every few microseconds', pauseSpins: 300, reads: 1_500_000 },
  ]) {
    it(`never tears, ${name}, and moves forward`, async () => {
      const buffer = createView(DOUBLES);
      const writer = thread({ kind: 'view', buffer, pauseSpins });
      await writer.start();
      const reader = new ViewReader(buffer);
      const seen = readView(reader, reads);
      await writer.stop();
      assert.deepEqual([seen.torn, seen.backwards], [0, 0]);
      assert.ok(seen.distinct > 1_000, `${seen.distinct} states seen`);
      assert.ok(reader.retries < reads / 10, `${reader.retries} retries`);
    });
  }

  it('control: the same payload without the guard tears', async () => {
    const buffer = new SharedArrayBuffer(DOUBLES * 8);
    const shared = new Float64Array(buffer);
    const copy = new Float64Array(DOUBLES);
    const writer = thread({ kind: 'unguarded', buffer });
    await writer.start();
    const deadline = new Deadline(DEADLINE_MS);
    let torn = 0;
    let reads = 0;
    while (torn < 100 && !deadline.isOver) {
      for (let i = 0; i < DOUBLES; i++) copy[i] = shared[i]!;
      reads++;
      if (copy[0] !== 0 && sequenceOf(copy, 0, DOUBLES) < 0) torn++;
    }
    await writer.stop();
    assert.ok(torn >= 100, `${torn} torn of ${reads}`);
  });
});

describe('latest ring between two threads', () => {
  for (const { name, count, pauseSpins, records } of [
    { name: 'a writer far ahead', count: 3_000_000, pauseSpins: 0, records: 256 },
    { name: 'a writer about as fast', count: 1_000_000, pauseSpins: 8, records: 16_384 },
  ]) {
    it(`gives whole records in order and counts the missed ones, with ${name}`, async () => {
      const buffer = createLatest(records);
      const reader = new LatestReader(buffer);
      const writer = thread({ kind: 'latest', buffer, count, pauseSpins });
      await writer.start();
      const deadline = new Deadline(DEADLINE_MS);
      const seen = { read: 0, torn: 0, disorder: 0 };
      let last = -1;
      for (let isLast = false; !isLast;) {
        isLast = writer.isDone;
        while (reader.next()) {
          seen.read++;
          const sequence = sequenceOf(reader.doubles, 1, 3);
          if (sequence < 0) seen.torn++;
          if (sequence <= last) seen.disorder++;
          last = sequence;
        }
        assert.ok(!deadline.isOver, 'the writer ended in time');
      }
      await writer.stop();
      assert.deepEqual([seen.torn, seen.disorder], [0, 0]);
      assert.equal(seen.read + reader.missed, count);
      assert.ok(seen.read > 0);
      assert.equal(last, count - 1);
    });
  }
});
