/**
 * EquityCurve: the day's result through time.
 *
 * Imports   canvas, contract, stores, uplot.
 */
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { EquityPoint } from '../../../engine/contract/history.ts';
import { colours, MONO } from '../../canvas/colours.ts';
import { useView } from '../../stores/view-store.ts';

export interface CurveProps {
  readonly points: readonly EquityPoint[];
  /** What the curve shows, in words. */
  readonly label: string;
}

/** Another palette draws it anew. */
export function EquityCurve({ points, label }: CurveProps) {
  const look = useView(({ palette, theme }) => `${palette} ${theme}`);
  return (
    <div className="statistics__curve" role="img" aria-label={label}>
      <Plot key={look} points={points} />
    </div>
  );
}

function Plot({ points }: Pick<CurveProps, 'points'>) {
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);

  useEffect(() => {
    const root = holder.current;
    if (root === null || !canDraw()) return undefined;
    const { clientWidth: width, clientHeight: height } = root;
    const made = new uPlot(options(Math.max(width, 80), Math.max(height, 40)), [[], []], root);
    plot.current = made;
    const observer = new ResizeObserver(() => {
      if (root.clientWidth === 0 || root.clientHeight === 0) return;
      made.setSize({ width: root.clientWidth, height: root.clientHeight });
    });
    observer.observe(root);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, []);

  useEffect(() => {
    const times = points.map(({ atMs }) => atMs / 1000);
    plot.current?.setData([times, points.map(({ day }) => Number(day))]);
  }, [points]);

  return <div ref={holder} className="statistics__plot" />;
}

/** Without a canvas there is nothing to draw on; the figures beside it say the same. */
function canDraw(): boolean {
  return document.createElement('canvas').getContext('2d') !== null;
}

function options(width: number, height: number): uPlot.Options {
  const axis = {
    stroke: colours.get('ink-3'),
    font: `500 9.5px ${MONO}`,
    grid: { stroke: colours.get('line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    // To the right room for half of the last time.
    padding: [6, 28, 0, 0],
    scales: { x: { time: true } },
    axes: [
      { ...axis, size: 20, gap: 2, space: 70, values: '{HH}:{mm}:{ss}' },
      { ...axis, size: 56, gap: 4, space: 40 },
    ],
    series: [
      {},
      {
        stroke: colours.get('own'),
        width: 1.25,
        fill: colours.get('own-soft'),
        points: { show: false },
      },
    ],
  };
}
