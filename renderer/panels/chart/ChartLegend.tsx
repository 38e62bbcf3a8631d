/**
 * ChartLegend: the exact figures of one bar over the chart. Written into by the painter, never
 * rendered again.
 *
 * Imports   format, ./chart-rows.
 */
import type { Grid } from '../../format/grid.ts';
import { MINUS, NONE } from '../../format/numbers.ts';
import { clock } from '../../format/times.ts';
import { markWords } from './chart-fills.ts';
import type { ToldBar } from './chart-painter.ts';
import type { Candle } from './chart-rows.ts';

const FIELDS = [
  ['time', '', 'the bar’s first second, UTC'],
  ['open', 'O', 'first trade'],
  ['high', 'H', 'highest trade'],
  ['low', 'L', 'lowest trade'],
  ['close', 'C', 'last trade'],
  ['change', '', 'close less open, in ticks'],
  ['buy', 'buy', 'bought by takers'],
  ['sell', 'sell', 'sold by takers'],
  ['trades', 'n', 'trades'],
  ['fast', 'EMA 9', 'exponential mean of 9 closes'],
  ['slow', 'EMA 21', 'exponential mean of 21 closes'],
  ['rsi', 'RSI 14', 'relative strength, Wilder'],
  ['note', '', 'our fills in this bar, and whether trades of it were missed'],
] as const;

type FieldName = (typeof FIELDS)[number][0];

export function ChartLegend({ hasEmas, hasRsi }: { hasEmas: boolean; hasRsi: boolean }) {
  const isShown = (name: FieldName): boolean => {
    if (name === 'fast' || name === 'slow') return hasEmas;
    return name !== 'rsi' || hasRsi;
  };
  return (
    <div className="chart__legend num" data-role="chart-legend">
      {FIELDS.filter(([name]) => isShown(name)).map(([name, label, title]) => (
        <span key={name} data-field={name} title={title}>
          {label !== '' && <i>{label}</i>}
          <b>{NONE}</b>
        </span>
      ))}
    </div>
  );
}

/** Puts the figures of a bar into the legend inside `root`. */
export function writeLegend(root: HTMLElement, grid: Grid, bar: ToldBar): void {
  const { candle } = bar;
  const legend = root.querySelector<HTMLElement>('[data-role="chart-legend"]');
  if (legend === null) return;
  const texts = legendTexts(grid, bar);
  for (const span of legend.children) {
    const name = span.getAttribute('data-field') as FieldName;
    const figure = span.querySelector('b');
    if (figure !== null && figure.textContent !== texts[name]) figure.textContent = texts[name];
  }
  const change = candle === null ? 0 : candle.close - candle.open;
  legend.dataset['way'] = change > 0 ? 'up' : change < 0 ? 'down' : 'flat';
}

type Texts = Readonly<Record<FieldName, string>>;

export function legendTexts(grid: Grid, { candle, isHole, fills }: ToldBar): Texts {
  const note = [isHole ? 'trades were missed here' : '', markWords(fills)]
    .filter(Boolean)
    .join(' · ');
  const none = Object.fromEntries(FIELDS.map(([name]) => [name, NONE])) as Record<
    FieldName,
    string
  >;
  if (candle === null) return { ...none, note };
  return { ...figures(grid, candle), note };
}

function figures(grid: Grid, candle: Candle): Omit<Texts, 'note'> {
  const mean = (ticks: number): string => (Number.isNaN(ticks) ? NONE : grid.price(ticks));
  const change = candle.close - candle.open;
  const sign = change > 0 ? '+' : change < 0 ? MINUS : '±';
  return {
    time: clock(candle.second * 1000),
    open: grid.price(candle.open),
    high: grid.price(candle.high),
    low: grid.price(candle.low),
    close: grid.price(candle.close),
    change: `${sign}${Math.abs(change)}`,
    buy: grid.size(candle.buyLots),
    sell: grid.size(candle.sellLots),
    trades: String(candle.trades),
    fast: mean(candle.emaFast),
    slow: mean(candle.emaSlow),
    rsi: Number.isNaN(candle.rsi) ? NONE : candle.rsi.toFixed(1),
  };
}
