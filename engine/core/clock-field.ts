/**
 * clock-field: the doubles of the pipeline's clock, set by whoever drives it.
 *
 * Imports   nothing.
 */
export const ClockField = {
  NowNs: 0,
  LoopLagNs: 1,
  /** Health bits (memory/slots). */
  Health: 2,
  EndNs: 3,
} as const;
