/**
 * import-capture: a foreign capture becomes a tape.
 *
 * Two passes: the survey finds venue, instruments and increments; then every frame goes through a
 * FeedSession exactly as live, the capture's REST snapshots included, and what the session hands on
 * is written turn by turn under the capture's receive times.
 *
 * Errors    EngineError, with the line; nothing is left behind.
 * Imports   base, domain, memory, feeds, tape.
 */
import { basename, resolve } from 'node:path';
import { EngineError } from '../base/errors.ts';
import { Instrument } from '../domain/instrument.ts';
import type { InstrumentSpec, Venue } from '../domain/instrument.ts';
import { BOOK_STATE_NAMES } from '../domain/modes.ts';
import type { BookStateName } from '../domain/modes.ts';
import { Side } from '../domain/units.ts';
import { FEED_COUNTER_NAMES, FeedCounter } from '../feeds/feed-counters.ts';
import { FeedRoute } from '../feeds/feed-route.ts';
import { FeedSession } from '../feeds/feed-session.ts';
import { parseDepthSnapshot } from '../feeds/market-metadata.ts';
import { TurnKind } from '../memory/slots.ts';
import { readBinanceNdts } from './importers/binance-ndts.ts';
import { readCaptureJsonl } from './importers/capture-jsonl.ts';
import { CapturePosition } from './importers/capture.ts';
import type { CaptureReader, CaptureVisitor } from './importers/capture.ts';
import { surveyCapture } from './importers/survey.ts';
import type { Survey } from './importers/survey.ts';
import { TAPE_VERSION } from './tape-format.ts';
import type { IncrementSource } from './tape-format.ts';
import { TapeWriter } from './tape-writer.ts';

/** Readers by the name of their format. */
export const CAPTURE_READERS: Readonly<Record<string, CaptureReader>> = {
  'binance-ndts': readBinanceNdts,
  'capture-jsonl': readCaptureJsonl,
};

export interface ImportReport {
  readonly tape: string;
  readonly venue: Venue;
  readonly symbols: readonly string[];
  readonly increments: Readonly<Record<string, ImportedIncrement>>;
  readonly lines: number;
  readonly seconds: number;
  readonly turns: number;
  readonly records: number;
  readonly books: Readonly<Record<string, BookStateName>>;
  readonly counters: Readonly<Record<string, number>>;
}

export interface ImportedIncrement {
  readonly tickSize: string;
  readonly lotSize: string;
  readonly from: IncrementSource;
}

export interface ImportOptions {
  readonly from: string;
  readonly path: string;
  readonly out: string;
  /** Part of the work done, 0 to 1. */
  readonly onProgress?: (part: number) => void;
  /** Aborting ends the import with the signal's reason; no tape is left. */
  readonly signal?: AbortSignal;
}

/** Diffs kept until a snapshot comes: captures may begin long before it. */
const KEPT_RECORDS = 1 << 20;
/** The survey parses every frame with JSON.parse, so it is most of the work. */
const SURVEY_PART = 0.7;

export async function importCapture(options: ImportOptions): Promise<ImportReport> {
  const { from, path, out, onProgress, signal } = options;
  const read = CAPTURE_READERS[from];
  if (read === undefined) {
    const known = Object.keys(CAPTURE_READERS).join(', ');
    throw new EngineError('usage/invalid', `there is no format "${from}"; there are ${known}`);
  }
  if (resolve(path) === resolve(out)) {
    throw new EngineError('usage/invalid', `${out}: the tape must not replace the capture`);
  }
  const showSurvey = (part: number): void => onProgress?.(part * SURVEY_PART);
  const survey = await surveyCapture(path, read, showSurvey, signal);
  const writer = new TapeWriter(out, {
    version: TAPE_VERSION,
    venue: survey.venue,
    instruments: survey.instruments,
    increments: survey.increments,
    anchorWallMs: survey.anchorWallMs,
    source: basename(path),
  });
  try {
    const position = new CapturePosition(path, signal);
    const recorder = new CaptureRecorder(survey, position, writer);
    await read(position, recorder, (part) => onProgress?.(SURVEY_PART + part * (1 - SURVEY_PART)));
    writer.finish();
    return recorder.report();
  } catch (error) {
    writer.abort();
    throw error;
  }
}

/** The second pass. */
class CaptureRecorder implements CaptureVisitor {
  readonly #survey: Survey;
  readonly #position: CapturePosition;
  readonly #writer: TapeWriter;
  readonly #instruments: readonly Instrument[];
  readonly #session: FeedSession;

  constructor(survey: Survey, position: CapturePosition, writer: TapeWriter) {
    this.#survey = survey;
    this.#position = position;
    this.#writer = writer;
    this.#instruments = survey.instruments.map((spec, index) => new Instrument(index, spec));
    this.#session = new FeedSession({
      venue: survey.venue,
      instruments: this.#instruments,
      keptRecords: KEPT_RECORDS,
      requestSnapshot: () => {
        // The capture answers by itself, where its client had asked.
      },
    });
    if (this.#session.connectionUp(FeedRoute.Book) > 0) this.#write(TurnKind.Message);
  }

  frame(bytes: Buffer, start: number, end: number): void {
    const session = this.#session;
    const rows = session.receive(bytes, start, end);
    if (session.counters[FeedCounter.Malformed]! > 0) {
      const excerpt = bytes.toString('utf8', start, Math.min(end, start + 120));
      throw this.#position.error('input/malformed', `a message does not decode: ${excerpt}`);
    }
    if (rows > 0) this.#write(TurnKind.Message);
  }

  snapshot(symbol: string | null, text: string): void {
    const session = this.#session;
    const instrument = this.#instruments.find((one) => symbol === null || one.symbol === symbol);
    if (instrument === undefined) return;
    const { lastUpdateId, bids, asks } = this.#parsed(text, instrument);
    session.offerSnapshotBegin(instrument.index, lastUpdateId);
    for (const [ticks, lots] of bids) session.offerSnapshotLevel(Side.Buy, ticks, lots);
    for (const [ticks, lots] of asks) session.offerSnapshotLevel(Side.Sell, ticks, lots);
    session.offerSnapshotEnd();
    while (session.nextBatch() > 0) this.#write(TurnKind.Snapshot);
  }

  exchangeInfo(): void {
    // The survey has taken what it says.
  }

  venue(): void {
    // As above.
  }

  report(): ImportReport {
    const counters = FEED_COUNTER_NAMES.map((name, i) => [name, this.#session.counters[i]!]);
    const states = this.#instruments.map((one) => {
      return [one.symbol, BOOK_STATE_NAMES[this.#session.bookState(one.index)]];
    });
    return {
      tape: this.#writer.path,
      venue: this.#survey.venue,
      symbols: this.#instruments.map((one) => one.symbol),
      increments: this.#increments(),
      lines: this.#survey.lines,
      seconds: this.#position.clock[0]! / 1e9,
      turns: this.#writer.turnCount,
      records: this.#writer.recordCount,
      books: Object.fromEntries(states) as Record<string, BookStateName>,
      counters: Object.fromEntries(counters) as Record<string, number>,
    };
  }

  #increments(): Record<string, ImportedIncrement> {
    const from = this.#survey.increments;
    const entry = ({ symbol, tickSize, lotSize }: InstrumentSpec) => {
      return [symbol, { tickSize, lotSize, from: from[symbol] ?? 'inferred' }] as const;
    };
    return Object.fromEntries(this.#survey.instruments.map(entry));
  }

  #parsed(text: string, instrument: Instrument): ReturnType<typeof parseDepthSnapshot> {
    try {
      return parseDepthSnapshot(text, instrument);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      throw this.#position.error('input/malformed', error.message);
    }
  }

  #write(turnKind: number): void {
    this.#writer.writeTurn(turnKind, this.#position.clock, this.#session.batch);
  }
}
