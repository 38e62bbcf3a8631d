/**
 * liquidity-pen: how what lies over the heatmap looks: gaps, touch, bubbles, axes, imbalance.
 *
 * Units     CSS pixels.
 * Imports   canvas, format, live, ./liquidity-*.
 */
import { colours, MONO, SANS, type ColourName } from '../../canvas/colours.ts';
import type { Surface } from '../../canvas/surface.ts';
import { TextCache } from '../../canvas/text-cache.ts';
import type { Grid } from '../../format/grid.ts';
import { clock } from '../../format/times.ts';
import { COLUMN_MS, type LiquidityHistory } from '../../live/liquidity-history.ts';
import { bubbleRadius, priceStep, timeStep, type HeatScale } from './liquidity-rows.ts';
import { AXIS_WIDTH, STRIP_HEIGHT, TIMES_HEIGHT, type LiquidityView } from './liquidity-view.ts';

const FIGURE = `500 10px ${MONO}`;
const TAG = `700 10px ${MONO}`;
const NOTE = `600 9px ${SANS}`;
const LABEL_GAP = 34;
const TIME_GAP = 78;
const BUBBLE_ALPHA = 0.5;
const OUTLINE_FROM = 5;
const LEGEND_WIDTH = 96;
/** Least width of the unseen past that is said in words. */
const BEFORE_WIDTH = 130;
/** Height of the tag of the last price; a label that it would cover is left out. */
const TAG_HEIGHT = 16;
const STRIP_ALPHA = 0.7;
/** Imbalance of a full bar: the mean of five levels seldom goes further. */
const STRIP_FULL = 0.6;

export class LiquidityPen {
  readonly #grid: Grid;
  readonly #prices: TextCache;
  #context!: CanvasRenderingContext2D;
  #surface!: Surface;
  #view!: LiquidityView;

  constructor(grid: Grid) {
    this.#grid = grid;
    this.#prices = new TextCache((ticks) => grid.price(ticks));
  }

  begin(context: CanvasRenderingContext2D, surface: Surface, view: LiquidityView): void {
    this.#context = context;
    this.#surface = surface;
    this.#view = view;
    context.textBaseline = 'middle';
  }

  #box(colour: ColourName, x: number, y: number, width: number, height: number): void {
    this.#context.fillStyle = colours.get(colour);
    this.#context.fillRect(x, y, width, height);
  }

  #hair(): number {
    return Math.max(1, Math.round(this.#surface.scale)) / this.#surface.scale;
  }

  clear(): void {
    const { width, height } = this.#view;
    this.#box('bg-1', 0, 0, width, height);
  }

  /** What was not seen: a bar with a word where there is room for one. */
  gaps(history: LiquidityHistory): void {
    const { plotHeight, plotRight } = this.#view;
    this.#box('heat-0', 0, 0, plotRight, plotHeight);
    const last = history.newest - this.#view.back;
    const first = Math.max(history.oldest, last - this.#view.columns + 1);
    for (let column = first; column <= last; column++) {
      if (history.isKnown(column)) continue;
      let end = column;
      while (end < last && !history.isKnown(end + 1)) end += 1;
      this.#gap(column, end, history.newest);
      column = end;
    }
    const start = this.#view.xOf(Math.max(history.oldest, 0), history.newest);
    if (start > 0) this.#unseen(start);
  }

  /** Left of the oldest column. */
  #unseen(width: number): void {
    const { plotHeight } = this.#view;
    const context = this.#context;
    this.#box('bg-1', 0, 0, width, plotHeight);
    if (width < BEFORE_WIDTH) return;
    context.font = NOTE;
    context.textAlign = 'right';
    context.fillStyle = colours.get('ink-3');
    context.fillText('before this window', width - 10, plotHeight / 2);
  }

  #gap(from: number, to: number, newest: number): void {
    const { plotHeight } = this.#view;
    const x = this.#view.xOf(from, newest);
    const width = this.#view.xOf(to + 1, newest) - x;
    this.#box('bg-2', x, 0, width, plotHeight);
    if (width < 60) return;
    const context = this.#context;
    context.font = NOTE;
    context.textAlign = 'center';
    context.fillStyle = colours.get('ink-4');
    context.fillText('not seen', x + width / 2, plotHeight / 2);
  }

  /** Best bid and best ask, broken where nothing is known. */
  touch(history: LiquidityHistory): void {
    this.#line(history, 'bid-ink', (column) => history.bidAt(column));
    this.#line(history, 'ask-ink', (column) => history.askAt(column));
  }

  #line(history: LiquidityHistory, colour: ColourName, ticksAt: (column: number) => number): void {
    const context = this.#context;
    const view = this.#view;
    const last = history.newest - view.back;
    const first = Math.max(history.oldest, last - view.columns + 1);
    context.strokeStyle = colours.get(colour);
    context.lineWidth = 1.2;
    context.beginPath();
    let wasKnown = false;
    for (let column = first; column <= last; column++) {
      const isKnown = history.isKnown(column);
      if (isKnown) {
        const x = view.xOf(column, history.newest);
        const y = clamp(view.yOf(ticksAt(column)), view.plotHeight);
        if (wasKnown) context.lineTo(x, y);
        else context.moveTo(x, y);
        context.lineTo(x + view.columnWidth, y);
      }
      wasKnown = isKnown;
    }
    context.stroke();
  }

  /** Trades, large ones with an outline; oldest first, so that the newest lies on top. */
  bubbles(history: LiquidityHistory, floor: number): void {
    if (!Number.isFinite(floor)) return;
    const context = this.#context;
    const view = this.#view;
    context.save();
    context.beginPath();
    context.rect(0, 0, view.width - AXIS_WIDTH, view.plotHeight);
    context.clip();
    context.lineWidth = 0.8;
    // Where small trades are left out, the smallest that is drawn is a small bubble.
    const reference = Math.max(floor, history.usualLots);
    for (let age = history.tradesKept - 1; age >= 0; age--) {
      const lots = history.tradeLots(age);
      const size = Math.abs(lots);
      const x = view.xOfMs(history.tradeMs(age), history.newest);
      if (size < floor || x < -20 || x > view.width) continue;
      this.#bubble(x, view.yOf(history.tradeTicks(age)), lots, bubbleRadius(size, reference));
    }
    context.restore();
  }

  #bubble(x: number, y: number, lots: number, radius: number): void {
    const context = this.#context;
    context.globalAlpha = BUBBLE_ALPHA;
    context.fillStyle = colours.get(lots > 0 ? 'bid' : 'ask');
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
    context.globalAlpha = 1;
    if (radius < OUTLINE_FROM) return;
    context.strokeStyle = colours.get(lots > 0 ? 'bid-ink' : 'ask-ink');
    context.stroke();
  }

  /** The colours of the heatmap with the sizes at their ends. */
  legend(scale: HeatScale, ramp: Uint32Array): void {
    const context = this.#context;
    const y = 8;
    const from = this.#grid.shortSize(Math.max(1, Math.round(scale.lowLots)));
    const to = `${this.#grid.shortSize(Math.round(scale.wallLots))} wall`;
    context.font = FIGURE;
    context.textAlign = 'left';
    const left = 8 + context.measureText(from).width + 6;
    const width = left + LEGEND_WIDTH + context.measureText(to).width + 12;
    context.globalAlpha = 0.8;
    this.#box('bg-1', 3, y - 5, width, 16);
    context.globalAlpha = 1;
    const hair = this.#hair();
    const steps = Math.round(LEGEND_WIDTH / hair);
    for (let i = 0; i < steps; i++) {
      context.fillStyle = cssOf(ramp[Math.floor((i / steps) * ramp.length)] ?? 0);
      context.fillRect(left + i * hair, y, hair, 6);
    }
    context.fillStyle = colours.get('ink-2');
    context.fillText(from, 8, y + 3.5);
    context.fillText(to, left + LEGEND_WIDTH + 6, y + 3.5);
  }

  /** Five-level imbalance of the same time, bids up. */
  strip(history: LiquidityHistory): void {
    const view = this.#view;
    const context = this.#context;
    const top = view.plotHeight;
    const middle = top + STRIP_HEIGHT / 2 + 3;
    const most = STRIP_HEIGHT / 2 - 5;
    this.#box('bg-1', 0, top, view.width, STRIP_HEIGHT);
    this.#box('line', 0, top, view.width, this.#hair());
    this.#box('line', 0, middle, view.plotRight, this.#hair());
    this.#bars(history, middle, most);
    context.font = NOTE;
    context.textAlign = 'left';
    context.fillStyle = colours.get('ink-3');
    context.fillText('IMBALANCE, 5 LEVELS', 6, top + 8);
    context.textAlign = 'right';
    context.font = FIGURE;
    context.fillText(`+${STRIP_FULL}`, view.width - 6, middle - most + 4);
    context.fillText(`−${STRIP_FULL}`, view.width - 6, middle + most - 4);
  }

  #bars(history: LiquidityHistory, middle: number, most: number): void {
    const view = this.#view;
    const context = this.#context;
    // Narrow columns share a bar: their mean is drawn, three pixels wide.
    const each = Math.max(1, Math.round(3 / view.columnWidth));
    const width = each * view.columnWidth;
    const last = history.newest - view.back;
    const oldest = Math.max(history.oldest, last - view.columns + 1);
    const first = Math.ceil(oldest / each) * each;
    context.globalAlpha = STRIP_ALPHA;
    for (let column = first; column <= last; column += each) {
      const value = meanOf(history, column, Math.min(each, last - column + 1));
      if (Number.isNaN(value)) continue;
      const height = Math.min(1, Math.abs(value) / STRIP_FULL) * most;
      const x = view.xOf(column, history.newest);
      const y = value > 0 ? middle - height : middle;
      this.#box(value > 0 ? 'bid' : 'ask', x, y, width - Math.min(0.6, width / 4), height);
    }
    context.globalAlpha = 1;
  }

  times(history: LiquidityHistory): void {
    const view = this.#view;
    const context = this.#context;
    const top = view.height - TIMES_HEIGHT;
    this.#box('bg-1', 0, top, view.width, TIMES_HEIGHT);
    this.#box('line', 0, top, view.width, this.#hair());
    const perSecond = (1000 / COLUMN_MS) * view.columnWidth;
    const stepMs = timeStep(TIME_GAP / perSecond) * 1000;
    const endMs = (history.newest - view.back + 1) * COLUMN_MS;
    context.font = FIGURE;
    context.textAlign = 'center';
    context.fillStyle = colours.get('ink-3');
    for (let ms = Math.floor(endMs / stepMs) * stepMs; ; ms -= stepMs) {
      const x = view.xOfMs(ms, history.newest);
      if (x < 26) return;
      if (x < view.plotRight - 20) context.fillText(clock(ms), x, top + TIMES_HEIGHT / 2 + 0.5);
    }
  }

  prices(lastTicks: number, history: LiquidityHistory): void {
    const view = this.#view;
    const context = this.#context;
    const left = view.width - AXIS_WIDTH;
    this.#box('bg-1', left, 0, AXIS_WIDTH, view.plotHeight);
    this.#box('line', left, 0, this.#hair(), view.height);
    context.font = FIGURE;
    context.textAlign = 'right';
    const step = priceStep((LABEL_GAP / view.rowHeight) * view.group);
    const highest = Math.floor(view.ticksAt(6) / step) * step;
    const tagY = lastTicks > 0 ? this.#tagY(lastTicks) : -TAG_HEIGHT;
    context.fillStyle = colours.get('ink-3');
    for (let ticks = highest; view.yOf(ticks) < view.plotHeight - 5; ticks -= step) {
      const y = view.yOf(ticks);
      if (Math.abs(y - tagY) < TAG_HEIGHT - 2) continue;
      context.fillText(this.#prices.get(ticks), view.width - 6, y + 0.5);
    }
    if (view.back === 0) this.#edge(history);
    if (lastTicks > 0) this.#tag('own', lastTicks);
  }

  /** The touch of now, in the room before the axis. */
  #edge(history: LiquidityHistory): void {
    const view = this.#view;
    const { newest } = history;
    const hair = this.#hair();
    for (const [colour, ticks] of [
      ['bid-ink', history.bidAt(newest)],
      ['ask-ink', history.askAt(newest)],
    ] as const) {
      const y = view.yOf(ticks);
      if (y < 0 || y > view.plotHeight) continue;
      this.#box(
        colour,
        view.plotRight,
        y - hair / 2,
        view.width - AXIS_WIDTH - view.plotRight,
        hair,
      );
    }
  }

  /** Beyond the prices in view the tag stays at the edge. */
  #tagY(ticks: number): number {
    const { plotHeight } = this.#view;
    const half = TAG_HEIGHT / 2;
    return Math.min(plotHeight - half, Math.max(half, this.#view.yOf(ticks)));
  }

  #tag(colour: ColourName, ticks: number): void {
    const view = this.#view;
    const context = this.#context;
    const y = this.#tagY(ticks);
    const left = view.width - AXIS_WIDTH;
    this.#box(colour, left, y - TAG_HEIGHT / 2, AXIS_WIDTH, TAG_HEIGHT);
    context.font = TAG;
    context.textAlign = 'right';
    context.fillStyle = colours.get('bg-0');
    context.fillText(this.#prices.get(ticks), view.width - 6, y + 0.5);
  }
}

function clamp(y: number, height: number): number {
  return Math.min(height, Math.max(0, y));
}

function meanOf(history: LiquidityHistory, column: number, count: number): number {
  let sum = 0;
  let known = 0;
  for (let i = 0; i < count; i++) {
    const value = history.imbalanceAt(column + i);
    if (Number.isNaN(value)) continue;
    sum += value;
    known += 1;
  }
  return known === 0 ? Number.NaN : sum / known;
}

function cssOf(pixel: number): string {
  return `rgb(${pixel & 255} ${(pixel >> 8) & 255} ${(pixel >> 16) & 255})`;
}
