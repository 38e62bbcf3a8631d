/**
 * chart-bands: open scalps on the chart, from the bar of their entry to the right edge: the same
 * bands as on the ladder, the way to the target and the way to the stop lightly shaded.
 *
 * A band beyond the prices in view stays as a tag at the edge where it lies.
 *
 * Imports   canvas, format; lightweight-charts (types).
 */
import type {
  AutoscaleInfo,
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  ISeriesApi,
  ISeriesPrimitive,
  SeriesAttachedParameter,
  UTCTimestamp,
} from 'lightweight-charts';
import type { ScalpStatus } from '../../../engine/contract/status.ts';
import { colours, SANS } from '../../canvas/colours.ts';
import { bandsOf, type Band } from '../../format/bands.ts';
import type { Grid } from '../../format/grid.ts';

export interface ScalpBands {
  readonly openedSecond: number;
  readonly bands: readonly Band[];
  readonly entry: number;
  readonly target: number;
  readonly stop: number;
}

type DrawTarget = Parameters<IPrimitivePaneRenderer['draw']>[0];

const TAG_HEIGHT = 13;
/** A price on the axis whose middle is nearer than this to the last price is taken away whole. */
const LAST_ROOM = 14;
/** Half of what is cleared for it. */
const MARK_HALF = 7;
const SHADE = 0.07;

export function scalpBands(scalps: readonly ScalpStatus[], grid: Grid): readonly ScalpBands[] {
  return scalps
    .filter(({ symbol }) => symbol === grid.symbol)
    .map((scalp) => ({
      openedSecond: Math.floor(scalp.openedAtMs / 1000),
      bands: bandsOf(scalp, grid),
      entry: grid.ticks(scalp.entry),
      target: grid.ticks(scalp.target),
      stop: grid.ticks(scalp.stop),
    }));
}

/** Where a tag goes: `y` of its middle, and the arrow of a band that is out of view. */
export interface TagPlace {
  readonly y: number;
  readonly arrow: '' | '↑ ' | '↓ ';
}

/** Places tags so that none covers another and all are inside. `ys` are where the bands lie. */
export function placeTags(ys: readonly number[], height: number): readonly TagPlace[] {
  const half = TAG_HEIGHT / 2 + 1;
  const places = ys.map((y): TagPlace => {
    if (y < 0) return { y: half, arrow: '↑ ' };
    if (y > height) return { y: height - half, arrow: '↓ ' };
    return { y: Math.min(height - half, Math.max(half, y)), arrow: '' };
  });
  const order = ys.map((_, i) => i).toSorted((a, b) => ys[a]! - ys[b]!);
  const result = [...places];
  let lowest = -Infinity;
  for (const i of order) {
    const place = result[i]!;
    const y = Math.max(place.y, lowest + TAG_HEIGHT + 1);
    result[i] = { ...place, y };
    lowest = y;
  }
  let highest = height - half;
  for (const i of order.toReversed()) {
    const place = result[i]!;
    const y = Math.min(place.y, highest);
    result[i] = { ...place, y };
    highest = y - TAG_HEIGHT - 1;
  }
  return result;
}

export class ChartBands implements ISeriesPrimitive, IPrimitivePaneView, IPrimitivePaneRenderer {
  #chart: SeriesAttachedParameter['chart'] | null = null;
  #series: ISeriesApi<'Candlestick'> | null = null;
  #redraw: () => void = () => {};
  #all: readonly ScalpBands[] = [];
  /** Size of everything that is drawn, against CSS pixels of the chart. */
  readonly #zoom: number;
  #lastTicks = Number.NaN;
  #marks: readonly number[] = [];
  readonly #axis: readonly IPrimitivePaneView[] = [
    { zOrder: () => 'normal', renderer: () => ({ draw: (target) => this.#clearAxis(target) }) },
  ];

  constructor(zoom: number) {
    this.#zoom = zoom;
  }

  attached(parameter: SeriesAttachedParameter): void {
    this.#chart = parameter.chart;
    this.#series = parameter.series as ISeriesApi<'Candlestick'>;
    this.#redraw = parameter.requestUpdate;
  }

  detached(): void {
    this.#chart = null;
    this.#series = null;
  }

  set(all: readonly ScalpBands[]): void {
    this.#all = all;
    this.#redraw();
  }

  setLast(ticks: number): void {
    this.#lastTicks = ticks;
  }

  /** Prices that the axis names. */
  setMarks(marks: readonly number[]): void {
    this.#marks = marks;
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return [this];
  }

  renderer(): IPrimitivePaneRenderer {
    return this;
  }

  /** Clears the axis behind the label of the last price: no other price peeps out from under it. */
  priceAxisPaneViews(): readonly IPrimitivePaneView[] {
    return this.#axis;
  }

  zOrder(): 'top' {
    return 'top';
  }

  /** Entries and stops may stretch the prices in view, targets far away may not. */
  autoscaleInfo(): AutoscaleInfo | null {
    if (this.#all.length === 0) return null;
    const prices = this.#all.flatMap(({ entry, stop }) => [entry, stop]).filter(Number.isFinite);
    if (prices.length === 0) return null;
    return {
      priceRange: { minValue: Math.min(...prices), maxValue: Math.max(...prices) },
    };
  }

  draw(target: DrawTarget): void {
    target.useMediaCoordinateSpace(({ context, mediaSize }) => {
      for (const scalp of this.#all) this.#scalp(context, scalp, mediaSize);
    });
  }

  #clearAxis(target: DrawTarget): void {
    const zoom = this.#zoom;
    const last = this.#y(this.#lastTicks);
    target.useMediaCoordinateSpace(({ context, mediaSize }) => {
      context.fillStyle = colours.get('bg-1');
      for (const mark of this.#marks) {
        const y = this.#y(mark);
        if (Math.abs(y - last) > LAST_ROOM * zoom) continue;
        context.fillRect(2 * zoom, y - MARK_HALF * zoom, mediaSize.width, 2 * MARK_HALF * zoom);
      }
    });
  }

  #scalp(
    context: CanvasRenderingContext2D,
    scalp: ScalpBands,
    { width, height }: { readonly width: number; readonly height: number },
  ): void {
    const left = this.#left(scalp.openedSecond);
    const edges = { left, right: width };
    const ys = scalp.bands.map(({ ticks }) => this.#y(ticks));
    this.#shade(context, scalp, left, width);
    scalp.bands.forEach((band, i) => this.#line(context, band, ys[i]!, edges));
    const places = placeTags(
      ys.map((y) => y / this.#zoom),
      height / this.#zoom,
    );
    scalp.bands.forEach((band, i) => this.#tag(context, band, places[i]!, edges));
  }

  #left(second: number): number {
    const scale = this.#chart?.timeScale();
    const index = scale?.timeToIndex(second as UTCTimestamp, true) ?? null;
    const x = index === null ? null : (scale?.logicalToCoordinate(index as never) ?? null);
    return Math.max(0, x ?? 0);
  }

  /** Far outside where the price has no place. */
  #y(ticks: number): number {
    return this.#series?.priceToCoordinate(ticks) ?? -1;
  }

  #shade(
    context: CanvasRenderingContext2D,
    { entry, target, stop }: ScalpBands,
    left: number,
    right: number,
  ): void {
    const middle = this.#y(entry);
    context.globalAlpha = SHADE;
    context.fillStyle = colours.get('ok');
    context.fillRect(left, middle, right - left, this.#y(target) - middle);
    context.fillStyle = colours.get('ask');
    context.fillRect(left, middle, right - left, this.#y(stop) - middle);
    context.globalAlpha = 1;
  }

  #line(
    context: CanvasRenderingContext2D,
    { colour, dash }: Band,
    y: number,
    { left, right }: { readonly left: number; readonly right: number },
  ): void {
    const at = Math.round(y) + 0.5;
    context.strokeStyle = colours.get(colour);
    context.lineWidth = this.#zoom;
    context.setLineDash(dash.map((part) => part * this.#zoom));
    context.beginPath();
    context.moveTo(left, at);
    context.lineTo(right, at);
    context.stroke();
    context.setLineDash([]);
  }

  /** At the entry's bar; of a scalp that has just begun, as far left as the words need. */
  #tag(
    context: CanvasRenderingContext2D,
    band: Band,
    place: TagPlace,
    { left, right }: { readonly left: number; readonly right: number },
  ): void {
    const zoom = this.#zoom;
    const text = place.arrow + band.text;
    context.font = `650 ${8.5 * zoom}px ${SANS}`;
    context.textBaseline = 'middle';
    context.textAlign = 'left';
    const width = context.measureText(text).width + 8 * zoom;
    const start = Math.max(0, Math.min(left, right - width - 4 * zoom));
    const top = place.y * zoom - (TAG_HEIGHT / 2) * zoom;
    context.fillStyle = colours.get(band.colour);
    context.beginPath();
    context.roundRect(start + 2 * zoom, top, width, TAG_HEIGHT * zoom, 3 * zoom);
    context.fill();
    context.fillStyle = colours.get('bg-0');
    context.fillText(text, start + 6 * zoom, place.y * zoom + 0.5 * zoom);
  }
}
