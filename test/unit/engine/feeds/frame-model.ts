/**
 * frame-model: what a Binance frame means, said a second time and slowly, for comparing decoders.
 *
 * Imports   engine base, domain, memory, feeds.
 */
import type { SeededRandom } from '../../../../engine/base/random.ts';
import {
  Instrument,
  type InstrumentSpec,
  type Venue,
} from '../../../../engine/domain/instrument.ts';
import { DecodeResult } from '../../../../engine/feeds/decode-result.ts';
import type { MarketBatch } from '../../../../engine/memory/market-record.ts';

/** kind, flags, instrument, ticks, lots (or records before), id, time. */
export type Row = readonly [number, number, number, number, number, number, number];

export interface Decoded {
  readonly result: number;
  readonly rows: readonly Row[];
}

export function specOf(
  symbol: string,
  tickSize: string,
  lotSize: string,
  venue: Venue,
): InstrumentSpec {
  return {
    symbol,
    venue,
    baseAsset: symbol.slice(0, 3),
    quoteAsset: 'USDT',
    tickSize,
    lotSize,
    minQty: lotSize,
    maxQty: '1000000',
    minNotional: '5',
    makerFee: '0.0002',
    takerFee: '0.0005',
  };
}

/** A coarse grid, a fine one, and one whose steps are not powers of ten. */
export function instrumentsOf(venue: Venue): readonly Instrument[] {
  return [
    new Instrument(0, specOf('ABCUSDT', '0.1', '0.001', venue)),
    new Instrument(1, specOf('XYZUSDT', '0.00005', '1', venue)),
    new Instrument(2, specOf('QRSBTC', '0.00000001', '0.00001', venue)),
  ];
}

export function rowsOf(batch: MarketBatch, from = 0): readonly Row[] {
  return Array.from({ length: batch.count - from }, (_, i): Row => {
    const word = (from + i) * 8;
    const double = (from + i) * 4;
    const header = batch.words[word]!;
    const [lots, id, time] = batch.doubles.slice(double + 1, double + 4);
    const ticks = batch.words[word + 1]!;
    return [header & 255, (header >>> 8) & 255, header >>> 16, ticks, lots!, id!, time!];
  });
}

const TICKS_LIMIT = 2 ** 31 - 2 ** 14;
const nothing = (result: number): Decoded => ({ result, rows: [] });

type Fields = Readonly<Record<string, unknown>>;

const TYPES = ['depthUpdate', 'trade', 'aggTrade', 'markPriceUpdate', 'bookTicker'];

/** The slow decoder. */
export function modelDecode(
  text: string,
  instruments: readonly Instrument[],
  venue: Venue,
): Decoded {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return nothing(DecodeResult.Malformed);
  }
  if (!isObject(value)) return nothing(DecodeResult.Ignored);
  const fields = typeof value.stream === 'string' && isObject(value.data) ? value.data : value;
  const type = typeOf(fields);
  if (!TYPES.includes(type)) return nothing(resultWithoutType(fields));
  if (typeof fields.s !== 'string') return nothing(DecodeResult.Malformed);
  const instrument = instruments.find((one) => one.symbol === fields.s);
  if (instrument === undefined) return nothing(DecodeResult.UnknownSymbol);
  try {
    const rows = rowsOfType(type, fields, instrument, venue);
    return rows === null ? nothing(DecodeResult.Ignored) : { result: DecodeResult.Records, rows };
  } catch {
    return nothing(DecodeResult.Malformed);
  }
}

function typeOf(fields: Fields): string {
  const isBare =
    typeof fields.b === 'string' && typeof fields.a === 'string' && fields.u !== undefined;
  if (fields.e === undefined && isBare) return 'bookTicker';
  return typeof fields.e === 'string' ? fields.e : '';
}

function resultWithoutType(fields: Fields): number {
  if (fields.e === 'serverShutdown') return DecodeResult.Shutdown;
  if (fields.e !== undefined) return DecodeResult.Ignored;
  const isRefused =
    (typeof fields.code === 'number' && fields.code !== 0) || isObject(fields.error);
  return isRefused ? DecodeResult.Refused : DecodeResult.Ignored;
}

function rowsOfType(type: string, fields: Fields, of: Instrument, venue: Venue): Row[] | null {
  if (type === 'depthUpdate') return depthRows(fields, of, venue);
  if (type === 'bookTicker') return touchRows(fields, of);
  const ms = time(fields.E);
  if (type === 'markPriceUpdate') {
    if (fields.T !== undefined) integer(fields.T);
    return closed(6, of, [[9, 0, of.index, markTicks(fields.p, of), 0, 0, ms]], 0, ms);
  }
  const id = integer(type === 'trade' ? fields.t : fields.a);
  check(typeof fields.m === 'boolean');
  const at = time(fields.T);
  const ticks = limited(count(fields.p, of.priceDecimals, of.tickUnits));
  const lots = count(fields.q, of.sizeDecimals, of.lotUnits);
  if (ticks === 0 || lots === 0) return null;
  return closed(2, of, [[fields.m ? 4 : 3, 0, of.index, ticks, lots, id, at]], id, ms);
}

function depthRows(fields: Fields, of: Instrument, venue: Venue): Row[] {
  const ms = time(fields.E);
  const first = integer(fields.U);
  const last = integer(fields.u);
  check(last >= first);
  if (venue === 'binance-usdm') integer(fields.pu);
  if (fields.T !== undefined) integer(fields.T);
  const rows: Row[] = [];
  for (const [kind, side] of [
    [1, fields.b],
    [2, fields.a],
  ] as const) {
    check(Array.isArray(side));
    for (const level of side as unknown[]) {
      check(Array.isArray(level) && level.length >= 2);
      const ticks = count(level[0], of.priceDecimals, of.tickUnits);
      const lots = count(level[1], of.sizeDecimals, of.lotUnits);
      check(ticks > 0);
      if (ticks < TICKS_LIMIT) rows.push([kind, 0, of.index, ticks, lots, 0, 0]);
    }
  }
  return closed(1, of, rows, last, ms);
}

function touchRows(fields: Fields, of: Instrument): Row[] {
  const id = integer(fields.u);
  const ms = fields.E === undefined ? 0 : time(fields.E);
  if (fields.T !== undefined) integer(fields.T);
  const side = (kind: number, price: unknown, size: unknown): Row => {
    const ticks = limited(count(price, of.priceDecimals, of.tickUnits));
    return [kind, 0, of.index, ticks, count(size, of.sizeDecimals, of.lotUnits), id, ms];
  };
  return closed(3, of, [side(5, fields.b, fields.B), side(6, fields.a, fields.A)], id, ms);
}

function closed(messageClass: number, of: Instrument, rows: Row[], id: number, ms: number): Row[] {
  return [...rows, [10, messageClass, of.index, 0, rows.length, id, ms]];
}

function check(condition: boolean): asserts condition {
  if (!condition) throw new Error('malformed');
}

function integer(value: unknown): number {
  check(typeof value === 'number' && Number.isSafeInteger(value) && value >= 0);
  return value;
}

function time(value: unknown): number {
  const number = integer(value);
  return number >= 1e14 ? number / 1000 : number;
}

/** By BigInt, unlike the decoders. */
function count(value: unknown, decimals: number, step: number): number {
  check(typeof value === 'string' && /^[0-9]+(\.[0-9]+)?$/.test(value));
  const [whole = '', fraction = ''] = value.split('.');
  const places = Math.max(decimals, fraction.length);
  const units = BigInt(whole + fraction.padEnd(places, '0'));
  const grid = 10n ** BigInt(places - decimals);
  check(units % grid === 0n);
  const own = units / grid;
  check(own <= BigInt(Number.MAX_SAFE_INTEGER) && own % BigInt(step) === 0n);
  return Number(own / BigInt(step));
}

function limited(ticks: number): number {
  check(ticks < TICKS_LIMIT);
  return ticks;
}

/** Nearest, in the two steps of the decoders: to the decimals, then to the tick. */
function markTicks(value: unknown, of: Instrument): number {
  check(typeof value === 'string' && /^[0-9]+(\.[0-9]+)?$/.test(value));
  const [whole = '', fraction = ''] = value.split('.');
  const kept = whole + fraction.slice(0, of.priceDecimals).padEnd(of.priceDecimals, '0');
  const next = Number(fraction[of.priceDecimals] ?? '0');
  const units = Number(kept) + (next >= 5 ? 1 : 0);
  check(Number.isSafeInteger(units));
  const ticks = limited(Math.floor(units / of.tickUnits + 0.5));
  check(ticks > 0);
  return ticks;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const INSERTS = [
  '"',
  ',',
  '0',
  '9',
  '.',
  '{',
  '}',
  '[',
  ']',
  ':',
  '\\',
  ' ',
  '-',
  'e',
  '\u00e9',
  '\n',
];

/** A copy of the frame with one to three small damages. */
export function mutated(text: string, random: SeededRandom): string {
  let result = text;
  for (let n = 1 + random.int(3); n > 0; n--) {
    const at = random.int(result.length);
    const insert = INSERTS[random.int(INSERTS.length)]!;
    switch (random.int(6)) {
      case 0:
        result = result.slice(0, at) + insert + result.slice(at);
        break;
      case 1:
        result = result.slice(0, at) + result.slice(at + 1);
        break;
      case 2:
        result = result.slice(0, at) + insert + result.slice(at + 1);
        break;
      case 3:
        result = result.slice(0, at);
        break;
      case 4: {
        const digit = String(random.int(10));
        const found = result.slice(at).search(/[0-9]/);
        if (found >= 0) result = result.slice(0, at + found) + digit + result.slice(at + found + 1);
        break;
      }
      default: {
        const from = random.int(result.length);
        const piece = result.slice(from, from + random.int(12));
        result = result.slice(0, at) + piece + result.slice(at);
      }
    }
  }
  return result;
}
