/**
 * imbalance-history: the last sixty seconds of each instrument's five-level imbalance.
 *
 * Each sample is the mean of what the frames of a quarter of a second said, over the five levels.
 * Samples with no valid book are NaN and are drawn as nothing.
 *
 * Writer    live/live-market. Reader: the imbalance painter.
 * Units     (bid − ask) / (bid + ask), in [−1, 1]; time in engine ns.
 *
 * Imports   contract/frames, domain/market.
 */
import { FrameInstrument } from '../../engine/contract/frames.ts';
import { LEVELS } from '../../engine/domain/market.ts';
import { INSTRUMENTS_MAX } from './frame-memory.ts';
import type { BookView } from './book-view.ts';

export const HISTORY_SAMPLES = 240;
export const SAMPLE_NS = 250_000_000;

export class ImbalanceHistory {
  readonly #samples = new Float32Array(INSTRUMENTS_MAX * HISTORY_SAMPLES).fill(Number.NaN);
  readonly #sum = new Float64Array(INSTRUMENTS_MAX);
  readonly #count = new Int32Array(INSTRUMENTS_MAX);
  #dueNs = 0;
  /** Samples taken so far; the newest is at (taken − 1) modulo HISTORY_SAMPLES. */
  taken = 0;

  clear(): void {
    this.#samples.fill(Number.NaN);
    this.#sum.fill(0);
    this.#count.fill(0);
    this.#dueNs = 0;
    this.taken = 0;
  }

  /** Takes a frame in. */
  update(book: BookView): void {
    const instruments = book.instrumentCount;
    for (let i = 0; i < instruments; i++) {
      if (!book.isValid(i)) continue;
      this.#sum[i] = (this.#sum[i] ?? 0) + meanImbalance(book, i);
      this.#count[i] = (this.#count[i] ?? 0) + 1;
    }
    if (book.nowNs < this.#dueNs) return;
    // After a pause the strip goes on from now; it does not pretend to know what it did not see.
    const next = this.#dueNs + SAMPLE_NS;
    this.#dueNs = next > book.nowNs ? next : book.nowNs + SAMPLE_NS;
    this.#takeSample(instruments);
  }

  #takeSample(instruments: number): void {
    const column = this.taken % HISTORY_SAMPLES;
    for (let i = 0; i < instruments; i++) {
      const count = this.#count[i] ?? 0;
      const value = count === 0 ? Number.NaN : (this.#sum[i] ?? 0) / count;
      this.#samples[i * HISTORY_SAMPLES + column] = value;
      this.#sum[i] = 0;
      this.#count[i] = 0;
    }
    this.taken += 1;
  }

  /** The sample `age` samples ago (0 is the newest); NaN when there is none. */
  at(instrument: number, age: number): number {
    if (age >= this.taken || age >= HISTORY_SAMPLES) return Number.NaN;
    const column = (this.taken - 1 - age) % HISTORY_SAMPLES;
    return this.#samples[instrument * HISTORY_SAMPLES + column] ?? Number.NaN;
  }
}

export function meanImbalance(book: BookView, instrument: number): number {
  let sum = 0;
  for (let level = 0; level < LEVELS; level++) {
    sum += book.field(instrument, FrameInstrument.Imbalance0 + level);
  }
  return sum / LEVELS;
}
