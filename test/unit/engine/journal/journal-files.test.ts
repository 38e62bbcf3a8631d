/** journal-writer and journal-reader: what is written is read, and damage is told apart. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { describe, it } from 'node:test';
import { EngineError } from '../../../../engine/base/errors.ts';
import { JournalReader, listSessions } from '../../../../engine/journal/journal-reader.ts';
import { BLOCK_HEADER_BYTES, SEGMENT_HEADER_BYTES } from '../../../../engine/journal/record.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { numbersIn, segmentFiles, SESSION, smallDisk, upTo, writeJournal } from './journals.ts';

/** The error that reading the journal ends with. */
function readingError(folder: string): EngineError {
  try {
    numbersIn(new JournalReader(folder));
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error('reading did not fail');
}

function flip(file: string, at: number): void {
  const bytes = fs.readFileSync(file);
  bytes[at]! ^= 0x10;
  fs.writeFileSync(file, bytes);
}

describe('journal files', () => {
  it('give back every record over many blocks and segments', (t) => {
    const folder = tempDir(t);
    const writer = writeJournal(folder, 3000, { segmentBytes: 64 * 1024 });
    writer.close();
    assert.equal(writer.failure, null);
    assert.ok(segmentFiles(folder).length > 5);
    const reader = new JournalReader(folder);
    assert.deepEqual(numbersIn(reader), upTo(3000));
    assert.deepEqual(reader.warnings, []);
    assert.equal(reader.session, SESSION);
    assert.equal(reader.startWallMs, 1000);
    assert.equal(reader.slots, writer.slots);
    const bytes = segmentFiles(folder).reduce((sum, file) => sum + fs.statSync(file).size, 0);
    assert.equal(writer.bytes, bytes);
    assert.equal(writer.segments, segmentFiles(folder).length);
  });

  it('take a record longer than a block', (t) => {
    const folder = tempDir(t);
    const writer = writeJournal(folder, 3);
    const long = new Int32Array(9000 * 8);
    long[0] = 50;
    long[1] = 9000;
    long[8999 * 8 + 7] = 77;
    writer.append(long, 0, 9000);
    writer.close();
    const found: number[] = [];
    new JournalReader(folder).read((words, _doubles, at, slots) => {
      found.push(slots);
      if (slots === 9000) assert.equal(words[at * 2 + 8999 * 8 + 7], 77);
    });
    assert.deepEqual(found, [1, 2, 3, 9000]);
  });

  it('cut a torn tail off with one warning, wherever it tore', (t) => {
    const folder = tempDir(t);
    const writer = writeJournal(folder, 100, { flushEvery: 10 });
    writer.close();
    const file = segmentFiles(folder)[0]!;
    const whole = fs.readFileSync(file);
    for (const cut of [1, 31, 32, 33, 500, 1_880]) {
      fs.writeFileSync(file, whole.subarray(0, whole.length - cut));
      const reader = new JournalReader(folder);
      const numbers = numbersIn(reader);
      assert.deepEqual(numbers, upTo(numbers.length), `cut by ${cut}`);
      assert.equal(numbers.length, 90);
      assert.equal(reader.warnings.length, 1);
      assert.match(reader.warnings[0]!, /no whole block/);
    }
    fs.writeFileSync(file, Buffer.concat([whole, Buffer.alloc(700)]));
    const padded = new JournalReader(folder);
    assert.equal(numbersIn(padded).length, 100, 'zeros behind the end, as after a power cut');
    assert.equal(padded.warnings.length, 1);
  });

  it('cut a new segment off that ends within its header', (t) => {
    const folder = tempDir(t);
    writeJournal(folder, 1000, { segmentBytes: 64 * 1024 }).close();
    const last = segmentFiles(folder).at(-1)!;
    const next = last.replace(/\d{5}\.tdj$/, (name) =>
      name.replace(/\d+/, (number) => String(Number(number) + 1).padStart(5, '0')),
    );
    for (const bytes of [0, 10, SEGMENT_HEADER_BYTES - 1]) {
      fs.writeFileSync(next, Buffer.alloc(bytes));
      const reader = new JournalReader(folder);
      assert.equal(numbersIn(reader).length, 1000);
      assert.equal(reader.warnings.length, 1);
    }
  });

  const damages: readonly { name: string; at: (size: number) => number; says: RegExp }[] = [
    { name: 'a payload', at: () => SEGMENT_HEADER_BYTES + BLOCK_HEADER_BYTES + 100, says: /block/ },
    { name: 'a block header', at: () => SEGMENT_HEADER_BYTES + 9, says: /no block/ },
    { name: 'the file header', at: () => 33, says: /file header/ },
    { name: 'the magic', at: () => 0, says: /no journal file/ },
  ];
  for (const { name, at, says } of damages) {
    it(`refuse a flipped bit in ${name}, with file and place`, (t) => {
      const folder = tempDir(t);
      writeJournal(folder, 200).close();
      const file = segmentFiles(folder)[0]!;
      flip(file, at(fs.statSync(file).size));
      const error = readingError(folder);
      assert.equal(error.code, 'journal/corrupt');
      assert.match(error.message, says);
      assert.ok(error.message.startsWith(file));
      assert.equal(error.facts['file'], file);
      assert.equal(typeof error.facts['offset'], 'number');
    });
  }

  it('refuse a missing segment in the middle, and say what retention took at the start', (t) => {
    const folder = tempDir(t);
    writeJournal(folder, 2000, { segmentBytes: 64 * 1024 }).close();
    const files = segmentFiles(folder);
    fs.unlinkSync(files[0]!);
    const reader = new JournalReader(folder);
    const numbers = numbersIn(reader);
    assert.ok(reader.startsAtSlot > 0);
    assert.deepEqual(numbers, upTo(2000).slice(2000 - numbers.length));
    fs.unlinkSync(files[2]!);
    assert.match(readingError(folder).message, /segment 2 is missing/);
  });

  it('stay within the bound on disk by deleting the oldest closed segments', (t) => {
    const folder = tempDir(t);
    const retainBytes = 200 * 1024;
    const segmentBytes = 32 * 1024;
    const writer = writeJournal(folder, 6000, { segmentBytes, retainBytes });
    writer.close();
    assert.ok(writer.deletedSegments > 10);
    assert.ok(writer.bytes <= retainBytes + segmentBytes + 4096, `${writer.bytes} bytes`);
    const bytes = segmentFiles(folder).reduce((sum, file) => sum + fs.statSync(file).size, 0);
    assert.equal(writer.bytes, bytes);
    assert.equal(numbersIn(new JournalReader(folder)).at(-1), 5999);
  });

  for (const code of ['ENOSPC', 'EIO']) {
    it(`latch ${code}, count what is lost, throw nothing, and leave whole blocks`, (t) => {
      const folder = tempDir(t);
      const writer = writeJournal(folder, 500, { disk: smallDisk(40_000, code) });
      writer.flush();
      assert.equal(writer.failure, code);
      assert.equal(writer.sync(), false);
      const lost = writer.lostSlots;
      assert.ok(lost > 0);
      assert.equal(
        writer.slots + lost,
        upTo(500).reduce((sum, n) => sum + 1 + (n % 13), 0),
      );
      writer.close();
      const reader = new JournalReader(folder);
      const numbers = numbersIn(reader);
      assert.deepEqual(numbers, upTo(numbers.length));
      assert.equal(reader.slots, writer.slots);
      assert.deepEqual(reader.warnings, []);
    });
  }

  it('latch a folder that cannot be made', (t) => {
    const folder = `${tempDir(t)}/file`;
    fs.writeFileSync(folder, '');
    const writer = writeJournal(`${folder}/journal`, 20);
    writer.close();
    assert.equal(writer.failure, 'ENOTDIR');
    assert.ok(writer.lostSlots > 0);
  });

  it('are listed by session, oldest first, and never overwritten', (t) => {
    const folder = tempDir(t);
    assert.deepEqual(listSessions(`${folder}/none`), []);
    for (const session of ['20261123-000000-bbbb', '20261122-000000-aaaa']) {
      writeJournal(folder, 10, { session }).close();
    }
    assert.deepEqual(
      listSessions(folder).map(({ session }) => session),
      ['20261122-000000-aaaa', '20261123-000000-bbbb'],
    );
    assert.equal(new JournalReader(folder).session, '20261123-000000-bbbb');
    assert.throws(() => new JournalReader(folder, 'none'), /no journal of session none/);
    const again = writeJournal(folder, 1, { session: '20261122-000000-aaaa' });
    assert.equal(again.failure, 'EEXIST');
  });
});
