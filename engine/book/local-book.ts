/**
 * local-book: the exact full-depth book of one instrument, private to the thread that owns it.
 *
 * Every level ever set is kept: near the touch in a dense window, far ones sorted. Bids and asks
 * are apart, so a message may set its bids before its asks without disturbing either side; whether
 * the book is crossed is a question for the end of a message.
 *
 * Writer    MarketState, one message at a time.
 * Readers   the same thread: signals, gate, the publisher of shared views.
 * Units     ticks in [0, TICKS_MAX), lots. bestBidTicks and bestAskTicks are NO_PRICE when empty.
 * Hot path: setBid, setAsk, best prices, topLevels, levels.
 * Imports   base, domain, book/side-ladder.
 */
import { LEVELS } from '../domain/market.ts';
import { NO_PRICE, Side } from '../domain/units.ts';
import { SideLadder } from './side-ladder.ts';

/** Width of the dense window a side, in ticks. */
export const WINDOW_TICKS = 4096;

export class LocalBook {
  readonly #bids: SideLadder;
  readonly #asks: SideLadder;
  readonly #one = new Float64Array(1);

  constructor(windowTicks: number = WINDOW_TICKS) {
    this.#bids = new SideLadder(windowTicks, -1);
    this.#asks = new SideLadder(windowTicks, 1);
  }

  clear(): void {
    this.#bids.clear();
    this.#asks.clear();
  }

  /** Sets the bid at `ticks` to doubles[index] lots; 0 removes it. */
  setBid(ticks: number, doubles: Float64Array, index: number): void {
    this.#bids.set(-ticks, doubles, index);
  }

  /** Sets the ask at `ticks` to doubles[index] lots; 0 removes it. */
  setAsk(ticks: number, doubles: Float64Array, index: number): void {
    this.#asks.set(ticks, doubles, index);
  }

  get bestBidTicks(): number {
    return this.#bids.isEmpty ? NO_PRICE : -this.#bids.bestKey;
  }

  get bestAskTicks(): number {
    return this.#asks.isEmpty ? NO_PRICE : this.#asks.bestKey;
  }

  bidLotsAt(ticks: number): number {
    this.#bids.copyLots(-ticks, this.#one, 0);
    return this.#one[0]!;
  }

  askLotsAt(ticks: number): number {
    this.#asks.copyLots(ticks, this.#one, 0);
    return this.#one[0]!;
  }

  /** Levels on a side: Side.Buy for bids, Side.Sell for asks. */
  levelCount(side: number): number {
    return side === Side.Buy ? this.#bids.levelCount : this.#asks.levelCount;
  }

  /**
   * Fills out[base…] with the best LEVELS a side as Market has them: bid ticks, bid lots, ask
   * ticks, ask lots, LEVELS each; 0 ticks and 0 lots where there is no level.
   */
  topLevels(out: Float64Array, base: number): void {
    this.#bids.copyTop(out, base, base + LEVELS);
    this.#asks.copyTop(out, base + 2 * LEVELS, base + 3 * LEVELS);
  }

  /** Copies up to `max` best levels of a side, best first; how many there were. */
  levels(side: number, max: number, outTicks: Int32Array, outLots: Float64Array): number {
    return side === Side.Buy
      ? this.#bids.copyLevels(max, outTicks, outLots, 0, 0)
      : this.#asks.copyLevels(max, outTicks, outLots, 0, 0);
  }
}
