/**
 * number-scanner: exact numbers from decimal text in bytes.
 *
 * What does not fit the short ways here (more digits than a double holds exactly, digits beyond the
 * grid) is refused and left to the reference decoder.
 *
 * Hot path. Numbers go to out[index]; functions return the position behind, −1 when refused.
 * Imports   nothing.
 */
/** Digits of a price that stay below 2^30. */
export const PRICE_DIGITS_MAX = 9;
/** Digits that a double holds exactly whatever they are. */
export const SIZE_DIGITS_MAX = 15;
export const POWERS_OF_TEN = Float64Array.from({ length: 17 }, (_, power) => 10 ** power);

const POINT = 46;
const ZERO = 48;
/** Digits read as a 32-bit integer before the rest is. */
const HIGH_DIGITS = 8;
const INTEGER_DIGITS_MAX = 16;

/**
 * Reads digits, then perhaps a point and digits, as an integer of 10^-decimals. Stops at the first
 * other character, which the caller checks.
 */
export function scanDecimal(
  bytes: Uint8Array,
  from: number,
  decimals: number,
  out: Float64Array,
  index: number,
): number {
  let at = from;
  let whole = 0;
  let digit = bytes[at]! ^ ZERO;
  while (digit < 10) {
    whole = whole * 10 + digit;
    digit = bytes[++at]! ^ ZERO;
  }
  if (at === from || at - from + decimals > SIZE_DIGITS_MAX) return -1;
  let missing = decimals;
  let part = 0;
  if (bytes[at] === POINT) {
    const fraction = ++at;
    digit = bytes[at]! ^ ZERO;
    while (digit < 10 && missing > 0) {
      part = (part * 10 + digit) | 0;
      missing--;
      digit = bytes[++at]! ^ ZERO;
    }
    while (digit === 0) digit = bytes[++at]! ^ ZERO;
    if (at === fraction || decimals - missing > PRICE_DIGITS_MAX) return -1;
  }
  out[index] = whole * POWERS_OF_TEN[decimals]! + part * POWERS_OF_TEN[missing]!;
  return at;
}

/** The same for a number that need not lie on the grid: nearest, half a unit rounds up. */
export function scanRounded(
  bytes: Uint8Array,
  from: number,
  decimals: number,
  out: Float64Array,
  index: number,
): number {
  let at = from;
  let units = 0;
  while ((bytes[at]! ^ ZERO) < 10) units = units * 10 + (bytes[at++]! ^ ZERO);
  if (at === from || at - from + decimals > SIZE_DIGITS_MAX) return -1;
  let missing = decimals;
  let carry = 0;
  if (bytes[at] === POINT) {
    const fraction = ++at;
    for (; (bytes[at]! ^ ZERO) < 10; at++) {
      const digit = bytes[at]! ^ ZERO;
      if (missing > 0) {
        units = units * 10 + digit;
        missing--;
      } else if (at === fraction + decimals && digit >= 5) carry = 1;
    }
    if (at === fraction) return -1;
  }
  out[index] = units * POWERS_OF_TEN[missing]! + carry;
  return at;
}

/** Reads a JSON integer that is no negative and that a double holds exactly. */
export function scanInteger(
  bytes: Uint8Array,
  from: number,
  out: Float64Array,
  index: number,
): number {
  let at = from;
  let high = 0;
  let digit = bytes[at]! ^ ZERO;
  if (digit === 0) {
    out[index] = 0;
    return at + 1;
  }
  const stop = from + HIGH_DIGITS;
  while (digit < 10 && at < stop) {
    high = (high * 10 + digit) | 0;
    digit = bytes[++at]! ^ ZERO;
  }
  const lowFrom = at;
  let low = 0;
  while (digit < 10) {
    low = (low * 10 + digit) | 0;
    digit = bytes[++at]! ^ ZERO;
  }
  if (at === from || at - from > INTEGER_DIGITS_MAX) return -1;
  const value = high * POWERS_OF_TEN[at - lowFrom]! + low;
  if (value > Number.MAX_SAFE_INTEGER) return -1;
  out[index] = value;
  return at;
}
