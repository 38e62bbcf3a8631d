/** REST of the feeds: snapshots, metadata, the weight budget, and answers that are none. */
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { SeededRandom } from '../../../../engine/base/random.ts';
import { EngineError } from '../../../../engine/base/errors.ts';
import { Instrument } from '../../../../engine/domain/instrument.ts';
import { ConnectBudget } from '../../../../engine/feeds/connect-budget.ts';
import {
  instrumentSpecsFromExchangeInfo,
  nearSymbols,
  parseDepthSnapshot,
} from '../../../../engine/feeds/market-metadata.ts';
import { RestMarket, type RestMarketOptions } from '../../../../engine/feeds/rest-market.ts';
import { specOf } from './frame-model.ts';

const INSTRUMENT = new Instrument(0, specOf('ABCUSDT', '0.10', '0.001', 'binance-usdm'));
const SNAPSHOT =
  '{"lastUpdateId":7,"bids":[["100.10","1.500"]],"asks":[["100.20","0.002"],["9e9","1"]]}';

function listed(symbol: string, filters: readonly object[]): object {
  return { symbol, baseAsset: symbol.slice(0, 3), quoteAsset: 'USDT', filters };
}

const LOT = { filterType: 'LOT_SIZE', stepSize: '0.001', minQty: '0.002', maxQty: '500' };
const PRICE = { filterType: 'PRICE_FILTER', tickSize: '0.10' };
const INFO = JSON.stringify({
  symbols: [
    listed('ABCUSDT', [PRICE, LOT, { filterType: 'MIN_NOTIONAL', notional: '100' }]),
    listed('XYZUSDT', [PRICE, LOT, { filterType: 'NOTIONAL', minNotional: '5.00' }]),
    listed('BROKEN', [LOT]),
  ],
});

describe('market metadata', () => {
  it('reads a snapshot on the grid of its instrument', () => {
    const text = SNAPSHOT.replace('"9e9"', '"100.30"');
    assert.deepEqual(parseDepthSnapshot(text, INSTRUMENT), {
      lastUpdateId: 7,
      bids: [[1001, 1500]],
      asks: [
        [1002, 2],
        [1003, 1000],
      ],
    });
  });

  it('leaves out levels whose ticks exceed 31 bits', () => {
    const text = SNAPSHOT.replace('"9e9"', '"999999999.0"');
    assert.equal(parseDepthSnapshot(text, INSTRUMENT).asks.length, 1);
  });

  const bad: readonly (readonly [string, RegExp])[] = [
    ['not json', /depth snapshot of ABCUSDT is not JSON/],
    ['[]', /is not a JSON object/],
    ['{"bids":[],"asks":[]}', /has no lastUpdateId/],
    ['{"lastUpdateId":1,"bids":[]}', /lacks a side/],
    [SNAPSHOT, /level \["9e9","1"\] is not on the grid \(tick 0.10, lot 0.001\)/],
    [SNAPSHOT.replace('"9e9"', '"100.25"'), /not on the grid/],
    [SNAPSHOT.replace('["9e9","1"]', '7'), /level 7 is not on the grid/],
  ];
  for (const [text, message] of bad) {
    it(`refuses ${text.slice(0, 50)}`, () => {
      assert.throws(() => parseDepthSnapshot(text, INSTRUMENT), {
        code: 'input/malformed',
        message,
      });
    });
  }

  it('makes specs of exchangeInfo, in the order asked for', () => {
    const specs = instrumentSpecsFromExchangeInfo(INFO, ['XYZUSDT', 'ABCUSDT'], 'binance-usdm');
    assert.deepEqual(specs, [
      {
        ...specOf('XYZUSDT', '0.10', '0.001', 'binance-usdm'),
        minQty: '0.002',
        maxQty: '500',
        minNotional: '5.00',
      },
      {
        ...specOf('ABCUSDT', '0.10', '0.001', 'binance-usdm'),
        minQty: '0.002',
        maxQty: '500',
        minNotional: '100',
      },
    ]);
  });

  it('names near matches of a symbol that is not listed', () => {
    assert.throws(() => instrumentSpecsFromExchangeInfo(INFO, ['abcusd'], 'binance-usdm'), {
      code: 'input/unknown-symbol',
      message: 'abcusd is not on binance-usdm; did you mean ABCUSDT?',
    });
    assert.throws(
      () => instrumentSpecsFromExchangeInfo(INFO, ['Q'], 'binance-usdm'),
      /none is similar/,
    );
    const symbols = ['BTCUSDT', 'BTCUSDC', 'ETHUSDT', 'BTCDOMUSDT'];
    assert.deepEqual(nearSymbols('BTCUSDTT', symbols).slice(0, 2), ['BTCUSDT', 'BTCUSDC']);
  });

  it('refuses a symbol without a tick size, and an answer without symbols', () => {
    assert.throws(
      () => instrumentSpecsFromExchangeInfo(INFO, ['BROKEN'], 'binance-usdm'),
      /no usable tickSize/,
    );
    assert.throws(
      () => instrumentSpecsFromExchangeInfo('{}', [], 'binance-usdm'),
      /no list of symbols/,
    );
  });
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

interface Served {
  readonly rest: RestMarket;
  readonly paths: string[];
  readonly slept: number[];
}

/** A client of a small server; time passes only while it sleeps. */
async function served(
  t: TestContext,
  answer: Answer,
  options: Partial<RestMarketOptions> = {},
): Promise<Served> {
  const paths: string[] = [];
  const slept: number[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? '');
    answer(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  let nowMs = 0;
  const rest = new RestMarket({
    venue: 'binance-usdm',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    nowMs: () => nowMs,
    sleep: (ms) => {
      slept.push(ms);
      nowMs += ms;
      return Promise.resolve();
    },
    ...options,
  });
  return { rest, paths, slept };
}

const GOOD = SNAPSHOT.replace('"9e9"', '"100.30"');

describe('rest market', () => {
  it('fetches snapshots and metadata from the endpoint it was given', async (t) => {
    const { rest, paths } = await served(t, ({ url }, response) => {
      response.end(url?.includes('exchangeInfo') === true ? INFO : GOOD);
    });
    assert.equal((await rest.depth(INSTRUMENT)).lastUpdateId, 7);
    assert.equal((await rest.specs(['ABCUSDT']))[0]!.symbol, 'ABCUSDT');
    assert.deepEqual(paths, ['/fapi/v1/depth?limit=1000&symbol=ABCUSDT', '/fapi/v1/exchangeInfo']);
  });

  it('spends no more than its share of the minute', async (t) => {
    const { rest, paths, slept } = await served(t, (_, response) => response.end(GOOD));
    for (let n = 0; n < 60; n++) await rest.depth(INSTRUMENT);
    assert.deepEqual(slept, [], '60 snapshots of weight 20 are the share');
    await rest.depth(INSTRUMENT);
    assert.deepEqual(slept, [60_000]);
    assert.equal(paths.length, 61);
  });

  it('counts the weight that the venue says others used', async (t) => {
    const { rest, slept } = await served(t, (_, response) => {
      response.setHeader('X-MBX-USED-WEIGHT-1M', '1190');
      response.end(GOOD);
    });
    await rest.depth(INSTRUMENT);
    assert.deepEqual(slept, []);
    await rest.depth(INSTRUMENT);
    assert.deepEqual(slept, [60_000]);
  });

  for (const [status, retryAfter, waitMs] of [
    [429, '7', 7000],
    [418, '120', 120_000],
    [429, '', 30_000],
  ] as const) {
    it(`stops all requests after ${status} with Retry-After "${retryAfter}"`, async (t) => {
      let isLimited = true;
      const { rest, slept } = await served(t, (_, response) => {
        response.statusCode = isLimited ? status : 200;
        if (retryAfter !== '') response.setHeader('Retry-After', retryAfter);
        response.end(isLimited ? '{"code":-1003}' : GOOD);
      });
      await assert.rejects(rest.depth(INSTRUMENT), { code: 'venue/rate-limited' });
      isLimited = false;
      await rest.depth(INSTRUMENT);
      assert.deepEqual(slept, [waitMs]);
      assert.equal(rest.limitedCount, 1);
    });
  }

  it('goes on after an error, which says what the venue said', async (t) => {
    let status = 400;
    const { rest } = await served(t, (_, response) => {
      response.statusCode = status;
      response.end(status === 200 ? GOOD : '{"code":-1121,\n"msg":"Invalid symbol."}');
    });
    await assert.rejects(rest.depth(INSTRUMENT), (error: unknown) => {
      assert.ok(error instanceof EngineError);
      assert.equal(error.code, 'venue/rejected');
      assert.match(error.message, /\/fapi\/v1\/depth answered 400: .*Invalid symbol/);
      return true;
    });
    status = 200;
    await rest.depth(INSTRUMENT);
  });

  it('gives up on a venue that is not there or does not answer', async (t) => {
    const gone = new RestMarket({ venue: 'binance-spot', endpoint: 'http://127.0.0.1:9' });
    await assert.rejects(gone.depth(INSTRUMENT), { code: 'venue/unreachable' });
    const { rest } = await served(t, () => {}, { timeoutMs: 50 });
    await assert.rejects(rest.depth(INSTRUMENT), {
      code: 'venue/unreachable',
      message: /http:\/\/127\.0\.0\.1:\d+: .*; check the endpoint and the network/,
    });
  });
});

function budget(connectsMax: number): ConnectBudget {
  return new ConnectBudget({
    random: new SeededRandom(3),
    firstDelayMs: 100,
    delayMaxMs: 1000,
    connectsMax,
    windowMs: 10_000,
  });
}

describe('connect budget', () => {
  it('is at once first, then doubles with jitter up to its maximum', () => {
    const one = budget(100);
    assert.equal(one.delayMs(0, 0), 0);
    for (const [attempt, full] of [
      [1, 100],
      [2, 200],
      [3, 400],
      [4, 800],
      [5, 1000],
      [60, 1000],
    ] as const) {
      const delays = Array.from({ length: 50 }, () => one.delayMs(attempt, 0));
      assert.ok(
        delays.every((delay) => delay >= full / 2 && delay <= full),
        `attempt ${attempt}`,
      );
      assert.ok(new Set(delays).size > 10, 'jitter');
    }
  });

  it('waits until the cap allows one more', () => {
    const one = budget(3);
    for (const nowMs of [0, 1000, 2000]) one.noteOpened(nowMs);
    assert.equal(one.delayMs(0, 3000), 7000);
    assert.equal(one.delayMs(1, 3000), 7000);
    assert.equal(one.delayMs(0, 10_000), 0);
    one.noteOpened(10_000);
    assert.equal(one.delayMs(0, 10_000), 1000);
  });
});
