/**
 * binance-decoder: one frame in, one message of market records out, for the Binance family.
 *
 * The scanner reads the usual layouts from the bytes; what it leaves goes through the reference
 * (JSON.parse), counted. A frame that fails leaves the batch as it was, and nothing is thrown.
 *
 * Hot path: decode.
 * Imports   domain, memory, feeds.
 */
import type { Instrument } from '../../domain/instrument.ts';
import type { MarketBatch } from '../../memory/market-record.ts';
import { DecodeResult, HEADER_SIZE } from '../decode-result.ts';
import { BinanceReference } from './binance-reference.ts';
import type { BinanceDialect } from './binance-reference.ts';
import { BinanceScanner } from './binance-scanner.ts';
import { Grid } from './grid.ts';
import { SymbolTable } from './symbol-table.ts';

/** Frames that took the slow way, so that a layout changed by the venue shows. */
export interface FrameDecoder {
  readonly header: Float64Array;
  readonly fallbackCount: number;
  /** Levels left out because their price exceeds what ticks can count. */
  readonly beyondCount: number;
  decode(bytes: Uint8Array, start: number, end: number, batch: MarketBatch): number;
}

export class BinanceDecoder implements FrameDecoder {
  /** See HeaderField. */
  readonly header = new Float64Array(HEADER_SIZE);
  fallbackCount = 0;
  readonly #scanner: BinanceScanner;
  readonly #reference: BinanceReference;

  get beyondCount(): number {
    return this.#reference.beyondCount;
  }

  constructor(dialect: BinanceDialect, instruments: readonly Instrument[]) {
    const symbols = new SymbolTable(instruments);
    const grid = new Grid(instruments);
    this.#scanner = new BinanceScanner(dialect.hasPreviousId, symbols, grid, this.header);
    this.#reference = new BinanceReference(dialect, instruments, this.header);
  }

  /** Decodes bytes[start, end) behind the batch's records; a DecodeResult. */
  decode(bytes: Uint8Array, start: number, end: number, batch: MarketBatch): number {
    const mark = batch.count;
    if (this.#scanner.scan(bytes, start, end, batch)) return DecodeResult.Records;
    batch.count = mark;
    this.fallbackCount++;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
    return this.#reference.decode(text, batch);
  }
}
