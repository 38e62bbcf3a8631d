/**
 * chart-view: the chart on the page: its series, fed from the rows, and what lies over them.
 *
 * The library writes a style element for its logo, which the page's policy forbids: the chart is
 * made outside the page, the element is taken out there, and chart.css has the same rules.
 *
 * Imports   canvas, format, live, ./chart-*; lightweight-charts.
 */
import {
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
  LineSeries,
  LineStyle,
  type IChartApi,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  type SeriesMarker,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts';
import { colours } from '../../canvas/colours.ts';
import type { Grid } from '../../format/grid.ts';
import { ChartBands, type ScalpBands } from './chart-bands.ts';
import { shortMark, type FillMark } from './chart-fills.ts';
import type { ChartPoint } from './chart-rows.ts';
import { BAR_PX, chartOptions, tickFormat } from './chart-theme.ts';

const RSI_PANE = 1;
const RSI_SHARE = 0.19;
const STEP_BARS = 10;
const ZOOM_STEP = 1.25;
/** Free places between the newest bar and the axis. */
export const FREE_BARS = 5;

export interface ViewOptions {
  readonly grid: Grid;
  readonly seconds: number;
  readonly hasEmas: boolean;
  readonly hasRsi: boolean;
}

type Bar<Kind extends 'Candlestick' | 'Histogram' | 'Line'> = ISeriesApi<Kind>;

export class ChartView {
  readonly chart: IChartApi;
  readonly holder: HTMLDivElement;
  readonly #candles: Bar<'Candlestick'>;
  readonly #total: Bar<'Histogram'>;
  readonly #bought: Bar<'Histogram'>;
  readonly #holes: Bar<'Histogram'>;
  readonly #fast: Bar<'Line'> | null;
  readonly #slow: Bar<'Line'> | null;
  readonly #rsi: Bar<'Line'> | null;
  readonly #marks: ISeriesMarkersPluginApi<Time>;
  readonly #bands: ChartBands;
  readonly #zoom: number;

  constructor(parent: HTMLElement, options: ViewOptions) {
    this.#zoom = parent.currentCSSZoom ?? 1;
    this.holder = document.createElement('div');
    this.holder.className = 'chart__canvas';
    this.holder.style.zoom = String(1 / this.#zoom);
    this.chart = createChart(this.holder, chartOptions(this.#zoom, options.seconds));
    this.#bands = new ChartBands(this.#zoom);
    this.#holes = this.#histogram('holes', 'bg-3', 0);
    this.#total = this.#histogram('volume', 'ask-strong', 0.86);
    this.#bought = this.#histogram('volume', 'bid', 0.86);
    this.#candles = this.#makeCandles(options.grid);
    this.#fast = options.hasEmas ? this.#line('warn', 0) : null;
    this.#slow = options.hasEmas ? this.#line('info', 0) : null;
    this.#rsi = options.hasRsi ? this.#makeRsi() : null;
    this.#marks = createSeriesMarkers(this.#candles, []);
    this.#candles.attachPrimitive(this.#bands);
    // Drawn once outside the page: only then is the logo made, in the last pane.
    this.chart.takeScreenshot();
    for (const style of this.holder.querySelectorAll('style')) style.remove();
    parent.append(this.holder);
  }

  #histogram(scale: string, colour: Parameters<typeof colours.get>[0], top: number) {
    const series = this.chart.addSeries(HistogramSeries, {
      priceScaleId: scale,
      color: colours.get(colour),
      priceLineVisible: false,
      lastValueVisible: false,
      priceFormat: { type: 'volume' },
    });
    series.priceScale().applyOptions({ scaleMargins: { top, bottom: 0 } });
    return series;
  }

  #makeCandles(grid: Grid): Bar<'Candlestick'> {
    const bid = colours.get('bid');
    const ask = colours.get('ask');
    return this.chart.addSeries(CandlestickSeries, {
      upColor: bid,
      downColor: ask,
      wickUpColor: bid,
      wickDownColor: ask,
      borderVisible: false,
      priceFormat: tickFormat(grid, (marks) => this.#bands.setMarks(marks)),
      priceLineColor: colours.get('own'),
      priceLineStyle: LineStyle.Dotted,
      priceLineWidth: 1,
    });
  }

  #line(colour: Parameters<typeof colours.get>[0], pane: number): Bar<'Line'> {
    return this.chart.addSeries(
      LineSeries,
      {
        color: colours.get(colour),
        lineWidth: this.#zoom >= 1.5 ? 2 : 1,
        priceLineVisible: false,
        lastValueVisible: false,
        crosshairMarkerVisible: false,
      },
      pane,
    );
  }

  #makeRsi(): Bar<'Line'> {
    const series = this.#line('own', RSI_PANE);
    series.applyOptions({
      priceFormat: { type: 'price', precision: 0, minMove: 1 },
      autoscaleInfoProvider: () => ({ priceRange: { minValue: 0, maxValue: 100 } }),
    });
    series.priceScale().applyOptions({ scaleMargins: { top: 0.06, bottom: 0.06 } });
    for (const price of [30, 70]) {
      series.createPriceLine({
        price,
        color: colours.get('line-strong'),
        lineWidth: 1,
        lineStyle: LineStyle.Dashed,
        axisLabelVisible: false,
        title: '',
      });
    }
    const panes = this.chart.panes();
    panes[0]?.setStretchFactor(1 - RSI_SHARE);
    panes[RSI_PANE]?.setStretchFactor(RSI_SHARE);
    return series;
  }

  /** Replaces everything that is drawn. */
  setAll(points: readonly ChartPoint[]): void {
    const traded = points.filter(({ candle }) => candle !== null);
    this.#bands.setLast(traded.at(-1)?.candle?.close ?? Number.NaN);
    this.#candles.setData(points.map(candleItem));
    this.#total.setData(traded.map((point) => item(point, totalLots(point))));
    this.#bought.setData(traded.map((point) => item(point, point.candle?.buyLots ?? 0)));
    this.#holes.setData(points.filter(({ isHole }) => isHole).map((point) => item(point, 1)));
    this.#fast?.setData(traded.map((point) => item(point, point.candle?.emaFast)));
    this.#slow?.setData(traded.map((point) => item(point, point.candle?.emaSlow)));
    this.#rsi?.setData(traded.map((point) => item(point, point.candle?.rsi)));
  }

  /** Brings one point, the newest or a later one, up to date. */
  update(point: ChartPoint): void {
    if (point.candle !== null) this.#bands.setLast(point.candle.close);
    this.#candles.update(candleItem(point));
    if (point.isHole) this.#holes.update(item(point, 1));
    if (point.candle === null) return;
    this.#total.update(item(point, totalLots(point)));
    this.#bought.update(item(point, point.candle.buyLots));
    this.#fast?.update(item(point, point.candle.emaFast));
    this.#slow?.update(item(point, point.candle.emaSlow));
    this.#rsi?.update(item(point, point.candle.rsi));
  }

  setBands(bands: readonly ScalpBands[]): void {
    this.#bands.set(bands);
  }

  setFills(fills: readonly FillMark[]): void {
    this.#marks.setMarkers(fills.map(marker));
  }

  /** The second under the crosshair, or null while it is elsewhere. */
  onCrosshair(listen: (second: number | null) => void): void {
    this.chart.subscribeCrosshairMove(({ time }) => {
      listen(time === undefined ? null : Number(time));
    });
  }

  zoom(direction: number): void {
    const scale = this.chart.timeScale();
    const { barSpacing } = scale.options();
    const wanted = barSpacing * ZOOM_STEP ** direction;
    const spacing = Math.min(60, Math.max(1, wanted / this.#zoom)) * this.#zoom;
    scale.applyOptions({ barSpacing: spacing });
  }

  scroll(direction: number): void {
    const scale = this.chart.timeScale();
    scale.scrollToPosition(scale.scrollPosition() + direction * STEP_BARS, false);
  }

  toStart(bars: number): void {
    const scale = this.chart.timeScale();
    const shown = scale.width() / scale.options().barSpacing;
    scale.scrollToPosition(Math.min(0, Math.floor(shown) - bars), false);
  }

  toEnd(): void {
    const scale = this.chart.timeScale();
    scale.applyOptions({ barSpacing: BAR_PX * this.#zoom });
    this.toNewest();
    this.chart.priceScale('right').applyOptions({ autoScale: true });
  }

  toNewest(): void {
    this.chart.timeScale().scrollToPosition(FREE_BARS, false);
  }

  dispose(): void {
    this.chart.remove();
    this.holder.remove();
  }
}

function totalLots({ candle }: ChartPoint): number {
  return candle === null ? 0 : candle.buyLots + candle.sellLots;
}

/** An item without a value leaves its place empty. */
function item({ second }: ChartPoint, value: number | undefined) {
  const time = second as UTCTimestamp;
  return value === undefined || Number.isNaN(value) ? { time } : { time, value };
}

function candleItem({ second, candle }: ChartPoint) {
  const time = second as UTCTimestamp;
  if (candle === null) return { time };
  const { open, high, low, close } = candle;
  if (!candle.isHole) return { time, open, high, low, close };
  const color = colours.get('ink-3');
  return { time, open, high, low, close, color, wickColor: color };
}

function marker(mark: FillMark): SeriesMarker<Time> {
  const isBuy = mark.side === 'buy';
  const isEntry = mark.purpose === 'entry' || mark.purpose === 'quote';
  return {
    time: mark.second as UTCTimestamp,
    position: isBuy ? 'belowBar' : 'aboveBar',
    shape: isBuy ? 'arrowUp' : 'arrowDown',
    color: colours.get(isEntry ? 'own-ink' : isBuy ? 'bid-ink' : 'ask-ink'),
    text: shortMark(mark),
    size: 0.7,
  };
}
