/**
 * diff-pool: depth messages kept, as records, until a snapshot joins them. One pool for all books.
 *
 * Messages lie in order of arrival; dropping a book's messages marks them, and room is made by
 * moving the others together when the pool is full. Bounded: what does not fit is refused.
 *
 * Writer    FeedSession.
 * Invariant a message is kept whole, EndOfMessage included, or not at all.
 * Imports   base, memory/market-record, feeds/decode-result.
 */
import { assert } from '../base/assert.ts';
import { RECORD_DOUBLES, RECORD_WORDS } from '../memory/market-record.ts';
import type { MarketBatch } from '../memory/market-record.ts';
import { HEADER_SIZE } from './decode-result.ts';

/** About 5 s of 8 busy instruments; 1 MB that is touched only while books are out of sync. */
export const POOL_RECORDS = 32_768;

/** Messages that fit whatever the number of records: one for every eight records, at least this. */
const MESSAGES_MIN = 64;
const DROPPED = -1;

export class DiffPool {
  /** Messages in the pool, dropped ones included; valid indices are below it. */
  messageCount = 0;
  /** Goes up when messages moved, so that indices taken before no longer hold. */
  moveCount = 0;
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  readonly #recordsMax: number;
  readonly #messagesMax: number;
  readonly #instruments: Int32Array;
  readonly #rows: Int32Array;
  readonly #rowCounts: Int32Array;
  readonly #headers: Float64Array;
  #recordCount = 0;

  constructor(recordsMax: number = POOL_RECORDS) {
    assert(recordsMax > 0, 'the pool holds at least one record');
    const buffer = new ArrayBuffer(recordsMax * RECORD_WORDS * 4);
    this.#words = new Int32Array(buffer);
    this.#doubles = new Float64Array(buffer);
    this.#recordsMax = recordsMax;
    const messagesMax = Math.max(MESSAGES_MIN, recordsMax >>> 3);
    this.#messagesMax = messagesMax;
    this.#instruments = new Int32Array(messagesMax);
    this.#rows = new Int32Array(messagesMax);
    this.#rowCounts = new Int32Array(messagesMax);
    this.#headers = new Float64Array(messagesMax * HEADER_SIZE);
  }

  /** Keeps the batch's only message; false when there is no room for it. */
  keep(instrument: number, batch: MarketBatch, header: Float64Array): boolean {
    const rows = batch.count;
    if (!this.#hasRoom(rows)) {
      this.#compact();
      if (!this.#hasRoom(rows)) return false;
    }
    const index = this.messageCount++;
    const from = this.#recordCount;
    this.#instruments[index] = instrument;
    this.#rows[index] = from;
    this.#rowCounts[index] = rows;
    this.#words.set(batch.words.subarray(0, rows * RECORD_WORDS), from * RECORD_WORDS);
    for (let i = 0; i < HEADER_SIZE; i++) this.#headers[index * HEADER_SIZE + i] = header[i]!;
    this.#recordCount = from + rows;
    return true;
  }

  /** The first message of `instrument` at or after `index`; −1 when there is none. */
  next(instrument: number, index: number): number {
    for (let i = index; i < this.messageCount; i++) {
      if (this.#instruments[i] === instrument) return i;
    }
    return -1;
  }

  rowsOf(index: number): number {
    return this.#rowCounts[index]!;
  }

  copyHeader(index: number, header: Float64Array): void {
    for (let i = 0; i < HEADER_SIZE; i++) header[i] = this.#headers[index * HEADER_SIZE + i]!;
  }

  /** Appends message `index` to the batch, which has room for it. */
  copyTo(batch: MarketBatch, index: number): void {
    const rows = this.#rowCounts[index]!;
    const from = this.#rows[index]! * RECORD_WORDS;
    assert(batch.count + rows <= batch.capacity, 'a kept message fits the batch');
    const words = this.#words.subarray(from, from + rows * RECORD_WORDS);
    batch.words.set(words, batch.count * RECORD_WORDS);
    batch.count += rows;
  }

  dropOne(index: number): void {
    this.#instruments[index] = DROPPED;
  }

  drop(instrument: number): void {
    let live = 0;
    for (let i = 0; i < this.messageCount; i++) {
      if (this.#instruments[i] === instrument) this.#instruments[i] = DROPPED;
      else if (this.#instruments[i] !== DROPPED) live++;
    }
    if (live === 0) this.clear();
  }

  clear(): void {
    this.messageCount = 0;
    this.#recordCount = 0;
  }

  #hasRoom(rows: number): boolean {
    return this.#recordCount + rows <= this.#recordsMax && this.messageCount < this.#messagesMax;
  }

  /** Moves live messages together. */
  #compact(): void {
    let to = 0;
    let row = 0;
    for (let i = 0; i < this.messageCount; i++) {
      if (this.#instruments[i] === DROPPED) continue;
      const rows = this.#rowCounts[i]!;
      const from = this.#rows[i]! * RECORD_DOUBLES;
      this.#doubles.copyWithin(row * RECORD_DOUBLES, from, from + rows * RECORD_DOUBLES);
      this.#headers.copyWithin(to * HEADER_SIZE, i * HEADER_SIZE, (i + 1) * HEADER_SIZE);
      this.#instruments[to] = this.#instruments[i]!;
      this.#rows[to] = row;
      this.#rowCounts[to] = rows;
      row += rows;
      to++;
    }
    this.messageCount = to;
    this.#recordCount = row;
    this.moveCount++;
  }
}
