/**
 * statistics-rows: session statistics as figures and tables that say how sure they are. Pure.
 *
 * A figure shows the digits that its standard error bears; from fewer than FEW results it recedes
 * and says how many there are; from fewer than NONE_BELOW it is not shown.
 *
 * Imports   contract, format, engine/portfolio.
 */
import type { ClosedScalp, EndedOrder, EquityPoint } from '../../../engine/contract/history.ts';
import {
  decimalsBorne,
  fillRatio,
  grouped as groupResults,
  largestFall,
  mean,
  summarise,
  type Estimate,
  type ScalpResult,
  type Summary,
} from '../../../engine/portfolio/session-statistics.ts';
import { grouped, MINUS, signed } from '../../format/numbers.ts';
import { SIGNAL_WORDS } from '../../format/words.ts';

export const FEW = 20;
export const NONE_BELOW = 5;
const MONEY_DECIMALS = 4;

export interface Figure {
  readonly key: string;
  readonly name: string;
  /** What it is, for the tooltip. */
  readonly meaning: string;
  readonly text: string;
  /** "± 0.05", or '' where there is no error. */
  readonly error: string;
  /** "of 7: few" and the like; '' when there is nothing to say. */
  readonly note: string;
  readonly sign: number;
  readonly isWeak: boolean;
}

export interface GroupRow {
  readonly key: string;
  readonly count: number;
  readonly winRate: string;
  readonly expectancy: string;
  readonly expectancyR: string;
  readonly net: string;
  readonly netSign: number;
  readonly isWeak: boolean;
}

export function resultOf(scalp: ClosedScalp): ScalpResult {
  return {
    symbol: scalp.symbol,
    exitKind: scalp.exitKind,
    openedBy: scalp.openedBy,
    closedAtMs: scalp.closedAtMs,
    heldMs: scalp.closedAtMs - scalp.openedAtMs,
    gross: Number(scalp.gross),
    fees: Number(scalp.fees),
    net: Number(scalp.net),
    risk: scalp.risk === null ? null : Number(scalp.risk),
  };
}

interface Look {
  readonly decimals: number;
  readonly scale?: number;
  readonly unit?: string;
  readonly isSigned?: boolean;
}

/** "+0.12" and "± 0.05" with as many digits as the error bears. */
export function estimateTexts(estimate: Estimate, look: Look): { text: string; error: string } {
  const { decimals: most, scale = 1, unit = '', isSigned = false } = look;
  const error = estimate.error === null ? null : estimate.error * scale;
  const decimals = decimalsBorne(error, most);
  const value = estimate.value * scale;
  const shown = isSigned ? signed(value, decimals) : plain(value, decimals);
  const tail = unit === '' ? '' : ` ${unit}`;
  if (error === null || !(error > 0)) return { text: `${shown}${tail}`, error: '' };
  return { text: shown, error: `± ${error.toFixed(decimals)}${tail}` };
}

function plain(value: number, decimals: number): string {
  return grouped(value.toFixed(decimals)).replace(/^-/, MINUS);
}

export function headFigures(
  scalps: readonly ClosedScalp[],
  orders: readonly EndedOrder[],
  equity: readonly EquityPoint[],
  currency: string,
): readonly Figure[] {
  const results = scalps.map(resultOf);
  const summary = summarise(results);
  return [
    ...resultFigures(summary, currency),
    ...costFigures(summary, currency),
    ...fallFigures(results, equity, currency),
    ...orderFigures(scalps, orders),
  ];
}

function resultFigures(summary: Summary, currency: string): Figure[] {
  const money: Look = { decimals: MONEY_DECIMALS, unit: currency, isSigned: true };
  return [
    {
      ...bare('net', 'Net result', 'Of all closed scalps, after fees'),
      text: `${signed(summary.net, 2)} ${currency}`,
      note: `${summary.count} closed, ${summary.wins} won, ${summary.losses} lost`,
      sign: Math.sign(summary.net),
    },
    estimated('win-rate', 'Win rate', summary.winRate, { decimals: 1, scale: 100, unit: '%' }, [
      'Share of closed scalps whose result after fees is above zero;',
      'error as if two more had gone each way',
    ]),
    estimated('expectancy', 'Expectancy', summary.expectancy, money, [
      'Mean result of one scalp after fees, with its standard error',
    ]),
    estimated(
      'expectancy-r',
      'Expectancy, R',
      summary.expectancyR,
      { decimals: 2, unit: 'R', isSigned: true },
      ['Mean of results after fees, each over what its first stop risked'],
    ),
    ratio(
      'profit-factor',
      'Profit factor',
      'Sum of what was won over the sum of what was lost, after fees',
      summary.profitFactor,
      summary.count,
      (value) => value.toFixed(summary.count < 100 ? 1 : 2),
    ),
    estimated('average-win', 'Average win', summary.averageWin, money, ['After fees']),
    estimated('average-loss', 'Average loss', summary.averageLoss, money, ['After fees']),
  ];
}

function costFigures(summary: Summary, currency: string): Figure[] {
  return [
    ratio(
      'hold',
      'Median hold',
      'From the first fill of the entry to the end; half were shorter',
      summary.medianHoldMs,
      summary.count,
      (ms) => (ms < 99_500 ? `${(ms / 1000).toFixed(0)} s` : `${(ms / 60_000).toFixed(1)} min`),
    ),
    {
      ...ratio(
        'fees',
        'Fees of gross',
        'Fees over the result before fees; none where that result is not above zero',
        summary.feeShare,
        summary.count,
        (share) => `${(100 * share).toFixed(0)} %`,
      ),
      note: `${summary.fees.toFixed(2)} ${currency} paid`,
    },
  ];
}

function fallFigures(
  results: readonly ScalpResult[],
  equity: readonly EquityPoint[],
  currency: string,
): Figure[] {
  const day = Math.max(0, ...equity.map(({ drawdown }) => Number(drawdown)));
  const ordered = results.toSorted((a, b) => a.closedAtMs - b.closedAtMs);
  const closed = largestFall(ordered.map(({ net }) => net));
  const text = (fall: number): string => `${fall > 0 ? MINUS : ''}${fall.toFixed(2)} ${currency}`;
  return [
    {
      ...bare(
        'drawdown',
        'Largest fall, day',
        'Of the day’s result with open positions below its peak, at the moments of the curve',
      ),
      text: equity.length === 0 ? NO_FIGURE : text(day),
      sign: equity.length === 0 ? 0 : -Math.sign(day),
    },
    {
      ...bare(
        'drawdown-closed',
        'Largest fall, closed',
        'Of the summed results of closed scalps below their peak',
      ),
      text: results.length === 0 ? NO_FIGURE : text(closed),
      sign: results.length === 0 ? 0 : -Math.sign(closed),
    },
  ];
}

function orderFigures(scalps: readonly ClosedScalp[], orders: readonly EndedOrder[]): Figure[] {
  // An order that was told twice counts as it ended last.
  const last = new Map(orders.map((order) => [order.clientId, order]));
  const entries = [...last.values()]
    .filter(({ purpose }) => purpose === 'entry')
    .map(({ size, filled }) => ({ size: Number(size), filled: Number(filled) }));
  const ratios = fillRatio(entries);
  const slips = scalps.flatMap(({ exitSlipTicks: slip }) => (slip === null ? [] : [slip]));
  return [
    estimated('fill-rate', 'Entries filled', ratios.rate, { decimals: 0, scale: 100, unit: '%' }, [
      'Share of ended entry orders that filled at all',
    ]),
    estimated('fill-share', 'Entry size', ratios.share, { decimals: 0, scale: 100, unit: '%' }, [
      'Mean filled share of the ordered size, of ended entry orders',
    ]),
    estimated(
      'stop-slip',
      'Stop slip',
      mean(slips),
      { decimals: 1, unit: 'ticks', isSigned: true },
      ['By how much stop exits were worse than the stop'],
    ),
  ];
}

export const NO_FIGURE = 'not enough data';

function bare(key: string, name: string, meaning: string): Figure {
  return { key, name, meaning, text: NO_FIGURE, error: '', note: '', sign: 0, isWeak: false };
}

function estimated(
  key: string,
  name: string,
  estimate: Estimate | null,
  look: Look,
  meaning: readonly string[],
): Figure {
  const figure = bare(key, name, meaning.join(' '));
  const count = estimate?.count ?? 0;
  if (estimate === null || count < NONE_BELOW) return { ...figure, note: ofCount(count) };
  const { text, error } = estimateTexts(estimate, look);
  // What is nearer to zero than its error has no sign to speak of.
  const isSure = estimate.error === null || Math.abs(estimate.value) > estimate.error;
  const sign = look.isSigned === true && isSure && key !== 'stop-slip' ? estimate.value : 0;
  const isWeak = count < FEW;
  return {
    ...figure,
    text,
    error,
    note: isWeak ? ofCount(count) : '',
    sign: Math.sign(sign),
    isWeak,
  };
}

function ratio(
  key: string,
  name: string,
  meaning: string,
  value: number | null,
  count: number,
  text: (value: number) => string,
): Figure {
  const figure = bare(key, name, meaning);
  if (count < NONE_BELOW) return { ...figure, note: ofCount(count) };
  if (value === null) return { ...figure, text: 'none', note: 'see its meaning' };
  const isWeak = count < FEW;
  return { ...figure, text: text(value), note: isWeak ? ofCount(count) : '', isWeak };
}

function ofCount(count: number): string {
  return count === 0 ? 'no results yet' : `of only ${count}`;
}

export const GROUPINGS = ['exit', 'instrument', 'signal'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export function groupRows(scalps: readonly ClosedScalp[], by: Grouping): readonly GroupRow[] {
  const keys: Readonly<Record<Grouping, (result: ScalpResult) => readonly string[]>> = {
    exit: ({ exitKind }) => [exitKind],
    instrument: ({ symbol }) => [symbol],
    signal: ({ openedBy }) => openedBy,
  };
  return groupResults(scalps.map(resultOf), keys[by]).map(({ key, summary }) => ({
    key: by === 'signal' ? signalWord(key) : key,
    count: summary.count,
    winRate: cell(summary.winRate, { decimals: 0, scale: 100 }),
    expectancy: cell(summary.expectancy, { decimals: MONEY_DECIMALS, isSigned: true }),
    expectancyR: cell(summary.expectancyR, { decimals: 2, isSigned: true }),
    net: signed(summary.net, 2),
    netSign: Math.sign(Number(summary.net.toFixed(2))),
    isWeak: summary.count < FEW,
  }));
}

function signalWord(name: string): string {
  return Object.hasOwn(SIGNAL_WORDS, name) ? SIGNAL_WORDS[name as keyof typeof SIGNAL_WORDS] : name;
}

function cell(estimate: Estimate | null, look: Look): string {
  if (estimate === null || estimate.count < NONE_BELOW) return '–';
  const { text, error } = estimateTexts(estimate, look);
  return error === '' ? text : `${text} ${error}`;
}
