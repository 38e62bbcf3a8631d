/**
 * LadderFlow: aggressive buys less sells since this window connected, and the spread, in the
 * title bar.
 *
 * Imports   contract, format, live.
 */
import { useEffect, useRef } from 'react';
import { FrameInstrument } from '../../../engine/contract/frames.ts';
import type { Grid } from '../../format/grid.ts';
import { MINUS, NONE } from '../../format/numbers.ts';
import { liveMarket } from '../../live/live-market.ts';

const EVERY_MS = 250;

export function LadderFlow({ grid }: { readonly grid: Grid }) {
  const ref = useRef<HTMLSpanElement>(null);

  useEffect(() => {
    const timer = setInterval(() => {
      if (ref.current !== null) ref.current.textContent = flowText(grid);
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [grid]);

  return (
    <span
      ref={ref}
      className="num"
      title="spread in ticks; aggressive buys less sells since this screen connected"
    >
      {NONE}
    </span>
  );
}

function flowText(grid: Grid): string {
  const { book, tape } = liveMarket;
  if (!book.isValid(grid.index)) return NONE;
  const ask = book.field(grid.index, FrameInstrument.AskTicks);
  const spread = ask - book.field(grid.index, FrameInstrument.BidTicks);
  const { deltaLots } = tape.of(grid.index);
  const sign = deltaLots < 0 ? MINUS : '+';
  return `spr ${spread}  Δ ${sign}${grid.shortSize(Math.abs(deltaLots))}`;
}
