/**
 * Law of the feed: whatever is lost, repeated or late on the way, the book is either not valid or
 * exactly the venue's book at the update id it claims.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../engine/base/random.ts';
import { MarketBooks } from '../../engine/book/market-books.ts';
import { Instrument, type Venue } from '../../engine/domain/instrument.ts';
import { Market } from '../../engine/domain/market.ts';
import { BookState } from '../../engine/domain/modes.ts';
import { Side } from '../../engine/domain/units.ts';
import { FeedCounter } from '../../engine/feeds/feed-counters.ts';
import { FeedRoute } from '../../engine/feeds/feed-route.ts';
import { FeedSession } from '../../engine/feeds/feed-session.ts';

/** A venue with one instrument: its true book, the diffs it sends, the snapshots it answers. */
class FakeVenue {
  readonly bids = new Map<number, number>();
  readonly asks = new Map<number, number>();
  /** The sum of the book after every diff, by its u. */
  readonly history = new Map<number, number>();
  #sum = 0;
  readonly #random: SeededRandom;
  readonly #venue: Venue;
  #id = 1000;
  #previous = 1000;
  #mid = 50_000;

  constructor(venue: Venue, random: SeededRandom) {
    this.#venue = venue;
    this.#random = random;
    for (let i = 1; i < 50; i++) {
      this.#set(this.bids, this.#mid - i, i);
      this.#set(this.asks, this.#mid + i, i);
    }
  }

  #set(levels: Map<number, number>, ticks: number, lots: number): void {
    const side = levels === this.bids ? Side.Buy : Side.Sell;
    const before = levels.get(ticks) ?? 0;
    this.#sum = (this.#sum - levelSum(side, ticks, before) + levelSum(side, ticks, lots)) | 0;
    if (lots === 0) levels.delete(ticks);
    else levels.set(ticks, lots);
  }

  diff(): string {
    const random = this.#random;
    this.#mid += random.int(41) - 20;
    // On USD-M ids are shared with other instruments, so there are holes before U.
    const first = this.#id + 1 + (this.#venue === 'binance-usdm' ? random.int(5) : 0);
    const last = first + random.int(4);
    const b: [string, string][] = [];
    const a: [string, string][] = [];
    const set = (
      levels: Map<number, number>,
      out: [string, string][],
      ticks: number,
      lots: number,
    ) => {
      this.#set(levels, ticks, lots);
      out.push([String(ticks), String(lots)]);
    };
    for (const ticks of this.bids.keys()) if (ticks >= this.#mid) set(this.bids, b, ticks, 0);
    for (const ticks of this.asks.keys()) if (ticks <= this.#mid) set(this.asks, a, ticks, 0);
    for (let n = random.int(6); n >= 0; n--) {
      set(this.bids, b, this.#mid - 1 - random.int(3000), random.int(4));
      set(this.asks, a, this.#mid + 1 + random.int(3000), random.int(4));
    }
    const message = {
      e: 'depthUpdate',
      E: last,
      s: 'ABCUSDT',
      U: first,
      u: last,
      pu: this.#previous,
      b,
      a,
    };
    this.#id = last;
    this.#previous = last;
    this.history.set(last, this.#sum);
    return JSON.stringify(message);
  }

  get snapshot(): {
    readonly id: number;
    readonly bids: [number, number][];
    readonly asks: [number, number][];
  } {
    this.history.set(this.#id, this.#sum);
    return { id: this.#id, bids: [...this.bids], asks: [...this.asks] };
  }
}

/** What a level adds to a book's sum; the sum of no level is 0. */
function levelSum(side: number, ticks: number, lots: number): number {
  if (lots === 0) return 0;
  let mixed = Math.imul(ticks * 2 + (side === Side.Buy ? 1 : 0), 0x9e3779b1) ^ lots;
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
  return Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) ^ (mixed >>> 16);
}

class Receiver {
  readonly session: FeedSession;
  readonly books: MarketBooks;
  readonly requests: number[] = [];
  readonly #clock = new Float64Array(1);

  constructor(venue: Venue) {
    const spec = {
      symbol: 'ABCUSDT',
      venue,
      baseAsset: 'ABC',
      quoteAsset: 'USDT',
      tickSize: '1',
      lotSize: '1',
      minQty: '1',
      maxQty: '1000',
      minNotional: '0',
      makerFee: '0',
      takerFee: '0',
    };
    const instruments = [new Instrument(0, spec)];
    this.books = new MarketBooks(instruments);
    this.session = new FeedSession({
      venue,
      instruments,
      batchRecords: 256,
      keptRecords: 4096,
      requestSnapshot: (instrument) => this.requests.push(instrument),
    });
  }

  take(rows: number): void {
    let row = 0;
    while (row < rows) row = this.books.applyMessage(this.session.batch, row, this.#clock);
  }

  frame(text: string): void {
    const bytes = Buffer.from(text);
    this.take(this.session.receive(bytes, 0, bytes.length));
  }

  /** The sum of the book's levels, which must come best first. */
  sum(): number {
    const { book } = this.books.states[0]!;
    let sum = 0;
    for (const side of [Side.Buy, Side.Sell]) {
      const count = book.levelCount(side);
      const ticks = new Int32Array(count);
      const lots = new Float64Array(count);
      assert.equal(book.levels(side, count, ticks, lots), count);
      for (let i = 0; i < count; i++) {
        assert.ok(i === 0 || side * (ticks[i - 1]! - ticks[i]!) > 0, 'best first');
        sum = (sum + levelSum(side, ticks[i]!, lots[i]!)) | 0;
      }
    }
    return sum;
  }
}

/** Venue and receiver with a bad line between them. */
class Line {
  readonly receiver: Receiver;
  checked = 0;
  readonly #random: SeededRandom;
  readonly #source: FakeVenue;
  readonly #late: { readonly text: string; readonly at: number }[] = [];
  readonly #answers: { readonly at: number; readonly of: FakeVenue['snapshot'] }[] = [];

  constructor(venue: Venue, seed: number) {
    this.#random = new SeededRandom(seed);
    this.#source = new FakeVenue(venue, this.#random);
    this.receiver = new Receiver(venue);
    this.receiver.take(this.receiver.session.connectionUp(FeedRoute.Book));
  }

  step(step: number): void {
    this.receiver.session.tick(Float64Array.of(step * 50e6), 0);
    this.#send(this.#source.diff(), step);
    for (const one of this.#late.splice(0)) {
      if (one.at > step) this.#late.push(one);
      else this.receiver.frame(one.text);
    }
    while (this.receiver.requests.pop() !== undefined) {
      this.#answers.push({ at: step + this.#random.int(8), of: this.#source.snapshot });
    }
    if ((this.#answers[0]?.at ?? Infinity) <= step) this.#answer(this.#answers.shift()!.of);
    this.#check(step);
  }

  /** Mostly well; else lost, late, twice, cut off, or the connection goes. */
  #send(text: string, step: number): void {
    const { receiver } = this;
    const random = this.#random;
    const fate = random.int(400);
    if (fate === 0) return;
    if (fate === 1) this.#late.push({ text, at: step + 1 + random.int(3) });
    else receiver.frame(text);
    if (fate === 2) receiver.frame(text);
    if (fate === 3) receiver.frame(text.slice(0, random.int(text.length)));
    if (fate !== 4 || random.int(8) !== 0) return;
    receiver.take(receiver.session.connectionLost(FeedRoute.Book));
    this.#answers.length = 0;
    receiver.take(receiver.session.connectionUp(FeedRoute.Book));
  }

  #answer({ id, bids, asks }: FakeVenue['snapshot']): void {
    const { session } = this.receiver;
    session.offerSnapshotBegin(0, id);
    for (const [ticks, lots] of bids) session.offerSnapshotLevel(Side.Buy, ticks, lots);
    for (const [ticks, lots] of asks) session.offerSnapshotLevel(Side.Sell, ticks, lots);
    session.offerSnapshotEnd();
    for (let rows = session.nextBatch(); rows > 0; rows = session.nextBatch()) {
      this.receiver.take(rows);
    }
  }

  #check(step: number): void {
    const { fields } = this.receiver.books.states[0]!;
    if (fields[Market.BookState] !== BookState.Synced) {
      assert.equal(fields[Market.Valid], 0, `step ${step}`);
      return;
    }
    const truth = this.#source.history.get(fields[Market.DepthUpdateId]!);
    assert.equal(this.receiver.sum(), truth, `step ${step}`);
    this.checked++;
  }
}

const STEPS = 4000;

for (const venue of ['binance-spot', 'binance-usdm'] as const) {
  describe(`feed of ${venue}`, () => {
    for (const seed of [1, 2, 3, 4]) {
      it(`is right or says that it is not: faults of seed ${seed}`, () => {
        const line = new Line(venue, seed);
        for (let step = 0; step < STEPS; step++) line.step(step);
        const { counters } = line.receiver.session;
        assert.ok(line.checked > STEPS / 2, `in sync in ${line.checked} of ${STEPS} steps`);
        assert.ok(counters[FeedCounter.Gaps]! > 0, 'there were gaps');
        assert.ok(counters[FeedCounter.Snapshots]! > 1, 'and ways back');
      });
    }
  });
}
