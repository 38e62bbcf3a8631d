/**
 * ladder-marks: own orders and the bands of open scalps, by price. Pure: a status in, marks out.
 *
 * Bands have the same words and colours on the chart: format/bands.
 *
 * Imports   contract, canvas, format, stores (types).
 */
import type { EngineStatus, OrderStatus } from '../../../engine/contract/status.ts';
import type { PriceScale } from '../../canvas/price-scale.ts';
import { bandsOf, type Band } from '../../format/bands.ts';
import type { Grid } from '../../format/grid.ts';
import type { Request } from '../../stores/commands-store.ts';

export interface OwnOrder {
  readonly ticks: number;
  /** +1 buys, −1 sells. */
  readonly side: number;
  readonly lots: string;
  /** Open size in base units. */
  readonly open: number;
  /** Filled share, 0–1. */
  readonly filled: number;
  readonly phase: OrderPhase;
  readonly isHand: boolean;
}

/**
 * pending      asked for, or sent, and not acknowledged by the venue
 * cancelling   its end is asked for
 * unknown      nobody knows whether it rests
 */
export type OrderPhase = 'open' | 'pending' | 'cancelling' | 'unknown';

const PHASES: Readonly<Record<string, OrderPhase>> = {
  'pending-new': 'pending',
  'pending-cancel': 'cancelling',
  unknown: 'unknown',
};

export interface LadderMarks {
  readonly bands: readonly Band[];
  readonly orders: readonly OwnOrder[];
}

export const NO_MARKS: LadderMarks = { bands: [], orders: [] };

/** `requests`: those of this window that the engine has not answered yet are drawn as pending. */
export function ladderMarks(
  scalps: EngineStatus['scalps'],
  orders: EngineStatus['orders'],
  grid: Grid,
  requests: readonly Request[] = [],
): LadderMarks {
  return {
    bands: scalps.filter(({ symbol }) => symbol === grid.symbol).flatMap((s) => bandsOf(s, grid)),
    orders: [
      ...orders.filter(({ symbol }) => symbol === grid.symbol).map((o) => ownOrder(o, grid)),
      ...asked(requests, grid),
    ].filter(({ ticks }) => Number.isFinite(ticks)),
  };
}

/** Orders that were asked for and not answered. */
function asked(requests: readonly Request[], grid: Grid): readonly OwnOrder[] {
  const out: OwnOrder[] = [];
  for (const { command, state } of requests) {
    if (command.kind !== 'placeOrder' || state !== 'pending') continue;
    if (command.symbol !== grid.symbol) continue;
    const open = Number(command.size);
    out.push({
      ticks: grid.ticks(command.price),
      side: command.side === 'buy' ? 1 : -1,
      lots: shortSize(open),
      open,
      filled: 0,
      phase: 'pending',
      isHand: true,
    });
  }
  return out;
}

/** What one row shows of own orders: one chip a side, sizes added up. Never more than two. */
export function chipsOf(orders: readonly OwnOrder[], scale: PriceScale, row: number): OwnOrder[] {
  const chips: OwnOrder[] = [];
  for (const order of orders) {
    const at = order.side > 0 ? scale.bidRow(order.ticks) : scale.askRow(order.ticks);
    if (at !== row) continue;
    const known = chips.findIndex(({ side }) => side === order.side);
    const before = chips[known];
    if (before === undefined) chips.push(order);
    else chips[known] = together(before, order);
  }
  return chips;
}

const GRAVEST: readonly OrderPhase[] = ['unknown', 'pending', 'cancelling', 'open'];

function together(a: OwnOrder, b: OwnOrder): OwnOrder {
  const open = a.open + b.open;
  const phase = GRAVEST.find((each) => each === a.phase || each === b.phase) ?? 'open';
  const filled = open > 0 ? (a.filled * a.open + b.filled * b.open) / open : 0;
  const isHand = a.isHand || b.isHand;
  return { ticks: a.ticks, side: a.side, lots: shortSize(open), open, filled, phase, isHand };
}

function ownOrder(order: OrderStatus, grid: Grid): OwnOrder {
  const size = Number(order.size);
  const open = size - Number(order.filled);
  return {
    ticks: grid.ticks(order.price),
    side: order.side === 'buy' ? 1 : -1,
    lots: shortSize(open),
    open,
    phase: PHASES[order.state] ?? 'open',
    isHand: order.owner === 'hand',
    filled: size > 0 ? Number(order.filled) / size : 0,
  };
}

/** At most four characters: ".42", ".015", "1.2", "38", "2.1k". */
export function shortSize(size: number): string {
  if (size >= 9995) return `${Math.round(size / 1000)}k`;
  if (size >= 999.5) return `${(size / 1000).toFixed(1)}k`;
  if (size >= 9.95) return String(Math.round(size));
  if (size >= 0.995) return size.toFixed(1);
  return size.toFixed(3).replace(/^0/, '').replace(/0+$/, '');
}
