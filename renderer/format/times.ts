/**
 * times: moments and spans as people read them. The clock of the screen is UTC, like the day's end.
 *
 * Imports   ./numbers.
 */
import { NONE } from './numbers.ts';

/** "14:32:07". */
export function clock(wallMs: number): string {
  return Number.isFinite(wallMs) ? new Date(wallMs).toISOString().slice(11, 19) : NONE;
}

/** "14:32:07.402". */
export function clockMs(wallMs: number): string {
  return Number.isFinite(wallMs) ? new Date(wallMs).toISOString().slice(11, 23) : NONE;
}

/** "14:32:07.402 118 067": milliseconds, then microseconds and nanoseconds within them. */
export function clockNs(wallMs: number, nanos: number): string {
  const rest = String(Math.round(nanos)).padStart(6, '0');
  return `${clockMs(Math.floor(wallMs))} ${rest.slice(0, 3)} ${rest.slice(3, 6)}`;
}

/** "3:06" of a span; never below zero. */
export function minutes(spanMs: number): string {
  const seconds = Math.max(0, Math.ceil(spanMs / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** "12 s", "3 min", "2 h": how long something has lasted. */
export function span(spanMs: number): string {
  const seconds = Math.max(0, Math.floor(spanMs / 1000));
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
