/**
 * number-scanner: exact integers of an instrument's grid from decimal text in bytes.
 *
 * A text is digits, then perhaps a point and digits. What does not fit the short ways here (more
 * than nine digits of a price, fifteen of a size, digits beyond the grid) is refused and left to the
 * reference decoder.
 *
 * Hot path. Prices are small integers and returned; sizes go to doubles[index].
 * Imports   book/side-ladder, feeds/scan/grid.
 */
import { TICKS_MAX } from '../../book/side-ladder.ts';
import type { Grid } from './grid.ts';

/** The text is not a number that can be read here. */
export const NO_TICKS = -1;
/** Digits of a price that stay below 2^30. */
export const PRICE_DIGITS_MAX = 9;
/** Digits of a size that a double holds exactly whatever they are. */
export const SIZE_DIGITS_MAX = 15;

const POINT = 46;
export const POWERS_OF_TEN = Float64Array.from({ length: 16 }, (_, power) => 10 ** power);

/** bytes[from, to) as an integer of 10^-decimals; NO_TICKS when refused. */
export function scanTicks(bytes: Uint8Array, from: number, to: number, decimals: number): number {
  let at = from;
  let units = 0;
  let digit = (bytes[at]! - 48) >>> 0;
  while (digit < 10) {
    units = (units * 10 + digit) | 0;
    digit = (bytes[++at]! - 48) >>> 0;
  }
  if (at === from || at - from + decimals > PRICE_DIGITS_MAX) return NO_TICKS;
  let missing = decimals;
  if (bytes[at] === POINT) {
    const fraction = ++at;
    digit = (bytes[at]! - 48) >>> 0;
    while (digit < 10 && missing > 0) {
      units = (units * 10 + digit) | 0;
      missing--;
      digit = (bytes[++at]! - 48) >>> 0;
    }
    while (digit === 0) digit = (bytes[++at]! - 48) >>> 0;
    if (at === fraction) return NO_TICKS;
  }
  while (missing > 0) {
    units = (units * 10) | 0;
    missing--;
  }
  return at === to ? units : NO_TICKS;
}

/** bytes[from, to) as lots into doubles[index]; false when refused. */
export function scanLots(
  bytes: Uint8Array,
  from: number,
  to: number,
  instrument: number,
  grid: Grid,
  doubles: Float64Array,
  index: number,
): boolean {
  const decimals = grid.sizeDecimals[instrument]!;
  const step = grid.lotUnits[instrument]!;
  let at = from;
  let whole = 0;
  let digit = (bytes[at]! - 48) >>> 0;
  while (digit < 10) {
    whole = whole * 10 + digit;
    digit = (bytes[++at]! - 48) >>> 0;
  }
  if (at === from || at - from + decimals > SIZE_DIGITS_MAX) return false;
  let missing = decimals;
  let part = 0;
  if (bytes[at] === POINT) {
    const fraction = ++at;
    digit = (bytes[at]! - 48) >>> 0;
    while (digit < 10 && missing > 0) {
      part = part * 10 + digit;
      missing--;
      digit = (bytes[++at]! - 48) >>> 0;
    }
    while (digit === 0) digit = (bytes[++at]! - 48) >>> 0;
    if (at === fraction) return false;
  }
  if (at !== to) return false;
  const units = whole * POWERS_OF_TEN[decimals]! + part * POWERS_OF_TEN[missing]!;
  if (step === 1) {
    doubles[index] = units;
    return true;
  }
  if (units % step !== 0) return false;
  doubles[index] = units / step;
  return true;
}

/** Nearest ticks of a price that need not lie on the grid; half a unit rounds up. −1 when refused. */
export function scanRoundedTicks(
  bytes: Uint8Array,
  from: number,
  to: number,
  instrument: number,
  grid: Grid,
): number {
  const decimals = grid.priceDecimals[instrument]!;
  let at = from;
  let units = 0;
  let missing = decimals;
  let carry = 0;
  while (at < to && bytes[at] !== POINT) {
    const digit = (bytes[at]! - 48) >>> 0;
    if (digit > 9) return -1;
    units = units * 10 + digit;
    at++;
  }
  if (at === from || at - from + decimals > SIZE_DIGITS_MAX || at === to - 1) return -1;
  for (let i = at + 1; i < to; i++) {
    const digit = (bytes[i]! - 48) >>> 0;
    if (digit > 9) return -1;
    if (missing > 0) {
      units = units * 10 + digit;
      missing--;
    } else if (i === at + 1 + decimals && digit >= 5) carry = 1;
  }
  units = units * POWERS_OF_TEN[missing]! + carry;
  const ticks = Math.floor(units / grid.tickUnits[instrument]! + 0.5);
  return ticks < TICKS_MAX ? ticks : -1;
}
