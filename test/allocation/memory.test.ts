/** Shared memory on the hot path allocates nothing: ring, view, latest-ring, counters, words. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CounterBlock } from '../../engine/memory/counters.ts';
import { LatestReader, LatestWriter } from '../../engine/memory/latest-ring.ts';
import { Beat, CommandBit, SharedWords } from '../../engine/memory/shared-words.ts';
import { SlotBuffer } from '../../engine/memory/slot-buffer.ts';
import { copySlots, slotsOfRecord } from '../../engine/memory/slot-length.ts';
import { ViewReader, ViewWriter } from '../../engine/memory/slot-view.ts';
import { RingReader, RingWriter } from '../../engine/memory/spsc-ring.ts';
import { SlotKind } from '../../engine/memory/slots.ts';
import { bytesPerCall, BYTES_PER_CALL_MAX, type GateOptions } from './gate.ts';

const FAST = { warmupChunks: 300 } as const;
const sums = new Float64Array(4);

function passes(what: string, step: (call: number) => void, options: GateOptions = FAST): void {
  const bytes = bytesPerCall(step, options);
  assert.ok(bytes <= BYTES_PER_CALL_MAX, `${what}: ${bytes} bytes per call`);
}

describe('shared memory allocates nothing', () => {
  it('ring: claim, fill, publish, peek, advance, pads and long records included', () => {
    const writer = RingWriter.create(32 * 256);
    const reader = new RingReader(writer.buffer);
    passes('ring', (call) => {
      const slots = 1 + (call & 3);
      const at = writer.claim(slots);
      writer.words[at * 2] = SlotKind.Blob;
      writer.words[at * 2 + 1] = slots;
      writer.doubles[at + 1] = call * 0.5;
      writer.publish();
      const found = reader.peek();
      if (found >= 0) {
        sums[0] = sums[0]! + reader.doubles[found + 1]!;
        reader.advance();
      }
    });
  });

  it('ring: losing, and the gaps', () => {
    const writer = RingWriter.create(32 * 64);
    const reader = new RingReader(writer.buffer);
    passes('losing ring', (call) => {
      const at = writer.claim(3);
      if (at >= 0) writer.words[at * 2] = SlotKind.OrderEvent;
      writer.publish();
      if ((call & 63) !== 0) return;
      for (let found = reader.peek(); found >= 0; found = reader.peek()) reader.advance();
    });
    assert.ok(writer.lostSlots > 0);
  });

  it('ring: reading in bulk', () => {
    const writer = RingWriter.create(32 * 256);
    const reader = new RingReader(writer.buffer);
    passes('bulk', () => {
      const at = writer.claim(2);
      writer.words[at * 2] = SlotKind.Command;
      writer.publish();
      const count = reader.batch();
      const start = reader.batchStart * 2;
      for (let slot = 0; slot < count;) slot += slotsOfRecord(reader.words, start + slot * 8);
      reader.pass(count);
    });
  });

  it('view: begin, commit, changed, read', () => {
    const writer = ViewWriter.create(84);
    const reader = new ViewReader(writer.buffer);
    const out = new Float64Array(84);
    const publishAndRead = (call: number): void => {
      const at = writer.begin();
      for (let i = 0; i < 84; i++) writer.doubles[at + i] = call + i * 0.25;
      writer.commit();
      if (reader.changed()) reader.read(out);
      sums[1] = sums[1]! + out[83]!;
    };
    passes('view', publishAndRead, { warmupChunks: 200, chunkCalls: 3_000 });
  });

  it('latest-ring: claim, commit, publish, next', () => {
    const writer = LatestWriter.create(64);
    const reader = new LatestReader(writer.buffer);
    passes('latest-ring', (call) => {
      const at = writer.claim();
      writer.doubles[at + 1] = call * 0.5;
      writer.commit();
      writer.publish();
      if ((call & 127) === 0) while (reader.next()) sums[2] = sums[2]! + reader.doubles[1]!;
    });
  });

  it('slot buffer and copySlots', () => {
    const buffer = new SlotBuffer(64, (_words, doubles) => {
      sums[3] = sums[3]! + doubles[1]!;
    });
    passes('slot buffer', (call) => {
      const at = buffer.claim(2);
      buffer.words[at * 2] = SlotKind.Command;
      buffer.doubles[at + 1] = call * 0.5;
      copySlots(buffer.words, buffer.doubles, at / 4, buffer.words, buffer.doubles, 63, 1);
      buffer.publish();
    });
  });

  it('counters and shared words', () => {
    const block = CounterBlock.create(8);
    const words = SharedWords.create();
    passes('counters', (call) => {
      block.bump(call & 7);
      block.add(1, call & 15);
      words.beat(Beat.Trading);
      if ((words.bits() & CommandBit.Kill) !== 0) words.acknowledgeKill(words.killRequest());
    });
    assert.ok(block.load(1) > 0);
  });
});
