/** A feed session: what leaves it, in which order, through snapshots, gaps, losses and overload. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MarketBooks } from '../../../../engine/book/market-books.ts';
import { Instrument, type Venue } from '../../../../engine/domain/instrument.ts';
import { Market } from '../../../../engine/domain/market.ts';
import { BookState } from '../../../../engine/domain/modes.ts';
import { Side } from '../../../../engine/domain/units.ts';
import { FeedCounter } from '../../../../engine/feeds/feed-counters.ts';
import { FeedRoute } from '../../../../engine/feeds/feed-route.ts';
import { FeedSession, type FeedSessionOptions } from '../../../../engine/feeds/feed-session.ts';
import { MessageClass, RecordKind } from '../../../../engine/memory/market-record.ts';
import { rowsOf, specOf, type Row } from './frame-model.ts';

type Level = readonly [ticks: number, lots: number];

/** A session with books behind it, fed by hand. Prices are whole ticks, sizes whole lots. */
class Bench {
  readonly session: FeedSession;
  readonly books: MarketBooks;
  readonly requested: number[] = [];
  /** All rows that left the session, batch by batch. */
  readonly batches: (readonly Row[])[] = [];
  readonly #clock = new Float64Array(1);

  constructor(venue: Venue = 'binance-usdm', options: Partial<FeedSessionOptions> = {}) {
    const instruments = ['ABCUSDT', 'XYZUSDT'].map((symbol, index) => {
      return new Instrument(index, specOf(symbol, '1', '1', venue));
    });
    this.books = new MarketBooks(instruments);
    this.session = new FeedSession({
      venue,
      instruments,
      requestSnapshot: (instrument) => this.requested.push(instrument),
      ...options,
    });
  }

  take(rows: number): number {
    assert.equal(rows, this.session.batch.count);
    if (rows > 0) this.batches.push(rowsOf(this.session.batch));
    let row = 0;
    while (row < rows) row = this.books.applyMessage(this.session.batch, row, this.#clock);
    return rows;
  }

  tick(nowNs: number): void {
    this.session.tick(Float64Array.of(nowNs), 0);
  }

  frame(text: string): number {
    const bytes = Buffer.from(text);
    return this.take(this.session.receive(bytes, 0, bytes.length));
  }

  depth(
    ids: readonly [U: number, u: number, pu: number],
    bids: readonly Level[] = [],
    of = 0,
  ): number {
    const [first, last, previous] = ids;
    const b = bids.map(([ticks, lots]) => [String(ticks), String(lots)]);
    const s = of === 0 ? 'ABCUSDT' : 'XYZUSDT';
    const message = {
      e: 'depthUpdate',
      E: last,
      T: last,
      s,
      U: first,
      u: last,
      pu: previous,
      b,
      a: [],
    };
    return this.frame(JSON.stringify(message));
  }

  trade(id: number): number {
    const message = { e: 'aggTrade', E: id, s: 'ABCUSDT', a: id, p: '7', q: '1', T: id, m: false };
    return this.frame(JSON.stringify(message));
  }

  offer(of: number, id: number, bids: readonly Level[], asks: readonly Level[]): void {
    this.session.offerSnapshotBegin(of, id);
    for (const [ticks, lots] of bids) this.session.offerSnapshotLevel(Side.Buy, ticks, lots);
    for (const [ticks, lots] of asks) this.session.offerSnapshotLevel(Side.Sell, ticks, lots);
    this.session.offerSnapshotEnd();
  }

  drain(): void {
    while (this.take(this.session.nextBatch()) > 0);
  }

  snapshot(id: number, bids: readonly Level[] = [[100, 5]], of = 0): void {
    this.offer(of, id, bids, [[110, 5]]);
    this.drain();
  }

  count(counter: keyof typeof FeedCounter): number {
    return this.session.counters[FeedCounter[counter]]!;
  }

  /** Kinds of the last batch's records, levels and all. */
  get lastKinds(): readonly number[] {
    return (this.batches.at(-1) ?? []).map(([kind]) => kind);
  }

  state(of = 0): number {
    return this.books.states[of]!.fields[Market.BookState]!;
  }

  isValid(of = 0): boolean {
    return this.books.states[of]!.fields[Market.Valid] === 1;
  }

  bids(of = 0): readonly Level[] {
    const book = this.books.states[of]!.book;
    const count = book.levelCount(Side.Buy);
    const ticks = new Int32Array(count);
    const lots = new Float64Array(count);
    book.levels(Side.Buy, count, ticks, lots);
    return Array.from(ticks, (value, i) => [value, lots[i]!] as const);
  }
}

function up(venue: Venue = 'binance-usdm', options: Partial<FeedSessionOptions> = {}): Bench {
  const bench = new Bench(venue, options);
  bench.take(bench.session.connectionUp(FeedRoute.Book));
  return bench;
}

describe('feed session', () => {
  it('joins the snapshot with the diffs kept, in order, and says Synced last', () => {
    const bench = up();
    assert.equal(bench.state(), BookState.Buffering);
    assert.equal(bench.depth([80, 99, 70], [[90, 1]]), 0);
    assert.deepEqual(bench.requested, [0], 'the first diff asks for the snapshot, once');
    assert.equal(bench.depth([100, 110, 99], [[91, 1]]), 0);
    assert.equal(bench.depth([111, 120, 110], [[92, 1]]), 0);
    assert.deepEqual(bench.requested, [0]);
    bench.snapshot(105);
    const { BookClear, BidLevel, AskLevel, EndOfMessage, Status } = RecordKind;
    assert.deepEqual(bench.lastKinds, [
      ...[BookClear, BidLevel, AskLevel, EndOfMessage],
      ...[BidLevel, EndOfMessage],
      ...[BidLevel, EndOfMessage],
      ...[Status, EndOfMessage],
    ]);
    assert.deepEqual(bench.bids(), [
      [100, 5],
      [92, 1],
      [91, 1],
    ]);
    assert.equal(bench.isValid(), true);
    assert.equal(bench.session.bookState(0), BookState.Synced);
    assert.equal(bench.session.bookId(0), 120);
    assert.deepEqual([bench.count('Depth'), bench.count('Repeats')], [2, 1]);
    assert.equal(bench.depth([121, 130, 120], [[93, 1]]), 2);
    assert.equal(bench.bids().length, 4);
  });

  it('hands on trades and touches whatever the book does', () => {
    const bench = up();
    assert.equal(bench.trade(1), 2);
    const touch = {
      e: 'bookTicker',
      u: 5,
      s: 'ABCUSDT',
      b: '1',
      B: '1',
      a: '2',
      A: '1',
      T: 1,
      E: 1,
    };
    assert.equal(bench.frame(JSON.stringify(touch)), 3);
    const mark = { e: 'markPriceUpdate', E: 1, s: 'ABCUSDT', p: '1.25', T: 1 };
    assert.equal(bench.frame(JSON.stringify(mark)), 2);
    const counted = [bench.count('Trades'), bench.count('Touch'), bench.count('Marks')];
    assert.deepEqual(counted, [1, 1, 1]);
    assert.equal(bench.isValid(), false);
  });

  it('drops trades that come twice, until the trades connection is new', () => {
    const bench = up();
    assert.equal(bench.trade(5), 2);
    assert.equal(bench.trade(5), 0);
    assert.equal(bench.trade(4), 0);
    assert.equal(bench.trade(6), 2);
    assert.equal(bench.count('Repeats'), 2);
    bench.take(bench.session.connectionLost(FeedRoute.Trades));
    assert.equal(bench.trade(1), 2, 'ids may begin anew');
    assert.equal(bench.state(), BookState.Buffering, 'the books do not mind');
  });

  it('says Resyncing at a gap, keeps what follows, and is whole again after a snapshot', () => {
    const bench = up();
    bench.depth([95, 105, 90]);
    bench.snapshot(100);
    assert.equal(bench.depth([120, 130, 110], [[93, 1]]), 2, 'the status and its end');
    assert.deepEqual(bench.lastKinds, [RecordKind.Status, RecordKind.EndOfMessage]);
    assert.equal(bench.state(), BookState.Resyncing);
    assert.equal(bench.isValid(), false);
    assert.deepEqual(bench.requested, [0, 0]);
    assert.equal(bench.depth([131, 140, 130], [[94, 1]]), 0);
    bench.snapshot(125, [[80, 2]]);
    assert.deepEqual(bench.bids(), [
      [94, 1],
      [93, 1],
      [80, 2],
    ]);
    assert.equal(bench.isValid(), true);
    assert.deepEqual([bench.count('Gaps'), bench.count('Resyncs')], [1, 1]);
  });

  it('refuses a snapshot older than the diffs kept, and asks again, later and later', () => {
    const bench = up();
    bench.tick(1e9);
    bench.depth([95, 105, 90]);
    for (let n = 1; n <= 3; n++) {
      bench.snapshot(80);
      assert.equal(bench.count('StaleSnapshots'), n);
      assert.equal(bench.isValid(), false);
    }
    const asked = (): number => bench.requested.filter((instrument) => instrument === 0).length;
    assert.equal(asked(), 1, 'not at once');
    bench.tick(1.2e9);
    assert.equal(asked(), 1);
    bench.tick(9e9);
    assert.equal(asked(), 2);
    bench.snapshot(100);
    assert.equal(bench.isValid(), true);
  });

  it('asks again when an answer is overdue, failed, or the stream stays silent', () => {
    const bench = up();
    bench.tick(1e9);
    assert.deepEqual(bench.requested, []);
    bench.tick(2.5e9);
    assert.deepEqual(bench.requested, [0, 1], 'silent streams');
    bench.tick(11e9);
    assert.equal(bench.requested.length, 2);
    bench.tick(13e9);
    assert.deepEqual(bench.requested, [0, 1, 0, 1], 'overdue');
    bench.session.snapshotFailed(1);
    bench.tick(13.1e9);
    assert.equal(bench.requested.length, 4);
    bench.tick(13.5e9);
    assert.deepEqual(bench.requested.slice(4), [1]);
  });

  it('hands on a snapshot larger than a batch in parts, invalid until the last', () => {
    const bench = up('binance-usdm', { batchRecords: 64 });
    bench.depth([95, 105, 90], [[5000, 1]]);
    const bids = Array.from({ length: 300 }, (_, i): Level => [1000 + i, 1]);
    bench.offer(0, 100, bids, [[9000, 1]]);
    let parts = 0;
    while (bench.take(bench.session.nextBatch()) > 0) {
      parts++;
      assert.equal(bench.isValid(), !bench.session.hasPending);
      // Frames of others, and of the same book, come in between.
      bench.trade(parts);
      bench.depth([106 + parts * 10, 115 + parts * 10, 95 + parts * 10], [[6000 + parts, 1]], 1);
      if (parts <= 3)
        bench.depth([100 + parts * 10, 105 + parts * 10, 95 + parts * 10], [[5000 + parts, 1]]);
    }
    assert.ok(parts >= 5, `${parts} parts`);
    assert.equal(bench.isValid(), true);
    assert.equal(bench.bids().length, 304);
    assert.equal(bench.bids()[0]![0], 5003);
    assert.equal(bench.session.bookId(0), 135);
    assert.equal(bench.count('Gaps'), 0);
  });

  it('starts over when a diff is missing while the snapshot is handed on', () => {
    const bench = up('binance-usdm', { batchRecords: 32 });
    bench.depth([95, 105, 90]);
    const bids = Array.from({ length: 50 }, (_, i): Level => [1000 + i, 1]);
    bench.offer(0, 100, bids, []);
    bench.take(bench.session.nextBatch());
    bench.depth([120, 130, 119]);
    bench.drain();
    assert.equal(bench.isValid(), false);
    assert.equal(bench.count('Gaps'), 1);
    assert.equal(bench.session.hasPending, false);
    assert.equal(bench.session.bookState(0), BookState.Resyncing);
  });

  it('takes the books down with their connection and up again with a new one', () => {
    const bench = up();
    bench.depth([95, 105, 90]);
    bench.snapshot(100);
    bench.take(bench.session.connectionLost(FeedRoute.Book));
    assert.equal(bench.state(), BookState.Stale);
    assert.equal(bench.isValid(), false);
    assert.equal(bench.count('ConnectionsLost'), 1);
    assert.equal(bench.depth([106, 110, 105]), 0, 'late frames of the old connection');
    bench.take(bench.session.connectionOpening(FeedRoute.Book));
    assert.equal(bench.state(), BookState.Connecting);
    bench.take(bench.session.connectionUp(FeedRoute.Book));
    assert.equal(bench.state(), BookState.Buffering);
    bench.depth([205, 210, 200], [[77, 1]]);
    bench.snapshot(207, [[70, 1]]);
    assert.deepEqual(bench.bids(), [
      [77, 1],
      [70, 1],
    ]);
    assert.equal(bench.isValid(), true);
  });

  it('drops a snapshot that was under way when the connection went', () => {
    const bench = up('binance-usdm', { batchRecords: 16 });
    bench.depth([95, 105, 90]);
    const bids = Array.from({ length: 50 }, (_, i): Level => [1000 + i, 1]);
    bench.offer(0, 100, bids, []);
    bench.take(bench.session.nextBatch());
    bench.take(bench.session.connectionLost(FeedRoute.Book));
    assert.equal(bench.session.nextBatch(), 0);
    bench.take(bench.session.connectionUp(FeedRoute.Book));
    bench.depth([205, 210, 200]);
    bench.snapshot(207);
    assert.equal(bench.isValid(), true);
    assert.deepEqual(bench.bids(), [[100, 5]]);
  });

  it('does nothing for a renewed connection while in sync', () => {
    const bench = up();
    bench.depth([95, 105, 90]);
    bench.snapshot(100);
    assert.equal(bench.session.connectionUp(FeedRoute.Book), 0);
    assert.equal(bench.depth([95, 105, 90]), 0, 'the new connection repeats');
    assert.equal(bench.depth([106, 107, 105]), 1);
    assert.equal(bench.isValid(), true);
  });

  it('ignores a snapshot that nobody waits for', () => {
    const bench = up();
    bench.depth([95, 105, 90]);
    bench.snapshot(100, [[100, 5]]);
    bench.snapshot(300, [[1, 1]]);
    assert.deepEqual(bench.bids(), [[100, 5]]);
    assert.equal(bench.isValid(), true);
  });

  it('starts a book over when its message is too large, and leaves the others', () => {
    const bench = up('binance-usdm', { batchRecords: 16 });
    for (const instrument of [0, 1]) {
      bench.depth([95, 105, 90], [], instrument);
      bench.snapshot(100, [[100, 5]], instrument);
    }
    const levels = Array.from({ length: 30 }, (_, i): Level => [i + 1, 1]);
    assert.equal(bench.depth([106, 110, 105], levels, 1), 2);
    assert.deepEqual([bench.count('Overflow'), bench.count('Resyncs')], [1, 1]);
    assert.deepEqual([bench.state(0), bench.state(1)], [BookState.Synced, BookState.Resyncing]);
    assert.deepEqual(bench.requested, [0, 1, 1]);
  });

  it('bounds what it keeps: too many diffs drop the oldest, and the book still comes back', () => {
    const bench = up('binance-usdm', { keptRecords: 64 });
    for (let id = 100; id < 300; id++) bench.depth([id, id, id - 1], [[1 + (id % 50), 1]]);
    assert.ok(bench.count('Overflow') > 0);
    bench.snapshot(150);
    assert.equal(bench.isValid(), false, 'what followed 150 was dropped');
    assert.equal(bench.count('StaleSnapshots'), 1);
    bench.snapshot(299);
    assert.equal(bench.isValid(), true);
    assert.equal(bench.depth([300, 300, 299], [[105, 1]]), 2);
  });

  it('makes room by moving the diffs of others together, even while one is handed on', () => {
    const bench = up('binance-usdm', { batchRecords: 24, keptRecords: 80 });
    bench.depth([95, 105, 90]);
    bench.depth([95, 105, 90], [], 1);
    const bids = Array.from({ length: 60 }, (_, i): Level => [1000 + i, 1]);
    bench.offer(0, 100, bids, []);
    let id = 105;
    while (bench.take(bench.session.nextBatch()) > 0) {
      for (let n = 0; n < 8 && id < 180; n++, id++) bench.depth([id + 1, id + 1, id], [[id, 1]]);
    }
    assert.equal(bench.session.bookState(0), BookState.Synced);
    for (; id < 200; id++) bench.depth([id + 1, id + 1, id], [[id, 1]]);
    assert.equal(bench.session.bookId(0), 200);
    assert.equal(bench.count('Overflow'), 0);
    assert.equal(bench.bids().length, 60 + 95);
  });

  it('counts what it cannot use, and hands on nothing of it', () => {
    const bench = up();
    const cases: readonly (readonly [string, keyof typeof FeedCounter])[] = [
      ['garbage', 'Malformed'],
      ['{"e":"depthUpdate","s":"ABCUSDT"}', 'Malformed'],
      ['{"e":"trade","s":"NOPE"}', 'UnknownSymbol'],
      ['{"result":null,"id":1}', 'Ignored'],
      ['{"code":2,"msg":"Invalid request"}', 'Refused'],
      ['{"e":"serverShutdown","E":1}', 'Shutdown'],
    ];
    for (const [text, counter] of cases) {
      const before = bench.count(counter);
      assert.equal(bench.frame(text), 0, text);
      assert.equal(bench.count(counter), before + 1, text);
    }
    assert.equal(bench.count('Frames'), cases.length);
    assert.equal(bench.count('Fallback'), cases.length);
  });

  it('follows the spot rule on spot', () => {
    const bench = up('binance-spot');
    const diff = (first: number, last: number, price: string): number => {
      const message = {
        e: 'depthUpdate',
        E: 1,
        s: 'ABCUSDT',
        U: first,
        u: last,
        b: [[price, '1']],
        a: [],
      };
      return bench.frame(JSON.stringify(message));
    };
    diff(90, 95, '7');
    diff(96, 104, '8');
    bench.snapshot(95);
    assert.deepEqual(bench.bids(), [
      [100, 5],
      [8, 1],
    ]);
    assert.equal(diff(105, 106, '9'), 2);
    assert.equal(diff(108, 109, '9'), 2, 'a hole');
    assert.equal(bench.state(), BookState.Resyncing);
    assert.equal(bench.lastKinds[0], RecordKind.Status);
    assert.equal(bench.batches.at(-1)![1]![1], MessageClass.Status);
  });
});
