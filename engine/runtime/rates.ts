/**
 * rates: messages a second, out of counters that only grow.
 *
 * Writer    host thread, once a second. Imports core, runtime, telemetry.
 */
import { EngineRow } from '../core/published.ts';
import { Counter } from '../telemetry/counters.ts';
import type { EngineViews } from './engine-views.ts';

/** Messages a second, as a whole and by instrument, over the last second. */
export class Rates {
  messagesTotal = 0;
  messagesPerSecond = 0;
  readonly instruments: Float64Array;
  readonly #seen: Float64Array;
  #total = 0;
  #atMs = performance.now();

  constructor(count: number) {
    this.instruments = new Float64Array(count);
    this.#seen = new Float64Array(count);
  }

  second(views: EngineViews): void {
    const now = performance.now();
    const seconds = Math.max(0.001, (now - this.#atMs) / 1000);
    this.#atMs = now;
    this.messagesTotal = views.counters.totals[Counter.Messages]!;
    this.messagesPerSecond = Math.round((this.messagesTotal - this.#total) / seconds);
    this.#total = this.messagesTotal;
    for (let i = 0; i < this.instruments.length; i++) {
      const messages = views.engine[views.layout.row(i) + EngineRow.Messages]!;
      // A replay that was put back counts from 0 again.
      this.instruments[i] = Math.max(0, Math.round((messages - this.#seen[i]!) / seconds));
      this.#seen[i] = messages;
    }
  }
}
