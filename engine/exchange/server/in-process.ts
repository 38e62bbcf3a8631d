/**
 * in-process: the exchange stepped by the caller, for virtual time: same wire texts, no sockets.
 *
 * Same options and the same calls at the same times give the same messages, to the byte. Callbacks
 * run only while the core stands still, so they may place orders. Market data is subscribed at
 * construction: depth@100ms, bookTicker, aggTrade and markPrice@1s of every instrument (or what
 * `streams` names).
 *
 * Units     simulation ms since start (double); wall ms = startWallMs + whole simulation ms.
 * Imports   server/*.
 */
import type { ApiKey, Registration } from './keys.ts';
import type { StreamClass, StreamClient } from './market-hub.ts';
import type { RestResponse } from './rest-types.ts';
import { handleRest } from './rest.ts';
import type { ServiceOptions } from './service.ts';
import { ExchangeService } from './service.ts';
import { stateJson } from './sim-admin.ts';
import { WsApiSession } from './ws-api.ts';

export interface InProcessOptions extends ServiceOptions {
  /** Stream names; all four of every instrument by default. */
  readonly streams?: readonly string[];
  /** Wraps market payloads as the combined endpoint does. Default false. */
  readonly isCombined?: boolean;
}

/** `wallMs` is the simulated time of the message: what a receive stamp would start from. */
export type MarketCallback = (text: Buffer, streamClass: StreamClass, simMs: number) => void;
export type UserCallback = (text: string, account: string, simMs: number) => void;

interface Waiting {
  readonly market: Buffer | null;
  readonly streamClass: StreamClass;
  readonly user: string;
  readonly account: string;
}

class InProcessClient implements StreamClient {
  readonly streamClass: StreamClass;
  readonly isCombined: boolean;
  readonly #waiting: Waiting[];

  constructor(streamClass: StreamClass, isCombined: boolean, waiting: Waiting[]) {
    this.streamClass = streamClass;
    this.isCombined = isCombined;
    this.#waiting = waiting;
  }

  send(payload: Buffer): void {
    this.#waiting.push({
      market: payload,
      streamClass: this.streamClass,
      user: '',
      account: '',
    });
  }
}

export class InProcessExchange {
  readonly service: ExchangeService;
  readonly #session: WsApiSession;
  readonly #waiting: Waiting[] = [];
  #market: MarketCallback | null = null;
  #user: UserCallback | null = null;
  #isDraining = false;

  constructor(options: InProcessOptions = {}) {
    this.service = new ExchangeService(options);
    this.#session = new WsApiSession(this.service);
    const isCombined = options.isCombined === true;
    const book = new InProcessClient('public', isCombined, this.#waiting);
    const tape = new InProcessClient('market', isCombined, this.#waiting);
    for (const name of options.streams ?? this.defaultStreams()) {
      if (!this.service.hub.subscribe(book, name)) this.service.hub.subscribe(tape, name);
    }
    this.service.users.onEvent = (event) => {
      const account = event.account.id;
      this.#waiting.push({ market: null, streamClass: 'private', user: event.text, account });
    };
    this.service.onIdle = () => this.#drain();
  }

  defaultStreams(): string[] {
    return this.service.core.markets.flatMap((market) => {
      const symbol = market.symbol.toLowerCase();
      return ['depth@100ms', 'bookTicker', 'aggTrade', 'markPrice@1s'].map((s) => `${symbol}@${s}`);
    });
  }

  get nowMs(): number {
    return this.service.nowMs;
  }

  get wallNowMs(): number {
    return this.service.wallNowMs;
  }

  register(registration: Registration): ApiKey {
    return this.service.register(registration);
  }

  onMarket(callback: MarketCallback): void {
    this.#market = callback;
  }

  onUser(callback: UserCallback): void {
    this.#user = callback;
  }

  /** Runs the exchange up to and at `simMs`, calling back in order. */
  advanceTo(simMs: number): void {
    this.service.advanceTo(simMs);
  }

  /**
   * One request on the trading API. Without latencies the reply is returned at once and its events
   * follow with the next advanceTo (or drain()); null when the reply is late or lost.
   */
  wsApi(text: string): string | null {
    let reply: string | null = null;
    this.#session.handle(text, (answer) => {
      reply = answer;
    });
    return reply;
  }

  /** One request whose reply comes by callback: at once, after the latencies, or never. */
  sendWsApi(text: string, onReply: (reply: string) => void): void {
    this.#session.handle(text, onReply);
  }

  /** A further connection to the trading API, with a logon of its own. */
  connectWsApi(): WsApiSession {
    return new WsApiSession(this.service);
  }

  /** One REST request; null when the reply is late or lost. */
  rest(
    method: string,
    url: string,
    headers: Readonly<Record<string, string>> = {},
    body = '',
  ): RestResponse | null {
    let response: RestResponse | null = null;
    this.sendRest(method, url, { headers, body }, (answer) => {
      response = answer;
    });
    return response;
  }

  sendRest(
    method: string,
    url: string,
    content: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
    onReply: (response: RestResponse) => void,
  ): void {
    const [path, query] = splitUrl(url);
    const lower: Record<string, string> = {};
    for (const [name, value] of Object.entries(content.headers)) lower[name.toLowerCase()] = value;
    const request = { method, path, query, headers: lower, body: content.body };
    handleRest(this.service, request, onReply);
  }

  setFaults(faults: unknown): void {
    this.service.setFaults(faults);
  }

  /** The same text as GET /sim/state. */
  stateText(): string {
    return stateJson(this.service);
  }

  /** Hands out what waits, without moving time. */
  drain(): void {
    this.#drain();
  }

  #drain(): void {
    if (this.#isDraining || this.#waiting.length === 0) return;
    this.#isDraining = true;
    try {
      // Callbacks may add more; the length is read anew each time.
      for (let i = 0; i < this.#waiting.length; i++) {
        const item = this.#waiting[i] as Waiting;
        const nowMs = this.service.nowMs;
        if (item.market !== null) this.#market?.(item.market, item.streamClass, nowMs);
        else this.#user?.(item.user, item.account, nowMs);
      }
    } finally {
      this.#waiting.length = 0;
      this.#isDraining = false;
    }
  }
}

/** Path and raw query of a URL or path. */
export function splitUrl(url: string): [string, string] {
  const path = url.replace(/^https?:\/\/[^/]*/, '');
  const mark = path.indexOf('?');
  return mark < 0 ? [path, ''] : [path.slice(0, mark), path.slice(mark + 1)];
}
