/**
 * ladder-marks: own orders and the bands of open scalps, by price. Pure: a status in, marks out.
 *
 * Bands have the same words and colours on the chart: format/bands.
 *
 * Imports   contract, format.
 */
import type { EngineStatus, OrderStatus } from '../../../engine/contract/status.ts';
import { bandsOf, type Band } from '../../format/bands.ts';
import type { Grid } from '../../format/grid.ts';

export interface OwnOrder {
  readonly ticks: number;
  /** +1 buys, −1 sells. */
  readonly side: number;
  readonly lots: string;
  /** Filled share, 0–1. */
  readonly filled: number;
}

export interface LadderMarks {
  readonly bands: readonly Band[];
  readonly orders: readonly OwnOrder[];
}

export const NO_MARKS: LadderMarks = { bands: [], orders: [] };

export function ladderMarks(
  scalps: EngineStatus['scalps'],
  orders: EngineStatus['orders'],
  grid: Grid,
): LadderMarks {
  return {
    bands: scalps.filter(({ symbol }) => symbol === grid.symbol).flatMap((s) => bandsOf(s, grid)),
    orders: orders
      .filter(({ symbol }) => symbol === grid.symbol)
      .map((order) => ownOrder(order, grid))
      .filter(({ ticks }) => Number.isFinite(ticks)),
  };
}

function ownOrder(order: OrderStatus, grid: Grid): OwnOrder {
  const size = Number(order.size);
  const open = size - Number(order.filled);
  return {
    ticks: grid.ticks(order.price),
    side: order.side === 'buy' ? 1 : -1,
    lots: shortSize(open),
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
