/** spsc-ring: records, pads, loss and its Gap, and that both sides find the same places. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../../../engine/base/random.ts';
import { PAD_WORDS } from '../../../../engine/memory/padding.ts';
import { formatRing, ringBytes, RingWord } from '../../../../engine/memory/ring-layout.ts';
import { copySlots, slotsOfRecord } from '../../../../engine/memory/slot-length.ts';
import { SlotBuffer } from '../../../../engine/memory/slot-buffer.ts';
import { createRing, RingReader, RingWriter } from '../../../../engine/memory/spsc-ring.ts';
import { SlotKind } from '../../../../engine/memory/slots.ts';

interface Ring {
  readonly writer: RingWriter;
  readonly reader: RingReader;
}

function ringOf(slots: number): Ring {
  const buffer = createRing(slots);
  return { writer: new RingWriter(buffer), reader: new RingReader(buffer) };
}

/** One slot whose number is `value`. */
function push(writer: RingWriter, value: number): boolean {
  const at = writer.claim(1);
  if (at < 0) return false;
  writer.words[at * 2] = SlotKind.TurnEnd;
  writer.doubles[at + 1] = value;
  return true;
}

/** A record of `slots` slots that carries its own length. */
function pushLong(writer: RingWriter, slots: number, value: number): boolean {
  const at = writer.claim(slots);
  if (at < 0) return false;
  writer.words[at * 2] = SlotKind.Blob;
  writer.words[at * 2 + 1] = slots;
  writer.doubles[at + 1] = value;
  return true;
}

/** All records as text: "17:3" is kind 17 with value 3. */
function drain(reader: RingReader): string[] {
  const found: string[] = [];
  for (let at = reader.peek(); at >= 0; at = reader.peek()) {
    found.push(`${reader.words[at * 2]! & 0xff}:${reader.doubles[at + 1]}`);
    reader.advance();
  }
  return found;
}

describe('spsc ring', () => {
  it('gives back what was published, in order, and nothing before', () => {
    const { writer, reader } = ringOf(16);
    push(writer, 1);
    push(writer, 2);
    assert.deepEqual(drain(reader), []);
    writer.publish();
    assert.deepEqual(drain(reader), ['17:1', '17:2']);
    assert.deepEqual(drain(reader), []);
  });

  it('keeps a record contiguous: the end of the ring is padded and the pad never seen', () => {
    const { writer, reader } = ringOf(16);
    for (let round = 0; round < 50; round++) {
      assert.ok(pushLong(writer, 7, round));
      writer.publish();
      assert.deepEqual(drain(reader), [`50:${round}`]);
    }
  });

  it('zeroes what it hands out', () => {
    const { writer, reader } = ringOf(16);
    for (let round = 0; round < 40; round++) {
      const at = writer.claim(2);
      for (let i = 0; i < 8; i++) assert.equal(writer.doubles[at + i], 0);
      writer.words[at * 2] = SlotKind.Command;
      for (let i = 1; i < 8; i++) writer.doubles[at + i] = 9;
      writer.publish();
      drain(reader);
    }
  });

  it('counts what does not fit and puts a Gap with the count before the next record', () => {
    const { writer, reader } = ringOf(16);
    for (let i = 0; i < 16; i++) assert.ok(push(writer, i));
    assert.ok(!push(writer, 100));
    assert.ok(!pushLong(writer, 5, 101));
    assert.equal(writer.lostSlots, 6);
    assert.ok(writer.isLosing);
    writer.publish();
    assert.equal(reader.lostSlots(), 6);
    assert.equal(drain(reader).length, 16);
    assert.ok(push(writer, 102));
    assert.ok(!writer.isLosing);
    writer.publish();
    assert.deepEqual(drain(reader), ['48:6', '17:102']);
  });

  it('shows the Gap with the next publish even when no record follows', () => {
    const { writer, reader } = ringOf(16);
    for (let i = 0; i < 17; i++) push(writer, i);
    writer.publish();
    drain(reader);
    writer.publish();
    assert.deepEqual(drain(reader), ['48:1']);
  });

  it('takes a record of half its size anywhere, and counts one that can never fit', () => {
    for (let shift = 0; shift < 16; shift++) {
      const { writer, reader } = ringOf(16);
      for (let i = 0; i < shift; i++) push(writer, i);
      writer.publish();
      drain(reader);
      assert.ok(pushLong(writer, 8, 1), `after ${shift} slots`);
      assert.ok(!pushLong(writer, 17, 2));
      assert.equal(writer.lostSlots, 17);
    }
  });

  it('goes on when its cursors wrap', () => {
    const buffer = createRing(16);
    const control = new Int32Array(buffer, 0, RingWord.Slots);
    control[RingWord.Tail] = 0x3fff_fffb;
    control[RingWord.Head] = 0x3fff_fffb;
    const writer = new RingWriter(buffer);
    const reader = new RingReader(buffer);
    for (let i = 0; i < 40; i++) {
      assert.ok(push(writer, i));
      writer.publish();
      assert.deepEqual(drain(reader), [`17:${i}`]);
    }
    assert.ok(control[RingWord.Tail]! < 40);
  });

  it('resumes where the former writer and reader stopped', () => {
    const buffer = createRing(16);
    const first = new RingWriter(buffer);
    for (let i = 0; i < 5; i++) push(first, i);
    first.publish();
    const reader = new RingReader(buffer);
    reader.peek();
    reader.advance();
    reader.release();
    const second = new RingWriter(buffer);
    push(second, 5);
    second.publish();
    assert.deepEqual(drain(new RingReader(buffer)), ['17:1', '17:2', '17:3', '17:4', '17:5']);
  });

  it('agrees with a list under random bursts, losses included', () => {
    const random = new SeededRandom(11);
    const { writer, reader } = ringOf(64);
    let model: string[] = [];
    let lost = 0;
    for (let step = 0; step < 20_000; step++) {
      const slots = random.int(4) === 0 ? 1 + random.int(12) : 1;
      const before = writer.isLosing;
      const lostBefore = writer.lostSlots;
      const fits = slots === 1 ? push(writer, step) : pushLong(writer, slots, step);
      if (fits && before) model.push(`48:${lost}`);
      if (fits) lost = 0;
      else lost += writer.lostSlots - lostBefore;
      if (fits) model.push(`${slots === 1 ? 17 : 50}:${step}`);
      if (random.int(3) === 0) {
        const losing = writer.isLosing;
        writer.publish();
        if (losing && !writer.isLosing) {
          model.push(`48:${lost}`);
          lost = 0;
        }
        if (random.int(8) === 0) {
          assert.deepEqual(drain(reader), model, `step ${step}`);
          model = [];
        }
      }
    }
    assert.ok(writer.lostSlots > 100, 'the run did overflow');
  });

  it('reads in bulk what it reads one by one', () => {
    const { writer, reader } = ringOf(64);
    const found: number[] = [];
    for (let round = 0; round < 30; round++) {
      pushLong(writer, 9, round);
      push(writer, round + 0.5);
      writer.publish();
      for (let count = reader.batch(); count > 0; count = reader.batch()) {
        const start = reader.batchStart;
        for (let slot = 0; slot < count;) {
          const word = start * 2 + slot * 8;
          const kind = reader.words[word]! & 0xff;
          if (kind !== SlotKind.Pad) found.push(reader.doubles[word / 2 + 1]!);
          slot += slotsOfRecord(reader.words, word);
        }
        reader.pass(count);
      }
    }
    assert.deepEqual(
      found,
      Array.from({ length: 60 }, (_, i) => i / 2),
    );
  });

  it('refuses sizes that are no power of two, and buffers that hold no ring', () => {
    assert.throws(() => ringBytes(100), /power of two/);
    assert.throws(() => ringBytes(8), /power of two/);
    assert.throws(() => new RingReader(new SharedArrayBuffer(4096)), /no ring/);
    assert.throws(() => formatRing(new SharedArrayBuffer(256), 0, 16), /beyond its buffer/);
    assert.throws(() => formatRing(new SharedArrayBuffer(4096), 4, 16), /8-byte/);
  });

  it('stops on a record whose length is nonsense instead of spinning', () => {
    for (const slots of [0, -1, 17]) {
      const { writer, reader } = ringOf(16);
      const at = writer.claim(1);
      writer.words[at * 2] = SlotKind.Blob;
      writer.words[at * 2 + 1] = slots;
      writer.publish();
      assert.throws(() => reader.peek(), /broke the format/);
    }
  });

  it('keeps the cursors of the two sides on lines of their own, wherever the buffer starts', () => {
    const words = [RingWord.Capacity, RingWord.Tail, RingWord.Head, RingWord.Slots];
    for (let at = 1; at < words.length; at++) {
      assert.ok(words[at]! - words[at - 1]! >= PAD_WORDS - 1);
    }
    assert.equal(RingWord.Slots % 2, 0);
  });
});

describe('slot buffer', () => {
  it('hands over every slot in order and never loses one', () => {
    const seen: number[] = [];
    const buffer = new SlotBuffer(16, (words, doubles, count) => {
      for (let slot = 0; slot < count;) {
        seen.push(doubles[slot * 4 + 1]!);
        slot += slotsOfRecord(words, slot * 8);
      }
    });
    for (let i = 0; i < 100; i++) {
      const slots = 1 + (i % 5);
      const at = buffer.claim(slots);
      for (let field = 0; field < slots * 4; field++) assert.equal(buffer.doubles[at + field], 0);
      buffer.words[at * 2] = SlotKind.Blob;
      buffer.words[at * 2 + 1] = slots;
      buffer.doubles[at + 1] = i;
      buffer.publish();
    }
    buffer.flush();
    assert.deepEqual(
      seen,
      Array.from({ length: 100 }, (_, i) => i),
    );
  });
});

describe('copySlots', () => {
  it('keeps every bit, also of a header that looks like a NaN', () => {
    const from = new ArrayBuffer(128);
    const to = new ArrayBuffer(128);
    const words = new Int32Array(from);
    words[8] = 0x0001_0204;
    words[9] = -1; // the upper half of a NaN
    words[10] = 77;
    copySlots(words, new Float64Array(from), 1, new Int32Array(to), new Float64Array(to), 2, 1);
    assert.deepEqual(new Int32Array(to).slice(16, 24), words.slice(8, 16));
  });
});
