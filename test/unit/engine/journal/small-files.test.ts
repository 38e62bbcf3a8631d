/** Latches, the day's result, atomic files, sessions, blobs, hashes. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { EngineError } from '../../../../engine/base/errors.ts';
import { readFileIfAny, writeFileAtomic } from '../../../../engine/journal/atomic-file.ts';
import { BlobKind, readBlob, writeBlob } from '../../../../engine/journal/blob.ts';
import { DayPnlFile, utcDay } from '../../../../engine/journal/day-pnl.ts';
import { exposureLatch, haltLatch } from '../../../../engine/journal/latch-file.ts';
import { createSession, lettersOf } from '../../../../engine/journal/session.ts';
import { SlotHash } from '../../../../engine/journal/slot-hash.ts';
import { SlotBuffer } from '../../../../engine/memory/slot-buffer.ts';
import { RingReader, RingWriter } from '../../../../engine/memory/spsc-ring.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { smallDisk, writeNumbered } from './journals.ts';

const EXPOSURE = {
  session: '20261122-121314-k3f9',
  orderPrefix: 'ab12k3f9',
  mode: 'sim',
  atWallMs: 1_795_349_594_000,
  processId: 4242,
};
const DAY_MS = 86_400_000;

describe('latch files', () => {
  it('are set until they are cleared', (t) => {
    const latch = exposureLatch(tempDir(t));
    assert.equal(latch.read(), null);
    latch.set(EXPOSURE);
    assert.deepEqual({ ...latch.read()! }, { version: 1, ...EXPOSURE });
    latch.clear();
    latch.clear();
    assert.equal(latch.read(), null);
  });

  for (const text of ['', '{"session":', '[]', 'null', '{"session":5,"orderPrefix":"a"}']) {
    it(`count as set when they cannot be understood: ${JSON.stringify(text)}`, (t) => {
      const folder = tempDir(t);
      const exposed = exposureLatch(folder);
      fs.writeFileSync(exposed.file, text);
      assert.deepEqual([exposed.read()?.session, exposed.read()?.orderPrefix], ['', '']);
      const halted = haltLatch(folder);
      fs.writeFileSync(halted.file, text);
      assert.match(halted.read()!.reason, /cannot be read/);
    });
  }

  it('refuse to seem set when the disk is full', (t) => {
    const latch = exposureLatch(tempDir(t), smallDisk(10, 'ENOSPC'));
    assert.throws(() => latch.set(EXPOSURE), /exposed\.json could not be written \(ENOSPC\)/);
    assert.equal(latch.read(), null);
  });

  it('refuse to seem set on a device that is always full', (t) => {
    if (!fs.existsSync('/dev/full')) return t.skip('this platform has no /dev/full');
    const file = path.join(tempDir(t), 'state.json');
    fs.symlinkSync('/dev/full', `${file}.new`);
    assert.throws(() => writeFileAtomic(file, 'x'.repeat(100)), /ENOSPC/);
    assert.equal(fs.existsSync(file), false);
  });
});

describe('atomic files', () => {
  it('keep the old text when the new one cannot be written', (t) => {
    const file = path.join(tempDir(t), 'a', 'state.json');
    writeFileAtomic(file, 'old');
    assert.throws(() => writeFileAtomic(file, 'newer', smallDisk(2, 'EIO')), EngineError);
    assert.equal(readFileIfAny(file), 'old');
    writeFileAtomic(file, 'newest');
    assert.equal(readFileIfAny(file), 'newest');
  });
});

describe('day pnl', () => {
  const now = Date.UTC(2026, 10, 22, 23, 59);
  const pnl = { day: utcDay(now), realisedE8: -123_456_789, feesE8: 1_000, fills: 7 };

  it('survives a restart and turns over at 00:00 UTC', (t) => {
    const file = new DayPnlFile(tempDir(t));
    assert.deepEqual(file.load(now), { day: '2026-11-22', realisedE8: 0, feesE8: 0, fills: 0 });
    file.save(pnl);
    assert.deepEqual(file.load(now), pnl);
    assert.equal(file.load(now + 60_000).realisedE8, 0);
    assert.equal(file.load(now + DAY_MS).day, '2026-11-23');
  });

  for (const text of ['', '{}', '{"version":1,"day":"2026-11-22","realisedE8":1.5}', '7']) {
    it(`refuses to start on ${JSON.stringify(text)}`, (t) => {
      const file = new DayPnlFile(tempDir(t));
      fs.writeFileSync(file.file, text);
      assert.throws(() => file.load(now), /day-pnl\.json: today's result cannot be read/);
    });
  }
});

describe('sessions', () => {
  it('are named by their start and carry the installation in the order prefix', () => {
    const wallMs = Date.UTC(2026, 10, 22, 12, 13, 14);
    const session = createSession(wallMs, 'ab12', new Uint8Array([0, 1, 35, 36]));
    assert.deepEqual(session, {
      id: '20261122-121314-ab9a',
      orderPrefix: 'ab12ab9a',
      startWallMs: wallMs,
    });
    assert.throws(() => createSession(wallMs, 'AB', new Uint8Array(4)), /four of a–z/);
    assert.match(lettersOf(new Uint8Array([255, 128, 7, 99])), /^[a-z0-9]{4}$/);
  });
});

describe('blobs and hashes', () => {
  it('bring texts of any length through a ring', () => {
    const ring = RingWriter.create(32 * 1024);
    const reader = new RingReader(ring.buffer);
    for (const text of ['', 'a', 'ü€🙂'.repeat(40), 'x'.repeat(10_000)]) {
      assert.ok(writeBlob(ring, BlobKind.SessionHeader, text));
      ring.publish();
      const blob = readBlob(reader.words, reader.doubles, reader.peek());
      assert.deepEqual(blob, { kind: BlobKind.SessionHeader, text });
      reader.advance();
    }
    assert.equal(writeBlob(ring, BlobKind.Alert, 'x'.repeat(100_000)), false);
  });

  it('hash the same records to the same word, through a ring or a buffer, and others not', () => {
    const direct = new SlotHash();
    const buffer = new SlotBuffer(64, (words, _doubles, count) => direct.update(words, 0, count));
    const ringed = new SlotHash();
    const ring = RingWriter.create(32 * 64);
    const reader = new RingReader(ring.buffer);
    for (let number = 0; number < 200; number++) {
      const slots = 1 + (number % 9);
      writeNumbered(buffer, number, slots);
      writeNumbered(ring, number, slots);
      ring.publish();
      for (let count = reader.batch(); count > 0; count = reader.batch()) {
        ringed.update(reader.words, reader.batchStart / 4, count);
        reader.pass(count);
        reader.release();
      }
    }
    buffer.flush();
    assert.equal(direct.digest(), ringed.digest());
    assert.equal(direct.slots, ringed.slots);
    const before = direct.digest();
    writeNumbered(buffer, 0, 1);
    buffer.flush();
    assert.notEqual(direct.digest(), before);
  });
});
