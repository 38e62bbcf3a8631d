/**
 * scalp-rows: what the scalps panel says of each open scalp. Pure: a status in, texts out.
 *
 * Imports   contract, format.
 */
import type { ScalpStatus } from '../../../engine/contract/status.ts';
import { groupedOrNone, grouped, signedMoney, signOf } from '../../format/numbers.ts';
import { halfTargetAhead, isPastHalf } from '../../format/scalps.ts';
import { minutes } from '../../format/times.ts';
import { signalsShort } from '../../format/words.ts';

export type CodeLook = '' | 'go' | 'no' | 'warn' | 'danger';

export interface ScalpRow {
  readonly id: number;
  readonly symbol: string;
  readonly side: 'LONG' | 'SHORT';
  readonly size: string;
  readonly entry: string;
  readonly now: string;
  readonly pnl: string;
  readonly pnlSign: number;
  readonly stop: string;
  readonly target: string;
  readonly code: string;
  readonly codeLook: CodeLook;
  readonly note: string;
  readonly left: string;
  readonly leftShare: number;
  readonly openedBy: string;
  readonly score: string;
  readonly isExiting: boolean;
}

const CODES: Readonly<Record<string, readonly [string, CodeLook]>> = {
  entering: ['ENTERING', ''],
  open: ['STOP SET', ''],
  'half-out': ['HALF OUT', 'go'],
  trailing: ['TRAILING', 'go'],
  exiting: ['EXITING', 'warn'],
};

export function scalpRow(scalp: ScalpStatus): ScalpRow {
  const [code, codeLook] = exitCode(scalp);
  return {
    id: scalp.id,
    symbol: scalp.symbol,
    side: scalp.side === 'long' ? 'LONG' : 'SHORT',
    size: sizeText(scalp),
    entry: grouped(scalp.entry),
    now: groupedOrNone(scalp.now),
    pnl: signedMoney(scalp.pnl),
    pnlSign: signOf(scalp.pnl),
    stop: groupedOrNone(scalp.trail ?? scalp.stop),
    target: groupedOrNone(halfTargetAhead(scalp) ?? scalp.target),
    code,
    codeLook,
    note: noteOf(scalp),
    left: minutes(scalp.timeLeftMs),
    leftShare: scalp.timeLimitMs > 0 ? scalp.timeLeftMs / scalp.timeLimitMs : 0,
    openedBy: signalsShort(scalp.openedBy),
    score: `${scalp.openedBy.length}/8`,
    isExiting: scalp.state === 'exiting',
  };
}

function exitCode(scalp: ScalpStatus): readonly [string, CodeLook] {
  if (scalp.unprotected) return ['UNPROTECTED', 'danger'];
  return CODES[scalp.state] ?? [scalp.state.toUpperCase(), ''];
}

function noteOf(scalp: ScalpStatus): string {
  if (scalp.exit !== null) return scalp.exit;
  return scalp.state === 'trailing' && isPastHalf(scalp) ? '½ out' : '';
}

/** What is open; while it is less than what was filled, both. */
function sizeText(scalp: ScalpStatus): string {
  return grouped(Number(scalp.openSize) === 0 ? scalp.size : scalp.openSize);
}
