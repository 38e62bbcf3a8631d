/**
 * chart-painter: keeps the chart up with its series. Asked by the frame loop like every painter;
 * what it changes the chart draws itself.
 *
 * At most one update in UPDATE_MS: a bar that trades a hundred times a second is told ten times.
 *
 * Imports   canvas, format, frame, live, ./chart-*.
 */
import { colours } from '../../canvas/colours.ts';
import type { Painter } from '../../frame/frame-loop.ts';
import type { CandleSeries } from '../../live/candle-series.ts';
import type { ScalpBands } from './chart-bands.ts';
import type { FillMark } from './chart-fills.ts';
import { ChartRows, type Candle, type ChartPoint } from './chart-rows.ts';
import { ChartView, type ViewOptions } from './chart-view.ts';

export const UPDATE_MS = 90;

/** What the legend says of one bar. */
export interface ToldBar {
  readonly candle: Candle | null;
  readonly isHole: boolean;
  readonly fills: readonly FillMark[];
}

export class ChartPainter implements Painter {
  readonly #parent: HTMLElement;
  readonly #series: CandleSeries;
  readonly #options: ViewOptions;
  readonly #onBar: (bar: ToldBar) => void;
  readonly #rows = new ChartRows();
  #points = new Map<number, ChartPoint>();
  #newest: ChartPoint | null = null;
  #view: ChartView;
  #viewColours = colours.version;
  #bands: readonly ScalpBands[] = [];
  #fills: readonly FillMark[] = [];
  #drawnRevision = 0;
  #drawnBars = 0;
  #crosshair: number | null = null;
  #lastMs = 0;
  #restless = 0;

  constructor(
    parent: HTMLElement,
    series: CandleSeries,
    options: ViewOptions,
    onBar: (bar: ToldBar) => void,
  ) {
    this.#parent = parent;
    this.#series = series;
    this.#options = options;
    this.#onBar = onBar;
    this.#view = this.#makeView();
  }

  get view(): ChartView {
    return this.#view;
  }

  get barCount(): number {
    return this.#points.size;
  }

  #makeView(): ChartView {
    const view = new ChartView(this.#parent, this.#options);
    view.onCrosshair((second) => {
      this.#crosshair = second;
      this.#tell();
    });
    return view;
  }

  setBands(bands: readonly ScalpBands[]): void {
    if (bands === this.#bands) return;
    this.#bands = bands;
    this.#view.setBands(bands);
  }

  setFills(fills: readonly FillMark[]): void {
    if (fills === this.#fills) return;
    this.#fills = fills;
    this.#view.setFills(fills);
  }

  version(): number {
    return this.#series.version + colours.version + this.#restless;
  }

  paint(nowMs: number): void {
    if (colours.version !== this.#viewColours) this.#remake();
    const isWhole = this.#series.revision !== this.#drawnRevision;
    if (!isWhole && nowMs - this.#lastMs < UPDATE_MS) {
      this.#restless += 1;
      return;
    }
    this.#lastMs = nowMs;
    if (isWhole) this.#paintAll();
    else this.#paintNew();
    this.#tell();
  }

  /** Another theme: another chart, at the same place in time. */
  #remake(): void {
    const range = this.#view.chart.timeScale().getVisibleLogicalRange();
    this.#view.dispose();
    this.#view = this.#makeView();
    this.#viewColours = colours.version;
    this.#paintAll();
    if (range !== null) this.#view.chart.timeScale().setVisibleLogicalRange(range);
    this.#view.setBands(this.#bands);
    this.#view.setFills(this.#fills);
  }

  #paintAll(): void {
    this.#rows.restart();
    const points = this.#rows.points(this.#series, 0);
    this.#points = new Map(points.map((point) => [point.second, point]));
    this.#newest = points.at(-1) ?? null;
    this.#view.setAll(points);
    if (this.#drawnBars === 0) this.#view.toNewest();
    this.#view.setFills(this.#fills);
    this.#drawnRevision = this.#series.revision;
    this.#drawnBars = this.#series.length;
  }

  #paintNew(): void {
    const from = Math.max(0, this.#drawnBars - 1);
    for (const point of this.#rows.points(this.#series, from)) {
      // Quiet places before a bar that is drawn already are drawn, too.
      if (this.#newest !== null && point.second < this.#newest.second) continue;
      this.#points.set(point.second, point);
      this.#newest = point;
      this.#view.update(point);
    }
    this.#drawnBars = this.#series.length;
  }

  /** Says what the legend shows: the bar under the crosshair, else the newest. */
  #tell(): void {
    const pointed = this.#crosshair === null ? undefined : this.#points.get(this.#crosshair);
    const point = pointed ?? this.#newest;
    const second = point?.second ?? -1;
    this.#onBar({
      candle: point?.candle ?? null,
      isHole: point?.isHole ?? false,
      fills: this.#fills.filter((fill) => fill.second === second),
    });
  }

  dispose(): void {
    this.#view.dispose();
  }
}
