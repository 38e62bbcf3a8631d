/**
 * quote-guard: when quotes must not stand, as a Verdict number.
 *
 * In order: the book is not synced, the feed is silent, the signals have no history; then what
 * makes a resting order a gift: a burst of messages, a jump (microprice against its own average),
 * volatility far above its longer mean, a spread that others have left; last, that it does not pay:
 * the half-spread that fees and volatility ask for is beyond the most allowed, or the market's own
 * spread does not cover the asked share of cost.
 *
 * Hot path: once a turn of an enabled instrument. No allocation. Imports domain,
 * ./quoter-constants.
 */
import { Market as MarketSlot } from '../domain/market.ts';
import { BookState as BookStates } from '../domain/modes.ts';
import { Quote as QuoteField } from '../domain/quote.ts';
import {
  Reading as ReadingSlot,
  READING_STRIDE,
  ReadingExtra as ExtraSlot,
  Signal as SignalIndex,
} from '../domain/readings.ts';
import { Verdict } from '../domain/verdict.ts';
import { Q as ConstantSlot } from './quoter-constants.ts';

const Market = MarketSlot;
const Quote = QuoteField;
const ReadingExtra = ExtraSlot;
const Q = ConstantSlot;
const SYNCED = BookStates.Synced;
const DISPLACEMENT = SignalIndex.Momentum * READING_STRIDE + ReadingSlot.Raw;
const FLOW = SignalIndex.OrderFlow * READING_STRIDE;
const FLOW_STRENGTH = FLOW + ReadingSlot.Strength;
const FLOW_CONFIDENCE = FLOW + ReadingSlot.Confidence;
const SECONDS_OF_5M = 300;

const PASS = 0;
const FEED_NOT_SYNCED = Verdict.FEED_NOT_SYNCED;
const STALE_DATA = Verdict.STALE_DATA;
const WARMING_UP = Verdict.WARMING_UP;
const BURST = Verdict.BURST;
const VOLATILITY_TOO_HIGH = Verdict.VOLATILITY_TOO_HIGH;
const SPREAD_TOO_WIDE = Verdict.SPREAD_TOO_WIDE;
const EDGE_BELOW_COST = Verdict.EDGE_BELOW_COST;

/** Is there a market to act on at all? Valid, synced and heard of lately. */
export function judgeFeed(market: Float64Array, constants: Float64Array, k: number): number {
  if (market[Market.Valid] !== 1 || market[Market.BookState] !== SYNCED) return FEED_NOT_SYNCED;
  const depthNs = market[Market.DepthNs]!;
  const touchNs = market[Market.TouchNs]!;
  const newest = depthNs > touchNs ? depthNs : touchNs;
  if (market[Market.NowNs]! - newest > constants[k + Q.StaleNs]!) return STALE_DATA;
  return PASS;
}

/** After judgeFeed and priceQuotes. */
export function judgeMarket(
  rows: Float64Array,
  at: number,
  constants: Float64Array,
  k: number,
  market: Float64Array,
  readings: Float64Array,
): number {
  if (readings[ReadingExtra.WarmedUp] !== 1) return WARMING_UP;
  if (readings[ReadingExtra.Burst]! > constants[k + Q.BurstMax]!) return BURST;
  const sigma = readings[ReadingExtra.Sigma1sTicks]!;
  const displacement = readings[DISPLACEMENT]!;
  const moved = displacement < 0 ? -displacement : displacement;
  if (moved > constants[k + Q.JumpSigmas]! * sigma) return VOLATILITY_TOO_HIGH;
  const usual = readings[ReadingExtra.Sigma5mTicks]! * constants[k + Q.VolatilityRatioMax]!;
  if (sigma * sigma * SECONDS_OF_5M > usual * usual) return VOLATILITY_TOO_HIGH;
  const meanSpread = readings[ReadingExtra.MeanSpreadTicks]!;
  const widest = meanSpread > 1 ? meanSpread : 1;
  if (market[Market.SpreadTicks]! > widest * constants[k + Q.SpreadRatioMax]!) {
    return SPREAD_TOO_WIDE;
  }
  const fair = rows[at + Quote.FairTicks]!;
  const half = rows[at + Quote.HalfSpreadTicks]!;
  if (half > 1 && half > fair * constants[k + Q.MaxHalfFraction]!) return EDGE_BELOW_COST;
  const cost = fair * constants[k + Q.CostFraction]! * constants[k + Q.MinSpreadToCost]!;
  return 0.5 * meanSpread < cost ? EDGE_BELOW_COST : PASS;
}

/** +1: flow runs up and would run over the ask; −1: the bid; 0: neither. */
export function endangeredSide(constants: Float64Array, k: number, readings: Float64Array): number {
  const flow = readings[FLOW_STRENGTH]! * readings[FLOW_CONFIDENCE]!;
  const limit = constants[k + Q.FlowPull]!;
  if (flow > limit) return 1;
  return flow < -limit ? -1 : 0;
}
