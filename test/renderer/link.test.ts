/**
 * link.test: the router writes the stores from what the wire brings; the link asks, repeats what
 * must not be lost, and answers pings itself.
 */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClientMessage, ServerMessage } from '../../engine/contract/events.ts';
import type { EngineStatus } from '../../engine/contract/status.ts';
import { parseClientMessage } from '../../engine/contract/validate.ts';
import { CONTRACT_VERSION } from '../../engine/contract/version.ts';
import { arm, closeScalp, disarm, kill, watchLadders } from '../../renderer/commands/commands.ts';
import { EngineLink, installLink, type LinkWorker } from '../../renderer/link/engine-link.ts';
import { ANSWER_WITHIN_MS } from '../../renderer/link/event-router.ts';
import { parseServerMessage } from '../../renderer/link/server-message.ts';
import type { FromWorker, ToWorker } from '../../renderer/live/worker-protocol.ts';
import { activityForgotten, useActivity } from '../../renderer/stores/activity-store.ts';
import { useCommands } from '../../renderer/stores/commands-store.ts';
import { CONNECTION_START, useConnection } from '../../renderer/stores/connection-store.ts';
import {
  DECISIONS_MAX,
  decisionsForgotten,
  useDecisions,
} from '../../renderer/stores/decisions-store.ts';
import { share } from '../../renderer/stores/share.ts';
import { statusForgotten, useStatusStore } from '../../renderer/stores/status-store.ts';
import { sampleDecision, sampleStatus } from './support/samples.ts';

/** A worker that only keeps what it was told, and says what the test says. */
class FakeWorker implements LinkWorker {
  readonly told: ToWorker[] = [];
  #listener: (event: MessageEvent<FromWorker>) => void = () => {};

  postMessage(message: ToWorker): void {
    this.told.push(message);
  }

  addEventListener(_type: 'message', listener: (event: MessageEvent<FromWorker>) => void): void {
    this.#listener = listener;
  }

  say(message: FromWorker): void {
    this.#listener({ data: message } as MessageEvent<FromWorker>);
  }

  server(message: ServerMessage): void {
    this.say({ kind: 'text', text: JSON.stringify(message) });
  }

  /** What went to the engine, each checked by the engine's own parser. */
  sent(): readonly ClientMessage[] {
    return this.told
      .filter((message) => message.kind === 'send')
      .map(({ text }) => parseClientMessage(text));
  }

  commands(): readonly string[] {
    return this.sent()
      .filter((message) => message.type === 'command')
      .map(({ command }) => command.kind);
  }
}

let worker: FakeWorker;

function hello(change: Partial<Extract<ServerMessage, { type: 'hello' }>> = {}): ServerMessage {
  return {
    type: 'hello',
    contract: CONTRACT_VERSION,
    terminal: 'terminal 1',
    session: 'fa1c0de5',
    mode: 'sim',
    product: 'Tickdeck',
    version: '0.1.0',
    ...change,
  };
}

function goLive(status: EngineStatus = sampleStatus()): void {
  worker.say({ kind: 'open' });
  worker.server(hello());
  worker.server({ type: 'status', status });
}

function lose(): void {
  worker.say({ kind: 'closed', reason: '', retryInMs: 250, attempt: 1, unauthorised: false });
}

function phase(): string {
  return useConnection.getState().phase;
}

function latestRequest(): string {
  const [request] = useCommands.getState().requests;
  return request === undefined ? '' : `${request.command.kind} ${request.state} ${request.reason}`;
}

beforeEach(() => {
  vi.useFakeTimers();
  useConnection.setState(CONNECTION_START);
  useCommands.setState({ requests: [] });
  statusForgotten();
  decisionsForgotten();
  activityForgotten();
  worker = new FakeWorker();
  const link = new EngineLink(worker);
  link.open('ws://127.0.0.1:1/link', 'test');
  installLink(link);
});

describe('connecting', () => {
  it('greets with its contract, then is live with the first status', () => {
    const [opened] = worker.told;
    expect(opened?.kind === 'open' && parseClientMessage(opened.hello)).toEqual({
      type: 'hello',
      contract: CONTRACT_VERSION,
      name: 'test',
      watchesOnly: false,
    });
    worker.say({ kind: 'open' });
    expect(phase()).toBe('greeting');
    worker.server(hello());
    expect(phase()).toBe('greeting');
    worker.server({ type: 'status', status: sampleStatus() });
    expect(phase()).toBe('live');
    expect(useConnection.getState().terminal).toBe('terminal 1');
  });

  it('refuses another contract for good, whatever comes after', () => {
    worker.say({ kind: 'open' });
    worker.server(hello({ contract: 99 }));
    worker.server({ type: 'status', status: sampleStatus() });
    expect(phase()).toBe('mismatched');
    expect(useConnection.getState().reason).toContain(
      `contract ${CONTRACT_VERSION}, the engine 99`,
    );
    expect(worker.told.at(-1)).toEqual({ kind: 'stop' });
  });

  it('understands an engine that shows it out for its contract', () => {
    worker.say({ kind: 'open' });
    worker.server({ type: 'error', code: 'runtime/not-available', message: 'speaks contract 2' });
    worker.say({
      kind: 'closed',
      reason: 'contract mismatch',
      retryInMs: 250,
      attempt: 1,
      unauthorised: false,
    });
    expect(phase()).toBe('mismatched');
    expect(useConnection.getState().reason).toBe('speaks contract 2');
  });

  it('tells a broken link from a refused token and from no engine yet', () => {
    lose();
    expect(phase()).toBe('connecting');
    goLive();
    lose();
    expect(phase()).toBe('lost');
    worker.say({ kind: 'closed', reason: '', retryInMs: 9, attempt: 2, unauthorised: true });
    expect(phase()).toBe('unauthorised');
  });

  it('answers pings from the main thread', () => {
    goLive();
    worker.server({ type: 'ping', number: 42 });
    expect(worker.sent().at(-1)).toEqual({ type: 'pong', number: 42 });
  });

  it('asks for the lease once when nobody holds it', () => {
    const free = sampleStatus({}, { holder: null, mine: false });
    goLive(free);
    worker.server({ type: 'status', status: free });
    expect(worker.sent().filter(({ type }) => type === 'lease')).toEqual([
      { type: 'lease', want: true },
    ]);
  });

  it('takes nothing from another holder, and waits for its own former connection', () => {
    goLive(sampleStatus({}, { holder: 'terminal 9', mine: false }));
    worker.server({ type: 'status', status: sampleStatus({}, { holder: null, mine: false }) });
    expect(worker.sent().filter(({ type }) => type === 'lease')).toEqual([]);

    lose();
    worker.say({ kind: 'open' });
    worker.server(hello({ terminal: 'terminal 2' }));
    const own = sampleStatus({}, { holder: 'terminal 1', mine: false });
    worker.server({ type: 'status', status: own });
    expect(worker.sent().filter(({ type }) => type === 'lease')).toEqual([]);
    worker.server({ type: 'status', status: sampleStatus({}, { holder: null, mine: false }) });
    expect(worker.sent().filter(({ type }) => type === 'lease')).toHaveLength(1);
  });
});

describe('asking', () => {
  it('is pending until the engine answers, then applied or refused with its reason', () => {
    goLive();
    const first = arm('scalper', 'BTCUSDT');
    expect(latestRequest()).toBe('arm pending ');
    const ack = { kind: 'arm', outcome: 'applied', reason: 'done' } as const;
    worker.server({ type: 'ack', ack: { ...ack, id: 'unknown' } });
    expect(latestRequest()).toBe('arm pending ');
    worker.server({ type: 'ack', ack: { ...ack, id: first } });
    expect(latestRequest()).toBe('arm applied done');
    const second = arm(null, null);
    worker.server({
      type: 'ack',
      ack: { ...ack, id: second, outcome: 'refused', reason: 'limit unset' },
    });
    expect(latestRequest()).toBe('arm refused limit unset');
  });

  it('changes no state by itself', () => {
    goLive();
    const before = useStatusStore.getState().status;
    arm(null, null);
    kill();
    expect(useStatusStore.getState().status).toBe(before);
  });

  it('says when nothing was heard, and takes a late answer all the same', () => {
    goLive();
    const id = closeScalp(17);
    vi.advanceTimersByTime(ANSWER_WITHIN_MS + 1000);
    expect(latestRequest()).toBe('closeScalp unanswered the engine has not answered');
    worker.server({ type: 'ack', ack: { id, kind: 'closeScalp', outcome: 'applied', reason: '' } });
    expect(latestRequest()).toBe('closeScalp applied ');
  });

  it('sends nothing without a link, and says so', () => {
    arm(null, null);
    expect(worker.commands()).toEqual([]);
    expect(latestRequest()).toBe('arm refused not connected: nothing was sent');
  });

  it('does not know what came of a request when the link broke', () => {
    goLive();
    arm(null, null);
    lose();
    expect(latestRequest()).toBe('arm unanswered the link broke before an answer came');
  });

  it('repeats KILL and disarm after a reconnect, under the same id, and nothing else', () => {
    goLive();
    arm(null, null);
    const disarmId = disarm(null, null);
    lose();
    const killId = kill();
    expect(latestRequest()).toBe('kill pending ');
    const before = worker.sent().length;
    goLive();
    const repeated = worker
      .sent()
      .slice(before)
      .filter((message) => message.type === 'command')
      .map(({ command }) => [command.kind, command.id]);
    expect(repeated).toEqual([
      ['disarm', disarmId],
      ['kill', killId],
    ]);
  });

  it('watches its ladders again after a reconnect', () => {
    watchLadders(['BTCUSDT', 'BTCUSDT', '']);
    goLive();
    lose();
    goLive();
    const watches = worker
      .sent()
      .filter((message) => message.type === 'command')
      .map(({ command }) => (command.kind === 'watch' ? command.symbols : []));
    expect(watches).toEqual([['BTCUSDT'], ['BTCUSDT']]);
  });
});

describe('what comes in', () => {
  it('hands decisions on ten times a second, newest first, bounded', () => {
    goLive();
    for (let sequence = 1; sequence <= DECISIONS_MAX + 5; sequence++) {
      worker.server({ type: 'decision', decision: sampleDecision({ sequence }) });
    }
    expect(useDecisions.getState().decisions).toEqual([]);
    vi.advanceTimersByTime(150);
    const { decisions, total } = useDecisions.getState();
    expect(decisions).toHaveLength(DECISIONS_MAX);
    expect(decisions[0]?.sequence).toBe(DECISIONS_MAX + 5);
    expect(total).toBe(DECISIONS_MAX + 5);
  });

  it('tells an alert once, though it comes as an event and in every status', () => {
    const alert = { atMs: 1, level: 'warn', code: 'GAP', text: 'a gap' } as const;
    goLive(sampleStatus({ alerts: [alert] }));
    worker.server({ type: 'alert', alert });
    worker.server({ type: 'status', status: sampleStatus({ alerts: [alert] }) });
    expect(useActivity.getState().alerts).toEqual([alert]);
  });

  it('forgets another session', () => {
    goLive();
    worker.server({ type: 'decision', decision: sampleDecision() });
    vi.advanceTimersByTime(150);
    lose();
    worker.say({ kind: 'open' });
    worker.server(hello({ session: 'another' }));
    expect(useDecisions.getState().decisions).toEqual([]);
    expect(useStatusStore.getState().status).toBeNull();
  });

  const malformed: readonly (readonly [string, string])[] = [
    ['no JSON', '{'],
    ['an array', '[]'],
    ['null', 'null'],
    ['no type', '{}'],
    ['an unknown type', '{"type":"surprise"}'],
    ['a name from the prototype', '{"type":"constructor"}'],
    ['a status without its parts', '{"type":"status","status":{"contract":1}}'],
    ['a status that is a list', '{"type":"status","status":[]}'],
    ['an ack without an id', '{"type":"ack","ack":{"outcome":"applied","reason":""}}'],
    ['a ping without a number', '{"type":"ping","number":"7"}'],
  ];
  it.each(malformed)('ignores %s, and says so', (_name, text) => {
    goLive();
    const before = useStatusStore.getState().status;
    expect(typeof parseServerMessage(text)).toBe('string');
    worker.say({ kind: 'text', text });
    expect(useStatusStore.getState().status).toBe(before);
    expect(phase()).toBe('live');
    expect(useActivity.getState().alerts[0]?.code).toBe('LINK');
  });

  it('names a frame that makes no sense', () => {
    worker.say({ kind: 'badFrame', message: '24 bytes are no whole frame' });
    expect(useActivity.getState().alerts[0]?.text).toMatch(/24 bytes/);
  });
});

describe('sharing', () => {
  it('keeps every part of a status that did not change', () => {
    goLive(sampleStatus());
    const before = useStatusStore.getState().status;
    worker.server({ type: 'status', status: sampleStatus() });
    expect(useStatusStore.getState().status).toBe(before);
    const armed = sampleStatus({ state: 'ARMED' }, { armed: [['scalper', 'BTCUSDT']] });
    worker.server({ type: 'status', status: armed });
    const after = useStatusStore.getState().status;
    expect(after).toEqual(armed);
    expect(after?.latency).toBe(before?.latency);
    expect(after?.strategies[1]).toBe(before?.strategies[1]);
    expect(after?.strategies[0]).not.toBe(before?.strategies[0]);
  });

  it('sees what was removed, added, and what only looks equal', () => {
    expect(share({ a: 1, b: 2 }, { a: 1 })).toEqual({ a: 1 });
    expect(share([1, 2, 3], [1, 2])).toEqual([1, 2]);
    expect(share({ a: null }, { a: {} })).toEqual({ a: {} });
    expect(share([], {})).toEqual({});
    const same = { a: [1, { b: 2 }] };
    expect(share(same, { a: [1, { b: 2 }] })).toBe(same);
  });
});
