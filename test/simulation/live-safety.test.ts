/** What must hold when something dies, hangs, vanishes or fills up while everything is armed. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { EngineStatus } from '../../engine/contract/status.ts';
import { until } from '../support/until.ts';
import { EAGER, held, LiveEngine } from './live-engine.ts';

const SHORT_COUNTDOWN = ['--set=orders.countdownMs=5000', '--set=orders.countdownRenewMs=1000'];

const hasOrders = ({ orders }: EngineStatus): boolean => orders.length > 0;
const hasPosition = ({ instruments }: EngineStatus): boolean =>
  instruments.some(({ positionLots }) => positionLots !== 0);

function alertsOf({ alerts }: EngineStatus, code: string): string[] {
  return alerts.filter((alert) => alert.code === code).map(({ text }) => text);
}

async function untilNoOrders(engine: LiveEngine, timeoutMs: number): Promise<number> {
  const startMs = performance.now();
  const isClear = async (): Promise<boolean> => (await engine.account()).openOrders.length === 0;
  await until(isClear, { what: 'no open orders at the exchange', timeoutMs, pollMs: 50 });
  return performance.now() - startMs;
}

function entries({ strategies }: EngineStatus): number {
  return strategies
    .filter(({ strategy }) => strategy === 'scalper')
    .reduce((sum, each) => sum + each.entries, 0);
}

/** Orders that the exchange gets in the next `ms`. */
async function ordersSeenFor(engine: LiveEngine, ms: number): Promise<number> {
  const before = (await engine.account()).ordersSeen;
  const startMs = performance.now();
  await until(() => performance.now() - startMs > ms, { what: 'time', timeoutMs: ms * 2 });
  return (await engine.account()).ordersSeen - before;
}

describe('when something goes while armed', { concurrency: 3, timeout: 150_000 }, () => {
  it('kill -9: the countdown clears the book; the restart is HALTED and reconciles', async (t) => {
    const engine = await LiveEngine.start(t, ...EAGER, ...SHORT_COUNTDOWN);
    await engine.arm();
    await engine.statusWhere('orders and a position', (s) => hasOrders(s) && hasPosition(s));
    engine.process.child.kill('SIGKILL');
    await engine.process.code;
    const left = await engine.account();
    assert.ok(left.openOrders.length > 0, 'orders rest without an engine');
    const clearedMs = await untilNoOrders(engine, 8_000);
    t.diagnostic(
      `${left.openOrders.length} orders gone ${Math.round(clearedMs)} ms after the kill`,
    );

    await engine.restart(...EAGER, ...SHORT_COUNTDOWN);
    const status = await engine.status();
    assert.equal(status.state, 'HALTED');
    assert.match(status.stateReason, /the session before ended while orders may have existed/);
    assert.equal(alertsOf(status, 'leftovers').length, 1);
    const account = await engine.account();
    const told = [...alertsOf(status, 'reconcile'), ...alertsOf(status, 'unprotected')].join('\n');
    for (const position of held(account)) {
      const symbol = position.split(' ')[0]!;
      assert.match(told, new RegExp(`${symbol}: .*(agrees with the journal|unprotected)`), told);
    }
    const owned = status.instruments.filter(({ positionLots }) => positionLots !== 0);
    assert.equal(owned.length, held(account).length, 'every position has an owner');

    await assert.rejects(engine.arm(), /STATE_FORBIDS/, 'HALTED is left by a typed word only');
  });

  it('kill -9 and restart at once: what rests is cancelled, then flattened', async (t) => {
    // Three starts in a minute: few instruments, for the venue's request budget.
    const flags = [...EAGER, '--symbols', 'BTCUSDT,ETHUSDT,SOLUSDT'];
    const engine = await LiveEngine.start(t, ...flags);
    await engine.arm();
    await engine.statusWhere('orders and a position', (s) => hasOrders(s) && hasPosition(s));
    engine.process.child.kill('SIGKILL');
    await engine.process.code;
    assert.ok((await engine.account()).openOrders.length > 0);
    await engine.restart(...flags);
    const status = await engine.status();
    assert.equal(status.state, 'HALTED');
    assert.match(alertsOf(status, 'leftovers')[0]!, /were cancelled; the venue shows none/);
    assert.ok(existsSync(path.join(engine.folder, 'exposed.json')));

    // A second crash, of the session that took over: its own journal tells what is open.
    const before = held(await engine.account());
    engine.process.child.kill('SIGKILL');
    await engine.process.code;
    await engine.restart(...flags);
    const second = await engine.status();
    assert.equal(second.state, 'HALTED');
    const unprotected = alertsOf(second, 'unprotected');
    if (held(await engine.account()).join() === before.join()) {
      assert.deepEqual(unprotected, alertsOf(status, 'unprotected'));
    }

    const client = await engine.connect();
    await client.ask('leaseAcquire', {});
    const flatten = await client.ask('flatten', { symbol: null });
    assert.equal(flatten.outcome, 'applied', 'a person may flatten while HALTED');
    await engine.statusWhere('flat', (s) => !hasPosition(s) && !hasOrders(s));
    assert.deepEqual(held(await engine.account()), []);
    assert.equal((await engine.status()).state, 'HALTED');
    engine.process.child.kill('SIGTERM');
    assert.equal(await engine.process.code, 0, engine.process.output.err);
  });

  it('a hung trading thread: fence, HALTED, cancelled and verified by the host', async (t) => {
    const engine = await LiveEngine.start(t, ...EAGER);
    await engine.arm();
    await engine.statusWhere('orders', hasOrders);
    const startMs = performance.now();
    await engine.faults({ hangTradingThreadMs: 60_000 });
    const halted = await engine.statusWhere('HALTED', ({ state }) => state === 'HALTED');
    const haltedMs = performance.now() - startMs;
    assert.ok(haltedMs < 5_000, `HALTED after ${haltedMs} ms`);
    assert.match(halted.stateReason, /the trading thread has stopped beating/);
    const done = await engine.statusWhere('verified', ({ kill }) => kill?.verified === true);
    t.diagnostic(
      `HALTED after ${Math.round(haltedMs)} ms, verified after ` +
        `${Math.round(performance.now() - startMs)} ms`,
    );
    assert.equal(done.kill!.by, 'watchdog');
    assert.equal(done.kill!.blocked, true);
    assert.equal(done.kill!.residualOrders, 0);
    assert.deepEqual((await engine.account()).openOrders, []);
    assert.equal(await ordersSeenFor(engine, 500), 0, 'nothing passes the fence');
    const latch = JSON.parse(
      readFileSync(path.join(engine.folder, 'halted.json'), 'utf8'),
    ) as object;
    assert.ok('reason' in latch);
    engine.process.child.kill('SIGTERM');
    const code = await engine.process.code;
    const isFlat = held(await engine.account()).length === 0;
    assert.equal(code, isFlat ? 0 : 1, engine.process.output.err);
    if (!isFlat) assert.match(engine.process.output.err, /left open: position/);
  });

  it('a frozen terminal: the lease ends, quotes are pulled, nothing is entered', async (t) => {
    const engine = await LiveEngine.start(t, ...EAGER);
    const arm = engine.command('arm');
    await engine.statusWhere('orders', hasOrders);
    arm.child.kill('SIGSTOP');
    const startMs = performance.now();
    const gone = await engine.statusWhere('DISARMED', ({ state }) => state === 'DISARMED');
    const lostMs = performance.now() - startMs;
    assert.ok(lostMs < 4_500, `DISARMED after ${lostMs} ms`);
    assert.match(gone.stateReason, /nobody is in charge: command line \d+ is gone/);
    assert.equal(gone.lease.held, false);
    await engine.statusWhere('quotes pulled', ({ quotes }) =>
      quotes.every(({ bid, ask }) => bid === null && ask === null),
    );
    const before = entries(await engine.status());
    await ordersSeenFor(engine, 1_000);
    assert.equal(entries(await engine.status()), before);
    t.diagnostic(`DISARMED ${Math.round(lostMs)} ms after the terminal froze`);
  });

  it('a disk that takes no more: one alert, no entries, exits go on, REDUCING', async (t) => {
    // The shell's file size limit, in blocks of 512 bytes: the journal hits it after seconds.
    const engine = await LiveEngine.startLimited(t, 'ulimit -f 4000', ...EAGER);
    await engine.arm();
    const full = await engine.statusWhere('a failed journal', ({ journal }) => journal.failed);
    assert.equal(full.journal.failed, true);
    const reducing = await engine.statusWhere(
      'REDUCING',
      ({ state, stateReason }) => state === 'REDUCING' && stateReason !== '',
    );
    assert.match(reducing.stateReason, /JOURNAL_LOSS/);
    assert.equal(alertsOf(reducing, 'journal-failed').length, 1);
    assert.match(alertsOf(reducing, 'journal-failed')[0]!, /free the disk/);
    await engine.statusWhere('quotes pulled', ({ quotes }) =>
      quotes.every(({ bid, ask }) => bid === null && ask === null),
    );
    const client = await engine.connect();
    await client.ask('leaseAcquire', {}).catch(() => undefined);
    const again = engine.command('arm');
    assert.equal(await again.code, 1);
    // KILL needs no disk.
    const kill = engine.command('kill');
    assert.equal(await kill.code, 0, kill.output.out + kill.output.err);
    assert.equal((await engine.status()).state, 'HALTED');
    const files = readdirSync(path.join(engine.folder, 'journal'));
    assert.ok(files.length > 0);
  });

  it('a venue that dies: nothing is sent into the dark, and the engine still ends', async (t) => {
    const engine = await LiveEngine.start(t, ...EAGER);
    await engine.arm();
    await engine.statusWhere('orders and a position', (s) => hasOrders(s) && hasPosition(s));
    process.kill(engine.exchangePid, 'SIGKILL');
    const down = await engine.statusWhere('sockets down', ({ venue }) => venue.orders !== 'up');
    assert.notEqual(down.venue.market, 'up');
    const late = await engine.statusWhere('no trust', ({ instruments }) =>
      instruments.every(({ trust }) => trust < 100),
    );
    assert.ok(late.instruments.every(({ book }) => book !== 'synced'));
    engine.process.child.kill('SIGTERM');
    assert.equal(await engine.process.code, 1);
    assert.match(engine.process.output.err, /left open: .*could not be asked/);
    assert.ok(existsSync(path.join(engine.folder, 'exposed.json')), 'the next start knows');
  });

  it('garbage from the venue is counted and traded on by nobody', async (t) => {
    const engine = await LiveEngine.start(t, ...EAGER);
    await engine.faults({ garbageNext: 30, truncatedNext: 30 });
    const seen = await engine.statusWhere('60 bad messages', ({ drops }) => drops.malformed >= 60);
    assert.equal(seen.state, 'DISARMED');
    await engine.statusWhere('every book in sync', ({ instruments }) =>
      instruments.every(({ book, trust }) => book === 'synced' && trust === 100),
    );
    await engine.faults({ gapNext: 1 });
    const gap = await engine.statusWhere('a gap', ({ instruments }) =>
      instruments.some(({ gaps }) => gaps > 0),
    );
    assert.ok(gap.instruments.every(({ gaps, resyncs }) => resyncs >= gaps));
    assert.equal((await engine.account()).ordersSeen, 0);
    engine.process.child.kill('SIGTERM');
    assert.equal(await engine.process.code, 0, engine.process.output.err);
  });
});
