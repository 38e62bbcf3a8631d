/**
 * chart-fills: our own fills as marks on the bars in which they happened. Pure.
 *
 * Fills of one bar with the same side, owner and purpose are one mark that counts them.
 *
 * Imports   contract.
 */
import { barOf } from '../../../engine/contract/candles.ts';
import type { FillEvent } from '../../../engine/contract/events.ts';

export interface FillMark {
  readonly second: number;
  readonly side: 'buy' | 'sell';
  readonly owner: string;
  readonly purpose: string;
  readonly count: number;
}

/** Marks of one instrument, oldest first. */
export function fillMarks(
  fills: readonly FillEvent[],
  symbol: string,
  seconds: number,
): readonly FillMark[] {
  const marks = new Map<string, FillMark>();
  for (const fill of fills) {
    if (fill.symbol !== symbol) continue;
    const second = barOf(Math.floor(fill.atMs / 1000), seconds);
    const { side, owner, purpose } = fill;
    const key = `${second} ${side} ${owner} ${purpose}`;
    const count = (marks.get(key)?.count ?? 0) + 1;
    marks.set(key, { second, side, owner, purpose, count });
  }
  return [...marks.values()].toSorted((a, b) => a.second - b.second);
}

/**
 * On the chart: "entry", "half-target", "hand manual ×3"; the scalper is not named. A quote is an
 * arrow without words: there are many of them, and the legend tells of the bar that is pointed at.
 */
export function shortMark({ owner, purpose, count }: FillMark): string {
  if (purpose === 'quote') return '';
  const who = owner === 'scalper' ? '' : `${owner} `;
  return `${who}${purpose}${count > 1 ? ` ×${count}` : ''}`;
}

/** In the legend: "bought scalper entry ×2 · sold quoter quote". */
export function markWords(marks: readonly FillMark[]): string {
  return marks
    .map(({ side, owner, purpose, count }) => {
      const what = side === 'buy' ? 'bought' : 'sold';
      return `${what} ${owner} ${purpose}${count > 1 ? ` ×${count}` : ''}`;
    })
    .join(' · ');
}
