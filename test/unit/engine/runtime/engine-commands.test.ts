/** Commands at the host: what each needs, in which order, and what cannot be refused. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Ack, Command } from '../../../../engine/contract/commands.ts';
import { CommandCode } from '../../../../engine/core/command-codes.ts';
import { EngineHead } from '../../../../engine/core/published.ts';
import { TradingState } from '../../../../engine/domain/modes.ts';
import { Verdict } from '../../../../engine/domain/verdict.ts';
import { CommandBit } from '../../../../engine/memory/shared-words.ts';
import { EngineCommands } from '../../../../engine/runtime/engine-commands.ts';
import { REDUCING_WAIT_MS } from '../../../../engine/runtime/engine-options.ts';
import { HostBench, SILENCE } from './host-bench.ts';

type Asked = Command extends infer Each ? (Each extends Command ? Omit<Each, 'id'> : never) : never;

function bench() {
  const host = new HostBench();
  const commands = new EngineCommands(host.host);
  const ask = (command: Asked, holdsLease = true): Promise<Ack> =>
    commands.execute({ ...command, id: 'id-1' }, holdsLease);
  return { host, ask };
}

const ARM: Asked = { kind: 'arm', strategy: null, symbol: null };

describe('arming', () => {
  it('marks the disk, then asks the venue’s switch, then the trading thread', async () => {
    const { host, ask } = bench();
    const ack = await ask({ kind: 'arm', strategy: 'market-making', symbol: 'XYZUSDT' });
    assert.deepEqual(ack, { id: 'id-1', kind: 'arm', outcome: 'applied', reason: '' });
    assert.deepEqual(host.log, ['mark', 'countdown', `send ${CommandCode.Arm}`]);
    assert.deepEqual(host.sent, [{ code: CommandCode.Arm, strategy: 1, instrument: 1 }]);
  });

  it('stops where one of them says no, and tells which', async () => {
    for (const [spoil, reason, log] of [
      [(host: HostBench) => (host.canMark = false), /marker of exposure .*no space left/, []],
      [
        (host: HostBench) => (host.canCountDown = false),
        /dead-man’s switch/,
        ['mark', 'countdown'],
      ],
    ] as const) {
      const { host, ask } = bench();
      spoil(host);
      const ack = await ask(ARM);
      assert.equal(ack.outcome, 'refused');
      assert.match(ack.reason, reason);
      assert.deepEqual(host.log, log);
    }
    const { host, ask } = bench();
    host.answer = () => ({ answered: true, refused: true, verdict: Verdict.STATE_FORBIDS });
    assert.equal((await ask(ARM)).reason, 'STATE_FORBIDS');
  });

  it('that is not answered is refused, with its disarm sent behind it', async () => {
    const { host, ask } = bench();
    host.answer = () => SILENCE;
    const ack = await ask(ARM);
    assert.match(ack.reason, /did not answer/);
    assert.deepEqual(
      host.sent.map(({ code }) => code),
      [CommandCode.Arm, CommandCode.Disarm],
    );
  });

  it('needs the lease and a known instrument', async () => {
    const { host, ask } = bench();
    assert.match((await ask(ARM, false)).reason, /nobody holds the lease/);
    host.host.lease.acquire('terminal 3');
    assert.match((await ask(ARM, false)).reason, /terminal 3 is in control/);
    const stranger = await ask({ kind: 'arm', strategy: null, symbol: 'NOUSDT' });
    assert.equal(stranger.reason, 'unknown instrument NOUSDT');
    assert.equal(host.log.length, 0);
  });
});

describe('disarming', () => {
  it('needs nothing, and of an unknown instrument means all', async () => {
    const { host, ask } = bench();
    const ack = await ask({ kind: 'disarm', strategy: 'scalper', symbol: 'NOUSDT' }, false);
    assert.equal(ack.outcome, 'applied');
    assert.deepEqual(host.sent, [{ code: CommandCode.Disarm, strategy: 0, instrument: -1 }]);
  });

  it('that is not answered raises the bit that blocks, and says so', async () => {
    const { host, ask } = bench();
    host.answer = () => SILENCE;
    const ack = await ask({ kind: 'disarm', strategy: null, symbol: null }, false);
    assert.equal(ack.outcome, 'applied');
    assert.match(ack.reason, /entries are blocked/);
    assert.notEqual(host.words.bits() & CommandBit.LeaseLost, 0);
  });
});

describe('kill', () => {
  it('needs nothing and reports its three steps', async () => {
    const { host, ask } = bench();
    host.obey();
    const ack = await ask({ kind: 'kill' }, false);
    assert.deepEqual(
      [ack.outcome, ack.reason],
      ['applied', 'blocked yes, cancelled yes, verified yes, 0 orders left'],
    );
  });
});

describe('flatten and close', () => {
  it('need the lease and reach the trading thread', async () => {
    const { host, ask } = bench();
    for (const command of [
      { kind: 'flatten', symbol: 'ABCUSDT' },
      { kind: 'closeScalp', scalpId: 12 },
    ] as const) {
      assert.equal((await ask(command, false)).outcome, 'refused');
      assert.equal((await ask(command)).outcome, 'applied');
    }
    assert.equal((await ask({ kind: 'flatten', symbol: 'NOUSDT' })).outcome, 'refused');
    assert.deepEqual(host.sent, [
      { code: CommandCode.Flatten, instrument: 0 },
      { code: CommandCode.CloseScalp, values: [12] },
    ]);
  });
});

describe('resume', () => {
  it('needs the typed word, the lease and a living thread; then the latches go', async () => {
    const { host, ask } = bench();
    host.view[EngineHead.State] = TradingState.Halted;
    host.words.raise(CommandBit.Kill);
    assert.match((await ask({ kind: 'resume', typed: 'resume' })).reason, /type RESUME/);
    assert.equal((await ask({ kind: 'resume', typed: 'RESUME' }, false)).outcome, 'refused');
    assert.equal(host.log.length, 0);
    assert.equal((await ask({ kind: 'resume', typed: 'RESUME' })).outcome, 'applied');
    assert.equal(host.words.bits() & (CommandBit.Kill | CommandBit.Fence), 0);
    assert.ok(host.log.includes('clear halt'));
    host.kill.isThreadDead = true;
    assert.match((await ask({ kind: 'resume', typed: 'RESUME' })).reason, /start the engine again/);
    assert.match((await ask(ARM)).reason, /start the engine again/);
  });

  it('leaves REDUCING only after its wait; a refusal keeps the latches', async () => {
    const { host, ask } = bench();
    host.view[EngineHead.State] = TradingState.Reducing;
    host.host.restrictedAtMs = Date.now();
    assert.match(
      (await ask({ kind: 'resume', typed: 'RESUME' })).reason,
      /^REDUCING may be left in \d+ s$/,
    );
    host.host.restrictedAtMs = Date.now() - REDUCING_WAIT_MS;
    host.answer = () => ({ answered: true, refused: true, verdict: Verdict.STATE_FORBIDS });
    assert.equal((await ask({ kind: 'resume', typed: 'RESUME' })).outcome, 'refused');
    assert.ok(!host.log.includes('clear halt'));
  });

  it('watch is no command of the engine', async () => {
    const { ask } = bench();
    assert.equal((await ask({ kind: 'watch', symbols: [] })).outcome, 'refused');
  });
});
