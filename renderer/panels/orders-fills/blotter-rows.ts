/**
 * blotter-rows: shelves of history as lines of a table: newest first, filtered, with a note where
 * rows are missing. Pure.
 *
 * Imports   contract, format, stores (types), ui (types).
 */
import type { FillEvent } from '../../../engine/contract/events.ts';
import type { ClosedScalp, EndedOrder } from '../../../engine/contract/history.ts';
import type { OrderStatus } from '../../../engine/contract/status.ts';
import { csvText, isoMs, type CsvValue } from '../../format/csv.ts';
import type { Shelf } from '../../stores/history-store.ts';
import type { Line } from '../../ui/VirtualTable.tsx';

/** A working order of the status, or one that has ended. */
export interface OrderLine {
  readonly clientId: string;
  /** When it was made; once it has ended, when that was. */
  readonly atMs: number;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly type: string;
  readonly price: string;
  readonly size: string;
  readonly filled: string;
  readonly average: string | null;
  readonly state: string;
  readonly reason: string;
  readonly owner: string;
  readonly purpose: string;
  readonly ageMs: number;
  readonly ackMs: number | null;
  readonly isWorking: boolean;
}

/** What the choices say when nothing is left out. */
export const ANY_SYMBOL = 'all instruments';
export const ANY_OWNER = 'all owners';
export const ANY_STATE = 'any state';

export interface Filter {
  readonly symbol: string;
  readonly owner: string;
  readonly state: string;
}

export const NO_FILTER: Filter = { symbol: ANY_SYMBOL, owner: ANY_OWNER, state: ANY_STATE };
export const ORDER_STATES = [
  ANY_STATE,
  'working',
  'filled',
  'canceled',
  'rejected',
  'expired',
] as const;

interface Filterable {
  readonly symbol?: string;
  readonly owner?: string;
  readonly state?: string;
  readonly isWorking?: boolean;
}

export function fits(row: Filterable, { symbol, owner, state }: Filter): boolean {
  if (symbol !== ANY_SYMBOL && row.symbol !== undefined && row.symbol !== symbol) return false;
  if (owner !== ANY_OWNER && row.owner !== undefined && row.owner !== owner) return false;
  if (state === ANY_STATE || row.state === undefined) return true;
  return state === 'working' ? row.isWorking === true : row.state === state;
}

interface Numbered {
  readonly sequence: number;
}

/** Newest first; a note stands for every run of numbers that nobody has. */
export function linesOf<T extends Numbered, R>(
  shelf: Shelf<T>,
  keep: (row: T) => R | null,
): readonly Line<R>[] {
  const lines: Line<R>[] = [];
  let newer = 0;
  for (let k = shelf.rows.length - 1; k >= 0; k--) {
    const row = shelf.rows[k]!;
    const hole = newer === 0 ? 0 : newer - row.sequence - 1;
    if (hole > 0) lines.push(note(`hole-${newer}`, holeText(shelf, newer, hole)));
    newer = row.sequence;
    const kept = keep(row);
    if (kept !== null) lines.push({ kind: 'row', key: String(row.sequence), row: kept });
  }
  const tail = tailText(shelf, newer);
  if (tail !== '') lines.push(note('tail', tail));
  return lines;
}

function note<R>(key: string, text: string): Line<R> {
  return { kind: 'note', key, text };
}

/** Below what is told the answer may still come; above it the rows are lost. */
function holeText({ from }: Shelf<unknown>, newer: number, count: number): string {
  if (from === null || newer <= from) return `asking the engine for ${count} rows …`;
  return `${count} ${count === 1 ? 'row' : 'rows'} missed while nobody could read`;
}

function tailText(shelf: Shelf<unknown>, oldest: number): string {
  if (!shelf.isWhole) return oldest > 1 ? 'asking the engine for older rows …' : '';
  if (oldest <= 1) return '';
  const count = oldest - 1;
  const what = count === 1 ? '1 older row is' : `${count} older rows are`;
  return `${what} not kept here; the journal has them`;
}

/**
 * Working orders, then those that ended, each newest first: an order that was told twice stands
 * once, as it ended.
 */
export function orderLines(
  working: readonly OrderStatus[],
  ended: Shelf<EndedOrder>,
  filter: Filter,
  nowMs: number,
): readonly Line<OrderLine>[] {
  const told = new Set<string>();
  const past = linesOf(ended, (order) => {
    if (told.has(order.clientId)) return null;
    told.add(order.clientId);
    const line = endedLine(order);
    return fits(line, filter) ? line : null;
  });
  const present = working
    .filter(({ clientId }) => !told.has(clientId))
    .map((order) => workingLine(order, nowMs))
    .filter((line) => fits(line, filter))
    .toSorted((a, b) => b.atMs - a.atMs)
    .map((row): Line<OrderLine> => ({ kind: 'row', key: row.clientId, row }));
  return [...present, ...past];
}

function workingLine(order: OrderStatus, nowMs: number): OrderLine {
  const { timeInForce, reduceOnly, ageMs, ...rest } = order;
  return {
    ...rest,
    // A status tells the age; the moment follows from it and stays put while it ages.
    atMs: Math.round((nowMs - ageMs) / 100) * 100,
    type: typeText(timeInForce, reduceOnly),
    average: null,
    reason: '',
    ageMs,
    ackMs: null,
    isWorking: true,
  };
}

function endedLine(order: EndedOrder): OrderLine {
  const { timeInForce, reduceOnly, createdAtMs, endedAtMs, ...rest } = order;
  return {
    ...rest,
    atMs: endedAtMs,
    type: typeText(timeInForce, reduceOnly),
    ageMs: endedAtMs - createdAtMs,
    isWorking: false,
  };
}

function typeText(timeInForce: string, reduceOnly: boolean): string {
  const name = timeInForce === 'GTX' ? 'post' : timeInForce;
  return reduceOnly ? `${name} R` : name;
}

/** Every row of a shelf, whatever is filtered on the screen, oldest first. */
export function ordersCsv(rows: readonly EndedOrder[]): string {
  const heads = [
    ...['sequence', 'created', 'ended', 'clientId', 'symbol', 'side', 'timeInForce', 'reduceOnly'],
    ...[
      'price',
      'size',
      'filled',
      'average',
      'state',
      'reason',
      'owner',
      'purpose',
      'fee',
      'ackMs',
    ],
  ];
  return csvText(
    heads,
    rows.map((o): readonly CsvValue[] => [
      ...[o.sequence, isoMs(o.createdAtMs), isoMs(o.endedAtMs), o.clientId, o.symbol, o.side],
      ...[o.timeInForce, o.reduceOnly, o.price, o.size, o.filled, o.average, o.state, o.reason],
      ...[o.owner, o.purpose, o.fee, o.ackMs],
    ]),
  );
}

export function fillsCsv(rows: readonly FillEvent[]): string {
  const heads = [
    ...['sequence', 'time', 'clientId', 'symbol', 'side', 'price', 'size', 'fee', 'realised'],
    ...['maker', 'owner', 'purpose'],
  ];
  return csvText(
    heads,
    rows.map((f): readonly CsvValue[] => [
      ...[f.sequence, isoMs(f.atMs), f.clientId, f.symbol, f.side, f.price, f.size, f.fee],
      ...[f.realised, f.maker, f.owner, f.purpose],
    ]),
  );
}

export function scalpsCsv(rows: readonly ClosedScalp[]): string {
  const heads = [
    ...['sequence', 'id', 'opened', 'closed', 'symbol', 'side', 'size', 'entry', 'exit'],
    ...['exitKind', 'gross', 'fees', 'net', 'mae', 'mfe', 'risk', 'exitSlipTicks', 'score'],
    ...['decision', 'openedBy'],
  ];
  return csvText(
    heads,
    rows.map((s): readonly CsvValue[] => [
      ...[s.sequence, s.id, isoMs(s.openedAtMs), isoMs(s.closedAtMs), s.symbol, s.side, s.size],
      ...[s.entry, s.exit, s.exitKind, s.gross, s.fees, s.net, s.mae, s.mfe, s.risk],
      ...[s.exitSlipTicks, s.score, s.decision, s.openedBy.join(' ')],
    ]),
  );
}
