/**
 * stop: the price at which a scalp is given up, and its move to break-even after the first target.
 *
 * The stop lies a fixed distance from the average entry and is rounded towards it. It is hit when
 * the touch we would close at (bid of a long, ask of a short) reaches it. It only ever tightens.
 *
 * Units     ticks. Hot path: reads and writes rows of doubles, no allocation.
 * Imports   domain, exits/scalp-work.
 */
import { Scalp } from '../domain/scalp.ts';
import { Work } from './scalp-work.ts';

/** Sets the stop from the average entry; called at every fill of the entry. */
export function setStop(rows: Float64Array, at: number, work: Float64Array, w: number): void {
  const average = rows[at + Scalp.AvgEntryTicks]!;
  const distance = work[w + Work.StopDistanceTicks]!;
  const isLong = rows[at + Scalp.Side]! > 0;
  rows[at + Scalp.StopTicks] = isLong
    ? Math.ceil(average - distance)
    : Math.floor(average + distance);
}

export function isStopHit(rows: Float64Array, at: number): boolean {
  const beyond = rows[at + Scalp.LastPriceTicks]! - rows[at + Scalp.StopTicks]!;
  return rows[at + Scalp.Side]! * beyond <= 0;
}

/**
 * Moves the stop towards break-even as far as the price leaves room: never nearer to the last price
 * than `roomTicks`, never back.
 */
export function tightenToBreakEven(rows: Float64Array, at: number, roomTicks: number): void {
  const side = rows[at + Scalp.Side]!;
  const breakEven = rows[at + Scalp.BreakEvenTicks]!;
  const nearest = rows[at + Scalp.LastPriceTicks]! - side * roomTicks;
  const wanted = side > 0 ? Math.min(breakEven, nearest) : Math.max(breakEven, nearest);
  if (side * (wanted - rows[at + Scalp.StopTicks]!) > 0) rows[at + Scalp.StopTicks] = wanted;
}
