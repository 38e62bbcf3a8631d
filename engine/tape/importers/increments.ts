/**
 * increments: tick and lot size of an instrument, found from the decimal texts of its messages.
 *
 * The greatest common divisor of all prices (sizes) is the coarsest grid that holds them. It is
 * used as it is when it looks like an increment: a power of ten, and for prices also 2.5 or 5 times
 * one. What a few sparse numbers happen to share, such as 2 or 3, is rounded down to a power of
 * ten.
 *
 * Errors    EngineError 'input/malformed' from the caller for texts that are no decimals.
 * Imports   nothing.
 */
const DECIMAL = /^\d+(\.\d+)?$/;
/** Digits that a tick size may have; lot sizes are powers of ten. */
const TICK_DIGITS = [1, 5, 25];
const LOT_DIGITS = [1];

export class IncrementFinder {
  #divisor = 0;
  #decimals = 0;

  /** Takes a price or size; false when it is no decimal, or too long for a double. */
  note(text: unknown): boolean {
    if (typeof text !== 'string' || !DECIMAL.test(text)) return false;
    const point = text.indexOf('.');
    let end = text.length;
    if (point >= 0) while (text.charCodeAt(end - 1) === 48) end--;
    const decimals = point < 0 || end <= point + 1 ? 0 : end - point - 1;
    const digits =
      decimals === 0
        ? text.slice(0, point < 0 ? end : point)
        : text.slice(0, point) + text.slice(point + 1, end);
    if (decimals > this.#decimals) {
      this.#divisor *= 10 ** (decimals - this.#decimals);
      this.#decimals = decimals;
    }
    const units = Number(digits) * 10 ** (this.#decimals - decimals);
    if (!Number.isSafeInteger(units)) return false;
    if (this.#divisor === 0 || units % this.#divisor !== 0) {
      this.#divisor = greatestDivisor(units, this.#divisor);
    }
    return true;
  }

  /** True when everything noted lies on the grid of `step`, a decimal text. */
  fits(step: string): boolean {
    const own = this.#divisor;
    if (own === 0) return true;
    const fraction = (step.split('.')[1] ?? '').replace(/0+$/, '');
    const decimals = Math.max(fraction.length, this.#decimals);
    const stepUnits = Math.round(Number(step) * 10 ** decimals);
    return stepUnits > 0 && (own * 10 ** (decimals - this.#decimals)) % stepUnits === 0;
  }

  tickSize(): string {
    return this.#increment(TICK_DIGITS);
  }

  lotSize(): string {
    return this.#increment(LOT_DIGITS);
  }

  #increment(allowed: readonly number[]): string {
    let units = this.#divisor === 0 ? 1 : this.#divisor;
    let power = 1;
    while (units % 10 === 0) {
      units /= 10;
      power *= 10;
    }
    const step = allowed.includes(units) ? units * power : power;
    return decimalText(step, this.#decimals);
  }
}

function greatestDivisor(a: number, b: number): number {
  let high = a;
  let low = b;
  while (low !== 0) {
    const rest = high % low;
    high = low;
    low = rest;
  }
  return high;
}

function decimalText(units: number, decimals: number): string {
  const digits = units.toFixed(0).padStart(decimals + 1, '0');
  if (decimals === 0) return digits;
  const text = `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return text.replace(/\.?0+$/, '');
}
