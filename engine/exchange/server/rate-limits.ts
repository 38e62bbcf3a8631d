/**
 * rate-limits: fixed windows as the venue counts them.
 *
 * Request weight per address, in a pool for REST and one for the WebSocket API; order counts per
 * account over ten seconds and one minute. Place and modify count as orders; cancels and queries do
 * not.
 *
 * Units     wall-clock ms.
 * Imports   server/venue-error.
 */
import { VenueError } from './venue-error.ts';

export interface RateLimitSettings {
  readonly weightPerMinute: number;
  readonly ordersPer10s: number;
  readonly ordersPerMinute: number;
}

export const DEFAULT_RATE_LIMITS: RateLimitSettings = {
  weightPerMinute: 2400,
  ordersPer10s: 300,
  ordersPerMinute: 1200,
};

export class Window {
  readonly limit: number;
  readonly spanMs: number;
  #start = 0;
  #count = 0;

  constructor(limit: number, spanMs: number) {
    this.limit = limit;
    this.spanMs = spanMs;
  }

  count(wallMs: number): number {
    this.#roll(wallMs);
    return this.#count;
  }

  hasRoom(amount: number, wallMs: number): boolean {
    this.#roll(wallMs);
    return this.#count + amount <= this.limit;
  }

  add(amount: number, wallMs: number): void {
    this.#roll(wallMs);
    this.#count += amount;
  }

  /** Seconds until the window ends. */
  leftS(wallMs: number): number {
    return Math.max(1, Math.ceil((this.spanMs - (wallMs % this.spanMs)) / 1000));
  }

  #roll(wallMs: number): void {
    const start = Math.floor(wallMs / this.spanMs);
    if (start === this.#start) return;
    this.#start = start;
    this.#count = 0;
  }
}

/** Order counters of one account. */
export class OrderBudget {
  readonly tenSeconds: Window;
  readonly minute: Window;

  constructor(settings: RateLimitSettings) {
    this.tenSeconds = new Window(settings.ordersPer10s, 10_000);
    this.minute = new Window(settings.ordersPerMinute, 60_000);
  }

  spend(wallMs: number): void {
    for (const window of [this.tenSeconds, this.minute]) {
      if (!window.hasRoom(1, wallMs)) {
        throw new VenueError(-1015, undefined, window.leftS(wallMs));
      }
    }
    this.tenSeconds.add(1, wallMs);
    this.minute.add(1, wallMs);
  }
}

export function spendWeight(window: Window, weight: number, wallMs: number): void {
  if (!window.hasRoom(weight, wallMs)) {
    throw new VenueError(-1003, undefined, window.leftS(wallMs));
  }
  window.add(weight, wallMs);
}

export function limitJson(type: string, interval: string, window: Window, wallMs: number): string {
  const amount = interval === 'SECOND' ? window.spanMs / 1000 : window.spanMs / 60_000;
  return (
    `{"rateLimitType":"${type}","interval":"${interval}","intervalNum":${amount}` +
    `,"limit":${window.limit},"count":${window.count(wallMs)}}`
  );
}
