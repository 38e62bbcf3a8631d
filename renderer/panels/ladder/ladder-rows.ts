/**
 * ladder-rows: what each row of a ladder says: sizes, volume, bands. Pure: a frame and a viewport
 * in, typed arrays out. The painter draws it, the tests read it.
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
  fillBids(rows, frame, at, scale);
  fillAsks(rows, frame, at, scale);
  rows.bidWallLots = WALL_FACTOR * meanOf(rows.bidLots, rows.count);
  rows.askWallLots = WALL_FACTOR * meanOf(rows.askLots, rows.count);
  const largest = Math.max(largestOf(rows.bidLots), largestOf(rows.askLots));
  rows.fullLots = steppedFull(rows.fullLots, largest);
}

function fillBids(rows: LadderRows, frame: Float64Array, at: number, scale: PriceScale): void {
  const count = frame[at + FrameLadder.BidCount] ?? 0;
  const first = at + FrameLadder.Bids;
  if (count > 0) rows.bestBidRow = scale.bidRow(frame[first] ?? 0);
  for (let i = 0; i < count; i++) {
    const row = scale.bidRow(frame[first + 2 * i] ?? 0);
    if (scale.has(row)) addTo(rows.bidLots, row, frame[first + 2 * i + 1] ?? 0);
  }
}

function fillAsks(rows: LadderRows, frame: Float64Array, at: number, scale: PriceScale): void {
  const count = frame[at + FrameLadder.AskCount] ?? 0;
  const first = at + FrameLadder.Asks;
  if (count > 0) rows.bestAskRow = scale.askRow(frame[first] ?? 0);
  for (let i = 0; i < count; i++) {
    const row = scale.askRow(frame[first + 2 * i] ?? 0);
    if (scale.has(row)) addTo(rows.askLots, row, frame[first + 2 * i + 1] ?? 0);
  }
}

function addTo(lots: Float64Array, row: number, more: number): void {
  lots[row] = (lots[row] ?? 0) + more;
}

/** Mean of the rows that hold something. */
function meanOf(lots: Float64Array, count: number): number {
  let sum = 0;
  let filled = 0;
  for (let row = 0; row < count; row++) {
    const value = lots[row] ?? 0;
    sum += value;
    if (value > 0) filled += 1;
  }
  return filled === 0 ? 0 : sum / filled;
}

function largestOf(lots: Float64Array): number {
  let largest = 0;
  for (const value of lots) if (value > largest) largest = value;
  return largest;
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
 * Size of a full bar: the next power of √2 above the largest. It falls only when the largest is
 * under half of it, so that bars do not all change because one did.
 */
export function steppedFull(previous: number, largest: number): number {
  if (largest <= 0) return previous;
  if (largest <= previous && largest > previous / 2) return previous;
  return FULL_STEP ** Math.ceil(Math.log(largest) / Math.log(FULL_STEP));
}
