/**
 * readings: what the eight signals and their helpers say of one instrument, as one array.
 *
 * Writer    signals/signal-set. Readers: strategies, exits, market-making, the journal, the screen.
 * Units     strength in [−1, 1] (positive: up), confidence in [0, 1], asOf in engine nanoseconds,
 *           raw in the signal's own unit (stated in its file).
 * Invariant no NaN, whatever came in; confidence 0 until warmed up.
 * Imports   nothing.
 */
export const SIGNAL_NAMES = [
  'momentum',
  'acceleration',
  'order-flow',
  'volume-spike',
  'book-imbalance',
  'ema-crossover',
  'rsi-divergence',
  'spread',
] as const;
export type SignalName = (typeof SIGNAL_NAMES)[number];
export const SIGNAL_COUNT = SIGNAL_NAMES.length;

export const Signal = {
  Momentum: 0,
  Acceleration: 1,
  OrderFlow: 2,
  VolumeSpike: 3,
  BookImbalance: 4,
  EmaCrossover: 5,
  RsiDivergence: 6,
  Spread: 7,
} as const;

/** Signal s has its fields at s × READING_STRIDE. */
export const READING_STRIDE = 4;
export const Reading = { Strength: 0, Confidence: 1, AsOfNs: 2, Raw: 3 } as const;

export const ReadingExtra = {
  /** Standard deviation of the mid over 1 s, ticks. */
  Sigma1sTicks: 32,
  /**
   * Standard deviation of a 5-minute move of the mid, ticks (scaled from shorter while warming).
   */
  Sigma5mTicks: 33,
  /** Slow mean of the spread, ticks. */
  MeanSpreadTicks: 34,
  /** Aggressive volume by side, lots a second, decayed. */
  BuyLotsPerS: 35,
  SellLotsPerS: 36,
  /** 1 when every family has enough history to be judged. */
  WarmedUp: 37,
  /** 1 one-tick market, 2 wide market. */
  MarketClass: 38,
  /** Short-horizon burst measure: messages in the last 100 ms over their mean. */
  Burst: 39,
} as const;

export const READINGS_SIZE = 40;
