/**
 * order-timing: what the order manager counts, and how long it waits for what.
 *
 * Imports   base/clock.
 */
import { NS_PER_MS } from '../base/clock.ts';

/** What the order manager counts; `counters[OrderCounter.X]`. */
export const OrderCounter = {
  Placed: 0,
  Fills: 1,
  /** A transition outside the table: refused, and the venue is asked. */
  IllegalTransitions: 2,
  DuplicateTrades: 3,
  /** Fills of orders that this session does not know. */
  ExternalFills: 4,
  /** Other events of orders that this session does not know. */
  ExternalEvents: 5,
  /** Fills after the order was over: booked. */
  LateFills: 6,
  /** Fills beyond the ordered size: booked, and a reason to halt. */
  Overfills: 7,
  /** Fills made up from a status answer because the stream lost them. */
  SyntheticFills: 8,
  /** Orders that became Unknown. */
  Unknowns: 9,
  Queries: 10,
  CancelRetries: 11,
  /** Pool was full of settled orders: the oldest went early. */
  EarlyReleases: 12,
  /** Settled orders released while a stated fill never came. */
  FillsMissing: 13,
  /** Orders whose gateway could not send. */
  NotSent: 14,
} as const;
export const ORDER_COUNTERS = 15;

/** All in nanoseconds but the counts. */
export interface OrderTiming {
  readonly ackTimeoutNs: number;
  readonly receiveWindowNs: number;
  /** Beyond the receive window, for clocks that differ and for the venue's own delay. */
  readonly marginNs: number;
  readonly queryIntervalNs: number;
  readonly queryIntervalMaxNs: number;
  readonly notFoundNeeded: number;
  /** How long a stated but unseen fill may still come by the stream. */
  readonly fillGraceNs: number;
  /** How long a settled order stays findable for late events. */
  readonly lingerNs: number;
  readonly cancelRetryNs: number;
}

export const ORDER_TIMING: OrderTiming = {
  ackTimeoutNs: 1000 * NS_PER_MS,
  receiveWindowNs: 1000 * NS_PER_MS,
  marginNs: 1000 * NS_PER_MS,
  queryIntervalNs: 250 * NS_PER_MS,
  queryIntervalMaxNs: 5000 * NS_PER_MS,
  notFoundNeeded: 2,
  fillGraceNs: 500 * NS_PER_MS,
  lingerNs: 5000 * NS_PER_MS,
  cancelRetryNs: 250 * NS_PER_MS,
};
