/** Imports of foreign captures, and the two commands round them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { importCapture, type ImportReport } from '../../../../engine/tape/import-capture.ts';
import { IncrementFinder } from '../../../../engine/tape/importers/increments.ts';
import { TapeBooks } from '../../../../engine/tape/tape-books.ts';
import { TapeReader } from '../../../../engine/tape/tape-reader.ts';
import { repositoryRoot } from '../../../support/repository.ts';
import { tempDir } from '../../../support/temp-dir.ts';

type Levels = readonly (readonly [price: string, size: string])[];

function depth(
  ids: readonly [U: number, u: number, pu: number],
  b: Levels,
  a: Levels = [],
): string {
  const fields = {
    e: 'depthUpdate',
    E: 5,
    T: 5,
    s: 'ABCUSDT',
    U: ids[0],
    u: ids[1],
    pu: ids[2],
    b,
    a,
  };
  return JSON.stringify({ stream: 'abcusdt@depth@100ms', data: fields });
}

function trade(id: number, price: string, size: string): string {
  const fields = {
    e: 'trade',
    E: 5,
    T: 5,
    s: 'ABCUSDT',
    t: id,
    p: price,
    q: size,
    X: 'MARKET',
    m: true,
  };
  return JSON.stringify({ stream: 'abcusdt@trade', data: fields });
}

function touch(id: number, bid: readonly [string, string], ask: readonly [string, string]): string {
  const fields = {
    e: 'bookTicker',
    u: id,
    s: 'ABCUSDT',
    b: bid[0],
    B: bid[1],
    a: ask[0],
    A: ask[1],
  };
  return JSON.stringify({ stream: 'abcusdt@bookTicker', data: fields });
}

const SNAPSHOT = JSON.stringify({
  lastUpdateId: 100,
  E: 5,
  T: 5,
  bids: [
    ['100.50', '1.500'],
    ['100.40', '2.000'],
  ],
  asks: [['100.70', '0.250']],
});

const FRAMES = [
  trade(1, '100.60', '0.100'),
  depth([90, 99, 80], [['100.50', '9.000']]),
  depth([99, 105, 99], [['100.55', '3.125']]),
  SNAPSHOT,
  touch(110, ['100.60', '2.5'], ['100.70', '0.25']),
  depth([106, 110, 105], [['100.60', '2.500']]),
  trade(2, '100.60', '0.100'),
  depth([111, 115, 110], [['100.40', '0.000']], [['100.80', '4.000']]),
  touch(115, ['100.60', '2.500'], ['100.70', '9']),
];

/** Lines with receive times 1 ms apart. */
function ndts(frames: readonly string[]): string {
  return frames
    .map((frame, i) => `${1_700_000_000_000_000_123n + BigInt(i) * 1_000_000n} ${frame}\n`)
    .join('');
}

function jsonl(frames: readonly string[], exchange = 'BINANCE_FUTURES', info = ''): string {
  const lines = [JSON.stringify({ t: 'header', format: 2, exchange })];
  const url = 'https://fapi.binance.com/fapi/v1';
  if (info !== '') lines.push(record('http', 0, { url: `${url}/exchangeInfo`, data: info }));
  lines.push(record('connect', 0, { addr: 'wss://…' }));
  frames.forEach((frame, i) => {
    const isSnapshot = frame.startsWith('{"lastUpdateId"');
    const request = `${url}/depth?symbol=ABCUSDT&limit=1000`;
    lines.push(
      isSnapshot
        ? record('http', i, { url: request, data: frame })
        : record('recv', i, { data: frame }),
    );
  });
  return `${lines.join('\n')}\n`;
}

function record(t: string, index: number, rest: object): string {
  return JSON.stringify({ t, conn: 'c', ts: 1_617_566_590.378895 + index / 1000, ...rest });
}

interface Imported {
  readonly report: ImportReport;
  readonly books: TapeBooks;
  readonly reader: TapeReader;
}

async function imported(folder: string, from: string, content: string | Buffer): Promise<Imported> {
  const file = path.join(folder, 'capture');
  const out = path.join(folder, 'out.tape');
  writeFileSync(file, content);
  const report = await importCapture({ from, path: file, out });
  const reader = new TapeReader(out);
  const books = new TapeBooks(reader);
  books.run();
  reader.close();
  return { report, books, reader };
}

/** The answer to an exchangeInfo request. */
function info(tickSize: string, lotSize: string): string {
  const filters = [
    { filterType: 'PRICE_FILTER', tickSize },
    { filterType: 'LOT_SIZE', stepSize: lotSize, minQty: lotSize, maxQty: '500' },
    { filterType: 'MIN_NOTIONAL', notional: '5' },
  ];
  return JSON.stringify({
    symbols: [{ symbol: 'ABCUSDT', baseAsset: 'ABC', quoteAsset: 'USDT', filters }],
  });
}

describe('import', () => {
  for (const [from, content] of [
    ['binance-ndts', ndts(FRAMES)],
    ['capture-jsonl', jsonl(FRAMES)],
  ] as const) {
    it(`makes a tape of ${from}, plain or gzip, and the tape gives the book`, async (t) => {
      for (const bytes of [content, gzipSync(content), content.trimEnd()]) {
        const { report, books } = await imported(tempDir(t), from, bytes);
        assert.equal(report.venue, 'binance-usdm');
        assert.deepEqual(report.increments, {
          ABCUSDT: { tickSize: '0.05', lotSize: '0.001', from: 'inferred' },
        });
        const counts = books.counts[0]!;
        assert.deepEqual(
          [counts.updates, counts.trades, counts.gaps, books.crossedOf(0), counts.lastUpdateId],
          [3, 2, 0, 0, 115],
        );
        assert.deepEqual([counts.bboChecked, counts.bboEqual], [2, 1], 'the last touch is wrong');
        assert.deepEqual(report.books, { ABCUSDT: 'synced' });
      }
    });
  }

  it('keeps receive times to the nanosecond from the first line on', async (t) => {
    const { reader } = await imported(tempDir(t), 'binance-ndts', ndts(FRAMES));
    const again = new TapeReader(reader.path);
    const times: number[] = [];
    while (again.next()) times.push(again.nowNs);
    again.close();
    assert.equal(again.header.anchorWallMs, 1_700_000_000_000 + 123e-6);
    assert.deepEqual(times.slice(0, 2), [0, 0], 'the status and the first trade');
    assert.equal(times.at(-1), 8e6);
  });

  it('takes increments from exchangeInfo where the capture lies on them', async (t) => {
    const content = jsonl(FRAMES, 'BINANCE_FUTURES', info('0.01', '0.001'));
    const { report, reader } = await imported(tempDir(t), 'capture-jsonl', content);
    assert.deepEqual(report.increments.ABCUSDT, {
      tickSize: '0.01',
      lotSize: '0.001',
      from: 'exchangeInfo',
    });
    assert.equal(reader.header.instruments[0]!.maxQty, '500');
  });

  it('infers them where old orders rest on a finer grid', async (t) => {
    const content = jsonl(FRAMES, 'BINANCE_FUTURES', info('0.10', '0.001'));
    const { report } = await imported(tempDir(t), 'capture-jsonl', content);
    assert.deepEqual(report.increments.ABCUSDT, {
      tickSize: '0.05',
      lotSize: '0.001',
      from: 'inferred',
    });
  });

  it('says the gaps of a capture', async (t) => {
    const frames = FRAMES.filter((frame) => !frame.includes('"U":106,'));
    const { report, books } = await imported(tempDir(t), 'binance-ndts', ndts(frames));
    assert.equal(books.counts[0]!.gaps, 1);
    assert.equal(report.counters.gaps, 1);
    assert.deepEqual(report.books, { ABCUSDT: 'resyncing' });
  });

  it('tells spot from USD-M by any message', async (t) => {
    const spotTrade = trade(1, '1', '1').replace('"X":"MARKET"', '"M":true');
    const futuresTouch = touch(1, ['1', '1'], ['2', '1']);
    const spotTouch = futuresTouch.replace('"e":"bookTicker",', '');
    for (const [frame, venue] of [
      [trade(1, '1', '1'), 'binance-usdm'],
      [spotTrade, 'binance-spot'],
      [spotTouch, 'binance-spot'],
      [futuresTouch, 'binance-usdm'],
    ] as const) {
      const { report } = await imported(tempDir(t), 'binance-ndts', ndts([frame]));
      assert.equal(report.venue, venue, frame);
    }
  });

  it('clamps a receive clock that steps back', async (t) => {
    const content = ndts(FRAMES).replace(/^1700000000008000123/m, '1700000000001000123');
    const { reader } = await imported(tempDir(t), 'binance-ndts', content);
    const again = new TapeReader(reader.path);
    let before = 0;
    while (again.next()) {
      assert.ok(again.nowNs >= before);
      before = again.nowNs;
    }
    again.close();
  });

  const coin = depth([1, 2, 0], [['1', '1']]).replaceAll('ABCUSDT', 'ABCUSD_PERP');
  const good = ndts(FRAMES);
  const gzip = gzipSync(good);
  const bad: readonly (readonly [string, string, string | Buffer, RegExp])[] = [
    ['an empty file', 'binance-ndts', '', /holds no Binance market message/],
    ['no receive time', 'binance-ndts', `${good}hello\n`, /line 10: expected "<receive time>/],
    ['a frame cut off', 'binance-ndts', good.slice(0, -60), /line 9: .*not JSON, perhaps cut off/],
    ['a line in the middle cut off', 'binance-ndts', good.replace('"T":5,"s"', ''), /line 1: /],
    ['a price that is none', 'binance-ndts', good.replace('"100.55"', '"1e2"'), /line 3: .*"1e2"/],
    ['a gzip file cut off', 'binance-ndts', gzip.subarray(0, gzip.length - 20), /cut off/],
    [
      'a gzip file damaged',
      'binance-ndts',
      Buffer.concat([gzip.subarray(0, 60), Buffer.alloc(80)]),
      /after|cannot/,
    ],
    ['a coin-margined capture', 'binance-ndts', ndts([coin]), /ABCUSD_PERP is coin-margined/],
    ['another exchange', 'capture-jsonl', jsonl([], 'KRAKEN'), /line 1: captures of KRAKEN/],
    ['no header', 'capture-jsonl', '{"t":"recv"}\n', /line 1: expected the header/],
    ['a line that is not JSON', 'capture-jsonl', `${jsonl(FRAMES)}{"t":"re`, /line 12: .*cut off/],
    [
      'a record without text',
      'capture-jsonl',
      `${jsonl([])}{"t":"recv","ts":1}\n`,
      /line 3: .*no text/,
    ],
    [
      'a frame of nonsense',
      'capture-jsonl',
      jsonl([...FRAMES, '{"e":"dep']),
      /line 12: .*not JSON/,
    ],
    [
      'a depth without a side',
      'binance-ndts',
      good.replace(',"a":[]', ''),
      /line 2: .*lacks a side/,
    ],
    [
      'a depth without ids',
      'binance-ndts',
      good.replace('"U":106,', ''),
      /line 6: .*does not decode/,
    ],
  ];
  for (const [name, from, content, message] of bad) {
    it(`refuses ${name} with one clear error, and leaves no tape`, async (t) => {
      const folder = tempDir(t);
      await assert.rejects(imported(folder, from, content), (error: Error & { code?: string }) => {
        assert.match(error.code ?? '', /^input\/(malformed|truncated)$/);
        assert.match(error.message, message);
        assert.ok(!error.message.includes('\n'), 'one line');
        return true;
      });
      assert.deepEqual(readdirSync(folder), ['capture']);
    });
  }
});

describe('import, given up', () => {
  it('leaves no tape when it is interrupted, in either pass', async (t) => {
    const folder = tempDir(t);
    const file = path.join(folder, 'capture');
    writeFileSync(file, ndts(Array.from({ length: 40_000 }, (_, i) => trade(i, '1', '1'))));
    for (const from of [0, 0.8]) {
      const controller = new AbortController();
      const onProgress = (part: number): void => {
        if (part > from) controller.abort(new Error('interrupted'));
      };
      const out = path.join(folder, 'a.tape');
      const { signal } = controller;
      await assert.rejects(
        importCapture({ from: 'binance-ndts', path: file, out, onProgress, signal }),
        /interrupted/,
      );
      assert.deepEqual(readdirSync(folder), ['capture']);
    }
  });

  it('does not replace the capture by its tape', async (t) => {
    const file = path.join(tempDir(t), 'capture');
    writeFileSync(file, ndts(FRAMES));
    await assert.rejects(importCapture({ from: 'binance-ndts', path: file, out: file }), {
      code: 'usage/invalid',
    });
  });
});

describe('increments', () => {
  const cases: readonly (readonly [readonly string[], string, string])[] = [
    [['61800.20', '61800.3', '58710.00'], '0.1', '0.1'],
    [['100.05', '100.10'], '0.05', '0.01'],
    [['0.69065', '0.69'], '0.00005', '0.00001'],
    [['3', '9', '27'], '1', '1'],
    [['0.02', '0.04'], '0.01', '0.01'],
    [['2.5', '5'], '2.5', '0.1'],
    [['500', '1500'], '500', '100'],
    [['0.00000000', '0.00009381'], '0.00000001', '0.00000001'],
    [['0', '0.000'], '1', '1'],
  ];
  for (const [texts, tickSize, lotSize] of cases) {
    it(`are ${tickSize} for prices and ${lotSize} for sizes of ${texts.join(', ')}`, () => {
      const finder = new IncrementFinder();
      for (const text of texts) assert.equal(finder.note(text), true, text);
      assert.equal(finder.tickSize(), tickSize);
      assert.equal(finder.lotSize(), lotSize);
      for (const step of [tickSize, lotSize]) assert.equal(finder.fits(step), true, step);
    });
  }

  it('know what does not fit, and what is no number', () => {
    const finder = new IncrementFinder();
    finder.note('100.05');
    assert.equal(finder.fits('0.10000000'), false);
    assert.equal(finder.fits('0.01000000'), true);
    for (const text of ['', '.5', '1.', '-1', '1e3', 5, null, '99999999999999999999']) {
      assert.equal(finder.note(text), false, String(text));
    }
  });
});

describe('tickdeck import and book', () => {
  const main = path.join(repositoryRoot, 'engine/cli/main.ts');
  const tickdeck = (...args: readonly string[]): { status: number; out: string; err: string } => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
      encoding: 'utf8',
    });
    return { status: status ?? -1, out: stdout, err: stderr };
  };

  it('print the book of a capture with exact decimals, as JSON', (t) => {
    const folder = tempDir(t);
    const file = path.join(folder, 'capture.ndts');
    const tape = path.join(folder, 'a.tape');
    writeFileSync(file, ndts(FRAMES));
    const done = tickdeck('import', '--from', 'binance-ndts', file, '--out', tape, '--json');
    assert.equal(done.status, 0, done.err);
    assert.equal(done.err, '', 'no progress bar where there is no terminal');
    assert.equal((JSON.parse(done.out) as ImportReport).tape, tape);
    const book = tickdeck('book', '--tape', tape, '--symbol', 'ABCUSDT', '--levels', '2', '--json');
    assert.equal(book.status, 0, book.err);
    assert.deepEqual(JSON.parse(book.out), {
      symbol: 'ABCUSDT',
      bids: [
        ['100.6', '2.5'],
        ['100.55', '3.125'],
      ],
      asks: [
        ['100.7', '0.25'],
        ['100.8', '4'],
      ],
      lastUpdateId: 115,
      updates: 3,
      trades: 2,
      gaps: 0,
      crossed: 0,
      bboChecked: 2,
      bboEqual: 1,
    });
    const unknown = tickdeck('book', '--tape', tape, '--symbol', 'ABCUSD', '--json');
    assert.equal(unknown.status, 1);
    assert.match(
      unknown.err,
      /^tickdeck book: ABCUSD is not on the tape .*did you mean ABCUSDT\?\n$/,
    );
  });

  it('say what is wrong in one line, with 1 for bad input and 2 for bad usage', (t) => {
    const folder = tempDir(t);
    const file = path.join(folder, 'capture.ndts');
    const tape = path.join(folder, 'a.tape');
    writeFileSync(file, ndts(FRAMES).slice(0, 300));
    const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
      [['import', '--from', 'binance-ndts', file, '--out', tape], 1, /line \d+: .*cut off/],
      [['import', '--from', 'binance-ndts', `${file}.none`, '--out', tape], 1, /no such file/],
      [['import', '--from', 'pcap', file, '--out', tape], 2, /--from must be one of/],
      [['import', '--from', 'binance-ndts', file], 2, /--out names the tape/],
      [['import', '--from', 'binance-ndts', '--out', tape], 2, /name one capture/],
      [['book', '--tape', tape, '--symbol', 'ABCUSDT'], 1, /cannot be opened/],
      [['book', '--tape', file, '--symbol', 'ABCUSDT'], 1, /it is no tape/],
      [['book', '--symbol', 'ABCUSDT'], 2, /--tape names the tape/],
      [['book', '--tape', tape, '--symbol', 'ABCUSDT', '--levels', '0'], 2, /--levels is 1 to/],
    ];
    for (const [args, status, message] of cases) {
      const result = tickdeck(...args);
      assert.equal(result.status, status, result.err);
      assert.match(result.err, message);
      assert.equal(result.err.trimEnd().split('\n').length, 1, result.err);
      assert.equal(result.out, '');
    }
    assert.deepEqual(readdirSync(folder), ['capture.ndts']);
  });
});
