/** engine-lock: one engine a data folder; a dead one's lock is taken over. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { describe, it } from 'node:test';
import { EngineError } from '../../../../engine/base/errors.ts';
import { controlPaths } from '../../../../engine/runtime/control/control-paths.ts';
import { EngineLock } from '../../../../engine/runtime/control/engine-lock.ts';
import { tempDir } from '../../../support/temp-dir.ts';

describe('engine lock', () => {
  it('refuses a second engine with its process and the folder, and is free after release', (t) => {
    const folder = tempDir(t);
    const lock = EngineLock.take(folder);
    assert.throws(
      () => EngineLock.take(folder),
      (error: unknown) =>
        error instanceof EngineError &&
        error.code === 'runtime/already-running' &&
        error.message.includes(`process ${process.pid}`) &&
        error.message.includes(folder),
    );
    lock.release();
    EngineLock.take(folder).release();
    assert.equal(fs.existsSync(controlPaths(folder).lock), false);
  });

  it('is held by a living process of someone else', async (t) => {
    const folder = tempDir(t);
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    t.after(() => child.kill('SIGKILL'));
    await once(child, 'spawn');
    const facts = { processId: child.pid, processStart: '' };
    fs.writeFileSync(controlPaths(folder).lock, JSON.stringify(facts));
    assert.throws(() => EngineLock.take(folder), /already runs/);
    child.kill('SIGKILL');
    await once(child, 'exit');
    EngineLock.take(folder).release();
  });

  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  for (const { name, text } of [
    { name: 'a process that is gone', text: JSON.stringify({ processId: dead, processStart: '' }) },
    { name: 'nobody: it is empty', text: '' },
    { name: 'nobody: it is no JSON', text: 'garbage' },
    { name: 'nobody: it names no process', text: '{"processId":"x","processStart":1}' },
  ]) {
    it(`takes over the lock of ${name}`, (t) => {
      const folder = tempDir(t);
      fs.writeFileSync(controlPaths(folder).lock, text);
      EngineLock.take(folder).release();
    });
  }

  it('takes over the lock of a process whose number was used again', (t) => {
    if (!fs.existsSync('/proc/self/stat')) return t.skip('this platform has no /proc');
    const folder = tempDir(t);
    const facts = { processId: process.pid, processStart: '1' };
    fs.writeFileSync(controlPaths(folder).lock, JSON.stringify(facts));
    EngineLock.take(folder).release();
  });

  it('leaves a lock alone that is not its own any more', (t) => {
    const folder = tempDir(t);
    const lock = EngineLock.take(folder);
    fs.writeFileSync(lock.file, 'other');
    lock.release();
    assert.equal(fs.readFileSync(lock.file, 'utf8'), 'other');
  });
});
