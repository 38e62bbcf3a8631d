/**
 * scalp: one open trade of the scalper, as a row of doubles.
 *
 * Writer    exits/scalp-table (trading thread). Readers: core, the shared view, journal, screen.
 * Units     ticks, lots, ns, E8 as the names say. AvgEntryTicks is a double (average of fills).
 * Imports   nothing.
 */
export const SCALPS_MAX = 16;

export const Scalp = {
  /** ScalpState number; 0 is a free row. */
  State: 0,
  /** Counts up over the session; names the scalp on the screen and in commands. */
  Id: 1,
  Instrument: 2,
  /** +1 long, −1 short. */
  Side: 3,
  /** Lots filled by entries, lots still open (unsigned). */
  EntryLots: 4,
  OpenLots: 5,
  AvgEntryTicks: 6,
  StopTicks: 7,
  /** First target (half out) and final target. */
  HalfTargetTicks: 8,
  TargetTicks: 9,
  /** Trailing stop; NO_PRICE while not trailing. Only tightens. */
  TrailTicks: 10,
  /** Best price since entry in the scalp's favour. */
  BestTicks: 11,
  BreakEvenTicks: 12,
  OpenedNs: 13,
  DeadlineNs: 14,
  RealisedE8: 15,
  FeesE8: 16,
  UnrealisedE8: 17,
  PeakUnrealisedE8: 18,
  /** Decision sequence that opened it. */
  DecisionSequence: 19,
  /** Purpose number of the exit under way or done; −1 while none. */
  ExitPurpose: 20,
  AgreeMask: 21,
  Score: 22,
  HalfOut: 23,
  EntryOrder: 24,
  ExitOrder: 25,
  LastPriceTicks: 26,
  TargetOrder: 27,
  WantedLots: 28,
  ExitSentNs: 29,
  /** 1 while no protective exit can be given (book untrusted, venue unreachable). */
  Unprotected: 30,
  Sigma5mTicks: 31,
} as const;
export const SCALP_SIZE = 32;

export const ScalpState = {
  Free: 0,
  /** Entry order working, nothing filled. */
  Entering: 1,
  /** Position open, stop set. */
  Open: 2,
  /** First target done, the rest trails. */
  HalfOut: 3,
  Trailing: 4,
  /** A marketable exit is on its way. */
  Exiting: 5,
} as const;
export type ScalpState = (typeof ScalpState)[keyof typeof ScalpState];
export const SCALP_STATE_NAMES = [
  'free',
  'entering',
  'open',
  'half-out',
  'trailing',
  'exiting',
] as const;
