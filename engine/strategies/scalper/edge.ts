/**
 * edge: what a score is expected to earn against what the trade costs.
 *
 * Edge      |score| × fraction (by market class) × sd of a 5-minute move × √(horizon / 300 s): the
 *           calibration of parameters.ts, an assumption that is shown.
 * Fees      of the entry (maker when it waits, taker when it crosses) and of a taker exit.
 * Slip      slipSigmas × sd of a one-second move × √latency.
 * Cost      fees + half the spread + slip.
 * Units     ticks. Writes the cost fields of the decision.
 * Hot path: no allocation. Imports domain, strategies/context, ./limits, ./weights.
 */
import { Decision } from '../../domain/decision.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { ReadingExtra } from '../../domain/readings.ts';
import { E8 } from '../../domain/units.ts';
import { ScalperContext } from '../context.ts';
import { L } from './limits.ts';
import { MarketClass } from './weights.ts';

const NS_PER_S = 1e9;

export function setEdge(decision: Float64Array, limits: Float64Array): void {
  const isOneTick = decision[Decision.MarketClass] === MarketClass.OneTick;
  const fraction = limits[isOneTick ? L.EdgeOneTick : L.EdgeWide]!;
  const sigma = decision[Decision.Sigma5mTicks]!;
  decision[Decision.EdgeTicks] = Math.abs(decision[Decision.Score]!) * fraction * sigma;
}

export function setCost(
  decision: Float64Array,
  isTaking: boolean,
  instrument: Instrument,
  readings: Float64Array,
  context: Float64Array,
  limits: Float64Array,
): void {
  const entryRate = isTaking ? instrument.takerFeeRateE8 : instrument.makerFeeRateE8;
  const rate = (entryRate + instrument.takerFeeRateE8) / E8;
  const fee = rate * decision[Decision.MicroTicks]!;
  const halfSpread = decision[Decision.SpreadTicks]! / 2;
  const latencyS = Math.max(context[ScalperContext.LatencyNs]!, 0) / NS_PER_S;
  const sigma1s = readings[ReadingExtra.Sigma1sTicks]!;
  const slip = limits[L.SlipSigmas]! * sigma1s * Math.sqrt(latencyS);
  decision[Decision.FeeTicks] = fee;
  decision[Decision.HalfSpreadTicks] = halfSpread;
  decision[Decision.SlipTicks] = slip;
  decision[Decision.CostTicks] = fee + halfSpread + slip;
}

export function paysItsCost(decision: Float64Array, limits: Float64Array): boolean {
  return decision[Decision.EdgeTicks]! > decision[Decision.CostTicks]! * limits[L.EdgeMargin]!;
}
