/**
 * order: an intent that the risk gate has passed; its states and their legal transitions.
 *
 * Unknown is a state of its own: a send whose outcome nobody knows. It is left only by proof (an
 * event, or a query by client id), never by a timer.
 *
 * Imports   base, domain/units.
 */

export const OrderState = {
  Free: 0,
  /** Sent (or about to be), not acknowledged. */
  PendingNew: 1,
  Open: 2,
  PartiallyFilled: 3,
  /** A cancel was sent and is not answered. */
  PendingCancel: 4,
  Filled: 5,
  Canceled: 6,
  Rejected: 7,
  Expired: 8,
  Unknown: 9,
} as const;
export type OrderState = (typeof OrderState)[keyof typeof OrderState];
export const ORDER_STATE_NAMES = [
  'free',
  'pending-new',
  'open',
  'partially-filled',
  'pending-cancel',
  'filled',
  'canceled',
  'rejected',
  'expired',
  'unknown',
] as const;

/**
 * LEGAL[from] = states that may follow. The order manager refuses, counts and reports any other.
 */
export const LEGAL_TRANSITIONS: readonly (readonly number[])[] = [
  /* Free            */ [1],
  /* PendingNew      */ [2, 3, 4, 5, 6, 7, 8, 9],
  /* Open            */ [3, 4, 5, 6, 8, 9],
  /* PartiallyFilled */ [3, 4, 5, 6, 8, 9],
  /* PendingCancel   */ [2, 3, 4, 5, 6, 7, 8, 9],
  /* Filled          */ [0],
  /* Canceled        */ [0],
  /* Rejected        */ [0],
  /* Expired         */ [0],
  /* Unknown         */ [2, 3, 4, 5, 6, 7, 8],
];

const TERMINAL_MASK =
  (1 << OrderState.Filled) |
  (1 << OrderState.Canceled) |
  (1 << OrderState.Rejected) |
  (1 << OrderState.Expired);

export function isTerminal(state: number): boolean {
  return ((TERMINAL_MASK >> state) & 1) === 1;
}

export const TimeInForce = { Gtc: 0, Gtx: 1, Ioc: 2 } as const;
export type TimeInForce = (typeof TimeInForce)[keyof typeof TimeInForce];
export const TIME_IN_FORCE_NAMES = ['GTC', 'GTX', 'IOC'] as const;

/** Why an order exists. Entries and quotes face every control; exits only those of exits. */
export const Purpose = {
  Entry: 0,
  Target: 1,
  HalfTarget: 2,
  Stop: 3,
  Trail: 4,
  Protect: 5,
  TimeLimit: 6,
  Emergency: 7,
  Flatten: 8,
  Quote: 9,
  Unwind: 10,
  Manual: 11,
} as const;
export type Purpose = (typeof Purpose)[keyof typeof Purpose];
export const PURPOSE_NAMES = [
  'entry',
  'target',
  'half-target',
  'stop',
  'trailing',
  'profit-protection',
  'time-limit',
  'emergency',
  'flatten',
  'quote',
  'unwind',
  'manual',
] as const;

/** True for orders that may only shrink a position. */
export function isExitPurpose(purpose: number): boolean {
  return (purpose >= Purpose.Target && purpose <= Purpose.Flatten) || purpose === Purpose.Unwind;
}

/** What comes back from a gateway about an order. */
export const OrderEventKind = {
  /** The venue has the order (reply or stream NEW). */
  Accepted: 1,
  /** Proven not placed. `code` is the venue's. */
  Rejected: 2,
  Fill: 3,
  Canceled: 4,
  Expired: 5,
  /** The cancel was refused; the order's own truth comes by another event. */
  CancelRejected: 6,
  /** Nobody knows: time-out, lost socket, 503, −1006, −1007. */
  OutcomeUnknown: 7,
  /** Answer of a status query: the order exists with `cumulativeLots`; `code` = OrderState. */
  StatusFound: 8,
  /** Answer of a status query: not there (meaningful only past the receive window). */
  StatusNotFound: 9,
  /** A modify was applied (amended in place). */
  Amended: 10,
} as const;
export type OrderEventKind = (typeof OrderEventKind)[keyof typeof OrderEventKind];
