/** A market from records: which touch counts, when it is valid, what a message leaves behind. */
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { MarketBooks } from '../../../../engine/book/market-books.ts';
import { Instrument } from '../../../../engine/domain/instrument.ts';
import { LEVELS, Market } from '../../../../engine/domain/market.ts';
import { BookState } from '../../../../engine/domain/modes.ts';
import {
  MarketBatch,
  MessageClass,
  RECORD_DOUBLES,
  RecordKind,
} from '../../../../engine/memory/market-record.ts';
import { specOf } from '../feeds/frame-model.ts';

const SPEC = specOf('ABCUSDT', '0.1', '0.001', 'binance-usdm');
type Level = readonly [ticks: number, lots: number];

let books: MarketBooks;
let batch: MarketBatch;
let nowNs: number;

beforeEach(() => {
  books = new MarketBooks([new Instrument(0, SPEC), new Instrument(1, SPEC)]);
  batch = new MarketBatch();
  nowNs = 0;
});

function put(kind: number, ticks: number, values: readonly number[] = [], flags = 0, of = 0): void {
  const row = batch.claim(kind, flags, of, ticks);
  batch.doubles.set(values, row * RECORD_DOUBLES + 1);
}

function end(messageClass: number, id = 0, ms = 0, of = 0): void {
  put(RecordKind.EndOfMessage, 0, [0, id, ms], messageClass, of);
}

function status(state: BookState, of = 0): void {
  put(RecordKind.Status, 0, [], state, of);
  end(MessageClass.Status, 0, 0, of);
}

function levels(bids: readonly Level[], asks: readonly Level[], of = 0): void {
  for (const [ticks, lots] of bids) put(RecordKind.BidLevel, ticks, [lots], 0, of);
  for (const [ticks, lots] of asks) put(RecordKind.AskLevel, ticks, [lots], 0, of);
}

function depth(id: number, bids: readonly Level[], asks: readonly Level[]): void {
  levels(bids, asks);
  end(MessageClass.Depth, id, 1000 + id);
}

function snapshot(id: number, bids: readonly Level[], asks: readonly Level[]): void {
  put(RecordKind.BookClear, 0, [0, id]);
  levels(bids, asks);
  end(MessageClass.Snapshot, id, 1000 + id);
}

function touch(id: number, bid: Level, ask: Level): void {
  put(RecordKind.TouchBid, bid[0], [bid[1], id, 1000 + id]);
  put(RecordKind.TouchAsk, ask[0], [ask[1], id, 1000 + id]);
  end(MessageClass.Touch, id, 1000 + id);
}

/** Applies the batch message by message, each at a time of its own. */
function apply(): void {
  const clock = new Float64Array(1);
  let row = 0;
  while (row < batch.count) {
    nowNs += 1000;
    clock[0] = nowNs;
    row = books.applyMessage(batch, row, clock);
  }
  batch.clear();
}

function field(name: keyof typeof Market, of = 0): number {
  return books.states[of]!.fields[Market[name]]!;
}

function touchNow(): readonly number[] {
  return [field('BidTicks'), field('BidLots'), field('AskTicks'), field('AskLots')];
}

function synced(): void {
  snapshot(
    10,
    [
      [100, 4],
      [99, 7],
    ],
    [
      [102, 6],
      [103, 1],
    ],
  );
  status(BookState.Synced);
  apply();
}

describe('market state', () => {
  it('is invalid from the beginning, and while a snapshot is not complete', () => {
    assert.equal(field('Valid'), 0);
    synced();
    assert.equal(field('Valid'), 1);
    put(RecordKind.BookClear, 0, [0, 20]);
    levels([[100, 4]], [[102, 6]]);
    apply();
    assert.equal(books.lastClass, 0, 'the batch ended before the message');
    assert.equal(field('Valid'), 0);
    put(RecordKind.BuyTrade, 102, [3, 1, 5]);
    end(MessageClass.Trade, 1, 5);
    touch(15, [100, 1], [102, 1]);
    apply();
    assert.equal(field('Valid'), 0, 'whatever comes between its parts');
    levels([[101, 1]], []);
    end(MessageClass.Snapshot, 20, 1020);
    apply();
    assert.equal(books.lastClass, MessageClass.Snapshot);
    assert.equal(field('Valid'), 1);
    assert.deepEqual(touchNow(), [101, 1, 102, 6]);
  });

  it('computes what follows from the touch', () => {
    synced();
    assert.deepEqual(touchNow(), [100, 4, 102, 6]);
    assert.equal(field('SpreadTicks'), 2);
    assert.equal(field('MidTicks'), 101);
    assert.equal(field('MicroTicks'), (100 * 6 + 102 * 4) / 10);
    assert.equal(field('DepthUpdateId'), 10);
    assert.equal(field('TouchUpdateId'), 10);
    assert.equal(field('VenueTimeMs'), 1010);
  });

  it('fills five levels a side from the depth book, 0 where there is none', () => {
    synced();
    const rows = Array.from(books.states[0]!.fields.slice(Market.BidTicks0, Market.BidTicks0 + 20));
    assert.deepEqual(rows, [
      ...[100, 99, 0, 0, 0],
      ...[4, 7, 0, 0, 0],
      ...[102, 103, 0, 0, 0],
      ...[6, 1, 0, 0, 0],
    ]);
    assert.equal(Market.AskLots0 - Market.BidTicks0, 3 * LEVELS);
  });

  const precedence: readonly (readonly [string, number, number, readonly number[]])[] = [
    ['a newer bookTicker', 15, 12, [101, 9, 104, 8]],
    ['a newer depth message', 12, 15, [100, 5, 102, 6]],
    ['the depth book at equal ids', 15, 15, [100, 5, 102, 6]],
  ];
  for (const [name, touchId, depthId, expected] of precedence) {
    it(`takes the touch of ${name}, in either order of arrival`, () => {
      for (const isTouchFirst of [true, false]) {
        books = new MarketBooks([new Instrument(0, SPEC), new Instrument(1, SPEC)]);
        synced();
        if (isTouchFirst) touch(touchId, [101, 9], [104, 8]);
        depth(depthId, [[100, 5]], []);
        if (!isTouchFirst) touch(touchId, [101, 9], [104, 8]);
        apply();
        assert.deepEqual(touchNow(), expected);
        assert.equal(field('TouchUpdateId'), Math.max(touchId, depthId));
        assert.equal(field('DepthUpdateId'), depthId);
        assert.equal(field('BidTicks0'), 100, 'level rows stay those of the depth book');
      }
    });
  }

  it('never lets a bookTicker change the depth book', () => {
    synced();
    touch(15, [105, 9], [106, 8]);
    apply();
    assert.equal(books.states[0]!.book.bestBidTicks, 100);
    assert.equal(field('TouchNs'), nowNs);
    assert.ok(field('DepthNs') < nowNs);
  });

  it('forgets ids with the connection: they may begin anew', () => {
    synced();
    touch(5000, [101, 9], [104, 8]);
    status(BookState.Stale);
    apply();
    assert.equal(field('Valid'), 0);
    snapshot(3, [[90, 1]], [[91, 1]]);
    status(BookState.Synced);
    apply();
    assert.equal(field('Valid'), 1);
    assert.deepEqual(touchNow(), [90, 1, 91, 1]);
  });

  it('is valid only while synced', () => {
    for (const state of [BookState.Connecting, BookState.Buffering, BookState.Resyncing] as const) {
      synced();
      assert.equal(field('Valid'), 1);
      status(state);
      apply();
      assert.equal(field('Valid'), 0);
      assert.equal(field('BookState'), state);
      depth(11, [[100, 9]], []);
      apply();
      assert.equal(field('Valid'), 0);
    }
  });

  it('is invalid and counts when bids reach asks, and recovers', () => {
    synced();
    depth(11, [[102, 1]], []);
    apply();
    assert.equal(field('Valid'), 0, 'locked');
    depth(12, [[103, 1]], []);
    apply();
    assert.equal(field('Valid'), 0, 'crossed');
    assert.equal(books.states[0]!.crossedCount, 2);
    depth(
      13,
      [
        [102, 0],
        [103, 0],
      ],
      [],
    );
    apply();
    assert.equal(field('Valid'), 1);
    assert.equal(books.states[0]!.crossedCount, 2);
  });

  it('looks at a message only as a whole: bids may pass asks within it', () => {
    synced();
    depth(
      11,
      [[104, 2]],
      [
        [102, 0],
        [103, 0],
        [105, 3],
      ],
    );
    apply();
    assert.equal(field('Valid'), 1);
    assert.equal(books.states[0]!.crossedCount, 0);
    assert.deepEqual(touchNow(), [104, 2, 105, 3]);
  });

  it('is invalid without a side, or with a bookTicker of an empty side', () => {
    synced();
    depth(
      11,
      [],
      [
        [102, 0],
        [103, 0],
      ],
    );
    apply();
    assert.equal(field('Valid'), 0);
    synced();
    touch(30, [100, 4], [0, 0]);
    apply();
    assert.equal(field('Valid'), 0);
  });

  it('tells the trades of a message, and forgets them with the next', () => {
    synced();
    put(RecordKind.BuyTrade, 102, [3, 1, 5]);
    put(RecordKind.SellTrade, 100, [2, 2, 5]);
    put(RecordKind.BuyTrade, 103, [4, 3, 5]);
    end(MessageClass.Trade, 3, 5);
    apply();
    assert.equal(field('TradeCount'), 3);
    assert.deepEqual([field('BuyLots'), field('SellLots')], [7, 2]);
    assert.deepEqual([field('LastTradeTicks'), field('LastTradeLots')], [103, 4]);
    assert.deepEqual([field('LastTradeSide'), field('LastTradeNs')], [1, nowNs]);
    put(RecordKind.SellTrade, 100, [2.5, 4, 5]);
    end(MessageClass.Trade, 4, 5);
    apply();
    assert.deepEqual([field('TradeCount'), field('BuyLots'), field('SellLots')], [1, 0, 2.5]);
    depth(11, [[100, 9]], []);
    apply();
    assert.deepEqual([field('TradeCount'), field('BuyLots'), field('SellLots')], [0, 0, 0]);
    assert.deepEqual([field('TotalBuyLots'), field('TotalSellLots')], [7, 4.5]);
    assert.equal(field('LastTradeSide'), -1);
  });

  it('keeps instruments apart, and skips records that name none of ours', () => {
    synced();
    put(RecordKind.BookClear, 0, [0, 7], 0, 1);
    levels([[50, 1]], [[51, 1]], 1);
    end(MessageClass.Snapshot, 7, 7, 1);
    status(BookState.Synced, 1);
    put(RecordKind.BidLevel, 77, [1], 0, 9);
    end(MessageClass.Depth, 8, 8, 9);
    apply();
    assert.deepEqual(touchNow(), [100, 4, 102, 6]);
    assert.deepEqual([field('BidTicks', 1), field('AskTicks', 1)], [50, 51]);
    assert.equal(books.lastInstrument, 1);
    assert.equal(books.strayCount, 2);
  });

  it('takes marks', () => {
    synced();
    put(RecordKind.Mark, 101, [0, 0, 9]);
    end(MessageClass.Mark, 0, 9);
    apply();
    assert.equal(field('MarkTicks'), 101);
    assert.equal(field('MessageClass'), MessageClass.Mark);
  });
});
