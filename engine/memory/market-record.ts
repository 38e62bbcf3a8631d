/**
 * market-record: one change of a market, 32 bytes, and the batch that a message is decoded into.
 *
 * Words     0: kind | flags << 8 | instrument << 16;  1: price in ticks (int32)
 * Doubles   1: size in lots;  2: id;  3: venue time, epoch ms      (double 0 overlaps words 0 and
 *           1)
 *
 *   kind          price      size              id              time    flags
 *   BidLevel      ticks      lots, 0 removes   –               –       –
 *   AskLevel      ticks      lots, 0 removes   –               –       –
 *   BuyTrade      ticks      lots              trade id        T       –       (aggressor bought)
 *   SellTrade     ticks      lots              trade id        T       –       (aggressor sold)
 *   TouchBid      ticks      lots              update id u     E       –
 *   TouchAsk      ticks      lots              update id u     E       –
 *   BookClear     –          –                 lastUpdateId    –       – (snapshot follows)
 *   Status        –          –                 –               –       BookState
 *   Mark          ticks      –                 –               E       –
 *   EndOfMessage  –          records before it u or last id    E       MessageClass
 *
 * A message of one instrument is a run of records closed by EndOfMessage; a snapshot is BookClear,
 * levels (in as many batches as it takes) and EndOfMessage with class Snapshot. Sequence rules (U,
 * u, pu) are enforced before records are made: whatever is in a batch may be applied.
 *
 * Journal and rings use the same 32-byte slot; their further kinds start at 16 (slots.ts).
 * Hot path: plain typed arrays, little endian as the machine (x64, arm64).
 * Imports   base.
 */
import { assert } from '../base/assert.ts';

export const RECORD_BYTES = 32;
export const RECORD_WORDS = 8;
export const RECORD_DOUBLES = 4;

export const RecordKind = {
  BidLevel: 1,
  AskLevel: 2,
  BuyTrade: 3,
  SellTrade: 4,
  TouchBid: 5,
  TouchAsk: 6,
  BookClear: 7,
  Status: 8,
  Mark: 9,
  EndOfMessage: 10,
} as const;
export type RecordKind = (typeof RecordKind)[keyof typeof RecordKind];

export const MessageClass = {
  Depth: 1,
  Trade: 2,
  Touch: 3,
  Snapshot: 4,
  Status: 5,
  Mark: 6,
} as const;
export type MessageClass = (typeof MessageClass)[keyof typeof MessageClass];

/** Why a Status record says Resyncing: in its price word. */
export const StatusReason = { None: 0, Gap: 1 } as const;

export const BATCH_RECORDS = 4096;

/** A preallocated run of records. `count` rows are valid. */
export class MarketBatch {
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  readonly capacity: number;
  count = 0;

  constructor(capacity = BATCH_RECORDS) {
    assert(capacity > 0, 'a batch holds at least one record');
    const buffer = new ArrayBuffer(capacity * RECORD_BYTES);
    this.words = new Int32Array(buffer);
    this.doubles = new Float64Array(buffer);
    this.capacity = capacity;
  }

  clear(): void {
    this.count = 0;
  }

  /** Row index of a fresh record with kind, flags, instrument and price set; −1 when full. */
  claim(kind: number, flags: number, instrument: number, priceTicks: number): number {
    const row = this.count;
    if (row >= this.capacity) return -1;
    this.count = row + 1;
    const word = row * RECORD_WORDS;
    this.words[word] = kind | (flags << 8) | (instrument << 16);
    this.words[word + 1] = priceTicks;
    const double = row * RECORD_DOUBLES;
    this.doubles[double + 1] = 0;
    this.doubles[double + 2] = 0;
    this.doubles[double + 3] = 0;
    return row;
  }
}

export function kindOf(header: number): number {
  return header & 0xff;
}

export function flagsOf(header: number): number {
  return (header >>> 8) & 0xff;
}

export function instrumentOf(header: number): number {
  return header >>> 16;
}
