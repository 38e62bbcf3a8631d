/**
 * fake-candles: an invented past of each fake book, then its trades as they happen, as bars.
 *
 * Imports   engine base, contract, runtime/candle-bars; ./fake-market.
 */
import { SeededRandom } from '../../engine/base/random.ts';
import { secondOf, type CandleBatch, type CandleRequest } from '../../engine/contract/candles.ts';
import { CandleBars } from '../../engine/runtime/candle-bars.ts';
import type { FakeBook, FakeMarket, FakeTrade } from './fake-market.ts';

const PAST_SECONDS = 2400;
/** Seconds in which trades were lost, and quiet ones, counted back from the start. */
const LOST = [310, 300] as const;
const QUIET = [520, 500] as const;

export class FakeCandles {
  readonly #bars: readonly CandleBars[];
  readonly #market: FakeMarket;
  readonly #anchorWallMs: number;
  /** Trades so far; the number of the next one. */
  total = 0;
  holes = 0;

  constructor(market: FakeMarket, anchorWallMs: number, seed: number) {
    this.#market = market;
    this.#anchorWallMs = anchorWallMs;
    const first = secondOf(anchorWallMs, 0) - PAST_SECONDS;
    this.#bars = market.books.map((book, i) => pastOf(book, first, new SeededRandom(seed + i)));
  }

  take(trades: readonly FakeTrade[]): void {
    for (const { instrument, ticks, lots, side, timeNs } of trades) {
      this.#bars[instrument]?.trade(secondOf(this.#anchorWallMs, timeNs), ticks, lots, side);
      this.total += 1;
    }
  }

  answer({ id, symbol, seconds, limit }: CandleRequest): CandleBatch {
    const { index } = this.#market.book(symbol).instrument;
    return {
      id,
      symbol,
      seconds,
      refused: '',
      anchorWallMs: this.#anchorWallMs,
      through: this.total,
      holes: this.holes,
      rows: this.#bars[index]?.collect(seconds, limit) ?? [],
    };
  }
}

/** A walk that ends at the book's present price. */
function pastOf(book: FakeBook, first: number, random: SeededRandom): CandleBars {
  const moves = Array.from({ length: PAST_SECONDS }, (_, i) => {
    return random.normal() * 1.6 + 0.7 * Math.sin(i / 70) + 0.4 * Math.sin(i / 23);
  });
  let ticks = book.bidTicks - moves.reduce((sum, move) => sum + Math.round(move), 0);
  const bars = new CandleBars();
  moves.forEach((move, i) => {
    const back = PAST_SECONDS - i;
    const end = ticks + Math.round(move);
    if (back <= LOST[0] && back >= LOST[1]) bars.hole(first + i);
    else if (back > QUIET[0] || back < QUIET[1]) {
      for (const price of [ticks, Math.round((ticks + end) / 2 + random.normal()), end]) {
        const lots = 1 + Math.round(300 * random.exponential() * (0.4 + Math.abs(move)));
        bars.trade(first + i, price, lots, random.next() < 0.5 + move * 0.12 ? 1 : -1);
      }
    }
    ticks = end;
  });
  return bars;
}
