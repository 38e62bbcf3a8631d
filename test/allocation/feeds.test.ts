/** From received bytes to market records nothing is allocated, frame after frame. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Instrument } from '../../engine/domain/instrument.ts';
import { BookState } from '../../engine/domain/modes.ts';
import { Side } from '../../engine/domain/units.ts';
import { DecodeResult } from '../../engine/feeds/decode-result.ts';
import { FeedCounter } from '../../engine/feeds/feed-counters.ts';
import { FeedRoute } from '../../engine/feeds/feed-route.ts';
import { FeedSession } from '../../engine/feeds/feed-session.ts';
import { BinanceDecoder } from '../../engine/feeds/scan/binance-decoder.ts';
import { BinanceScanner } from '../../engine/feeds/scan/binance-scanner.ts';
import { Grid } from '../../engine/feeds/scan/grid.ts';
import { LevelScanner } from '../../engine/feeds/scan/level-scanner.ts';
import { POWERS_OF_TEN, scanDecimal } from '../../engine/feeds/scan/number-scanner.ts';
import { SymbolTable } from '../../engine/feeds/scan/symbol-table.ts';
import { BinanceSpotDecoder } from '../../engine/feeds/venues/binance-spot/decode.ts';
import { BinanceUsdmDecoder } from '../../engine/feeds/venues/binance-usdm/decode.ts';
import { MarketBatch } from '../../engine/memory/market-record.ts';
import { bytesPerCall, BYTES_PER_CALL_MAX, type GateOptions } from './gate.ts';

const FAST: GateOptions = { warmupChunks: 100, chunks: 100, rounds: 4, chunkCalls: 5000 };

// The first rounds of a process carry some kilobytes of its own, whatever is measured.
bytesPerCall(() => {}, { warmupChunks: 1, rounds: 12, chunks: 1 });

function passes(what: string, step: (call: number) => void): void {
  const bytes = bytesPerCall(step, FAST);
  assert.ok(bytes <= BYTES_PER_CALL_MAX, `${what}: ${bytes} bytes per call`);
}

function instruments(venue: 'binance-usdm' | 'binance-spot'): readonly Instrument[] {
  return ['ABCUSDT', 'XYZUSDT'].map((symbol, index) => {
    return new Instrument(index, {
      symbol,
      venue,
      baseAsset: 'ABC',
      quoteAsset: 'USDT',
      tickSize: index === 0 ? '0.1' : '0.00005',
      lotSize: '0.001',
      minQty: '0.001',
      maxQty: '1000',
      minNotional: '5',
      makerFee: '0.0002',
      takerFee: '0.0005',
    });
  });
}

const LEVELS = Array.from(
  { length: 20 },
  (_, i) => `["6180${i % 10}.${i % 7}0","${i}.00${i % 9}"]`,
);

function wrap(stream: string, fields: string): Buffer {
  return Buffer.from(`{"stream":"${stream}","data":{${fields}}}`);
}

/** Frames of all kinds of one venue; their ids can be rewritten in place. */
function frames(isUsdm: boolean): readonly Buffer[] {
  const extra = isUsdm ? '"T":1723161256298,' : '';
  const ids = isUsdm
    ? '"U":1000000001,"u":1000000002,"pu":1000000000'
    : '"U":1000000001,"u":1000000002';
  const typed = isUsdm ? '"e":"bookTicker",' : '';
  const levels = LEVELS.join(',');
  return [
    wrap(
      'abcusdt@depth@100ms',
      `"e":"depthUpdate","E":1723161256299,${extra}"s":"ABCUSDT",${ids},` +
        `"b":[${levels}],"a":[${levels}]`,
    ),
    wrap(
      'xyzusdt@bookTicker',
      `${typed}"u":77,"s":"XYZUSDT","b":"1.20005","B":"2.507","a":"1.3","A":"2"`,
    ),
    wrap(
      'xyzusdt@aggTrade',
      '"e":"aggTrade","E":1723161256299,"s":"XYZUSDT","a":77,"p":"1.00005","q":"12.5",' +
        '"f":1,"l":2,"T":1723161256298,"m":true',
    ),
  ];
}

for (const venue of ['binance-usdm', 'binance-spot'] as const) {
  describe(`decoding ${venue} allocates nothing`, () => {
    const listed = instruments(venue);
    const isUsdm = venue === 'binance-usdm';

    it('depth, bookTicker, trade', () => {
      const decoder = isUsdm ? new BinanceUsdmDecoder(listed) : new BinanceSpotDecoder(listed);
      assert.ok(decoder instanceof BinanceDecoder);
      const texts = frames(isUsdm);
      const batch = new MarketBatch();
      let good = 0;
      passes('decode', (call) => {
        const text = texts[call % texts.length]!;
        batch.count = 0;
        if (decoder.decode(text, 0, text.length, batch) === DecodeResult.Records) good++;
      });
      assert.equal(decoder.fallbackCount, 0);
      assert.ok(good > 0);
    });

    it('a session in sync: depth in sequence, trades, touches', () => {
      const session = new FeedSession({ venue, instruments: listed, requestSnapshot: () => {} });
      const texts = frames(isUsdm);
      const depth = texts[0]!;
      const firstAt = depth.indexOf('"U":') + 4;
      const lastAt = depth.indexOf('"u":') + 4;
      const previousAt = isUsdm ? depth.indexOf('"pu":') + 5 : -1;
      const trade = texts[2]!;
      const tradeAt = trade.indexOf('"a":') + 4;
      session.connectionUp(FeedRoute.Book);
      session.offerSnapshotBegin(0, 1_000_000_000);
      session.offerSnapshotLevel(Side.Buy, 1, 1);
      session.offerSnapshotEnd();
      while (session.nextBatch() > 0);
      const longer = Buffer.from(trade.toString().replace('"a":77', '"a":1000000000'));
      let id = 1_000_000_000;
      passes('session', (call) => {
        if (call % 3 === 0) {
          if (previousAt > 0) writeDigits(depth, previousAt, id);
          writeDigits(depth, firstAt, id + 1);
          id += 2;
          writeDigits(depth, lastAt, id);
          session.receive(depth, 0, depth.length);
        } else if (call % 3 === 1) session.receive(texts[1]!, 0, texts[1]!.length);
        else {
          writeDigits(longer, tradeAt, id);
          session.receive(longer, 0, longer.length);
        }
      });
      assert.equal(session.bookState(0), BookState.Synced);
      assert.equal(session.counters[FeedCounter.Gaps], 0);
      assert.equal(session.counters[FeedCounter.Fallback], 0);
      assert.ok(session.counters[FeedCounter.Depth]! > 100_000);
    });
  });
}

describe('the parts of the scanner allocate nothing', () => {
  it('numbers, levels, symbols', () => {
    const listed = instruments('binance-usdm');
    const grid = new Grid(listed);
    const symbols = new SymbolTable(listed);
    const levels = new LevelScanner(grid);
    const header = new Float64Array(8);
    const scanner = new BinanceScanner(true, symbols, grid, header);
    const list = Buffer.from(`[${LEVELS.join(',')}]`);
    const names = Buffer.from('ABCUSDTXYZUSDT');
    const batch = new MarketBatch();
    const numbers = new Float64Array(POWERS_OF_TEN.length);
    let sum = 0;
    passes('parts', (call) => {
      batch.count = 0;
      sum += levels.scan(list, 0, 1, 0, batch);
      sum += symbols.indexOf(names, (call & 1) * 7, (call & 1) * 7 + 7);
      sum += scanDecimal(list, 3, 1, numbers, 0);
      if (scanner.scan(list, 0, list.length, batch)) sum++;
      sum &= 0xffff;
    });
    assert.equal(batch.count, LEVELS.length);
  });
});

/** Ten digits in place. */
function writeDigits(bytes: Buffer, at: number, value: number): void {
  let rest = value;
  for (let i = at + 9; i >= at; i--) {
    const tenth = Math.floor(rest / 10);
    bytes[i] = 48 + (rest - tenth * 10);
    rest = tenth;
  }
}
