/**
 * Every Binance spot and USD-M capture through import, sequence rule and book: no gap, no crossed
 * state, and the rebuilt touch equal to bookTicker at the same update id wherever both exist.
 * The counts are those found by an independent reading of the same files.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { importCapture } from '../../engine/tape/import-capture.ts';
import { TapeBooks, type BookCounts } from '../../engine/tape/tape-books.ts';
import { TapeReader } from '../../engine/tape/tape-reader.ts';
import { capture } from '../support/repository.ts';
import { tempDir } from '../support/temp-dir.ts';

interface Golden {
  readonly file: string;
  readonly symbols: number;
  /** Depth messages of the capture: applied, or older than the snapshot. */
  readonly depth: number;
  readonly updates: number;
  readonly trades: number;
  readonly touches: number;
  readonly bbo: number;
  /** Symbols whose increments come from exchangeInfo. */
  readonly listed: number;
}

const NDTS = 'binance';
const JSONL = 'venues';

const GOLDEN: readonly Golden[] = [
  golden(
    `${NDTS}/binance_spot_BTCUSDT_2024-08-08.ndts.gz`,
    [1, 6495, 6493, 19_904, 73_174, 1072, 0],
  ),
  golden(
    `${NDTS}/binance_spot_ETHUSDT_2024-08-08.ndts.gz`,
    [1, 6470, 6468, 14_515, 58_758, 1056, 0],
  ),
  golden(
    `${NDTS}/binance_usdm_BTCUSDT_2024-08-08.ndts.gz`,
    [1, 6551, 6547, 21_313, 66_089, 629, 0],
  ),
  golden(
    `${NDTS}/binance_usdm_ETHUSDT_2024-08-08.ndts.gz`,
    [1, 6586, 6581, 14_076, 53_992, 551, 0],
  ),
  golden(`${JSONL}/BINANCE_2021-04-04.jsonl.gz`, [3, 2688, 2656, 1910, 0, 0, 0]),
  golden(`${JSONL}/BINANCE_2021-04-17.jsonl.gz`, [10, 614, 590, 24, 570, 199, 9]),
  golden(`${JSONL}/BINANCE_FUTURES_2021-04-05.jsonl.gz`, [5, 4423, 4395, 574, 3424, 215, 0]),
  golden(`${JSONL}/BINANCE_US_2021-04-05.jsonl.gz`, [10, 3196, 3185, 188, 2624, 743, 0]),
];

type Counts = readonly [
  symbols: number,
  depth: number,
  updates: number,
  trades: number,
  touches: number,
  bbo: number,
  listed: number,
];

function golden(file: string, counts: Counts): Golden {
  const [symbols, depth, updates, trades, touches, bbo, listed] = counts;
  return { file, symbols, depth, updates, trades, touches, bbo, listed };
}

function sum(counts: readonly BookCounts[], field: keyof BookCounts): number {
  return counts.reduce((total, one) => total + one[field], 0);
}

describe('captures', () => {
  for (const expected of GOLDEN) {
    it(`${path.basename(expected.file)} gives whole books`, async (t) => {
      const file = capture(t, expected.file);
      if (file === null) return;
      const startMs = performance.now();
      const from = expected.file.startsWith(NDTS) ? 'binance-ndts' : 'capture-jsonl';
      const out = path.join(tempDir(t), 'a.tape');
      const report = await importCapture({ from, path: file, out });
      const reader = new TapeReader(out);
      const books = new TapeBooks(reader);
      books.run();
      reader.close();

      const { counts } = books;
      const crossed = reader.instruments.reduce((n, one) => n + books.crossedOf(one.index), 0);
      const seconds = (performance.now() - startMs) / 1000;
      const shown = [
        `${path.basename(expected.file)}: ${report.lines} lines`,
        `${sum(counts, 'updates')} updates, ${sum(counts, 'trades')} trades`,
        `${sum(counts, 'gaps')} gaps, ${crossed} crossed`,
        `touch ${sum(counts, 'bboEqual')}/${sum(counts, 'bboChecked')}, ${seconds.toFixed(1)} s`,
      ];
      t.diagnostic(shown.join(', '));
      assert.equal(sum(counts, 'gaps'), 0, 'gaps');
      assert.equal(crossed, 0, 'crossed');
      assert.equal(sum(counts, 'bboEqual'), sum(counts, 'bboChecked'), 'touch equals bookTicker');
      assert.equal(report.counters.malformed, 0);
      assert.equal(reader.warning, null);
      assert.ok(Object.values(report.books).every((state) => state === 'synced'));
      const sources = Object.values(report.increments).map((one) => one.from);
      assert.deepEqual(
        {
          file: expected.file,
          symbols: report.symbols.length,
          depth: report.counters.depth! + report.counters.repeats!,
          updates: sum(counts, 'updates'),
          trades: sum(counts, 'trades'),
          touches: sum(counts, 'touches'),
          bbo: sum(counts, 'bboChecked'),
          listed: sources.filter((source) => source === 'exchangeInfo').length,
        },
        expected,
      );
    });
  }

  it('a capture with one diff taken out is found to have a gap', async (t) => {
    const file = capture(t, `${JSONL}/BINANCE_FUTURES_2021-04-05.jsonl.gz`);
    if (file === null) return;
    const lines = gunzipSync(readFileSync(file)).toString('utf8').split('\n');
    const victim = lines.findIndex((line, i) => i > 4000 && line.includes('depthUpdate'));
    lines.splice(victim, 1);
    const folder = tempDir(t);
    const damaged = path.join(folder, 'damaged.jsonl');
    writeFileSync(damaged, lines.join('\n'));
    const out = path.join(folder, 'a.tape');
    const report = await importCapture({ from: 'capture-jsonl', path: damaged, out });
    assert.equal(report.counters.gaps, 1);
    assert.equal(Object.values(report.books).filter((state) => state === 'resyncing').length, 1);
  });
});
