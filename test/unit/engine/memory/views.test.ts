/** slot-view and latest-ring on one thread: what readers get, and what they missed. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LatestReader, LatestWriter } from '../../../../engine/memory/latest-ring.ts';
import { PAD_WORDS } from '../../../../engine/memory/padding.ts';
import { createView, ViewReader, ViewWriter } from '../../../../engine/memory/slot-view.ts';
import {
  formatView,
  VIEW_SLOTS,
  viewBytes,
  viewSlotWords,
  ViewSlotWord,
  ViewWord,
} from '../../../../engine/memory/view-layout.ts';

function write(writer: ViewWriter, value: number): void {
  const at = writer.begin();
  for (let i = 0; i < writer.payloadDoubles; i++) writer.doubles[at + i] = value + i;
  writer.commit();
}

describe('slot view', () => {
  it('says false before the first publication and leaves the copy alone', () => {
    const writer = ViewWriter.create(3);
    const out = new Float64Array([7, 7, 7]);
    const reader = new ViewReader(writer.buffer);
    assert.equal(reader.changed(), false);
    assert.equal(reader.read(out), false);
    assert.deepEqual([...out], [7, 7, 7]);
  });

  it('gives the newest publication, and changed() until it was read', () => {
    for (const doubles of [1, 2, 3, 56, 511]) {
      const writer = ViewWriter.create(doubles);
      const reader = new ViewReader(writer.buffer);
      const out = new Float64Array(doubles);
      for (let value = 0; value < 40; value++) {
        write(writer, value);
        if (value % 3 !== 0) continue;
        assert.ok(reader.changed());
        assert.ok(reader.read(out));
        assert.deepEqual([out[0], out.at(-1)], [value, value + doubles - 1]);
        assert.ok(!reader.changed());
      }
    }
  });

  it('shows nothing of a publication that is not committed', () => {
    const writer = ViewWriter.create(2);
    const reader = new ViewReader(writer.buffer);
    const out = new Float64Array(2);
    write(writer, 1);
    const at = writer.begin();
    writer.doubles[at] = 99;
    assert.ok(reader.read(out));
    assert.deepEqual([...out], [1, 2]);
  });

  it('refuses a slot whose payload was changed behind its checksum', () => {
    const writer = ViewWriter.create(4);
    const reader = new ViewReader(writer.buffer);
    const out = new Float64Array(4);
    write(writer, 1);
    const payload = ViewWord.Slots + viewSlotWords(4) + ViewSlotWord.Payload;
    const words = new Int32Array(writer.buffer);
    for (let word = 0; word < 8; word++) {
      words[payload + word]! ^= 1;
      assert.equal(reader.read(out), false, `word ${word}`);
      words[payload + word]! ^= 1;
      assert.equal(reader.read(out), true);
    }
  });

  it('refuses an old payload under a newer sequence', () => {
    const writer = ViewWriter.create(4);
    const reader = new ViewReader(writer.buffer);
    write(writer, 1);
    const words = new Int32Array(writer.buffer);
    words[ViewWord.Slots + viewSlotWords(4) + ViewSlotWord.Sequence]! += 2;
    assert.equal(reader.read(new Float64Array(4)), false);
  });

  it('recovers from a writer that died between begin and commit', () => {
    const buffer = createView(2);
    const out = new Float64Array(2);
    new ViewWriter(buffer).begin();
    const writer = new ViewWriter(buffer);
    const reader = new ViewReader(buffer);
    for (let value = 0; value < 2 * VIEW_SLOTS; value++) {
      write(writer, value);
      assert.ok(reader.read(out));
      assert.equal(out[0], value);
    }
  });

  it('holds begin and commit in pairs', () => {
    const writer = ViewWriter.create(2);
    assert.throws(() => writer.commit(), /being written/);
    writer.begin();
    assert.throws(() => writer.begin(), /already/);
  });

  it('keeps NaN payloads and signed zeros as they are', () => {
    const writer = ViewWriter.create(3);
    const at = writer.begin();
    writer.doubles[at] = Number.NaN;
    writer.doubles[at + 1] = -0;
    writer.doubles[at + 2] = -0x8000_0000;
    writer.commit();
    const out = new Float64Array(3);
    assert.ok(new ViewReader(writer.buffer).read(out));
    assert.ok(Number.isNaN(out[0]) && Object.is(out[1], -0) && out[2] === -0x8000_0000);
  });

  it('keeps slots whole pads apart', () => {
    for (const doubles of [1, 56, 57, 1000]) assert.equal(viewSlotWords(doubles) % PAD_WORDS, 0);
    assert.ok(ViewWord.Published - ViewWord.SlotWords >= PAD_WORDS - 2);
    assert.throws(() => viewBytes(0), /view of 0/);
    assert.throws(() => formatView(new SharedArrayBuffer(512), 0, 56), /beyond its buffer/);
    assert.throws(() => new ViewReader(new SharedArrayBuffer(4096)), /no view/);
  });
});

function trade(writer: LatestWriter, value: number): void {
  const at = writer.claim();
  writer.words[at * 2] = 3;
  writer.doubles[at + 1] = value;
  writer.commit();
}

describe('latest ring', () => {
  it('gives every record to a reader that keeps up', () => {
    const writer = LatestWriter.create(16);
    const reader = new LatestReader(writer.buffer);
    for (let value = 0; value < 200; value++) {
      trade(writer, value);
      assert.equal(reader.next(), false, 'not published yet');
      writer.publish();
      assert.ok(reader.next());
      assert.equal(reader.words[0], 3);
      assert.equal(reader.doubles[1], value);
      assert.equal(reader.next(), false);
    }
    assert.equal(reader.missed, 0);
  });

  it('tells a slow reader how many it missed: read + missed = written', () => {
    const writer = LatestWriter.create(16);
    const reader = new LatestReader(writer.buffer);
    for (let value = 0; value < 100; value++) trade(writer, value);
    writer.publish();
    const read: number[] = [];
    while (reader.next()) read.push(reader.doubles[1]!);
    assert.equal(read.length + reader.missed, 100);
    assert.ok(read.length > 0 && read.length <= 16);
    assert.equal(read.at(-1), 99);
  });

  it('does not show a record that was overwritten before it was published', () => {
    const writer = LatestWriter.create(16);
    const reader = new LatestReader(writer.buffer);
    for (let value = 0; value < 10; value++) trade(writer, value);
    writer.publish();
    for (let value = 10; value < 20; value++) trade(writer, value);
    const read: number[] = [];
    while (reader.next()) read.push(reader.doubles[1]!);
    assert.ok(
      read.every((value) => value >= 4 && value < 10),
      String(read),
    );
    assert.equal(read.length + reader.missed, 10);
    writer.publish();
    while (reader.next()) read.push(reader.doubles[1]!);
    assert.equal(read.length + reader.missed, 20);
  });

  it('starts a new reader at what is published next', () => {
    const writer = LatestWriter.create(16);
    trade(writer, 1);
    writer.publish();
    const reader = new LatestReader(writer.buffer);
    assert.equal(reader.next(), false);
    trade(writer, 2);
    writer.publish();
    assert.ok(reader.next());
    assert.equal(reader.doubles[1], 2);
  });
});
