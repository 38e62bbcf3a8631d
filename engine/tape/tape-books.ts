/**
 * tape-books: the books after a tape, and what was found while they were rebuilt.
 *
 * Every time depth book and bookTicker stand at the same update id, their best bid and offer are
 * compared, prices and sizes: an independent check of decoder, sequence rule and book.
 *
 * Imports   base, domain, memory, book, tape.
 */
import { BookState } from '../domain/modes.ts';
import { NO_PRICE } from '../domain/units.ts';
import { MarketBooks } from '../book/market-books.ts';
import type { LocalBook } from '../book/local-book.ts';
import { MessageClass, RECORD_DOUBLES, RECORD_WORDS } from '../memory/market-record.ts';
import { RecordKind, flagsOf, kindOf } from '../memory/market-record.ts';
import type { MarketBatch } from '../memory/market-record.ts';
import type { TapeReader } from './tape-reader.ts';

/** What was counted of one instrument. */
export interface BookCounts {
  /** Depth messages applied after a snapshot. */
  updates: number;
  trades: number;
  touches: number;
  snapshots: number;
  /** Holes found in the sequence while the book was in sync. */
  gaps: number;
  /** Comparisons of the rebuilt touch with bookTicker at the same update id. */
  bboChecked: number;
  bboEqual: number;
  lastUpdateId: number;
}

/** A bookTicker that waits for the depth message of its id. */
interface Touch {
  readonly id: number;
  readonly bidTicks: number;
  readonly bidLots: number;
  readonly askTicks: number;
  readonly askLots: number;
}

export class TapeBooks {
  readonly books: MarketBooks;
  readonly counts: readonly BookCounts[];
  readonly #reader: TapeReader;
  /** Touches newer than the depth book. */
  readonly #touches: Touch[][];
  /** Whether the book stands at a diff; a snapshot is its own witness and not compared. */
  readonly #isAtDiff: boolean[] = [];

  constructor(reader: TapeReader) {
    this.#reader = reader;
    this.books = new MarketBooks(reader.instruments);
    this.counts = reader.instruments.map(() => ({
      updates: 0,
      trades: 0,
      touches: 0,
      snapshots: 0,
      gaps: 0,
      bboChecked: 0,
      bboEqual: 0,
      lastUpdateId: 0,
    }));
    this.#touches = reader.instruments.map(() => []);
  }

  /** Runs the tape to its end. */
  run(onProgress?: (part: number) => void): void {
    const reader = this.#reader;
    while (reader.next()) {
      this.#turn();
      if ((reader.turnCount & 0xfff) === 0) onProgress?.(reader.progress);
    }
  }

  crossedOf(instrument: number): number {
    return this.books.states[instrument]!.crossedCount;
  }

  #turn(): void {
    const { batch, clock } = this.#reader;
    let row = 0;
    while (row < batch.count) {
      const next = this.books.applyMessage(batch, row, clock);
      this.#note(batch, row, next - 1);
      row = next;
    }
  }

  /** Counts a message whose records are [first, end]. */
  #note(batch: MarketBatch, first: number, end: number): void {
    const instrument = this.books.lastInstrument;
    const counts = this.counts[instrument]!;
    const id = batch.doubles[end * RECORD_DOUBLES + 2]!;
    switch (this.books.lastClass) {
      case MessageClass.Depth:
        counts.updates++;
        this.#isAtDiff[instrument] = true;
        counts.lastUpdateId = id;
        this.#checkAgainstKept(instrument, id);
        return;
      case MessageClass.Snapshot:
        counts.snapshots++;
        counts.lastUpdateId = id;
        this.#isAtDiff[instrument] = false;
        return;
      case MessageClass.Trade:
        counts.trades++;
        return;
      case MessageClass.Touch:
        counts.touches++;
        this.#noteTouch(instrument, touchAt(batch, first));
        return;
      case MessageClass.Status:
        this.#noteStatus(counts, batch.words[first * RECORD_WORDS]!);
        return;
      default:
    }
  }

  #noteStatus(counts: BookCounts, header: number): void {
    if (kindOf(header) === RecordKind.Status && flagsOf(header) === BookState.Resyncing) {
      counts.gaps++;
    }
  }

  #noteTouch(instrument: number, touch: Touch): void {
    const counts = this.counts[instrument]!;
    if (touch.id === counts.lastUpdateId && this.#isAtDiff[instrument] === true)
      this.#check(instrument, touch);
    else if (touch.id >= counts.lastUpdateId) this.#touches[instrument]!.push(touch);
  }

  /** Touches up to a depth message's id are done with; one at its very id is checked. */
  #checkAgainstKept(instrument: number, id: number): void {
    const kept = this.#touches[instrument]!;
    let done = 0;
    while (done < kept.length && kept[done]!.id <= id) {
      if (kept[done]!.id === id) this.#check(instrument, kept[done]!);
      done++;
    }
    if (done > 0) kept.splice(0, done);
  }

  #check(instrument: number, touch: Touch): void {
    const counts = this.counts[instrument]!;
    counts.bboChecked++;
    if (isSame(this.books.states[instrument]!.book, touch)) counts.bboEqual++;
  }
}

function touchAt(batch: MarketBatch, row: number): Touch {
  const { words, doubles } = batch;
  return {
    id: doubles[row * RECORD_DOUBLES + 2]!,
    bidTicks: words[row * RECORD_WORDS + 1]!,
    bidLots: doubles[row * RECORD_DOUBLES + 1]!,
    askTicks: words[(row + 1) * RECORD_WORDS + 1]!,
    askLots: doubles[(row + 1) * RECORD_DOUBLES + 1]!,
  };
}

function isSame(book: LocalBook, touch: Touch): boolean {
  const bid = book.bestBidTicks === NO_PRICE ? 0 : book.bestBidTicks;
  const ask = book.bestAskTicks === NO_PRICE ? 0 : book.bestAskTicks;
  return (
    bid === touch.bidTicks &&
    ask === touch.askTicks &&
    book.bidLotsAt(bid) === touch.bidLots &&
    book.askLotsAt(ask) === touch.askLots
  );
}
