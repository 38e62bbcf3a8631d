/**
 * market-sockets: live market streams of one venue over `ws`. Hands on frames, decodes none.
 *
 * A route is one connection, or for moments two: a renewal opens the next one, and closes the old
 * one when the next has spoken. What goes wrong is answered by connecting again, after a jittered
 * back-off and under the venue's cap on connections:
 *
 *   mute      a connection that says nothing, or a steady stream that stays mute, within the limit
 *             (the venue answers a stream asked for on the wrong route with silence)
 *   stale     no frame for a while
 *   closed    by the venue, the network or an error
 *   renewal   after 23 h, or when the venue announces a shutdown
 *
 * Writer    the trading thread. onMessage is called for every frame, in order, route by route.
 * Hot path: no, but #onFrame runs once a frame and does nothing but look at a few bytes.
 * Imports   base, feeds, ws.
 */
import { WebSocket } from 'ws';
import type { Random } from '../base/random.ts';
import { ConnectBudget } from './connect-budget.ts';
import { FEED_ROUTE_NAMES } from './feed-route.ts';
import type { FeedRoute } from './feed-route.ts';
import { connectionOf } from './stream-plan.ts';
import type { RoutePlan } from './stream-plan.ts';

export interface SocketTimings {
  readonly openWithinMs: number;
  /** First frame of the connection and of each steady stream. */
  readonly firstMessageWithinMs: number;
  readonly staleAfterMs: number;
  readonly renewAfterMs: number;
  readonly backOffFirstMs: number;
  readonly backOffMaxMs: number;
  /** How often the watch looks. */
  readonly watchEveryMs: number;
  /** Pause between SUBSCRIBE requests. */
  readonly requestEveryMs: number;
}

export const SOCKET_TIMINGS: SocketTimings = {
  openWithinMs: 10_000,
  firstMessageWithinMs: 10_000,
  staleAfterMs: 10_000,
  renewAfterMs: 23 * 3_600_000,
  backOffFirstMs: 250,
  backOffMaxMs: 30_000,
  watchEveryMs: 250,
  requestEveryMs: 250,
};

/** Half of what the venues allow an address (300 in 5 minutes): others may connect from it too. */
const CONNECTS_MAX = 150;
const CONNECTS_WINDOW_MS = 300_000;
/** After this many reconnects for mute streams while others speak, they are only reported. */
const MUTE_RECONNECTS_MAX = 3;
const FRAME_BYTES_MAX = 16 * 1024 * 1024;

export type SocketTrouble = 'mute' | 'stale' | 'closed' | 'refused' | 'shutdown' | 'renewal';

export interface SocketAlert {
  readonly route: FeedRoute;
  readonly trouble: SocketTrouble;
  /** One line for a person. */
  readonly message: string;
}

export interface MarketSocketsOptions {
  readonly endpoint: string;
  readonly routes: readonly RoutePlan[];
  readonly random: Random;
  readonly onMessage: (frame: Buffer, route: FeedRoute) => void;
  readonly onOpening: (route: FeedRoute) => void;
  readonly onUp: (route: FeedRoute) => void;
  readonly onLost: (route: FeedRoute) => void;
  readonly onAlert: (alert: SocketAlert) => void;
  readonly timings?: Partial<SocketTimings>;
  readonly connectsMax?: number;
}

/** How often each trouble happened, and connections opened. */
export interface SocketCounts {
  opened: number;
  mute: number;
  stale: number;
  closed: number;
  refused: number;
  shutdown: number;
  renewal: number;
}

export class MarketSockets {
  readonly counts: SocketCounts = {
    opened: 0,
    mute: 0,
    stale: 0,
    closed: 0,
    refused: 0,
    shutdown: 0,
    renewal: 0,
  };
  readonly #routes: readonly RouteSocket[];
  #watch: NodeJS.Timeout | null = null;
  readonly #watchEveryMs: number;

  constructor(options: MarketSocketsOptions) {
    const timings = { ...SOCKET_TIMINGS, ...options.timings };
    const budget = new ConnectBudget({
      random: options.random,
      firstDelayMs: timings.backOffFirstMs,
      delayMaxMs: timings.backOffMaxMs,
      connectsMax: options.connectsMax ?? CONNECTS_MAX,
      windowMs: CONNECTS_WINDOW_MS,
    });
    const shared = { options, timings, budget, counts: this.counts };
    this.#routes = options.routes.map((plan) => new RouteSocket(plan, shared));
    this.#watchEveryMs = timings.watchEveryMs;
  }

  start(): void {
    for (const route of this.#routes) route.connect();
    this.#watch = setInterval(() => this.#look(), this.#watchEveryMs);
  }

  stop(): void {
    if (this.#watch !== null) clearInterval(this.#watch);
    this.#watch = null;
    for (const route of this.#routes) route.stop();
  }

  /** Bytes of ours that wait to be sent, over all connections. */
  get bufferedAmount(): number {
    let bytes = 0;
    for (const route of this.#routes) bytes += route.bufferedAmount;
    return bytes;
  }

  /** True while every route has a connection that has spoken. */
  get isUp(): boolean {
    return this.#routes.every((route) => route.isUp);
  }

  #look(): void {
    const nowMs = performance.now();
    for (const route of this.#routes) route.look(nowMs);
  }
}

interface Shared {
  readonly options: MarketSocketsOptions;
  readonly timings: SocketTimings;
  readonly budget: ConnectBudget;
  readonly counts: SocketCounts;
}

/** One socket and what is known of it. */
interface Line {
  readonly socket: WebSocket;
  readonly startedMs: number;
  openedMs: number;
  lastMs: number;
  /** Steady streams that have not spoken yet; emptied, so that the check costs nothing later. */
  readonly unheard: Set<string>;
}

/** One route: its connection in use, and the next one while it is being renewed. */
class RouteSocket {
  readonly #plan: RoutePlan;
  readonly #shared: Shared;
  #line: Line | null = null;
  #next: Line | null = null;
  #retry: NodeJS.Timeout | null = null;
  #attempt = 0;
  #muteReconnects = 0;
  #isStopped = false;
  #isUp = false;

  constructor(plan: RoutePlan, shared: Shared) {
    this.#plan = plan;
    this.#shared = shared;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  get bufferedAmount(): number {
    return this.#line?.socket.bufferedAmount ?? 0;
  }

  connect(): void {
    if (this.#isStopped || this.#line !== null || this.#retry !== null) return;
    const delayMs = this.#shared.budget.delayMs(this.#attempt, performance.now());
    this.#attempt++;
    this.#openIn(delayMs);
  }

  /** Opens after a pause, and after another one when the cap was used up meanwhile. */
  #openIn(delayMs: number): void {
    const { options, budget } = this.#shared;
    this.#retry = setTimeout(() => {
      this.#retry = null;
      const moreMs = budget.delayMs(0, performance.now());
      if (moreMs > 0) {
        this.#openIn(moreMs);
        return;
      }
      options.onOpening(this.#plan.route);
      this.#line = this.#open();
    }, delayMs);
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    for (const line of [this.#line, this.#next]) if (line !== null) closeQuietly(line.socket);
    this.#line = null;
    this.#next = null;
    this.#isUp = false;
  }

  /** The watch: opens too slowly, stays mute, went stale, is due for renewal. */
  look(nowMs: number): void {
    const { timings } = this.#shared;
    if (this.#next !== null) this.#lookAtNext(this.#next, nowMs);
    const line = this.#line;
    if (line === null) return;
    if (line.openedMs === 0) {
      if (nowMs - line.startedMs > timings.openWithinMs) this.#drop(line, 'closed', 'did not open');
      return;
    }
    const isDue = nowMs - line.openedMs > timings.firstMessageWithinMs;
    if (line.lastMs === 0) {
      if (isDue) this.#drop(line, 'mute', 'says nothing: wrong route or unknown streams?');
    } else if (nowMs - line.lastMs > timings.staleAfterMs) {
      this.#drop(line, 'stale', `silent for ${Math.round(nowMs - line.lastMs)} ms`);
    } else if (isDue && line.unheard.size > 0) this.#onMuteStreams(line);
    else if (nowMs - line.openedMs > timings.renewAfterMs) this.#renew('renewal', 'is due');
  }

  #lookAtNext(next: Line, nowMs: number): void {
    const { timings } = this.#shared;
    if (nowMs - next.startedMs <= timings.openWithinMs + timings.firstMessageWithinMs) return;
    closeQuietly(next.socket);
    this.#next = null;
  }

  #open(): Line {
    const { budget, counts, options } = this.#shared;
    const { url, requests } = connectionOf(options.endpoint, this.#plan);
    const nowMs = performance.now();
    budget.noteOpened(nowMs);
    counts.opened++;
    const socket = new WebSocket(url, {
      perMessageDeflate: false,
      skipUTF8Validation: true,
      maxPayload: FRAME_BYTES_MAX,
      handshakeTimeout: this.#shared.timings.openWithinMs,
    });
    const steady = this.#plan.streams.filter((stream) => stream.isSteady);
    const unheard = new Set(steady.map((stream) => stream.name));
    const line: Line = { socket, startedMs: nowMs, openedMs: 0, lastMs: 0, unheard };
    socket.on('open', () => {
      line.openedMs = performance.now();
      this.#send(line, requests, 0);
    });
    socket.on('message', (frame: Buffer) => this.#onFrame(line, frame));
    socket.on('error', (error) => this.#onGone(line, error.message));
    socket.on('close', (code) => this.#onGone(line, `closed with code ${code}`));
    return line;
  }

  #send(line: Line, requests: readonly string[], index: number): void {
    const request = requests[index];
    if (request === undefined || line.socket.readyState !== WebSocket.OPEN) return;
    line.socket.send(request);
    setTimeout(() => this.#send(line, requests, index + 1), this.#shared.timings.requestEveryMs);
  }

  #onFrame(line: Line, frame: Buffer): void {
    const { onMessage } = this.#shared.options;
    if (line !== this.#line && line !== this.#next) return;
    line.lastMs = performance.now();
    if (!isStreamFrame(frame)) {
      // Answers to requests and announcements; the decoder counts what it does not know.
      if (isShutdown(frame)) this.#renew('shutdown', 'was announced by the venue');
      onMessage(frame, this.#plan.route);
      return;
    }
    if (line.unheard.size > 0) line.unheard.delete(streamOf(frame));
    if (line === this.#next) this.#switchTo(line);
    else if (!this.#isUp) this.#noteUp();
    onMessage(frame, this.#plan.route);
  }

  #noteUp(): void {
    this.#isUp = true;
    this.#attempt = 1;
    this.#shared.options.onUp(this.#plan.route);
  }

  /** The next connection has spoken: it replaces the one in use. Repeats are dropped later. */
  #switchTo(next: Line): void {
    const old = this.#line;
    this.#line = next;
    this.#next = null;
    if (old !== null) closeQuietly(old.socket);
    if (!this.#isUp) this.#noteUp();
  }

  #renew(trouble: 'renewal' | 'shutdown', reason: string): void {
    const { budget } = this.#shared;
    const nowMs = performance.now();
    if (this.#next !== null || this.#line === null || budget.delayMs(0, nowMs) > 0) return;
    this.#alert(trouble, reason);
    this.#next = this.#open();
  }

  #onMuteStreams(line: Line): void {
    const names = [...line.unheard].slice(0, 3).join(', ');
    const reason = `${line.unheard.size} streams stay mute: ${names}`;
    if (this.#muteReconnects < MUTE_RECONNECTS_MAX) {
      this.#muteReconnects++;
      this.#drop(line, 'mute', reason);
      return;
    }
    this.#alert('mute', `${reason}; going on without them`);
    line.unheard.clear();
  }

  /** Ends a connection for a reason of ours and connects again. */
  #drop(line: Line, trouble: SocketTrouble, reason: string): void {
    closeQuietly(line.socket);
    this.#lost(line, trouble, reason);
  }

  #onGone(line: Line, reason: string): void {
    if (line === this.#next) {
      this.#next = null;
      return;
    }
    if (line !== this.#line) return;
    closeQuietly(line.socket);
    this.#lost(line, line.openedMs === 0 ? 'refused' : 'closed', reason);
  }

  #lost(line: Line, trouble: SocketTrouble, reason: string): void {
    if (line !== this.#line) return;
    this.#line = null;
    this.#alert(trouble, reason);
    if (this.#next !== null) {
      // A renewal is under way: it takes over, but what came in between is lost.
      this.#line = this.#next;
      this.#next = null;
    }
    if (this.#isUp) {
      this.#isUp = false;
      this.#shared.options.onLost(this.#plan.route);
    }
    this.connect();
  }

  #alert(trouble: SocketTrouble, reason: string): void {
    const { counts, options } = this.#shared;
    counts[trouble]++;
    const where = `${FEED_ROUTE_NAMES[this.#plan.route]} streams at ${options.endpoint}`;
    const message = `${where}${this.#plan.path}: ${trouble}, ${reason}`;
    options.onAlert({ route: this.#plan.route, trouble, message });
  }
}

/** Closes without waiting, and without an error event if it had not opened yet. */
function closeQuietly(socket: WebSocket): void {
  socket.removeAllListeners();
  socket.on('error', ignore);
  socket.terminate();
}

function ignore(): void {
  // A socket that is being closed may still report that it failed; nobody waits for it.
}

const STREAM_HEAD = '{"stream":"';
const HEAD_BYTES = STREAM_HEAD.length;

/** A combined stream's frame that is not an announcement (those names begin with "!"). */
function isStreamFrame(frame: Buffer): boolean {
  return frame[2] === 0x73 && frame[4] === 0x72 && frame[HEAD_BYTES] !== 0x21;
}

function streamOf(frame: Buffer): string {
  const end = frame.indexOf(0x22, HEAD_BYTES);
  return frame.toString('latin1', HEAD_BYTES, end < 0 ? HEAD_BYTES : end);
}

function isShutdown(frame: Buffer): boolean {
  return frame.length < 512 && frame.includes('serverShutdown');
}
