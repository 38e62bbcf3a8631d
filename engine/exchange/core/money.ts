/**
 * money: exact decimal text and exact integer arithmetic for the exchange's own books.
 *
 * Account money is BigInt in 1e-8 quote units, so that wallet = start + Σ realised − Σ fees holds
 * to the last unit whatever the sizes. Fills of accounts are rare; the exogenous flow never comes
 * here.
 *
 * Units     ...E8 bigint: 1e-8 quote units; rates in 1e-8 of notional.
 * Imports   nothing.
 */

export const E8_BIG = 100_000_000n;

/** Integer `units` of 10^-decimals as text, e.g. (650005, 1) → "65000.5". */
export function fixedText(units: number, decimals: number): string {
  if (units < 0) return `-${fixedText(-units, decimals)}`;
  const digits = String(units);
  if (decimals === 0) return digits;
  const padded = digits.length > decimals ? digits : digits.padStart(decimals + 1, '0');
  const cut = padded.length - decimals;
  return `${padded.slice(0, cut)}.${padded.slice(cut)}`;
}

/** Money in 1e-8 units as decimal text with eight decimals. */
export function e8Text(value: bigint): string {
  const sign = value < 0n ? '-' : '';
  const digits = (value < 0n ? -value : value).toString().padStart(9, '0');
  return `${sign}${digits.slice(0, -8)}.${digits.slice(-8)}`;
}

/** Money in 1e-8 units as decimal text without trailing zeros, as the venue writes amounts. */
export function e8Trimmed(value: bigint): string {
  return e8Text(value).replace(/\.?0+$/, '');
}

/** A decimal text as an integer of 10^-decimals; null when it is no decimal; NaN when too fine. */
export function parseFixed(text: string, decimals: number): number | null {
  const match = /^(-?)(\d{1,15})(?:\.(\d{0,18}))?$/.exec(text);
  if (match === null) return null;
  const fraction = match[3] ?? '';
  if (/[1-9]/.test(fraction.slice(decimals))) return Number.NaN;
  const units = Number(match[2] + fraction.slice(0, decimals).padEnd(decimals, '0'));
  if (!Number.isSafeInteger(units)) return null;
  return match[1] === '-' ? -units : units;
}

/** A decimal text as 1e-8 units; null when it is no decimal or finer than 1e-8. */
export function parseE8(text: string): bigint | null {
  const match = /^(-?)(\d{1,15})(?:\.(\d{0,8}))?$/.exec(text);
  if (match === null) return null;
  const value = BigInt(match[2] + (match[3] ?? '').padEnd(8, '0'));
  return match[1] === '-' ? -value : value;
}

/** Division rounded to nearest, halves away from zero. `denominator` > 0. */
export function roundDiv(numerator: bigint, denominator: bigint): bigint {
  const half = denominator / 2n;
  if (numerator >= 0n) return (numerator + half) / denominator;
  return -((-numerator + half) / denominator);
}

/** Fee on a notional at a rate in 1e-8; a rebate is negative. */
export function feeE8(notionalE8: bigint, rateE8: number): bigint {
  return roundDiv(notionalE8 * BigInt(rateE8), E8_BIG);
}
