/** A real engine, a real exchange, real sockets: what a person does, and what they see. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { EngineStatus } from '../../engine/contract/status.ts';
import { until } from '../support/until.ts';
import { EAGER, held, liveFolder, LiveEngine, run, SLOW_MS } from './live-engine.ts';

const KEYS = [
  'mode',
  'state',
  'messagesPerSecond',
  'instruments',
  'scalps',
  'orders',
  'pnl',
  'latency',
] as const;

describe('a session over sockets', { concurrency: 3, timeout: 150_000 }, () => {
  it('headless --seconds 10 --json prints ten statuses and exits 0', async (t) => {
    const engine = await LiveEngine.start(t, '--seconds', '10', '--json');
    assert.equal(await engine.process.code, 0, engine.process.output.err);
    const lines = engine.process.output.out.trim().split('\n');
    assert.equal(lines.length, 10);
    const statuses = lines.map((line) => JSON.parse(line) as EngineStatus);
    for (const status of statuses) {
      assert.equal(status.mode, 'sim');
      assert.equal(status.state, 'DISARMED');
      for (const key of KEYS) assert.ok(key in status, key);
    }
    const last = statuses.at(-1)!;
    assert.ok(last.instruments.length >= 8);
    assert.ok(last.messagesPerSecond > 300, `${last.messagesPerSecond} messages a second`);
    for (const { symbol, book, bestBid, bestAsk, gaps, messagesPerSecond } of last.instruments) {
      assert.equal(book, 'synced', symbol);
      assert.ok(Number(bestBid) > 0 && Number(bestBid) < Number(bestAsk), symbol);
      assert.equal(gaps, 0, symbol);
      assert.ok(messagesPerSecond > 0, symbol);
    }
    assert.ok(last.latency.some(({ stage, count }) => stage === 'turn' && count > 0));
    assert.equal(last.orders.length, 0);
    assert.equal((await engine.account()).ordersSeen, 0, 'nobody armed it');
  });

  it('arm, status, disarm, flatten, kill by command line; the journal replays', async (t) => {
    const engine = await LiveEngine.start(t, ...EAGER);
    const arm = engine.command('arm');
    const armed = await engine.statusWhere('orders to rest', ({ orders }) => orders.length > 0);
    assert.equal(armed.state, 'ARMED');
    assert.match(armed.lease.holder!, /^command line/);

    const status = engine.command('status');
    assert.equal(await status.code, 0);
    assert.match(status.output.out, /^SIM ARMED\n/);
    await engine.statusWhere('a fill', ({ pnl }) => pnl.fills > 0);

    const disarm = engine.command('disarm');
    assert.equal(await disarm.code, 0, disarm.output.err);
    await engine.statusWhere('DISARMED', ({ state }) => state === 'DISARMED');
    arm.child.kill('SIGINT');
    assert.equal(await arm.code, 0, arm.output.err);

    const flatten = engine.command('flatten');
    assert.equal(await flatten.code, 0, flatten.output.err);
    await until(async () => held(await engine.account()).length === 0, {
      what: 'flat at the exchange',
      timeoutMs: SLOW_MS,
      pollMs: 50,
    });
    const flat = await engine.statusWhere('flat', ({ orders, instruments }) => {
      return orders.length === 0 && instruments.every(({ positionLots }) => positionLots === 0);
    });
    assert.equal(flat.state, 'DISARMED', 'flattening is no state');

    const kill = engine.command('kill');
    assert.equal(await kill.code, 0, kill.output.out + kill.output.err);
    assert.match(kill.output.out, /verified {3}yes\nresidual {3}0 orders/);
    const halted = await engine.statusWhere('HALTED', ({ state }) => state === 'HALTED');
    assert.equal(halted.stateReason, 'HALTED: KILL');
    const refused = engine.command('arm');
    assert.equal(await refused.code, 1);
    assert.match(refused.output.out, /arm: refused: STATE_FORBIDS/);

    engine.process.child.kill('SIGTERM');
    assert.equal(await engine.process.code, 0, engine.process.output.err);
    const replay = engine.command('replay', '--json');
    assert.equal(await replay.code, 0, replay.output.out + replay.output.err);
    const report = JSON.parse(replay.output.out) as { difference: null; orders: number };
    assert.equal(report.difference, null);
    assert.ok(report.orders > 0);

    await engine.restart(...EAGER);
    const again = await engine.status();
    assert.equal(again.state, 'HALTED', 'HALTED survives a restart');
    assert.equal(again.stateReason, 'HALTED: KILL');
    const resumed = engine.command('arm', '--resume', 'RESUME');
    await engine.statusWhere('ARMED', ({ state }) => state === 'ARMED');
    resumed.child.kill('SIGINT');
    assert.equal(await resumed.code, 0);
  });

  it('one engine a data folder, one port a window, one token', async (t) => {
    const engine = await LiveEngine.start(t);
    const second = engine.command('headless', '--seconds', '1');
    assert.equal(await second.code, 1);
    const lines = second.output.err.trim().split('\n');
    assert.match(lines.at(-1)!, /^tickdeck headless: an engine \(process \d+\) already runs on /);

    const { port } = new URL(engine.exchangeUrl);
    const base = liveFolder(t);
    const busy = run(t, base, 'serve', '--port', port);
    assert.equal(await busy.code, 1, busy.output.out);
    assert.match(
      busy.output.err.trim().split('\n').at(-1)!,
      new RegExp(`port ${port} .*is in use: `),
    );
    const unknown = run(t, base, 'headless', '--symbols', 'BTCUSD');
    assert.equal(await unknown.code, 1);
    assert.match(unknown.output.err, /BTCUSD is not on .*did you mean BTCUSDT/);
    const wrong = run(t, base, 'serve', '--port', 'abc');
    assert.equal(await wrong.code, 2, wrong.output.err);

    writeFileSync(`${engine.folder}/control.token`, 'ff'.repeat(32));
    const stranger = engine.command('kill');
    assert.equal(await stranger.code, 1);
    assert.match(stranger.output.err, /^tickdeck kill: wrong token; .*\n$/);
  });
});
