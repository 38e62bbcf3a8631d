/**
 * engine-link: the window's side of the link: starts the frame worker, speaks for the window, and
 * tells the engine again, after a reconnect, what it must know (watched ladders, KILL, disarm).
 *
 * Writer    of nothing itself: what comes in goes to the event router. Answers to pings are sent
 *           from here, the main thread, on purpose.
 * Imports   contract, live, stores, workers (by URL), ./event-router.
 */
import type { EnginePhase, ShellNotice } from '../../engine/contract/bridge.ts';
import type { Command } from '../../engine/contract/commands.ts';
import { CREDITS_MAX, type ClientMessage } from '../../engine/contract/events.ts';
import type { EngineStatus } from '../../engine/contract/status.ts';
import { CONTRACT_VERSION } from '../../engine/contract/version.ts';
import { liveMarket } from '../live/live-market.ts';
import type { FromWorker, ToWorker } from '../live/worker-protocol.ts';
import { pendingRequests } from '../stores/commands-store.ts';
import { useConnection } from '../stores/connection-store.ts';
import { EventRouter, isResent } from './event-router.ts';

/** The part of Worker that the link needs; a test gives another. */
export interface LinkWorker {
  postMessage(message: ToWorker, transfer?: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<FromWorker>) => void): void;
}

/** What a shell around the window can do for the link. */
export interface LinkShell {
  requestPort(): void;
  /** Starts an engine again that the shell has given up on. */
  restartEngine(): void;
}

const EXPIRE_EVERY_MS = 500;

export class EngineLink {
  readonly #worker: LinkWorker;
  readonly #router: EventRouter;
  readonly #shell: LinkShell | null;
  #enginePhase: EnginePhase = 'running';
  #isOpen = false;
  #watched: readonly string[] = [];
  #askedForLease = false;
  #formerName = '';

  constructor(worker: LinkWorker, shell: LinkShell | null = null) {
    this.#worker = worker;
    this.#shell = shell;
    this.#router = new EventRouter({
      send: (message) => this.#send(message),
      onStatus: (status, isFirst) => this.#onStatus(status, isFirst),
      stop: () => worker.postMessage({ kind: 'stop' }),
    });
    worker.addEventListener('message', (event) => this.#onMessage(event.data));
  }

  /** `url` is of the socket; null where the shell hands ports over. */
  open(url: string | null, name: string): void {
    const hello: ClientMessage = { type: 'hello', contract: CONTRACT_VERSION, name };
    this.#worker.postMessage({
      kind: 'open',
      url,
      hello: JSON.stringify(hello),
      memory: liveMarket.memory,
      creditsMax: CREDITS_MAX,
    });
    setInterval(() => this.#router.expire(performance.now(), false), EXPIRE_EVERY_MS);
  }

  /** Sends a command; one that cannot be lost waits for the link when it is down. */
  ask(command: Command): void {
    this.#router.asked(command);
    if (this.#isOpen) this.#send({ type: 'command', command });
    else if (!isResent(command)) this.#router.notSent(command);
  }

  /** Which ladders the frames shall carry. Said again after every reconnect. */
  watch(symbols: readonly string[], id: string): void {
    this.#watched = symbols;
    if (!this.#isOpen) return;
    this.#send({ type: 'command', command: { kind: 'watch', id, symbols } });
  }

  wantLease(want: boolean): void {
    this.#send({ type: 'lease', want });
  }

  setVisible(visible: boolean): void {
    this.#worker.postMessage({ kind: 'visible', visible });
  }

  /** Hands a port to the worker, which speaks over it from now on. */
  takePort(port: MessagePort): void {
    this.#worker.postMessage({ kind: 'port' }, [port]);
  }

  /** What the shell says about the engine's process or about itself. */
  shellSaid(notice: ShellNotice): void {
    if (notice.kind === 'engine') this.#enginePhase = notice.phase;
    this.#router.shellSaid(notice);
  }

  retryNow(): void {
    if (this.#enginePhase === 'failed') this.#shell?.restartEngine();
    this.#worker.postMessage({ kind: 'retry' });
  }

  #send(message: ClientMessage): void {
    this.#worker.postMessage({ kind: 'send', text: JSON.stringify(message) });
  }

  #onMessage(message: FromWorker): void {
    switch (message.kind) {
      case 'connecting':
        this.#router.connecting(message.attempt);
        break;
      case 'wantPort':
        this.#shell?.requestPort();
        break;
      case 'open':
        this.#askedForLease = false;
        this.#formerName = useConnection.getState().terminal;
        this.#router.opened();
        break;
      case 'closed':
        this.#isOpen = false;
        this.#router.closed(
          message.reason,
          performance.now() + message.retryInMs,
          message.attempt,
          message.unauthorised,
        );
        this.#router.expire(performance.now(), true);
        break;
      case 'text':
        this.#router.text(message.text);
        break;
      case 'badFrame':
        this.#router.malformed(message.message);
        break;
    }
  }

  #onStatus(status: EngineStatus, isFirst: boolean): void {
    if (isFirst) {
      this.#isOpen = true;
      for (const { command } of pendingRequests().toReversed()) {
        if (isResent(command)) this.#send({ type: 'command', command });
      }
      if (this.#watched.length > 0) this.watch(this.#watched, crypto.randomUUID());
    }
    this.#claimLease(status);
  }

  /**
   * Asks for the lease once a connection, when nobody holds it, or as soon as the same window's
   * former connection has let go of it. A terminal that lost the lease by hanging leaves it to a
   * person.
   */
  #claimLease({ lease }: EngineStatus): void {
    if (this.#askedForLease) return;
    if (lease.held && !lease.mine && lease.holder === this.#formerName) return;
    this.#askedForLease = true;
    if (!lease.held) this.wantLease(true);
  }
}

let link: EngineLink | null = null;

/** Starts the one link of this window: over a socket, or over ports that a shell hands over. */
export function startEngineLink(
  url: string | null,
  name: string,
  shell: LinkShell | null = null,
): EngineLink {
  const worker = new Worker(new URL('../workers/frame-worker.ts', import.meta.url), {
    type: 'module',
    name: 'frames',
  });
  link = new EngineLink(worker, shell);
  link.open(url, name);
  return link;
}

/** For tests: the link to speak through, made by hand. */
export function installLink(other: EngineLink | null): void {
  link = other;
}

export function engineLink(): EngineLink | null {
  return link;
}
