/**
 * import: `tickdeck import`, a foreign capture becomes a tape.
 *
 * Exit codes  0 written · 1 the capture is bad or the disk refused · 2 bad usage.
 * Imports     node:util, base, tape.
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { EngineError } from '../base/errors.ts';
import { CAPTURE_READERS, importCapture } from '../tape/import-capture.ts';
import type { ImportReport } from '../tape/import-capture.ts';
import { ProgressBar } from './progress.ts';

export const summary = 'turn a foreign capture into a tape';

export const help = `
tickdeck import --from FORMAT FILE --out TAPE [--json]

Turns a capture of Binance spot or USD-M market data, plain or gzip, into a tape that
"tickdeck book" and "tickdeck replay" read.

  --from FORMAT   binance-ndts   lines of "<receive time> <JSON frame>"
                  capture-jsonl  lines of JSON objects: header, recv, http …
  --out TAPE      the tape to write; it appears only when the whole capture was good
  --json          print the report as one JSON object

Tick and lot sizes come from the capture's exchangeInfo, else from its prices and sizes; the
report says which. Exit code 1 and one line, with the line number, for a capture that is not right.
`;

export async function run(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      from: { type: 'string' },
      out: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const [path] = positionals;
  const { from, out } = values;
  if (path === undefined || positionals.length > 1) throw usage('name one capture file');
  if (from === undefined || !(from in CAPTURE_READERS)) {
    throw usage(`--from must be one of ${Object.keys(CAPTURE_READERS).join(', ')}`);
  }
  if (out === undefined || out === '') throw usage('--out names the tape to write');
  if (!existsSync(path)) {
    throw new EngineError('input/malformed', `${path}: there is no such file; check the path`);
  }
  const bar = new ProgressBar('import');
  const interrupted = new AbortController();
  const interrupt = (): void => {
    interrupted.abort(new EngineError('input/truncated', 'interrupted; no tape was written'));
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const onProgress = (part: number): void => bar.show(part);
    const report = await importCapture({ from, path, out, onProgress, signal: interrupted.signal });
    bar.clear();
    process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : textOf(report));
    return 0;
  } catch (error) {
    bar.clear();
    throw error;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function usage(problem: string): EngineError {
  return new EngineError('usage/invalid', `${problem}; see "tickdeck import --help"`);
}

function textOf(report: ImportReport): string {
  const { counters } = report;
  const lines = [
    `${report.tape}: ${report.venue}, ${report.symbols.length} instruments, ` +
      `${report.seconds.toFixed(1)} s, ${report.turns} turns, ${report.records} records`,
    `${counters.depth} depth, ${counters.trades} trades, ${counters.touch} touches, ` +
      `${counters.snapshots} snapshots, ${counters.gaps} gaps`,
  ];
  for (const [symbol, { tickSize, lotSize, from }] of Object.entries(report.increments)) {
    const book = report.books[symbol];
    lines.push(`${symbol}: tick ${tickSize}, lot ${lotSize} (${from}); book ${book}`);
  }
  return `${lines.join('\n')}\n`;
}
