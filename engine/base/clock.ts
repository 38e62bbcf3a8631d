/**
 * clock: the seam for time. Real clocks live in runtime/, virtual ones in replay/ and test/support.
 *
 * Units     nanoseconds since engine start as a double (exact for 104 days), and one wall anchor:
 *           wallMs = anchorWallMs + ns / 1e6.
 * Imports   nothing.
 */

export interface Clock {
  /** Nanoseconds since engine start; never goes backwards. */
  nowNs(): number;
  /** Wall-clock milliseconds (UTC epoch) at `nowNs() === 0`. */
  readonly anchorWallMs: number;
}

export const NS_PER_US = 1e3;
export const NS_PER_MS = 1e6;
export const NS_PER_S = 1e9;

/** Wall milliseconds of an engine time. */
export function wallMsOf(anchorWallMs: number, ns: number): number {
  return anchorWallMs + ns / NS_PER_MS;
}
