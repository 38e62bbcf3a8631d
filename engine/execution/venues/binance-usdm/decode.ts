/**
 * decode: replies of the WebSocket API and events of the private stream, as order event rows.
 *
 *   reply to p…   Accepted, Rejected, or OutcomeUnknown          (matched by id, never by order)
 *   reply to c…   Canceled, CancelRejected, or OutcomeUnknown
 *   reply to q…   StatusFound or StatusNotFound, with the query's number in TradeId
 *   ORDER_TRADE_UPDATE   Accepted, Fill, Canceled, Expired, Amended, Rejected
 *   ACCOUNT_UPDATE       Position per instrument; the wallet's balance beside the rows
 *
 * TRADE_LITE is counted and ignored: it lacks fee and PnL, and the full event always follows. Order
 * ids may exceed 2^53, so they are never read: everything is keyed by client id. Unknown events and
 * keys are ignored; what is no JSON, or off an instrument's grid, is counted as garbage, never
 * guessed. Orders that are not ours have client sequence 0 and carry their side in the sign of
 * their lots.
 *
 * Writer    the gateway's session. Reader of `events`: core.
 * Units     exact ticks, lots, 1e-8 quote units; now[0] is engine ns, set by the caller.
 * Hot path: onReply, onUserEvent. No allocation after construction.
 * Imports   base, domain, memory/slots, execution.
 */
import type { Instrument } from '../../../domain/instrument.ts';
import { OrderEventKind, OrderState } from '../../../domain/order.ts';
import { OrderEventField as Field } from '../../../memory/slots.ts';
import {
  asciiBytes,
  type ClientIds,
  readBase36,
  readBase36Pair,
  SEQUENCE_DIGITS,
} from '../../client-ids.ts';
import { type OrderEventQueue, VenueEventKind } from '../../order-events.ts';
import type { OrderTable } from '../../order-table.ts';
import { RequestLetter } from './encode.ts';
import { provesNotPlaced } from './errors.ts';
import { JsonCursor } from './json-cursor.ts';
import { readDouble, readRounded, readScaled, readSmall } from './read-number.ts';
import { OrderUpdateFields, UpdateNumber } from './order-update.ts';

export const DecodeCounter = {
  Replies: 0,
  UserEvents: 1,
  /** Frames that are no JSON or whose numbers fit no grid. */
  Garbage: 2,
  /** Events of a type that this program does not use. */
  Ignored: 3,
  TradeLite: 4,
  UnknownSymbols: 5,
  /** Fees charged in another asset than the quote: not in feeE8. */
  ForeignFees: 6,
  ListenKeyExpired: 7,
} as const;
export const DECODE_COUNTERS = 8;

/** What onReply and onUserEvent answer. */
export const Decoded = {
  /** Rows written, or nothing to do. */
  Done: 0,
  /** A reply to a request of the session itself (logon, ping of the key): parse it at leisure. */
  Session: 1,
  Garbage: 2,
  ListenKeyExpired: 3,
  /** Key, signature or address refused, for the whole session. */
  NotAuthorised: 4,
} as const;

const KEY = {
  id: asciiBytes('id'),
  status: asciiBytes('status'),
  result: asciiBytes('result'),
  error: asciiBytes('error'),
  code: asciiBytes('code'),
  msg: asciiBytes('msg'),
  origQty: asciiBytes('origQty'),
  executedQty: asciiBytes('executedQty'),
  avgPrice: asciiBytes('avgPrice'),
  data: asciiBytes('data'),
} as const;
const EVENT = {
  order: asciiBytes('ORDER_TRADE_UPDATE'),
  account: asciiBytes('ACCOUNT_UPDATE'),
  lite: asciiBytes('TRADE_LITE'),
  expired: asciiBytes('listenKeyExpired'),
} as const;
const STATUS_TEXTS = [
  { text: asciiBytes('NEW'), state: OrderState.Open },
  { text: asciiBytes('PARTIALLY_FILLED'), state: OrderState.PartiallyFilled },
  { text: asciiBytes('FILLED'), state: OrderState.Filled },
  { text: asciiBytes('CANCELED'), state: OrderState.Canceled },
  { text: asciiBytes('REJECTED'), state: OrderState.Rejected },
  { text: asciiBytes('EXPIRED'), state: OrderState.Expired },
  { text: asciiBytes('EXPIRED_IN_MATCH'), state: OrderState.Expired },
] as const;
const UNKNOWN_ERROR = asciiBytes('Unknown error');
const BOTH = asciiBytes('BOTH');
const LETTER_E = 0x65;
const LETTER_A = 0x61;
const LETTER_O = 0x6f;
const LETTER_B_UPPER = 0x42;
const LETTER_P_UPPER = 0x50;
const LETTER_S = 0x73;
const KEY_PA = 0x70 | (0x61 << 8);
const KEY_EP = 0x65 | (0x70 << 8);
const KEY_PS = 0x70 | (0x73 << 8);
const KEY_WB = 0x77 | (0x62 << 8);
const MONEY_DECIMALS = 8;

export interface DecoderParts {
  readonly instruments: readonly Instrument[];
  readonly clientIds: ClientIds;
  readonly table: OrderTable;
  readonly events: OrderEventQueue;
}

export class UsdmDecoder {
  readonly events: OrderEventQueue;
  readonly counters = new Int32Array(DECODE_COUNTERS);
  /** Engine time of the message under way; set by the caller. */
  readonly now = new Float64Array(1);
  /** Wallet balance of the quote asset in 1e-8, as last stated; NaN until then. */
  readonly walletE8 = new Float64Array([NaN]);
  readonly #table: OrderTable;
  readonly #instruments: readonly Instrument[];
  readonly #symbols: readonly Uint8Array[];
  readonly #quotes: readonly Uint8Array[];
  readonly #clientIds: ClientIds;
  readonly #top = new JsonCursor();
  readonly #inner = new JsonCursor();
  readonly #list = new JsonCursor();
  readonly #item = new JsonCursor();
  readonly #update = new OrderUpdateFields();
  /** Scratch for numbers that were just read. */
  readonly #read = new Float64Array(4);
  /** Query number of the status reply under way. */
  #queryNumber = 0;
  /** Byte ranges found in a frame, −1 when absent: id, result or error, data. */
  readonly #range = new Int32Array(8);

  constructor(parts: DecoderParts) {
    this.events = parts.events;
    this.#table = parts.table;
    this.#instruments = parts.instruments;
    this.#symbols = parts.instruments.map((instrument) => asciiBytes(instrument.symbol));
    this.#quotes = parts.instruments.map((instrument) => asciiBytes(instrument.spec.quoteAsset));
    this.#clientIds = parts.clientIds;
  }

  // --- replies ---------------------------------------------------------------------------------

  /** One frame of the WebSocket API. */
  onReply(bytes: Uint8Array, length: number): number {
    this.counters[DecodeCounter.Replies]! += 1;
    const top = this.#top;
    const range = this.#range;
    range.fill(-1);
    let status = 0;
    top.open(bytes, 0, length);
    while (top.next()) {
      if (top.keyIs(KEY.id)) this.#note(0, top);
      else if (top.keyIs(KEY.status)) status = readSmall(bytes, top.valueStart, top.valueEnd, 0);
      else if (top.keyIs(KEY.result)) this.#note(2, top);
      else if (top.keyIs(KEY.error)) this.#note(4, top);
    }
    if (top.isBad || range[0]! < 0) return this.#garbage();
    const sequence = this.#sequenceOfId(bytes);
    if (sequence === 0) return status === 401 ? Decoded.NotAuthorised : Decoded.Session;
    const letter = bytes[range[0]!]!;
    if (status === 200) return this.#onSuccess(letter, sequence, bytes);
    return this.#onError(letter, sequence, status, bytes);
  }

  #sequenceOfId(bytes: Uint8Array): number {
    const start = this.#range[0]!;
    const digits = this.#range[1]! - start - 1;
    const letter = bytes[start]!;
    if (letter === RequestLetter.Query) {
      if (digits !== SEQUENCE_DIGITS + 2) return 0;
      this.#queryNumber = readBase36Pair(bytes, start + 1 + SEQUENCE_DIGITS);
    } else if (letter === RequestLetter.Place || letter === RequestLetter.Cancel) {
      if (digits !== SEQUENCE_DIGITS) return 0;
    } else return 0;
    return readBase36(bytes, start + 1);
  }

  #onSuccess(letter: number, sequence: number, bytes: Uint8Array): number {
    const slot = this.#table.slotOf(sequence);
    if (slot < 0) return Decoded.Done;
    const instrument = this.#table.instrument[slot]!;
    const read = this.#read;
    read.fill(0);
    if (this.#range[2]! < 0) return this.#garbage();
    const state = this.#readOrderResult(bytes, instrument);
    if (state < 0) return this.#garbage();
    let kind: number = OrderEventKind.Accepted;
    if (letter === RequestLetter.Query) kind = OrderEventKind.StatusFound;
    else if (letter === RequestLetter.Cancel) {
      if (state !== OrderState.Canceled) return Decoded.Done;
      kind = OrderEventKind.Canceled;
    }
    const base = this.#claim(kind, instrument, sequence);
    if (base < 0) return Decoded.Done;
    const doubles = this.events.doubles;
    doubles[base + Field.Lots] = read[0]!;
    if (letter !== RequestLetter.Place) doubles[base + Field.CumulativeLots] = read[1]!;
    if (letter === RequestLetter.Query) {
      doubles[base + Field.PriceTicks] = read[2]!;
      doubles[base + Field.Code] = state;
      doubles[base + Field.TradeId] = this.#queryNumber;
    }
    return Decoded.Done;
  }

  /**
   * read: ordered lots, executed lots, average ticks. Answers the OrderState, −1 when malformed.
   */
  #readOrderResult(bytes: Uint8Array, instrument: number): number {
    const result = this.#inner;
    const read = this.#read;
    let state = -1;
    result.open(bytes, this.#range[2]!, this.#range[3]!);
    while (result.next()) {
      if (result.keyIs(KEY.status)) state = stateOf(result);
      else if (result.keyIs(KEY.origQty)) {
        if (!this.#readLots(result, instrument, 0)) return -1;
      } else if (result.keyIs(KEY.executedQty)) {
        if (!this.#readLots(result, instrument, 1)) return -1;
      } else if (result.keyIs(KEY.avgPrice)) {
        if (!readDouble(bytes, result.valueStart, result.valueEnd, read, 2)) return -1;
        const spec = this.#instruments[instrument]!;
        read[2] = (read[2]! * 10 ** spec.priceDecimals) / spec.tickUnits;
      }
    }
    return result.isBad ? -1 : state;
  }

  #onError(letter: number, sequence: number, status: number, bytes: Uint8Array): number {
    const error = this.#inner;
    let code = 0;
    let saysUnknown = false;
    if (this.#range[4]! >= 0) {
      error.open(bytes, this.#range[4]!, this.#range[5]!);
      while (error.next()) {
        if (error.keyIs(KEY.code)) code = readSmall(bytes, error.valueStart, error.valueEnd, 0);
        else if (error.keyIs(KEY.msg)) saysUnknown = startsWith(error, UNKNOWN_ERROR);
      }
      if (error.isBad) return this.#garbage();
    }
    const slot = this.#table.slotOf(sequence);
    if (slot < 0) return Decoded.Done;
    const instrument = this.#table.instrument[slot]!;
    const kind = errorKind(letter, code, provesNotPlaced(status, code, saysUnknown));
    if (kind === 0) return Decoded.Done;
    const base = this.#claim(kind, instrument, sequence);
    if (base >= 0) {
      this.events.doubles[base + Field.Code] = code;
      if (letter === RequestLetter.Query) {
        this.events.doubles[base + Field.TradeId] = this.#queryNumber;
      }
    }
    return status === 401 ? Decoded.NotAuthorised : Decoded.Done;
  }

  // --- private stream --------------------------------------------------------------------------

  /** One frame of the private stream, wrapped in {"stream","data"} or not. */
  onUserEvent(bytes: Uint8Array, length: number): number {
    this.counters[DecodeCounter.UserEvents]! += 1;
    const top = this.#top;
    const range = this.#range;
    range.fill(-1);
    if (!this.#scanUserFrame(bytes, 0, length)) return this.#garbage();
    if (range[6]! >= 0) {
      const start = range[6]!;
      const end = range[7]!;
      range.fill(-1);
      if (!this.#scanUserFrame(bytes, start, end)) return this.#garbage();
    }
    if (range[0]! < 0) return this.#ignored();
    top.valueStart = range[0]!;
    top.valueEnd = range[1]!;
    if (top.valueIs(EVENT.order)) return this.#onOrderUpdate(bytes);
    if (top.valueIs(EVENT.account)) return this.#onAccountUpdate(bytes);
    if (top.valueIs(EVENT.expired)) {
      this.counters[DecodeCounter.ListenKeyExpired]! += 1;
      return Decoded.ListenKeyExpired;
    }
    if (top.valueIs(EVENT.lite)) this.counters[DecodeCounter.TradeLite]! += 1;
    return this.#ignored();
  }

  /** Notes where "e", "o", "a" and "data" lie. */
  #scanUserFrame(bytes: Uint8Array, start: number, end: number): boolean {
    const top = this.#top;
    top.open(bytes, start, end);
    while (top.next()) {
      const key = top.shortKey();
      if (key === LETTER_E && top.isString) this.#note(0, top);
      else if (key === LETTER_O) this.#note(2, top);
      else if (key === LETTER_A) this.#note(4, top);
      else if (key === 0 && top.keyIs(KEY.data)) this.#note(6, top);
    }
    return !top.isBad;
  }

  #onOrderUpdate(bytes: Uint8Array): number {
    if (this.#range[2]! < 0) return this.#garbage();
    const update = this.#update;
    if (!update.read(bytes, this.#range[2]!, this.#range[3]!)) return this.#garbage();
    const instrument = this.#instrumentOf(bytes, update.symbolStart, update.symbolEnd);
    if (instrument < 0) {
      this.counters[DecodeCounter.UnknownSymbols]! += 1;
      return Decoded.Done;
    }
    if (!update.scale(bytes, this.#instruments[instrument]!)) return this.#garbage();
    const sequence = this.#clientIds.parse(bytes, update.clientStart, update.clientEnd);
    if (update.kind === 0) return this.#ignored();
    const numbers = update.numbers;
    if (update.kind === OrderEventKind.Fill) this.#noteShrunk(instrument, sequence);
    const base = this.#claim(update.kind, instrument, sequence);
    if (base < 0) return Decoded.Done;
    const doubles = this.events.doubles;
    doubles[base + Field.CumulativeLots] = numbers[UpdateNumber.CumulativeLots]!;
    doubles[base + Field.VenueTimeMs] = numbers[UpdateNumber.VenueTimeMs]!;
    doubles[base + Field.Code] = update.expiry;
    if (update.kind !== OrderEventKind.Fill) {
      doubles[base + Field.Lots] = numbers[UpdateNumber.Lots]!;
      doubles[base + Field.PriceTicks] = numbers[UpdateNumber.PriceTicks]!;
      return Decoded.Done;
    }
    const side = sequence === 0 ? update.side : 1;
    doubles[base + Field.Lots] = side * numbers[UpdateNumber.LastLots]!;
    doubles[base + Field.PriceTicks] = numbers[UpdateNumber.LastTicks]!;
    doubles[base + Field.TradeId] = numbers[UpdateNumber.TradeId]!;
    doubles[base + Field.RealisedE8] = numbers[UpdateNumber.RealisedE8]!;
    doubles[base + Field.IsMaker] = update.isMaker;
    if (update.feeAssetIs(bytes, this.#quotes[instrument]!)) {
      doubles[base + Field.FeeE8] = numbers[UpdateNumber.FeeE8]!;
    } else if (numbers[UpdateNumber.FeeE8] !== 0) {
      this.counters[DecodeCounter.ForeignFees]! += 1;
    }
    return Decoded.Done;
  }

  /** A fill whose order is smaller than what was sent: the venue shrank it; say so first. */
  #noteShrunk(instrument: number, sequence: number): void {
    const slot = sequence === 0 ? -1 : this.#table.slotOf(sequence);
    const lots = this.#update.numbers[UpdateNumber.Lots]!;
    if (slot < 0 || lots <= 0 || lots >= this.#table.lots[slot]!) return;
    const base = this.#claim(OrderEventKind.Accepted, instrument, sequence);
    if (base >= 0) this.events.doubles[base + Field.Lots] = lots;
  }

  #onAccountUpdate(bytes: Uint8Array): number {
    if (this.#range[4]! < 0) return this.#garbage();
    const account = this.#inner;
    account.open(bytes, this.#range[4]!, this.#range[5]!);
    while (account.next()) {
      const key = account.shortKey();
      if (key !== LETTER_B_UPPER && key !== LETTER_P_UPPER) continue;
      const list = this.#list;
      list.open(bytes, account.valueStart, account.valueEnd);
      while (list.next()) {
        const isRead =
          key === LETTER_P_UPPER
            ? this.#onPosition(bytes, list.valueStart, list.valueEnd)
            : this.#onBalance(bytes, list.valueStart, list.valueEnd);
        if (!isRead) return this.#garbage();
      }
      if (list.isBad) return this.#garbage();
    }
    return account.isBad ? this.#garbage() : Decoded.Done;
  }

  #onPosition(bytes: Uint8Array, start: number, end: number): boolean {
    const item = this.#item;
    const read = this.#read;
    let instrument = -1;
    let amountStart = -1;
    let amountEnd = -1;
    let isOneWay = true;
    read[1] = 0;
    item.open(bytes, start, end);
    while (item.next()) {
      const key = item.shortKey();
      if (key === LETTER_S) instrument = this.#instrumentOf(bytes, item.valueStart, item.valueEnd);
      else if (key === KEY_PA) {
        amountStart = item.valueStart;
        amountEnd = item.valueEnd;
      } else if (key === KEY_EP) {
        if (!readDouble(bytes, item.valueStart, item.valueEnd, read, 1)) return false;
      } else if (key === KEY_PS) isOneWay = item.valueIs(BOTH);
    }
    if (item.isBad) return false;
    if (instrument < 0 || !isOneWay || amountStart < 0) return true;
    const spec = this.#instruments[instrument]!;
    if (!readScaled(bytes, amountStart, amountEnd, spec.sizeDecimals, read, 0)) return false;
    const base = this.#claim(VenueEventKind.Position, instrument, 0);
    if (base < 0) return true;
    this.events.doubles[base + Field.Lots] = read[0]! / spec.lotUnits;
    this.events.doubles[base + Field.PriceTicks] =
      (read[1] * 10 ** spec.priceDecimals) / spec.tickUnits;
    return true;
  }

  #onBalance(bytes: Uint8Array, start: number, end: number): boolean {
    const item = this.#item;
    const read = this.#read;
    let isQuote = false;
    read[0] = NaN;
    item.open(bytes, start, end);
    while (item.next()) {
      const key = item.shortKey();
      if (key === LETTER_A) isQuote = item.valueIs(this.#quotes[0]!);
      else if (key === KEY_WB) {
        const { valueStart, valueEnd } = item;
        if (!readRounded(bytes, valueStart, valueEnd, MONEY_DECIMALS, read, 0)) return false;
      }
    }
    if (isQuote && !Number.isNaN(read[0])) this.walletE8[0] = read[0]!;
    return !item.isBad;
  }

  // --- small things ----------------------------------------------------------------------------

  #claim(kind: number, instrument: number, sequence: number): number {
    const base = this.events.claim(kind, instrument, sequence);
    if (base >= 0) this.events.doubles[base + Field.NowNs] = this.now[0]!;
    return base;
  }

  #note(at: number, cursor: JsonCursor): void {
    this.#range[at] = cursor.valueStart;
    this.#range[at + 1] = cursor.valueEnd;
  }

  #readLots(cursor: JsonCursor, instrument: number, index: number): boolean {
    const spec = this.#instruments[instrument]!;
    const read = this.#read;
    const { bytes, valueStart, valueEnd } = cursor;
    if (!readScaled(bytes, valueStart, valueEnd, spec.sizeDecimals, read, index)) {
      return false;
    }
    read[index] = read[index]! / spec.lotUnits;
    return Math.floor(read[index]) === read[index];
  }

  #instrumentOf(bytes: Uint8Array, start: number, end: number): number {
    const symbols = this.#symbols;
    for (let i = 0; i < symbols.length; i++) {
      const symbol = symbols[i]!;
      if (symbol.length !== end - start) continue;
      let at = 0;
      while (at < symbol.length && symbol[at] === bytes[start + at]) at += 1;
      if (at === symbol.length) return i;
    }
    return -1;
  }

  #garbage(): number {
    this.counters[DecodeCounter.Garbage]! += 1;
    return Decoded.Garbage;
  }

  #ignored(): number {
    this.counters[DecodeCounter.Ignored]! += 1;
    return Decoded.Done;
  }
}

/** What an error reply to a request means for its order; 0 when it says nothing. */
function errorKind(letter: number, code: number, isProof: boolean): number {
  if (letter === RequestLetter.Query) return code === -2013 ? OrderEventKind.StatusNotFound : 0;
  if (!isProof) return OrderEventKind.OutcomeUnknown;
  return letter === RequestLetter.Cancel ? OrderEventKind.CancelRejected : OrderEventKind.Rejected;
}

function stateOf(cursor: JsonCursor): number {
  for (let i = 0; i < STATUS_TEXTS.length; i++) {
    if (cursor.valueIs(STATUS_TEXTS[i]!.text)) return STATUS_TEXTS[i]!.state;
  }
  return -1;
}

function startsWith(cursor: JsonCursor, text: Uint8Array): boolean {
  if (cursor.valueEnd - cursor.valueStart < text.length) return false;
  for (let i = 0; i < text.length; i++) {
    if (cursor.bytes[cursor.valueStart + i] !== text[i]) return false;
  }
  return true;
}
