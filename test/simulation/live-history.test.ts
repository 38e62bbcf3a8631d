/** A real engine under arms: what it tells a terminal that comes late is what the journal says. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { WebSocket } from 'ws';
import type {
  ClientMessage,
  FillEvent,
  HistoryAnswer,
  HistoryRow,
  ServerMessage,
} from '../../engine/contract/events.ts';
import { HISTORY_PAGE_MAX } from '../../engine/contract/history.ts';
import type { ClosedScalp, EndedOrder, HistoryKind } from '../../engine/contract/history.ts';
import type { EngineStatus } from '../../engine/contract/status.ts';
import { CONTRACT_VERSION } from '../../engine/contract/version.ts';
import { parsePipelineOptions } from '../../engine/core/pipeline-options.ts';
import { Instrument } from '../../engine/domain/instrument.ts';
import { isTerminal } from '../../engine/domain/order.ts';
import { ClientIds } from '../../engine/execution/client-ids.ts';
import { BlobKind, readBlob } from '../../engine/journal/blob.ts';
import { JournalReader } from '../../engine/journal/journal-reader.ts';
import { flagsOf } from '../../engine/memory/market-record.ts';
import { SlotKind } from '../../engine/memory/slots.ts';
import { fillEvent } from '../../engine/runtime/event-decoder.ts';
import type { EventContext } from '../../engine/runtime/event-decoder.ts';
import { until } from '../support/until.ts';
import { EAGER, liveFolder, run, SLOW_MS, type Run } from './live-engine.ts';

const ARMED_MS = 10_000;

/** A terminal over the browser shell's socket that keeps all it hears and answers pings. */
class Seat {
  readonly heard: ServerMessage[] = [];
  readonly #socket: WebSocket;
  #asked = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (payload, isBinary) => {
      if (isBinary) return;
      const message = JSON.parse((payload as Buffer).toString('utf8')) as ServerMessage;
      this.heard.push(message);
      if (message.type === 'ping') this.say({ type: 'pong', number: message.number });
    });
  }

  static async take(t: TestContext, url: string): Promise<Seat> {
    const { port, searchParams } = new URL(url);
    const socket = new WebSocket(`ws://127.0.0.1:${port}/link`, {
      headers: { cookie: `tickdeck_${port}=${searchParams.get('token')}` },
      origin: `http://127.0.0.1:${port}`,
    });
    t.after(() => socket.terminate());
    await new Promise((resolve, reject) => {
      socket.once('open', resolve).once('error', reject);
    });
    const seat = new Seat(socket);
    seat.say({ type: 'hello', contract: CONTRACT_VERSION, name: 'test' });
    await seat.status('the first status', () => true);
    return seat;
  }

  say(message: ClientMessage): void {
    this.#socket.send(JSON.stringify(message));
  }

  leave(): void {
    this.#socket.terminate();
  }

  of<Type extends ServerMessage['type']>(type: Type): Extract<ServerMessage, { type: Type }>[] {
    return this.heard.filter((message) => message.type === type) as never;
  }

  status(what: string, isWanted: (status: EngineStatus) => boolean): Promise<EngineStatus> {
    const look = (): EngineStatus | null => {
      const status = this.of('status').at(-1)?.status;
      return status !== undefined && isWanted(status) ? status : null;
    };
    return until(look, { what, timeoutMs: 3 * SLOW_MS, pollMs: 30 });
  }

  /** Every page of a kind, asked for as a window does. */
  async history(what: HistoryKind): Promise<{ rows: HistoryRow[]; last: HistoryAnswer }> {
    let rows: HistoryRow[] = [];
    for (;;) {
      const id = `h${++this.#asked}`;
      const before = rows[0]?.sequence ?? null;
      const limit = Math.min(20, HISTORY_PAGE_MAX[what]);
      this.say({ type: 'history', id, what, symbol: null, before, limit });
      const last = await until(() => this.of('history').find((answer) => answer.id === id), {
        what: `an answer about ${what}`,
        timeoutMs: SLOW_MS,
      });
      if (last.retryInMs !== null) {
        await new Promise((resolve) => setTimeout(resolve, last.retryInMs!));
        continue;
      }
      rows = [...last.rows, ...rows];
      if (!last.more) return { rows, last };
    }
  }
}

async function serving(t: TestContext, base: string): Promise<{ process: Run; url: string }> {
  const process = run(t, base, 'serve', '--port', '0', '--json', ...EAGER);
  const line = await until(() => /^\{.*\}$/m.exec(process.output.out)?.[0], {
    what: 'the address of the window',
    timeoutMs: 3 * SLOW_MS,
  });
  return { process, url: (JSON.parse(line) as { url: string }).url };
}

/** Fills and ended orders as the newest journal has them. */
function journaled(folder: string): { fills: FillEvent[]; ended: number } {
  const fills: FillEvent[] = [];
  let ended = 0;
  let context: EventContext | null = null;
  new JournalReader(folder).read((words, doubles, at) => {
    const header = words[at * 2]!;
    const kind = header & 0xff;
    if (kind === SlotKind.Blob && flagsOf(header) === BlobKind.SessionHeader) {
      const options = parsePipelineOptions(readBlob(words, doubles, at).text);
      context = {
        instruments: options.specs.map((spec, index) => new Instrument(index, spec)),
        anchorWallMs: options.anchorWallMs,
        clientIds: new ClientIds(options.prefix),
      };
    } else if (kind === SlotKind.Fill) {
      assert.ok(context !== null, 'the header comes first');
      const fill = fillEvent(context, header >>> 16, doubles, at);
      // A journal numbers its fills by their order.
      fills.push({ ...fill, sequence: fills.length + 1 });
    } else if (kind === SlotKind.OrderChange && isTerminal(doubles[at + 2]!)) {
      ended++;
    }
  });
  return { fills, ended };
}

/** Another engine on the same folder knows nothing of the session before. */
async function startsEmpty(t: TestContext, base: string, session: string): Promise<void> {
  const { url } = await serving(t, base);
  const seat = await Seat.take(t, url);
  assert.notEqual(seat.of('hello')[0]!.session, session);
  for (const kind of ['fills', 'orders', 'scalps'] as const) {
    assert.deepEqual((await seat.history(kind)).rows, [], `${kind} of another session`);
  }
}

describe('history of a live session', { timeout: 180_000 }, () => {
  it('is the journal’s, whoever asks and whenever', async (t) => {
    const base = liveFolder(t);
    const first = await serving(t, base);
    const seat = await Seat.take(t, first.url);
    await seat.status('synced books', ({ instruments }) => {
      return instruments.every(({ book }) => book === 'synced');
    });
    seat.say({
      type: 'command',
      command: { kind: 'arm', id: 'arm', strategy: null, symbol: null },
    });
    const armed = await seat.status('ARMED', ({ state }) => state === 'ARMED');
    await seat.status('ten armed seconds with fills', ({ atMs, pnl }) => {
      return atMs - armed.atMs >= ARMED_MS && pnl.fills > 2;
    });
    const early = await Seat.take(t, first.url);
    const half = await early.history('fills');
    early.leave();

    seat.say({
      type: 'command',
      command: { kind: 'disarm', id: 'off', strategy: null, symbol: null },
    });
    seat.say({ type: 'command', command: { kind: 'flatten', id: 'flat', symbol: null } });
    await seat.status('flat', ({ state, orders, instruments }) => {
      const isFlat = instruments.every(({ positionLots }) => positionLots === 0);
      return state === 'DISARMED' && orders.length === 0 && isFlat;
    });
    const late = await Seat.take(t, first.url);
    const fills = await late.history('fills');
    const orders = await late.history('orders');
    const scalps = await late.history('scalps');
    const equity = await late.history('equity');
    const trades = await late.history('trades');
    const events = await late.history('events');

    first.process.child.kill('SIGTERM');
    assert.equal(await first.process.code, 0, first.process.output.err);
    const journal = journaled(path.join(base, 'sim-main', 'journal'));
    assert.ok(fills.rows.length > 2);
    assert.deepEqual(fills.rows, journal.fills);
    assert.deepEqual(half.rows, journal.fills.slice(0, half.rows.length));
    assert.deepEqual(
      seat.of('fill').map(({ fill }) => fill),
      journal.fills,
      'who was there all the time heard the same',
    );
    for (const { last } of [fills, orders, scalps]) {
      assert.deepEqual([last.missed, last.dropped], [0, 0]);
    }
    assert.deepEqual(
      seat.of('orderEnded').map(({ order }) => order),
      orders.rows as EndedOrder[],
    );
    const ids = new Set((orders.rows as EndedOrder[]).map(({ clientId }) => clientId));
    assert.equal(ids.size, journal.ended, 'every order that ended is told');
    assert.deepEqual(
      seat.of('scalpClosed').map(({ scalp }) => scalp),
      scalps.rows as ClosedScalp[],
    );
    assert.ok(equity.rows.length >= ARMED_MS / 1000 - 1);
    assert.ok(trades.rows.length > 100);
    assert.ok(events.rows.some((row) => 'code' in row && row.code === 'ARMED'));

    await startsEmpty(t, base, seat.of('hello')[0]!.session);
  });
});
