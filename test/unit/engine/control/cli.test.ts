/** disarm, flatten, kill, status, doctor: real processes against a control server. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { EngineStatus, KillReport } from '../../../../engine/contract/status.ts';
import { exposureLatch, haltLatch } from '../../../../engine/journal/latch-file.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { until } from '../../../support/until.ts';
import { segmentFiles, writeJournal } from '../journal/journals.ts';
import { kinds, served, SLOW_MS, start } from './cli-runs.ts';
import type { FakeControl } from './fake-control.ts';

describe('tickdeck disarm, flatten, status', { concurrency: true }, () => {
  it('disarm is asked without a lease; flatten takes and returns it', async (t) => {
    const { base, handler } = await served(t);
    const disarm = start(t, base, 'disarm', '--json');
    assert.equal(await disarm.code, 0, disarm.output.err);
    assert.equal((JSON.parse(disarm.output.out) as { outcome: string }).outcome, 'applied');
    const flatten = start(t, base, 'flatten', '--symbol', 'ETHUSDT');
    assert.equal(await flatten.code, 0, flatten.output.err);
    assert.deepEqual(kinds(handler), ['disarm', 'flatten']);
    assert.equal(handler.leaseEnds.length, 1);
    assert.equal(handler.leaseHolder(), null);
  });

  it('status prints one object, or lines for a person', async (t) => {
    const { base } = await served(t);
    const json = start(t, base, 'status', '--json');
    assert.equal(await json.code, 0, json.output.err);
    assert.equal((JSON.parse(json.output.out) as EngineStatus).state, 'DISARMED');
    const text = start(t, base, 'status');
    assert.equal(await text.code, 0);
    assert.match(text.output.out, /^SIM DISARMED\nsession/);
    assert.match(text.output.out, /in charge {2}nobody/);
  });

  it('does not break when its reader leaves', async (t) => {
    const { base } = await served(t);
    const run = start(t, base, 'status');
    run.child.stdout!.destroy();
    assert.equal(await run.code, 0, run.output.err);
    assert.equal(run.output.err, '');
  });

  it('say in one line that no engine runs, or that the usage is wrong', async (t) => {
    const base = tempDir(t);
    const none = start(t, base, 'status');
    const wrong = start(t, base, 'disarm', '--stratgy', 'scalper');
    assert.equal(await none.code, 1);
    assert.match(
      none.output.err,
      /^tickdeck status: no engine runs on .*sim-main; start one .*\n$/,
    );
    assert.equal(await wrong.code, 2);
    assert.equal(wrong.output.err.trim().split('\n').length, 1);
  });
});

const REPORT: KillReport = {
  atMs: 0,
  blocked: true,
  cancelled: false,
  verified: false,
  residualOrders: 0,
  by: 'trading-thread',
  detail: '',
};

/** A handler whose KILL reports its steps one after the other and ends as `last`. */
function killsAs(handler: FakeControl, last: Partial<KillReport>): void {
  const plain = handler.execute.bind(handler);
  handler.execute = async (command, holdsLease) => {
    if (command.kind !== 'kill') return plain(command, holdsLease);
    const steps = [REPORT, { ...REPORT, cancelled: true }, { ...REPORT, ...last }];
    for (const step of steps) {
      handler.kill = { ...step, atMs: Date.now() };
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    return plain(command, holdsLease);
  };
}

describe('tickdeck kill', { concurrency: true }, () => {
  it('prints blocked, cancelled and verified as they come, then what is left', async (t) => {
    const { base, handler } = await served(t);
    killsAs(handler, { cancelled: true, verified: true });
    const run = start(t, base, 'kill');
    await until(() => run.output.out.includes('blocked'), { what: 'step 1', timeoutMs: SLOW_MS });
    assert.ok(!run.output.out.includes('verified'), run.output.out);
    assert.equal(await run.code, 0, run.output.err);
    assert.match(
      run.output.out,
      /^blocked {4}yes\ncancelled {2}yes\nverified {3}yes\nresidual {3}0 orders\nby/,
    );
  });

  it('exits 1 and says NO when orders are left', async (t) => {
    const { base, handler } = await served(t);
    killsAs(handler, { residualOrders: 2, detail: 'the venue does not answer' });
    const run = start(t, base, 'kill');
    assert.equal(await run.code, 1);
    assert.match(run.output.out, /verified {3}NO\nresidual {3}2 orders[^]*does not answer/);
  });
});

describe('tickdeck doctor', { concurrency: true }, () => {
  it('looks at a fresh folder and makes nothing', async (t) => {
    const base = tempDir(t);
    const run = start(t, base, 'doctor');
    assert.equal(await run.code, 0, run.output.out + run.output.err);
    assert.match(run.output.out, /ok {6}node/);
    assert.match(run.output.out, /none runs on this data folder/);
    assert.match(run.output.out, /total [\d,]+ bytes in one shared buffer/);
    assert.deepEqual(fs.readdirSync(base), []);
  });

  it('finds a running engine, a torn journal, a latch, and a corrupt journal wrong', async (t) => {
    const { base, folder } = await served(t);
    const journal = path.join(folder, 'journal');
    writeJournal(journal, 100).close();
    const file = segmentFiles(journal)[0]!;
    fs.truncateSync(file, fs.statSync(file).size - 1);
    exposureLatch(folder).set({
      session: 's',
      orderPrefix: 'p',
      mode: 'sim',
      atWallMs: 1,
      processId: 1,
    });
    const torn = start(t, base, 'doctor');
    assert.equal(await torn.code, 0, torn.output.err);
    assert.match(torn.output.out, /runs: tickdeck test/);
    assert.match(torn.output.out, /missing journal .*no whole block/);
    assert.match(torn.output.out, /missing exposed .*session s/);

    haltLatch(folder).set({ session: 's', reason: 'KILL', atWallMs: 1 });
    const bytes = fs.readFileSync(file);
    bytes[200]! ^= 1;
    fs.writeFileSync(file, bytes);
    const bad = start(t, base, 'doctor', '--json');
    assert.equal(await bad.code, 1);
    const found = JSON.parse(bad.output.out) as { findings: { what: string; level: string }[] };
    const wrong = found.findings.filter(({ level }) => level === 'wrong');
    assert.deepEqual(
      wrong.map(({ what }) => what),
      ['halted', 'journal'],
    );
  });

  it('names the place of a wrong setting', async (t) => {
    const base = tempDir(t);
    const file = path.join(base, 'my.jsonc');
    fs.writeFileSync(file, '{\n  "limits": { "maxDayLos": 5 }\n}');
    const run = start(t, base, 'doctor', '--config', file);
    assert.equal(await run.code, 2);
    assert.match(run.output.err, /my\.jsonc:2:15: "limits\.maxDayLos" .*"limits\.maxDayLoss"/);
  });
});
