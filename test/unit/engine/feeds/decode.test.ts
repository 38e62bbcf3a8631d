/** The Binance decoders, against a slow model: on real layouts, odd ones, and damaged ones. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../../../engine/base/random.ts';
import type { Venue } from '../../../../engine/domain/instrument.ts';
import { DecodeResult, HeaderField } from '../../../../engine/feeds/decode-result.ts';
import { BinanceSpotDecoder } from '../../../../engine/feeds/venues/binance-spot/decode.ts';
import { BinanceUsdmDecoder } from '../../../../engine/feeds/venues/binance-usdm/decode.ts';
import { MarketBatch } from '../../../../engine/memory/market-record.ts';
import { repositoryRoot } from '../../../support/repository.ts';
import { instrumentsOf, modelDecode, mutated, rowsOf, type Decoded } from './frame-model.ts';

interface Fixture {
  readonly name: string;
  readonly text: string;
}

function fixtures(name: string): readonly Fixture[] {
  const file = path.join(repositoryRoot, 'test/fixtures/binance', name);
  return JSON.parse(readFileSync(file, 'utf8')) as Fixture[];
}

class Bench {
  readonly venue: Venue;
  readonly instruments: ReturnType<typeof instrumentsOf>;
  readonly decoder: BinanceUsdmDecoder | BinanceSpotDecoder;
  readonly batch = new MarketBatch(64);
  readonly #bytes = Buffer.alloc(8192);

  constructor(venue: Venue) {
    this.venue = venue;
    this.instruments = instrumentsOf(venue);
    const Decoder = venue === 'binance-usdm' ? BinanceUsdmDecoder : BinanceSpotDecoder;
    this.decoder = new Decoder(this.instruments);
  }

  /** Decodes behind one foreign record, with other bytes round the frame. */
  decode(text: string): Decoded {
    const bytes = this.#bytes;
    bytes.fill('}', 0);
    const length = bytes.write(text, 7, 'utf8');
    this.batch.clear();
    this.batch.claim(1, 0, 9, 9);
    const result = this.decoder.decode(bytes, 7, 7 + length, this.batch);
    return { result, rows: rowsOf(this.batch, 1) };
  }

  model(text: string): Decoded {
    return modelDecode(text, this.instruments, this.venue);
  }
}

for (const [venue, file] of [
  ['binance-usdm', 'usdm-frames.json'],
  ['binance-spot', 'spot-frames.json'],
] as const) {
  describe(`decoder of ${venue}`, () => {
    for (const { name, text } of fixtures(file)) {
      it(`reads ${name} from the bytes`, () => {
        const bench = new Bench(venue);
        const decoded = bench.decode(text);
        assert.equal(decoded.result, DecodeResult.Records);
        assert.deepEqual(decoded, bench.model(text));
        assert.equal(bench.decoder.fallbackCount, 0, 'no fallback');
      });
    }

    it('reads the same frames with white space and in any key order, the slow way', () => {
      const bench = new Bench(venue);
      for (const { text } of fixtures(file)) {
        const value = JSON.parse(text) as Record<string, unknown>;
        const fields = (value.data ?? value) as Record<string, unknown>;
        const reversed = JSON.stringify(Object.fromEntries(Object.entries(fields).toReversed()));
        const spaced = JSON.stringify(fields, null, 1);
        for (const odd of [reversed, spaced]) {
          const decoded = bench.decode(odd);
          assert.equal(decoded.result, DecodeResult.Records, odd);
          assert.deepEqual(decoded, bench.model(odd), odd);
        }
      }
      assert.ok(bench.decoder.fallbackCount > 0);
    });

    it('agrees with the model on 100,000 damaged frames, and leaves the batch as it was', () => {
      const bench = new Bench(venue);
      const random = new SeededRandom(venue.length);
      const texts = fixtures(file).map((one) => one.text);
      const results = new Map<number, number>();
      for (let n = 0; n < 100_000; n++) {
        const text = mutated(texts[n % texts.length]!, random);
        const decoded = bench.decode(text);
        const expected = bench.model(text);
        if (decoded.result !== expected.result || decoded.rows.length !== expected.rows.length) {
          assert.deepEqual(decoded, expected, text);
        }
        for (let i = 0; i < expected.rows.length; i++) {
          for (let field = 0; field < 7; field++) {
            if (!Object.is(decoded.rows[i]![field]! + 0, expected.rows[i]![field]! + 0)) {
              assert.deepEqual(decoded, expected, text);
            }
          }
        }
        results.set(decoded.result, (results.get(decoded.result) ?? 0) + 1);
      }
      assert.ok(
        results.get(DecodeResult.Records)! > 5000,
        'some damaged frames still mean something',
      );
      assert.ok(results.get(DecodeResult.Malformed)! > 5000, 'most mean nothing');
      assert.ok((results.get(DecodeResult.UnknownSymbol) ?? 0) > 100);
    });
  });
}

/** A depth message with these bids. */
function depth(levels: string, rest = ''): string {
  const head = '"e":"depthUpdate","E":1,"T":1,"s":"ABCUSDT","U":2,"u":3,"pu":1';
  return `{${head},"b":[${levels}],"a":[]${rest}}`;
}

describe('decoding', () => {
  const results: readonly (readonly [string, string, number])[] = [
    ['garbage', 'hello', DecodeResult.Malformed],
    ['nothing', '', DecodeResult.Malformed],
    ['an array', '[1,2]', DecodeResult.Ignored],
    ['an acknowledgement', '{"result":null,"id":1}', DecodeResult.Ignored],
    ['a refusal', '{"code":2,"msg":"Invalid request"}', DecodeResult.Refused],
    ['a refusal of another form', '{"id":1,"error":{"code":1,"msg":"no"}}', DecodeResult.Refused],
    ['a type we do not take', '{"e":"kline","s":"ABCUSDT","k":{}}', DecodeResult.Ignored],
    ['a planned end', '{"e":"serverShutdown","E":1}', DecodeResult.Shutdown],
    ['another symbol', depth('').replace('ABCUSDT', 'NOPEUSDT'), DecodeResult.UnknownSymbol],
    ['a price off the grid', depth('["1.05","1"]'), DecodeResult.Malformed],
    ['a size off the grid', depth('["1.0","0.0001"]'), DecodeResult.Malformed],
    ['a negative price', depth('["-1.0","1"]'), DecodeResult.Malformed],
    ['a size beyond exact integers', depth('["1.0","9007199254740.993"]'), DecodeResult.Malformed],
    ['a level without a size', depth('["1.0"]'), DecodeResult.Malformed],
    ['numbers instead of texts', depth('[1.0,1]'), DecodeResult.Malformed],
    ['a missing pu', depth('').replace('"pu":1,', ''), DecodeResult.Malformed],
    ['u before U', depth('').replace('"u":3', '"u":1'), DecodeResult.Malformed],
    ['a truncated frame', depth('["1.0","1"]').slice(0, -9), DecodeResult.Malformed],
  ];
  for (const [name, text, result] of results) {
    it(`answers ${nameOf(result)} to ${name}`, () => {
      const bench = new Bench('binance-usdm');
      assert.deepEqual(bench.decode(text), { result, rows: [] });
      assert.equal(bench.model(text).result, result, 'the model agrees');
    });
  }

  it('takes the last of a key given twice, as JSON does', () => {
    const bench = new Bench('binance-usdm');
    const text = depth('["1.0","1"]', ',"u":9');
    assert.deepEqual(bench.decode(text), bench.model(text));
    assert.equal(bench.decoder.header[HeaderField.LastId], 9);
    const renamed = depth('["1.0","1"]', ',"s":"XYZUSDT"');
    assert.deepEqual(bench.decode(renamed), bench.model(renamed));
    assert.equal(bench.decoder.header[HeaderField.Instrument], 1);
  });

  it('says what a message is in its header', () => {
    const bench = new Bench('binance-usdm');
    bench.decode(depth('["1.0","1"]'));
    const { header } = bench.decoder;
    assert.deepEqual(Array.from(header), [2, 3, 1, 1, 1, 0, 1, -1]);
    bench.decode(
      '{"e":"trade","E":8,"T":7,"s":"XYZUSDT","t":55,"p":"1","q":"3","X":"MARKET","m":true}',
    );
    assert.deepEqual(Array.from(header), [-1, -1, -1, 8, 7, 1, 2, 55]);
  });

  it('leaves out levels beyond 31-bit ticks and keeps the rest of the message', () => {
    const bench = new Bench('binance-usdm');
    const text = depth('["1.0","1"],["999999999.0","1"],["2.0","1"]');
    const decoded = bench.decode(text);
    assert.deepEqual(decoded, bench.model(text));
    assert.equal(decoded.rows.length, 3);
    assert.equal(bench.decoder.beyondCount, 1);
  });

  it('says Overflow to a message that does not fit, and nothing of it stays', () => {
    const bench = new Bench('binance-usdm');
    const levels = Array.from({ length: 70 }, (_, i) => `["${i + 1}.0","1"]`).join(',');
    assert.deepEqual(bench.decode(depth(levels)), { result: DecodeResult.Overflow, rows: [] });
    assert.equal(bench.batch.count, 1);
  });

  it('ignores prints without a price, as of the insurance fund', () => {
    const bench = new Bench('binance-usdm');
    const text = '{"e":"trade","E":8,"T":7,"s":"ABCUSDT","t":1,"p":"0","q":"0","X":"NA","m":true}';
    assert.equal(bench.decode(text).result, DecodeResult.Ignored);
  });
});

function nameOf(result: number): string {
  return Object.entries(DecodeResult).find(([, value]) => value === result)?.[0] ?? String(result);
}
