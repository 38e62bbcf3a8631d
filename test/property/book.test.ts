/** Laws of the book: it equals a plain map of levels whatever is done to it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../engine/base/random.ts';
import { LocalBook } from '../../engine/book/local-book.ts';
import { TICKS_MAX } from '../../engine/book/side-ladder.ts';
import { LEVELS } from '../../engine/domain/market.ts';
import { NO_PRICE, Side } from '../../engine/domain/units.ts';

/** The slow book: two maps. */
class PlainBook {
  readonly bids = new Map<number, number>();
  readonly asks = new Map<number, number>();

  set(side: number, ticks: number, lots: number): void {
    const levels = side === Side.Buy ? this.bids : this.asks;
    if (lots > 0) levels.set(ticks, lots);
    else levels.delete(ticks);
  }

  levels(side: number): readonly (readonly [number, number])[] {
    const levels = side === Side.Buy ? this.bids : this.asks;
    return [...levels].toSorted((a, b) => (side === Side.Buy ? b[0] - a[0] : a[0] - b[0]));
  }
}

function allLevels(book: LocalBook, side: number): readonly (readonly [number, number])[] {
  const count = book.levelCount(side);
  const ticks = new Int32Array(count + 1);
  const lots = new Float64Array(count + 1);
  assert.equal(book.levels(side, count + 1, ticks, lots), count);
  return Array.from({ length: count }, (_, i) => [ticks[i]!, lots[i]!] as const);
}

function assertSameTop(book: LocalBook, plain: PlainBook, what: string): void {
  const bids = plain.levels(Side.Buy);
  const asks = plain.levels(Side.Sell);
  assert.equal(book.bestBidTicks, bids[0]?.[0] ?? NO_PRICE, what);
  assert.equal(book.bestAskTicks, asks[0]?.[0] ?? NO_PRICE, what);
  assert.equal(book.levelCount(Side.Buy), bids.length, what);
  assert.equal(book.levelCount(Side.Sell), asks.length, what);
  const top = new Float64Array(4 * LEVELS + 1).fill(-1);
  book.topLevels(top, 1);
  const expected = [-1];
  for (const levels of [bids, asks]) {
    for (const part of [0, 1] as const) {
      for (let i = 0; i < LEVELS; i++) expected.push(levels[i]?.[part] ?? 0);
    }
  }
  assert.deepEqual(Array.from(top), expected, what);
}

function assertSame(book: LocalBook, plain: PlainBook, what: string): void {
  assertSameTop(book, plain, what);
  assert.deepEqual(allLevels(book, Side.Buy), plain.levels(Side.Buy), what);
  assert.deepEqual(allLevels(book, Side.Sell), plain.levels(Side.Sell), what);
}

interface Walk {
  readonly name: string;
  readonly seed: number;
  readonly window: number;
  /** How far the mid jumps at most in a step. */
  readonly jump: number;
  /** How far from the mid levels are set, most of them nearer. */
  readonly reach: number;
  readonly steps: number;
}

const WALKS: readonly Walk[] = [
  { name: 'calm and near', seed: 1, window: 4096, jump: 2, reach: 30, steps: 20_000 },
  { name: 'far levels', seed: 2, window: 1024, jump: 10, reach: 6000, steps: 20_000 },
  { name: 'leaps of whole windows', seed: 3, window: 1024, jump: 5000, reach: 9000, steps: 20_000 },
  { name: 'sparse and wild', seed: 4, window: 2048, jump: 90_000, reach: 200_000, steps: 8000 },
];

/** A book and the plain one, kept alike. */
class Pair {
  readonly book: LocalBook;
  readonly plain = new PlainBook();
  readonly #lots = new Float64Array(3);

  constructor(window: number) {
    this.book = new LocalBook(window);
  }

  set(side: number, ticks: number, lots: number): void {
    this.#lots[1] = lots;
    if (side === Side.Buy) this.book.setBid(ticks, this.#lots, 1);
    else this.book.setAsk(ticks, this.#lots, 1);
    this.plain.set(side, ticks, lots);
  }

  /** Trades eat the book from the best: the window must follow. */
  eat(side: number): void {
    for (const [price] of this.plain.levels(side).slice(0, 200)) this.set(side, price, 0);
  }
}

function walk({ seed, window, jump, reach, steps }: Walk): void {
  const random = new SeededRandom(seed);
  const pair = new Pair(window);
  const { book, plain } = pair;
  let mid = 1_000_000;
  for (let step = 0; step < steps; step++) {
    mid = Math.max(reach + 1, mid + random.int(2 * jump + 1) - jump);
    const side = random.int(2) === 0 ? Side.Buy : Side.Sell;
    const levels = plain.levels(side);
    const near = levels[random.int(Math.min(levels.length, 5))]?.[0] ?? mid;
    const offset = Math.floor(reach * random.next() ** 3);
    const ticks = random.int(3) === 0 ? near : Math.max(1, mid - side * offset);
    pair.set(side, ticks, random.int(3) === 0 ? 0 : 1 + random.int(1000));
    if (step % 50 === 0) assertSameTop(book, plain, `step ${step}`);
    if (step % 2000 === 1999) assertSame(book, plain, `step ${step}`);
    if (plain.bids.size + plain.asks.size > 600) pair.eat(side);
  }
  assertSame(book, plain, 'at the end');
}

describe('local book', () => {
  for (const one of WALKS) {
    it(`equals a plain map of levels: ${one.name}`, () => walk(one));
  }

  it('reads any level, near, far or absent', () => {
    const book = new LocalBook(1024);
    const lots = new Float64Array([7]);
    for (const ticks of [100_000, 99_990, 5000, 1]) book.setBid(ticks, lots, 0);
    for (const ticks of [100_001, 100_100, 900_000, TICKS_MAX - 1]) book.setAsk(ticks, lots, 0);
    assert.equal(book.bidLotsAt(5000), 7);
    assert.equal(book.bidLotsAt(99_991), 0);
    assert.equal(book.askLotsAt(TICKS_MAX - 1), 7);
    assert.equal(book.askLotsAt(100_002), 0);
    assert.equal(book.levelCount(Side.Buy), 4);
    assert.deepEqual(
      allLevels(book, Side.Sell).map(([ticks]) => ticks),
      [100_001, 100_100, 900_000, TICKS_MAX - 1],
    );
  });

  it('lives at the ends of the price range', () => {
    const book = new LocalBook();
    const plain = new PlainBook();
    const lots = new Float64Array([1]);
    for (const ticks of [TICKS_MAX - 1, 1, TICKS_MAX - 5000, 2 ** 30 - 1, 2 ** 30, 4000]) {
      book.setBid(ticks, lots, 0);
      book.setAsk(ticks, lots, 0);
      plain.set(Side.Buy, ticks, 1);
      plain.set(Side.Sell, ticks, 1);
      assertSame(book, plain, `${ticks}`);
    }
    lots[0] = 0;
    for (const ticks of [1, TICKS_MAX - 1, 4000, 2 ** 30 - 1]) {
      book.setBid(ticks, lots, 0);
      book.setAsk(ticks, lots, 0);
      plain.set(Side.Buy, ticks, 0);
      plain.set(Side.Sell, ticks, 0);
      assertSame(book, plain, `without ${ticks}`);
    }
  });

  it('is empty after clear, and good as new', () => {
    const book = new LocalBook(1024);
    const lots = new Float64Array([3, 0]);
    for (let ticks = 1000; ticks < 30_000; ticks += 7) book.setAsk(ticks, lots, 0);
    book.clear();
    assert.equal(book.bestAskTicks, NO_PRICE);
    assert.equal(book.levelCount(Side.Sell), 0);
    assert.equal(book.askLotsAt(1000), 0);
    book.setAsk(2000, lots, 1);
    assert.equal(book.bestAskTicks, NO_PRICE, 'removing from an empty book is nothing');
    book.setAsk(77, lots, 0);
    assert.deepEqual(allLevels(book, Side.Sell), [[77, 3]]);
  });
});
