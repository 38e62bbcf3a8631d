/**
 * times: moments and spans as people read them. The clock of the screen is UTC, like the day's end,
 * unless a person wants the local one.
 *
 * Writer    of the zone: app/settings-keeper.
 * Imports   ./numbers.
 */
import { NONE } from './numbers.ts';

export type TimeZone = 'UTC' | 'local';

let zone: TimeZone = 'UTC';

/** The clock of the whole screen. */
export function setTimeZone(next: TimeZone): void {
  zone = next;
}

/** Said beside a clock that needs it. */
export function zoneName(): TimeZone {
  return zone;
}

/** "14:32:07". */
export function clock(wallMs: number): string {
  return Number.isFinite(wallMs) ? inZone(wallMs).slice(11, 19) : NONE;
}

/** "14:32:07.402". */
export function clockMs(wallMs: number): string {
  return Number.isFinite(wallMs) ? inZone(wallMs).slice(11, 23) : NONE;
}

/** The same, whatever the zone of the screen. */
export function utcClockMs(wallMs: number): string {
  return Number.isFinite(wallMs) ? new Date(wallMs).toISOString().slice(11, 23) : NONE;
}

function inZone(wallMs: number): string {
  const date = new Date(wallMs);
  if (zone === 'UTC') return date.toISOString();
  return new Date(wallMs - date.getTimezoneOffset() * 60_000).toISOString();
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
