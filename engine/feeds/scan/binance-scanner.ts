/**
 * binance-scanner: reads Binance market messages straight from the received bytes.
 *
 * It takes a frame only when the layout is the usual one: no white space, no escapes, no nested
 * unknown values, each key once. Everything else gets −1 and goes to binance-reference, which
 * defines the meaning; so a success here must be what the reference would have said.
 *
 * Numbers are exact: prices and sizes are read as integers of the instrument's grid (at most nine
 * digits a price, fifteen a size), ids and times as integers below 2^53.
 *
 * Writer    BinanceDecoder. Records are claimed as they are read: after −1 the batch is to be reset.
 * Hot path: scan. No allocation; doubles pass through arrays.
 * Imports   memory/market-record, book/side-ladder, feeds.
 */
import { TICKS_MAX } from '../../book/side-ladder.ts';
import { MessageClass, RECORD_DOUBLES, RecordKind } from '../../memory/market-record.ts';
import type { MarketBatch } from '../../memory/market-record.ts';
import { HeaderField } from '../decode-result.ts';
import { epochMs } from './grid.ts';
import type { Grid } from './grid.ts';
import { LevelScanner } from './level-scanner.ts';
import {
  NO_TICKS,
  POWERS_OF_TEN,
  scanLots,
  scanRoundedTicks,
  scanTicks,
} from './number-scanner.ts';
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
const STREAM_HEAD = Uint8Array.from('{"stream":"', (char) => char.charCodeAt(0));
const DATA_HEAD = Uint8Array.from('","data":{', (char) => char.charCodeAt(0));

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

/** Slots of integers read. */
const Int = {
  Event: 0,
  Transact: 1,
  FirstId: 2,
  LastId: 3,
  PreviousId: 4,
  TradeId: 5,
  Count: 6,
} as const;
/** Slots of texts found: start, and end at the closing quote. */
const Text = { Bid: 0, BidSize: 1, Ask: 2, AskSize: 3, Price: 4, Size: 5, Count: 6 } as const;

/** What to do with the value of a key. */
const Action = {
  Skip: 0,
  Integer: 1,
  Text: 2,
  Type: 3,
  Symbol: 4,
  Maker: 5,
  Bid: 6,
  Ask: 7,
} as const;
const ACTION_OF_KEY = new Uint8Array(128);
const BIT_OF_KEY = new Int32Array(128);
const SLOT_OF_KEY = new Uint8Array(128);
const PREVIOUS_KEY = (0x70 << 8) | 0x75;

function defineKey(key: string, action: number, bit = 0, slot = 0): void {
  const code = key.charCodeAt(0);
  ACTION_OF_KEY[code] = action;
  BIT_OF_KEY[code] = bit;
  SLOT_OF_KEY[code] = slot;
}
defineKey('e', Action.Type);
defineKey('s', Action.Symbol);
defineKey('m', Action.Maker);
defineKey('b', Action.Bid);
defineKey('a', Action.Ask);
defineKey('E', Action.Integer, Seen.Event, Int.Event);
defineKey('T', Action.Integer, Seen.Transact, Int.Transact);
defineKey('U', Action.Integer, Seen.FirstId, Int.FirstId);
defineKey('u', Action.Integer, Seen.LastId, Int.LastId);
defineKey('t', Action.Integer, Seen.TradeId, Int.TradeId);
defineKey('B', Action.Text, Seen.BidSize, Text.BidSize);
defineKey('A', Action.Text, Seen.AskSize, Text.AskSize);
defineKey('p', Action.Text, Seen.Price, Text.Price);
defineKey('q', Action.Text, Seen.Size, Text.Size);

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
  readonly #ints = new Float64Array(Int.Count);
  readonly #textStarts = new Int32Array(Text.Count);
  readonly #textEnds = new Int32Array(Text.Count);
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
    const isWrapped = matches(bytes, at, STREAM_HEAD);
    if (isWrapped) {
      at = plainTextEnd(bytes, at + STREAM_HEAD.length);
      if (at < 0 || !matches(bytes, at, DATA_HEAD)) return false;
      at += DATA_HEAD.length - 1;
    }
    if (bytes[at] !== OPEN) return false;
    this.#seen = 0;
    this.#type = Type.None;
    this.#instrument = -1;
    const mark = batch.count;
    at = this.#payload(bytes, at + 1, batch);
    if (at < 0) return false;
    if (isWrapped && bytes[at++] !== CLOSE) return false;
    return at === end && this.#finish(bytes, mark, batch);
  }

  /** Reads key after key until the closing brace; the position behind it, −1 when unusual. */
  #payload(bytes: Uint8Array, from: number, batch: MarketBatch): number {
    let at = from;
    for (;;) {
      if (bytes[at] !== QUOTE) return -1;
      let key = bytes[at + 1]!;
      if (bytes[at + 2] === QUOTE) at += 3;
      else if (bytes[at + 3] === QUOTE) {
        key = (key << 8) | bytes[at + 2]!;
        at += 4;
      } else return -1;
      if (bytes[at] !== COLON) return -1;
      at = this.#value(bytes, at + 1, key, batch);
      if (at < 0) return -1;
      const next = bytes[at++];
      if (next === CLOSE) return at;
      if (next !== COMMA) return -1;
    }
  }

  /** Reads the value of a key of one or two characters. Cases are character codes. */
  #value(bytes: Uint8Array, at: number, key: number, batch: MarketBatch): number {
    const action = key < 128 ? ACTION_OF_KEY[key]! : key === PREVIOUS_KEY ? Action.Integer : 0;
    switch (action) {
      case Action.Integer:
        return key === PREVIOUS_KEY
          ? this.#integer(bytes, at, Seen.PreviousId, Int.PreviousId)
          : this.#integer(bytes, at, BIT_OF_KEY[key]!, SLOT_OF_KEY[key]!);
      case Action.Text:
        return this.#text(bytes, at, BIT_OF_KEY[key]!, SLOT_OF_KEY[key]!);
      case Action.Type:
        return this.#typeText(bytes, at);
      case Action.Symbol:
        return this.#symbol(bytes, at);
      case Action.Maker:
        return this.#maker(bytes, at);
      case Action.Bid:
        if (bytes[at] === QUOTE) return this.#text(bytes, at, Seen.BidText, Text.Bid);
        return this.#levels(bytes, at, Seen.BidLevels, RecordKind.BidLevel, batch);
      case Action.Ask:
        return this.#ask(bytes, at, batch);
      default:
        return isKey(key) ? skipFlatValue(bytes, at) : -1;
    }
  }

  /** The key a: asks of a depth update, price of a bookTicker, id of an aggTrade. */
  #ask(bytes: Uint8Array, at: number, batch: MarketBatch): number {
    if (bytes[at] === QUOTE) return this.#text(bytes, at, Seen.AskText, Text.Ask);
    if (this.#type === Type.Depth) {
      return this.#levels(bytes, at, Seen.AskLevels, RecordKind.AskLevel, batch);
    }
    return this.#integer(bytes, at, Seen.AggregateId, Int.TradeId);
  }

  /** False when the bit was set before: a key given twice is left to the reference. */
  #isFirst(bit: number): boolean {
    if ((this.#seen & bit) !== 0) return false;
    this.#seen |= bit;
    return true;
  }

  #typeText(bytes: Uint8Array, at: number): number {
    if (!this.#isFirst(Seen.Type) || bytes[at] !== QUOTE) return -1;
    const type = TYPE_OF_FIRST[bytes[at + 1]! & 127]!;
    if (type === Type.None) return -1;
    const text = TYPE_TEXTS[type]!;
    if (!matches(bytes, at + 1, text) || bytes[at + 1 + text.length] !== QUOTE) return -1;
    this.#type = type;
    return at + 2 + text.length;
  }

  #integer(bytes: Uint8Array, from: number, bit: number, slot: number): number {
    if (!this.#isFirst(bit)) return -1;
    return scanInteger(bytes, from, this.#ints, slot);
  }

  #text(bytes: Uint8Array, at: number, bit: number, slot: number): number {
    if (!this.#isFirst(bit) || bytes[at] !== QUOTE) return -1;
    const end = plainTextEnd(bytes, at + 1);
    if (end < 0) return -1;
    this.#textStarts[slot] = at + 1;
    this.#textEnds[slot] = end;
    return end + 1;
  }

  #symbol(bytes: Uint8Array, at: number): number {
    if (!this.#isFirst(Seen.Symbol) || bytes[at] !== QUOTE) return -1;
    const end = plainTextEnd(bytes, at + 1);
    if (end < 0) return -1;
    this.#instrument = this.#symbols.indexOf(bytes, at + 1, end);
    return this.#instrument < 0 ? -1 : end + 1;
  }

  #maker(bytes: Uint8Array, at: number): number {
    if (!this.#isFirst(Seen.Maker)) return -1;
    const end = literalEnd(bytes, at);
    this.#isMaker = bytes[at] === 0x74; // t
    return end;
  }

  #levels(bytes: Uint8Array, at: number, bit: number, kind: number, batch: MarketBatch): number {
    if (this.#type !== Type.Depth || this.#instrument < 0 || !this.#isFirst(bit)) return -1;
    return this.#levelScanner.scan(bytes, at, kind, this.#instrument, batch);
  }

  /** Turns what was read into the message's records and header. */
  #finish(bytes: Uint8Array, mark: number, batch: MarketBatch): boolean {
    switch (this.#type) {
      case Type.Depth:
        return this.#finishDepth(mark, batch);
      case Type.Trade:
        return this.#finishTrade(bytes, Seen.TradeId, batch);
      case Type.AggTrade:
        return this.#finishTrade(bytes, Seen.AggregateId, batch);
      case Type.Mark:
        return this.#finishMark(bytes, batch);
      default:
        // The spot bookTicker carries no type.
        return (
          (this.#type === Type.Touch) === ((this.#seen & Seen.Type) !== 0) &&
          this.#finishTouch(bytes, batch)
        );
    }
  }

  #finishDepth(mark: number, batch: MarketBatch): boolean {
    const needs = this.#needsPrevious ? DEPTH_NEEDS | Seen.PreviousId : DEPTH_NEEDS;
    if ((this.#seen & needs) !== needs) return false;
    const header = this.#header;
    const ints = this.#ints;
    if (ints[Int.LastId]! < ints[Int.FirstId]!) return false;
    header[HeaderField.FirstId] = ints[Int.FirstId]!;
    header[HeaderField.LastId] = ints[Int.LastId]!;
    header[HeaderField.PreviousId] = this.#needsPrevious ? ints[Int.PreviousId]! : -1;
    header[HeaderField.TradeId] = -1;
    return this.#end(MessageClass.Depth, batch.count - mark, HeaderField.LastId, batch);
  }

  /** Needs exactly one of the two trade ids, and the one of its type. */
  #finishTrade(bytes: Uint8Array, idBit: number, batch: MarketBatch): boolean {
    const needs = TRADE_NEEDS | idBit;
    const isBoth = (this.#seen & (Seen.TradeId | Seen.AggregateId)) !== idBit;
    if ((this.#seen & needs) !== needs || isBoth) return false;
    const ticks = this.#ticks(bytes, Text.Price);
    if (ticks <= 0) return false;
    const kind = this.#isMaker ? RecordKind.SellTrade : RecordKind.BuyTrade;
    const row = batch.claim(kind, 0, this.#instrument, ticks);
    if (row < 0) return false;
    const doubles = batch.doubles;
    const at = row * RECORD_DOUBLES;
    if (!this.#lots(bytes, Text.Size, doubles, at + 1) || doubles[at + 1] === 0) return false;
    doubles[at + 2] = this.#ints[Int.TradeId]!;
    doubles[at + 3] = epochMs(this.#ints[Int.Transact]!);
    this.#noIds();
    this.#header[HeaderField.TradeId] = this.#ints[Int.TradeId]!;
    return this.#end(MessageClass.Trade, 1, HeaderField.TradeId, batch);
  }

  #finishTouch(bytes: Uint8Array, batch: MarketBatch): boolean {
    if ((this.#seen & TOUCH_NEEDS) !== TOUCH_NEEDS) return false;
    const bidTicks = this.#ticks(bytes, Text.Bid);
    const askTicks = this.#ticks(bytes, Text.Ask);
    if (bidTicks < 0 || askTicks < 0) return false;
    const instrument = this.#instrument;
    const bid = batch.claim(RecordKind.TouchBid, 0, instrument, bidTicks);
    const ask = batch.claim(RecordKind.TouchAsk, 0, instrument, askTicks);
    if (bid < 0 || ask < 0) return false;
    const doubles = batch.doubles;
    const bidAt = bid * RECORD_DOUBLES;
    const askAt = ask * RECORD_DOUBLES;
    if (!this.#lots(bytes, Text.BidSize, doubles, bidAt + 1)) return false;
    if (!this.#lots(bytes, Text.AskSize, doubles, askAt + 1)) return false;
    const ms = (this.#seen & Seen.Event) === 0 ? 0 : epochMs(this.#ints[Int.Event]!);
    doubles[bidAt + 2] = this.#ints[Int.LastId]!;
    doubles[bidAt + 3] = ms;
    doubles[askAt + 2] = this.#ints[Int.LastId]!;
    doubles[askAt + 3] = ms;
    this.#noIds();
    this.#header[HeaderField.LastId] = this.#ints[Int.LastId]!;
    return this.#end(MessageClass.Touch, 2, HeaderField.LastId, batch);
  }

  #finishMark(bytes: Uint8Array, batch: MarketBatch): boolean {
    if ((this.#seen & MARK_NEEDS) !== MARK_NEEDS) return false;
    const from = this.#textStarts[Text.Price]!;
    const to = this.#textEnds[Text.Price]!;
    const ticks = scanRoundedTicks(bytes, from, to, this.#instrument, this.#grid);
    if (ticks <= 0) return false;
    const row = batch.claim(RecordKind.Mark, 0, this.#instrument, ticks);
    if (row < 0) return false;
    batch.doubles[row * RECORD_DOUBLES + 3] = epochMs(this.#ints[Int.Event]!);
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
    header[HeaderField.EventMs] = (seen & Seen.Event) === 0 ? 0 : epochMs(this.#ints[Int.Event]!);
    header[HeaderField.TransactMs] =
      (seen & Seen.Transact) === 0 ? 0 : epochMs(this.#ints[Int.Transact]!);
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

  #ticks(bytes: Uint8Array, slot: number): number {
    const grid = this.#grid;
    const instrument = this.#instrument;
    const decimals = grid.priceDecimals[instrument]!;
    const units = scanTicks(bytes, this.#textStarts[slot]!, this.#textEnds[slot]!, decimals);
    if (units === NO_TICKS) return -1;
    const step = grid.tickUnits[instrument]!;
    if (step === 1) return units < TICKS_MAX ? units : -1;
    return units % step === 0 && units / step < TICKS_MAX ? units / step : -1;
  }

  #lots(bytes: Uint8Array, slot: number, doubles: Float64Array, index: number): boolean {
    const from = this.#textStarts[slot]!;
    return scanLots(
      bytes,
      from,
      this.#textEnds[slot]!,
      this.#instrument,
      this.#grid,
      doubles,
      index,
    );
  }
}

function matches(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false;
  return true;
}

/** Index of the quote that ends a text of plain ASCII; −1 when it holds anything else. */
function plainTextEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    const byte = bytes[at]!;
    if (byte === QUOTE) return at;
    if (!(byte >= 32 && byte < 127) || byte === 92) return -1;
    at++;
  }
}

/** A key of one or two letters. */
function isKey(key: number): boolean {
  const low = (key & 0xff) | 0x20;
  if (low < 0x61 || low > 0x7a) return false;
  if (key < 0x100) return true;
  const high = (key >>> 8) | 0x20;
  return high >= 0x61 && high <= 0x7a;
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

/** Reads a JSON integer that a double holds exactly into ints[slot]; the position behind it, or −1. */
function scanInteger(bytes: Uint8Array, from: number, ints: Float64Array, slot: number): number {
  let at = from;
  let high = 0;
  let digit = (bytes[at]! - 48) >>> 0;
  if (digit === 0) {
    ints[slot] = 0;
    return at + 1;
  }
  const stop = from + 8;
  while (digit < 10 && at < stop) {
    high = (high * 10 + digit) | 0;
    digit = (bytes[++at]! - 48) >>> 0;
  }
  if (at === from) return -1;
  let low = 0;
  const lowFrom = at;
  while (digit < 10) {
    low = (low * 10 + digit) | 0;
    digit = (bytes[++at]! - 48) >>> 0;
  }
  if (at - from > 16) return -1;
  const value = high * POWERS_OF_TEN[at - lowFrom]! + low;
  if (value > Number.MAX_SAFE_INTEGER) return -1;
  ints[slot] = value;
  return at;
}
