/**
 * day-pnl: realised result and fees since 00:00 UTC, kept over a restart, so that a daily loss
 * limit cannot be had anew by starting again.
 *
 * Units     money in 10^-8 quote units. A day is the UTC date of the wall clock.
 * Errors    EngineError 'journal/corrupt' when the file is there and cannot be understood: a lost
 *           loss is worse than a refused start.
 * Imports   base, ./atomic-file.
 */
import path from 'node:path';
import { EngineError } from '../base/errors.ts';
import { readFileIfAny, writeFileAtomic } from './atomic-file.ts';
import { nodeFs, type JournalFs } from './journal-fs.ts';

export interface DayPnl {
  /** "2026-11-22" */
  readonly day: string;
  readonly realisedE8: number;
  readonly feesE8: number;
  readonly fills: number;
}

const VERSION = 1;

export function utcDay(wallMs: number): string {
  return new Date(wallMs).toISOString().slice(0, 10);
}

export class DayPnlFile {
  readonly file: string;
  readonly #disk: JournalFs;

  constructor(folder: string, disk: JournalFs = nodeFs) {
    this.file = path.join(folder, 'day-pnl.json');
    this.#disk = disk;
  }

  /** What was earned and paid today so far; zeros on a new day. */
  load(nowWallMs: number): DayPnl {
    const today = utcDay(nowWallMs);
    const empty = { day: today, realisedE8: 0, feesE8: 0, fills: 0 };
    const text = readFileIfAny(this.file);
    if (text === null) return empty;
    const saved = parse(text);
    if (saved === null) {
      throw new EngineError(
        'journal/corrupt',
        `${this.file}: today's result cannot be read; correct it, or remove it to begin at 0`,
        { file: this.file },
      );
    }
    return saved.day === today ? saved : empty;
  }

  save(pnl: DayPnl): void {
    const text = `${JSON.stringify({ version: VERSION, ...pnl })}\n`;
    writeFileAtomic(this.file, text, this.#disk);
  }
}

function parse(text: string): DayPnl | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { version, day, realisedE8, feesE8, fills } = value as Record<string, unknown>;
  if (version !== VERSION || typeof day !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(day)) return null;
  if (!Number.isSafeInteger(realisedE8) || !Number.isSafeInteger(feesE8)) return null;
  if (!Number.isSafeInteger(fills)) return null;
  return { day, realisedE8: Number(realisedE8), feesE8: Number(feesE8), fills: Number(fills) };
}
