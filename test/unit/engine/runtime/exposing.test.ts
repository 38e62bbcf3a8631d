/** What opens, at the host: everything that may change between the press and the trading thread. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Command } from '../../../../engine/contract/commands.ts';
import { CommandCode } from '../../../../engine/core/command-codes.ts';
import { EngineHead } from '../../../../engine/core/published.ts';
import { TradingState } from '../../../../engine/domain/modes.ts';
import { CommandBit } from '../../../../engine/memory/shared-words.ts';
import { EngineCommands } from '../../../../engine/runtime/engine-commands.ts';
import { HostBench } from './host-bench.ts';

const id = 'id-1';
const ARM: Command = { kind: 'arm', id, strategy: null, symbol: null };
const UNLOCK: Command = { kind: 'unlockLadder', id, symbol: null, unlocked: true };
const BUY: Command = {
  kind: 'placeOrder',
  id,
  symbol: 'ABCUSDT',
  side: 'buy',
  price: '1000.0',
  size: '0.250',
  timeInForce: 'gtc',
  reduceOnly: false,
};
const OPENING = [ARM, UNLOCK, BUY] as const;

type Spoil = (host: HostBench) => void;
const stop: Spoil = ({ host }) => Object.assign(host, { isStopped: true });
const rewind: Spoil = ({ host }) => Object.assign(host, { replay: { isRewinding: true } });
const die: Spoil = ({ kill }) => (kill.isThreadDead = true);
/** The lease goes from one to another while the first one's command is under way. */
const change: Spoil = ({ host }) => {
  host.lease.release('terminal 1');
  host.lease.acquire('terminal 2');
};

describe('what opens', () => {
  for (const command of OPENING) {
    for (const [name, spoil, reason] of [
      ['the engine stops', stop, /the engine stops/],
      ['the replay is put back', rewind, /put back/],
      ['the thread is gone', die, /start the engine again/],
    ] as const) {
      it(`${command.kind} is refused when ${name}, also while the venue is asked`, async () => {
        const before = new HostBench();
        spoil(before);
        const early = await new EngineCommands(before.host).execute(command, true);
        assert.match(early.reason, reason);
        assert.deepEqual([before.sent, before.log], [[], []]);
        const host = new HostBench();
        host.meanwhile = () => spoil(host);
        const late = await new EngineCommands(host.host).execute(command, true);
        assert.match(late.reason, reason);
        assert.deepEqual(host.sent, []);
      });
    }

    it(`${command.kind} is not done under the lease of the next one`, async () => {
      const host = new HostBench();
      host.host.lease.acquire('terminal 1');
      host.meanwhile = () => change(host);
      const ack = await new EngineCommands(host.host).execute(command, true);
      assert.equal(ack.outcome, 'refused');
      assert.match(ack.reason, /control was lost/);
      assert.deepEqual(host.sent, []);
    });

    it(`${command.kind} is not done when the lease ran out while the venue was asked`, async () => {
      const host = new HostBench();
      host.host.lease.acquire('terminal 1');
      host.meanwhile = () => (host.nowMs = 4_000);
      const ack = await new EngineCommands(host.host).execute(command, true);
      assert.match(ack.reason, /control was lost/);
      assert.deepEqual(host.sent, []);
    });
  }

  it('an order of an unlocked ladder is refused once the engine stops', async () => {
    const host = new HostBench();
    const commands = new EngineCommands(host.host);
    await commands.execute(UNLOCK, true);
    stop(host);
    assert.match((await commands.execute(BUY, true)).reason, /the engine stops/);
    assert.equal(host.sent.length, 1);
  });
});

describe('while a replay is put back', () => {
  it('only what restricts is taken: the rest would meet another session', async () => {
    const host = new HostBench();
    rewind(host);
    const commands = new EngineCommands(host.host);
    const others: readonly Command[] = [
      { kind: 'flatten', id, symbol: null },
      { kind: 'closeScalp', id, scalpId: 1 },
      { kind: 'cancelOrder', id, clientId: 'benchbnc-h00000a' },
      { kind: 'cancelOrders', id, symbol: null, side: null, scope: 'all' },
      { kind: 'resume', id, typed: 'RESUME' },
    ];
    for (const command of others) {
      assert.match((await commands.execute(command, true)).reason, /put back/, command.kind);
    }
    assert.deepEqual(host.sent, []);
    const lock = { ...UNLOCK, unlocked: false } as const;
    assert.equal((await commands.execute(lock, false)).outcome, 'applied');
    const disarm = { kind: 'disarm', id, strategy: null, symbol: null } as const;
    assert.equal((await commands.execute(disarm, false)).outcome, 'applied');
  });
});

describe('resume and KILL in one moment', () => {
  it('the KILL stands: its bit and its latch on disk stay', async () => {
    const host = new HostBench();
    host.view[EngineHead.State] = TradingState.Halted;
    host.words.raise(CommandBit.Kill);
    host.answer = ({ code }) => {
      if (code === CommandCode.Resume) host.words.raise(CommandBit.Kill);
      return { answered: true, refused: false, verdict: 0 };
    };
    const ack = await new EngineCommands(host.host).execute(
      { kind: 'resume', id, typed: 'RESUME' },
      true,
    );
    assert.match(ack.reason, /KILL was pressed meanwhile/);
    assert.notEqual(host.words.bits() & CommandBit.Kill, 0);
    assert.ok(!host.log.includes('clear halt'));
  });
});
