/**
 * book: `tickdeck book`, one instrument's book after the last record of a tape.
 *
 * Exit codes  0 printed · 1 the tape is bad or does not hold the symbol · 2 bad usage.
 * Imports     node:util, base, domain, feeds/market-metadata, tape.
 */
import { parseArgs } from 'node:util';
import { EngineError } from '../base/errors.ts';
import type { Instrument } from '../domain/instrument.ts';
import { trimmedText } from '../domain/instrument.ts';
import { Side } from '../domain/units.ts';
import { unknownSymbol } from '../feeds/market-metadata.ts';
import { TapeBooks } from '../tape/tape-books.ts';
import { TapeReader } from '../tape/tape-reader.ts';
import { ProgressBar } from './progress.ts';

export const summary = 'print the book after a tape';

export const help = `
tickdeck book --tape TAPE --symbol SYMBOL [--levels N] [--json]

Rebuilds the books of a tape and prints one instrument's book after its last record.

  --tape TAPE       a tape made by "tickdeck import" or "tickdeck record"
  --symbol SYMBOL   an instrument of the tape
  --levels N        levels a side, 20 unless told
  --json            one JSON object: symbol, bids, asks, lastUpdateId, updates (depth messages
                    applied after the snapshot), trades, gaps, crossed, and the check against
                    bookTicker: bboEqual of bboChecked comparisons at the same update id
`;

const LEVELS_DEFAULT = '20';
const LEVELS_MAX = 100_000;

type PriceAndSize = readonly [price: string, size: string];

interface BookReport {
  readonly symbol: string;
  readonly bids: readonly PriceAndSize[];
  readonly asks: readonly PriceAndSize[];
  readonly lastUpdateId: number;
  readonly updates: number;
  readonly trades: number;
  readonly gaps: number;
  readonly crossed: number;
  readonly bboChecked: number;
  readonly bboEqual: number;
}

export async function run(argv: string[]): Promise<number> {
  const { values } = parseArgs({
    args: argv,
    options: {
      tape: { type: 'string' },
      symbol: { type: 'string' },
      levels: { type: 'string', default: LEVELS_DEFAULT },
      json: { type: 'boolean', default: false },
    },
  });
  const { tape, symbol } = values;
  if (tape === undefined) throw usage('--tape names the tape');
  if (symbol === undefined) throw usage('--symbol names an instrument of the tape');
  const levels = /^\d{1,6}$/.test(values.levels) ? Number(values.levels) : 0;
  if (levels < 1 || levels > LEVELS_MAX) throw usage(`--levels is 1 to ${LEVELS_MAX}`);
  const reader = new TapeReader(tape);
  try {
    const report = reportOf(reader, symbol, levels);
    if (reader.warning !== null) process.stderr.write(`tickdeck book: ${reader.warning}\n`);
    process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : textOf(report));
    return 0;
  } finally {
    reader.close();
  }
}

function usage(problem: string): EngineError {
  return new EngineError('usage/invalid', `${problem}; see "tickdeck book --help"`);
}

function reportOf(reader: TapeReader, symbol: string, levels: number): BookReport {
  const instrument = reader.instruments.find((one) => one.symbol === symbol);
  if (instrument === undefined) {
    const listed = reader.instruments.map((one) => one.symbol);
    throw unknownSymbol(symbol, listed, `the tape ${reader.path}`);
  }
  const books = new TapeBooks(reader);
  const bar = new ProgressBar('book');
  try {
    books.run((part) => bar.show(part));
  } finally {
    bar.clear();
  }
  const counts = books.counts[instrument.index]!;
  return {
    symbol,
    bids: sideOf(books, instrument, Side.Buy, levels),
    asks: sideOf(books, instrument, Side.Sell, levels),
    lastUpdateId: counts.lastUpdateId,
    updates: counts.updates,
    trades: counts.trades,
    gaps: counts.gaps,
    crossed: books.crossedOf(instrument.index),
    bboChecked: counts.bboChecked,
    bboEqual: counts.bboEqual,
  };
}

function sideOf(
  books: TapeBooks,
  instrument: Instrument,
  side: number,
  max: number,
): readonly PriceAndSize[] {
  const { book } = books.books.states[instrument.index]!;
  const ticks = new Int32Array(max);
  const lots = new Float64Array(max);
  const count = book.levels(side, max, ticks, lots);
  return Array.from({ length: count }, (_, i): PriceAndSize => {
    return [
      trimmedText(instrument.priceText(ticks[i]!)),
      trimmedText(instrument.sizeText(lots[i]!)),
    ];
  });
}

function textOf(report: BookReport): string {
  const rows = Array.from({ length: Math.max(report.bids.length, report.asks.length) }, (_, i) => {
    const [bid = '', bidSize = ''] = report.bids[i] ?? [];
    const [ask = '', askSize = ''] = report.asks[i] ?? [];
    return `${bidSize.padStart(16)} ${bid.padStart(14)} | ${ask.padEnd(14)} ${askSize}`;
  });
  const counted =
    `${report.symbol} at update ${report.lastUpdateId}: ${report.updates} updates, ` +
    `${report.trades} trades, ${report.gaps} gaps, ${report.crossed} crossed, touch equal to ` +
    `bookTicker ${report.bboEqual} of ${report.bboChecked} times`;
  return `${rows.join('\n')}\n${counted}\n`;
}
