/**
 * imbalance-rows: where the columns of the imbalance panel lie, and what a value looks like. Pure.
 *
 * Units     CSS pixels.
 * Imports   domain/market.
 */
import { LEVELS } from '../../../engine/domain/market.ts';
import { MINUS } from '../../format/numbers.ts';

export const ROW_HEIGHT = 21;
export const FOOT_HEIGHT = 16;
const CELL_GAP = 1.5;

export interface ImbalanceColumns {
  readonly name: number;
  /** Right edge of the price column; 0 when there is no room for it. */
  readonly price: number;
  readonly spread: number;
  readonly cells: number;
  readonly cellWidth: number;
  readonly strip: number;
  readonly stripWidth: number;
}

export function columnsFor(width: number): ImbalanceColumns {
  const isWide = width >= 620;
  const name = 26;
  const price = isWide ? 150 : 0;
  const spread = isWide ? 186 : 0;
  const cells = isWide ? 200 : 74;
  const cellWidth = isWide ? 38 : Math.max(24, Math.min(32, (width - 160) / (LEVELS * 2)));
  const strip = cells + LEVELS * cellWidth + 10;
  return {
    name,
    price,
    spread,
    cells,
    cellWidth,
    strip,
    stripWidth: Math.max(0, width - strip - 8),
  };
}

export function cellWidthInside(columns: ImbalanceColumns): number {
  return columns.cellWidth - CELL_GAP;
}

/** "+66", "−100", "0": hundredths of the whole. */
export function imbalanceText(value: number): string {
  const percent = Math.round(Math.abs(value) * 100);
  if (percent === 0) return '0';
  return (value > 0 ? '+' : MINUS) + percent;
}

/** Opacity of a cell; a light trace stays at zero, so that the grid can be seen. */
export function cellOpacity(value: number): number {
  return 0.08 + 0.85 * Math.min(1, Math.abs(value));
}
