/**
 * level-scanner: a list of levels, [["price","size"],…], from bytes into level records.
 *
 * This is where a depth message spends its bytes. Prices of a message nearly always have the same
 * number of digits, so each is read by the layout of the one before: the point and the closing
 * quote are looked for where they were, and the digits between are read without asking, and checked
 * together. Sizes vary in length and are read digit by digit up to the point.
 *
 * Refused, and left to the reference decoder: levels of another shape, prices of more than nine
 * digits, sizes of more than fifteen, digits beyond the grid.
 *
 * Writer    BinanceScanner.
 * Hot path: scan. No allocation.
 * Imports   memory/market-record, feeds/scan.
 */
import { RECORD_DOUBLES, RECORD_WORDS } from '../../memory/market-record.ts';
import type { MarketBatch } from '../../memory/market-record.ts';
import type { Grid } from './grid.ts';
import { POWERS_OF_TEN, PRICE_DIGITS_MAX, SIZE_DIGITS_MAX } from './number-scanner.ts';

const QUOTE = 34;
const COMMA = 44;
const POINT = 46;
const ZERO = 48;
const OPEN = 91;
const CLOSE = 93;

/**
 * A character xored with "0" is a digit's value, or more than 9. Values of several, each plus this,
 * or-ed together stay below 16 as long as all are digits.
 */
const DIGIT_CHECK = 6;
const DIGIT_CHECK_MAX = 15;
/** Puts what must be 0 above what DIGIT_CHECK_MAX allows. */
const BEYOND_SHIFT = 4;
const CHECK_FAILED = 1 << BEYOND_SHIFT;
/** Digits that stay below 2^31 whatever they are. */
const INT_DIGITS_MAX = 9;

export class LevelScanner {
  readonly #grid: Grid;
  /** Layout found: digits before the point, digits on the grid behind it, length. */
  #whole = 0;
  #fraction = 0;
  #length = 0;

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
    const first = batch.count;
    const end = this.#levels(
      bytes,
      from,
      grid.priceDecimals[instrument]!,
      grid.sizeDecimals[instrument]!,
      kind | (instrument << 16),
      batch,
    );
    if (end < 0 || bytes[end] !== CLOSE) return -1;
    const tickUnits = grid.tickUnits[instrument]!;
    if (tickUnits !== 1 && !divideTicks(batch, first, tickUnits)) return -1;
    const lotUnits = grid.lotUnits[instrument]!;
    if (lotUnits !== 1 && !divideLots(batch, first, lotUnits)) return -1;
    return end + 1;
  }

  /** Reads level after level; the position behind the last, −1 when one is unusual. */
  #levels(
    bytes: Uint8Array,
    from: number,
    priceDecimals: number,
    sizeDecimals: number,
    header: number,
    batch: MarketBatch,
  ): number {
    const words = batch.words;
    const doubles = batch.doubles;
    const capacity = batch.capacity;
    let row = batch.count;
    let at = from;
    let whole = 0;
    let length = 0;
    let fraction = 0;
    do {
      // At the character before the level's bracket.
      if (((bytes[at + 1]! ^ OPEN) | (bytes[at + 2]! ^ QUOTE)) !== 0 || row === capacity) return -1;
      at += 3;
      let point = at + whole;
      let end = at + length;
      if (((bytes[point]! ^ POINT) | (bytes[end]! ^ QUOTE)) !== 0) {
        if (!this.#findLayout(bytes, at, priceDecimals)) return -1;
        whole = this.#whole;
        length = this.#length;
        fraction = this.#fraction;
        point = at + whole;
        end = at + length;
      }
      const gridEnd = point + 1 + fraction;
      let units = 0;
      let check = 0;
      for (; at < point; at++) {
        const digit = bytes[at]! ^ ZERO;
        check |= digit + DIGIT_CHECK;
        units = (units * 10 + digit) | 0;
      }
      for (at = point + 1; at < gridEnd; at++) {
        const digit = bytes[at]! ^ ZERO;
        check |= digit + DIGIT_CHECK;
        units = (units * 10 + digit) | 0;
      }
      // Digits beyond the grid must be zeros.
      for (; at < end; at++) check |= (bytes[at]! ^ ZERO) << BEYOND_SHIFT;
      check |= (bytes[end + 1]! ^ COMMA) << BEYOND_SHIFT;
      check |= (bytes[end + 2]! ^ QUOTE) << BEYOND_SHIFT;
      if (check > DIGIT_CHECK_MAX || units === 0) return -1;
      for (let i = fraction; i < priceDecimals; i++) units = (units * 10) | 0;
      at = scanSize(bytes, end + 3, sizeDecimals, doubles, row * RECORD_DOUBLES + 1);
      if (at < 0) return -1;
      words[row * RECORD_WORDS] = header;
      words[row * RECORD_WORDS + 1] = units;
      row++;
    } while (bytes[at] === COMMA);
    batch.count = row;
    return at;
  }

  /** Finds point and closing quote of the price at `from`; false when it cannot be one. */
  #findLayout(bytes: Uint8Array, from: number, decimals: number): boolean {
    let at = from;
    while ((bytes[at]! ^ ZERO) < 10) at++;
    const whole = at - from;
    let fraction = 0;
    if (bytes[at] === POINT) {
      at++;
      while ((bytes[at]! ^ ZERO) < 10) at++;
      fraction = at - from - whole - 1;
      if (fraction === 0) return false;
    }
    if (bytes[at] !== QUOTE || whole === 0 || whole + decimals > PRICE_DIGITS_MAX) return false;
    this.#whole = whole;
    this.#length = at - from;
    this.#fraction = fraction < decimals ? fraction : decimals;
    return true;
  }
}

/**
 * Reads size"] at `from` as an integer of its grid into doubles[index], and 0 into the two doubles
 * behind it; the position behind the bracket, −1 when refused.
 */
function scanSize(
  bytes: Uint8Array,
  from: number,
  decimals: number,
  doubles: Float64Array,
  index: number,
): number {
  let at = from;
  let units = 0;
  let digit = bytes[at]! ^ ZERO;
  while (digit < 10) {
    units = (units * 10 + digit) | 0;
    digit = bytes[++at]! ^ ZERO;
  }
  if (bytes[at] !== POINT) return scanOddSize(bytes, from, decimals, doubles, index);
  const digits = at - from;
  const end = ++at + decimals;
  let check = digits === 0 || decimals === 0 ? CHECK_FAILED : 0;
  for (; at < end; at++) {
    digit = bytes[at]! ^ ZERO;
    check |= digit + DIGIT_CHECK;
    units = (units * 10 + digit) | 0;
  }
  while (bytes[at] === ZERO) at++;
  check |= ((bytes[at]! ^ QUOTE) | (bytes[at + 1]! ^ CLOSE)) << BEYOND_SHIFT;
  if (check > DIGIT_CHECK_MAX || digits + decimals > INT_DIGITS_MAX) {
    return scanOddSize(bytes, from, decimals, doubles, index);
  }
  doubles[index] = units;
  doubles[index + 1] = 0;
  doubles[index + 2] = 0;
  return at + 2;
}

/** The same for sizes of more than nine digits, or fewer behind the point than the grid has. */
function scanOddSize(
  bytes: Uint8Array,
  from: number,
  decimals: number,
  doubles: Float64Array,
  index: number,
): number {
  let at = from;
  let whole = 0;
  while ((bytes[at]! ^ ZERO) < 10) whole = whole * 10 + (bytes[at++]! ^ ZERO);
  const digits = at - from;
  if (digits === 0 || digits + decimals > SIZE_DIGITS_MAX) return -1;
  let missing = decimals;
  let part = 0;
  if (bytes[at] === POINT) {
    const fraction = ++at;
    while (missing > 0 && (bytes[at]! ^ ZERO) < 10) {
      part = part * 10 + (bytes[at++]! ^ ZERO);
      missing--;
    }
    while (bytes[at] === ZERO) at++;
    if (at === fraction) return -1;
  }
  if (bytes[at] !== QUOTE || bytes[at + 1] !== CLOSE) return -1;
  doubles[index] = whole * POWERS_OF_TEN[decimals]! + part * POWERS_OF_TEN[missing]!;
  doubles[index + 1] = 0;
  doubles[index + 2] = 0;
  return at + 2;
}

/** Divides the ticks of the rows from `first` on; false when one is not a multiple. */
function divideTicks(batch: MarketBatch, first: number, step: number): boolean {
  const words = batch.words;
  for (let row = first; row < batch.count; row++) {
    const units = words[row * RECORD_WORDS + 1]!;
    if (units % step !== 0) return false;
    words[row * RECORD_WORDS + 1] = units / step;
  }
  return true;
}

/** Divides the lots of the rows from `first` on; false when one is not a multiple. */
function divideLots(batch: MarketBatch, first: number, step: number): boolean {
  const doubles = batch.doubles;
  for (let row = first; row < batch.count; row++) {
    const units = doubles[row * RECORD_DOUBLES + 1]!;
    if (units % step !== 0) return false;
    doubles[row * RECORD_DOUBLES + 1] = units / step;
  }
  return true;
}
