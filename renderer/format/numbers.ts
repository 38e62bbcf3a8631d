/**
 * numbers: figures as people read them: grouped thousands, a true minus, a sign where it matters.
 *
 * Texts from the engine are exact decimals; they are regrouped as text, never through a double.
 *
 * Imports   nothing.
 */
export const MINUS = '\u2212';
/** Stands where there is no figure. */
export const NONE = '\u2013';

/** "64231.0" → "64,231.0"; "-12.5" → "−12.5". */
export function grouped(text: string): string {
  const negative = text.startsWith('-');
  const digits = negative ? text.slice(1) : text;
  const point = digits.indexOf('.');
  const whole = point < 0 ? digits : digits.slice(0, point);
  const rest = point < 0 ? '' : digits.slice(point);
  return (negative ? MINUS : '') + whole.replace(/\B(?=(\d{3})+$)/g, ',') + rest;
}

export function groupedOrNone(text: string | null | undefined): string {
  return text === null || text === undefined || text === '' ? NONE : grouped(text);
}

/** −1, 0 or +1: the sign of a decimal text. */
export function signOf(text: string): number {
  return Math.sign(Number(text)) || 0;
}

/** Money text with two decimals and always a sign: "+184.27", "−0.05", "0.00". */
export function signedMoney(text: string): string {
  const value = Number(text);
  if (!Number.isFinite(value)) return NONE;
  const shown = grouped(Math.abs(value).toFixed(2));
  if (Number(value.toFixed(2)) === 0) return shown;
  return (value > 0 ? '+' : MINUS) + shown;
}

export function money(text: string): string {
  const value = Number(text);
  return Number.isFinite(value) ? grouped(value.toFixed(2)) : NONE;
}

export function signed(value: number, decimals: number): string {
  const shown = Math.abs(value).toFixed(decimals);
  if (Number(shown) === 0) return (0).toFixed(decimals);
  return (value > 0 ? '+' : MINUS) + shown;
}

export function whole(value: number): string {
  return grouped(String(Math.round(value)));
}

/** 812 → "812 ns", 2_930 → "2.93 µs", 18_200_000 → "18.2 ms". */
export function duration(ns: number): string {
  if (!Number.isFinite(ns) || ns < 0) return NONE;
  if (ns < 1e3) return `${Math.round(ns)} ns`;
  if (ns < 1e6) return `${threeDigits(ns / 1e3)} µs`;
  if (ns < 1e9) return `${threeDigits(ns / 1e6)} ms`;
  return `${threeDigits(ns / 1e9)} s`;
}

/** 2.934 → "2.93", 29.34 → "29.3", 293.4 → "293". */
export function threeDigits(value: number): string {
  if (value < 9.995) return value.toFixed(2);
  if (value < 99.95) return value.toFixed(1);
  return whole(value);
}

/** Nanoseconds as microseconds without a unit, for a column that states it. */
export function micros(ns: number): string {
  return Number.isFinite(ns) ? threeDigits(ns / 1e3) : NONE;
}

/** Microseconds for a narrow column that states the unit; long ones carry their own: "18.2ms". */
export function shortMicros(ns: number): string {
  if (ns < 9_995_000) return micros(ns);
  if (ns < 999_500_000) return `${trimmed(ns / 1e6)}ms`;
  return `${trimmed(ns / 1e9)}s`;
}

function trimmed(value: number): string {
  return value < 99.95 ? value.toFixed(1) : value.toFixed(0);
}

export function bytes(count: number): string {
  if (count < 1024) return `${count} B`;
  if (count < 1024 ** 2) return `${(count / 1024).toFixed(0)} kB`;
  if (count < 1024 ** 3) return `${(count / 1024 ** 2).toFixed(1)} MB`;
  return `${(count / 1024 ** 3).toFixed(2)} GB`;
}
