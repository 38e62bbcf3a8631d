/**
 * write-number: integers as ASCII digits, with and without a decimal point, into a byte buffer.
 *
 * Units     `units` is a non-negative integer of 10^-decimals, below 2^53.
 * Hot path: no allocation. Values are read by (array, index) where they may be doubles.
 * Imports   nothing.
 */
const ZERO = 0x30;
const POINT = 0x2e;
/** Two parts of at most nine digits each stay within 31-bit integers. */
const PART = 1e9;
const PART_DIGITS = 9;

/** Writes a small integer (below 2^31); returns the index after it. */
export function writeInteger(bytes: Uint8Array, at: number, value: number): number {
  const width = digitCount(value);
  let rest = value;
  for (let i = at + width - 1; i >= at; i--) {
    const tens = (rest / 10) | 0;
    bytes[i] = ZERO + rest - tens * 10;
    rest = tens;
  }
  return at + width;
}

/** Writes values[index], an integer below 2^53; returns the index after it. */
export function writeLong(
  bytes: Uint8Array,
  at: number,
  values: Float64Array,
  index: number,
): number {
  const value = values[index]!;
  if (value < PART) return writeInteger(bytes, at, value | 0);
  const high = Math.floor(value / PART);
  const after = writeInteger(bytes, at, high | 0);
  writePadded(bytes, after, (value - high * PART) | 0, PART_DIGITS);
  return after + PART_DIGITS;
}

/** Writes values[index] × 10^-decimals with exactly `decimals` decimals; index after it. */
export function writeDecimal(
  bytes: Uint8Array,
  at: number,
  values: Float64Array,
  index: number,
  decimals: number,
): number {
  const end = writeLong(bytes, at, values, index);
  if (decimals === 0) return end;
  // At least one digit before the point: shift the digits right and fill with zeros.
  const digits = end - at;
  const missing = decimals + 1 - digits;
  if (missing > 0) {
    for (let i = end - 1; i >= at; i--) bytes[i + missing] = bytes[i]!;
    for (let i = at; i < at + missing; i++) bytes[i] = ZERO;
  }
  const last = missing > 0 ? end + missing : end;
  const point = last - decimals;
  for (let i = last - 1; i >= point; i--) bytes[i + 1] = bytes[i]!;
  bytes[point] = POINT;
  return last + 1;
}

/** Writes `value` in exactly `width` digits, zeros in front. */
export function writePadded(bytes: Uint8Array, at: number, value: number, width: number): void {
  let rest = value;
  for (let i = at + width - 1; i >= at; i--) {
    const tens = (rest / 10) | 0;
    bytes[i] = ZERO + rest - tens * 10;
    rest = tens;
  }
}

function digitCount(value: number): number {
  let count = 1;
  for (let limit = 10; value >= limit && count < 10; limit *= 10) count += 1;
  return count;
}
