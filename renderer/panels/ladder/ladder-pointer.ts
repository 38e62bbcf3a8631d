/**
 * ladder-pointer: mouse and keys on a ladder: hold still, highlight, scroll.
 *
 * Imports   canvas, ./ladder-view.
 */
import { pointIn, rowAt } from '../../canvas/hit-test.ts';
import { ROW_HEIGHT } from '../../canvas/price-scale.ts';
import type { LadderView } from './ladder-view.ts';

const WHEEL_ROWS = 3;
const PAGE_ROWS = 20;

const KEY_ROWS: Readonly<Record<string, number>> = {
  ArrowUp: -1,
  ArrowDown: 1,
  PageUp: -PAGE_ROWS,
  PageDown: PAGE_ROWS,
};

/** Listens on the ladder's element; `cursor` is moved over the row under the pointer. */
export function attachLadderPointer(
  element: HTMLElement,
  cursor: HTMLElement,
  view: LadderView,
): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const place = (event: PointerEvent): void => {
    view.isPointerInside = true;
    const row = rowAt(pointIn(element, event).y, 0, ROW_HEIGHT, view.scale.rows);
    cursor.style.transform = `translateY(${row * ROW_HEIGHT}px)`;
    cursor.style.visibility = row < 0 ? 'hidden' : 'visible';
  };
  element.addEventListener('pointerenter', place, { signal });
  element.addEventListener('pointermove', place, { signal });
  element.addEventListener(
    'pointerleave',
    () => {
      view.isPointerInside = false;
      cursor.style.visibility = 'hidden';
    },
    { signal },
  );
  element.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      view.scroll(Math.sign(event.deltaY) * WHEEL_ROWS, false);
    },
    { signal, passive: false },
  );
  element.addEventListener('keydown', (event) => scrollByKey(event, view), { signal });
  element.addEventListener(
    'blur',
    () => {
      view.isHeld = false;
    },
    { signal },
  );
  return () => stop.abort();
}

function scrollByKey(event: KeyboardEvent, view: LadderView): void {
  const rows = KEY_ROWS[event.key];
  if (rows === undefined) return;
  event.preventDefault();
  view.scroll(rows, true);
}
