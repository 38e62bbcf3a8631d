/**
 * grid: ticks and lots of one instrument as text, and price texts back to ticks.
 *
 * Imports   contract, domain, ./numbers.
 */
import type { InstrumentStatus } from '../../engine/contract/status.ts';
import { decimalParts, fixedText } from '../../engine/domain/instrument.ts';
import { grouped } from './numbers.ts';

export class Grid {
  readonly symbol: string;
  readonly index: number;
  readonly priceDecimals: number;
  readonly sizeDecimals: number;
  readonly tickSize: string;
  readonly #tickUnits: number;
  readonly #lotUnits: number;

  constructor(spec: Pick<InstrumentStatus, 'symbol' | 'index' | 'tickSize' | 'lotSize'>) {
    const tickParts = decimalParts(spec.tickSize, `${spec.symbol} tick size`);
    const lotParts = decimalParts(spec.lotSize, `${spec.symbol} lot size`);
    this.symbol = spec.symbol;
    this.index = spec.index;
    this.tickSize = spec.tickSize;
    this.priceDecimals = tickParts.decimals;
    this.sizeDecimals = lotParts.decimals;
    this.#tickUnits = tickParts.units;
    this.#lotUnits = lotParts.units;
  }

  /** "64,231.0". */
  price(ticks: number): string {
    return grouped(this.plainPrice(ticks));
  }

  /** "64231.0", for machines. */
  plainPrice(ticks: number): string {
    return fixedText(Math.round(ticks) * this.#tickUnits, this.priceDecimals);
  }

  size(lots: number): string {
    return grouped(this.plainSize(lots));
  }

  plainSize(lots: number): string {
    return fixedText(Math.round(lots) * this.#lotUnits, this.sizeDecimals);
  }

  /** Size in base units as a double, for bars only. */
  sizeValue(lots: number): number {
    return (lots * this.#lotUnits) / 10 ** this.sizeDecimals;
  }

  /** Nearest ticks of a price text; NaN when it is none. */
  ticks(text: string): number {
    if (text.trim() === '') return Number.NaN;
    return Math.round((Number(text) * 10 ** this.priceDecimals) / this.#tickUnits);
  }

  /** Exact lots of a size text; NaN when it is no decimal or no multiple of the lot size. */
  lots(text: string): number {
    const match = /^(\d+)(?:\.(\d+))?$/.exec(text.trim());
    if (match === null) return Number.NaN;
    const fraction = match[2] ?? '';
    if (/[1-9]/.test(fraction.slice(this.sizeDecimals))) return Number.NaN;
    const kept = fraction.slice(0, this.sizeDecimals).padEnd(this.sizeDecimals, '0');
    const units = Number(match[1] + kept);
    const isWhole = Number.isSafeInteger(units) && units % this.#lotUnits === 0;
    return isWhole ? units / this.#lotUnits : Number.NaN;
  }

  /** Sizes in very little room, where digits would not be read anyway: "0.61", "12", "4.2k". */
  tinySize(lots: number): string {
    const value = this.sizeValue(lots);
    if (value >= 9_995) return `${Math.round(value / 1000)}k`;
    if (value >= 999.5) return `${(value / 1000).toFixed(1)}k`;
    if (value >= 9.95) return value.toFixed(0);
    return value.toFixed(Math.min(this.sizeDecimals, value >= 0.995 ? 1 : 2));
  }

  /** Sizes in little room: "1.139", "12.4", "1,240", "12.4k". */
  shortSize(lots: number): string {
    const value = this.sizeValue(lots);
    if (value >= 99_950) return `${Math.round(value / 1000)}k`;
    if (value >= 9_995) return `${(value / 1000).toFixed(1)}k`;
    if (value >= 99.95) return grouped(value.toFixed(0));
    const decimals = Math.min(this.sizeDecimals, value >= 9.995 ? 2 : 3);
    return value.toFixed(decimals);
  }
}
