/**
 * candles: bars of price and volume, asked for by a terminal and answered from the engine's tape.
 *
 * Time      a bar belongs to a second of the wall clock: `secondOf` is the only rule, the same for
 *           engine and window, so that both put every trade into the same bar.
 * Joining   trades are numbered (frames: TradesTotal). A batch holds every trade numbered below
 *           `through`; a window adds those from `through` on. None is counted twice or left out.
 * Holes     a second of which trades were lost is marked; what was lost is never made up.
 * Units     ticks, lots, seconds since 1970.
 *
 * Imports   nothing.
 */
export const CANDLE_SECONDS = [1, 5, 15, 60, 300] as const;
export type CandleSeconds = (typeof CANDLE_SECONDS)[number];

/** Bars in one answer. */
export const CANDLES_MAX = 2000;

export interface CandleRequest {
  readonly id: string;
  readonly symbol: string;
  readonly seconds: CandleSeconds;
  readonly limit: number;
}

/** Fields of one bar in `CandleBatch.rows`. A bar without trades has no prices: its Open is 0. */
export const CandleField = {
  /** The first second of the bar. */
  Second: 0,
  Open: 1,
  High: 2,
  Low: 3,
  Close: 4,
  BuyLots: 5,
  SellLots: 6,
  Trades: 7,
  /** 1: trades of this bar were lost. */
  Hole: 8,
} as const;
export const CANDLE_FIELDS = 9;

export interface CandleBatch {
  readonly id: string;
  readonly symbol: string;
  readonly seconds: number;
  /** Why there is nothing; '' when there is. */
  readonly refused: string;
  /** Wall clock of engine ns 0. */
  readonly anchorWallMs: number;
  /** The batch holds the trades numbered below this. */
  readonly through: number;
  /** Holes known when the batch was made (frames: TradeHoles). */
  readonly holes: number;
  /** CANDLE_FIELDS numbers a bar, oldest first; bars with neither trades nor a hole are absent. */
  readonly rows: readonly number[];
}

/** The second of the wall clock in which something happened at `timeNs` of the engine. */
export function secondOf(anchorWallMs: number, timeNs: number): number {
  return Math.floor(anchorWallMs / 1e3 + timeNs / 1e9);
}

/** First second of the bar that holds `second`. */
export function barOf(second: number, seconds: number): number {
  return second - (second % seconds);
}
