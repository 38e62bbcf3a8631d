/**
 * counters: what the trading thread counts, by number and by name (memory/counters holds the
 * words).
 *
 * Writer    the trading thread; its block stands in the memory plan. Readers: host, `status`,
 *           screen.
 * Imports   nothing.
 */
export const Counter = {
  /** Socket messages received, market and order. */
  Messages: 0,
  /** Market records applied. */
  Records: 1,
  Turns: 2,
  Trades: 3,
  Decisions: 4,
  /** Messages or records thrown away: batch overflow, not synced, wrong path. */
  Drops: 5,
  /** Sequence gaps in a depth stream. */
  Gaps: 6,
  Resyncs: 7,
  Reconnects: 8,
  /** Messages that were no message of the venue. */
  Malformed: 9,
  /** Messages that left the fast decoder for the exact one. */
  DecodeFallbacks: 10,
  /** Intents that the risk gate refused. */
  Denials: 11,
  Intents: 12,
  /** Intents that did not fit their batch. */
  IntentsDropped: 13,
  OrdersSent: 14,
  CancelsSent: 15,
  Fills: 16,
  Rejects: 17,
  /** Orders whose outcome became unknown. */
  Unknowns: 18,
  /** Order events that the table of legal transitions refuses. */
  IllegalTransitions: 19,
  /** Fills dropped because their trade id was seen before. */
  DuplicateFills: 20,
  /** Journal slots that did not fit the ring. */
  JournalSlotsLost: 21,
  /** Order events for orders that we do not know. */
  ForeignOrders: 22,
  CrossedBooks: 23,
  StaleEvents: 24,
} as const;
export type Counter = (typeof Counter)[keyof typeof Counter];

export const COUNTER_NAMES = [
  'messages',
  'records',
  'turns',
  'trades',
  'decisions',
  'drops',
  'gaps',
  'resyncs',
  'reconnects',
  'malformed',
  'decode-fallbacks',
  'denials',
  'intents',
  'intents-dropped',
  'orders-sent',
  'cancels-sent',
  'fills',
  'rejects',
  'unknowns',
  'illegal-transitions',
  'duplicate-fills',
  'journal-slots-lost',
  'foreign-orders',
  'crossed-books',
  'stale-events',
] as const;
export type CounterName = (typeof COUNTER_NAMES)[number];

export const COUNTER_COUNT = COUNTER_NAMES.length;
