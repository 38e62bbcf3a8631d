/**
 * target: where the first half and the rest of a scalp are taken out at a gain, and how many lots.
 *
 * Targets lie a fixed distance from the average entry, rounded towards it, and rest at the venue.
 *
 * Units     ticks, lots. Hot path: no allocation.
 * Imports   domain, exits/scalp-work.
 */
import { Scalp } from '../domain/scalp.ts';
import { Work } from './scalp-work.ts';

/** Sets both targets from the average entry; called at every fill of the entry. */
export function setTargets(rows: Float64Array, at: number, work: Float64Array, w: number): void {
  const average = rows[at + Scalp.AvgEntryTicks]!;
  const half = work[w + Work.HalfDistanceTicks]!;
  const final = work[w + Work.TargetDistanceTicks]!;
  if (rows[at + Scalp.Side]! > 0) {
    rows[at + Scalp.HalfTargetTicks] = Math.floor(average + half);
    rows[at + Scalp.TargetTicks] = Math.floor(average + final);
  } else {
    rows[at + Scalp.HalfTargetTicks] = Math.ceil(average - half);
    rows[at + Scalp.TargetTicks] = Math.ceil(average - final);
  }
}

/**
 * Writes the lots of the first target: half, rounded down; all of them where a half or what is left
 * would be smaller than the venue takes (one lot: all).
 */
export function setHalfLots(
  rows: Float64Array,
  at: number,
  work: Float64Array,
  w: number,
  minLots: number,
): void {
  const open = rows[at + Scalp.OpenLots]!;
  const half = Math.floor(open / 2);
  work[w + Work.HalfLeftLots] = half < minLots || open - half < minLots ? open : half;
}

/** True when the touch we would close at has reached the target that stands. */
export function isTargetReached(rows: Float64Array, at: number): boolean {
  const isHalfOut = rows[at + Scalp.HalfOut] === 1;
  const target = rows[at + (isHalfOut ? Scalp.TargetTicks : Scalp.HalfTargetTicks)]!;
  return rows[at + Scalp.Side]! * (rows[at + Scalp.LastPriceTicks]! - target) >= 0;
}
