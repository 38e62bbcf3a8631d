/**
 * bands: the prices that an open scalp hangs on, the same words and colours on ladder and chart:
 * entry with its break-even, trail, targets, stop. Pure.
 *
 * Imports   contract, ./grid, ./scalps.
 */
import type { ScalpStatus } from '../../engine/contract/status.ts';
import type { Grid } from './grid.ts';
import { halfTargetAhead } from './scalps.ts';

export interface Band {
  readonly ticks: number;
  readonly text: string;
  /** Name of a colour of the theme. */
  readonly colour: 'ok' | 'info' | 'warn' | 'ask';
  readonly dash: readonly number[];
}

export function bandsOf(scalp: ScalpStatus, grid: Grid): readonly Band[] {
  const direction = scalp.side === 'long' ? 1 : -1;
  const entry = grid.ticks(scalp.entry);
  const even = grid.ticks(scalp.breakEven);
  const away = Math.abs(even - entry);
  const half = halfTargetAhead(scalp);
  const bands: (Band | null)[] = [
    band('TARGET', scalp.target, 'ok', [], grid),
    half === null ? null : band('TARGET ½', half, 'ok', [4, 3], grid),
    band(`ENTRY  BE ${direction > 0 ? '+' : '−'}${away}`, scalp.entry, 'info', [4, 3], grid),
    band('BE', scalp.breakEven, 'info', [1, 3], grid),
    scalp.trail === null ? null : band('TRAIL', scalp.trail, 'warn', [2, 2], grid),
    band('STOP', scalp.stop, 'ask', [], grid),
  ];
  return bands.filter((item) => item !== null);
}

function band(
  word: string,
  price: string,
  colour: Band['colour'],
  dash: readonly number[],
  grid: Grid,
): Band | null {
  const ticks = grid.ticks(price);
  return Number.isFinite(ticks) ? { ticks, text: word, colour, dash } : null;
}
