/**
 * foot-line: the one line that a ladder says about itself. Pure.
 *
 * What was refused or lost is said first, for a while; then what the window itself did not send;
 * then what came of an order; else what a click does now.
 *
 * Units     milliseconds of performance.now, but for the trouble's wall clock.
 * Imports   contract, format, stores (types).
 */
import { isByHand } from '../../../engine/contract/commands.ts';
import type { InstrumentStatus } from '../../../engine/contract/status.ts';
import { handWords, reasonWords } from '../../format/hand-words.ts';
import type { Request } from '../../stores/commands-store.ts';
import type { HandNotice } from '../../stores/hand-store.ts';

export const SAID_MS = 6000;
export const TROUBLE_MS = 20_000;

export interface FootLine {
  readonly text: string;
  readonly tone: 'calm' | 'pending' | 'warn';
}

export interface FootSource {
  readonly instrument: InstrumentStatus | null;
  readonly requests: readonly Request[];
  readonly notice: HandNotice | null;
  readonly nowMs: number;
  /** Wall clock of the engine's newest status. */
  readonly statusAtMs: number;
  readonly isPostOnly: boolean;
}

export function footLine(source: FootSource): FootLine {
  return answerLine(source) ?? troubleLine(source) ?? standingLine(source);
}

/** The newest of what was asked here and what this window held back. */
function answerLine({ instrument, requests, notice, nowMs }: FootSource): FootLine | null {
  const request = requests.find((each) => concerns(each, instrument?.symbol ?? ''));
  const isNoticeNew = notice !== null && nowMs - notice.atMs < SAID_MS;
  const askedAtMs = request?.sentAtMs ?? -Infinity;
  if (isNoticeNew && notice.atMs >= askedAtMs) return { text: notice.text, tone: 'warn' };
  if (request === undefined) return null;
  if (request.state === 'pending') return { text: `${words(request)} …`, tone: 'pending' };
  if (nowMs - (request.answeredAtMs ?? -Infinity) > SAID_MS) return null;
  if (request.state === 'applied') {
    const done = request.command.kind === 'placeOrder' ? 'sent' : 'done';
    return { text: `${words(request)}: ${done}`, tone: 'calm' };
  }
  const outcome = request.state === 'refused' ? 'refused' : 'not answered';
  return { text: `${words(request)}: ${outcome}, ${reasonWords(request.reason)}`, tone: 'warn' };
}

function concerns({ command }: Request, symbol: string): boolean {
  if (command.kind === 'flatten') return command.symbol === symbol;
  if (!isByHand(command)) return false;
  return command.kind === 'cancelOrder' || command.symbol === symbol;
}

/** Without the symbol: the ladder shows it. */
function words({ command }: Request): string {
  if (command.kind === 'flatten') return 'Flatten';
  if (!isByHand(command)) return '';
  const symbol = command.kind === 'cancelOrder' ? null : command.symbol;
  return symbol === null ? handWords(command) : handWords(command).replace(` ${symbol}`, '');
}

function troubleLine({ instrument, statusAtMs }: FootSource): FootLine | null {
  const trouble = instrument?.hand.trouble ?? null;
  if (trouble === null || instrument === null) return null;
  const isOld = statusAtMs - trouble.atMs > TROUBLE_MS;
  if (isOld && trouble.outcome !== 'unknown') return null;
  return { text: trouble.text.replace(`${instrument.symbol}: `, ''), tone: 'warn' };
}

function standingLine({ instrument, isPostOnly }: FootSource): FootLine {
  if (instrument === null) return { text: '', tone: 'calm' };
  if (instrument.ladder === 'locked') {
    return { text: 'Locked: a click sends nothing. U unlocks.', tone: 'calm' };
  }
  const how = isPostOnly ? 'posts' : 'places a limit';
  return { text: `Click ${how}, Shift takes, right click cancels.`, tone: 'calm' };
}
