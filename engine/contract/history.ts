/**
 * history: what happened before a terminal came, asked for in pages.
 *
 * Every row has a running number of its kind, counted from 1 in each session; live events carry the
 * same numbers, so a terminal joins what it asked for with what it hears and sees where rows are
 * missing. Equity points alone are thinned with age, so their numbers have holes by design.
 *
 * An answer (events.ts) holds rows in ascending order: the newest `limit` of those before `before`
 * (null: up to now) that fit the symbol. All rows between its first one and `before` are in it or
 * were lost for good; when `more` is false, nothing older is kept.
 *
 * Units     decimal texts and epoch ms as in status.ts; trades in ticks and lots as in frames.ts.
 * Imports   domain (names).
 */
import type { SignalName } from '../domain/readings.ts';

export const HISTORY_KINDS = [
  'fills',
  'decisions',
  'scalps',
  'orders',
  'equity',
  'trades',
  'events',
] as const;
export type HistoryKind = (typeof HISTORY_KINDS)[number];

/** Rows of one answer at most. A decision carries eight readings: fewer of them make a message. */
export const HISTORY_PAGE_MAX: Readonly<Record<HistoryKind, number>> = {
  fills: 500,
  decisions: 100,
  scalps: 300,
  orders: 400,
  equity: 1000,
  trades: 1000,
  events: 500,
};
/** A page is at most this long as text. */
export const HISTORY_BYTES_MAX = 262_144;

/** Requests a terminal may make at once, and each second after that. */
export const HISTORY_BURST = 32;
export const HISTORY_PER_SECOND = 16;

/** Rows kept by the engine. */
export const HISTORY_KEPT: Readonly<Record<HistoryKind, number>> = {
  fills: 5000,
  decisions: 2000,
  scalps: 2000,
  orders: 2000,
  equity: 6840,
  /** Of each instrument. */
  trades: 1024,
  events: 2000,
};

export interface ClosedScalp {
  readonly sequence: number;
  /** Number of the scalp, as on the screen while it was open. */
  readonly id: number;
  readonly symbol: string;
  readonly side: 'long' | 'short';
  readonly openedAtMs: number;
  readonly closedAtMs: number;
  readonly size: string;
  readonly entry: string;
  /** Average over all its exits; null where part of them belongs to a session before. */
  readonly exit: string | null;
  /** Purpose of the fill that closed it. */
  readonly exitKind: string;
  /** The venue's realised result, its fees, and the first less the second. */
  readonly gross: string;
  readonly fees: string;
  readonly net: string;
  /** Worst and best result on the way at the closing touch, of the whole size; null unknown. */
  readonly mae: string | null;
  readonly mfe: string | null;
  /** What the first stop risked, before fees; null for a scalp of a session before. */
  readonly risk: string | null;
  /** Stop and trail exits: ticks by which the exit was worse than its level; below 0 better. */
  readonly exitSlipTicks: number | null;
  readonly openedBy: readonly SignalName[];
  readonly score: number;
  readonly decision: number;
}

export interface EndedOrder {
  readonly sequence: number;
  readonly clientId: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly price: string;
  readonly size: string;
  readonly filled: string;
  readonly average: string | null;
  readonly state: string;
  /** Why it ended so, where the venue or the engine gave a reason; else ''. */
  readonly reason: string;
  readonly owner: string;
  readonly purpose: string;
  readonly timeInForce: string;
  readonly reduceOnly: boolean;
  readonly fee: string;
  readonly createdAtMs: number;
  readonly endedAtMs: number;
  /** From sent to the venue's first sign; null when none came. */
  readonly ackMs: number | null;
}

export interface EquityPoint {
  readonly sequence: number;
  readonly atMs: number;
  /** The day's result, as in PnlStatus.day. */
  readonly day: string;
  /** How far it is below the day's peak. */
  readonly drawdown: string;
}

export interface TradeRow {
  readonly sequence: number;
  readonly instrument: number;
  readonly ticks: number;
  readonly lots: number;
  /** +1: the buyer took, −1: the seller did. */
  readonly side: number;
  readonly atMs: number;
}

export interface EventRow {
  readonly sequence: number;
  readonly atMs: number;
  readonly kind: 'alert' | 'state';
  readonly level: 'info' | 'warn' | 'danger';
  readonly code: string;
  readonly text: string;
}
