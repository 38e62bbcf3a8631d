/**
 * liquidity-painter: history → pixels: the heatmap, the touch, trades, axes, and the imbalance.
 *
 * It paints when a column or a trade is new, or the view moved; trades that come closer together
 * than PAINT_MS are drawn together. The heatmap itself is kept in the
 * heat store, of which a new column changes one column of pixels.
 *
 * Imports   canvas, contract, format, frame, live, stores (types), ./*.
 */
import { FrameInstrument } from '../../../engine/contract/frames.ts';
import { colours } from '../../canvas/colours.ts';
import { heatRamp } from '../../canvas/heat-ramp.ts';
import { Surface } from '../../canvas/surface.ts';
import type { Grid } from '../../format/grid.ts';
import type { Painter } from '../../frame/frame-loop.ts';
import { COLUMN_MS, type LiquidityHistory } from '../../live/liquidity-history.ts';
import type { LiveMarket } from '../../live/live-market.ts';
import type { BubbleSize } from '../../stores/chart-store.ts';
import { HeatStore } from './heat-store.ts';
import { LiquidityPen } from './liquidity-pen.ts';
import { bubbleFloor, HeatScale } from './liquidity-rows.ts';
import { LiquidityView } from './liquidity-view.ts';

/** A storm of trades is drawn thirty times a second. */
export const PAINT_MS = 30;
/** The way of the market through this time has room in the view. */
const WAY_COLUMNS = 60_000 / COLUMN_MS;
const RAMP_STEPS = 256;
const STOPS = ['heat-0', 'heat-1', 'heat-2', 'heat-3', 'heat-4'] as const;

export class LiquidityPainter implements Painter {
  readonly view = new LiquidityView();
  readonly scale = new HeatScale();
  readonly store = new HeatStore();
  readonly surface: Surface;
  readonly #live: LiveMarket;
  readonly #grid: Grid;
  readonly #pen: LiquidityPen;
  #pixels: Uint32Array = new Uint32Array(256);
  #ramp: Uint32Array = new Uint32Array(RAMP_STEPS);
  #rampVersion = -1;
  #scaleVersion = -1;
  #bubbles: BubbleSize = 'large';
  #ownVersion = 0;
  #viewDrawn = -1;
  #paintedMs = Number.NEGATIVE_INFINITY;
  #waits = 0;
  isPointed = false;

  constructor(canvas: HTMLCanvasElement, live: LiveMarket, grid: Grid) {
    this.surface = new Surface(canvas);
    this.#live = live;
    this.#grid = grid;
    this.#pen = new LiquidityPen(grid);
  }

  get history(): LiquidityHistory | null {
    return this.#live.liquidity.of(this.#grid.index);
  }

  setBubbles(size: BubbleSize): void {
    if (size === this.#bubbles) return;
    this.#bubbles = size;
    this.#ownVersion += 1;
  }

  /** Middle of the touch; null while the book may not be believed. */
  middle(): number | null {
    const { book } = this.#live;
    const { index } = this.#grid;
    if (!book.isValid(index)) return null;
    const bid = book.field(index, FrameInstrument.BidTicks);
    return (bid + book.field(index, FrameInstrument.AskTicks)) / 2;
  }

  version(): number {
    const seen = this.history?.version ?? 0;
    return seen + this.#lookVersion() + this.#waits;
  }

  /** Moves when something other than the past has changed. */
  #lookVersion(): number {
    return this.view.version + this.surface.version + colours.version + this.#ownVersion;
  }

  paint(nowMs: number): void {
    const context = this.surface.begin();
    const { view, history } = this;
    if (context === null) return;
    if (this.#lookVersion() === this.#viewDrawn && nowMs - this.#paintedMs < PAINT_MS) {
      this.#waits += 1;
      return;
    }
    this.#paintedMs = nowMs;
    view.resize(this.surface.width, this.surface.height);
    const middle = this.middle();
    if (middle !== null) view.follow(middle, this.isPointed, history?.wayOf(WAY_COLUMNS));
    this.#viewDrawn = this.#lookVersion();
    this.#pen.begin(context, this.surface, view);
    this.#pen.clear();
    if (history === null || history.newest < 0) return;
    this.#updateHeat(history);
    this.#pen.gaps(history);
    this.store.blit(context, history, view);
    this.#pen.touch(history);
    this.#pen.bubbles(history, bubbleFloor(this.#bubbles, history.usualLots));
    this.#pen.legend(this.scale, this.#ramp);
    this.#pen.strip(history);
    this.#pen.times(history);
    this.#pen.prices(this.#lastTicks(), history);
  }

  #lastTicks(): number {
    const { book } = this.#live;
    const last = book.field(this.#grid.index, FrameInstrument.LastTradeTicks);
    return last > 0 ? last : (this.middle() ?? 0);
  }

  #updateHeat(history: LiquidityHistory): void {
    this.scale.update(history.sizes);
    if (this.#rampVersion !== colours.version) {
      this.#ramp = heatRamp(
        STOPS.map((name) => colours.get(name)),
        RAMP_STEPS,
      );
    }
    if (this.#rampVersion !== colours.version || this.#scaleVersion !== this.scale.version) {
      this.#pixels = this.scale.pixels(this.#ramp);
    }
    this.#rampVersion = colours.version;
    this.#scaleVersion = this.scale.version;
    const look = `${this.scale.version} ${colours.version}`;
    this.store.update(history, this.view, this.#pixels, look);
  }

  dispose(): void {
    this.surface.dispose();
  }
}
