/**
 * service: the exchange with its protocols but without sockets, clocks or timers.
 *
 * Time moves only by advanceTo(simulation ms), so that sockets (real time) and in-process runs
 * (virtual time) use the very same code. Requests run through perform(): the reply goes out before
 * the events it caused, unless a fault says otherwise, and latencies are kept in one queue.
 *
 * Writer    one thread. Units simulation ms since start; wall ms = startWallMs + whole simulation
 *           ms.
 * Imports   base/{assert,random}, exchange/core, server/*.
 */
import { assert } from '../../base/assert.ts';
import { SeededRandom } from '../../base/random.ts';
import { DEFAULTS } from '../core/defaults.ts';
import type { CoreOptions } from '../core/exchange-core.ts';
import { ExchangeCore } from '../core/exchange-core.ts';
import { instrumentsNamed } from '../core/instruments.ts';
import type { Market } from '../core/market.ts';
import type { FaultPatch } from './faults.ts';
import { checkedFaults, Faults } from './faults.ts';
import type { ApiKey, Registration } from './keys.ts';
import { KeyRing } from './keys.ts';
import type { StreamClass } from './market-hub.ts';
import { MarketHub } from './market-hub.ts';
import type { RateLimitSettings } from './rate-limits.ts';
import { DEFAULT_RATE_LIMITS, Window } from './rate-limits.ts';
import { TimedQueue } from './timed-queue.ts';
import { Trading } from './trading.ts';
import { UserStreams } from './user-streams.ts';
import { VenueError } from './venue-error.ts';
import { snapshotText } from './wire-market.ts';
import type { WireContext } from './wire-user.ts';

export interface Latencies {
  /** Request received → matched; matched → reply sent; matched → user event sent; market data. */
  readonly orderMs?: number;
  readonly replyMs?: number;
  readonly userMs?: number;
  readonly marketMs?: number;
}

export interface ServiceOptions extends CoreOptions {
  /** Which of the default instruments to list; all when absent. `instruments` goes before it. */
  readonly symbols?: readonly string[];
  /** Wall-clock ms at simulation time 0. */
  readonly startWallMs?: number;
  readonly latencies?: Latencies;
  readonly rateLimits?: Partial<RateLimitSettings>;
  readonly faults?: FaultPatch;
  /** Order ids above 2^53. */
  readonly hasLargeOrderIds?: boolean;
}

function withInstruments(options: ServiceOptions): ServiceOptions {
  if (options.symbols === undefined || options.instruments !== undefined) return options;
  return { ...options, instruments: instrumentsNamed(options.symbols) };
}

export type DisconnectTarget = StreamClass | 'wsapi' | 'all';

const LARGE_ID_BASE = 8_389_765_739_700_000_000n;
const DEFAULT_START_WALL_MS = 1_790_000_000_000;

export class ExchangeService {
  readonly core: ExchangeCore;
  readonly hub: MarketHub;
  readonly users: UserStreams;
  readonly faults = new Faults();
  readonly keys: KeyRing;
  readonly trading: Trading;
  readonly context: WireContext;
  readonly limits: RateLimitSettings;
  readonly restWeight: Window;
  readonly wsWeight: Window;
  readonly seed: number;
  readonly messagesPerSecond: number;
  startWallMs: number;
  /** Told to cut connections; the socket layer sets it. */
  onDisconnect: ((target: DisconnectTarget) => void) | null = null;
  /** What the socket layer counts; nothing without sockets. */
  socketCounters: () => Readonly<Record<string, number>> = () => ({});
  /** Called whenever the core stands still: in-process callers drain their messages here. */
  onIdle: (() => void) | null = null;
  readonly #queue = new TimedQueue();
  readonly #random: SeededRandom;
  readonly #staleSnapshots = new Map<number, string>();
  /** Which setting of disconnectEveryMs the queued cut belongs to. */
  #cutRound = 0;
  #isAdvancing = false;

  constructor(options: ServiceOptions) {
    this.seed = options.seed ?? DEFAULTS.seed;
    this.messagesPerSecond = options.messagesPerSecond ?? DEFAULTS.messagesPerSecond;
    this.startWallMs = options.startWallMs ?? DEFAULT_START_WALL_MS;
    this.#random = new SeededRandom(this.seed ^ 0x5e71ce);
    this.limits = { ...DEFAULT_RATE_LIMITS, ...options.rateLimits };
    this.restWeight = new Window(this.limits.weightPerMinute, 60_000);
    this.wsWeight = new Window(this.limits.weightPerMinute, 60_000);
    const core: ExchangeCore = new ExchangeCore(withInstruments(options), {
      onTouch: (market, nowMs) => this.hub.onTouch(market, nowMs),
      onTrade: (market, trade, nowMs) => this.hub.onTrade(market, trade, nowMs),
      onDepth: (market, feed, nowMs) => this.hub.onDepth(market, feed, nowMs),
      onMark: (market, nowMs) => this.hub.onMark(market, nowMs),
      onExecution: (execution) => this.users.onExecution(execution),
    });
    this.core = core;
    this.context = {
      markets: core.markets,
      orderIdBase: options.hasLargeOrderIds === true ? LARGE_ID_BASE : 0n,
      wallMs: (simMs) => this.wallMs(simMs),
    };
    const time = {
      nowMs: () => core.nowMs,
      wallMs: (simMs: number) => this.wallMs(simMs),
      queue: this.#queue,
      randomMs: (span: number) => (span === 0 ? 0 : this.#random.next() * span),
    };
    this.hub = new MarketHub(core.markets, this.faults, time);
    this.users = new UserStreams(this.context, this.faults, time, this.#random.fork(1));
    this.keys = new KeyRing(core, this.limits);
    this.trading = new Trading(core, this.context, this.faults);
    this.#setLatencies(options.latencies ?? {});
    if (options.faults !== undefined) this.setFaults(options.faults);
  }

  #setLatencies(latencies: Latencies): void {
    this.faults.set(
      {
        orderDelayMs: latencies.orderMs ?? 0,
        replyDelayMs: latencies.replyMs ?? 0,
        userDelayMs: latencies.userMs ?? 0,
        delayMs: latencies.marketMs ?? 0,
      },
      0,
    );
  }

  get nowMs(): number {
    return this.core.nowMs;
  }

  get wallNowMs(): number {
    return this.wallMs(this.core.nowMs);
  }

  wallMs(simMs: number): number {
    return this.startWallMs + Math.floor(simMs);
  }

  register(registration: Registration): ApiKey {
    return this.keys.register(registration);
  }

  /** Runs everything due up to and at `simMs`. */
  advanceTo(simMs: number): void {
    assert(!this.#isAdvancing, 'a callback of the exchange must not move its time');
    this.#isAdvancing = true;
    try {
      this.#advance(simMs);
    } finally {
      this.#isAdvancing = false;
    }
  }

  #advance(simMs: number): void {
    for (;;) {
      const coreMs = this.core.nextEventMs();
      const queueMs = this.#queue.nextMs();
      if (Math.min(coreMs, queueMs) > simMs) break;
      if (queueMs < coreMs) {
        this.core.step(queueMs);
        this.#queue.take()();
      } else this.core.stepOnce(coreMs);
      if (this.users.hasPending) this.users.flush();
      this.onIdle?.();
    }
    this.core.step(simMs);
    this.onIdle?.();
  }

  /**
   * Carries out an order request: waits the order latency, runs, then delivers the reply and the
   * events. `run` returns the reply, or null when the reply is lost.
   */
  perform<T>(run: () => T | null, deliver: (reply: T) => void): void {
    const delayMs = this.faults.state.orderDelayMs;
    if (delayMs === 0) {
      this.#perform(run, deliver);
      return;
    }
    this.#queue.add(this.core.nowMs + delayMs, () => this.#perform(run, deliver));
  }

  #perform<T>(run: () => T | null, deliver: (reply: T) => void): void {
    const reply = run();
    if (this.faults.state.eventOrder === 'eventsFirst') this.users.flush();
    if (reply !== null) {
      const delayMs = this.faults.state.replyDelayMs;
      if (delayMs === 0) deliver(reply);
      else this.#queue.add(this.core.nowMs + delayMs, () => deliver(reply));
    }
    this.users.flush();
  }

  /** Later, at a simulation time. */
  at(simMs: number, run: () => void): void {
    this.#queue.add(simMs, run);
  }

  setFaults(value: unknown): void {
    const patch = checkedFaults(value);
    this.faults.set(patch, this.core.nowMs);
    this.core.isReduceOnlyStrict = this.faults.state.strictReduceOnly;
    if (patch.staleSnapshotNext !== undefined) this.#keepSnapshots();
    if (patch.expireListenKeys === true) {
      this.faults.state.expireListenKeys = false;
      this.users.expireAll();
    }
    if (patch.hangTradingThreadMs !== undefined && patch.hangTradingThreadMs > 0) {
      this.faults.state.hangTradingThreadMs = 0;
      this.users.sendToAll(
        `{"e":"simFault","f":"hangTradingThread","ms":${patch.hangTradingThreadMs}}`,
      );
    }
    if (patch.disconnectEveryMs !== undefined) {
      this.#cutRound += 1;
      this.#cutLater(this.#cutRound);
    }
    if (patch.serverShutdown === true) {
      this.faults.state.serverShutdown = false;
      const text = `{"e":"serverShutdown","E":${this.wallNowMs}}`;
      this.hub.sendToAll(text);
      this.users.sendToAll(text);
      this.onDisconnect?.('all');
    }
    const target = patch.disconnectOnce ?? '';
    if (target !== '') {
      this.faults.state.disconnectOnce = '';
      this.onDisconnect?.(target as DisconnectTarget);
    }
  }

  #cutLater(round: number): void {
    const everyMs = this.faults.state.disconnectEveryMs;
    if (everyMs === 0) return;
    this.#queue.add(this.core.nowMs + everyMs, () => {
      if (round !== this.#cutRound) return;
      this.onDisconnect?.('all');
      this.#cutLater(round);
    });
  }

  #keepSnapshots(): void {
    this.#staleSnapshots.clear();
    for (const market of this.core.markets) {
      this.#staleSnapshots.set(market.index, snapshotText(market, 1000, this.wallNowMs));
    }
  }

  snapshot(market: Market, limit: number): string {
    const stale = this.#staleSnapshots.get(market.index);
    if (stale !== undefined && this.faults.takeNext('staleSnapshotNext')) return stale;
    return snapshotText(market, limit, this.wallNowMs);
  }

  /** Throws when the 429 fault is on. */
  checkLimited(): void {
    const leftMs = this.faults.limitedUntilMs - this.core.nowMs;
    if (leftMs > 0) throw new VenueError(-1003, undefined, Math.ceil(leftMs / 1000));
  }
}
