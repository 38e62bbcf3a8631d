/**
 * signal-state: where every double of one instrument's signals lies. The only place that knows it.
 *
 * One Float64Array an instrument, made at start-up. What a message touches comes first: doubles
 * 0-63 are eight cache lines (512 bytes); with the readings (320), the market (448) and the
 * constants (384, shared) the hot working set is under 1.7 KB an instrument.
 *
 * Writer    the signal files, each its own fields (`Step*` sums by whoever sees the event).
 * Units     ticks, lots, engine ns, seconds where a name ends in S.
 * Invariant no NaN: every division has a floor under it.
 * Speed     V8 folds `S.LastNs` into a number when S is a constant of the file itself, but loads an
 *           imported binding and its property at every use: unbundled, that made an update 220 ns
 *           instead of 135 [measured]. Hot files therefore start with `const S = StateSlot`.
 * Imports   nothing.
 */

export const S = {
  // Line 0: the clock (signal-clock).
  LastNs: 0,
  Started: 1,
  DtNs: 2,
  /** 1 when this call brings a message to learn from, 0 on a timer turn. */
  Learn: 3,
  /** 1 while the market is valid; the book signals learn only then. */
  Live: 4,
  /** 1 in the first live call after an invalid stretch: seed, do not compare. */
  Seed: 5,
  /** What every confidence is multiplied with: warm × settled × fresh. */
  Trust: 6,
  NextSlowNs: 7,

  // Line 1: decay factors of this call, in the order of K.InvTau0.
  DecayMomentum: 8,
  DecayVelocity: 9,
  DecayAcceleration: 10,
  DecayOfi: 11,
  DecayFlow: 12,
  DecayEmaFast: 13,
  DecayEmaSlow: 14,
  DecayBurst: 15,

  // Line 2: averages over time; Held values stood since LastNs.
  HeldMicroTicks: 16,
  HeldMidTicks: 17,
  MicroEmaTicks: 18,
  VelocityEmaTicks: 19,
  HeldVelocity: 20,
  VelocityMean: 21,
  EmaFastTicks: 22,
  EmaSlowTicks: 23,

  // Line 3: the last four microprices that differed, newest first, and when they came.
  Micro0: 24,
  Micro1: 25,
  Micro2: 26,
  Micro3: 27,
  MicroNs0: 28,
  MicroNs1: 29,
  MicroNs2: 30,
  MicroNs3: 31,

  // Line 4: sums of flow, decayed.
  OfiLots: 32,
  BuyLots: 33,
  SellLots: 34,
  Trades: 35,
  Messages: 36,
  CrossSide: 37,
  FiveLevels: 38,
  HeldSpreadTicks: 39,

  // Line 5: the touch before, and how long the market has been good.
  BidTicks: 40,
  BidLots: 41,
  AskTicks: 42,
  AskLots: 43,
  MicroChanges: 44,
  LiveSinceNs: 45,
  LiveNs: 46,
  LastMessageNs: 47,

  // Line 6: slow scales, refreshed each slow step, read by every message.
  InvSigma: 48,
  SigmaTicks: 49,
  InvOfiScale: 50,
  MeanSpreadTicks: 51,
  SdSpreadTicks: 52,
  /** Usual aggressive volume, lots a second. */
  VolumeRate: 53,
  /** Usual number of messages in one burst window. */
  MessagesUsual: 54,
  OneTick: 55,

  // Line 7: sums since the last slow step.
  LastSlowNs: 56,
  StepVolumeLots: 57,
  StepMessages: 58,
  StepLiveNs: 59,
  StepSpread: 60,
  StepSpreadSquare: 61,
  TradesSeen: 62,
  SlowDtNs: 63,

  // Slow: decay factors of the slow step, in the order of K.InvSlowTau0.
  DecayOfiScale: 64,
  DecayVolume: 65,
  DecaySpread: 66,
  DecayMessages: 67,
  DecayVolatility: 68,
  DecayVolatility30s: 69,
  DecayVolatility5m: 70,

  // Slow: weighted sums; a mean is sum / weight, so that it is right from the first sample on.
  OfiWeight: 72,
  OfiSquares: 73,
  VolumeWeight: 74,
  VolumeSum: 75,
  SpreadWeight: 76,
  SpreadSum: 77,
  SpreadSquares: 78,
  MessagesWeight: 79,
  MessagesSum: 80,
  VolatilityWeight: 81,
  VolatilitySum: 82,
  Volatility30sWeight: 83,
  Volatility30sSum: 84,
  Volatility5mWeight: 85,
  Volatility5mSum: 86,
  Sigma5mTicks: 87,
  DepthScaleLots: 88,

  // Volatility rings (volatility.ts).
  ShortHead: 90,
  ShortCount: 91,
  LongHead: 92,
  LongCount: 93,
  LongNextNs: 94,
  LongLastNs: 95,
  LongDtNs: 96,
  Samples30s: 97,
  Samples5m: 98,

  // RSI (rsi-divergence.ts).
  Bar: 100,
  BarClose: 101,
  BarCount: 102,
  BarMid: 103,
  AvgGain: 104,
  AvgLoss: 105,
  Rsi: 106,
  LowTicks: 107,
  LowRsi: 108,
  LowBar: 109,
  HighTicks: 110,
  HighRsi: 111,
  HighBar: 112,
  Divergence: 113,

  Closes: 120,
  Rsis: 136,
  ShortMids: 152,
  ShortNs: 168,
  LongMids: 184,
  LongNs: 248,
} as const;

/** Entries of the bar rings, the 100 ms ring and the 5 s ring; powers of two. */
export const BAR_RING = 16;
export const SHORT_RING = 16;
export const LONG_RING = 64;

export const STATE_SIZE = 312;
