/**
 * market-hub: turns what happens in the core into stream messages for those who subscribed.
 *
 * A message is built once, and only if somebody listens. Faults act here: a dropped, doubled, late,
 * crossed, garbled or truncated message is so for every listener. Messages to one client never
 * overtake each other.
 *
 * Stream names (lower-case symbol): <s>@depth[@100ms|@250ms|@500ms], <s>@depth5|10|20[@..],
 * <s>@bookTicker, !bookTicker (public class); <s>@aggTrade, <s>@markPrice[@1s] (market class).
 * Others are acknowledged and stay mute, as are streams of the other class.
 *
 * Writer    the exchange's thread.
 * Imports   node Buffer, exchange/core, server/{faults,wire-market}.
 */
import type { DepthFeed } from '../core/depth-feed.ts';
import type { Market } from '../core/market.ts';
import type { AggregateTrade } from '../core/sink.ts';
import type { Faults } from './faults.ts';
import type { TimedQueue } from './timed-queue.ts';
import {
  aggTradeText,
  bookTickerText,
  crossedDepthText,
  depthUpdateText,
  markPriceText,
  partialDepthText,
} from './wire-market.ts';

export type StreamClass = 'public' | 'market' | 'private';

/** One listener: a socket, or the in-process caller. */
export interface StreamClient {
  readonly streamClass: StreamClass;
  /** Wraps payloads as {"stream":…,"data":…}. */
  isCombined: boolean;
  send(payload: Buffer, wallMs: number): void;
}

type StreamKind = 'depth' | 'partial' | 'bookTicker' | 'allBookTicker' | 'aggTrade' | 'markPrice';

interface Stream {
  readonly name: string;
  readonly kind: StreamKind;
  readonly streamClass: StreamClass;
  readonly market: Market | null;
  /** Speed in ms of book streams, every n-th second of mark prices. */
  readonly speed: number;
  readonly levels: number;
  readonly clients: Set<StreamClient>;
}

const CLASS_OF: Readonly<Record<StreamKind, StreamClass>> = {
  depth: 'public',
  partial: 'public',
  bookTicker: 'public',
  allBookTicker: 'public',
  aggTrade: 'market',
  markPrice: 'market',
};

const ALL_TICKERS_EVERY_S = 5;

export interface HubTime {
  nowMs(): number;
  wallMs(simMs: number): number;
  readonly queue: TimedQueue;
  randomMs(span: number): number;
}

export class MarketHub {
  readonly sentByStream = new Map<string, number>();
  readonly sentByClass = { public: 0, market: 0, private: 0 };
  readonly #markets: readonly Market[];
  readonly #faults: Faults;
  readonly #time: HubTime;
  readonly #streams = new Map<string, Stream>();
  /** Streams of each market with at least one client, by kind. */
  readonly #live: Record<StreamKind, Stream[]>[];
  #lastDeliveryMs = Number.NEGATIVE_INFINITY;
  #markCount = 0;

  constructor(markets: readonly Market[], faults: Faults, time: HubTime) {
    this.#markets = markets;
    this.#faults = faults;
    this.#time = time;
    this.#live = markets.map(() => ({
      depth: [],
      partial: [],
      bookTicker: [],
      allBookTicker: [],
      aggTrade: [],
      markPrice: [],
    }));
  }

  /** Adds a client to a stream. False: unknown stream or another class; it stays mute. */
  subscribe(client: StreamClient, name: string): boolean {
    const stream = this.#streams.get(name) ?? this.#parse(name);
    if (stream === null || stream.streamClass !== client.streamClass) return false;
    this.#streams.set(name, stream);
    stream.clients.add(client);
    this.#refresh(stream);
    return true;
  }

  unsubscribe(client: StreamClient, name: string): void {
    const stream = this.#streams.get(name);
    if (stream === undefined || !stream.clients.delete(client)) return;
    this.#refresh(stream);
  }

  remove(client: StreamClient): void {
    for (const stream of this.#streams.values()) {
      if (stream.clients.delete(client)) this.#refresh(stream);
    }
  }

  /** A message outside any stream, once to every listener. */
  sendToAll(text: string): void {
    const clients = new Set<StreamClient>();
    for (const stream of this.#streams.values()) {
      for (const client of stream.clients) clients.add(client);
    }
    const wallMs = this.#time.wallMs(this.#time.nowMs());
    for (const client of clients) this.#send(client, Buffer.from(text, 'latin1'), wallMs);
  }

  onTouch(market: Market, nowMs: number): void {
    const live = this.#live[market.index] as Record<StreamKind, Stream[]>;
    if (live.bookTicker.length === 0) return;
    const wallMs = this.#time.wallMs(nowMs);
    this.#publishAll(live.bookTicker, bookTickerText(market, wallMs), wallMs);
  }

  onTrade(market: Market, trade: Readonly<AggregateTrade>, nowMs: number): void {
    const live = this.#live[market.index] as Record<StreamKind, Stream[]>;
    if (live.aggTrade.length === 0) return;
    const wallMs = this.#time.wallMs(nowMs);
    this.#publishAll(live.aggTrade, aggTradeText(market, trade, wallMs), wallMs);
  }

  onDepth(market: Market, feed: DepthFeed, nowMs: number): void {
    const live = this.#live[market.index] as Record<StreamKind, Stream[]>;
    const wallMs = this.#time.wallMs(nowMs);
    for (const stream of live.depth) {
      if (stream.speed !== feed.speedMs) continue;
      if (this.#faults.isDepthDropped()) continue;
      const text = this.#faults.takeNext('crossedNext')
        ? crossedDepthText(market, feed, wallMs)
        : depthUpdateText(market, feed, wallMs);
      this.#publish(stream, text, wallMs);
    }
    for (const stream of live.partial) {
      if (stream.speed !== feed.speedMs) continue;
      this.#publish(stream, partialDepthText(market, feed, stream.levels, wallMs), wallMs);
    }
  }

  onMark(market: Market, nowMs: number): void {
    const live = this.#live[market.index] as Record<StreamKind, Stream[]>;
    const wallMs = this.#time.wallMs(nowMs);
    if (market.index === 0) this.#markCount += 1;
    for (const stream of live.markPrice) {
      if (this.#markCount % stream.speed !== 0) continue;
      this.#publish(stream, markPriceText(market, wallMs), wallMs);
    }
    const isTickerTime = this.#markCount % ALL_TICKERS_EVERY_S === 0;
    const all = this.#streams.get('!bookTicker');
    if (isTickerTime && all !== undefined && all.clients.size > 0) {
      this.#publish(all, bookTickerText(market, wallMs), wallMs);
    }
  }

  #publishAll(streams: readonly Stream[], text: string, wallMs: number): void {
    for (let i = 0; i < streams.length; i++) this.#publish(streams[i] as Stream, text, wallMs);
  }

  #publish(stream: Stream, text: string, wallMs: number): void {
    const faults = this.#faults;
    if (faults.silentUntilMs > this.#time.nowMs()) return;
    if (faults.state.muteClass === stream.streamClass) return;
    const sent = this.#garble(text);
    this.#count(stream);
    this.#deliver(stream, sent, wallMs);
    if (faults.isMarketDuplicated()) this.#deliver(stream, sent, wallMs);
  }

  #garble(text: string): string {
    if (this.#faults.takeNext('garbageNext')) return `{"e":"\u0007garbage ${text.slice(5, 20)}`;
    if (this.#faults.takeNext('truncatedNext')) return text.slice(0, Math.floor(text.length * 0.6));
    return text;
  }

  #count(stream: Stream): void {
    this.sentByClass[stream.streamClass] += 1;
    this.sentByStream.set(stream.name, (this.sentByStream.get(stream.name) ?? 0) + 1);
  }

  #deliver(stream: Stream, text: string, wallMs: number): void {
    let raw: Buffer | null = null;
    let wrapped: Buffer | null = null;
    for (const client of stream.clients) {
      let payload: Buffer;
      if (client.isCombined) {
        wrapped ??= Buffer.from(`{"stream":"${stream.name}","data":${text}}`, 'latin1');
        payload = wrapped;
      } else {
        raw ??= Buffer.from(text, 'latin1');
        payload = raw;
      }
      this.#send(client, payload, wallMs);
    }
  }

  #send(client: StreamClient, payload: Buffer, wallMs: number): void {
    const { delayMs, delayJitterMs } = this.#faults.state;
    const nowMs = this.#time.nowMs();
    if (delayMs + delayJitterMs === 0 && this.#lastDeliveryMs <= nowMs) {
      client.send(payload, wallMs);
      return;
    }
    const wanted = nowMs + delayMs + this.#time.randomMs(delayJitterMs);
    this.#lastDeliveryMs = Math.max(this.#lastDeliveryMs, wanted);
    this.#time.queue.add(this.#lastDeliveryMs, () => client.send(payload, wallMs));
  }

  /** Keeps the per-market lists and the depth windows in step with who listens. */
  #refresh(stream: Stream): void {
    const market = stream.market;
    if (market === null) return;
    const live = this.#live[market.index] as Record<StreamKind, Stream[]>;
    const list = live[stream.kind];
    const index = list.indexOf(stream);
    if (stream.clients.size > 0 && index < 0) list.push(stream);
    else if (stream.clients.size === 0 && index >= 0) list.splice(index, 1);
    for (const feed of market.depthFeeds) {
      if (feed.speedMs === 100) continue;
      const isWanted = [...live.depth, ...live.partial].some((s) => s.speed === feed.speedMs);
      if (isWanted) feed.activate(market.book.lastUpdateId);
      else feed.deactivate();
    }
  }

  #parse(name: string): Stream | null {
    if (name === '!bookTicker') return this.#stream(name, 'allBookTicker', null, 0, 0);
    const match = /^([a-z0-9]+)@([a-zA-Z]+)(\d*)(?:@(\d+)(?:ms|s))?$/.exec(name);
    if (match === null) return null;
    const [, symbol, kind, digits, every] = match;
    const market = this.#markets.find((m) => m.symbol.toLowerCase() === symbol) ?? null;
    if (market === null) return null;
    if (kind === 'depth') return this.#parseDepth(name, market, Number(digits), every);
    if (digits !== '') return null;
    if (kind === 'bookTicker' || kind === 'aggTrade') return this.#stream(name, kind, market, 0, 0);
    if (kind !== 'markPrice') return null;
    return this.#stream(name, kind, market, every === '1' ? 1 : 3, 0);
  }

  #parseDepth(
    name: string,
    market: Market,
    levels: number,
    every: string | undefined,
  ): Stream | null {
    const speed = every === undefined ? 250 : Number(every);
    if (market.depthFeed(speed) === null || ![0, 5, 10, 20].includes(levels)) return null;
    return this.#stream(name, levels === 0 ? 'depth' : 'partial', market, speed, levels);
  }

  #stream(
    name: string,
    kind: StreamKind,
    market: Market | null,
    speed: number,
    levels: number,
  ): Stream {
    return { name, kind, market, speed, levels, streamClass: CLASS_OF[kind], clients: new Set() };
  }
}
