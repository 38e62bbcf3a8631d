/**
 * rest-market: depth snapshots and exchange metadata over REST, within the venue's weight budget.
 *
 * Belongs to the host thread: answers are large and parsed with JSON.parse. Requests go out one
 * after the other. A 429 or 418 stops all of them until Retry-After has passed; the used weight
 * that the venue reports (by everyone on this address) counts against our share.
 *
 * Units     weight per minute as the venue counts it; milliseconds.
 * Errors    EngineError: venue/unreachable, venue/rate-limited, venue/rejected, input/….
 * Imports   base, domain, feeds.
 */
import { EngineError } from '../base/errors.ts';
import type { Instrument, InstrumentSpec, Venue } from '../domain/instrument.ts';
import { httpGet } from './http-get.ts';
import type { HttpAnswer } from './http-get.ts';
import { instrumentSpecsFromExchangeInfo, parseDepthSnapshot } from './market-metadata.ts';
import type { DepthSnapshot } from './market-metadata.ts';

interface VenuePaths {
  readonly depth: string;
  readonly depthWeight: number;
  readonly info: string;
  readonly infoWeight: number;
  readonly weightPerMinute: number;
}

/** Half of the venue's minute is left to others on this address and to order traffic. */
const PATHS: Readonly<Record<Venue, VenuePaths>> = {
  'binance-usdm': {
    depth: '/fapi/v1/depth?limit=1000&symbol=',
    depthWeight: 20,
    info: '/fapi/v1/exchangeInfo',
    infoWeight: 1,
    weightPerMinute: 1200,
  },
  'binance-spot': {
    depth: '/api/v3/depth?limit=5000&symbol=',
    depthWeight: 250,
    info: '/api/v3/exchangeInfo',
    infoWeight: 20,
    weightPerMinute: 3000,
  },
};

const MINUTE_MS = 60_000;
const TIMEOUT_MS = 10_000;
const PENALTY_MS = 30_000;

export interface RestMarketOptions {
  readonly venue: Venue;
  readonly endpoint: string;
  readonly timeoutMs?: number;
  /** Pauses; tests pass their own. */
  readonly sleep?: (ms: number) => Promise<void>;
  readonly nowMs?: () => number;
}

export class RestMarket {
  /** Answers that told us to slow down. */
  limitedCount = 0;
  readonly #options: RestMarketOptions;
  readonly #paths: VenuePaths;
  #queue: Promise<unknown> = Promise.resolve();
  #minuteStartMs = -Infinity;
  #used = 0;
  #blockedUntilMs = -Infinity;

  constructor(options: RestMarketOptions) {
    this.#options = options;
    this.#paths = PATHS[options.venue];
  }

  async depth(instrument: Instrument): Promise<DepthSnapshot> {
    const path = `${this.#paths.depth}${encodeURIComponent(instrument.symbol)}`;
    const body = await this.#get(path, this.#paths.depthWeight);
    return parseDepthSnapshot(body, instrument);
  }

  async specs(symbols: readonly string[]): Promise<readonly InstrumentSpec[]> {
    const body = await this.#get(this.#paths.info, this.#paths.infoWeight);
    return instrumentSpecsFromExchangeInfo(body, symbols, this.#options.venue);
  }

  /** One request after the other, each when the budget allows it. */
  #get(path: string, weight: number): Promise<string> {
    const turn = this.#queue.then(() => this.#send(path, weight));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #send(path: string, weight: number): Promise<string> {
    await this.#waitForBudget(weight);
    const base = this.#options.endpoint.replace(/\/+$/, '');
    const answer = await httpGet(base + path, this.#options.timeoutMs ?? TIMEOUT_MS);
    this.#noteWeight(answer, weight);
    if (answer.status === 200) return answer.body;
    if (answer.status === 429 || answer.status === 418) throw this.#limited(answer);
    const said = answer.body.slice(0, 200).replaceAll(/\s+/g, ' ');
    const where = `${base}${path.replace(/\?.*/, '')}`;
    throw new EngineError('venue/rejected', `${where} answered ${answer.status}: ${said}`, {
      status: answer.status,
    });
  }

  async #waitForBudget(weight: number): Promise<void> {
    const sleep = this.#options.sleep ?? pause;
    for (;;) {
      const nowMs = this.#nowMs();
      if (nowMs - this.#minuteStartMs >= MINUTE_MS) {
        this.#minuteStartMs = nowMs;
        this.#used = 0;
      }
      const isOver = this.#used > 0 && this.#used + weight > this.#paths.weightPerMinute;
      const budgetMs = isOver ? this.#minuteStartMs + MINUTE_MS : -Infinity;
      const waitMs = Math.max(budgetMs, this.#blockedUntilMs) - nowMs;
      if (waitMs <= 0) break;
      await sleep(waitMs);
    }
    this.#used += weight;
  }

  #noteWeight(answer: HttpAnswer, weight: number): void {
    const said = Number(answer.headers['x-mbx-used-weight-1m']);
    if (Number.isFinite(said) && said > this.#used) this.#used = Math.max(said, weight);
  }

  #limited(answer: HttpAnswer): EngineError {
    const seconds = Number(answer.headers['retry-after']);
    const waitMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : PENALTY_MS;
    this.limitedCount++;
    this.#blockedUntilMs = Math.max(this.#blockedUntilMs, this.#nowMs() + waitMs);
    const said = `${this.#options.endpoint} answered ${answer.status}: too many requests`;
    const message = `${said}; no more of them for ${Math.round(waitMs / 1000)} s`;
    return new EngineError('venue/rate-limited', message, { status: answer.status, waitMs });
  }

  #nowMs(): number {
    return this.#options.nowMs?.() ?? performance.now();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
