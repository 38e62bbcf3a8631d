/**
 * decode: Binance spot market messages (depthUpdate, trade, aggTrade, bookTicker without a type),
 * raw or in a combined stream's wrapper.
 *
 * Hot path: decode.
 * Imports   domain, feeds/scan.
 */
import type { Instrument } from '../../../domain/instrument.ts';
import { BinanceDecoder } from '../../scan/binance-decoder.ts';

export class BinanceSpotDecoder extends BinanceDecoder {
  constructor(instruments: readonly Instrument[]) {
    super({ hasPreviousId: false }, instruments);
  }
}
