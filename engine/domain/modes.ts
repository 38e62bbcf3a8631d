/**
 * modes: what the engine runs on, and how much it is allowed to do.
 *
 * Imports   nothing.
 */
export const Mode = { Sim: 'sim', Replay: 'replay', Paper: 'paper', Live: 'live' } as const;
export type Mode = (typeof Mode)[keyof typeof Mode];

/** Trading state of a scope. Numbers, so that the hot path can index a table with them. */
export const TradingState = { Disarmed: 0, Armed: 1, Reducing: 2, Halted: 3 } as const;
export type TradingState = (typeof TradingState)[keyof typeof TradingState];

export const TRADING_STATE_NAMES = ['DISARMED', 'ARMED', 'REDUCING', 'HALTED'] as const;
export type TradingStateName = (typeof TRADING_STATE_NAMES)[number];

/** Who owns an order and its fills. */
export const Owner = { None: 0, Scalper: 1, Quoter: 2, Hand: 3 } as const;
export type Owner = (typeof Owner)[keyof typeof Owner];
export const OWNER_NAMES = ['none', 'scalper', 'quoter', 'hand'] as const;
/** One letter an owner in client order ids. */
export const OWNER_LETTERS = 'nsqh';

/** Life of one instrument's market data. Only Synced may feed a signal or an order. */
export const BookState = {
  Idle: 0,
  Connecting: 1,
  Buffering: 2,
  Synced: 3,
  Stale: 4,
  Resyncing: 5,
} as const;
export type BookState = (typeof BookState)[keyof typeof BookState];
export const BOOK_STATE_NAMES = [
  'idle',
  'connecting',
  'buffering',
  'synced',
  'stale',
  'resyncing',
] as const;
export type BookStateName = (typeof BOOK_STATE_NAMES)[number];
