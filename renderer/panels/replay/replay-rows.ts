/**
 * replay-rows: what the replay's timeline shows: marks, texts, and which time a place on it means.
 *
 * Units     epoch ms of the tape, shares 0–1 of it.
 * Imports   contract, format.
 */
import type { DecisionEvent, FillEvent } from '../../../engine/contract/events.ts';
import type { ReplayStatus } from '../../../engine/contract/status.ts';
import { utcClockMs } from '../../format/times.ts';

export interface Mark {
  readonly key: string;
  readonly share: number;
  readonly kind: 'entry' | 'buy' | 'sell';
  readonly title: string;
}

type Span = Pick<ReplayStatus, 'startMs' | 'endMs'>;

export const SPEEDS: readonly number[] = [0.1, 0.25, 0.5, 1, 2, 5, 10, 50, 100, 1000, 0];

export function speedText(speed: number): string {
  return speed === 0 ? 'max' : `${speed}×`;
}

export function shareOf(atMs: number, { startMs, endMs }: Span): number {
  if (endMs <= startMs) return 1;
  return Math.min(1, Math.max(0, (atMs - startMs) / (endMs - startMs)));
}

/** The time at a share of the tape, to the millisecond. */
export function timeAt(share: number, { startMs, endMs }: Span): number {
  const at = startMs + (endMs - startMs) * Math.min(1, Math.max(0, share));
  return Math.min(endMs, Math.max(startMs, Math.round(at)));
}

/** Entries and fills of this session, as far as the window knows them. */
export function marksOf(
  decisions: readonly DecisionEvent[],
  fills: readonly FillEvent[],
  span: Span,
): readonly Mark[] {
  const isOnTape = (atMs: number): boolean => atMs >= span.startMs && atMs <= span.endMs;
  const entries = decisions
    .filter(({ entered, atMs }) => entered && isOnTape(atMs))
    .map(({ sequence, atMs, symbol, side }): Mark => {
      const title = `${utcClockMs(atMs)} entry ${side} ${symbol}`;
      return { key: `d${sequence}`, share: shareOf(atMs, span), kind: 'entry', title };
    });
  const filled = fills
    .filter(({ atMs }) => isOnTape(atMs))
    .map(({ sequence, atMs, symbol, side, size, price }): Mark => {
      const title = `${utcClockMs(atMs)} ${side} ${size} ${symbol} at ${price}`;
      return { key: `f${sequence}`, share: shareOf(atMs, span), kind: side, title };
    });
  return [...entries, ...filled];
}

/** "2026-11-22 14:32:07.402". */
export function tapeTime(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 10)} ${utcClockMs(atMs)}`;
}

/** "4:10 of 10:00" into the tape. */
export function played(atMs: number, { startMs, endMs }: Span): string {
  return `${spanText(atMs - startMs)} of ${spanText(endMs - startMs)}`;
}

function spanText(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const minutes = Math.floor(seconds / 60);
  const rest = String(seconds % 60).padStart(2, '0');
  if (minutes < 60) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${rest}`;
}

/** What the tape does, in words. */
export function stateText({ state, seekMs }: ReplayStatus): string {
  switch (state) {
    case 'playing':
      return 'playing';
    case 'paused':
      return 'paused';
    case 'ended':
      return 'the tape has ended';
    case 'seeking':
      return seekMs === null ? 'looking for the next one' : `going to ${utcClockMs(seekMs)}`;
  }
}

const STEP_MS = 1000;

/** Where an arrow key leads; null for a key that leads nowhere. */
export function keyTarget(key: string, isFar: boolean, replay: ReplayStatus): number | null {
  const step = isFar ? 10 * STEP_MS : STEP_MS;
  const within = (atMs: number): number => timeAt(shareOf(atMs, replay), replay);
  switch (key) {
    case 'ArrowLeft':
      return within(replay.atMs - step);
    case 'ArrowRight':
      return within(replay.atMs + step);
    case 'Home':
      return replay.startMs;
    case 'End':
      return replay.endMs;
    default:
      return null;
  }
}
