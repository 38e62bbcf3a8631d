/**
 * read-number: decimal and integer texts of a byte buffer, exact, into Float64Array places.
 *
 * Every reader says false when the text is no number, is off the grid, or does not fit exactly;
 * what stands in the place is then of no use.
 *
 * Hot path: no allocation; results go to (out, index) because a returned double may be boxed.
 * Imports   nothing.
 */
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const FIVE = 0x35;
const DIGITS_MAX = 17;
const EXACT_MAX = Number.MAX_SAFE_INTEGER;

/** bytes[start, end) × 10^decimals as an integer; digits beyond `decimals` must be zeros. */
export function readScaled(
  bytes: Uint8Array,
  start: number,
  end: number,
  decimals: number,
  out: Float64Array,
  index: number,
): boolean {
  const cut = readDigits(bytes, start, end, decimals, out, index);
  if (cut < 0) return false;
  for (let at = cut; at < end; at++) {
    if (bytes[at] !== ZERO) return false;
  }
  return true;
}

/** The same, digits beyond `decimals` rounded half away from zero. */
export function readRounded(
  bytes: Uint8Array,
  start: number,
  end: number,
  decimals: number,
  out: Float64Array,
  index: number,
): boolean {
  const cut = readDigits(bytes, start, end, decimals, out, index);
  if (cut < 0) return false;
  if (cut < end && bytes[cut]! >= FIVE) {
    const isNegative = bytes[start] === MINUS;
    out[index] = out[index]! + (isNegative ? -1 : 1);
  }
  return true;
}

/** Writes what is kept to out[index]; answers where the rest begins, −1 for what is no number. */
function readDigits(
  bytes: Uint8Array,
  start: number,
  end: number,
  decimals: number,
  out: Float64Array,
  index: number,
): number {
  const isNegative = start < end && bytes[start] === MINUS;
  const first = isNegative ? start + 1 : start;
  const point = pointOf(bytes, first, end);
  if (point < 0) return -1;
  const cut = point + 1 + decimals < end ? point + 1 + decimals : end;
  let value = 0;
  for (let at = first; at < cut; at++) {
    if (at !== point) value = value * 10 + bytes[at]! - ZERO;
  }
  // What is not written down to the last decimal counts as zeros.
  for (let have = point < end ? cut - point - 1 : 0; have < decimals; have++) value *= 10;
  if (value >= EXACT_MAX) return -1;
  out[index] = isNegative ? -value : value;
  return cut;
}

/** A decimal as the nearest double, for averages that lie between grid points. */
export function readDouble(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Float64Array,
  index: number,
): boolean {
  const isNegative = start < end && bytes[start] === MINUS;
  const first = isNegative ? start + 1 : start;
  const point = pointOf(bytes, first, end);
  if (point < 0) return false;
  const last = end - first > DIGITS_MAX && first + DIGITS_MAX > point ? first + DIGITS_MAX : end;
  let mantissa = 0;
  let scale = 1;
  for (let at = first; at < last; at++) {
    if (at === point) continue;
    mantissa = mantissa * 10 + bytes[at]! - ZERO;
    if (at > point) scale *= 10;
  }
  out[index] = (isNegative ? -mantissa : mantissa) / scale;
  return true;
}

/** Index of the decimal point (`end` when there is none); −1 when the text is no decimal. */
function pointOf(bytes: Uint8Array, start: number, end: number): number {
  let point = end;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === POINT && point === end) point = at;
    else if (byte < ZERO || byte > ZERO + 9) return -1;
  }
  const digits = end - start - (point < end ? 1 : 0);
  return digits > 0 ? point : -1;
}

/** A small signed integer (a code, a status), or `missing` when the text is none. */
export function readSmall(bytes: Uint8Array, start: number, end: number, missing: number): number {
  let at = start;
  let sign = 1;
  if (at < end && bytes[at] === MINUS) {
    sign = -1;
    at += 1;
  }
  if (at >= end || end - at > 8) return missing;
  let value = 0;
  for (; at < end; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 9) return missing;
    value = value * 10 + digit;
  }
  return value * sign;
}
