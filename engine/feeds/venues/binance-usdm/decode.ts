/**
 * decode: Binance USD-M market messages (depthUpdate with pu, trade, aggTrade, bookTicker,
 * markPriceUpdate), raw or in a combined stream's wrapper.
 *
 * Hot path: decode.
 * Imports   domain, feeds/scan.
 */
import type { Instrument } from '../../../domain/instrument.ts';
import { BinanceDecoder } from '../../scan/binance-decoder.ts';

export class BinanceUsdmDecoder extends BinanceDecoder {
  constructor(instruments: readonly Instrument[]) {
    super({ hasPreviousId: true }, instruments);
  }
}
