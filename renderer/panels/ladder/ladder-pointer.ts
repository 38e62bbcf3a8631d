/**
 * ladder-pointer: mouse and keys on a ladder: hold still, highlight, scroll, and presses that mean
 * an order or a cancel.
 *
 * Imports   canvas, ./hand-press, ./ladder-*.
 */
import { pointIn, rowAt } from '../../canvas/hit-test.ts';
import { ROW_HEIGHT } from '../../canvas/price-scale.ts';
import {
  type Cell,
  cellAt,
  keyWish,
  type Press,
  pressOf,
  type ShownRows,
  wishOf,
} from './hand-press.ts';
import type { LadderHand } from './ladder-hand.ts';
import { columnsFor } from './ladder-pen.ts';
import type { LadderView } from './ladder-view.ts';

const WHEEL_ROWS = 3;
const PAGE_ROWS = 20;

const SCROLL_ROWS: Readonly<Record<string, number>> = { PageUp: -PAGE_ROWS, PageDown: PAGE_ROWS };
const CURSOR_ROWS: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1 };

export interface LadderPointerParts {
  readonly element: HTMLElement;
  /** Moved over the row under the pointer. */
  readonly cursor: HTMLElement;
  readonly view: LadderView;
  /** Rows as they are painted. */
  readonly shown: ShownRows;
  readonly hand: LadderHand;
  /** Best price of a side in ticks; null while there is no market. */
  readonly best: (side: 1 | -1) => number | null;
}

/** Listens on the ladder's element; the result stops it. */
export function attachLadderPointer(parts: LadderPointerParts): () => void {
  const { element, view } = parts;
  const stop = new AbortController();
  const { signal } = stop;
  listenPointer(parts, signal);
  listenPresses(parts, signal);
  element.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      view.scroll(Math.sign(event.deltaY) * WHEEL_ROWS, false);
    },
    { signal, passive: false },
  );
  element.addEventListener('keydown', (event) => onKey(event, parts), { signal });
  element.addEventListener(
    'blur',
    () => {
      view.isHeld = false;
      view.dropCursor();
    },
    { signal },
  );
  return () => stop.abort();
}

function cellUnder({ element, shown }: LadderPointerParts, event: MouseEvent): Cell | null {
  return cellAt(pointIn(element, event), columnsFor(element.clientWidth), shown);
}

function listenPointer(parts: LadderPointerParts, signal: AbortSignal): void {
  const { element, cursor, view, hand } = parts;
  const place = (event: PointerEvent): void => {
    view.isPointerInside = true;
    const row = rowAt(pointIn(element, event).y, 0, ROW_HEIGHT, view.scale.rows);
    cursor.style.transform = `translateY(${row * ROW_HEIGHT}px)`;
    cursor.style.visibility = row < 0 ? 'hidden' : 'visible';
    hand.hover(cellUnder(parts, event), event.shiftKey);
  };
  element.addEventListener('pointerenter', place, { signal });
  element.addEventListener('pointermove', place, { signal });
  element.addEventListener(
    'pointerleave',
    () => {
      view.isPointerInside = false;
      cursor.style.visibility = 'hidden';
      hand.hover(null, false);
    },
    { signal },
  );
}

/** Down remembers the price that was seen, up acts on it. Esc in between forgets it. */
function listenPresses(parts: LadderPointerParts, signal: AbortSignal): void {
  const { element, shown, hand } = parts;
  let press: Press | null = null;
  element.addEventListener(
    'pointerdown',
    (event) => {
      press = event.isPrimary ? pressOf(cellUnder(parts, event), event, shown) : null;
    },
    { signal },
  );
  // On the window: a button that comes up elsewhere ends the press as well.
  window.addEventListener(
    'pointerup',
    (event) => {
      const made = press;
      press = null;
      if (made === null || (event.button === 2) !== made.isRight) return;
      const isInside = event.target instanceof Node && element.contains(event.target);
      hand.act(wishOf(made, isInside ? cellUnder(parts, event) : null, shown));
    },
    { signal },
  );
  element.addEventListener('pointercancel', () => (press = null), { signal });
  element.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
  window.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape' || event.shiftKey || press === null) return;
      press = null;
      event.stopImmediatePropagation();
      event.preventDefault();
    },
    { signal, capture: true },
  );
}

function onKey(event: KeyboardEvent, parts: LadderPointerParts): void {
  const { view, hand } = parts;
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const scroll = SCROLL_ROWS[event.key];
  const move = CURSOR_ROWS[event.key];
  if (scroll !== undefined) view.scroll(scroll, true);
  else if (move !== undefined) moveCursor(move, parts);
  else {
    const wish = event.repeat ? null : keyWish(event.key, event.shiftKey, view.cursorTicks);
    if (wish === null) return;
    hand.act(wish);
  }
  event.preventDefault();
}

/** Down begins at the best bid, up at the best ask. */
function moveCursor(rows: number, { view, best }: LadderPointerParts): void {
  const start = best(rows > 0 ? 1 : -1);
  if (start !== null) view.moveCursor(rows, start);
}
