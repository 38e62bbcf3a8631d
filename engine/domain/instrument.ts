/**
 * instrument: one tradable thing on one venue, with exact decimal ↔ integer conversion.
 *
 * A tick size such as 0.5 is kept as `tickUnits` × 10^-`priceDecimals` (5 × 10^-1): a price text is
 * read as an integer of 10^-priceDecimals and must divide by `tickUnits`. Sizes likewise.
 *
 * Units     ticks, lots; money in 10^-8 quote units; fee rates in 10^-8 of notional.
 * Errors    EngineError 'input/malformed' for text that is no decimal or off the grid.
 * Imports   base, domain/units.
 */
import { assert } from '../base/assert.ts';
import { EngineError } from '../base/errors.ts';
import { E8 } from './units.ts';

export type Venue = 'binance-usdm' | 'binance-spot';

/**
 * What a venue's metadata, a tape header or a journal says of an instrument. Plain, serialisable.
 */
export interface InstrumentSpec {
  readonly symbol: string;
  readonly venue: Venue;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  /** Decimal texts, e.g. "0.10", "0.001". */
  readonly tickSize: string;
  readonly lotSize: string;
  readonly minQty: string;
  readonly maxQty: string;
  readonly minNotional: string;
  /** Fractions of notional as decimal texts, e.g. "0.0002"; a rebate is negative. */
  readonly makerFee: string;
  readonly takerFee: string;
}

export class Instrument {
  readonly index: number;
  readonly spec: InstrumentSpec;
  readonly symbol: string;
  readonly priceDecimals: number;
  readonly tickUnits: number;
  readonly sizeDecimals: number;
  readonly lotUnits: number;
  readonly minLots: number;
  readonly maxLots: number;
  /** Quote money of one tick times one lot, in 10^-8 units; an integer on every usual market. */
  readonly tickLotE8: number;
  readonly minNotionalE8: number;
  /** Rates in 10^-8 of notional: 0.0002 is 20,000. */
  readonly makerFeeRateE8: number;
  readonly takerFeeRateE8: number;

  constructor(index: number, spec: InstrumentSpec) {
    assert(Number.isInteger(index) && index >= 0, `instrument index ${index}`);
    this.index = index;
    this.spec = spec;
    this.symbol = spec.symbol;
    const tickParts = decimalParts(spec.tickSize, `${spec.symbol} tick size`);
    const lotParts = decimalParts(spec.lotSize, `${spec.symbol} lot size`);
    this.priceDecimals = tickParts.decimals;
    this.tickUnits = tickParts.units;
    this.sizeDecimals = lotParts.decimals;
    this.lotUnits = lotParts.units;
    if (tickParts.units <= 0 || lotParts.units <= 0) {
      throw new EngineError(
        'input/malformed',
        `${spec.symbol}: tick and lot size must be positive`,
      );
    }
    this.minLots = Math.max(1, Math.ceil(this.#lotsFloat(spec.minQty) - 1e-9));
    this.maxLots = Math.floor(this.#lotsFloat(spec.maxQty) + 1e-9);
    const scale = 10 ** (8 - tickParts.decimals - lotParts.decimals);
    this.tickLotE8 = tickParts.units * lotParts.units * scale;
    this.minNotionalE8 = Math.round(Number(spec.minNotional) * E8);
    this.makerFeeRateE8 = Math.round(Number(spec.makerFee) * E8);
    this.takerFeeRateE8 = Math.round(Number(spec.takerFee) * E8);
  }

  #lotsFloat(text: string): number {
    return (Number(text) * 10 ** this.sizeDecimals) / this.lotUnits;
  }

  /** Exact ticks of a price text; throws when it is off the grid. */
  ticksOf(text: string): number {
    return gridCount(text, this.priceDecimals, this.tickUnits, `${this.symbol} price`);
  }

  /** Exact lots of a size text; throws when it is off the grid. */
  lotsOf(text: string): number {
    return gridCount(text, this.sizeDecimals, this.lotUnits, `${this.symbol} size`);
  }

  /** Decimal text with the venue's full number of decimals, e.g. "64231.0". */
  priceText(ticks: number): string {
    return fixedText(ticks * this.tickUnits, this.priceDecimals);
  }

  sizeText(lots: number): string {
    return fixedText(lots * this.lotUnits, this.sizeDecimals);
  }

  /** Price as a double, for display and charts only. */
  priceOf(ticks: number): number {
    return (ticks * this.tickUnits) / 10 ** this.priceDecimals;
  }

  sizeOf(lots: number): number {
    return (lots * this.lotUnits) / 10 ** this.sizeDecimals;
  }

  notionalE8(ticks: number, lots: number): number {
    return ticks * lots * this.tickLotE8;
  }
}

/** "0.10" → 1 × 10^-1; "25" → 25 × 10^0. Trailing zeros are dropped. */
export function decimalParts(text: string, what: string): { units: number; decimals: number } {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text);
  if (match === null) throw new EngineError('input/malformed', `${what}: "${text}" is no decimal`);
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  const units = Number(match[1] + fraction);
  assert(Number.isSafeInteger(units), `${what} ${text} fits a double exactly`);
  return { units, decimals: fraction.length };
}

function gridCount(text: string, decimals: number, step: number, what: string): number {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text);
  if (match === null) throw new EngineError('input/malformed', `${what}: "${text}" is no decimal`);
  const fraction = match[2] ?? '';
  const kept = fraction.slice(0, decimals).padEnd(decimals, '0');
  const rest = fraction.slice(decimals);
  const units = Number(match[1] + kept);
  if (!Number.isSafeInteger(units) || /[1-9]/.test(rest) || units % step !== 0) {
    throw new EngineError(
      'input/malformed',
      `${what}: "${text}" is off the grid of ${step}e-${decimals}`,
    );
  }
  return units / step;
}

/** Integer `units` of 10^-decimals as text, e.g. (642310, 1) → "64231.0". */
export function fixedText(units: number, decimals: number): string {
  const sign = units < 0 ? '-' : '';
  const digits = Math.abs(units)
    .toFixed(0)
    .padStart(decimals + 1, '0');
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** "64231.00" → "64231", "0.250" → "0.25": exact decimal without trailing zeros. */
export function trimmedText(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** Money in 10^-8 quote units as decimal text with eight decimals, exact. */
export function moneyText(e8: number): string {
  return fixedText(e8, 8);
}
