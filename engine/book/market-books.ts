/**
 * market-books: the markets of all instruments of a trading thread, fed from batches of records.
 *
 * Writer    the pipeline. Readers: everything on the trading thread.
 * Units     ticks, lots, engine ns.
 * Hot path: applyMessage. No allocation.
 * Imports   base, domain, memory/market-record, book/market-state.
 */
import { assert } from '../base/assert.ts';
import type { Instrument } from '../domain/instrument.ts';
import { RECORD_WORDS, RecordKind } from '../memory/market-record.ts';
import type { MarketBatch } from '../memory/market-record.ts';
import { LocalBook, WINDOW_TICKS } from './local-book.ts';
import { MarketState } from './market-state.ts';

/** With more instruments than this, books take half the window to stay in the cache. */
const WIDE_WINDOWS_MAX = 16;

export class MarketBooks {
  readonly states: readonly MarketState[];
  /** Instrument of the records applied last. */
  lastInstrument = 0;
  /** MessageClass of the message that ended last; 0 when the batch ended before the message did. */
  lastClass = 0;
  /** Records that named no instrument of ours; they are skipped. */
  strayCount = 0;

  constructor(instruments: readonly Instrument[]) {
    const window = instruments.length > WIDE_WINDOWS_MAX ? WINDOW_TICKS / 2 : WINDOW_TICKS;
    this.states = instruments.map((instrument, index) => {
      assert(instrument.index === index, 'instruments are numbered from 0 in order');
      return new MarketState(new LocalBook(window));
    });
  }

  /**
   * Applies the records from row `from` to the end of one message; clock[0] is the turn's time.
   * Returns the row after its EndOfMessage, or batch.count when the batch ends first.
   */
  applyMessage(batch: MarketBatch, from: number, clock: Float64Array): number {
    const words = batch.words;
    const doubles = batch.doubles;
    const count = batch.count;
    const states = this.states;
    this.lastClass = 0;
    for (let row = from; row < count; row++) {
      const header = words[row * RECORD_WORDS]!;
      const kind = header & 0xff;
      const flags = (header >>> 8) & 0xff;
      const instrument = header >>> 16;
      if (instrument >= states.length) {
        this.strayCount++;
        continue;
      }
      this.lastInstrument = instrument;
      const state = states[instrument]!;
      if (kind !== RecordKind.EndOfMessage) {
        state.apply(kind, flags, words, doubles, row);
        continue;
      }
      state.end(flags, doubles, row, clock);
      this.lastClass = flags;
      return row + 1;
    }
    return count;
  }
}
