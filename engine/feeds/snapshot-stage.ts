/**
 * snapshot-stage: the levels of one depth snapshot, collected before they are made into records.
 *
 * Writer    FeedSession, from levels that the host parsed. Grows to the largest snapshot ever seen.
 * Imports   domain/units, memory/market-record.
 */
import { Side } from '../domain/units.ts';
import { RECORD_DOUBLES, RecordKind } from '../memory/market-record.ts';
import type { MarketBatch } from '../memory/market-record.ts';

const LEVELS_AT_START = 2048;

export class SnapshotStage {
  count = 0;
  #ticks = new Int32Array(LEVELS_AT_START);
  #lots = new Float64Array(LEVELS_AT_START);
  #kinds = new Uint8Array(LEVELS_AT_START);

  clear(): void {
    this.count = 0;
  }

  add(side: number, ticks: number, lots: number): void {
    if (this.count === this.#ticks.length) this.#grow();
    const index = this.count++;
    this.#kinds[index] = side === Side.Buy ? RecordKind.BidLevel : RecordKind.AskLevel;
    this.#ticks[index] = ticks;
    this.#lots[index] = lots;
  }

  /** Adds levels from `from` on to the batch while `spare` rows stay free; the next level. */
  copyTo(batch: MarketBatch, instrument: number, from: number, spare: number): number {
    let index = from;
    while (index < this.count && batch.count + spare < batch.capacity) {
      const row = batch.claim(this.#kinds[index]!, 0, instrument, this.#ticks[index]!);
      batch.doubles[row * RECORD_DOUBLES + 1] = this.#lots[index]!;
      index++;
    }
    return index;
  }

  #grow(): void {
    const length = this.#ticks.length * 2;
    const ticks = new Int32Array(length);
    const lots = new Float64Array(length);
    const kinds = new Uint8Array(length);
    ticks.set(this.#ticks);
    lots.set(this.#lots);
    kinds.set(this.#kinds);
    this.#ticks = ticks;
    this.#lots = lots;
    this.#kinds = kinds;
  }
}
