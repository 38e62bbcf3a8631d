/**
 * chart-theme: the options of the chart, its colours read from the theme when it is made. A chart
 * is made again when the theme changes.
 *
 * Imports   canvas, format; lightweight-charts (types).
 */
import {
  ColorType,
  CrosshairMode,
  LineStyle,
  type ChartOptions,
  type DeepPartial,
  type PriceFormatCustom,
  type Time,
} from 'lightweight-charts';
import { colours, MONO } from '../../canvas/colours.ts';
import type { Grid } from '../../format/grid.ts';
import { clock } from '../../format/times.ts';

export const FONT_PX = 10;
export const BAR_PX = 7;

/** `zoom`: what the page is enlarged by; the chart itself is not, so that its pointer is right. */
export function chartOptions(zoom: number, seconds: number): DeepPartial<ChartOptions> {
  const line = { color: colours.get('line') };
  const cross = {
    color: colours.get('ink-3'),
    labelBackgroundColor: colours.get('bg-3'),
    style: LineStyle.Dotted,
    width: 1,
  } as const;
  return {
    autoSize: true,
    layout: {
      background: { type: ColorType.Solid, color: colours.get('bg-1') },
      textColor: colours.get('ink-2'),
      fontFamily: MONO,
      fontSize: FONT_PX * zoom,
      attributionLogo: true,
      panes: { separatorColor: colours.get('line'), separatorHoverColor: colours.get('bg-3') },
    },
    grid: { vertLines: { visible: false }, horzLines: line },
    crosshair: { mode: CrosshairMode.Normal, vertLine: cross, horzLine: cross },
    rightPriceScale: {
      borderColor: colours.get('line'),
      scaleMargins: { top: 0.1, bottom: 0.2 },
      minimumWidth: 62 * zoom,
      entireTextOnly: true,
    },
    timeScale: {
      borderColor: colours.get('line'),
      timeVisible: true,
      secondsVisible: seconds < 60,
      barSpacing: BAR_PX * zoom,
      minBarSpacing: zoom,
      minimumHeight: 20 * zoom,
    },
    localization: { timeFormatter: (time: Time) => `${clock(Number(time) * 1000)} UTC` },
    // The wheel belongs to whoever scrolls the page only while the chart has nothing to scroll.
    handleScroll: { mouseWheel: true, pressedMouseMove: true },
    handleScale: { mouseWheel: true, pinch: true, axisPressedMouseMove: true },
  };
}

/**
 * The chart counts in ticks: no price is ever rounded on its way to the axis. `onMarks` hears which
 * prices the axis names.
 */
export function tickFormat(
  grid: Grid,
  onMarks: (marks: readonly number[]) => void,
): PriceFormatCustom {
  return {
    type: 'custom',
    minMove: 1,
    formatter: (ticks: number) => grid.price(ticks),
    tickmarksFormatter: (marks) => {
      onMarks(marks);
      return marks.map((ticks) => grid.price(ticks));
    },
  };
}
