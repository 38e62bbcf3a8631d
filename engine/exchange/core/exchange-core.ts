/**
 * exchange-core: the simulated exchange without its network: markets, accounts, time.
 *
 * Time is simulation ms since start (double) and moves only by step(). Same options and same orders
 * at the same times give the same calls to the sink, in the same order, whatever the sizes of the
 * steps. Due things at one instant run in a fixed order: latent price, flow, upkeep, countdowns and
 * expiries, depth windows, marks.
 *
 * Writer    one thread. Units ticks, lots, 1e-8 quote units, ms.
 * Imports   base/{assert,random}, core/*.
 */
import { assert } from '../../base/assert.ts';
import { SeededRandom } from '../../base/random.ts';
import type { AccountOrder } from './account.ts';
import { Account } from './account.ts';
import type { FeeRates, FlowSettings, LatentSettings } from './defaults.ts';
import { DEFAULT_FLOW, DEFAULT_LATENT, DEFAULTS } from './defaults.ts';
import type { DepthFeed } from './depth-feed.ts';
import { Code } from './filters.ts';
import { MarketFlow } from './flow.ts';
import type { SimInstrumentSpec } from './instruments.ts';
import { checkedSpec, DEFAULT_INSTRUMENTS } from './instruments.ts';
import { LatentMarket } from './latent.ts';
import { Market } from './market.ts';
import type { Outcome } from './matcher.ts';
import { Matcher } from './matcher.ts';
import type { OrderRequest } from './orders.ts';
import { ExpiryReason } from './orders.ts';
import type { CoreSink } from './sink.ts';
import { SILENT_SINK } from './sink.ts';

export interface CoreOptions {
  readonly seed?: number;
  readonly instruments?: readonly SimInstrumentSpec[];
  readonly messagesPerSecond?: number;
  readonly fees?: FeeRates;
  readonly leverage?: number;
  readonly latent?: Partial<LatentSettings>;
  readonly flow?: Partial<FlowSettings>;
  /** False: empty books and no participants but the accounts. */
  readonly hasFlow?: boolean;
}

const FOREVER = Number.POSITIVE_INFINITY;

export class ExchangeCore {
  readonly markets: readonly Market[];
  readonly accounts = new Map<string, Account>();
  readonly latent: LatentMarket;
  readonly fees: FeeRates;
  readonly leverage: number;
  readonly #bySymbol = new Map<string, Market>();
  readonly #matcher: Matcher;
  readonly #flows: readonly MarketFlow[];
  readonly #sink: CoreSink;
  #nowMs = 0;
  #nextDepthMs = 0;
  #nextMarkMs = 0;
  /** Earliest countdown or order expiry; may be early, never late. */
  #nextDeadlineMs = FOREVER;
  #autoCloseCount = 0;

  constructor(options: CoreOptions, sink: CoreSink) {
    const specs = options.instruments ?? DEFAULT_INSTRUMENTS;
    assert(specs.length > 0, 'the exchange lists at least one instrument');
    this.fees = options.fees ?? DEFAULTS.fees;
    this.leverage = options.leverage ?? DEFAULTS.leverage;
    this.markets = specs.map((spec, index) => new Market(index, checkedSpec(spec)));
    for (const market of this.markets) this.#bySymbol.set(market.symbol, market);
    assert(this.#bySymbol.size === specs.length, 'symbols are distinct');
    this.#sink = sink;
    this.#matcher = new Matcher(this.markets, SILENT_SINK);
    const random = new SeededRandom(options.seed ?? DEFAULTS.seed);
    const latentSettings = { ...DEFAULT_LATENT, ...options.latent };
    const startMs = -DEFAULTS.warmupMs;
    this.latent = new LatentMarket(specs, latentSettings, random.fork(1), startMs);
    this.#nowMs = startMs;
    this.#nextDepthMs = startMs;
    this.#nextMarkMs = startMs;
    this.#flows = options.hasFlow === false ? [] : this.#makeFlows(options, random, startMs);
    this.step(0);
    this.#matcher.sink = sink;
  }

  #makeFlows(options: CoreOptions, random: SeededRandom, startMs: number): MarketFlow[] {
    const settings = { ...DEFAULT_FLOW, ...options.flow };
    const rate = options.messagesPerSecond ?? DEFAULTS.messagesPerSecond;
    const events = eventsPerSecond(rate, this.markets.length);
    let activity = 0;
    for (const market of this.markets) activity += market.spec.flow.activity;
    return this.markets.map((market, index) => {
      const latent = this.latent.prices[index];
      assert(latent !== undefined, 'each market has a latent price');
      return new MarketFlow({
        market,
        matcher: this.#matcher,
        latent,
        settings,
        random: random.fork(100 + index),
        eventsPerSecond: (events * market.spec.flow.activity) / activity,
        startMs,
      });
    });
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  marketOf(symbol: string): Market | null {
    return this.#bySymbol.get(symbol) ?? null;
  }

  openAccount(id: string, walletE8: bigint = DEFAULTS.walletE8): Account {
    assert(!this.accounts.has(id), `account ${id} is new`);
    const account = new Account(id, walletE8, this.fees, this.leverage);
    for (const _ of this.markets) account.addMarket();
    this.accounts.set(id, account);
    return account;
  }

  set isReduceOnlyStrict(value: boolean) {
    this.#matcher.isReduceOnlyStrict = value;
  }

  place(account: Account, request: OrderRequest): Outcome {
    this.#matcher.nowMs = this.#nowMs;
    const outcome = this.#matcher.place(account, request);
    if (outcome.order !== null) this.#noteDeadline(request.goodTillMs);
    return outcome;
  }

  modify(order: AccountOrder, priceTicks: number, lots: number, modifyId: string): Outcome {
    this.#matcher.nowMs = this.#nowMs;
    return this.#matcher.modify(order, priceTicks, lots, modifyId);
  }

  cancel(order: AccountOrder): number {
    if (!order.isOpen) return Code.CancelRejected;
    this.#matcher.nowMs = this.#nowMs;
    this.#matcher.cancel(order);
    return Code.Ok;
  }

  /** Cancels every open order of one market; returns how many there were. */
  cancelAll(account: Account, marketIndex: number): number {
    let count = 0;
    // Deleting the visited entry while iterating a Map is safe.
    for (const order of account.open.values()) {
      if (order.request.marketIndex !== marketIndex || !order.isOpen) continue;
      this.cancel(order);
      count += 1;
    }
    return count;
  }

  /** The dead-man's switch of one market. 0 disarms; each call replaces the timer. */
  setCountdown(account: Account, marketIndex: number, spanMs: number): void {
    account.countdownSpans[marketIndex] = spanMs;
    account.countdowns[marketIndex] = spanMs === 0 ? FOREVER : this.#nowMs + spanMs;
    this.#noteDeadline(this.#nowMs + spanMs);
  }

  /** Closes an account's position as a liquidation would: own orders expire, then `autoclose-`. */
  liquidate(account: Account, marketIndex: number): AccountOrder | null {
    const market = this.markets[marketIndex];
    assert(market !== undefined, 'liquidated market is listed');
    this.#matcher.nowMs = this.#nowMs;
    for (const order of account.open.values()) {
      if (order.request.marketIndex !== marketIndex || !order.isOpen) continue;
      this.#matcher.expire(order, ExpiryReason.Liquidated);
    }
    this.#autoCloseCount += 1;
    return this.#matcher.autoClose(account, market, `autoclose-${this.#autoCloseCount}`);
  }

  /** When the next thing is due. */
  nextEventMs(): number {
    let next = Math.min(this.latent.nextMs, this.#nextDepthMs, this.#nextMarkMs);
    next = Math.min(next, this.#nextDeadlineMs);
    for (let i = 0; i < this.#flows.length; i++) {
      const flow = this.#flows[i] as MarketFlow;
      if (flow.nextMs < next) next = flow.nextMs;
      if (flow.nextUpkeepMs < next) next = flow.nextUpkeepMs;
    }
    return next;
  }

  /** Runs everything due up to and at `untilMs`, then stands there. */
  step(untilMs: number): void {
    while (this.stepOnce(untilMs));
  }

  /** Runs the next due instant if it is not after `untilMs`; else moves to `untilMs`: false. */
  stepOnce(untilMs: number): boolean {
    const next = this.nextEventMs();
    if (next > untilMs) {
      if (untilMs > this.#nowMs) this.#nowMs = untilMs;
      this.#matcher.nowMs = this.#nowMs;
      return false;
    }
    if (next > this.#nowMs) this.#nowMs = next;
    this.#matcher.nowMs = this.#nowMs;
    this.#runDue(this.#nowMs);
    return true;
  }

  #runDue(nowMs: number): void {
    while (this.latent.nextMs <= nowMs) this.latent.step();
    for (let i = 0; i < this.#flows.length; i++) {
      const flow = this.#flows[i] as MarketFlow;
      if (flow.nextMs <= nowMs) flow.step();
      if (flow.nextUpkeepMs <= nowMs) flow.upkeep();
    }
    if (this.#nextDeadlineMs <= nowMs) this.#runDeadlines(nowMs);
    if (this.#nextDepthMs <= nowMs) this.#flushDepth(nowMs);
    if (this.#nextMarkMs <= nowMs) this.#mark(nowMs);
  }

  #noteDeadline(atMs: number): void {
    if (atMs === FOREVER) return;
    const grid = DEFAULTS.countdownCheckMs;
    this.#nextDeadlineMs = Math.min(this.#nextDeadlineMs, Math.ceil(atMs / grid) * grid);
  }

  #runDeadlines(nowMs: number): void {
    this.#nextDeadlineMs = FOREVER;
    for (const account of this.accounts.values()) {
      for (let index = 0; index < this.markets.length; index++) {
        const atMs = account.countdowns[index] as number;
        if (atMs <= nowMs) {
          account.countdowns[index] = FOREVER;
          account.countdownSpans[index] = 0;
          this.cancelAll(account, index);
        } else this.#noteDeadline(atMs);
      }
      for (const order of account.open.values()) {
        const atMs = order.request.goodTillMs;
        if (atMs <= nowMs && order.isOpen) this.#matcher.expire(order, ExpiryReason.None);
        else this.#noteDeadline(atMs);
      }
    }
  }

  #flushDepth(nowMs: number): void {
    this.#nextDepthMs += 50;
    for (let i = 0; i < this.markets.length; i++) {
      const market = this.markets[i] as Market;
      for (let j = 0; j < market.depthFeeds.length; j++) {
        const feed = market.depthFeeds[j] as DepthFeed;
        if (feed.nextFlushMs > nowMs) continue;
        feed.nextFlushMs = Math.floor(nowMs / feed.speedMs + 1) * feed.speedMs;
        if (!feed.isActive || !feed.hasChanges) continue;
        if (this.#matcher.sink !== SILENT_SINK) this.#sink.onDepth(market, feed, nowMs);
        feed.close(market.book.lastUpdateId);
      }
    }
  }

  #mark(nowMs: number): void {
    this.#nextMarkMs += DEFAULTS.markEveryMs;
    for (let i = 0; i < this.markets.length; i++) {
      const market = this.markets[i] as Market;
      const index = this.latent.prices[i]?.crowdTicks ?? market.midTicks;
      if (this.#flows.length > 0) market.indexTicks = index;
      else market.indexTicks = market.midTicks;
      market.markTicks += 0.5 * (market.midTicks - market.markTicks);
      if (this.#matcher.sink !== SILENT_SINK) this.#sink.onMark(market, nowMs);
    }
  }
}

/** Events that give about `messages` market-data messages a second; found by measuring. */
export function eventsPerSecond(messages: number, marketCount: number): number {
  const perEvent = 0.97;
  const marks = marketCount;
  let low = 0;
  let high = messages * 2;
  for (let i = 0; i < 40; i++) {
    const events = (low + high) / 2;
    const perMarket = events / marketCount;
    const depth = marketCount * 10 * (1 - Math.exp(-perMarket / 10));
    if (events * perEvent + depth + marks < messages) low = events;
    else high = events;
  }
  return Math.max(marketCount, (low + high) / 2);
}
