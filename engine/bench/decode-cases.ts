/**
 * decode-cases: bytes of the venue's messages to market records.
 *
 * Frames as they come from the combined stream, 64 different ones of each kind in turn.
 * Imports   base, domain, feeds, memory, ./measure.
 */
import { assert } from '../base/assert.ts';
import { SeededRandom } from '../base/random.ts';
import { Instrument } from '../domain/instrument.ts';
import type { InstrumentSpec } from '../domain/instrument.ts';
import { BinanceUsdmDecoder } from '../feeds/venues/binance-usdm/decode.ts';
import { MarketBatch } from '../memory/market-record.ts';
import { timeLoop } from './measure.ts';
import type { BenchCase, BenchLoop } from './measure.ts';

const FRAMES = 64;
const DEPTH_CALLS = 20_000;
const TRADE_CALLS = 100_000;
const WALL_MS = 1_790_000_000_000;
export const DEPTH_LEVELS = 20;

export const BENCH_SPEC: InstrumentSpec = {
  symbol: 'BTCUSDT',
  venue: 'binance-usdm',
  baseAsset: 'BTC',
  quoteAsset: 'USDT',
  tickSize: '0.1',
  lotSize: '0.001',
  minQty: '0.001',
  maxQty: '1000',
  minNotional: '5',
  makerFee: '0.0002',
  takerFee: '0.0005',
};

export function decodeCase(): BenchCase {
  const decoder = new BinanceUsdmDecoder([new Instrument(0, BENCH_SPEC)]);
  const batch = new MarketBatch();
  const random = new SeededRandom(5);
  const depths = Array.from({ length: FRAMES }, () => Buffer.from(depthText(random)));
  const trades = Array.from({ length: FRAMES }, () => Buffer.from(tradeText(random)));
  const decodeDepth: BenchLoop = (from, to) => {
    for (let call = from; call < to; call++) {
      const frame = depths[call & (FRAMES - 1)]!;
      batch.count = 0;
      decoder.decode(frame, 0, frame.length, batch);
    }
  };
  const decodeTrade: BenchLoop = (from, to) => {
    for (let call = from; call < to; call++) {
      const frame = trades[call & (FRAMES - 1)]!;
      batch.count = 0;
      decoder.decode(frame, 0, frame.length, batch);
    }
  };
  return {
    ids: ['decode.depth20x2', 'decode.trade'],
    round() {
      const depth = timeLoop(DEPTH_CALLS, decodeDepth);
      assert(batch.count === 2 * DEPTH_LEVELS + 1, 'a depth frame gives its levels and an end');
      const trade = timeLoop(TRADE_CALLS, decodeTrade);
      assert(batch.count === 2 && decoder.fallbackCount === 0, 'a trade frame is read in place');
      return [depth, trade];
    },
  };
}

function depthText(random: SeededRandom): string {
  const side = (direction: number): string => {
    const mid = 650_000 + random.int(1000);
    const levels = Array.from({ length: DEPTH_LEVELS }, (_, n) => {
      const price = ((mid + direction * (1 + n)) / 10).toFixed(2);
      return `["${price}","${(random.int(20_000) / 1000).toFixed(3)}"]`;
    });
    return levels.join(',');
  };
  const id = 7_838_473_000_000 + random.int(1e6);
  return (
    `{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":${WALL_MS + random.int(1e6)}` +
    `,"T":${WALL_MS + random.int(1e6)},"s":"BTCUSDT","ps":"BTCUSDT","U":${id},"u":${id + 40}` +
    `,"pu":${id - 1},"b":[${side(-1)}],"a":[${side(1)}],"st":1}}`
  );
}

function tradeText(random: SeededRandom): string {
  const price = (65_000 + random.int(1000) / 10).toFixed(2);
  const size = ((1 + random.int(5000)) / 1000).toFixed(3);
  const id = 2_500_000_000 + random.int(1e6);
  return (
    `{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":${WALL_MS + random.int(1e6)}` +
    `,"s":"BTCUSDT","a":${id},"p":"${price}","q":"${size}","nq":"${size}","f":${id + 5}` +
    `,"l":${id + 6},"T":${WALL_MS + random.int(1e6)},"m":${random.int(2) === 0},"st":1}}`
  );
}
