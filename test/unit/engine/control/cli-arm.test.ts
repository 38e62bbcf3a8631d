/** arm: a real process that holds the lease, and every way in which that may end. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ControlClient } from '../../../../engine/runtime/control/control-client.ts';
import { until } from '../../../support/until.ts';
import { kinds, served, SLOW_MS, start } from './cli-runs.ts';

describe('tickdeck arm', { concurrency: true }, () => {
  it('holds the lease past its length, and disarms and gives it back on Ctrl+C', async (t) => {
    const { base, handler } = await served(t, 400);
    const run = start(t, base, 'arm', '--strategy', 'scalper', '--symbol', 'btcusdt');
    await until(() => handler.armed, { what: 'arm', timeoutMs: SLOW_MS });
    const armedAtMs = performance.now();
    await until(() => performance.now() - armedAtMs > 1_000, { what: 'two leases to pass' });
    assert.notEqual(handler.leaseHolder(), null);
    run.child.kill('SIGINT');
    assert.equal(await run.code, 0, run.output.err);
    assert.equal(handler.armed, false);
    assert.deepEqual(handler.leaseEnds, ['command line 1 released']);
    assert.deepEqual(handler.commands[0], {
      kind: 'arm',
      id: handler.commands[0]!.id,
      strategy: 'scalper',
      symbol: 'BTCUSDT',
    });
    assert.match(run.output.out, /arm: applied[^]*in charge[^]*disarm: applied/);
  });

  it('loses the lease at once when it is killed', async (t) => {
    const { base, handler } = await served(t, 60_000);
    const run = start(t, base, 'arm');
    await until(() => handler.armed, { what: 'arm', timeoutMs: SLOW_MS });
    run.child.kill('SIGKILL');
    await until(() => handler.leaseHolder() === null, { what: 'the lease to end' });
  });

  it('says who is in charge when it is somebody else, and arms nothing', async (t) => {
    const { base, folder, handler } = await served(t);
    const other = await ControlClient.connect(folder, 'other');
    await other.ask('leaseAcquire', {});
    const run = start(t, base, 'arm');
    const renewing = setInterval(() => void other.ask('leaseRenew', {}), 500);
    t.after(() => clearInterval(renewing));
    assert.equal(await run.code, 1);
    assert.match(run.output.err, /^tickdeck arm: command line 1 is in charge/);
    assert.ok(!kinds(handler).includes('arm'));
    other.close();
  });

  it('ends with an error when the lease was lost, and when the engine goes', async (t) => {
    const first = await served(t, 600);
    const lost = start(t, first.base, 'arm', '--json');
    await until(() => first.handler.armed, { what: 'arm', timeoutMs: SLOW_MS });
    first.handler.releaseLease(first.handler.leaseHolder()!);
    assert.equal(await lost.code, 1);
    assert.match(lost.output.err, /the lease ran out/);
    assert.match(lost.output.out, /"kind":"lost"/);
    assert.equal(first.handler.armed, false, 'it disarmed on its way out');

    const second = await served(t);
    const gone = start(t, second.base, 'arm');
    await until(() => second.handler.armed, { what: 'arm', timeoutMs: SLOW_MS });
    await second.server.stop();
    assert.equal(await gone.code, 1);
    assert.match(gone.output.err, /the engine went|closed the connection/);
  });

  it('resumes only on the typed word', async (t) => {
    const { base, handler } = await served(t);
    const wrong = start(t, base, 'arm', '--resume', 'resume');
    assert.equal(await wrong.code, 1);
    assert.match(wrong.output.out, /resume: refused: type the word RESUME/);
    assert.ok(!kinds(handler).includes('arm'));
  });
});
