/**
 * sizing: how many lots a scalp holds.
 *
 * Lots      equity × riskFraction × strength × calm / money a lot loses when the stop is hit, where
 *           strength runs from 0.5 at the entering score to 1 at a score of 1, and calm is 1 up to
 *           the reference volatility and falls inversely with it beyond.
 * Caps      a fraction of the depth shown on the side the scalp will leave by, of the touch when it
 *           crosses the spread, maxNotional, maxLots and the venue's largest order.
 * Refused   below the venue's smallest order or notional: 0 lots.
 * Units     lots, E8. Hot path: no allocation. Writes Decision.Lots.
 * Imports   domain, strategies/context, ./parameters.
 */
import { Decision } from '../../domain/decision.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { LEVELS, Market } from '../../domain/market.ts';
import { E8 } from '../../domain/units.ts';
import { ScalperContext } from '../context.ts';
import type { ScalperParameters } from './parameters.ts';

const PER_BP = 1e4;

export function setLots(
  decision: Float64Array,
  isTaking: boolean,
  instrument: Instrument,
  market: Float64Array,
  context: Float64Array,
  parameters: ScalperParameters,
): void {
  const p = parameters;
  const price = decision[Decision.PriceTicks]!;
  const stop = Math.abs(price - decision[Decision.StopTicks]!);
  const score = Math.abs(decision[Decision.Score]!);
  const strength = 0.5 + (0.5 * (score - p.enterScore)) / (1 - p.enterScore);
  const sigmaBp = (decision[Decision.Sigma5mTicks]! / price) * PER_BP;
  const calm = Math.min(1, p.volatilityReferenceBp / Math.max(sigmaBp, 1e-9));
  const risk = context[ScalperContext.EquityE8]! * p.riskFraction * strength * calm;
  const lotE8 = price * instrument.tickLotE8;
  const byRisk = risk / (Math.max(stop, 1) * instrument.tickLotE8);
  const byNotional = (p.maxNotional * E8) / lotE8;
  const byVenue = Math.min(p.maxLots, instrument.maxLots);
  const byDepth = depthCap(decision, isTaking, market, p.depthFraction);
  const lots = Math.floor(Math.min(byRisk, byNotional, byVenue, byDepth));
  const isEnough = lots >= instrument.minLots && lots * lotE8 >= instrument.minNotionalE8;
  decision[Decision.Lots] = isEnough ? lots : 0;
}

function depthCap(
  decision: Float64Array,
  isTaking: boolean,
  market: Float64Array,
  fraction: number,
): number {
  const isLong = decision[Decision.Side]! > 0;
  const first = isLong ? Market.BidLots0 : Market.AskLots0;
  let shown = 0;
  for (let level = 0; level < LEVELS; level++) shown += market[first + level]!;
  const cap = fraction * shown;
  if (!isTaking) return cap;
  return Math.min(cap, market[isLong ? Market.AskLots : Market.BidLots]!);
}
