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
 * Imports   domain, strategies/context, ./limits.
 */
import { Decision } from '../../domain/decision.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { LEVELS, Market } from '../../domain/market.ts';
import { ScalperContext } from '../context.ts';
import { L } from './limits.ts';

export function setLots(
  decision: Float64Array,
  isTaking: boolean,
  instrument: Instrument,
  market: Float64Array,
  context: Float64Array,
  limits: Float64Array,
): void {
  const price = decision[Decision.PriceTicks]!;
  const stop = Math.abs(price - decision[Decision.StopTicks]!);
  const score = Math.abs(decision[Decision.Score]!);
  const enter = limits[L.EnterScore]!;
  const strength = 0.5 + (0.5 * (score - enter)) / (1 - enter);
  const sigma = decision[Decision.Sigma5mTicks]! / price;
  const calm = Math.min(1, limits[L.VolatilityReference]! / Math.max(sigma, 1e-12));
  const risk = context[ScalperContext.EquityE8]! * limits[L.RiskFraction]! * strength * calm;
  const lotE8 = price * instrument.tickLotE8;
  const byRisk = risk / (Math.max(stop, 1) * instrument.tickLotE8);
  const byNotional = limits[L.MaxNotionalE8]! / lotE8;
  const byVenue = Math.min(limits[L.MaxLots]!, instrument.maxLots);
  const isLong = decision[Decision.Side]! > 0;
  const first = isLong ? Market.BidLots0 : Market.AskLots0;
  let shown = 0;
  for (let level = 0; level < LEVELS; level++) shown += market[first + level]!;
  const touch = isTaking ? market[isLong ? Market.AskLots : Market.BidLots]! : shown;
  const byDepth = Math.min(limits[L.DepthFraction]! * shown, touch);
  const lots = Math.floor(Math.min(byRisk, byNotional, byVenue, byDepth));
  const isEnough = lots >= instrument.minLots && lots * lotE8 >= instrument.minNotionalE8;
  decision[Decision.Lots] = isEnough ? lots : 0;
}
