/** The kill desk: block, cancel, verify; take over; die; and the orderly end. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CommandCode } from '../../../../engine/core/command-codes.ts';
import { EngineHead } from '../../../../engine/core/published.ts';
import { TradingState } from '../../../../engine/domain/modes.ts';
import { CommandBit } from '../../../../engine/memory/shared-words.ts';
import { until } from '../../../support/until.ts';
import { HostBench } from './host-bench.ts';

const ORDER = {
  symbol: 'ABCUSDT',
  clientOrderId: 'abc-q000001',
  side: 'BUY',
  price: '10.0',
  quantity: '3',
};

describe('KILL', () => {
  it('raises the bit before anything that may be slow, then latches, then cancels', async () => {
    const bench = new HostBench();
    bench.obey();
    const raise = bench.words.raise.bind(bench.words);
    bench.words.raise = (bits) => {
      bench.log.push(`raise ${bits}`);
      raise(bits);
    };
    const report = await bench.kill.kill();
    assert.deepEqual(bench.log, [
      `raise ${CommandBit.Kill}`,
      'halt HALTED: KILL',
      'cancel everything',
    ]);
    assert.deepEqual(
      [report.by, report.blocked, report.cancelled, report.verified, report.residualOrders],
      ['trading-thread', true, true, true, 0],
    );
    assert.equal(bench.kill.isThreadDead, false);
  });

  it('asked twice at once is one, asked again is another', async () => {
    const bench = new HostBench();
    bench.obey();
    const both = await Promise.all([bench.kill.kill(), bench.kill.kill()]);
    assert.equal(both[0], both[1]);
    await bench.kill.kill();
    assert.equal(bench.log.filter((line) => line === 'cancel everything').length, 2);
  });

  it('after RESUME is another one, though the first is still being verified', async () => {
    const bench = new HostBench();
    bench.obey();
    const nothing = { blocked: true, cancelled: true, verified: true, residual: [], errors: [] };
    const slow = Promise.withResolvers<typeof nothing>();
    bench.cancel = () => slow.promise;
    const first = bench.kill.kill();
    await until(() => bench.log.includes('cancel everything'), { what: 'the first looks' });
    bench.words.lower(CommandBit.Kill);
    bench.cancel = () => Promise.resolve({ ...nothing, verified: false });
    const second = await bench.kill.kill();
    assert.notEqual(bench.words.bits() & CommandBit.Kill, 0, 'it blocks again');
    assert.equal(second.verified, false);
    slow.resolve(nothing);
    await first;
    assert.equal(bench.kill.report, second, 'what the first found says nothing of the second');
    assert.ok(bench.kill.mayForget());
  });

  it('says what is left, and never that it is gone', async () => {
    const bench = new HostBench();
    bench.obey();
    bench.cancel = () =>
      Promise.resolve({
        blocked: true,
        cancelled: false,
        verified: false,
        residual: [ORDER],
        errors: ['ABCUSDT: 503'],
      });
    const report = await bench.kill.kill();
    assert.deepEqual([report.cancelled, report.verified, report.residualOrders], [false, false, 1]);
    assert.equal(report.detail, 'ABCUSDT: 503; order abc-q000001: BUY 3 ABCUSDT at 10.0');
  });

  it('not acknowledged in time: the host takes over, and its report is the whole one', async () => {
    const bench = new HostBench();
    const report = await bench.kill.kill();
    assert.equal(report.by, 'watchdog');
    assert.equal(report.verified, true, 'not the report from before the cancel');
    assert.notEqual(bench.words.bits() & CommandBit.Fence, 0);
    assert.deepEqual(bench.log.slice(-2), ['cancel everything', 'end thread']);
    assert.ok(bench.kill.isThreadDead);
    assert.equal(bench.kill.mayForget(), false);
    bench.log.length = 0;
    await bench.kill.kill();
    assert.deepEqual(bench.log, ['halt HALTED: KILL', 'cancel everything'], 'once more, by itself');
  });
});

describe('the take-over', () => {
  it('raises the fence first of all, and happens once', async () => {
    const bench = new HostBench();
    bench.cancel = () => {
      assert.notEqual(bench.words.fenceWord[0], 0, 'the fence is up before the cancel');
      return Promise.resolve({
        blocked: true,
        cancelled: true,
        verified: true,
        residual: [],
        errors: [],
      });
    };
    await Promise.all([bench.kill.takeOver('stalled'), bench.kill.takeOver('stalled')]);
    await bench.kill.takeOver('kill-unanswered');
    assert.deepEqual(bench.log, [
      'halt HALTED: the trading thread has stopped beating',
      'cancel everything',
      'end thread',
    ]);
    assert.equal(bench.kill.report!.by, 'watchdog');
  });
});

describe('a thread that died by itself', () => {
  it('is fenced, halted and cleaned up after, once', async () => {
    const bench = new HostBench();
    await bench.kill.threadDied('out of memory');
    await bench.kill.threadDied('again');
    assert.deepEqual(bench.log, [
      'halt HALTED: the trading thread died: out of memory',
      'cancel everything',
    ]);
    assert.notEqual(bench.words.bits() & CommandBit.Fence, 0);
    assert.deepEqual(bench.codes, ['thread-died']);
    await bench.kill.takeOver('stalled');
    assert.equal(bench.log.length, 2, 'there is nothing to take over');
  });
});

describe('the orderly end', () => {
  it('of an idle engine disarms, locks the ladders and asks nobody', async () => {
    const bench = new HostBench();
    assert.deepEqual(await bench.kill.wind(false), []);
    const codes = [CommandCode.Disarm, CommandCode.UnlockLadder];
    assert.deepEqual(
      bench.log,
      codes.map((code) => `send ${code}`),
    );
    assert.deepEqual(bench.sent[1]!.values, [0]);
  });

  it('flattens when asked, waits for it, and is done when nothing is open', async () => {
    const bench = new HostBench();
    bench.view[EngineHead.OpenOrders] = 1;
    const wound = bench.kill.wind(true);
    setTimeout(() => (bench.view[EngineHead.OpenOrders] = 0), 60);
    assert.deepEqual(await wound, []);
    assert.deepEqual(
      bench.sent.map(({ code }) => code),
      [CommandCode.Disarm, CommandCode.UnlockLadder, CommandCode.Flatten],
    );
  });

  it('with something open cancels, verifies and says what stays', async () => {
    const bench = new HostBench();
    bench.view[EngineHead.OpenOrders] = 1;
    bench.positions = () =>
      Promise.resolve([{ symbol: 'ABCUSDT', amount: '-2', entryPrice: '9.5' }]);
    assert.deepEqual(await bench.kill.wind(false), ['position ABCUSDT -2 at 9.5']);
    assert.ok(bench.log.includes('cancel everything'));
  });

  it('HALTED, or without its thread, asks the venue even when all looks flat', async () => {
    const halted = new HostBench();
    halted.view[EngineHead.State] = TradingState.Halted;
    await halted.kill.wind(false);
    assert.ok(halted.log.includes('cancel everything'));
    const dead = new HostBench();
    dead.kill.isThreadDead = true;
    await dead.kill.wind(true);
    assert.deepEqual(dead.log, ['cancel everything'], 'nobody is there to be told');
  });

  it('with a venue that does not answer still ends, and says that nobody knows', async () => {
    const bench = new HostBench();
    bench.view[EngineHead.OpenOrders] = 1;
    bench.cancel = () =>
      Promise.resolve({
        blocked: false,
        cancelled: false,
        verified: false,
        residual: [],
        errors: ['unreachable'],
      });
    bench.positions = () => Promise.reject(new Error('unreachable'));
    assert.deepEqual(await bench.kill.wind(false), [
      'the venue could not be asked whether orders are left',
      'the venue could not be asked for positions: unreachable',
    ]);
  });
});
