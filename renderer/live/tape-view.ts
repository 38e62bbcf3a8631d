/**
 * tape-view: what trades leave behind on the screen: volume at price and the last trade.
 *
 * Volume is what this window has seen since it connected. It is kept in a table addressed by the
 * low bits of the price, with the price beside it: a price 8,192 ticks away takes the place over.
 *
 * Writer    live/live-market. Readers: the ladder's rows.
 * Units     ticks, lots; side +1 bought, −1 sold (aggressor).
 *
 * Imports   contract/frames.
 */
import { FrameTrade } from '../../engine/contract/frames.ts';

export const VOLUME_SLOTS = 8192;
const VOLUME_MASK = VOLUME_SLOTS - 1;

/** Trades of one instrument. */
export class TradeMemory {
  readonly #ticks = new Int32Array(VOLUME_SLOTS);
  readonly #lots = new Float64Array(VOLUME_SLOTS);
  lastTicks = 0;
  lastLots = 0;
  lastSide = 0;
  /** Display time at which the last trade was taken in, ms; flashes count from here. */
  lastAtMs = -1e9;
  /** Aggressive buys − sells since the window connected. */
  deltaLots = 0;
  version = 0;

  clear(): void {
    this.#ticks.fill(0);
    this.#lots.fill(0);
    this.lastTicks = 0;
    this.lastLots = 0;
    this.lastSide = 0;
    this.lastAtMs = -1e9;
    this.deltaLots = 0;
    this.version += 1;
  }

  add(ticks: number, lots: number, side: number, nowMs: number): void {
    const slot = ticks & VOLUME_MASK;
    if (this.#ticks[slot] !== ticks) {
      this.#ticks[slot] = ticks;
      this.#lots[slot] = 0;
    }
    this.#lots[slot] = (this.#lots[slot] ?? 0) + lots;
    this.lastTicks = ticks;
    this.lastLots = lots;
    this.lastSide = side;
    this.lastAtMs = nowMs;
    this.deltaLots += side * lots;
    this.version += 1;
  }

  volumeAt(ticks: number): number {
    const slot = ticks & VOLUME_MASK;
    return this.#ticks[slot] === ticks ? (this.#lots[slot] ?? 0) : 0;
  }
}

export class TapeView {
  readonly #byInstrument: TradeMemory[] = [];

  of(instrument: number): TradeMemory {
    let trades = this.#byInstrument[instrument];
    if (trades === undefined) {
      trades = new TradeMemory();
      this.#byInstrument[instrument] = trades;
    }
    return trades;
  }

  clear(): void {
    for (const trades of this.#byInstrument) trades?.clear();
  }

  /** Takes in the trade at `at` of the trade ring. */
  take(ring: Float64Array, at: number, nowMs: number): void {
    const instrument = ring[at + FrameTrade.Instrument] ?? -1;
    if (!(instrument >= 0)) return;
    const ticks = ring[at + FrameTrade.Ticks] ?? 0;
    const lots = ring[at + FrameTrade.Lots] ?? 0;
    this.of(instrument).add(ticks, lots, ring[at + FrameTrade.Side] ?? 0, nowMs);
  }
}
