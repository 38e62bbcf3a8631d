/**
 * report: what was measured, as the JSON that other programs read and as a table for people.
 *
 * Imports   ./measure, ./rows.
 */
import type { Measured } from './measure.ts';
import type { BenchRow } from './rows.ts';

/** What stands beside a figure: how it came about. */
export interface BenchNote {
  readonly id: string;
  readonly text: string;
}

export interface BenchReportRow extends BenchRow {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly note: string;
  readonly peers: readonly never[];
}

export interface BenchReport {
  readonly node: string;
  readonly machine: string;
  readonly date: string;
  /** Mean number of running processes before and after. */
  readonly load: readonly [number, number];
  /** Nanoseconds of a fixed piece of work, over the rounds: how fast the machine was. */
  readonly calibration: Measured | null;
  readonly note: string;
  readonly rows: readonly BenchReportRow[];
  readonly skipped: readonly BenchNote[];
}

export const BENCH_NOTE =
  'Warm and inside one process: no figure holds the kernel or a network, none is wire-to-order; ' +
  'cpu.1000 and mem.* are of a whole engine process against the simulated exchange.';

const DIGITS = 3;
/** The others are figures. */
const TEXT_COLUMNS: ReadonlySet<number> = new Set([0, 3, 5]);

export function reportRows(
  rows: readonly BenchRow[],
  measured: readonly Measured[],
  notes: readonly BenchNote[],
): readonly BenchReportRow[] {
  return rows.flatMap((row) => {
    const found = measured.find((one) => one.id === row.id);
    if (found === undefined) return [];
    const note = notes.find((one) => one.id === row.id)?.text ?? '';
    const { median, min, max } = found;
    const figures = { median: rounded(median), min: rounded(min), max: rounded(max) };
    return [{ ...row, ...figures, note, peers: [] }];
  });
}

/** Three digits are more than such figures repeat to. */
function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

export function reportText(report: BenchReport): string {
  const heads = ['', 'median', 'min … max', 'unit', 'budget', ''];
  const lines = report.rows.map((row) => [
    row.name,
    shown(row.median),
    `${shown(row.min)} … ${shown(row.max)}`,
    row.unit,
    row.budget === null ? '–' : `≤ ${shown(row.budget)}`,
    row.budget === null ? '' : row.median <= row.budget ? 'met' : 'over',
  ]);
  const widths = heads.map((head, at) =>
    lines.reduce((width, line) => Math.max(width, line[at]!.length), head.length),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) =>
        TEXT_COLUMNS.has(at) ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!),
      )
      .join('  ')
      .trimEnd();
  const notes = report.rows.filter((row) => row.note !== '').map((row) => `${row.id}: ${row.note}`);
  const skipped = report.skipped.map(({ id, text }) => `${id}: skipped: ${text}`);
  const [before, after] = report.load;
  const machine = `${report.machine}; Node ${report.node}; ${report.date}`;
  const load = `load ${before.toFixed(1)} before, ${after.toFixed(1)} after`;
  const { calibration } = report;
  const pace =
    calibration === null
      ? ''
      : `; calibration ${shown(calibration.median)} ns, least ${shown(calibration.min)}`;
  return [
    `${machine}; ${load}${pace}`,
    '',
    line(heads),
    ...lines.map(line),
    '',
    ...notes,
    ...skipped,
    report.note,
    '',
  ].join('\n');
}

function shown(value: number): string {
  if (value >= 1e4) return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
  return String(Number(value.toPrecision(DIGITS)));
}
