/**
 * verdict: why something was not done. One numbered list for strategy vetoes and risk denials, so
 * that a counter, a journal record, a decision line and the screen speak of the same thing.
 *
 * Numbers are stored in journals: append only, never renumber.
 * Imports   nothing.
 */
export const VERDICTS = [
  'PASS',
  // Strategy: validation and vetoes (1–39)
  'WARMING_UP',
  'SCORE_BELOW_THRESHOLD',
  'TOO_FEW_AGREE',
  'FAMILY_MISSING',
  'EDGE_BELOW_COST',
  'SPREAD_TOO_WIDE',
  'VOLATILITY_TOO_HIGH',
  'VOLATILITY_TOO_LOW',
  'STALE_SIGNAL',
  'BOOK_CROSSED',
  'BURST',
  'COOL_DOWN',
  'SCALP_OPEN',
  'SCALP_SLOTS_FULL',
  'CORRELATED',
  'SIZE_TOO_SMALL',
  'STOP_FLOOR_ABOVE_CEILING',
  'SESSION_LIMIT',
  'NOT_QUOTING',
  // Risk gate (20–)
  'STATE_FORBIDS',
  'LIMIT_UNSET',
  'ORDER_SIZE',
  'ORDER_NOTIONAL',
  'POSITION_LIMIT',
  'GROSS_NOTIONAL',
  'PRICE_COLLAR',
  'REFERENCE_MISSING',
  'STALE_DATA',
  'LOOP_LAG',
  'SOCKET_BUSY',
  'OPEN_ORDERS',
  'RATE_BUDGET',
  'DUPLICATE',
  'REPEATED_EXECUTION',
  'SELF_MATCH',
  'DAILY_LOSS',
  'OTHER_OWNER',
  'UNKNOWN_ORDER',
  'REDUCE_ONLY_SIZE',
  'VENUE_FILTER',
  'FENCE',
  'JOURNAL_LOSS',
  'POOL_EXHAUSTED',
  'LEASE_LOST',
  'CLOCK_SKEW',
  'VENUE_BUDGET',
  'FEED_NOT_SYNCED',
  'REJECT_RATE',
  // The account does not add up (core/account-watch)
  'POSITION_MISMATCH',
  'ORDER_ACCOUNTING',
  // Trading by hand
  'LADDER_LOCKED',
  'FLATTENING',
  'COMMAND_LATE',
] as const;

export type VerdictName = (typeof VERDICTS)[number];

/** Name → number. `Verdict.PASS` is 0. */
export const Verdict = Object.freeze(
  Object.fromEntries(VERDICTS.map((name, index) => [name, index])),
) as Readonly<Record<VerdictName, number>>;

export const VERDICT_COUNT = VERDICTS.length;
