/**
 * hand-size: sizes of orders by hand: first presets, what the displayed book allows a taking order,
 * what an order is worth. Pure.
 *
 * Units     lots, ticks; money as a double for display only.
 * Imports   contract/frames, format.
 */
import { FrameLadder } from '../../../engine/contract/frames.ts';
import type { Grid } from '../../format/grid.ts';

/** The smallest preset is worth about so much, in quote units. */
const FIRST_VALUE = 250;
const STEPS = [1, 2, 5, 10, 20] as const;
const ROUND = [1, 2, 5] as const;

/** Five round sizes for an instrument at a price; multiples of one lot when there is no price. */
export function firstPresets(grid: Grid, price: number, minNotional: number): string[] {
  const lotValue = grid.sizeValue(1) * price;
  const wanted = lotValue > 0 ? Math.max(FIRST_VALUE, 1.2 * minNotional) / lotValue : 1;
  const first = roundUp(wanted);
  return STEPS.map((step) => grid.plainSize(first * step));
}

/** The next of 1, 2, 5, 10, 20, 50 … at or above. */
function roundUp(value: number): number {
  if (!(value > 1)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = ROUND.find((each) => each * power >= value * (1 - 1e-9)) ?? 10;
  return step * power;
}

/** Lots displayed on the other side up to a price: what a taking order can hope for. */
export function displayedLots(
  frame: Float64Array,
  at: number,
  side: 1 | -1,
  limitTicks: number,
): number {
  const isBuy = side > 0;
  const count = frame[at + (isBuy ? FrameLadder.AskCount : FrameLadder.BidCount)] ?? 0;
  const first = at + (isBuy ? FrameLadder.Asks : FrameLadder.Bids);
  let lots = 0;
  for (let i = 0; i < count; i++) {
    const ticks = frame[first + 2 * i] ?? 0;
    if ((ticks - limitTicks) * side > 0) break;
    lots += frame[first + 2 * i + 1] ?? 0;
  }
  return lots;
}

/** Price times size in quote units, for display. */
export function worth(grid: Grid, ticks: number, lots: number): number {
  return Number(grid.plainPrice(ticks)) * grid.sizeValue(lots);
}
