/**
 * imbalance-painter: instruments × five levels, and a strip of the last sixty seconds.
 *
 * Cells are painted with every frame; the strip only when it has a new sample.
 *
 * Imports   contract, canvas, domain, format, frame, live, ./imbalance-rows.
 */
import { FrameInstrument } from '../../../engine/contract/frames.ts';
import { LEVELS } from '../../../engine/domain/market.ts';
import { colours, MONO, SANS } from '../../canvas/colours.ts';
import { Surface } from '../../canvas/surface.ts';
import { TextCache } from '../../canvas/text-cache.ts';
import type { Grid } from '../../format/grid.ts';
import { baseOf } from '../../format/words.ts';
import type { Painter } from '../../frame/frame-loop.ts';
import { HISTORY_SAMPLES } from '../../live/imbalance-history.ts';
import type { LiveMarket } from '../../live/live-market.ts';
import {
  cellOpacity,
  cellWidthInside,
  columnsFor,
  FOOT_HEIGHT,
  imbalanceText,
  ROW_HEIGHT,
  type ImbalanceColumns,
} from './imbalance-rows.ts';

const NAME = `600 11px ${SANS}`;
const FIGURE = `500 11px ${MONO}`;
const CELL = `600 9.5px ${MONO}`;
const FOOT = `600 9px ${SANS}`;
/** Above this a cell is so bright that its figure is drawn dark. */
const BRIGHT = 0.6;

export class ImbalancePainter implements Painter {
  readonly surface: Surface;
  readonly #live: LiveMarket;
  readonly #texts = new TextCache((percent) => imbalanceText(percent / 100), 256);
  #grids: readonly Grid[] = [];
  #focus = '';
  #ownVersion = 0;
  #drawnVersion = -1;
  #drawnSample = -1;

  constructor(canvas: HTMLCanvasElement, live: LiveMarket) {
    this.surface = new Surface(canvas);
    this.#live = live;
  }

  setGrids(grids: readonly Grid[]): void {
    this.#grids = grids;
    this.#ownVersion += 1;
  }

  setFocus(symbol: string): void {
    this.#focus = symbol;
    this.#ownVersion += 1;
  }

  version(): number {
    return this.#live.book.version + this.#fullVersion();
  }

  #fullVersion(): number {
    return this.surface.version + colours.version + this.#ownVersion;
  }

  paint(): void {
    const context = this.surface.begin();
    if (context === null) return;
    const columns = columnsFor(this.surface.width);
    const { taken } = this.#live.imbalance;
    const full = this.#fullVersion();
    const isFull = full !== this.#drawnVersion || this.#live.book.version === 0;
    const hasSample = taken !== this.#drawnSample;
    this.#drawnVersion = full;
    this.#drawnSample = taken;
    context.textBaseline = 'middle';
    if (isFull) this.#background(context, columns);
    this.#grids.forEach((grid, row) => {
      this.#figures(context, columns, grid, row);
      if (isFull || hasSample) this.#strip(context, columns, grid, row);
    });
  }

  #background(context: CanvasRenderingContext2D, columns: ImbalanceColumns): void {
    const { width, height } = this.surface;
    context.fillStyle = colours.get('bg-1');
    context.fillRect(0, 0, width, height);
    const y = this.#grids.length * ROW_HEIGHT + FOOT_HEIGHT / 2;
    context.font = FOOT;
    context.fillStyle = colours.get('ink-3');
    context.textAlign = 'center';
    for (let level = 0; level < LEVELS; level++) {
      const x = columns.cells + level * columns.cellWidth + cellWidthInside(columns) / 2;
      context.fillText(`L${level + 1}`, x, y);
    }
    context.textAlign = 'left';
    context.fillText('60 s ago', columns.strip, y);
    context.textAlign = 'right';
    context.fillText('now', columns.strip + columns.stripWidth, y);
    if (columns.price > 0) {
      context.fillText('Last', columns.price, y);
      context.fillText('Spr', columns.spread, y);
    }
  }

  #figures(
    context: CanvasRenderingContext2D,
    columns: ImbalanceColumns,
    grid: Grid,
    row: number,
  ): void {
    const { book } = this.#live;
    const y = row * ROW_HEIGHT;
    const middle = y + ROW_HEIGHT / 2 + 0.5;
    const isFocus = grid.symbol === this.#focus;
    const isValid = book.isValid(grid.index);
    context.fillStyle = colours.get(isFocus ? 'bg-2' : 'bg-1');
    context.fillRect(0, y, columns.strip - 4, ROW_HEIGHT);
    context.fillStyle = colours.get(isFocus ? 'own' : 'bg-1');
    context.fillRect(0, y + 1, 2, ROW_HEIGHT - 2);
    context.fillStyle = colours.get(isValid ? 'ok' : 'warn');
    context.fillRect(11, middle - 3, 6, 6);
    context.font = NAME;
    context.textAlign = 'left';
    context.fillStyle = colours.get(isFocus ? 'ink-1' : 'ink-2');
    context.fillText(baseOf(grid.symbol), columns.name, middle);
    if (columns.price > 0) this.#prices(context, columns, grid, middle, isValid);
    context.font = CELL;
    context.textAlign = 'center';
    for (let level = 0; level < LEVELS; level++) {
      const value = book.field(grid.index, FrameInstrument.Imbalance0 + level);
      this.#cell(context, columns, level, y, isValid ? value : Number.NaN);
    }
  }

  #prices(
    context: CanvasRenderingContext2D,
    columns: ImbalanceColumns,
    grid: Grid,
    middle: number,
    isValid: boolean,
  ): void {
    const { book } = this.#live;
    const last = book.field(grid.index, FrameInstrument.LastTradeTicks);
    const side = book.field(grid.index, FrameInstrument.LastTradeSide);
    context.font = FIGURE;
    context.textAlign = 'right';
    context.fillStyle = colours.get(side > 0 ? 'bid-ink' : side < 0 ? 'ask-ink' : 'ink-3');
    if (!isValid) context.fillStyle = colours.get('ink-4');
    context.fillText(last > 0 ? grid.price(last) : '–', columns.price, middle);
    const ask = book.field(grid.index, FrameInstrument.AskTicks);
    const spread = ask - book.field(grid.index, FrameInstrument.BidTicks);
    context.fillStyle = colours.get('ink-3');
    context.fillText(isValid ? String(spread) : '–', columns.spread, middle);
  }

  #cell(
    context: CanvasRenderingContext2D,
    columns: ImbalanceColumns,
    level: number,
    y: number,
    value: number,
  ): void {
    const x = columns.cells + level * columns.cellWidth;
    const width = cellWidthInside(columns);
    const hasValue = !Number.isNaN(value);
    context.globalAlpha = hasValue ? cellOpacity(value) : 1;
    context.fillStyle = colours.get(!hasValue ? 'bg-2' : value >= 0 ? 'bid' : 'ask');
    context.fillRect(x, y + 1, width, ROW_HEIGHT - 2);
    context.globalAlpha = 1;
    if (!hasValue) return;
    context.fillStyle = colours.get(Math.abs(value) > BRIGHT ? 'bg-0' : 'ink-2');
    const text = this.#texts.get(Math.round(value * 100));
    context.fillText(text, x + width / 2, y + ROW_HEIGHT / 2 + 0.5);
  }

  #strip(
    context: CanvasRenderingContext2D,
    columns: ImbalanceColumns,
    grid: Grid,
    row: number,
  ): void {
    const { surface } = this;
    const y = row * ROW_HEIGHT + 1;
    const height = ROW_HEIGHT - 2;
    const right = columns.strip + columns.stripWidth;
    context.fillStyle = colours.get('bg-2');
    context.fillRect(columns.strip, y, columns.stripWidth, height);
    const step = columns.stripWidth / HISTORY_SAMPLES;
    for (let age = 0; age < HISTORY_SAMPLES; age++) {
      const value = this.#live.imbalance.at(grid.index, age);
      if (Number.isNaN(value)) continue;
      const from = surface.snap(right - (age + 1) * step);
      const to = surface.snap(right - age * step);
      context.globalAlpha = cellOpacity(value);
      context.fillStyle = colours.get(value >= 0 ? 'bid' : 'ask');
      context.fillRect(from, y, to - from, height);
    }
    context.globalAlpha = 1;
  }

  dispose(): void {
    this.surface.dispose();
  }
}
