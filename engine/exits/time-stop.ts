/**
 * time-stop: a scalp is closed at the market when its time is up; a warning comes before.
 *
 * Units     engine nanoseconds. Hot path: no allocation.
 * Imports   domain, exits/limits.
 */
import { Scalp } from '../domain/scalp.ts';
import { L } from './limits.ts';

export const TimeStage = { InTime: 0, Warning: 1, Over: 2 } as const;
export type TimeStage = (typeof TimeStage)[keyof typeof TimeStage];

/** `clock[0]` is now. */
export function timeStage(
  rows: Float64Array,
  at: number,
  clock: Float64Array,
  limits: Float64Array,
): TimeStage {
  const left = rows[at + Scalp.DeadlineNs]! - clock[0]!;
  if (left <= 0) return TimeStage.Over;
  return left <= limits[L.TimeWarningNs]! ? TimeStage.Warning : TimeStage.InTime;
}
