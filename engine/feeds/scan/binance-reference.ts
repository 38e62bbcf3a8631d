/**
 * binance-reference: the exact decoder of Binance market messages, by way of JSON.parse.
 *
 * It defines what a frame means. The byte scanner takes only frames that it can prove to mean the
 * same; all others come here: unusual layouts, escapes, white space, unknown shapes, garbage.
 *
 * Writer    BinanceDecoder. Allocates; not the hot path.
 * Errors    none thrown: a DecodeResult, with the batch as it was unless it is Records.
 * Imports   domain, memory/market-record, book/side-ladder, feeds.
 */
import type { Instrument } from '../../domain/instrument.ts';
import { MessageClass, RECORD_DOUBLES, RecordKind } from '../../memory/market-record.ts';
import type { MarketBatch } from '../../memory/market-record.ts';
import { TICKS_MAX } from '../../book/side-ladder.ts';
import { DecodeResult, HeaderField } from '../decode-result.ts';
import { toEpochMs } from './grid.ts';

type Fields = Readonly<Record<string, unknown>>;

/** How the members of the Binance family differ. */
export interface BinanceDialect {
  /** depthUpdate carries pu (futures). */
  readonly hasPreviousId: boolean;
}

export class BinanceReference {
  /**
   * Levels left out because their ticks exceed 31 bits: forgotten offers at some thousand times the
   * market, which no order of ours can meet. Everything else of their message counts.
   */
  beyondCount = 0;
  readonly #dialect: BinanceDialect;
  readonly #bySymbol: ReadonlyMap<string, Instrument>;
  readonly #header: Float64Array;

  constructor(dialect: BinanceDialect, instruments: readonly Instrument[], header: Float64Array) {
    this.#dialect = dialect;
    this.#bySymbol = new Map(instruments.map((one) => [one.symbol, one]));
    this.#header = header;
  }

  decode(text: string, batch: MarketBatch): DecodeResult {
    const frame = parsed(text);
    if (frame === undefined) return DecodeResult.Malformed;
    if (!isFields(frame)) return DecodeResult.Ignored;
    const isWrapped = typeof frame.stream === 'string' && isFields(frame.data);
    const payload = isWrapped ? (frame.data as Fields) : frame;
    const mark = batch.count;
    const result = this.#payload(payload, batch);
    if (result !== DecodeResult.Records) batch.count = mark;
    return result;
  }

  #payload(fields: Fields, batch: MarketBatch): DecodeResult {
    switch (fields.e) {
      case 'depthUpdate':
        return this.#depth(fields, batch);
      case 'trade':
        return this.#trade(fields, fields.t, batch);
      case 'aggTrade':
        return this.#trade(fields, fields.a, batch);
      case 'bookTicker':
        return this.#touch(fields, batch);
      case 'markPriceUpdate':
        return this.#mark(fields, batch);
      case 'serverShutdown':
        return DecodeResult.Shutdown;
      case undefined:
        if (isBareTouch(fields)) return this.#touch(fields, batch);
        return isRefusal(fields) ? DecodeResult.Refused : DecodeResult.Ignored;
      default:
        return DecodeResult.Ignored;
    }
  }

  #depth(fields: Fields, batch: MarketBatch): DecodeResult {
    if (typeof fields.s !== 'string') return DecodeResult.Malformed;
    const instrument = this.#bySymbol.get(fields.s);
    if (instrument === undefined) return DecodeResult.UnknownSymbol;
    this.#header[HeaderField.Instrument] = instrument.index;
    const first = idOf(fields.U);
    const last = idOf(fields.u);
    const previous = this.#dialect.hasPreviousId ? idOf(fields.pu) : -1;
    if (first < 0 || last < first) return DecodeResult.Malformed;
    if (this.#dialect.hasPreviousId && previous < 0) return DecodeResult.Malformed;
    if (!this.#times(fields, true)) return DecodeResult.Malformed;
    if (!Array.isArray(fields.b) || !Array.isArray(fields.a)) return DecodeResult.Malformed;
    const mark = batch.count;
    const bids = this.#levels(fields.b, RecordKind.BidLevel, instrument, batch);
    if (bids !== DecodeResult.Records) return bids;
    const asks = this.#levels(fields.a, RecordKind.AskLevel, instrument, batch);
    if (asks !== DecodeResult.Records) return asks;
    this.#header[HeaderField.FirstId] = first;
    this.#header[HeaderField.LastId] = last;
    this.#header[HeaderField.PreviousId] = previous;
    this.#header[HeaderField.TradeId] = -1;
    return this.#end(MessageClass.Depth, instrument, last, mark, batch);
  }

  #levels(
    levels: readonly unknown[],
    kind: number,
    instrument: Instrument,
    batch: MarketBatch,
  ): DecodeResult {
    for (const level of levels) {
      if (!Array.isArray(level) || level.length < 2) return DecodeResult.Malformed;
      const ticks = gridTicksOf(level[0], instrument);
      const lots = lotsOf(level[1], instrument);
      if (ticks <= 0 || lots < 0) return DecodeResult.Malformed;
      if (ticks >= TICKS_MAX) {
        this.beyondCount++;
        continue;
      }
      const row = batch.claim(kind, 0, instrument.index, ticks);
      if (row < 0) return DecodeResult.Overflow;
      batch.doubles[row * RECORD_DOUBLES + 1] = lots;
    }
    return DecodeResult.Records;
  }

  #trade(fields: Fields, tradeId: unknown, batch: MarketBatch): DecodeResult {
    if (typeof fields.s !== 'string') return DecodeResult.Malformed;
    const instrument = this.#bySymbol.get(fields.s);
    if (instrument === undefined) return DecodeResult.UnknownSymbol;
    const id = idOf(tradeId);
    if (id < 0 || typeof fields.m !== 'boolean') return DecodeResult.Malformed;
    if (!this.#times(fields, true) || idOf(fields.T) < 0) return DecodeResult.Malformed;
    const ticks = ticksOf(fields.p, instrument);
    const lots = lotsOf(fields.q, instrument);
    if (ticks < 0 || lots < 0) return DecodeResult.Malformed;
    // Insurance fund and settlement prints come with price or size 0: no trade in the book.
    if (ticks === 0 || lots === 0) return DecodeResult.Ignored;
    const mark = batch.count;
    const kind = fields.m ? RecordKind.SellTrade : RecordKind.BuyTrade;
    const row = batch.claim(kind, 0, instrument.index, ticks);
    if (row < 0) return DecodeResult.Overflow;
    const at = row * RECORD_DOUBLES;
    batch.doubles[at + 1] = lots;
    batch.doubles[at + 2] = id;
    batch.doubles[at + 3] = this.#header[HeaderField.TransactMs]!;
    this.#noIds();
    this.#header[HeaderField.TradeId] = id;
    return this.#end(MessageClass.Trade, instrument, id, mark, batch);
  }

  #touch(fields: Fields, batch: MarketBatch): DecodeResult {
    if (typeof fields.s !== 'string') return DecodeResult.Malformed;
    const instrument = this.#bySymbol.get(fields.s);
    if (instrument === undefined) return DecodeResult.UnknownSymbol;
    const id = idOf(fields.u);
    if (id < 0 || !this.#times(fields, false)) return DecodeResult.Malformed;
    const bidTicks = ticksOf(fields.b, instrument);
    const bidLots = lotsOf(fields.B, instrument);
    const askTicks = ticksOf(fields.a, instrument);
    const askLots = lotsOf(fields.A, instrument);
    if (bidTicks < 0 || bidLots < 0 || askTicks < 0 || askLots < 0) return DecodeResult.Malformed;
    const mark = batch.count;
    const bid = batch.claim(RecordKind.TouchBid, 0, instrument.index, bidTicks);
    const ask = batch.claim(RecordKind.TouchAsk, 0, instrument.index, askTicks);
    if (bid < 0 || ask < 0) return DecodeResult.Overflow;
    const ms = this.#header[HeaderField.EventMs]!;
    batch.doubles.set([bidLots, id, ms], bid * RECORD_DOUBLES + 1);
    batch.doubles.set([askLots, id, ms], ask * RECORD_DOUBLES + 1);
    this.#noIds();
    this.#header[HeaderField.LastId] = id;
    return this.#end(MessageClass.Touch, instrument, id, mark, batch);
  }

  #mark(fields: Fields, batch: MarketBatch): DecodeResult {
    if (typeof fields.s !== 'string') return DecodeResult.Malformed;
    const instrument = this.#bySymbol.get(fields.s);
    if (instrument === undefined) return DecodeResult.UnknownSymbol;
    if (!this.#times(fields, true)) return DecodeResult.Malformed;
    const ticks = roundedTicksOf(fields.p, instrument);
    if (ticks <= 0) return DecodeResult.Malformed;
    const mark = batch.count;
    const row = batch.claim(RecordKind.Mark, 0, instrument.index, ticks);
    if (row < 0) return DecodeResult.Overflow;
    batch.doubles[row * RECORD_DOUBLES + 3] = this.#header[HeaderField.EventMs]!;
    this.#noIds();
    return this.#end(MessageClass.Mark, instrument, 0, mark, batch);
  }

  /** Notes E and T; false when one is there and no time, or E is missing though needed. */
  #times(fields: Fields, isEventNeeded: boolean): boolean {
    const event = fields.E === undefined && !isEventNeeded ? 0 : idOf(fields.E);
    const transact = fields.T === undefined ? 0 : idOf(fields.T);
    if (event < 0 || transact < 0) return false;
    this.#header[HeaderField.EventMs] = event;
    this.#header[HeaderField.TransactMs] = transact;
    toEpochMs(this.#header, HeaderField.EventMs);
    toEpochMs(this.#header, HeaderField.TransactMs);
    return true;
  }

  #noIds(): void {
    this.#header[HeaderField.FirstId] = -1;
    this.#header[HeaderField.LastId] = -1;
    this.#header[HeaderField.PreviousId] = -1;
    this.#header[HeaderField.TradeId] = -1;
  }

  #end(
    messageClass: number,
    instrument: Instrument,
    id: number,
    mark: number,
    batch: MarketBatch,
  ): DecodeResult {
    const records = batch.count - mark;
    const row = batch.claim(RecordKind.EndOfMessage, messageClass, instrument.index, 0);
    if (row < 0) return DecodeResult.Overflow;
    const ms = this.#header[HeaderField.EventMs]!;
    batch.doubles.set([records, id, ms], row * RECORD_DOUBLES + 1);
    this.#header[HeaderField.Instrument] = instrument.index;
    this.#header[HeaderField.MessageClass] = messageClass;
    return DecodeResult.Records;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The spot bookTicker has no type: it is known by its fields. */
function isBareTouch(fields: Fields): boolean {
  return typeof fields.b === 'string' && typeof fields.a === 'string' && fields.u !== undefined;
}

function isRefusal(fields: Fields): boolean {
  return (typeof fields.code === 'number' && fields.code !== 0) || isFields(fields.error);
}

/** A non-negative integer that a double holds exactly; −1 for anything else. */
function idOf(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : -1;
}

/** Exact ticks of a price text, however large; −1 when it is none or off the grid. */
export function gridTicksOf(value: unknown, instrument: Instrument): number {
  return gridCount(value, instrument.priceDecimals, instrument.tickUnits);
}

/** Exact ticks of a price text; −1 when it is none, off the grid or too large. */
function ticksOf(value: unknown, instrument: Instrument): number {
  const ticks = gridTicksOf(value, instrument);
  return ticks < TICKS_MAX ? ticks : -1;
}

/** Exact lots of a size text; −1 when it is none, off the grid or too large. */
export function lotsOf(value: unknown, instrument: Instrument): number {
  return gridCount(value, instrument.sizeDecimals, instrument.lotUnits);
}

/** Nearest ticks of a price that need not lie on the grid (marks); half a unit rounds up. */
function roundedTicksOf(value: unknown, instrument: Instrument): number {
  const match = typeof value === 'string' ? DECIMAL.exec(value) : null;
  if (match === null) return -1;
  const fraction = match[2] ?? '';
  const kept = fraction.slice(0, instrument.priceDecimals).padEnd(instrument.priceDecimals, '0');
  const units =
    Number(match[1] + kept) + (fraction.charAt(instrument.priceDecimals) >= '5' ? 1 : 0);
  const ticks = Math.floor(units / instrument.tickUnits + 0.5);
  return Number.isSafeInteger(units) && ticks < TICKS_MAX ? ticks : -1;
}

const DECIMAL = /^(\d+)(?:\.(\d+))?$/;

function gridCount(value: unknown, decimals: number, step: number): number {
  const match = typeof value === 'string' ? DECIMAL.exec(value) : null;
  if (match === null) return -1;
  const fraction = match[2] ?? '';
  const units = Number(match[1] + fraction.slice(0, decimals).padEnd(decimals, '0'));
  if (!Number.isSafeInteger(units) || units % step !== 0) return -1;
  return /[1-9]/.test(fraction.slice(decimals)) ? -1 : units / step;
}
