/**
 * liquidity-pointer: mouse and keys on the heatmap: crosshair, scroll, zoom, back to the market.
 *
 * Wheel     prices; with Shift, time; with Ctrl, zoom prices; with Alt, zoom time.
 *
 * Imports   canvas, ./liquidity-*.
 */
import { pointIn } from '../../canvas/hit-test.ts';
import type { LiquidityCursor } from './liquidity-cursor.ts';
import type { LiquidityPainter } from './liquidity-painter.ts';

const WHEEL_ROWS = 4;
const WHEEL_COLUMNS = 20;
const KEY_ROWS = 4;
const KEY_COLUMNS = 25;

export function attachLiquidityPointer(
  element: HTMLElement,
  painter: LiquidityPainter,
  cursor: LiquidityCursor,
): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  element.addEventListener(
    'pointermove',
    (event) => {
      const { x, y } = pointIn(element, event);
      painter.isPointed = true;
      cursor.move(x, y);
    },
    { signal },
  );
  element.addEventListener(
    'pointerleave',
    () => {
      painter.isPointed = false;
      cursor.move(-1, -1);
    },
    { signal },
  );
  element.addEventListener('wheel', (event) => wheel(event, painter), { signal, passive: false });
  element.addEventListener('dblclick', () => painter.view.recentre(painter.middle()), { signal });
  element.addEventListener('keydown', (event) => key(event, painter), { signal });
  return () => stop.abort();
}

/** Columns that may be scrolled back to. */
function kept({ history }: LiquidityPainter): number {
  return history === null || history.newest < 0 ? 0 : history.newest - history.oldest + 1;
}

function wheel(event: WheelEvent, painter: LiquidityPainter): void {
  event.preventDefault();
  const { view } = painter;
  // With Shift some systems turn the wheel sideways.
  const turn = Math.sign(event.deltaY === 0 ? event.deltaX : event.deltaY);
  if (event.ctrlKey || event.metaKey) view.zoomPrices(-turn);
  else if (event.altKey) view.zoomTime(-turn);
  else if (event.shiftKey || event.deltaY === 0)
    view.scrollTime(-turn * WHEEL_COLUMNS, kept(painter));
  else view.scrollPrices(-turn * WHEEL_ROWS);
}

function key(event: KeyboardEvent, painter: LiquidityPainter): void {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const { view } = painter;
  const keys: Readonly<Record<string, () => void>> = {
    ArrowUp: () => view.scrollPrices(KEY_ROWS),
    ArrowDown: () => view.scrollPrices(-KEY_ROWS),
    ArrowLeft: () => view.scrollTime(KEY_COLUMNS, kept(painter)),
    ArrowRight: () => view.scrollTime(-KEY_COLUMNS, kept(painter)),
    '+': () => view.zoomTime(1),
    '=': () => view.zoomTime(1),
    '-': () => view.zoomTime(-1),
    PageUp: () => view.zoomPrices(1),
    PageDown: () => view.zoomPrices(-1),
    Home: () => view.scrollTime(Number.MAX_SAFE_INTEGER, kept(painter)),
    End: () => view.recentre(painter.middle()),
  };
  const act = keys[event.key];
  if (act === undefined) return;
  event.preventDefault();
  act();
}
