/** The journal thread: drains, answers sync requests, survives a full disk and SIGKILL. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { JournalDrain } from '../../../../engine/journal/journal-drain.ts';
import { JournalThread } from '../../../../engine/journal/journal-job.ts';
import { JournalState, JournalStatusBlock } from '../../../../engine/journal/journal-layout.ts';
import { JournalReader } from '../../../../engine/journal/journal-reader.ts';
import { JournalWriter } from '../../../../engine/journal/journal-writer.ts';
import { RingReader, RingWriter } from '../../../../engine/memory/spsc-ring.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { until } from '../../../support/until.ts';
import { numbersIn, SESSION, smallDisk, upTo, writeNumbered } from './journals.ts';

const CHILD = fileURLToPath(new URL('./journal-child.ts', import.meta.url));

function startThread(t: TestContext, folder: string, broken: string[]) {
  const ring = RingWriter.create(32 * 4096);
  const status = JournalStatusBlock.create();
  const thread = new JournalThread({
    folder,
    session: SESSION,
    startWallMs: 0,
    ring: { buffer: ring.buffer, byteOffset: 0 },
    status: { buffer: status.buffer, byteOffset: 0 },
    syncEveryMs: 1000,
    onBroken: (error) => broken.push(error.message),
  });
  t.after(() => thread.stop());
  return { ring, status, thread };
}

describe('journal thread', () => {
  it('writes what is published and reports it; a sync request is answered', async (t) => {
    const folder = tempDir(t);
    const broken: string[] = [];
    const { ring, status, thread } = startThread(t, folder, broken);
    for (let number = 0; number < 100; number++) writeNumbered(ring, number, 3);
    ring.publish();
    assert.ok(await status.waitSynced(status.requestSync(), 5_000));
    assert.equal(status.report().slots, 300);
    assert.deepEqual(numbersIn(new JournalReader(folder)), upTo(100));

    for (let number = 100; number < 120; number++) writeNumbered(ring, number, 1);
    ring.publish();
    await thread.stop();
    assert.deepEqual(numbersIn(new JournalReader(folder)), upTo(120));
    const { state, segments, bytes, error } = status.report();
    assert.deepEqual([state, segments, error, broken], [JournalState.Stopped, 1, '', []]);
    assert.equal(bytes, fs.statSync(path.join(folder, fs.readdirSync(folder)[0]!)).size);
  });

  it('says so when a record breaks the format, and ends', async (t) => {
    const broken: string[] = [];
    const { ring } = startThread(t, tempDir(t), broken);
    const at = ring.claim(1);
    ring.words[at * 2] = 50;
    ring.words[at * 2 + 1] = 0;
    ring.publish();
    await until(() => broken.length > 0, { what: 'the thread to report' });
    assert.match(broken[0]!, /journal thread: journal record of 0 slots/);
  });

  it('keeps draining and counting when the folder cannot be written', async (t) => {
    const file = path.join(tempDir(t), 'file');
    fs.writeFileSync(file, '');
    const broken: string[] = [];
    const { ring, status, thread } = startThread(t, path.join(file, 'journal'), broken);
    await until(() => status.hasFailed(), { what: 'the failure to show' });
    for (let number = 0; number < 5_000; number++) {
      while (!writeNumbered(ring, number, 4))
        await until(() => ring.freeSlots() > 8, { what: 'room' });
      ring.publish();
    }
    await until(() => status.report().lostSlots >= 20_000, { what: 'the loss to be counted' });
    assert.equal(await status.waitSynced(status.requestSync(), 100), false);
    await thread.stop();
    assert.deepEqual(broken, []);
    assert.equal(status.report().state, JournalState.Failed);
  });

  it('loses nothing that was synced when the process is killed', async (t) => {
    const folder = tempDir(t);
    const child = spawn(process.execPath, [CHILD, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let synced = -1;
    createInterface({ input: child.stdout }).on('line', (line) => (synced = Number(line)));
    await until(() => synced > 20_000, { what: 'the child to sync some', timeoutMs: 20_000 });
    child.kill('SIGKILL');
    await once(child, 'exit');
    const reader = new JournalReader(folder);
    const numbers = numbersIn(reader);
    assert.ok(numbers.length > synced, `${numbers.length} read, ${synced} were synced`);
    assert.deepEqual(numbers, upTo(numbers.length));
    assert.ok(reader.warnings.length <= 1);
  });
});

describe('journal drain', () => {
  it('does not answer a sync request that the disk did not fulfil', (t) => {
    const ring = RingWriter.create(32 * 256);
    const status = JournalStatusBlock.create();
    const disk = smallDisk(2_000, 'ENOSPC');
    const writer = new JournalWriter({
      folder: tempDir(t),
      session: SESSION,
      startWallMs: 0,
      disk,
    });
    const drain = new JournalDrain({
      ring: new RingReader(ring.buffer),
      writer,
      status,
      syncEveryMs: 0,
    });
    writeNumbered(ring, 0, 10);
    ring.publish();
    const first = status.requestSync();
    drain.step(0);
    assert.ok(status.isSynced(first));
    writeNumbered(ring, 1, 100);
    ring.publish();
    const second = status.requestSync();
    drain.step(1);
    assert.equal(status.isSynced(second), false);
    assert.deepEqual([status.report().error, status.report().lostSlots], ['ENOSPC', 100]);
    drain.stop(2);
    assert.equal(status.report().state, JournalState.Failed);
  });

  it('answers nothing that came after it read the request', (t) => {
    const ring = RingWriter.create(32 * 256);
    const status = JournalStatusBlock.create();
    const writer = new JournalWriter({ folder: tempDir(t), session: SESSION, startWallMs: 0 });
    const drain = new JournalDrain({
      ring: new RingReader(ring.buffer),
      writer,
      status,
      syncEveryMs: 0,
    });
    drain.step(0);
    const request = status.requestSync();
    assert.equal(status.isSynced(request), false);
    drain.step(1);
    assert.ok(status.isSynced(request));
    drain.stop(2);
  });
});
