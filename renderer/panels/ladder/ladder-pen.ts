/**
 * ladder-pen: how one row of a ladder looks. Sets a colour or a font only when it changes.
 *
 * Columns, left to right: volume at price, bid, price, ask, own orders.
 *
 * Units     CSS pixels.
 * Imports   canvas, format, ./ladder-*.
 */
import { colours, MONO, SANS, type ColourName } from '../../canvas/colours.ts';
import { ROW_HEIGHT, type PriceScale } from '../../canvas/price-scale.ts';
import type { Surface } from '../../canvas/surface.ts';
import { TextCache } from '../../canvas/text-cache.ts';
import type { Band } from '../../format/bands.ts';
import type { Grid } from '../../format/grid.ts';
import { chipsOf, type LadderMarks, type OwnOrder } from './ladder-marks.ts';
import type { LadderRows } from './ladder-rows.ts';

/** Left edges of the five columns and the right edge of the last. */
export type Columns = readonly [number, number, number, number, number, number];

const WIDTHS = [46, 66, 82, 66, 32] as const;
const TOTAL = WIDTHS.reduce((sum, width) => sum + width, 0);
const PAD = 7;

const NORMAL = `500 11px ${MONO}`;
const BOLD = `700 11px ${MONO}`;
const SMALL = `500 10.5px ${MONO}`;
const TAG = `650 8.5px ${SANS}`;
const CHIP = `700 9.5px ${MONO}`;

export function columnsFor(width: number): Columns {
  const edges = [0];
  let sum = 0;
  for (const column of WIDTHS) {
    sum += column;
    edges.push(Math.round((sum / TOTAL) * width));
  }
  return edges as unknown as Columns;
}

export interface RowInk {
  row: number;
  ticks: number;
  /** Strength of the last trade's light, signed by its side; 0 for none. */
  flash: number;
  isMarked: boolean;
}

export class LadderPen {
  readonly #prices: TextCache;
  readonly #sizes: TextCache;
  readonly #volumes: TextCache;
  #context: CanvasRenderingContext2D | null = null;
  #surface: Surface | null = null;
  #columns: Columns = [0, 0, 0, 0, 0, 0];
  #fill = '';
  #font = '';
  #align = '';

  constructor(grid: Grid) {
    this.#prices = new TextCache((ticks) => grid.price(ticks));
    this.#sizes = new TextCache((lots) => grid.shortSize(lots));
    this.#volumes = new TextCache((lots) => grid.tinySize(lots));
  }

  begin(context: CanvasRenderingContext2D, surface: Surface, columns: Columns): void {
    this.#context = context;
    this.#surface = surface;
    this.#columns = columns;
    this.#fill = '';
    this.#font = '';
    this.#align = '';
    context.textBaseline = 'middle';
  }

  clear(): void {
    const surface = this.#surface;
    if (surface !== null) this.#box('bg-1', 0, 0, surface.width, surface.height);
  }

  row(ink: RowInk, rows: LadderRows, group: number): void {
    const x = this.#columns;
    const y = ink.row * ROW_HEIGHT;
    const bid = rows.bidLots[ink.row] ?? 0;
    const ask = rows.askLots[ink.row] ?? 0;
    const isBest = ink.row === rows.bestBidRow || ink.row === rows.bestAskRow;
    this.#box('bg-1', 0, y, x[5], ROW_HEIGHT);
    if (Math.floor(ink.ticks / group) % 2 !== 0) this.#box('stripe', 0, y, x[5], ROW_HEIGHT);
    this.#volume(rows.volumeLots[ink.row] ?? 0, rows.fullVolume, y);
    if (bid > 0) this.#size(bid, rows, y, isBest, true);
    if (ask > 0) this.#size(ask, rows, y, isBest, false);
    this.#price(ink, rows, y);
    if (ink.row === rows.bestBidRow && rows.bestBidRow > rows.bestAskRow) {
      this.#box('line-strong', 0, y, x[5], this.#hair());
    }
  }

  #volume(lots: number, full: number, y: number): void {
    if (lots <= 0) return;
    const right = this.#columns[1];
    const width = Math.min(1, lots / full) * (right - 4);
    this.#box('info-soft', right - width, y + 2, width, ROW_HEIGHT - 4);
    if (width > 5) {
      this.#text(SMALL, 'ink-3', 'right', this.#volumes.get(lots), right - PAD, y);
    }
  }

  #size(lots: number, rows: LadderRows, y: number, isBest: boolean, isBid: boolean): void {
    const left = this.#columns[isBid ? 1 : 3];
    const right = this.#columns[isBid ? 2 : 4];
    const width = Math.min(1, lots / rows.fullLots) * (right - left - 2);
    const isWall = lots > (isBid ? rows.bidWallLots : rows.askWallLots);
    const soft: ColourName = isBid ? 'bid-soft' : 'ask-soft';
    const strong: ColourName = isBid ? 'bid-strong' : 'ask-strong';
    const at = isBid ? right - 1 - width : left + 1;
    this.#box(isWall ? strong : soft, at, y + 1.5, width, ROW_HEIGHT - 3);
    const text = this.#sizes.get(lots);
    this.#text(
      isBest ? BOLD : NORMAL,
      isBid ? 'bid-ink' : 'ask-ink',
      'right',
      text,
      right - PAD,
      y,
    );
  }

  #price(ink: RowInk, rows: LadderRows, y: number): void {
    const left = this.#columns[2];
    const width = this.#columns[3] - left;
    const isBid = ink.row === rows.bestBidRow;
    const isAsk = ink.row === rows.bestAskRow;
    this.#box('stripe', left, y, width, ROW_HEIGHT);
    if (isBid) this.#box('bid-soft', left, y, width, ROW_HEIGHT);
    if (isAsk) this.#box('ask-soft', left, y, width, ROW_HEIGHT);
    if (ink.flash !== 0) this.#light(ink.flash, left, y, width);
    const isBest = isBid || isAsk;
    const text = this.#prices.get(ink.ticks);
    const at = left + width / 2;
    this.#text(
      isBest ? BOLD : NORMAL,
      isBest || ink.flash !== 0 ? 'ink-1' : 'ink-2',
      'center',
      text,
      at,
      y,
    );
  }

  #light(flash: number, left: number, y: number, width: number): void {
    const context = this.#context;
    if (context === null) return;
    context.globalAlpha = 0.6 * Math.abs(flash);
    this.#box(flash > 0 ? 'bid' : 'ask', left, y, width, ROW_HEIGHT);
    context.globalAlpha = 1;
  }

  /** Bands and own orders of one row, over what stands there. */
  marks(row: number, marks: LadderMarks, scale: PriceScale, rows: LadderRows): void {
    const y = row * ROW_HEIGHT;
    let tagRight = 0;
    for (const band of marks.bands) {
      if (Math.round(scale.position(band.ticks)) !== row) continue;
      tagRight = this.#band(band, y, rows.askLots[row] !== 0, tagRight);
    }
    const chips = chipsOf(marks.orders, scale, row);
    chips.forEach((chip, index) => this.#order(chip, y, index, chips.length));
  }

  /** A line under the row's figures and a tag on the side where no sizes stand. */
  #band(band: Band, y: number, isAskRow: boolean, shift: number): number {
    const context = this.#context;
    if (context === null) return shift;
    const x = this.#columns;
    const lineY = y + ROW_HEIGHT - 1;
    context.strokeStyle = colours.get(band.colour);
    context.lineWidth = 1;
    context.setLineDash(band.dash as number[]);
    context.beginPath();
    context.moveTo(0, lineY + 0.5);
    context.lineTo(x[5], lineY + 0.5);
    context.stroke();
    context.setLineDash([]);
    this.#setFont(TAG);
    const width = Math.ceil(context.measureText(band.text).width) + 8;
    const from = (isAskRow ? 3 : x[3] + 4) + shift;
    this.#rounded(band.colour, from, y + 2, width, 13);
    this.#text(TAG, 'bg-0', 'left', band.text, from + 4, y - 0.5);
    return shift + width + 3;
  }

  /** Solid when it rests; an outline while it is on its way in or out; amber when unknown. */
  #order(order: OwnOrder, y: number, index: number, count: number): void {
    const whole = this.#columns[5] - this.#columns[4] - 3;
    const width = whole / count;
    const left = this.#columns[4] + 1 + index * width;
    const isSolid = order.phase === 'open' || order.phase === 'unknown';
    const colour: ColourName = order.phase === 'unknown' ? 'warn' : 'own';
    if (isSolid) this.#rounded(colour, left, y + 2, width, ROW_HEIGHT - 4);
    else this.#outline(left, y + 2.5, width - 1, order.phase === 'pending');
    if (order.isHand) this.#box(order.side > 0 ? 'bid' : 'ask', left, y + 2, 2, ROW_HEIGHT - 4);
    const ink: ColourName = isSolid ? 'bg-0' : 'own-ink';
    this.#text(CHIP, ink, 'center', order.lots, left + width / 2 + (order.isHand ? 1 : 0), y);
    if (order.filled <= 0) return;
    this.#box('own-ink', left, y + ROW_HEIGHT - 4, width * Math.min(1, order.filled), 2);
  }

  #outline(x: number, y: number, width: number, isDashed: boolean): void {
    const context = this.#context;
    if (context === null) return;
    context.strokeStyle = colours.get('own');
    context.lineWidth = 1;
    context.setLineDash(isDashed ? [2, 2] : []);
    context.beginPath();
    context.roundRect(x, y, width, ROW_HEIGHT - 5, 3);
    context.stroke();
    context.setLineDash([]);
  }

  /** The row that keys act on. */
  cursor(row: number): void {
    const context = this.#context;
    if (context === null) return;
    context.strokeStyle = colours.get('info');
    context.lineWidth = 1;
    context.strokeRect(0.5, row * ROW_HEIGHT + 0.5, this.#columns[5] - 1, ROW_HEIGHT - 1);
  }

  #hair(): number {
    return this.#surface?.snap(1) ?? 1;
  }

  #box(colour: ColourName, x: number, y: number, width: number, height: number): void {
    this.#setFill(colours.get(colour));
    this.#context?.fillRect(x, y, width, height);
  }

  #rounded(colour: ColourName, x: number, y: number, width: number, height: number): void {
    this.#setFill(colours.get(colour));
    this.#context?.beginPath();
    this.#context?.roundRect(x, y, width, height, 3);
    this.#context?.fill();
  }

  #text(
    font: string,
    colour: ColourName,
    align: CanvasTextAlign,
    text: string,
    x: number,
    y: number,
  ): void {
    const context = this.#context;
    if (context === null) return;
    this.#setFont(font);
    this.#setFill(colours.get(colour));
    if (align !== this.#align) {
      this.#align = align;
      context.textAlign = align;
    }
    context.fillText(text, x, y + ROW_HEIGHT / 2 + 0.5);
  }

  #setFont(font: string): void {
    if (font === this.#font || this.#context === null) return;
    this.#font = font;
    this.#context.font = font;
  }

  #setFill(fill: string): void {
    if (fill === this.#fill || this.#context === null) return;
    this.#fill = fill;
    this.#context.fillStyle = fill;
  }
}
