/**
 * desktop-link.test: the link over a port: asked for under a nonce, taken over by the worker's
 * connection, replaced when the engine was started again; and what the shell has to say.
 */
import { CONTRACT_VERSION } from '../../engine/contract/version.ts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DesktopBridge, ShellNotice } from '../../engine/contract/bridge.ts';
import { closingReason, panelOfAddress } from '../../engine/contract/bridge.ts';
import { desktopBridge, linkShell, takeShellMessage } from '../../renderer/link/desktop-shell.ts';
import { EngineLink, type LinkWorker } from '../../renderer/link/engine-link.ts';
import { createFrameMemory, FrameReader } from '../../renderer/live/frame-memory.ts';
import type { FromWorker, ToWorker } from '../../renderer/live/worker-protocol.ts';
import { activityForgotten, useActivity } from '../../renderer/stores/activity-store.ts';
import { CONNECTION_START, useConnection } from '../../renderer/stores/connection-store.ts';
import { LinkConnection } from '../../renderer/workers/link-connection.ts';
import { sampleFrame, sampleMarket, sampleStatus } from './support/samples.ts';

const HELLO = '{"type":"hello","contract":1,"name":"test"}';

/** The window's end of a port; the test plays the engine's. */
class FakePort extends EventTarget {
  readonly sent: unknown[] = [];
  isStarted = false;
  isClosed = false;

  postMessage(message: unknown, transfer?: unknown): void {
    expect(transfer).toBeUndefined();
    this.sent.push(message);
  }

  start(): void {
    this.isStarted = true;
  }

  close(): void {
    this.isClosed = true;
  }

  bring(payload: unknown): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data: payload }));
  }

  /** The engine's end is gone. */
  drop(): void {
    this.dispatchEvent(new Event('close'));
  }

  get asPort(): MessagePort {
    return this as unknown as MessagePort;
  }
}

const memory = createFrameMemory();
let said: FromWorker[] = [];
let link: LinkConnection;

function kinds(): readonly string[] {
  return said.map(({ kind }) => kind);
}

beforeEach(() => {
  vi.useFakeTimers();
  said = [];
  link = new LinkConnection(
    { kind: 'open', url: null, hello: HELLO, memory, creditsMax: 2 },
    (message) => said.push(message),
  );
  link.connect();
});

afterEach(() => {
  link.stop();
  vi.useRealTimers();
});

describe('the connection over a port', () => {
  it('asks for a port, says hello over it and gives its credits', () => {
    expect(kinds()).toEqual(['connecting', 'wantPort']);
    const port = new FakePort();
    link.takePort(port.asPort);
    expect(port.isStarted).toBe(true);
    expect(port.sent).toEqual([HELLO, '{"type":"credit","frames":2}']);
    expect(kinds()).toEqual(['connecting', 'wantPort', 'open']);
  });

  it('stores frames, pays for them, and passes text on', () => {
    const reader = new FrameReader(memory);
    const port = new FakePort();
    link.takePort(port.asPort);
    reader.takeRestart();
    port.bring(sampleFrame(sampleMarket(), { sequence: 41 }));
    expect(reader.readLatest()).toBe(true);
    expect(reader.frame[1]).toBe(41);
    expect(port.sent.at(-1)).toBe('{"type":"credit","frames":1}');
    port.bring('{"type":"ping","number":1}');
    expect(said.at(-1)).toEqual({ kind: 'text', text: '{"type":"ping","number":1}' });
  });

  it('asks again, with growing pauses, while no port comes', async () => {
    await vi.advanceTimersByTimeAsync(20_000);
    const asked = kinds().filter((kind) => kind === 'wantPort').length;
    expect(asked).toBeGreaterThan(1);
    expect(asked).toBeLessThan(5);
    const closed = said.find((message) => message.kind === 'closed');
    expect(closed).toMatchObject({ unauthorised: false });
  });

  it('hands on why the engine closes, and notices when it has just died', async () => {
    const first = new FakePort();
    link.takePort(first.asPort);
    first.bring({ closing: 'contract mismatch' });
    await vi.advanceTimersByTimeAsync(0);
    expect(said.at(-1)).toMatchObject({ kind: 'closed', reason: 'contract mismatch' });
    expect(first.isClosed).toBe(true);
    await vi.advanceTimersByTimeAsync(1000);
    const second = new FakePort();
    link.takePort(second.asPort);
    second.drop();
    await vi.advanceTimersByTimeAsync(0);
    expect(said.at(-1)).toMatchObject({ kind: 'closed', reason: '' });
    link.send('late');
    expect(second.sent).not.toContain('late');
  });

  it('lets a port to another engine take the place of the one before', () => {
    const [old, fresh] = [new FakePort(), new FakePort()];
    link.takePort(old.asPort);
    link.takePort(fresh.asPort);
    expect(old.isClosed).toBe(true);
    expect(kinds().slice(-3)).toEqual(['open', 'closed', 'open']);
    old.bring('{"type":"ping","number":9}');
    old.drop();
    expect(kinds().at(-1)).toBe('open');
    link.send('text');
    expect(fresh.sent.at(-1)).toBe('text');
  });

  it('takes a port that comes in the pause between two tries', async () => {
    const first = new FakePort();
    link.takePort(first.asPort);
    first.drop();
    await vi.advanceTimersByTimeAsync(0);
    const fresh = new FakePort();
    link.takePort(fresh.asPort);
    expect(kinds().at(-1)).toBe('open');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(kinds().filter((kind) => kind === 'wantPort')).toHaveLength(1);
  });

  it('takes none once it is stopped', () => {
    link.stop();
    const port = new FakePort();
    link.takePort(port.asPort);
    expect(port.isClosed).toBe(true);
    expect(port.sent).toEqual([]);
  });
});

/** A worker that only keeps what it was told. */
class FakeWorker implements LinkWorker {
  readonly told: (readonly [ToWorker, Transferable[] | undefined])[] = [];
  #listener: (event: MessageEvent<FromWorker>) => void = () => {};

  postMessage(message: ToWorker, transfer?: Transferable[]): void {
    this.told.push([message, transfer]);
  }

  addEventListener(_type: 'message', listener: (event: MessageEvent<FromWorker>) => void): void {
    this.#listener = listener;
  }

  say(message: FromWorker): void {
    this.#listener({ data: message } as MessageEvent<FromWorker>);
  }
}

function message(content: unknown, ports: MessagePort[] = []) {
  return { data: content, ports };
}

describe('the shell of the desktop window', () => {
  const NOTICE: ShellNotice = { kind: 'engine', phase: 'restarting', text: 'the engine ended' };

  beforeEach(() => {
    useConnection.setState(CONNECTION_START);
    activityForgotten();
  });

  it('is found by its bridge, and missing in a browser', () => {
    expect(desktopBridge({})).toBeNull();
    expect(desktopBridge({ tickdeck: 'x' })).toBeNull();
    expect(desktopBridge({ tickdeck: { shell: 'other' } })).toBeNull();
    const tickdeck = { shell: 'desktop' };
    expect(desktopBridge({ tickdeck })).toBe(tickdeck);
  });

  it('is heard only under the nonce of this page', () => {
    const took: unknown[] = [];
    const sink = {
      takePort: (port: MessagePort) => took.push(port),
      shellSaid: (notice: ShellNotice) => took.push(notice),
    };
    const port = new FakePort().asPort;
    const foreign = [
      null,
      'port',
      { tickdeck: 'port', nonce: 'b' },
      { tickdeck: 'x', nonce: 'a' },
      { tickdeck: 'notice', nonce: 'a' },
    ];
    for (const content of foreign) {
      expect(takeShellMessage(message(content, [port]), 'a', sink)).toBe(false);
    }
    expect(takeShellMessage(message({ tickdeck: 'port', nonce: 'a' }), 'a', sink)).toBe(false);
    expect(took).toEqual([]);
    takeShellMessage(message({ tickdeck: 'port', nonce: 'a' }, [port]), 'a', sink);
    takeShellMessage(message({ tickdeck: 'notice', nonce: 'a', notice: NOTICE }), 'a', sink);
    expect(took).toEqual([port, NOTICE]);
  });

  it('is asked for a port when the worker wants one, and for an engine after it gave up', () => {
    const asked: string[] = [];
    const bridge = {
      requestPort: async (nonce: string) => void asked.push(nonce),
      restartEngine: async () => void asked.push('engine'),
    } as unknown as DesktopBridge;
    const worker = new FakeWorker();
    const made = new EngineLink(worker, { shell: linkShell(bridge, 'n1') });
    worker.say({ kind: 'wantPort' });
    expect(asked).toEqual(['n1']);
    made.retryNow();
    expect(asked).toEqual(['n1']);
    made.shellSaid({ kind: 'engine', phase: 'failed', text: 'it is over' });
    made.retryNow();
    expect(asked).toEqual(['n1', 'engine']);
    const port = new FakePort().asPort;
    made.takePort(port);
    expect(worker.told.at(-1)).toEqual([{ kind: 'port' }, [port]]);
  });

  it('says why there is no engine, until there is one', () => {
    const made = new EngineLink(new FakeWorker());
    made.shellSaid(NOTICE);
    expect(useConnection.getState().shell).toBe('the engine ended');
    made.shellSaid({ kind: 'engine', phase: 'running', text: 'was started again' });
    expect(useConnection.getState().shell).toBe('');
  });

  it('is still heard after another engine has greeted', () => {
    const worker = new FakeWorker();
    const made = new EngineLink(worker);
    const greet = (session: string): void => {
      worker.say({ kind: 'open' });
      const hello = {
        type: 'hello',
        contract: CONTRACT_VERSION,
        terminal: 't',
        session,
        mode: 'sim',
      };
      worker.say({ kind: 'text', text: JSON.stringify({ ...hello, product: 'p', version: '1' }) });
    };
    greet('s1');
    const text = JSON.stringify({ type: 'status', status: sampleStatus() });
    worker.say({ kind: 'text', text });
    made.shellSaid({ kind: 'alert', atMs: 5, level: 'danger', code: 'ENGINE', text: 'it ended' });
    greet('s2');
    expect(useActivity.getState().alerts.map(({ code }) => code)).toEqual(['ENGINE']);
  });
});

describe('the contract of the bridge', () => {
  it('knows the last message of a port, and the panel of an address', () => {
    expect(closingReason({ closing: 'bye' })).toBe('bye');
    for (const other of [null, 'closing', { closing: 7 }, {}]) {
      expect(closingReason(other)).toBeNull();
    }
    expect(panelOfAddress('app://main/index.html#panel=ladder-left&x=1')).toBe('ladder-left');
    expect(panelOfAddress('#x=1&panel=scalps')).toBe('scalps');
    for (const none of ['', '#', '#panel=', '#panel=A', '#spanel=a', 'panel=scalps']) {
      expect(panelOfAddress(none)).toBeNull();
    }
  });
});
