/**
 * market-metadata: what REST answers of the Binance family say, as our own types.
 *
 * Errors    EngineError 'input/malformed' for an answer that is not what it should be,
 *           'input/unknown-symbol' naming near matches for a symbol that the venue does not list.
 * Imports   base, domain, book/side-ladder, feeds/scan.
 */
import { EngineError, messageOf } from '../base/errors.ts';
import type { Instrument, InstrumentSpec, Venue } from '../domain/instrument.ts';
import { TICKS_MAX } from '../book/side-ladder.ts';
import { gridTicksOf, lotsOf } from './scan/binance-reference.ts';

export type SnapshotLevel = readonly [ticks: number, lots: number];

export interface DepthSnapshot {
  readonly lastUpdateId: number;
  readonly bids: readonly SnapshotLevel[];
  readonly asks: readonly SnapshotLevel[];
}

type Fields = Readonly<Record<string, unknown>>;

/** The answer to GET …/depth, on the instrument's grid. */
export function parseDepthSnapshot(text: string, instrument: Instrument): DepthSnapshot {
  const what = `depth snapshot of ${instrument.symbol}`;
  const answer = fieldsOf(text, what);
  const { lastUpdateId, bids, asks } = answer;
  if (!Number.isSafeInteger(lastUpdateId)) throw malformed(what, 'has no lastUpdateId');
  return {
    lastUpdateId: lastUpdateId as number,
    bids: sideOf(bids, instrument, what),
    asks: sideOf(asks, instrument, what),
  };
}

function sideOf(levels: unknown, instrument: Instrument, what: string): readonly SnapshotLevel[] {
  if (!Array.isArray(levels)) throw malformed(what, 'lacks a side');
  const found: SnapshotLevel[] = [];
  for (const level of levels as unknown[]) {
    const [price, size] = Array.isArray(level) ? (level as unknown[]) : [];
    const ticks = gridTicksOf(price, instrument);
    const lots = lotsOf(size, instrument);
    if (ticks <= 0 || lots < 0) {
      const { tickSize, lotSize } = instrument.spec;
      const shown = `level ${JSON.stringify(level)}`;
      throw malformed(what, `${shown} is not on the grid (tick ${tickSize}, lot ${lotSize})`);
    }
    // Forgotten offers at some thousand times the market: see the decoder.
    if (ticks < TICKS_MAX) found.push([ticks, lots]);
  }
  return found;
}

/** Venue fees of the lowest tier, for when the account's own are not known. */
const FEES: Readonly<Record<Venue, { readonly maker: string; readonly taker: string }>> = {
  'binance-usdm': { maker: '0.0002', taker: '0.0005' },
  'binance-spot': { maker: '0.001', taker: '0.001' },
};

export function defaultFees(venue: Venue): { readonly maker: string; readonly taker: string } {
  return FEES[venue];
}

/** Specs of the symbols wanted, in their order, from the answer to GET …/exchangeInfo. */
export function instrumentSpecsFromExchangeInfo(
  text: string,
  symbols: readonly string[],
  venue: Venue,
): readonly InstrumentSpec[] {
  const { symbols: listed } = fieldsOf(text, 'exchangeInfo');
  if (!Array.isArray(listed)) throw malformed('exchangeInfo', 'has no list of symbols');
  const bySymbol = new Map<string, Fields>();
  for (const one of listed as unknown[]) {
    if (isFields(one) && typeof one.symbol === 'string') bySymbol.set(one.symbol, one);
  }
  return symbols.map((symbol) => {
    const found = bySymbol.get(symbol);
    if (found === undefined) throw unknownSymbol(symbol, [...bySymbol.keys()], venue);
    return specOf(symbol, found, venue);
  });
}

function specOf(symbol: string, fields: Fields, venue: Venue): InstrumentSpec {
  const price = filterOf(fields, 'PRICE_FILTER');
  const lot = filterOf(fields, 'LOT_SIZE');
  const notional = filterOf(fields, 'MIN_NOTIONAL') ?? filterOf(fields, 'NOTIONAL');
  const { maker, taker } = FEES[venue];
  return {
    symbol,
    venue,
    baseAsset: textOf(fields.baseAsset, ''),
    quoteAsset: textOf(fields.quoteAsset, ''),
    tickSize: positiveOf(price?.tickSize, symbol, 'tickSize'),
    lotSize: positiveOf(lot?.stepSize, symbol, 'stepSize'),
    minQty: positiveOf(lot?.minQty, symbol, 'minQty'),
    maxQty: positiveOf(lot?.maxQty, symbol, 'maxQty'),
    minNotional: textOf(notional?.notional ?? notional?.minNotional, '0'),
    makerFee: maker,
    takerFee: taker,
  };
}

function filterOf(fields: Fields, type: string): Fields | undefined {
  const filters = Array.isArray(fields.filters) ? (fields.filters as unknown[]) : [];
  return filters.filter(isFields).find((filter) => filter.filterType === type);
}

function textOf(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

function positiveOf(value: unknown, symbol: string, name: string): string {
  if (typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) && Number(value) > 0) return value;
  throw malformed(`exchangeInfo of ${symbol}`, `has no usable ${name}`);
}

const NEAR_MAX = 4;

export function unknownSymbol(
  symbol: string,
  listed: readonly string[],
  where: string,
): EngineError {
  const near = nearSymbols(symbol, listed);
  const hint = near.length === 0 ? 'none is similar' : `did you mean ${near.join(', ')}?`;
  return new EngineError('input/unknown-symbol', `${symbol} is not on ${where}; ${hint}`, {
    symbol,
    near: near.join(' '),
  });
}

/** Symbols that resemble a wrong one most, by edit distance. */
export function nearSymbols(symbol: string, listed: readonly string[]): readonly string[] {
  const wanted = symbol.toUpperCase();
  const limit = Math.max(2, Math.floor(wanted.length / 2));
  return listed
    .map((one) => ({ one, distance: editDistance(wanted, one.toUpperCase()) }))
    .filter(({ one, distance }) => distance <= limit || one.startsWith(wanted))
    .toSorted((a, b) => a.distance - b.distance || (a.one < b.one ? -1 : 1))
    .slice(0, NEAR_MAX)
    .map(({ one }) => one);
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

function fieldsOf(text: string, what: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw malformed(what, `is not JSON (${messageOf(error)})`);
  }
  if (!isFields(value)) throw malformed(what, 'is not a JSON object');
  return value;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(what: string, problem: string): EngineError {
  return new EngineError('input/malformed', `${what} ${problem}`);
}
