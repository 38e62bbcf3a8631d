/**
 * hit-test: where on an element a pointer is, in the element's own CSS pixels, whatever the zoom.
 *
 * Imports   nothing.
 */
export interface Point {
  readonly x: number;
  readonly y: number;
}

interface Pointed {
  readonly clientX: number;
  readonly clientY: number;
}

export function pointIn(element: HTMLElement, event: Pointed): Point {
  const box = element.getBoundingClientRect();
  const scaleX = box.width === 0 ? 1 : element.clientWidth / box.width;
  const scaleY = box.height === 0 ? 1 : element.clientHeight / box.height;
  return { x: (event.clientX - box.left) * scaleX, y: (event.clientY - box.top) * scaleY };
}

/** Row under `y` when rows of `height` start at `top`; −1 above them or from `count` on. */
export function rowAt(y: number, top: number, height: number, count: number): number {
  const row = Math.floor((y - top) / height);
  return row >= 0 && row < count ? row : -1;
}
