/**
 * trade-log: the last trades of all instruments in the order in which they happened, each with its
 * number in the session's tape.
 *
 * Live trades come with the frames; what a window missed comes later from history and is put in its
 * place. `told` says which numbers are known, so that a hole can be shown as one.
 *
 * Writer    live/live-market (frames), link/history-sync (history). Readers: the tape panel.
 * Units     ticks, lots; epoch ms as a double; side +1 bought, −1 sold (aggressor).
 * Imports   contract, ./told-ranges.
 */
import type { TradeRow } from '../../engine/contract/history.ts';
import { ToldRanges } from './told-ranges.ts';

export const TRADES_KEPT = 4096;
const MASK = TRADES_KEPT - 1;

export class TradeLog {
  readonly told = new ToldRanges();
  readonly #sequences = new Float64Array(TRADES_KEPT);
  readonly #instruments = new Int32Array(TRADES_KEPT);
  readonly #ticks = new Float64Array(TRADES_KEPT);
  readonly #lots = new Float64Array(TRADES_KEPT);
  readonly #sides = new Int8Array(TRADES_KEPT);
  readonly #times = new Float64Array(TRADES_KEPT);
  /** Rows ever written in order; a row's place is its number here, masked. */
  #written = 0;
  version = 0;
  /** Moves when rows were put in between or taken away: not only added at the end. */
  rebuilds = 0;

  get count(): number {
    return Math.min(this.#written, TRADES_KEPT);
  }

  get last(): number {
    return this.#written === 0 ? 0 : this.#sequences[(this.#written - 1) & MASK]!;
  }

  clear(): void {
    this.told.clear();
    this.#written = 0;
    this.version += 1;
    this.rebuilds += 1;
  }

  /** One live trade. */
  add(
    sequence: number,
    instrument: number,
    ticks: number,
    lots: number,
    side: number,
    atMs: number,
  ): void {
    if (sequence <= this.last) this.insert([{ sequence, instrument, ticks, lots, side, atMs }]);
    else {
      this.#push(sequence, instrument, ticks, lots, side, atMs);
      this.told.add(sequence, sequence + 1);
      this.version += 1;
    }
  }

  /** Rows of history, ascending: those that are new are put where they belong. */
  insert(rows: readonly TradeRow[]): void {
    const known: TradeRow[] = [];
    for (let k = 0; k < this.count; k++) known.push(this.row(k));
    const numbers = new Set(known.map(({ sequence }) => sequence));
    const fresh = rows.filter(({ sequence }) => !numbers.has(sequence));
    for (const { sequence } of fresh) this.told.add(sequence, sequence + 1);
    if (fresh.length === 0) return;
    this.#written = 0;
    const all = [...known, ...fresh].toSorted((a, b) => a.sequence - b.sequence);
    for (const row of all.slice(-TRADES_KEPT)) {
      this.#push(row.sequence, row.instrument, row.ticks, row.lots, row.side, row.atMs);
    }
    this.version += 1;
    this.rebuilds += 1;
  }

  #push(
    sequence: number,
    instrument: number,
    ticks: number,
    lots: number,
    side: number,
    atMs: number,
  ): void {
    const at = this.#written & MASK;
    this.#sequences[at] = sequence;
    this.#instruments[at] = instrument;
    this.#ticks[at] = ticks;
    this.#lots[at] = lots;
    this.#sides[at] = side;
    this.#times[at] = atMs;
    this.#written += 1;
  }

  /** Fields of the k-th oldest row that is kept. */
  sequence(k: number): number {
    return this.#sequences[this.#at(k)]!;
  }

  instrument(k: number): number {
    return this.#instruments[this.#at(k)]!;
  }

  ticks(k: number): number {
    return this.#ticks[this.#at(k)]!;
  }

  lots(k: number): number {
    return this.#lots[this.#at(k)]!;
  }

  side(k: number): number {
    return this.#sides[this.#at(k)]!;
  }

  atMs(k: number): number {
    return this.#times[this.#at(k)]!;
  }

  row(k: number): TradeRow {
    return {
      sequence: this.sequence(k),
      instrument: this.instrument(k),
      ticks: this.ticks(k),
      lots: this.lots(k),
      side: this.side(k),
      atMs: this.atMs(k),
    };
  }

  #at(k: number): number {
    return (this.#written - this.count + k) & MASK;
  }
}
