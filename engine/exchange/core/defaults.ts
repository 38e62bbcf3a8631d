/**
 * defaults: every figure the simulated exchange starts with, in one place.
 *
 * Volatility: the diffusion, trends and jumps below give a 5-minute standard deviation of about 30
 * basis points on ETHUSDT (24–40 over the default set), so that moves of 0.2 % and 0.4 % happen
 * within minutes. Fees: maker 0, taker 1 bp. README.md of this folder explains the model; a test
 * measures it.
 *
 * Units     bp = 1e-4; times in ms; rates per second; fee rates in 1e-8 of notional.
 * Imports   nothing.
 */

export interface FeeRates {
  /** 1e-8 of notional; a rebate is negative. 10,000 is one basis point. */
  readonly makerRateE8: number;
  readonly takerRateE8: number;
}

export interface LatentSettings {
  /** Grid of the latent process. */
  readonly gridMs: number;
  /** Diffusion of a market with volatility 1, bp per square-root second. */
  readonly diffusionBp: number;
  /** Log-volatility: standard deviation and memory of the common and the own part. */
  readonly logVolSd: number;
  readonly commonVolMemoryMs: number;
  readonly ownVolMemoryMs: number;
  /** Bursts of volatility, common to all markets. */
  readonly burstEveryMs: number;
  readonly burstMeanMs: number;
  readonly burstFactor: number;
  /** Trends: standard deviation in bp per second and memory. */
  readonly trendBp: number;
  readonly trendMemoryMs: number;
  /** Jumps: mean gap per market and for all at once; size is min + exponential, in bp. */
  readonly ownJumpEveryMs: number;
  readonly commonJumpEveryMs: number;
  readonly jumpMinBp: number;
  readonly jumpMeanBp: number;
  /** How far the crowd's view trails the fair price: what informed traders trade on. */
  readonly leadMs: number;
}

export const DEFAULT_LATENT: LatentSettings = {
  gridMs: 20,
  diffusionBp: 1.1,
  logVolSd: 0.3,
  commonVolMemoryMs: 180_000,
  ownVolMemoryMs: 90_000,
  burstEveryMs: 100_000,
  burstMeanMs: 12_000,
  burstFactor: 2,
  trendBp: 0.1,
  trendMemoryMs: 45_000,
  ownJumpEveryMs: 240_000,
  commonJumpEveryMs: 480_000,
  jumpMinBp: 4,
  jumpMeanBp: 6,
  leadMs: 2500,
};

export interface FlowSettings {
  /** Hawkes-like clustering: share of events that are children, and how long excitation lasts. */
  readonly branching: number;
  readonly excitationMs: number;
  /** Intensity may rise to this multiple of its base. */
  readonly intensityMax: number;
  /** Shares of the event kinds; takers are the rest. */
  readonly quoteShare: number;
  readonly addShare: number;
  readonly cancelShare: number;
  /** Among taker events: chance that an informed trader looks first. */
  readonly informedShare: number;
  /** Edge in bp beyond the touch that an informed trader asks for. */
  readonly informedEdgeBp: number;
  /** How much of the gap to fair the crowd learns from one informed trade. */
  readonly informedImpact: number;
  /** Chance that a noise taker trades the same side as the last one. */
  readonly signPersistence: number;
  /** Noise in the logarithm of each side's touch size, and its memory. */
  readonly touchNoiseSd: number;
  readonly touchNoiseMemoryMs: number;
  /** Levels a side that are kept populated next to the touch, and in all. */
  readonly nearLevels: number;
  readonly levelsMax: number;
  /** Farthest distance of seeded liquidity, as a fraction of price. */
  readonly farFraction: number;
}

export const DEFAULT_FLOW: FlowSettings = {
  branching: 0.45,
  excitationMs: 1500,
  intensityMax: 4,
  quoteShare: 0.6,
  addShare: 0.12,
  cancelShare: 0.1,
  informedShare: 0.5,
  informedEdgeBp: 0.3,
  informedImpact: 0.12,
  signPersistence: 0.65,
  touchNoiseSd: 0.6,
  touchNoiseMemoryMs: 3000,
  nearLevels: 24,
  levelsMax: 260,
  farFraction: 0.02,
};

export const DEFAULTS = {
  seed: 1,
  messagesPerSecond: 1000,
  messagesPerSecondMin: 100,
  messagesPerSecondMax: 20_000,
  fees: { makerRateE8: 0, takerRateE8: 10_000 } as FeeRates,
  /** 100,000 USDT. */
  walletE8: 10_000_000_000_000n,
  leverage: 20,
  percentPriceUp: 1.05,
  percentPriceDown: 0.95,
  /** The venue looks at countdowns about this often. */
  countdownCheckMs: 10,
  depthSpeedsMs: [100, 250, 500] as readonly number[],
  markEveryMs: 1000,
  warmupMs: 3000,
  modifiesMax: 10_000,
  firstOrderId: 8_000_001,
  firstTradeId: 5_000_001,
  firstUpdateId: 700_000_001,
} as const;
