/**
 * order-update: the fields of one ORDER_TRADE_UPDATE `o` object, found and made exact.
 *
 * Two steps, because the grid is known only once the symbol is: read() finds the texts, scale()
 * turns them into ticks, lots and 1e-8 money of the instrument.
 *
 * Writer    decode. Units as the names say.
 * Hot path: no allocation after construction.
 * Imports   domain, execution.
 */
import type { Instrument } from '../../../domain/instrument.ts';
import { OrderEventKind } from '../../../domain/order.ts';
import { asciiBytes } from '../../client-ids.ts';
import { JsonCursor } from './json-cursor.ts';
import { readRounded, readScaled, readSmall } from './read-number.ts';

export const UpdateNumber = {
  Lots: 0,
  PriceTicks: 1,
  LastLots: 2,
  LastTicks: 3,
  CumulativeLots: 4,
  FeeE8: 5,
  RealisedE8: 6,
  TradeId: 7,
  VenueTimeMs: 8,
} as const;
const NUMBERS = 9;
const MONEY_DECIMALS = 8;

/** One-letter keys whose texts are numbers, and where they go. */
const NUMBER_KEYS = new Int32Array(256).fill(-1);
NUMBER_KEYS[0x71] = UpdateNumber.Lots; // q
NUMBER_KEYS[0x70] = UpdateNumber.PriceTicks; // p
NUMBER_KEYS[0x6c] = UpdateNumber.LastLots; // l
NUMBER_KEYS[0x4c] = UpdateNumber.LastTicks; // L
NUMBER_KEYS[0x7a] = UpdateNumber.CumulativeLots; // z
NUMBER_KEYS[0x6e] = UpdateNumber.FeeE8; // n
NUMBER_KEYS[0x74] = UpdateNumber.TradeId; // t
NUMBER_KEYS[0x54] = UpdateNumber.VenueTimeMs; // T

const KEY_SYMBOL = 0x73;
const KEY_CLIENT = 0x63;
const KEY_SIDE = 0x53;
const KEY_EXECUTION = 0x78;
const KEY_FEE_ASSET = 0x4e;
const KEY_MAKER = 0x6d;
const KEY_REALISED = 0x72 | (0x70 << 8);
const KEY_EXPIRY = 0x65 | (0x72 << 8);
const LETTER_B = 0x42;
const LETTER_T = 0x74;
const LETTER_N = 0x6e;

const EXECUTIONS = [
  { text: asciiBytes('NEW'), kind: OrderEventKind.Accepted },
  { text: asciiBytes('TRADE'), kind: OrderEventKind.Fill },
  { text: asciiBytes('CALCULATED'), kind: OrderEventKind.Fill },
  { text: asciiBytes('CANCELED'), kind: OrderEventKind.Canceled },
  { text: asciiBytes('EXPIRED'), kind: OrderEventKind.Expired },
  { text: asciiBytes('AMENDMENT'), kind: OrderEventKind.Amended },
  { text: asciiBytes('REJECTED'), kind: OrderEventKind.Rejected },
] as const;

export class OrderUpdateFields {
  readonly numbers = new Float64Array(NUMBERS);
  /** OrderEventKind, or 0 for an execution type that this program does not know. */
  kind = 0;
  side = 0;
  isMaker = 0;
  /** `er`: why it expired. */
  expiry = 0;
  symbolStart = 0;
  symbolEnd = 0;
  clientStart = 0;
  clientEnd = 0;
  readonly #cursor = new JsonCursor();
  /** Start and end of each number's text; −1 when absent or null. */
  readonly #texts = new Int32Array(NUMBERS * 2);
  #feeAssetStart = 0;
  #feeAssetEnd = 0;

  /** Finds the fields of the object in bytes[start, end); false when it is malformed. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    this.#reset();
    const cursor = this.#cursor;
    cursor.open(bytes, start, end);
    while (cursor.next()) {
      const key = cursor.shortKey();
      const number = key < 256 ? NUMBER_KEYS[key]! : -1;
      if (number >= 0) this.#noteNumber(number, cursor);
      else if (key === KEY_REALISED) this.#noteNumber(UpdateNumber.RealisedE8, cursor);
      else this.#noteText(key, cursor);
    }
    return !cursor.isBad && this.symbolEnd > this.symbolStart && this.clientEnd > this.clientStart;
  }

  /** Turns the texts into numbers of the instrument; false when one fits no grid. */
  scale(bytes: Uint8Array, instrument: Instrument): boolean {
    const price = instrument.priceDecimals;
    const size = instrument.sizeDecimals;
    const tickUnits = instrument.tickUnits;
    const lotUnits = instrument.lotUnits;
    const money = MONEY_DECIMALS;
    return (
      this.#grid(bytes, UpdateNumber.Lots, size, lotUnits) &&
      this.#grid(bytes, UpdateNumber.PriceTicks, price, tickUnits) &&
      this.#grid(bytes, UpdateNumber.LastLots, size, lotUnits) &&
      this.#grid(bytes, UpdateNumber.LastTicks, price, tickUnits) &&
      this.#grid(bytes, UpdateNumber.CumulativeLots, size, lotUnits) &&
      this.#number(bytes, UpdateNumber.FeeE8, money) &&
      this.#number(bytes, UpdateNumber.RealisedE8, money) &&
      this.#number(bytes, UpdateNumber.TradeId, 0) &&
      this.#number(bytes, UpdateNumber.VenueTimeMs, 0)
    );
  }

  feeAssetIs(bytes: Uint8Array, asset: Uint8Array): boolean {
    const start = this.#feeAssetStart;
    if (this.#feeAssetEnd - start !== asset.length) return false;
    for (let i = 0; i < asset.length; i++) {
      if (bytes[start + i] !== asset[i]) return false;
    }
    return true;
  }

  #reset(): void {
    this.numbers.fill(0);
    this.#texts.fill(-1);
    this.kind = 0;
    this.side = 0;
    this.isMaker = 0;
    this.expiry = 0;
    this.symbolStart = 0;
    this.symbolEnd = 0;
    this.clientStart = 0;
    this.clientEnd = 0;
    this.#feeAssetStart = 0;
    this.#feeAssetEnd = 0;
  }

  #noteNumber(number: number, cursor: JsonCursor): void {
    // null stands for "not stated", as on liquidation orders.
    if (!cursor.isString && cursor.bytes[cursor.valueStart] === LETTER_N) return;
    this.#texts[number * 2] = cursor.valueStart;
    this.#texts[number * 2 + 1] = cursor.valueEnd;
  }

  #noteText(key: number, cursor: JsonCursor): void {
    const { bytes, valueStart, valueEnd } = cursor;
    if (key === KEY_SYMBOL) {
      this.symbolStart = valueStart;
      this.symbolEnd = valueEnd;
    } else if (key === KEY_CLIENT) {
      this.clientStart = valueStart;
      this.clientEnd = valueEnd;
    } else if (key === KEY_SIDE) this.side = bytes[valueStart] === LETTER_B ? 1 : -1;
    else if (key === KEY_EXECUTION) this.kind = kindOf(cursor);
    else if (key === KEY_MAKER) this.isMaker = bytes[valueStart] === LETTER_T ? 1 : 0;
    else if (key === KEY_EXPIRY) this.expiry = readSmall(bytes, valueStart, valueEnd, 0);
    else if (key === KEY_FEE_ASSET) {
      this.#feeAssetStart = valueStart;
      this.#feeAssetEnd = valueEnd;
    }
  }

  #number(bytes: Uint8Array, number: number, decimals: number): boolean {
    const start = this.#texts[number * 2]!;
    if (start < 0) return true;
    const end = this.#texts[number * 2 + 1]!;
    if (decimals === 0) return readScaled(bytes, start, end, 0, this.numbers, number);
    return readRounded(bytes, start, end, decimals, this.numbers, number);
  }

  #grid(bytes: Uint8Array, number: number, decimals: number, step: number): boolean {
    const start = this.#texts[number * 2]!;
    if (start < 0) return true;
    const end = this.#texts[number * 2 + 1]!;
    if (!readScaled(bytes, start, end, decimals, this.numbers, number)) return false;
    const count = this.numbers[number]! / step;
    if (Math.floor(count) !== count) return false;
    this.numbers[number] = count;
    return true;
  }
}

function kindOf(cursor: JsonCursor): number {
  for (let i = 0; i < EXECUTIONS.length; i++) {
    if (cursor.valueIs(EXECUTIONS[i]!.text)) return EXECUTIONS[i]!.kind;
  }
  return 0;
}
