/**
 * rows-in-sight: which rows of a long list are in sight of the element that scrolls it.
 *
 * The list's two life-cycle calls bear names of its own binding to React, which they replace here.
 * Imports   react, @tanstack/react-virtual.
 */
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualItem,
} from '@tanstack/react-virtual';
import { useLayoutEffect, useReducer, useState } from 'react';

export interface Sight {
  readonly items: readonly VirtualItem[];
  /** Height of all rows together. */
  readonly totalPx: number;
}

const OVERSCAN = 8;

/** `scroller` is null until it is on the page. */
export function useRowsInSight(count: number, rowPx: number, scroller: HTMLElement | null): Sight {
  const [, look] = useReducer((looks: number) => looks + 1, 0);
  const options = {
    count,
    getScrollElement: () => scroller,
    estimateSize: () => rowPx,
    overscan: OVERSCAN,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: look,
  };
  const [virtual] = useState(() => new Virtualizer<HTMLElement, Element>(options));
  virtual.setOptions(options);
  useLayoutEffect(() => virtual['_didMount'](), [virtual]);
  useLayoutEffect(() => virtual['_willUpdate']());
  return { items: virtual.getVirtualItems(), totalPx: virtual.getTotalSize() };
}
