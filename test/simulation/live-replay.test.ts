/** The whole engine on a tape, with its threads: controls over a link, a journal that replays. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { launchEngine } from '../../engine/cli/engine-launch.ts';
import type { Ack, Command } from '../../engine/contract/commands.ts';
import type { ClientMessage, ServerMessage } from '../../engine/contract/events.ts';
import type { LinkEvents, LinkPort } from '../../engine/contract/link.ts';
import type { EngineStatus, ReplayStatus } from '../../engine/contract/status.ts';
import { CONTRACT_VERSION } from '../../engine/contract/version.ts';
import { parseSegmentName } from '../../engine/journal/record.ts';
import { ABANDONED_KEPT } from '../../engine/runtime/abandoned-journals.ts';
import type { Engine } from '../../engine/runtime/engine.ts';
import { writeSimTape } from '../support/sim-tape.ts';
import { tempDir } from '../support/temp-dir.ts';
import { until } from '../support/until.ts';
import { run } from './live-engine.ts';

const WITHIN_MS = 30_000;

/** A terminal that remembers what it was told. */
class Seat implements LinkPort {
  readonly hellos: string[] = [];
  readonly acks = new Map<string, Ack>();
  status: EngineStatus | null = null;
  frames = 0;
  #events: LinkEvents | null = null;
  #asked = 0;

  sit(engine: Engine): void {
    this.#events = engine.addTerminal(this);
    this.say({ type: 'hello', contract: CONTRACT_VERSION, name: 'test' });
  }

  say(message: ClientMessage): void {
    this.#events?.onText(JSON.stringify(message));
  }

  sendText(text: string): boolean {
    const message = JSON.parse(text) as ServerMessage;
    if (message.type === 'hello') this.hellos.push(message.session);
    else if (message.type === 'status') this.status = message.status;
    else if (message.type === 'ack') this.acks.set(message.ack.id, message.ack);
    else if (message.type === 'ping') this.say({ type: 'pong', number: message.number });
    return true;
  }

  sendFrame(): boolean {
    this.frames++;
    return true;
  }

  bufferedBytes(): number {
    return 0;
  }

  close(): void {
    this.#events = null;
  }

  async ask(wish: Record<string, unknown>): Promise<Ack> {
    const id = `c${++this.#asked}`;
    this.say({ type: 'command', command: { ...wish, id } as unknown as Command });
    await until(() => this.acks.has(id), { what: `an answer to ${id}`, timeoutMs: WITHIN_MS });
    return this.acks.get(id)!;
  }

  get replay(): ReplayStatus {
    return this.status!.replay!;
  }

  async reaches(what: string, look: (status: EngineStatus) => boolean): Promise<void> {
    const isThere = (): boolean => this.status !== null && look(this.status);
    await until(isThere, { what, timeoutMs: WITHIN_MS });
  }
}

async function open(t: TestContext): Promise<{ base: string; engine: Engine; seat: Seat }> {
  const base = tempDir(t);
  const tape = path.join(base, 'sim.tape');
  writeSimTape(tape, { seconds: 20, messagesPerSecond: 200 });
  const flags = { 'data-dir': base, tape, speed: '5', set: ['signals.warmUpS=1'] };
  const { engine } = await launchEngine(flags, () => undefined);
  t.after(() => engine.stop({ flatten: false }));
  const seat = new Seat();
  seat.sit(engine);
  await seat.reaches('a replay', ({ replay, lease }) => replay !== null && lease.mine);
  return { base, engine, seat };
}

describe('a replay with controls', { timeout: 120_000 }, () => {
  it('pauses, steps, seeks forward and back; the terminal is greeted anew', async (t) => {
    const { base, engine, seat } = await open(t);
    const at = (share: number): number => {
      const { startMs, endMs } = seat.replay;
      return startMs + (endMs - startMs) * share;
    };
    const seek = (share: number): Promise<Ack> =>
      seat.ask({ kind: 'replay', action: 'seek', value: at(share) });
    const isAt = (share: number) => async (): Promise<void> => {
      const ms = at(share);
      await seat.reaches(`to be at ${share}`, ({ replay }) => {
        return replay?.state === 'paused' && Math.abs(replay.atMs - ms) < 11;
      });
    };

    assert.equal((await seat.ask({ kind: 'replay', action: 'pause' })).outcome, 'applied');
    await seat.reaches('to be paused', ({ replay }) => replay?.state === 'paused');
    const { atMs } = seat.replay;
    await seat.ask({ kind: 'replay', action: 'step' });
    await seat.reaches('one message on', ({ replay }) => {
      return replay?.state === 'paused' && replay.atMs > atMs;
    });

    await seek(0.6);
    await isAt(0.6)();
    const first = seat.status!.session;
    assert.equal(
      (await seat.ask({ kind: 'arm', strategy: null, symbol: null })).outcome,
      'applied',
    );
    await seat.reaches('to be armed', ({ state }) => state === 'ARMED');

    const back = await seek(0.3);
    assert.match(back.reason, /a fresh session from the start of the tape, disarmed/);
    await seat.reaches('another session', ({ session }) => session !== first);
    await isAt(0.3)();
    assert.equal(seat.status!.state, 'DISARMED');
    assert.deepEqual(seat.status!.orders, []);
    assert.deepEqual(seat.hellos, [first, seat.status!.session]);
    assert.equal(seat.status!.lease.mine, true, 'the same person is in charge');

    // What is armed, played and stopped in the fresh session is its journal, byte for byte.
    assert.equal(
      (await seat.ask({ kind: 'arm', strategy: null, symbol: null })).outcome,
      'applied',
    );
    await seat.ask({ kind: 'replay', action: 'speed', value: 0 });
    await seat.ask({ kind: 'replay', action: 'play' });
    await engine.tapeEnded;
    await seat.reaches('its end', ({ replay }) => replay?.state === 'ended');
    assert.equal((await seat.ask({ kind: 'replay', action: 'play' })).outcome, 'refused');
    assert.deepEqual(await engine.stop({ flatten: false }), []);
    const { session } = seat.status!;
    const files = readdirSync(path.join(base, 'replay-main', 'journal'));
    assert.ok(files.some((name) => name.includes(session)));
    const replay = run(t, base, 'replay', '--mode', 'replay', '--session', session, '--json');
    assert.equal(await replay.code, 0, replay.output.out + replay.output.err);
    const report = JSON.parse(replay.output.out) as { difference: null; orders: number };
    assert.equal(report.difference, null);
  });

  it('seeks back again and again: journals are bounded, history begins anew', async (t) => {
    const { base, engine, seat } = await open(t);
    await seat.ask({ kind: 'replay', action: 'pause' });
    const seen = new Set<string>();
    for (let k = 0; k < ABANDONED_KEPT + 4; k++) {
      const { startMs, endMs } = seat.replay;
      for (const share of [0.3, 0.1]) {
        const value = startMs + (endMs - startMs) * share;
        const ack = await seat.ask({ kind: 'replay', action: 'seek', value });
        assert.equal(ack.outcome, 'applied', ack.reason);
        await seat.reaches(`to be at ${share}`, ({ replay }) => {
          return replay?.state === 'paused' && Math.abs(replay.atMs - value) < 11;
        });
      }
      seen.add(seat.status!.session);
    }
    assert.equal(seen.size, ABANDONED_KEPT + 4, 'each is a session of its own');
    const first = { type: 'history', id: 'a', symbol: null, before: null, limit: 1000 } as const;
    const { rows } = engine.history.answer({ ...first, what: 'trades' });
    const at = engine.status().replay!.atMs;
    assert.ok(
      rows.every((row) => 'atMs' in row && row.atMs <= at + 11),
      'no trade of later',
    );
    assert.deepEqual(await engine.stop({ flatten: false }), []);
    const files = readdirSync(path.join(base, 'replay-main', 'journal'));
    const sessions = new Set(files.map((name) => parseSegmentName(name)?.session));
    assert.equal(sessions.size, ABANDONED_KEPT + 1);
    assert.ok(sessions.has(seat.status!.session), 'the last one is there');
  });

  it('asks for the lease, and does not leave HALTED by going back', async (t) => {
    const { engine, seat } = await open(t);
    const other = new Seat();
    other.sit(engine);
    await other.reaches('a status', () => true);
    const refused = await other.ask({ kind: 'replay', action: 'pause' });
    assert.deepEqual([refused.outcome, /in control/.test(refused.reason)], ['refused', true]);

    await seat.reaches('some tape', ({ replay }) => replay!.share > 0.05);
    await seat.ask({ kind: 'kill' });
    await seat.reaches('HALTED', ({ state }) => state === 'HALTED');
    const start = seat.replay.startMs;
    const back = await seat.ask({ kind: 'replay', action: 'seek', value: start });
    assert.match(back.reason, /resume first/);
    const far = await seat.ask({ kind: 'replay', action: 'seek', value: 1 });
    assert.match(far.reason, /not on the tape/);
  });
});
