/** What a session leaves on disk: the marker while anything may be open, HALTED, the day. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { EngineHead, ENGINE_HEAD_DOUBLES } from '../../../../engine/core/published.ts';
import { Mode } from '../../../../engine/domain/modes.ts';
import { DayPnlFile, utcDay } from '../../../../engine/journal/day-pnl.ts';
import { exposureLatch, haltLatch } from '../../../../engine/journal/latch-file.ts';
import { Alerts } from '../../../../engine/runtime/alerts.ts';
import { SessionMarks } from '../../../../engine/runtime/session-marks.ts';
import { tempDir } from '../../../support/temp-dir.ts';

function bench(t: TestContext, given: { mode?: Mode; folder?: string; id?: string } = {}) {
  const folder = given.folder ?? tempDir(t);
  const codes: string[] = [];
  const alerts = new Alerts(({ code }) => codes.push(code));
  const session = { id: given.id ?? 'session-1', orderPrefix: 'prefix', startWallMs: 1 };
  const day = utcDay(Date.now());
  const marks = new SessionMarks({
    folder,
    mode: given.mode ?? Mode.Sim,
    session,
    alerts,
    dayPnl: { day, realisedE8: 5, feesE8: 1, fills: 7 },
  });
  const marker = (): string | null => exposureLatch(folder).read()?.session ?? null;
  return { folder, codes, marks, marker, day };
}

describe('the marker of exposure', () => {
  it('is on disk before what arms runs, and stays as long as it runs', async (t) => {
    const { marks, marker } = bench(t);
    assert.equal(marks.isExposed, false);
    const answer = await marks.arming(async () => {
      assert.equal(marker(), 'session-1');
      marks.forget();
      assert.equal(marker(), 'session-1', 'not while somebody is arming');
      await Promise.resolve();
      return 'armed';
    });
    assert.equal(answer, 'armed');
    assert.equal(marks.isExposed, true);
    marks.forget();
    assert.equal(marker(), null);
    assert.equal(marks.isExposed, false);
  });

  it('of a session before is known, and is renamed by the first arming', async (t) => {
    const first = bench(t, { id: 'old' });
    first.marks.expose();
    const { marks, marker } = bench(t, { folder: first.folder, id: 'new' });
    assert.equal(marks.isExposed, true);
    assert.equal(marker(), 'old');
    await marks.arming(() => Promise.resolve());
    assert.equal(marker(), 'new');
  });

  it('stays when what armed failed, and arming again is possible', async (t) => {
    const { marks, marker } = bench(t);
    await assert.rejects(
      marks.arming(() => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.equal(marker(), 'session-1');
    marks.forget();
    assert.equal(marker(), null, 'nobody is arming any more');
  });

  it('that cannot be written is an error: nothing is armed', async (t) => {
    const { folder, marks } = bench(t);
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'a file where the folder should be');
    let isRun = false;
    const work = (): Promise<void> => {
      isRun = true;
      return Promise.resolve();
    };
    await assert.rejects(marks.arming(work), /could not be written/);
    assert.equal(isRun, false);
    assert.equal(marks.isExposed, false);
  });

  it('a replay leaves none', async (t) => {
    const { marks, folder } = bench(t, { mode: Mode.Replay });
    await marks.arming(() => Promise.resolve());
    marks.halt('HALTED: KILL');
    marks.saveDay(
      Float64Array.from({ length: ENGINE_HEAD_DOUBLES }, () => 1),
      true,
    );
    for (const name of ['exposed.json', 'halted.json', 'day-pnl.json']) {
      assert.equal(existsSync(path.join(folder, name)), false, name);
    }
  });
});

describe('HALTED', () => {
  it('survives on disk until it is cleared', (t) => {
    const { folder, marks } = bench(t);
    marks.halt('HALTED: KILL');
    assert.equal(haltLatch(folder).read()!.reason, 'HALTED: KILL');
    marks.clearHalt();
    assert.equal(haltLatch(folder).read(), null);
  });

  it('a disk that refuses is an alert, never an error: KILL goes on', (t) => {
    const { folder, codes, marks } = bench(t);
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'a file where the folder should be');
    marks.halt('HALTED: KILL');
    marks.clearHalt();
    marks.saveDay(
      Float64Array.from({ length: ENGINE_HEAD_DOUBLES }, () => 1),
      false,
    );
    assert.deepEqual(codes, ['halt-not-saved', 'halt-not-cleared', 'day-pnl']);
  });
});

describe('the day', () => {
  it('is written when it changed, with the fills of the sessions before', (t) => {
    const { folder, marks, day } = bench(t);
    const head = new Float64Array(ENGINE_HEAD_DOUBLES);
    const saved = () => new DayPnlFile(folder).load(Date.now());
    marks.saveDay(head, false);
    assert.equal(saved().fills, 0, 'nothing has been published yet');
    head[EngineHead.Turns] = 1;
    head[EngineHead.RealisedE8] = 1234.4;
    head[EngineHead.FeesE8] = 56;
    head[EngineHead.Fills] = 3;
    marks.saveDay(head, false);
    assert.deepEqual(saved(), { day, realisedE8: 1234, feesE8: 56, fills: 10 });
    const file = path.join(folder, 'day-pnl.json');
    rmSync(file);
    marks.saveDay(head, false);
    assert.equal(existsSync(file), false, 'unchanged: not written again');
    marks.saveDay(head, true);
    assert.match(readFileSync(file, 'utf8'), /"fills":10/);
  });
});
