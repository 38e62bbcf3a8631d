/**
 * history-store: what the engine has told of the past of this session, by kind, oldest first.
 *
 * A shelf holds rows in order of their running numbers, from history and live events alike; a
 * number that is missing between two rows is a row that nobody has. Another session empties all.
 *
 * Writer    link/event-router, link/history-sync. Readers: panels.
 * Imports   contract, zustand.
 */
import { create } from 'zustand';
import type { HistoryRows } from '../../engine/contract/events.ts';

export const SHELF_KINDS = ['fills', 'orders', 'scalps', 'events', 'equity'] as const;
export type ShelfKind = (typeof SHELF_KINDS)[number];

/** Rows kept in the window; the engine keeps about as many. */
export const SHELF_BOUNDS: Readonly<Record<ShelfKind, number>> = {
  fills: 5000,
  orders: 2000,
  scalps: 2000,
  events: 1000,
  equity: 6840,
};

export interface Shelf<T> {
  /** Ascending by sequence. */
  readonly rows: readonly T[];
  /** From this number on everything is here or lost for good; null before the first answer. */
  readonly from: number | null;
  /** Everything that the engine keeps (and the window has room for) is here. */
  readonly isWhole: boolean;
  /** Rows that the engine itself could not keep up with. */
  readonly missed: number;
  /** Rows that are older than what the engine keeps. */
  readonly dropped: number;
}

export type HistoryState = { readonly [K in ShelfKind]: Shelf<HistoryRows[K]> };

const EMPTY = { rows: [], from: null, isWhole: false, missed: 0, dropped: 0 } as const;
const START: HistoryState = {
  fills: EMPTY,
  orders: EMPTY,
  scalps: EMPTY,
  events: EMPTY,
  equity: EMPTY,
};

export const useHistory = create<HistoryState>(() => START);

interface Numbered {
  readonly sequence: number;
}

/** Rows and what is new, in order, once each, the newest `bound` of them. */
export function mergeRows<T extends Numbered>(
  rows: readonly T[],
  fresh: readonly T[],
  bound: number,
): readonly T[] {
  if (fresh.length === 0) return rows;
  const last = rows.at(-1)?.sequence ?? 0;
  let isNewer = true;
  let before = last;
  for (const { sequence } of fresh) {
    if (sequence <= before) isNewer = false;
    before = sequence;
  }
  if (isNewer) return [...rows, ...fresh].slice(-bound);
  const known = new Map([...fresh, ...rows].map((row) => [row.sequence, row]));
  return [...known.values()].toSorted((a, b) => a.sequence - b.sequence).slice(-bound);
}

export function rowsTold<K extends ShelfKind>(kind: K, fresh: readonly HistoryRows[K][]): void {
  const shelf = useHistory.getState()[kind] as Shelf<HistoryRows[K]>;
  const rows = mergeRows(shelf.rows, fresh, SHELF_BOUNDS[kind]);
  if (rows !== shelf.rows) useHistory.setState({ [kind]: { ...shelf, rows } });
}

export function shelfChanged(kind: ShelfKind, change: Partial<Omit<Shelf<never>, 'rows'>>): void {
  const shelf = useHistory.getState()[kind];
  const names = Object.keys(change) as (keyof typeof change)[];
  if (names.every((name) => change[name] === shelf[name])) return;
  useHistory.setState({ [kind]: { ...shelf, ...change } });
}

export function historyForgotten(): void {
  useHistory.setState(START);
}
