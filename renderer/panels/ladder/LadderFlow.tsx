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
  const spread = useRef<HTMLSpanElement>(null);
  const flow = useRef<HTMLSpanElement>(null);

  useEffect(() => {
    const timer = setInterval(() => {
      if (spread.current !== null) spread.current.textContent = spreadText(grid);
      if (flow.current !== null) flow.current.textContent = flowText(grid);
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [grid]);

  return (
    <>
      <span ref={spread} className="num" title="spread in ticks">
        {NONE}
      </span>
      <span
        ref={flow}
        className="num ladder__flow"
        title="aggressive buys less sells since this screen connected"
      />
    </>
  );
}

function spreadText({ index }: Grid): string {
  const { book } = liveMarket;
  if (!book.isValid(index)) return NONE;
  const ask = book.field(index, FrameInstrument.AskTicks);
  return `spr ${ask - book.field(index, FrameInstrument.BidTicks)}`;
}

function flowText(grid: Grid): string {
  const { book, tape } = liveMarket;
  if (!book.isValid(grid.index)) return '';
  const { deltaLots } = tape.of(grid.index);
  const sign = deltaLots < 0 ? MINUS : '+';
  return `Δ ${sign}${grid.shortSize(Math.abs(deltaLots))}`;
}
