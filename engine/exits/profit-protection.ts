/**
 * profit-protection: a scalp that had a worthwhile gain may give back only a part of it.
 *
 * Wakes up  when the best gain reaches protectSigmas × the 5-minute sd at entry, and is so large
 *           that what the cap keeps still pays the fees.
 * Closes    when the gain has fallen to (1 − giveBackFraction) of its best.
 * Units     ticks a lot. Hot path: no allocation.
 * Imports   domain, exits/limits.
 */
import { Scalp } from '../domain/scalp.ts';
import { L } from './limits.ts';

export function isGivenBack(rows: Float64Array, at: number, limits: Float64Array): boolean {
  const side = rows[at + Scalp.Side]!;
  const average = rows[at + Scalp.AvgEntryTicks]!;
  const best = side * (rows[at + Scalp.BestTicks]! - average);
  const kept = best * limits[L.KeptFraction]!;
  if (best < limits[L.ProtectSigmas]! * rows[at + Scalp.Sigma5mTicks]!) return false;
  if (kept < side * (rows[at + Scalp.BreakEvenTicks]! - average)) return false;
  return best > 0 && side * (rows[at + Scalp.LastPriceTicks]! - average) <= kept;
}
