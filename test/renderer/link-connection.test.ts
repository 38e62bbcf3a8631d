/**
 * link-connection.test: the worker's connection: hello first, a credit for every frame, fewer for a
 * hidden window, growing pauses, and telling a refused token from a dead engine.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFrameMemory, FrameReader } from '../../renderer/live/frame-memory.ts';
import type { FromWorker } from '../../renderer/live/worker-protocol.ts';
import {
  HIDDEN_CREDIT_EVERY_MS,
  LinkConnection,
  RETRY_FIRST_MS,
  RETRY_MAX_MS,
} from '../../renderer/workers/link-connection.ts';
import { sampleFrame, sampleMarket } from './support/samples.ts';

const HELLO = '{"type":"hello","contract":1,"name":"test"}';

/** A socket that the test opens, feeds and closes. */
class FakeSocket extends EventTarget {
  static readonly OPEN = 1;
  static made: FakeSocket[] = [];
  readonly url: string;
  readonly sent: string[] = [];
  readyState = 0;
  binaryType = '';

  constructor(url: string) {
    super();
    this.url = url;
    FakeSocket.made.push(this);
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.drop('');
  }

  open(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
  }

  bring(payload: string | ArrayBuffer): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data: payload }));
  }

  drop(reason: string): void {
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event('close'), { reason }));
  }

  credits(): number {
    return this.sent
      .map((text) => JSON.parse(text) as { type: string; frames?: number })
      .filter(({ type }) => type === 'credit')
      .reduce((sum, { frames = 0 }) => sum + frames, 0);
  }
}

const memory = createFrameMemory();
let said: FromWorker[] = [];
let fetched: string[] = [];
let link: LinkConnection;

function latest(): FakeSocket {
  const socket = FakeSocket.made.at(-1);
  if (socket === undefined) throw new Error('no socket was made');
  return socket;
}

function kinds(): readonly string[] {
  return said.map(({ kind }) => kind);
}

/** Drops the connection; what the worker then said. */
async function drop(reason = ''): Promise<Extract<FromWorker, { kind: 'closed' }>> {
  latest().drop(reason);
  await vi.advanceTimersByTimeAsync(0);
  const last = said.at(-1);
  if (last?.kind !== 'closed') throw new Error(`said ${last?.kind} instead of closed`);
  return last;
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.made = [];
  said = [];
  fetched = [];
  vi.stubGlobal('WebSocket', FakeSocket);
  vi.stubGlobal('fetch', (url: string) => {
    fetched.push(url);
    return Promise.reject(new Error('nobody there'));
  });
  link = new LinkConnection(
    { kind: 'open', url: 'ws://127.0.0.1:7/link', hello: HELLO, memory, creditsMax: 2 },
    (message) => said.push(message),
  );
  link.connect();
});

afterEach(() => {
  link.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('the connection of the frame worker', () => {
  it('says hello first, then gives its credits', () => {
    latest().open();
    expect(latest().sent[0]).toBe(HELLO);
    expect(latest().credits()).toBe(2);
    expect(kinds()).toEqual(['connecting', 'open']);
  });

  it('stores each frame and pays for it, a bad one too', () => {
    const reader = new FrameReader(memory);
    latest().open();
    reader.takeRestart();
    latest().bring(sampleFrame(sampleMarket(), { sequence: 41 }));
    expect(reader.readLatest()).toBe(true);
    expect(reader.frame[1]).toBe(41);
    expect(latest().credits()).toBe(3);
    latest().bring(new ArrayBuffer(5));
    expect(latest().credits()).toBe(4);
    expect(said.at(-1)).toMatchObject({ kind: 'badFrame' });
  });

  it('passes text on unread', () => {
    latest().open();
    latest().bring('{"type":"ping","number":1}');
    expect(said.at(-1)).toEqual({ kind: 'text', text: '{"type":"ping","number":1}' });
    expect(latest().credits()).toBe(2);
  });

  it('pays a hidden window less often, and at once when it is seen again', () => {
    latest().open();
    link.setVisible(false);
    const frame = sampleFrame(sampleMarket());
    latest().bring(frame);
    latest().bring(frame);
    expect(latest().credits()).toBe(2);
    vi.advanceTimersByTime(HIDDEN_CREDIT_EVERY_MS);
    expect(latest().credits()).toBe(4);
    latest().bring(frame);
    link.setVisible(true);
    expect(latest().credits()).toBe(5);
  });

  it('comes back with growing pauses, bounded, and starts over after a success', async () => {
    const pauses: number[] = [];
    for (let i = 0; i < 8; i++) {
      const { retryInMs } = await drop();
      pauses.push(retryInMs);
      await vi.advanceTimersByTimeAsync(retryInMs);
    }
    expect(pauses[0]).toBeLessThan(RETRY_FIRST_MS * 4);
    expect(pauses[1]! / pauses[0]!).toBeGreaterThan(1);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(RETRY_MAX_MS * 1.25);
    expect(FakeSocket.made).toHaveLength(9);
    latest().open();
    const { retryInMs } = await drop();
    expect(retryInMs).toBeLessThanOrEqual(RETRY_FIRST_MS * 1.25);
  });

  it('gives up a connection that does not come about', async () => {
    await vi.advanceTimersByTimeAsync(6000);
    expect(kinds()).toContain('closed');
    expect(FakeSocket.made.length).toBeGreaterThan(1);
  });

  it('tells a refused token from an engine that is not there', async () => {
    expect((await drop()).unauthorised).toBe(false);
    expect(fetched).toEqual(['http://127.0.0.1:7/']);
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('', { status: 403 })));
    await vi.advanceTimersByTimeAsync(RETRY_MAX_MS);
    expect((await drop()).unauthorised).toBe(true);
  });

  it('hands the reason of a close on, and asks nobody about a link that was open', async () => {
    latest().open();
    expect(await drop('contract mismatch')).toMatchObject({ reason: 'contract mismatch' });
    expect(fetched).toEqual([]);
  });

  it('tries at once when asked, and never again when stopped', async () => {
    await drop();
    link.retryNow();
    expect(FakeSocket.made).toHaveLength(2);
    link.retryNow();
    expect(FakeSocket.made).toHaveLength(2);
    link.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(FakeSocket.made).toHaveLength(2);
  });

  it('sends nothing into a closed socket', async () => {
    latest().open();
    await drop();
    const count = latest().sent.length;
    link.send('{"type":"pong","number":1}');
    expect(latest().sent).toHaveLength(count);
  });
});
