/**
 * liquidity-cursor: the crosshair over the heatmap, on a canvas of its own: a moving mouse repaints
 * this and nothing under it.
 *
 * Imports   canvas, format, frame, live, ./liquidity-painter.
 */
import { colours, MONO } from '../../canvas/colours.ts';
import { Surface } from '../../canvas/surface.ts';
import type { Grid } from '../../format/grid.ts';
import { clockMs } from '../../format/times.ts';
import type { Painter } from '../../frame/frame-loop.ts';
import { COLUMN_MS } from '../../live/liquidity-history.ts';
import type { LiquidityPainter } from './liquidity-painter.ts';
import { AXIS_WIDTH, TIMES_HEIGHT } from './liquidity-view.ts';

const FIGURE = `600 10px ${MONO}`;
const BOX_HEIGHT = 18;

export class LiquidityCursor implements Painter {
  readonly surface: Surface;
  readonly #under: LiquidityPainter;
  readonly #grid: Grid;
  #x = -1;
  #y = -1;
  #moves = 0;
  #isClear = true;

  constructor(canvas: HTMLCanvasElement, under: LiquidityPainter, grid: Grid) {
    this.surface = new Surface(canvas, false);
    this.#under = under;
    this.#grid = grid;
  }

  /** Negative: the pointer is elsewhere. */
  move(x: number, y: number): void {
    this.#x = x;
    this.#y = y;
    this.#moves += 1;
  }

  version(): number {
    const seen = this.#x < 0 ? 0 : this.#under.version();
    return this.#moves + this.surface.version + colours.version + seen;
  }

  paint(): void {
    const context = this.surface.begin();
    if (context === null) return;
    const { width, height } = this.surface;
    if (!this.#isClear) context.clearRect(0, 0, width, height);
    const { view } = this.#under;
    const isOutside = this.#x < 0 || this.#y > view.plotHeight || this.#x > width - AXIS_WIDTH;
    this.#isClear = isOutside || !view.hasPrices;
    if (this.#isClear) return;
    context.textBaseline = 'middle';
    context.font = FIGURE;
    context.strokeStyle = colours.get('ink-3');
    context.lineWidth = 1 / this.surface.scale;
    context.setLineDash([2, 3]);
    context.beginPath();
    context.moveTo(0, this.#y);
    context.lineTo(width - AXIS_WIDTH, this.#y);
    context.moveTo(this.#x, 0);
    context.lineTo(this.#x, height - TIMES_HEIGHT);
    context.stroke();
    context.setLineDash([]);
    this.#readings(context);
  }

  #readings(context: CanvasRenderingContext2D): void {
    const { view, history } = this.#under;
    const { width, height } = this.surface;
    const ticks = view.rowTicksAt(this.#y);
    const price = this.#grid.price(ticks);
    this.#label(context, price, width - AXIS_WIDTH, this.#y, AXIS_WIDTH);
    if (history === null || history.newest < 0) return;
    const column = view.columnAt(this.#x, history.newest);
    const time = clockMs(column * COLUMN_MS).slice(0, 10);
    this.#label(context, time, this.#x - 36, height - TIMES_HEIGHT / 2, 72);
    const lots = history.largest(column, ticks, view.group);
    const text = history.isKnown(column)
      ? `${price}   ${lots > 0 ? this.#grid.size(lots) : 'nothing'}`
      : 'not seen';
    const room = context.measureText(text).width + 14;
    const x = this.#x + 12 + room < width - AXIS_WIDTH ? this.#x + 12 : this.#x - 12 - room;
    const y = Math.max(BOX_HEIGHT, this.#y - BOX_HEIGHT);
    this.#label(context, text, x, y, room);
  }

  #label(
    context: CanvasRenderingContext2D,
    text: string,
    left: number,
    middle: number,
    width: number,
  ): void {
    context.fillStyle = colours.get('bg-3');
    context.fillRect(left, middle - BOX_HEIGHT / 2, width, BOX_HEIGHT);
    context.fillStyle = colours.get('ink-1');
    context.textAlign = 'center';
    context.fillText(text, left + width / 2, middle + 0.5);
  }

  dispose(): void {
    this.surface.dispose();
  }
}
