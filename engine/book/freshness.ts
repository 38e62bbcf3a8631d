/**
 * freshness: is market data recent enough to trade on? Three measures of one instrument's feed.
 *
 *   Age       receive clock now − receive time of the last message.
 *   VenueLag  (receive time − venue time) above its own running minimum. The two clocks differ by
 *             an unknown offset, so only the excess over the least difference seen is meaningful.
 *             The minimum is that of the last one to two windows, so it follows clocks that drift.
 *   LoopLag   how late our own loop runs.
 *
 * State     one Float64Array of FRESHNESS_SIZE doubles; pure functions over it.
 * Units     nanoseconds; venue time in epoch ms.
 * Hot path: noteMessage, staleMeasures. Numbers by array and index only.
 * Imports   base/clock.
 */
import { NS_PER_MS, NS_PER_S } from '../base/clock.ts';

export const Freshness = {
  /** Receive time of the last message; −Infinity before the first. */
  LastNs: 0,
  /** Venue lag of the last message above the running minimum. */
  LagNs: 1,
  /** Least difference of clocks in the window before, and in the present one. */
  MinimumBeforeNs: 2,
  MinimumNowNs: 3,
  /** When the present window began. */
  WindowNs: 4,
  /** Messages with a venue time so far. */
  Messages: 5,
} as const;
export const FRESHNESS_SIZE = 6;

/** Bits of staleMeasures' result. */
export const Stale = { Age: 1, VenueLag: 2, LoopLag: 4, NoData: 8 } as const;

/** Limits as doubles: index by FreshnessLimit. */
export const FreshnessLimit = { AgeNs: 0, VenueLagNs: 1, LoopLagNs: 2 } as const;

/** The running minimum is the least of the last one to two windows. */
export const WINDOW_NS = 60 * NS_PER_S;

export function createFreshness(): Float64Array {
  const state = new Float64Array(FRESHNESS_SIZE);
  resetFreshness(state);
  return state;
}

/** Forgets the minimum, as after a reconnect to another host. */
export function resetFreshness(state: Float64Array): void {
  state.fill(0);
  state[Freshness.LastNs] = -Infinity;
  state[Freshness.MinimumBeforeNs] = Infinity;
  state[Freshness.MinimumNowNs] = Infinity;
}

/**
 * Notes a message: times[at] is its receive time in engine ns, times[at + 1] its venue time in
 * epoch ms (0: it has none), times[at + 2] the wall anchor in epoch ms.
 */
export function noteMessage(state: Float64Array, times: Float64Array, at: number): void {
  const nowNs = times[at]!;
  const venueMs = times[at + 1]!;
  state[Freshness.LastNs] = nowNs;
  if (venueMs <= 0) return;
  const difference = nowNs - (venueMs - times[at + 2]!) * NS_PER_MS;
  if (state[Freshness.Messages] === 0) state[Freshness.WindowNs] = nowNs;
  state[Freshness.Messages]! += 1;
  if (nowNs - state[Freshness.WindowNs]! >= WINDOW_NS) {
    state[Freshness.MinimumBeforeNs] = state[Freshness.MinimumNowNs]!;
    state[Freshness.MinimumNowNs] = difference;
    state[Freshness.WindowNs] = nowNs;
  } else if (difference < state[Freshness.MinimumNowNs]!) {
    state[Freshness.MinimumNowNs] = difference;
  }
  const before = state[Freshness.MinimumBeforeNs]!;
  const now = state[Freshness.MinimumNowNs]!;
  state[Freshness.LagNs] = difference - (before < now ? before : now);
}

/**
 * Which measures are beyond their limits, as Stale bits; 0 is fresh. times[at] is now, times[at +
 * 1] our loop lag, both ns. A limit that is not a positive number counts as exceeded.
 */
export function staleMeasures(
  state: Float64Array,
  limits: Float64Array,
  times: Float64Array,
  at: number,
): number {
  if (state[Freshness.LastNs] === -Infinity) return Stale.NoData;
  let stale = 0;
  const age = times[at]! - state[Freshness.LastNs]!;
  if (!(age <= limits[FreshnessLimit.AgeNs]!)) stale |= Stale.Age;
  if (!(state[Freshness.LagNs]! <= limits[FreshnessLimit.VenueLagNs]!)) stale |= Stale.VenueLag;
  if (!(times[at + 1]! <= limits[FreshnessLimit.LoopLagNs]!)) stale |= Stale.LoopLag;
  return stale;
}
