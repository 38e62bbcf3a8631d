/**
 * binance-scanner: reads Binance market messages straight from the received bytes.
 *
 * It takes a frame only when the layout is the usual one: no white space, no escapes, no nested
 * unknown values, each key once. Everything else gets −1 and goes to binance-reference, which
 * defines the meaning; so a success here must be what the reference would have said.
 *
 * Numbers are exact: prices and sizes are read as integers of the instrument's grid, so the symbol
 * must come before them, as it always does; ids and times as integers below 2^53.
 *
 * Writer    BinanceDecoder. Records are claimed as they are read: after −1 the batch is to be
 * reset. Hot path: scan. No allocation; doubles pass through arrays.
 * Imports   memory/market-record, book/side-ladder, feeds.
 */
import { TICKS_MAX } from '../../book/side-ladder.ts';
import { MessageClass, RECORD_DOUBLES, RecordKind } from '../../memory/market-record.ts';
import type { MarketBatch } from '../../memory/market-record.ts';
import { HeaderField } from '../decode-result.ts';
import { toEpochMs } from './grid.ts';
import type { Grid } from './grid.ts';
import { LevelScanner } from './level-scanner.ts';
import { scanDecimal, scanInteger, scanRounded } from './number-scanner.ts';
import type { SymbolTable } from './symbol-table.ts';

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN = 123;
const CLOSE = 125;

/** Message types by their first character where that decides, then compared in full. */
const Type = { None: 0, Depth: 1, Trade: 2, AggTrade: 3, Touch: 4, Mark: 5 } as const;
const TYPE_TEXTS = ['', 'depthUpdate', 'trade', 'aggTrade', 'bookTicker', 'markPriceUpdate'].map(
  (text) => Uint8Array.from(text, (char) => char.charCodeAt(0)),
);
/** Type whose name begins with a character code. */
const TYPE_OF_FIRST = new Uint8Array(128);
for (let type = 1; type < TYPE_TEXTS.length; type++) TYPE_OF_FIRST[TYPE_TEXTS[type]![0]!] = type;
/** Lengths of {"stream":" and ","data":{ */
const STREAM_HEAD_BYTES = 11;
const DATA_HEAD_BYTES = 10;

/** Bits of the keys seen in a payload; also index + 1 of integers and texts kept. */
const Seen = {
  Type: 1 << 0,
  Event: 1 << 1,
  Transact: 1 << 2,
  FirstId: 1 << 3,
  LastId: 1 << 4,
  PreviousId: 1 << 5,
  TradeId: 1 << 6,
  AggregateId: 1 << 7,
  Symbol: 1 << 8,
  BidLevels: 1 << 9,
  AskLevels: 1 << 10,
  BidText: 1 << 11,
  AskText: 1 << 12,
  BidSize: 1 << 13,
  AskSize: 1 << 14,
  Price: 1 << 15,
  Size: 1 << 16,
  Maker: 1 << 17,
} as const;

/** Slots of numbers read: ids, times, and units of the grid. */
const Slot = {
  Event: 0,
  Transact: 1,
  FirstId: 2,
  LastId: 3,
  PreviousId: 4,
  TradeId: 5,
  Price: 6,
  Size: 7,
  Bid: 8,
  BidSize: 9,
  Ask: 10,
  AskSize: 11,
  Count: 12,
} as const;

/** What to do with the value of a key. */
const Action = { Refuse: 0, Skip: 1, Integer: 2, Price: 3, Size: 4, Other: 5 } as const;
const ACTION_OF_KEY = new Uint8Array(256);
const BIT_OF_KEY = new Int32Array(256);
const SLOT_OF_KEY = new Uint8Array(256);
/** The only key of two characters that matters, pu, and all others, as what is no letter. */
const PREVIOUS_KEY = 1;
const OTHER_KEY = 2;

ACTION_OF_KEY.fill(Action.Skip, 0x41, 0x5b);
ACTION_OF_KEY.fill(Action.Skip, 0x61, 0x7b);
ACTION_OF_KEY[OTHER_KEY] = Action.Skip;

function defineKey(code: number, action: number, bit: number, slot = 0): void {
  ACTION_OF_KEY[code] = action;
  BIT_OF_KEY[code] = bit;
  SLOT_OF_KEY[code] = slot;
}
defineKey(0x65, Action.Other, Seen.Type); // e
defineKey(0x73, Action.Other, Seen.Symbol); // s
defineKey(0x6d, Action.Other, Seen.Maker); // m
defineKey(0x62, Action.Other, 0); // b
defineKey(0x61, Action.Other, 0); // a
defineKey(0x45, Action.Integer, Seen.Event, Slot.Event); // E
defineKey(0x54, Action.Integer, Seen.Transact, Slot.Transact); // T
defineKey(0x55, Action.Integer, Seen.FirstId, Slot.FirstId); // U
defineKey(0x75, Action.Integer, Seen.LastId, Slot.LastId); // u
defineKey(PREVIOUS_KEY, Action.Integer, Seen.PreviousId, Slot.PreviousId);
defineKey(0x74, Action.Integer, Seen.TradeId, Slot.TradeId); // t
defineKey(0x70, Action.Price, Seen.Price, Slot.Price); // p
defineKey(0x71, Action.Size, Seen.Size, Slot.Size); // q
defineKey(0x42, Action.Size, Seen.BidSize, Slot.BidSize); // B
defineKey(0x41, Action.Size, Seen.AskSize, Slot.AskSize); // A

const DEPTH_NEEDS =
  Seen.Event | Seen.Symbol | Seen.FirstId | Seen.LastId | Seen.BidLevels | Seen.AskLevels;
const TRADE_NEEDS = Seen.Event | Seen.Transact | Seen.Symbol | Seen.Price | Seen.Size | Seen.Maker;
const TOUCH_NEEDS =
  Seen.Symbol | Seen.LastId | Seen.BidText | Seen.AskText | Seen.BidSize | Seen.AskSize;
const MARK_NEEDS = Seen.Event | Seen.Symbol | Seen.Price;

export class BinanceScanner {
  readonly #needsPrevious: boolean;
  readonly #symbols: SymbolTable;
  readonly #grid: Grid;
  readonly #header: Float64Array;
  readonly #levelScanner: LevelScanner;
  readonly #numbers = new Float64Array(Slot.Count);
  #seen = 0;
  #type: number = Type.None;
  #instrument = -1;
  #isMaker = false;

  constructor(hasPreviousId: boolean, symbols: SymbolTable, grid: Grid, header: Float64Array) {
    this.#needsPrevious = hasPreviousId;
    this.#symbols = symbols;
    this.#grid = grid;
    this.#header = header;
    this.#levelScanner = new LevelScanner(grid);
  }

  /** True when the frame bytes[start, end) was understood and its message added to the batch. */
  scan(bytes: Uint8Array, start: number, end: number, batch: MarketBatch): boolean {
    let at = start;
    const isWrapped = isStreamHead(bytes, at);
    if (isWrapped) {
      at = plainTextEnd(bytes, at + STREAM_HEAD_BYTES);
      if (at < 0 || !isDataHead(bytes, at)) return false;
      at += DATA_HEAD_BYTES - 1;
    }
    if (bytes[at] !== OPEN) return false;
    this.#seen = 0;
    this.#type = Type.None;
    this.#instrument = -1;
    const mark = batch.count;
    at = this.#payload(bytes, at + 1, batch);
    if (at < 0) return false;
    if (isWrapped && bytes[at++] !== CLOSE) return false;
    return at === end && this.#finish(mark, batch);
  }

  /** Reads key after key until the closing brace; the position behind it, −1 when unusual. */
  #payload(bytes: Uint8Array, from: number, batch: MarketBatch): number {
    const numbers = this.#numbers;
    let at = from;
    for (;;) {
      if (bytes[at] !== QUOTE) return -1;
      let key = bytes[at + 1]!;
      if (bytes[at + 2] === QUOTE) at += 3;
      else {
        key = longKey(bytes, at);
        at += 4;
      }
      const action = ACTION_OF_KEY[key]!;
      if (action === Action.Refuse || bytes[at++] !== COLON) return -1;
      if (action === Action.Skip) at = skipFlatValue(bytes, at);
      else {
        const bit = BIT_OF_KEY[key]!;
        // A key given twice is left to the reference.
        if ((this.#seen & bit) !== 0) return -1;
        this.#seen |= bit;
        if (action === Action.Integer) at = scanInteger(bytes, at, numbers, SLOT_OF_KEY[key]!);
        else if (action === Action.Other) at = this.#other(bytes, at, key, batch);
        else at = this.#number(bytes, at, action, SLOT_OF_KEY[key]!);
      }
      if (at < 0) return -1;
      const next = bytes[at++];
      if (next === CLOSE) return at;
      if (next !== COMMA) return -1;
    }
  }

  /** Reads a price or size as units of the grid into its slot. */
  #number(bytes: Uint8Array, at: number, action: number, slot: number): number {
    const instrument = this.#instrument;
    if (instrument < 0 || bytes[at] !== QUOTE) return -1;
    const grid = this.#grid;
    let end = -1;
    if (action === Action.Size) {
      end = scanDecimal(bytes, at + 1, grid.sizeDecimals[instrument]!, this.#numbers, slot);
    } else if (this.#type === Type.Mark) {
      end = scanRounded(bytes, at + 1, grid.priceDecimals[instrument]!, this.#numbers, slot);
    } else end = scanDecimal(bytes, at + 1, grid.priceDecimals[instrument]!, this.#numbers, slot);
    return end < 0 || bytes[end] !== QUOTE ? -1 : end + 1;
  }

  #other(bytes: Uint8Array, at: number, key: number, batch: MarketBatch): number {
    switch (key) {
      case 0x65: // e
        return this.#typeText(bytes, at);
      case 0x73: // s
        return this.#symbol(bytes, at);
      case 0x6d: // m
        this.#isMaker = bytes[at] === 0x74;
        return literalEnd(bytes, at);
      case 0x62: // b
        if (bytes[at] !== QUOTE) return this.#levels(bytes, at, RecordKind.BidLevel, batch);
        return this.#first(Seen.BidText) ? this.#number(bytes, at, Action.Price, Slot.Bid) : -1;
      default: // a
        if (bytes[at] === QUOTE) {
          return this.#first(Seen.AskText) ? this.#number(bytes, at, Action.Price, Slot.Ask) : -1;
        }
        if (this.#type === Type.Depth) return this.#levels(bytes, at, RecordKind.AskLevel, batch);
        if (!this.#first(Seen.AggregateId)) return -1;
        return scanInteger(bytes, at, this.#numbers, Slot.TradeId);
    }
  }

  #first(bit: number): boolean {
    if ((this.#seen & bit) !== 0) return false;
    this.#seen |= bit;
    return true;
  }

  #typeText(bytes: Uint8Array, at: number): number {
    if (bytes[at] !== QUOTE) return -1;
    const type = TYPE_OF_FIRST[bytes[at + 1]! & 127]!;
    if (type === Type.None) return -1;
    const text = TYPE_TEXTS[type]!;
    if (!matches(bytes, at + 1, text) || bytes[at + 1 + text.length] !== QUOTE) return -1;
    this.#type = type;
    return at + 2 + text.length;
  }

  #symbol(bytes: Uint8Array, at: number): number {
    if (bytes[at] !== QUOTE) return -1;
    const end = plainTextEnd(bytes, at + 1);
    if (end < 0) return -1;
    this.#instrument = this.#symbols.indexOf(bytes, at + 1, end);
    return this.#instrument < 0 ? -1 : end + 1;
  }

  #levels(bytes: Uint8Array, at: number, kind: number, batch: MarketBatch): number {
    const bit = kind === RecordKind.BidLevel ? Seen.BidLevels : Seen.AskLevels;
    if (this.#type !== Type.Depth || this.#instrument < 0 || !this.#first(bit)) return -1;
    return this.#levelScanner.scan(bytes, at, kind, this.#instrument, batch);
  }

  /** Turns what was read into the message's records and header. */
  #finish(mark: number, batch: MarketBatch): boolean {
    switch (this.#type) {
      case Type.Depth:
        return this.#finishDepth(mark, batch);
      case Type.Trade:
        return this.#finishTrade(Seen.TradeId, batch);
      case Type.AggTrade:
        return this.#finishTrade(Seen.AggregateId, batch);
      case Type.Mark:
        return this.#finishMark(batch);
      default:
        // The spot bookTicker carries no type.
        return (
          (this.#type === Type.Touch) === ((this.#seen & Seen.Type) !== 0) &&
          this.#finishTouch(batch)
        );
    }
  }

  #finishDepth(mark: number, batch: MarketBatch): boolean {
    const needs = this.#needsPrevious ? DEPTH_NEEDS | Seen.PreviousId : DEPTH_NEEDS;
    if ((this.#seen & needs) !== needs) return false;
    const header = this.#header;
    const numbers = this.#numbers;
    if (numbers[Slot.LastId]! < numbers[Slot.FirstId]!) return false;
    header[HeaderField.FirstId] = numbers[Slot.FirstId]!;
    header[HeaderField.LastId] = numbers[Slot.LastId]!;
    header[HeaderField.PreviousId] = this.#needsPrevious ? numbers[Slot.PreviousId]! : -1;
    header[HeaderField.TradeId] = -1;
    return this.#end(MessageClass.Depth, batch.count - mark, HeaderField.LastId, batch);
  }

  /** Needs exactly one of the two trade ids, and the one of its type. */
  #finishTrade(idBit: number, batch: MarketBatch): boolean {
    const needs = TRADE_NEEDS | idBit;
    const isBoth = (this.#seen & (Seen.TradeId | Seen.AggregateId)) !== idBit;
    if ((this.#seen & needs) !== needs || isBoth) return false;
    const ticks = this.#ticks(Slot.Price);
    if (ticks <= 0) return false;
    const kind = this.#isMaker ? RecordKind.SellTrade : RecordKind.BuyTrade;
    const row = batch.claim(kind, 0, this.#instrument, ticks);
    if (row < 0) return false;
    const doubles = batch.doubles;
    const at = row * RECORD_DOUBLES;
    if (!this.#lots(Slot.Size, doubles, at + 1) || doubles[at + 1] === 0) return false;
    doubles[at + 2] = this.#numbers[Slot.TradeId]!;
    doubles[at + 3] = this.#numbers[Slot.Transact]!;
    toEpochMs(doubles, at + 3);
    this.#noIds();
    this.#header[HeaderField.TradeId] = this.#numbers[Slot.TradeId]!;
    return this.#end(MessageClass.Trade, 1, HeaderField.TradeId, batch);
  }

  #finishTouch(batch: MarketBatch): boolean {
    if ((this.#seen & TOUCH_NEEDS) !== TOUCH_NEEDS) return false;
    const bidTicks = this.#ticks(Slot.Bid);
    const askTicks = this.#ticks(Slot.Ask);
    if (bidTicks < 0 || askTicks < 0) return false;
    const instrument = this.#instrument;
    const bid = batch.claim(RecordKind.TouchBid, 0, instrument, bidTicks);
    const ask = batch.claim(RecordKind.TouchAsk, 0, instrument, askTicks);
    if (bid < 0 || ask < 0) return false;
    const doubles = batch.doubles;
    const bidAt = bid * RECORD_DOUBLES;
    const askAt = ask * RECORD_DOUBLES;
    if (!this.#lots(Slot.BidSize, doubles, bidAt + 1)) return false;
    if (!this.#lots(Slot.AskSize, doubles, askAt + 1)) return false;
    const numbers = this.#numbers;
    doubles[bidAt + 2] = numbers[Slot.LastId]!;
    doubles[bidAt + 3] = (this.#seen & Seen.Event) === 0 ? 0 : numbers[Slot.Event]!;
    toEpochMs(doubles, bidAt + 3);
    doubles[askAt + 2] = numbers[Slot.LastId]!;
    doubles[askAt + 3] = doubles[bidAt + 3]!;
    this.#noIds();
    this.#header[HeaderField.LastId] = numbers[Slot.LastId]!;
    return this.#end(MessageClass.Touch, 2, HeaderField.LastId, batch);
  }

  /** The mark need not lie on the grid: the nearest tick is taken. */
  #finishMark(batch: MarketBatch): boolean {
    if ((this.#seen & MARK_NEEDS) !== MARK_NEEDS) return false;
    const step = this.#grid.tickUnits[this.#instrument]!;
    const ticks = Math.floor(this.#numbers[Slot.Price]! / step + 0.5);
    if (ticks <= 0 || ticks >= TICKS_MAX) return false;
    const row = batch.claim(RecordKind.Mark, 0, this.#instrument, ticks);
    if (row < 0) return false;
    const timeAt = row * RECORD_DOUBLES + 3;
    batch.doubles[timeAt] = this.#numbers[Slot.Event]!;
    toEpochMs(batch.doubles, timeAt);
    this.#noIds();
    return this.#end(MessageClass.Mark, 1, -1, batch);
  }

  #noIds(): void {
    this.#header[HeaderField.FirstId] = -1;
    this.#header[HeaderField.LastId] = -1;
    this.#header[HeaderField.PreviousId] = -1;
    this.#header[HeaderField.TradeId] = -1;
  }

  /** Closes the message; its id is the header field `idField`, 0 for −1. */
  #end(messageClass: number, records: number, idField: number, batch: MarketBatch): boolean {
    const header = this.#header;
    const seen = this.#seen;
    header[HeaderField.EventMs] = (seen & Seen.Event) === 0 ? 0 : this.#numbers[Slot.Event]!;
    const isTimed = (seen & Seen.Transact) !== 0;
    header[HeaderField.TransactMs] = isTimed ? this.#numbers[Slot.Transact]! : 0;
    toEpochMs(header, HeaderField.EventMs);
    toEpochMs(header, HeaderField.TransactMs);
    header[HeaderField.Instrument] = this.#instrument;
    header[HeaderField.MessageClass] = messageClass;
    const row = batch.claim(RecordKind.EndOfMessage, messageClass, this.#instrument, 0);
    if (row < 0) return false;
    const at = row * RECORD_DOUBLES;
    batch.doubles[at + 1] = records;
    batch.doubles[at + 2] = idField < 0 ? 0 : header[idField]!;
    batch.doubles[at + 3] = header[HeaderField.EventMs]!;
    return true;
  }

  /** Units of a slot as ticks; −1 when off the grid or too large. */
  #ticks(slot: number): number {
    const step = this.#grid.tickUnits[this.#instrument]!;
    const units = this.#numbers[slot]!;
    if (step === 1) return units < TICKS_MAX ? units : -1;
    const ticks = units / step;
    return units % step === 0 && ticks < TICKS_MAX ? ticks : -1;
  }

  /** Units of a slot as lots into doubles[index]; false when off the grid. */
  #lots(slot: number, doubles: Float64Array, index: number): boolean {
    const step = this.#grid.lotUnits[this.#instrument]!;
    const units = this.#numbers[slot]!;
    doubles[index] = units;
    if (step === 1) return true;
    doubles[index] = units / step;
    return units % step === 0;
  }
}

/** {"stream":" at `at`. */
function isStreamHead(bytes: Uint8Array, at: number): boolean {
  const first =
    (bytes[at]! ^ OPEN) |
    (bytes[at + 1]! ^ QUOTE) |
    (bytes[at + 2]! ^ 0x73) |
    (bytes[at + 3]! ^ 0x74) |
    (bytes[at + 4]! ^ 0x72) |
    (bytes[at + 5]! ^ 0x65);
  if (first !== 0) return false;
  const rest =
    (bytes[at + 6]! ^ 0x61) |
    (bytes[at + 7]! ^ 0x6d) |
    (bytes[at + 8]! ^ QUOTE) |
    (bytes[at + 9]! ^ COLON) |
    (bytes[at + 10]! ^ QUOTE);
  return rest === 0;
}

/** ","data":{ at `at`. */
function isDataHead(bytes: Uint8Array, at: number): boolean {
  const all =
    (bytes[at]! ^ QUOTE) |
    (bytes[at + 1]! ^ COMMA) |
    (bytes[at + 2]! ^ QUOTE) |
    (bytes[at + 3]! ^ 0x64) |
    (bytes[at + 4]! ^ 0x61) |
    (bytes[at + 5]! ^ 0x74) |
    (bytes[at + 6]! ^ 0x61) |
    (bytes[at + 7]! ^ QUOTE) |
    (bytes[at + 8]! ^ COLON) |
    (bytes[at + 9]! ^ OPEN);
  return all === 0;
}

function matches(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false;
  return true;
}

/** 1 for characters that may stand in a text without more ado: ASCII but quote and backslash. */
const IS_PLAIN = new Uint8Array(256);
IS_PLAIN.fill(1, 32, 127);
IS_PLAIN[QUOTE] = 0;
IS_PLAIN[92] = 0;

/** Index of the quote that ends a text of plain ASCII; −1 when it holds anything else. */
function plainTextEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while (IS_PLAIN[bytes[at]!] === 1) at++;
  return bytes[at] === QUOTE ? at : -1;
}

/** A key of two letters that begins at `at`: PREVIOUS_KEY, OTHER_KEY, or 0 when it is none. */
function longKey(bytes: Uint8Array, at: number): number {
  const first = bytes[at + 1]!;
  const second = bytes[at + 2]!;
  if (bytes[at + 3] !== QUOTE || !isLetter(first) || !isLetter(second)) return 0;
  return first === 0x70 && second === 0x75 ? PREVIOUS_KEY : OTHER_KEY;
}

function isLetter(code: number): boolean {
  return ((code | 0x20) - 0x61) >>> 0 < 26;
}

/** Position behind true or false; −1 otherwise. */
function literalEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] === 0x74) {
    return bytes[at + 1] === 0x72 && bytes[at + 2] === 0x75 && bytes[at + 3] === 0x65 ? at + 4 : -1;
  }
  if (bytes[at] !== 0x66 || bytes[at + 1] !== 0x61 || bytes[at + 2] !== 0x6c) return -1;
  return bytes[at + 3] === 0x73 && bytes[at + 4] === 0x65 ? at + 5 : -1;
}

/** Skips a text, a boolean or a plain integer; −1 for other values. */
function skipFlatValue(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first === QUOTE) {
    const end = plainTextEnd(bytes, at + 1);
    return end < 0 ? -1 : end + 1;
  }
  if (first === 0x74 || first === 0x66) return literalEnd(bytes, at);
  let end = at;
  while ((bytes[end]! - 48) >>> 0 < 10) end++;
  if (end === at || (first === 48 && end - at > 1)) return -1;
  return end;
}
