/**
 * rest: the REST side of Binance USD-M, for the host: time, metadata, account, dead-man's switch,
 * and cancels when the order socket is not to be trusted.
 *
 * Errors    EngineError: 'venue/unreachable' (no complete answer: outcome unknown),
 *           'venue/rejected' with the venue's code and text, 'venue/rate-limited' with
 *           retryAfterMs. Order ids are not read: they may exceed 2^53; client ids name orders.
 * Units     wall ms; decimals stay texts.
 * Imports   base, execution.
 */
import { EngineError } from '../../../base/errors.ts';
import { isLoopback } from './endpoints.ts';
import { venueErrorOf } from './errors.ts';
import { HttpClient, type HttpResponse } from './http.ts';
import { type ParamValue, queryText, signedQuery, type Signer } from './sign.ts';
import { WeightBudget } from './weight-budget.ts';

const WEIGHT_PER_MINUTE = 2400;
/** Kept for cancels, the verification of KILL and the dead-man's switch. */
const WEIGHT_RESERVE = 800;
const TIMEOUT_MS = 5000;
const RETRY_AFTER_MS = 5000;

export interface RestParts {
  /** e.g. http://127.0.0.1:4801 */
  readonly base: string;
  /** Null for market data only. */
  readonly signer: Signer | null;
  readonly receiveWindowMs?: number;
  readonly timeoutMs?: number;
  readonly wallMs?: () => number;
  readonly isLoopbackOnly: boolean;
}

export type Row = Readonly<Record<string, unknown>>;

interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly params?: Readonly<Record<string, ParamValue>>;
  readonly access: 'none' | 'key' | 'signed';
  readonly weight: number;
  /** May use the reserved weight. */
  readonly isVital?: boolean;
}

export class UsdmRest {
  readonly budget = new WeightBudget(WEIGHT_PER_MINUTE, WEIGHT_RESERVE);
  /** Venue's clock minus ours, ms; 0 until syncTime. */
  offsetMs = 0;
  /** Round trip of the sample that gave the offset. */
  roundTripMs = Number.POSITIVE_INFINITY;
  readonly #parts: RestParts;
  readonly #http = new HttpClient();
  readonly #wallMs: () => number;

  constructor(parts: RestParts) {
    if (parts.isLoopbackOnly && !isLoopback(parts.base)) {
      throw new EngineError(
        'venue/not-allowed',
        `SIM mode talks to this machine only; "${parts.base}" is not loopback: use 127.0.0.1`,
        { url: parts.base },
      );
    }
    this.#parts = parts;
    this.#wallMs = parts.wallMs ?? Date.now;
  }

  close(): void {
    this.#http.close();
  }

  /** Offset of the venue's clock by the sample with the shortest round trip; returns it. */
  async syncTime(samples = 5): Promise<number> {
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < samples; i++) {
      const sentMs = this.#wallMs();
      const reply = (await this.#call({
        method: 'GET',
        path: '/fapi/v1/time',
        access: 'none',
        weight: 1,
      })) as Row;
      const backMs = this.#wallMs();
      const serverMs = Number(reply['serverTime']);
      if (!Number.isFinite(serverMs)) throw malformed('/fapi/v1/time');
      if (backMs - sentMs >= best) continue;
      best = backMs - sentMs;
      this.offsetMs = serverMs - (sentMs + backMs) / 2;
      this.roundTripMs = best;
    }
    return this.offsetMs;
  }

  /** The venue's metadata as it came. */
  exchangeInfo(): Promise<unknown> {
    return this.#call({ method: 'GET', path: '/fapi/v1/exchangeInfo', access: 'none', weight: 1 });
  }

  async openListenKey(): Promise<string> {
    const row = (await this.#listenKey('POST')) as Row;
    return String(row['listenKey']);
  }

  keepListenKey(): Promise<unknown> {
    return this.#listenKey('PUT');
  }

  /** Arms (or with 0 disarms) the dead-man's switch of one symbol. */
  countdownCancelAll(symbol: string, countdownMs: number): Promise<unknown> {
    return this.#call({
      method: 'POST',
      path: '/fapi/v1/countdownCancelAll',
      params: { symbol, countdownTime: countdownMs },
      access: 'signed',
      weight: 10,
      isVital: true,
    });
  }

  async openOrders(symbol?: string): Promise<readonly Row[]> {
    const params: Record<string, ParamValue> = symbol === undefined ? {} : { symbol };
    return rowsOf(
      await this.#call({
        method: 'GET',
        path: '/fapi/v1/openOrders',
        params,
        access: 'signed',
        weight: symbol === undefined ? 40 : 1,
        isVital: true,
      }),
      '/fapi/v1/openOrders',
    );
  }

  cancelAllOpenOrders(symbol: string): Promise<unknown> {
    return this.#call({
      method: 'DELETE',
      path: '/fapi/v1/allOpenOrders',
      params: { symbol },
      access: 'signed',
      weight: 1,
      isVital: true,
    });
  }

  cancelOrder(symbol: string, clientOrderId: string): Promise<unknown> {
    return this.#call({
      method: 'DELETE',
      path: '/fapi/v1/order',
      params: { symbol, origClientOrderId: clientOrderId },
      access: 'signed',
      weight: 1,
      isVital: true,
    });
  }

  /** The order, or null when the venue does not know it. */
  async orderStatus(symbol: string, clientOrderId: string): Promise<Row | null> {
    try {
      return (await this.#call({
        method: 'GET',
        path: '/fapi/v1/order',
        params: { symbol, origClientOrderId: clientOrderId },
        access: 'signed',
        weight: 1,
      })) as Row;
    } catch (error) {
      if (error instanceof EngineError && error.facts['code'] === -2013) return null;
      throw error;
    }
  }

  async positionRisk(): Promise<readonly Row[]> {
    const path = '/fapi/v3/positionRisk';
    return rowsOf(await this.#call({ method: 'GET', path, access: 'signed', weight: 5 }), path);
  }

  async balance(): Promise<readonly Row[]> {
    const path = '/fapi/v3/balance';
    return rowsOf(await this.#call({ method: 'GET', path, access: 'signed', weight: 5 }), path);
  }

  accountConfig(): Promise<unknown> {
    return this.#call({
      method: 'GET',
      path: '/fapi/v1/accountConfig',
      access: 'signed',
      weight: 5,
    });
  }

  commissionRate(symbol: string): Promise<unknown> {
    return this.#call({
      method: 'GET',
      path: '/fapi/v1/commissionRate',
      params: { symbol },
      access: 'signed',
      weight: 20,
    });
  }

  #listenKey(method: 'POST' | 'PUT'): Promise<unknown> {
    return this.#call({ method, path: '/fapi/v1/listenKey', access: 'key', weight: 1 });
  }

  async #call(call: Call): Promise<unknown> {
    const waitMs = this.budget.spend(call.weight, this.#wallMs(), call.isVital === true);
    if (waitMs > 0) throw rateLimited(call.path, 0, waitMs);
    const response = await this.#http.send({
      method: call.method,
      url: this.#url(call),
      headers: this.#headers(call),
      timeoutMs: this.#parts.timeoutMs ?? TIMEOUT_MS,
    });
    this.budget.report(Number(response.headers['x-mbx-used-weight-1m']), this.#wallMs());
    return this.#read(call, response);
  }

  #url(call: Call): string {
    const { base, signer, receiveWindowMs } = this.#parts;
    const params = call.params ?? {};
    if (call.access !== 'signed') {
      const query = queryText(params);
      return `${base}${call.path}${query === '' ? '' : `?${query}`}`;
    }
    if (signer === null) throw keyMissing(call.path);
    const timed = {
      ...params,
      recvWindow: receiveWindowMs ?? TIMEOUT_MS,
      timestamp: Math.floor(this.#wallMs() + this.offsetMs),
    };
    return `${base}${call.path}?${signedQuery(signer, timed)}`;
  }

  #headers(call: Call): Readonly<Record<string, string>> {
    if (call.access === 'none') return {};
    if (this.#parts.signer === null) throw keyMissing(call.path);
    return { 'X-MBX-APIKEY': this.#parts.signer.apiKey };
  }

  #read(call: Call, response: HttpResponse): unknown {
    const { status, text } = response;
    if (status === 429 || status === 418) {
      const seconds = Number(response.headers['retry-after']);
      const waitMs = Number.isFinite(seconds) ? seconds * 1000 : RETRY_AFTER_MS;
      this.budget.block(this.#wallMs() + waitMs);
      throw rateLimited(call.path, status, waitMs);
    }
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      if (status === 200) throw malformed(call.path, error);
      value = {};
    }
    if (status === 200) return value;
    throw refused(call, status, value as Row);
  }
}

function refused(call: Call, status: number, body: Row): EngineError {
  const code = Number(body['code'] ?? 0);
  const said = body['msg'];
  const text = typeof said === 'string' ? said : '';
  const entry = venueErrorOf(code);
  const isUnknown = status === 408 || (status >= 500 && text.startsWith('Unknown error'));
  const outcome = isUnknown || entry?.outcome === 'unknown' ? 'unknown' : 'rejected';
  const what = entry === undefined ? text : `${text} (${entry.meaning})`;
  return new EngineError('venue/rejected', `${call.method} ${call.path}: ${code} ${what}`, {
    code,
    status,
    outcome,
    reaction: entry?.reaction ?? 'report',
  });
}

function rateLimited(path: string, status: number, retryAfterMs: number): EngineError {
  const seconds = Math.ceil(retryAfterMs / 1000);
  return new EngineError(
    'venue/rate-limited',
    `${path}: the request budget is used up; try again in ${seconds} s`,
    { status, retryAfterMs },
  );
}

function malformed(path: string, cause?: unknown): EngineError {
  return new EngineError('venue/unreachable', `${path}: the answer is malformed`, {}, cause);
}

function keyMissing(path: string): EngineError {
  return new EngineError('venue/not-allowed', `${path} needs a venue key and there is none`);
}

function rowsOf(value: unknown, path: string): readonly Row[] {
  if (!Array.isArray(value)) throw malformed(path);
  return value as readonly Row[];
}
