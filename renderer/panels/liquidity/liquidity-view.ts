/**
 * liquidity-view: which prices and which time the heatmap shows, and where they lie. Pure.
 *
 * Prices    row 0 is the highest; a row holds `group` ticks. Left to itself the view follows the
 *           market: it brings it back to the middle once it has come near an edge, and takes the
 *           zoom in which the last minute's way has room, until a person chooses one.
 * Time      the newest column stands at the right of the plot; `back` columns may be scrolled away.
 * Units     ticks, columns, CSS pixels.
 * Version   moves when anything that is drawn must move.
 *
 * Imports   live/liquidity-history (COLUMN_MS).
 */
import { COLUMN_MS, COLUMNS } from '../../live/liquidity-history.ts';

/** Ticks per row and height of a row, from near to far. */
const PRICE_STEPS: readonly (readonly [group: number, height: number])[] = [
  [1, 14],
  [1, 10],
  [1, 7],
  [1, 5],
  [1, 4],
  [1, 3],
  [1, 2],
  [2, 3],
  [2, 2],
  [5, 3],
  [5, 2],
  [10, 2],
];
/** Where the zoom starts, and the nearest that it takes by itself. */
const PRICE_START = 5;
/** Shares of the height that the way of the market takes: too much, just right, far too little. */
const FULL = 0.5;
const FITTING = 0.4;
const SPARSE = 0.2;
/** Width of a column, from near to far. */
const TIME_STEPS: readonly number[] = [8, 6, 4, 3, 2, 1];
/** At first the plot shows about this much. */
const SPAN_MS = 180_000;
/** The market is brought back when it comes this near to the edge, as a share of the height. */
const NEAR_EDGE = 0.2;

export const AXIS_WIDTH = 62;
export const STRIP_HEIGHT = 46;
export const TIMES_HEIGHT = 16;
/** Free room between the newest column and the axis. */
export const LIVE_ROOM = 14;

export class LiquidityView {
  topTicks = 0;
  back = 0;
  version = 1;
  width = 0;
  height = 0;
  /** A person has moved the prices: they stay until brought back. */
  isHeld = false;
  hasPrices = false;
  #price = PRICE_START;
  #time = -1;
  /** A person has chosen how near the prices are. */
  #isOwnZoom = false;

  get group(): number {
    return PRICE_STEPS[this.#price]?.[0] ?? 1;
  }

  get rowHeight(): number {
    return PRICE_STEPS[this.#price]?.[1] ?? 1;
  }

  get columnWidth(): number {
    return TIME_STEPS[this.#time] ?? 1;
  }

  get plotRight(): number {
    return this.width - AXIS_WIDTH - LIVE_ROOM;
  }

  /** Height of the part with prices. */
  get plotHeight(): number {
    return Math.max(0, this.height - STRIP_HEIGHT - TIMES_HEIGHT);
  }

  get rows(): number {
    return Math.ceil(this.plotHeight / this.rowHeight);
  }

  /** Columns in view. */
  get columns(): number {
    return Math.max(0, Math.floor(this.plotRight / this.columnWidth));
  }

  get spanMs(): number {
    return Math.min(COLUMNS, this.columns) * COLUMN_MS;
  }

  resize(width: number, height: number): void {
    if (width === this.width && height === this.height) return;
    const middle = this.ticksAt(this.plotHeight / 2);
    this.width = width;
    this.height = height;
    if (this.#time < 0) this.#time = timeStepFor(this.plotRight);
    if (this.hasPrices) this.#centreOn(middle);
    this.version += 1;
  }

  /**
   * Keeps the market in view, and room for `span` ticks that it went of late; `isPointed`: not
   * under a pointer, unless it leaves altogether.
   */
  follow(middle: number, isPointed: boolean, span = 0): void {
    if (this.isHeld) return;
    if (!this.hasPrices || (!isPointed && this.#fitting(span) !== this.#price)) {
      this.hasPrices = true;
      this.#price = this.#fitting(span);
      this.#centreOn(middle);
      return;
    }
    const share = this.yOf(middle) / Math.max(1, this.plotHeight);
    const edge = isPointed ? 0 : NEAR_EDGE;
    if (share < edge || share > 1 - edge) this.#centreOn(middle);
  }

  /** The zoom in which `span` ticks have room. It changes rarely: only from too far to fitting. */
  #fitting(span: number): number {
    const shareAt = (step: number): number => {
      const [group, height] = PRICE_STEPS[step] ?? [1, 1];
      return (span * height) / Math.max(1, this.plotHeight * group);
    };
    let step = this.#price;
    if (this.#isOwnZoom || this.plotHeight === 0) return step;
    if (shareAt(step) > FULL) {
      while (step < PRICE_STEPS.length - 1 && shareAt(step) > FITTING) step += 1;
    } else {
      while (step > PRICE_START && shareAt(step - 1) < SPARSE) step -= 1;
    }
    return step;
  }

  recentre(middle: number | null): void {
    this.isHeld = false;
    this.#isOwnZoom = false;
    this.back = 0;
    if (middle !== null) this.#centreOn(middle);
    this.version += 1;
  }

  forget(): void {
    this.hasPrices = false;
    this.isHeld = false;
    this.#isOwnZoom = false;
    this.back = 0;
    this.version += 1;
  }

  #centreOn(middle: number): void {
    const half = Math.floor(this.rows / 2) * this.group;
    // Whole groups, so that a price never changes its row while the view moves.
    const top = Math.round(middle) + half;
    this.topTicks = top - (((top % this.group) + this.group) % this.group) + this.group - 1;
    this.version += 1;
  }

  scrollPrices(rows: number): void {
    this.isHeld = true;
    this.topTicks += Math.round(rows) * this.group;
    this.version += 1;
  }

  /** Positive: into the past. `kept` columns are there to go back to. */
  scrollTime(columns: number, kept: number): void {
    const most = Math.max(0, kept - Math.min(kept, 20));
    this.back = Math.min(most, Math.max(0, this.back + Math.round(columns)));
    this.version += 1;
  }

  /** Positive: nearer. The price in the middle stays. */
  zoomPrices(steps: number): void {
    const middle = this.ticksAt(this.plotHeight / 2);
    this.#isOwnZoom = true;
    this.#price = Math.min(PRICE_STEPS.length - 1, Math.max(0, this.#price - steps));
    this.#centreOn(middle);
  }

  zoomTime(steps: number): void {
    this.#time = Math.min(TIME_STEPS.length - 1, Math.max(0, this.#time - steps));
    this.version += 1;
  }

  /** Middle of the row of a price. */
  yOf(ticks: number): number {
    return ((this.topTicks - ticks) / this.group + 0.5 / this.group) * this.rowHeight;
  }

  /** The price at a height, fractions included. */
  ticksAt(y: number): number {
    return this.topTicks + 0.5 - (y / this.rowHeight) * this.group;
  }

  /** Lowest tick of the row at a height. */
  rowTicksAt(y: number): number {
    return this.topTicks - (Math.floor(y / this.rowHeight) + 1) * this.group + 1;
  }

  /** Left edge of a column. */
  xOf(column: number, newest: number): number {
    return this.plotRight - (newest - this.back - column + 1) * this.columnWidth;
  }

  xOfMs(wallMs: number, newest: number): number {
    return this.xOf(wallMs / COLUMN_MS, newest);
  }

  columnAt(x: number, newest: number): number {
    return Math.floor((x - this.plotRight) / this.columnWidth) + newest - this.back + 1;
  }
}

function timeStepFor(width: number): number {
  const at = TIME_STEPS.findIndex((step) => (width / step) * COLUMN_MS >= SPAN_MS);
  return at < 0 ? TIME_STEPS.length - 1 : at;
}
