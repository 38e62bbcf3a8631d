/**
 * survey: the first pass over a capture: which venue and instruments it holds, and their grids.
 *
 * Increments come from exchangeInfo where the capture holds it and everything in the capture lies
 * on them; old orders may rest on a finer grid than today's, and then, as without exchangeInfo,
 * they are inferred from the prices and sizes themselves.
 *
 * Errors    EngineError 'input/malformed', with the line, for a frame that is not what it claims.
 * Imports   base, domain, feeds/market-metadata, tape.
 */
import { messageOf } from '../../base/errors.ts';
import type { InstrumentSpec, Venue } from '../../domain/instrument.ts';
import { defaultFees, instrumentSpecsFromExchangeInfo } from '../../feeds/market-metadata.ts';
import type { IncrementSource } from '../tape-format.ts';
import { CapturePosition } from './capture.ts';
import type { CaptureReader, CaptureVisitor } from './capture.ts';
import { IncrementFinder } from './increments.ts';

export interface Survey {
  readonly venue: Venue;
  readonly instruments: readonly InstrumentSpec[];
  readonly increments: Readonly<Record<string, IncrementSource>>;
  readonly anchorWallMs: number;
  readonly lines: number;
}

type Fields = Readonly<Record<string, unknown>>;

interface Grid {
  readonly ticks: IncrementFinder;
  readonly lots: IncrementFinder;
}

const COIN_MARGINED = /USD_(PERP|\d{6})$/;
const QUOTE_ASSETS =
  'USDT USDC BUSD FDUSD TUSD USDP USD1 USD TRY EUR GBP AUD BRL RUB BTC ETH BNB'.split(' ');
/** Inferred instruments have no limit that a capture could tell. */
const MAX_QTY = '1000000000';

export async function surveyCapture(
  path: string,
  read: CaptureReader,
  onProgress?: (part: number) => void,
  signal?: AbortSignal,
): Promise<Survey> {
  const position = new CapturePosition(path, signal);
  const surveyor = new Surveyor(position);
  const lines = await read(position, surveyor, onProgress);
  return surveyor.result(lines);
}

class Surveyor implements CaptureVisitor {
  readonly #position: CapturePosition;
  readonly #grids = new Map<string, Grid>();
  readonly #unnamed: Fields[] = [];
  #venue: Venue | null = null;
  #exchangeInfo: string | null = null;

  constructor(position: CapturePosition) {
    this.#position = position;
  }

  venue(venue: Venue): void {
    this.#venue = venue;
  }

  exchangeInfo(text: string): void {
    this.#exchangeInfo = text;
  }

  snapshot(symbol: string | null, text: string): void {
    const fields = this.#parsed(text, 'snapshot');
    if (symbol === null) this.#unnamed.push(fields);
    else this.#levels(this.#gridOf(symbol), fields.bids, fields.asks);
  }

  frame(bytes: Buffer, start: number, end: number): void {
    const frame = this.#parsed(bytes.toString('utf8', start, end), 'frame');
    const fields = isFields(frame.data) ? frame.data : frame;
    const type = typeof fields.b === 'string' ? 'bookTicker' : String(fields.e);
    if (typeof fields.s !== 'string') return;
    switch (type) {
      case 'depthUpdate':
        this.#guessVenue('pu' in fields);
        this.#levels(this.#gridOf(fields.s), fields.b, fields.a);
        return;
      case 'bookTicker':
        this.#guessVenue(fields.e !== undefined);
        this.#level(this.#gridOf(fields.s), fields.b, fields.B);
        this.#level(this.#gridOf(fields.s), fields.a, fields.A);
        return;
      case 'trade':
      case 'aggTrade':
        // Spot trades carry a key M of no meaning.
        this.#guessVenue(!('M' in fields));
        this.#level(this.#gridOf(fields.s), fields.p, fields.q);
        return;
      default:
    }
  }

  result(lines: number): Survey {
    const { path, anchorWallMs } = this.#position;
    const symbols = [...this.#grids.keys()];
    if (symbols.length === 0 || this.#venue === null) {
      throw this.#position.error('input/malformed', `${path} holds no Binance market message`);
    }
    this.#takeUnnamed(symbols);
    const venue = this.#venue;
    const listed = this.#listed(symbols, venue);
    const increments: Record<string, IncrementSource> = {};
    const instruments = symbols.map((symbol, index) => {
      const grid = this.#gridOf(symbol);
      const spec = listed?.[index];
      const isOnGrid =
        spec !== undefined && grid.ticks.fits(spec.tickSize) && grid.lots.fits(spec.lotSize);
      increments[symbol] = isOnGrid ? 'exchangeInfo' : 'inferred';
      return isOnGrid ? spec : inferredSpec(symbol, venue, grid, spec);
    });
    return { venue, instruments, increments, anchorWallMs, lines };
  }

  #listed(symbols: readonly string[], venue: Venue): readonly InstrumentSpec[] | null {
    if (this.#exchangeInfo === null) return null;
    return instrumentSpecsFromExchangeInfo(this.#exchangeInfo, symbols, venue);
  }

  /** Snapshots without a symbol belong to the only instrument there is. */
  #takeUnnamed(symbols: readonly string[]): void {
    if (this.#unnamed.length === 0) return;
    const [symbol] = symbols;
    if (symbols.length > 1 || symbol === undefined) {
      const found = symbols.slice(0, 4).join(', ');
      throw this.#position.error(
        'input/malformed',
        `a snapshot names no symbol, and there are several (${found}); split the capture`,
      );
    }
    for (const { bids, asks } of this.#unnamed) this.#levels(this.#gridOf(symbol), bids, asks);
  }

  #guessVenue(isFutures: boolean): void {
    this.#venue ??= isFutures ? 'binance-usdm' : 'binance-spot';
  }

  #gridOf(symbol: string): Grid {
    const known = this.#grids.get(symbol);
    if (known !== undefined) return known;
    if (COIN_MARGINED.test(symbol)) {
      const problem = `${symbol} is coin-margined; only Binance spot and USD-M can be imported`;
      throw this.#position.error('input/malformed', problem);
    }
    const grid = { ticks: new IncrementFinder(), lots: new IncrementFinder() };
    this.#grids.set(symbol, grid);
    return grid;
  }

  #levels(grid: Grid, bids: unknown, asks: unknown): void {
    if (!Array.isArray(bids) || !Array.isArray(asks)) {
      throw this.#position.error('input/malformed', 'a depth message lacks a side');
    }
    for (const side of [bids, asks] as const) {
      for (const level of side as unknown[]) {
        const [price, size] = Array.isArray(level) ? (level as unknown[]) : [];
        this.#level(grid, price, size);
      }
    }
  }

  #level(grid: Grid, price: unknown, size: unknown): void {
    if (grid.ticks.note(price) && grid.lots.note(size)) return;
    const found = `${JSON.stringify(price)} × ${JSON.stringify(size)}`;
    throw this.#position.error('input/malformed', `${found} is no price and size`);
  }

  #parsed(text: string, what: string): Fields {
    try {
      const value = JSON.parse(text) as unknown;
      if (isFields(value)) return value;
    } catch (error) {
      const reason = `the ${what} is not JSON, perhaps cut off (${messageOf(error)})`;
      throw this.#position.error('input/malformed', reason);
    }
    throw this.#position.error('input/malformed', `the ${what} is not a JSON object`);
  }
}

function inferredSpec(
  symbol: string,
  venue: Venue,
  grid: Grid,
  listed: InstrumentSpec | undefined,
): InstrumentSpec {
  const tickSize = grid.ticks.tickSize();
  const lotSize = grid.lots.lotSize();
  if (listed !== undefined) return { ...listed, tickSize, lotSize };
  const { maker, taker } = defaultFees(venue);
  const assets = assetsOf(symbol);
  return {
    symbol,
    venue,
    baseAsset: assets.base,
    quoteAsset: assets.quote,
    tickSize,
    lotSize,
    minQty: lotSize,
    maxQty: MAX_QTY,
    minNotional: '0',
    makerFee: maker,
    takerFee: taker,
  };
}

function assetsOf(symbol: string): { readonly base: string; readonly quote: string } {
  for (const quote of QUOTE_ASSETS) {
    if (symbol.length > quote.length && symbol.endsWith(quote)) {
      return { base: symbol.slice(0, -quote.length), quote };
    }
  }
  return { base: symbol, quote: '' };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
