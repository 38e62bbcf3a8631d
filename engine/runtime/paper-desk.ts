/**
 * paper-desk: the venue of a replay: there is none. Orders rest in the paper gateway of the trading
 * thread, so looking whether they are gone is looking at its view.
 *
 * Imports   execution (types), runtime.
 */
import type { CancelReport } from '../execution/venues/binance-usdm/cancel-only.ts';
import type { VenueAccess, VenuePosition } from './venue-access.ts';

const GONE_WITHIN_MS = 2000;
const POLL_MS = 20;

export class PaperDesk implements VenueAccess {
  /** Working orders as the trading thread last published them; set by the engine. */
  openOrders: () => number = () => 0;

  positions(): Promise<readonly VenuePosition[]> {
    return Promise.resolve([]);
  }

  snapshot(): Promise<void> {
    return Promise.resolve();
  }

  countdown(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }

  async cancelEverything(isBlocked: boolean): Promise<CancelReport> {
    const until = performance.now() + GONE_WITHIN_MS;
    while (this.openOrders() > 0 && performance.now() < until) {
      await new Promise((resolve) => {
        setTimeout(resolve, POLL_MS);
      });
    }
    const isGone = this.openOrders() === 0;
    const errors = isGone ? [] : [`${this.openOrders()} paper orders are left`];
    return { blocked: isBlocked, cancelled: isGone, verified: isGone, residual: [], errors };
  }

  close(): void {
    // Nothing is open.
  }
}
