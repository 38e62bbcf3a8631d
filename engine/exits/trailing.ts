/**
 * trailing: after the first target the stop follows the best price at a distance that scales with
 * volatility, and only tightens.
 *
 * Distance  the larger of trailSigmas × trailing 5-minute sd and trailFloorSpreads × spread.
 * Starts    when the level is better than the stop that stands; TrailTicks is NO_PRICE before.
 * Units     ticks. Hot path: no allocation.
 * Imports   domain, exits/limits.
 */
import { Market } from '../domain/market.ts';
import { ReadingExtra } from '../domain/readings.ts';
import { Scalp } from '../domain/scalp.ts';
import { NO_PRICE } from '../domain/units.ts';
import { L } from './limits.ts';

export function updateTrail(
  rows: Float64Array,
  at: number,
  market: Float64Array,
  readings: Float64Array,
  limits: Float64Array,
): void {
  const side = rows[at + Scalp.Side]!;
  const current = readings[ReadingExtra.Sigma5mTicks]!;
  const sigma = current > 0 ? current : rows[at + Scalp.Sigma5mTicks]!;
  const floor = limits[L.TrailFloorSpreads]! * market[Market.SpreadTicks]!;
  const distance = Math.ceil(Math.max(limits[L.TrailSigmas]! * sigma, floor, 1));
  const level = rows[at + Scalp.BestTicks]! - side * distance;
  const before = rows[at + Scalp.TrailTicks]!;
  const reference = before === NO_PRICE ? rows[at + Scalp.StopTicks]! : before;
  if (side * (level - reference) > 0) rows[at + Scalp.TrailTicks] = level;
}

export function isTrailHit(rows: Float64Array, at: number): boolean {
  const trail = rows[at + Scalp.TrailTicks]!;
  if (trail === NO_PRICE) return false;
  return rows[at + Scalp.Side]! * (rows[at + Scalp.LastPriceTicks]! - trail) <= 0;
}
