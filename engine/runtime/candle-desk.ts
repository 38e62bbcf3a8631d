/**
 * candle-desk: the bars of every instrument, fed by the host's tape of trades, and the answers to
 * those who ask for them.
 *
 * A hole is known in two ways: the tape says that trades were lost, or the market socket was down.
 * Whose trades were lost nobody knows, so the seconds are marked for every instrument.
 *
 * Writer    host thread. Readers: terminals.
 * Imports   contract, ./candle-bars.
 */
import { secondOf } from '../contract/candles.ts';
import type { CandleBatch, CandleRequest } from '../contract/candles.ts';
import { FrameTrade } from '../contract/frames.ts';
import { CandleBars } from './candle-bars.ts';
import type { TradeListener, TradeTape } from './frame-publisher.ts';

/** A longer hole is marked by its ends: nobody looks for bars in between. */
const HOLE_SECONDS_MAX = 600;

export class CandleDesk implements TradeListener {
  readonly #anchorWallMs: number;
  readonly #tape: TradeTape;
  readonly #symbols: readonly string[];
  readonly #bars: readonly CandleBars[];
  #lastSecond = 0;
  /** Since when the market socket is known to be down; null while it is up. */
  #downSinceSecond: number | null = null;
  #wasUp = false;

  constructor(
    anchorWallMs: number,
    instruments: readonly { readonly symbol: string }[],
    tape: TradeTape,
  ) {
    this.#anchorWallMs = anchorWallMs;
    this.#symbols = instruments.map(({ symbol }) => symbol);
    this.#bars = instruments.map(() => new CandleBars());
    this.#tape = tape;
  }

  onTrade(rows: Float64Array, at: number, _sequence: number, missed: number): void {
    const second = secondOf(this.#anchorWallMs, rows[at + FrameTrade.TimeNs]!);
    if (missed > 0) this.#hole(this.#lastSecond === 0 ? second : this.#lastSecond, second);
    this.#lastSecond = second;
    const bars = this.#bars[rows[at + FrameTrade.Instrument]!];
    bars?.trade(
      second,
      rows[at + FrameTrade.Ticks]!,
      rows[at + FrameTrade.Lots]!,
      rows[at + FrameTrade.Side]!,
    );
  }

  /** Once a second: whether trades can come at all. */
  look(nowNs: number, isMarketUp: boolean): void {
    const second = secondOf(this.#anchorWallMs, nowNs);
    if (isMarketUp) {
      if (this.#downSinceSecond !== null) this.#tell(this.#downSinceSecond, second);
      this.#downSinceSecond = null;
      this.#wasUp = true;
    } else if (this.#wasUp) {
      // It broke some time after the last look.
      this.#tell(this.#downSinceSecond ?? second - 1, second);
      this.#downSinceSecond = second;
    }
  }

  answer(request: CandleRequest): CandleBatch {
    const { id, symbol, seconds, limit } = request;
    const bars = this.#bars[this.#symbols.indexOf(symbol)];
    return {
      id,
      symbol,
      seconds,
      refused: bars === undefined ? `unknown instrument ${symbol}` : '',
      anchorWallMs: this.#anchorWallMs,
      through: this.#tape.sequence,
      holes: this.#tape.holes,
      rows: bars?.collect(seconds, limit) ?? [],
    };
  }

  /** A hole that no trade will tell of. */
  #tell(from: number, to: number): void {
    this.#hole(from, to);
    this.#tape.holes++;
  }

  #hole(from: number, to: number): void {
    const first = Math.max(from, to - HOLE_SECONDS_MAX);
    for (const bars of this.#bars) {
      for (let second = first; second <= to; second++) {
        // The past is closed: what is older than the newest bar has been told already.
        if (second >= bars.lastSecond) bars.hole(second);
      }
    }
  }
}
