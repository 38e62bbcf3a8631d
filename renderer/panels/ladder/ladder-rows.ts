/**
 * ladder-rows: what each row of a ladder says: sizes, volume, bands. Pure: a frame and a viewport in,
 * typed arrays out. The painter draws it, the tests read it.
 *
 * Units     ticks, lots.
 * Imports   contract/frames, canvas/price-scale, live/tape-view.
 */
import { FrameLadder } from '../../../engine/contract/frames.ts';
import type { PriceScale } from '../../canvas/price-scale.ts';
import type { TradeMemory } from '../../live/tape-view.ts';

export const ROWS_MAX = 320;
/** A level this many times the mean of its side is a wall and is drawn stronger. */
const WALL_FACTOR = 3;
const FULL_STEP = Math.SQRT2;

export class LadderRows {
  count = 0;
  readonly bidLots = new Float64Array(ROWS_MAX);
  readonly askLots = new Float64Array(ROWS_MAX);
  readonly volumeLots = new Float64Array(ROWS_MAX);
  bestBidRow = -1;
  bestAskRow = -1;
  /** Lots of a full bar. Moves in steps, so that bars stand still while sizes wander. */
  fullLots = 1;
  fullVolume = 1;
  bidWallLots = 0;
  askWallLots = 0;

  clear(rows: number): void {
    this.count = Math.min(rows, ROWS_MAX);
    this.bidLots.fill(0);
    this.askLots.fill(0);
    this.volumeLots.fill(0);
    this.bestBidRow = -1;
    this.bestAskRow = -1;
  }
}

/** Fills the rows from the ladder block at `at` of a frame. */
export function fillBook(
  rows: LadderRows,
  frame: Float64Array,
  at: number,
  scale: PriceScale,
): void {
  const bids = frame[at + FrameLadder.BidCount] ?? 0;
  const asks = frame[at + FrameLadder.AskCount] ?? 0;
  let largest = 0;
  let bidSum = 0;
  let askSum = 0;
  for (let i = 0; i < bids; i++) {
    const row = scale.bidRow(frame[at + FrameLadder.Bids + 2 * i] ?? 0);
    if (i === 0) rows.bestBidRow = row;
    if (!scale.has(row)) continue;
    const lots = (rows.bidLots[row] ?? 0) + (frame[at + FrameLadder.Bids + 2 * i + 1] ?? 0);
    rows.bidLots[row] = lots;
    if (lots > largest) largest = lots;
  }
  for (let i = 0; i < asks; i++) {
    const row = scale.askRow(frame[at + FrameLadder.Asks + 2 * i] ?? 0);
    if (i === 0) rows.bestAskRow = row;
    if (!scale.has(row)) continue;
    const lots = (rows.askLots[row] ?? 0) + (frame[at + FrameLadder.Asks + 2 * i + 1] ?? 0);
    rows.askLots[row] = lots;
    if (lots > largest) largest = lots;
  }
  let bidRows = 0;
  let askRows = 0;
  for (let row = 0; row < rows.count; row++) {
    const bid = rows.bidLots[row] ?? 0;
    const ask = rows.askLots[row] ?? 0;
    bidSum += bid;
    askSum += ask;
    if (bid > 0) bidRows += 1;
    if (ask > 0) askRows += 1;
  }
  rows.bidWallLots = bidRows === 0 ? 0 : (WALL_FACTOR * bidSum) / bidRows;
  rows.askWallLots = askRows === 0 ? 0 : (WALL_FACTOR * askSum) / askRows;
  rows.fullLots = steppedFull(rows.fullLots, largest);
}

/** Sums the volume of each row's ticks. */
export function fillVolume(rows: LadderRows, trades: TradeMemory, scale: PriceScale): void {
  let largest = 0;
  for (let row = 0; row < rows.count; row++) {
    const ticks = scale.ticksAt(row);
    let lots = 0;
    for (let i = 0; i < scale.group; i++) lots += trades.volumeAt(ticks + i);
    rows.volumeLots[row] = lots;
    if (lots > largest) largest = lots;
  }
  rows.fullVolume = steppedFull(rows.fullVolume, largest);
}

/**
 * Size of a full bar: the next power of √2 above the largest. It falls only when the largest is under
 * half of it, so that bars do not all change because one did.
 */
export function steppedFull(previous: number, largest: number): number {
  if (largest <= 0) return previous;
  if (largest <= previous && largest > previous / 2) return previous;
  return FULL_STEP ** Math.ceil(Math.log(largest) / Math.log(FULL_STEP));
}
