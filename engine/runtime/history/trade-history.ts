/**
 * trade-history: the last trades of each instrument, by their number in the whole tape.
 *
 * A quiet instrument keeps its trades beside a busy one. Asked for all instruments together, it
 * goes back only as far as every one of them is whole.
 *
 * Writer    host thread. Units ticks, lots, engine ns.
 * Imports   contract, ./record-store.
 */
import { FrameTrade, TRADE_DOUBLES } from '../../contract/frames.ts';
import { HISTORY_KEPT } from '../../contract/history.ts';
import type { TradeRow } from '../../contract/history.ts';
import { RecordStore } from './record-store.ts';
import type { Page } from './record-store.ts';

/** A kept trade: a header to skip, its number, then the fields of a frame's trade. */
const SEQUENCE = 1;
const FIELDS = 2;
const WIDTH = FIELDS + TRADE_DOUBLES;

export class TradeHistory {
  readonly #stores: readonly RecordStore[];
  readonly #anchorWallMs: number;
  readonly #scratch = new Float64Array(WIDTH);

  constructor(instruments: number, anchorWallMs: number) {
    this.#anchorWallMs = anchorWallMs;
    this.#stores = Array.from(
      { length: instruments },
      () => new RecordStore(HISTORY_KEPT.trades, WIDTH),
    );
  }

  /** Fields of FrameTrade from `at` on. */
  append(sequence: number, rows: Float64Array, at: number): void {
    const instrument = rows[at + FrameTrade.Instrument]!;
    this.#scratch[SEQUENCE] = sequence;
    for (let i = 0; i < TRADE_DOUBLES; i++) this.#scratch[FIELDS + i] = rows[at + i]!;
    this.#stores[instrument]?.append(sequence, instrument, this.#scratch, 0);
  }

  /** Trades that the bounds have pushed out: of one instrument, or before what is whole of all. */
  dropped(instrument: number): number {
    return instrument >= 0 ? (this.#stores[instrument]?.dropped ?? 0) : this.#wholeFrom();
  }

  page(before: number | null, limit: number, instrument: number): Page<TradeRow> {
    const decode = this.#decode;
    const one = this.#stores[instrument];
    if (one !== undefined) return one.page(before, limit, -1, decode);
    const pages = this.#stores.map((store) => store.page(before, limit, -1, decode));
    const floor = this.#wholeFrom();
    const all = pages
      .flatMap(({ rows }) => rows)
      .filter(({ sequence }) => sequence > floor)
      .toSorted((a, b) => a.sequence - b.sequence);
    const rows = all.slice(-limit);
    const first = rows[0]?.sequence ?? 0;
    const isCut = all.length > rows.length || pages.some((page) => page.more);
    return { rows, more: isCut && first > floor + 1 };
  }

  /** Number of the newest trade that some instrument no longer has. */
  #wholeFrom(): number {
    return Math.max(0, ...this.#stores.map(({ droppedThrough }) => droppedThrough));
  }

  readonly #decode = (instrument: number, doubles: Float64Array, base: number): TradeRow => ({
    sequence: doubles[base + SEQUENCE]!,
    instrument,
    ticks: doubles[base + FIELDS + FrameTrade.Ticks]!,
    lots: doubles[base + FIELDS + FrameTrade.Lots]!,
    side: doubles[base + FIELDS + FrameTrade.Side]!,
    atMs: this.#anchorWallMs + doubles[base + FIELDS + FrameTrade.TimeNs]! / 1e6,
  });
}
