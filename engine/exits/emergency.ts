/**
 * emergency: what to do when prices cannot be trusted or the spread goes to extremes.
 *
 * A price is trusted when the market is valid and its newest message is young enough. While it is
 * not, no order is priced. When that lasts longer than a grace time, or the spread stays extreme,
 * the scalp is closed as soon as prices are trusted again.
 *
 * Units     engine nanoseconds, ticks. Hot path: no allocation.
 * Imports   domain, exits/limits, exits/scalp-work.
 */
import { Market } from '../domain/market.ts';
import { ReadingExtra } from '../domain/readings.ts';
import { L } from './limits.ts';
import { Work } from './scalp-work.ts';

export function isTrusted(
  market: Float64Array,
  clock: Float64Array,
  limits: Float64Array,
): boolean {
  if (market[Market.Valid] !== 1) return false;
  const newest = Math.max(market[Market.DepthNs]!, market[Market.TouchNs]!);
  return clock[0]! - newest <= limits[L.FeedAgeNs]!;
}

/** Keeps the emergency latch of a scalp when prices are not trusted. */
export function markUntrusted(
  work: Float64Array,
  w: number,
  clock: Float64Array,
  limits: Float64Array,
): void {
  const now = clock[0]!;
  if (work[w + Work.UntrustedSinceNs]! < 0) work[w + Work.UntrustedSinceNs] = now;
  const lasted = now - work[w + Work.UntrustedSinceNs]!;
  if (lasted >= limits[L.UntrustedGraceNs]!) work[w + Work.Emergency] = 1;
}

/** Keeps the emergency latch of a scalp when prices are trusted: looks at the spread. */
export function markTrusted(
  work: Float64Array,
  w: number,
  market: Float64Array,
  readings: Float64Array,
  clock: Float64Array,
  limits: Float64Array,
): void {
  const now = clock[0]!;
  work[w + Work.UntrustedSinceNs] = -1;
  const mean = Math.max(readings[ReadingExtra.MeanSpreadTicks]!, 1);
  if (market[Market.SpreadTicks]! < limits[L.EmergencySpreads]! * mean) {
    work[w + Work.WideSinceNs] = -1;
    return;
  }
  if (work[w + Work.WideSinceNs]! < 0) work[w + Work.WideSinceNs] = now;
  const lasted = now - work[w + Work.WideSinceNs]!;
  if (lasted >= limits[L.EmergencySpreadNs]!) work[w + Work.Emergency] = 1;
}
