/**
 * heat-store: the heatmap's pixels, one per column and row, kept apart from the screen.
 *
 * Columns lie in a ring, as in the history: a new column is one column of pixels and nothing else
 * moves. Only other prices, another scale or another theme draw all of it again.
 *
 * Imports   live, ./liquidity-*.
 */
import { COLUMNS, type LiquidityHistory } from '../../live/liquidity-history.ts';
import type { LiquidityView } from './liquidity-view.ts';

const ROWS_MAX = 1024;

export class HeatStore {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D | null;
  readonly #steps = new Uint8Array(ROWS_MAX);
  #column: ImageData | null = null;
  #key = '';
  #newest = -1;
  #rows = 0;
  /** How often everything was drawn again; for tests and figures. */
  rebuilds = 0;

  constructor() {
    this.#canvas = document.createElement('canvas');
    this.#context = this.#canvas.getContext('2d');
  }

  /** Brings the pixels up to the history. `look`: what else they depend on. */
  update(history: LiquidityHistory, view: LiquidityView, pixels: Uint32Array, look: string): void {
    const rows = Math.min(ROWS_MAX, view.rows);
    const key = `${history.instrument} ${view.topTicks} ${view.group} ${rows} ${look}`;
    const isWhole = key !== this.#key || history.newest < this.#newest;
    if (isWhole) this.#restart(key, rows);
    const from = isWhole ? history.oldest : this.#newest + 1;
    if (history.newest - from > 64) this.#drawMany(history, view, pixels);
    else this.#drawEach(history, view, pixels, from);
    this.#newest = history.newest;
  }

  #restart(key: string, rows: number): void {
    this.rebuilds += 1;
    this.#key = key;
    if (rows !== this.#rows || this.#canvas.width !== COLUMNS) {
      this.#canvas.width = COLUMNS;
      this.#canvas.height = rows;
      this.#rows = rows;
      this.#column = null;
    }
  }

  #drawEach(
    history: LiquidityHistory,
    view: LiquidityView,
    pixels: Uint32Array,
    from: number,
  ): void {
    const context = this.#context;
    if (context === null || this.#rows === 0) return;
    const image = (this.#column ??= context.createImageData(1, this.#rows));
    const words = new Uint32Array(image.data.buffer);
    for (let column = Math.max(0, from); column <= history.newest; column++) {
      this.#fill(history, view, pixels, { column, words, at: 0, stride: 1 });
      context.putImageData(image, column % COLUMNS, 0);
    }
  }

  #drawMany(history: LiquidityHistory, view: LiquidityView, pixels: Uint32Array): void {
    const context = this.#context;
    if (context === null || this.#rows === 0) return;
    const image = context.createImageData(COLUMNS, this.#rows);
    const words = new Uint32Array(image.data.buffer);
    for (let column = history.oldest; column <= history.newest; column++) {
      const at = column % COLUMNS;
      this.#fill(history, view, pixels, { column, words, at, stride: COLUMNS });
    }
    context.putImageData(image, 0, 0);
  }

  /** A column that is not known stays see-through: what lies under it says so. */
  #fill(
    history: LiquidityHistory,
    view: LiquidityView,
    pixels: Uint32Array,
    to: {
      readonly column: number;
      readonly words: Uint32Array;
      readonly at: number;
      readonly stride: number;
    },
  ): void {
    const steps = this.#steps.subarray(0, this.#rows);
    const isKnown = history.fillSteps(to.column, view.topTicks, view.group, steps);
    for (let row = 0; row < this.#rows; row++) {
      to.words[to.at + row * to.stride] = isKnown ? (pixels[steps[row] ?? 0] ?? 0) : 0;
    }
  }

  /** Puts the columns in view onto the screen, in two pieces where the ring ends between them. */
  blit(context: CanvasRenderingContext2D, history: LiquidityHistory, view: LiquidityView): void {
    if (this.#rows === 0 || history.newest < 0) return;
    const last = history.newest - view.back;
    const first = Math.max(history.oldest, last - view.columns + 1, last - COLUMNS + 1);
    const count = last - first + 1;
    if (count <= 0) return;
    context.imageSmoothingEnabled = false;
    const slot = first % COLUMNS;
    const ahead = Math.min(count, COLUMNS - slot);
    this.#piece(context, view, { slot, count: ahead, x: view.xOf(first, history.newest) });
    if (ahead === count) return;
    const x = view.xOf(first + ahead, history.newest);
    this.#piece(context, view, { slot: 0, count: count - ahead, x });
  }

  #piece(
    context: CanvasRenderingContext2D,
    { columnWidth, rowHeight }: LiquidityView,
    { slot, count, x }: { readonly slot: number; readonly count: number; readonly x: number },
  ): void {
    const width = count * columnWidth;
    const height = this.#rows * rowHeight;
    context.drawImage(this.#canvas, slot, 0, count, this.#rows, x, 0, width, height);
  }
}
