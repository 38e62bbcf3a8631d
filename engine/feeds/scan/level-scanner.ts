/**
 * level-scanner: a list of levels, [["price","size"],…], from bytes into level records.
 *
 * This is where a depth message spends its bytes, so both numbers are read in one pass without a
 * look ahead for their ends. Refused, and left to the reference decoder: levels of another shape,
 * prices of more than nine digits, sizes of more than fifteen, digits beyond the grid.
 *
 * Writer    BinanceScanner.
 * Hot path: scan. No allocation.
 * Imports   memory/market-record, book/side-ladder, feeds/scan.
 */
import { TICKS_MAX } from '../../book/side-ladder.ts';
import { RECORD_DOUBLES, RECORD_WORDS } from '../../memory/market-record.ts';
import type { MarketBatch } from '../../memory/market-record.ts';
import type { Grid } from './grid.ts';
import { POWERS_OF_TEN, PRICE_DIGITS_MAX, SIZE_DIGITS_MAX } from './number-scanner.ts';

const QUOTE = 34;
const COMMA = 44;
const POINT = 46;
const OPEN = 91;
const CLOSE = 93;

export class LevelScanner {
  readonly #grid: Grid;
  /** Where the number or level read last ended. */
  #at = 0;
  /** The grid of the instrument being read. */
  #priceDecimals = 0;
  #tickUnits = 1;
  #sizeDecimals = 0;
  #lotUnits = 1;

  constructor(grid: Grid) {
    this.#grid = grid;
  }

  /** Adds a record of `kind` a level; the position behind the list, or −1 when it is unusual. */
  scan(
    bytes: Uint8Array,
    from: number,
    kind: number,
    instrument: number,
    batch: MarketBatch,
  ): number {
    if (bytes[from] !== OPEN) return -1;
    if (bytes[from + 1] === CLOSE) return from + 2;
    const grid = this.#grid;
    this.#priceDecimals = grid.priceDecimals[instrument]!;
    this.#tickUnits = grid.tickUnits[instrument]!;
    this.#sizeDecimals = grid.sizeDecimals[instrument]!;
    this.#lotUnits = grid.lotUnits[instrument]!;
    const words = batch.words;
    const doubles = batch.doubles;
    const capacity = batch.capacity;
    const header = kind | (instrument << 16);
    let row = batch.count;
    this.#at = from;
    do {
      if (row === capacity) return -1;
      const ticks = this.#level(bytes, this.#at + 1, doubles, row * RECORD_DOUBLES + 1);
      if (ticks <= 0 || ticks >= TICKS_MAX) return -1;
      words[row * RECORD_WORDS] = header;
      words[row * RECORD_WORDS + 1] = ticks;
      row++;
    } while (bytes[this.#at] === COMMA);
    if (bytes[this.#at] !== CLOSE) return -1;
    batch.count = row;
    return this.#at + 1;
  }

  /** Reads ["price","size"] at `from`: the ticks, −1 when refused; lots into doubles[index]. */
  #level(bytes: Uint8Array, from: number, doubles: Float64Array, index: number): number {
    if (bytes[from] !== OPEN || bytes[from + 1] !== QUOTE) return -1;
    let ticks = this.#price(bytes, from + 2, this.#priceDecimals);
    if (this.#tickUnits !== 1) ticks = stepsOf(ticks, this.#tickUnits);
    let at = this.#at;
    if (bytes[at] !== QUOTE || bytes[at + 1] !== COMMA || bytes[at + 2] !== QUOTE) return -1;
    if (!this.#size(bytes, at + 3, this.#sizeDecimals, doubles, index)) return -1;
    if (this.#lotUnits !== 1 && !divide(doubles, index, this.#lotUnits)) return -1;
    at = this.#at;
    if (bytes[at] !== QUOTE || bytes[at + 1] !== CLOSE) return -1;
    this.#at = at + 2;
    doubles[index + 1] = 0;
    doubles[index + 2] = 0;
    return ticks;
  }

  /** The price at `from` as an integer of 10^-decimals, −1 when refused. Sets #at. */
  #price(bytes: Uint8Array, from: number, decimals: number): number {
    let at = from;
    let units = 0;
    let digit = (bytes[at]! - 48) >>> 0;
    while (digit < 10) {
      units = (units * 10 + digit) | 0;
      digit = (bytes[++at]! - 48) >>> 0;
    }
    if (at === from || at - from + decimals > PRICE_DIGITS_MAX) return -1;
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
      if (at === fraction) return -1;
    }
    for (; missing > 0; missing--) units = (units * 10) | 0;
    this.#at = at;
    return units;
  }

  /** The size at `from` as an integer of 10^-decimals into doubles[index]. Sets #at. */
  #size(
    bytes: Uint8Array,
    from: number,
    decimals: number,
    doubles: Float64Array,
    index: number,
  ): boolean {
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
    doubles[index] = whole * POWERS_OF_TEN[decimals]! + part * POWERS_OF_TEN[missing]!;
    this.#at = at;
    return true;
  }
}

/** units / step where that is whole, else −1. */
function stepsOf(units: number, step: number): number {
  return units % step === 0 ? units / step : -1;
}

function divide(doubles: Float64Array, index: number, step: number): boolean {
  const units = doubles[index]!;
  if (units % step !== 0) return false;
  doubles[index] = units / step;
  return true;
}
