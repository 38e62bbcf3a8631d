/**
 * hand-press: from a press of a pointer or a key to what a person means by it. Pure: geometry and
 * events in, a wish out.
 *
 * A press is tied to the price that was painted under the pointer when the button went down. It
 * counts only when the button comes up in the same cell and the rows have not moved meanwhile.
 *
 *   left on bid / ask       buy / sell at the row's own price
 *   Shift + left            the same, taking: at once, up to that price
 *   left on Own             cancel what the hand has in that row
 *   right, anywhere         the same
 *
 * Units     ticks, rows, CSS pixels. Imports   canvas.
 */
import { ROW_HEIGHT } from '../../canvas/price-scale.ts';
import type { Point } from '../../canvas/hit-test.ts';
import { rowAt } from '../../canvas/hit-test.ts';

export const COLUMN_NAMES = ['volume', 'bid', 'price', 'ask', 'own'] as const;
export type ColumnName = (typeof COLUMN_NAMES)[number];

/** Rows as they stand on the screen. */
export interface ShownRows {
  readonly topTicks: number;
  readonly group: number;
  readonly rows: number;
}

export interface Cell {
  readonly row: number;
  readonly ticks: number;
  readonly column: ColumnName;
}

export interface Press extends Cell {
  readonly isRight: boolean;
  readonly isTaking: boolean;
  /** The rows it was made on. */
  readonly topTicks: number;
  readonly group: number;
}

export type Wish =
  | {
      readonly kind: 'place';
      readonly side: 1 | -1;
      readonly ticks: number;
      readonly isTaking: boolean;
    }
  | { readonly kind: 'cancel'; readonly ticks: number }
  | { readonly kind: 'nothing'; readonly why: string };

export const NOTHING: Wish = { kind: 'nothing', why: '' };

/** `edges`: left edges of the five columns and the right edge of the last. */
export function cellAt(point: Point, edges: readonly number[], shown: ShownRows): Cell | null {
  const row = rowAt(point.y, 0, ROW_HEIGHT, shown.rows);
  if (row < 0) return null;
  const index = COLUMN_NAMES.findIndex((_, i) => point.x >= edges[i]! && point.x < edges[i + 1]!);
  const column = COLUMN_NAMES[index];
  if (column === undefined) return null;
  return { row, ticks: shown.topTicks - row * shown.group, column };
}

/** Buttons beside left and right make no press. */
export function pressOf(
  cell: Cell | null,
  event: { readonly button: number; readonly shiftKey: boolean },
  shown: ShownRows,
): Press | null {
  if (cell === null || (event.button !== 0 && event.button !== 2)) return null;
  return {
    ...cell,
    isRight: event.button === 2,
    isTaking: event.shiftKey,
    topTicks: shown.topTicks,
    group: shown.group,
  };
}

/** What the press means, now that the button is up over `cell`. */
export function wishOf(press: Press, cell: Cell | null, shown: ShownRows): Wish {
  if (press.topTicks !== shown.topTicks || press.group !== shown.group) {
    return { kind: 'nothing', why: 'the rows moved under the press: nothing was sent' };
  }
  if (cell === null || cell.row !== press.row || cell.column !== press.column) {
    return { kind: 'nothing', why: 'let go elsewhere: nothing was sent' };
  }
  return meaningOf(press, press.isRight, press.isTaking);
}

/** What a press on a cell would mean. */
export function meaningOf(cell: Cell, isRight: boolean, isTaking: boolean): Wish {
  const { ticks, column } = cell;
  if (isRight || column === 'own') return { kind: 'cancel', ticks };
  if (column === 'bid') return { kind: 'place', side: 1, ticks, isTaking };
  return column === 'ask' ? { kind: 'place', side: -1, ticks, isTaking } : NOTHING;
}

/** What a key means at the cursor's price; null for a key that means nothing here. */
export function keyWish(key: string, isShift: boolean, cursorTicks: number | null): Wish | null {
  const letter = key.toLowerCase();
  if (letter !== 'b' && letter !== 's' && letter !== 'x') return null;
  if (cursorTicks === null) {
    return { kind: 'nothing', why: 'no row is chosen: use the arrows first' };
  }
  if (letter === 'x') return { kind: 'cancel', ticks: cursorTicks };
  const side = letter === 'b' ? 1 : -1;
  return { kind: 'place', side, ticks: cursorTicks, isTaking: isShift };
}
