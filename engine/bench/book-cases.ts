/**
 * book-cases: level updates on made streams and on real captures, and the five best levels.
 *
 * Made: 90 % of the changes within 20 ticks of the touch, the rest within 500; every fifth removes.
 * Captures: all depth changes of a capture, in order, snapshots included.
 * Imports   base, book, domain, memory, tape, ./measure.
 */
import { SeededRandom } from '../base/random.ts';
import { LocalBook } from '../book/local-book.ts';
import { LEVELS } from '../domain/market.ts';
import { instrumentOf, kindOf, RECORD_DOUBLES, RECORD_WORDS } from '../memory/market-record.ts';
import { RecordKind } from '../memory/market-record.ts';
import { TapeReader } from '../tape/tape-reader.ts';
import { timeLoop } from './measure.ts';
import type { BenchCase, BenchLoop } from './measure.ts';

const MID = 100_000;
const NEAR_TICKS = 20;
const REACH_TICKS = 500;
const CHANGES = 1 << 16;
const CALLS = 200_000;
const INSTRUMENTS = 64;

/** Prepared changes: a key's sign is its side. */
class Changes {
  readonly ticks = new Int32Array(CHANGES);
  readonly sides = new Int32Array(CHANGES);
  readonly lots = new Float64Array(CHANGES);

  constructor(seed: number) {
    const random = new SeededRandom(seed);
    for (let i = 0; i < CHANGES; i++) {
      const side = random.int(2) === 0 ? 1 : -1;
      const isNear = random.int(10) !== 0;
      const distance = isNear ? random.int(NEAR_TICKS) : NEAR_TICKS + random.int(REACH_TICKS);
      this.sides[i] = side;
      this.ticks[i] = MID - side * (1 + distance);
      this.lots[i] = random.int(5) === 0 ? 0 : 1 + random.int(1000);
    }
  }

  seeded(): LocalBook {
    const book = new LocalBook();
    const lots = new Float64Array([100]);
    for (let distance = 1; distance <= REACH_TICKS; distance++) {
      book.setBid(MID - distance, lots, 0);
      book.setAsk(MID + distance, lots, 0);
    }
    return book;
  }
}

export function bookUpdateCase(): BenchCase {
  const changes = new Changes(1);
  const one = changes.seeded();
  const many = Array.from({ length: INSTRUMENTS }, () => changes.seeded());
  const { sides, ticks, lots } = changes;
  const update: BenchLoop = (from, to) => {
    for (let call = from; call < to; call++) {
      const i = call & (CHANGES - 1);
      if (sides[i] === 1) one.setBid(ticks[i]!, lots, i);
      else one.setAsk(ticks[i]!, lots, i);
    }
  };
  const updateMany: BenchLoop = (from, to) => {
    for (let call = from; call < to; call++) {
      const i = call & (CHANGES - 1);
      const book = many[call & (INSTRUMENTS - 1)]!;
      if (sides[i] === 1) book.setBid(ticks[i]!, lots, i);
      else book.setAsk(ticks[i]!, lots, i);
    }
  };
  return {
    ids: ['book.update', 'book.update64'],
    round: () => [timeLoop(CALLS, update), timeLoop(CALLS, updateMany)],
  };
}

/** Sixteen different books in turn; what is computed is what the signals want of a book. */
export function bookTopCase(): BenchCase {
  const changes = new Changes(2);
  const books = Array.from({ length: 16 }, (_, n) => {
    const book = changes.seeded();
    for (let i = n * 64; i < n * 64 + 64; i++) {
      if (changes.sides[i] === 1) book.setBid(changes.ticks[i]!, changes.lots, i);
      else book.setAsk(changes.ticks[i]!, changes.lots, i);
    }
    return book;
  });
  const top = new Float64Array(4 * LEVELS);
  const out = new Float64Array(2);
  const read: BenchLoop = (from, to) => {
    for (let call = from; call < to; call++) {
      books[call & 15]!.topLevels(top, 0);
      let bids = 0;
      let asks = 0;
      for (let level = 0; level < LEVELS; level++) {
        bids += top[LEVELS + level]!;
        asks += top[3 * LEVELS + level]!;
      }
      const bidLots = top[LEVELS]!;
      const askLots = top[3 * LEVELS]!;
      out[0] = (bids - asks) / (bids + asks);
      out[1] = (top[0]! * askLots + top[2 * LEVELS]! * bidLots) / (bidLots + askLots);
    }
  };
  return { ids: ['book.top5'], round: () => [timeLoop(CALLS, read)] };
}

/** The depth changes of tapes, held as arrays: kind (0 clears), ticks, lots, book. */
export function bookCaptureCase(tapes: readonly string[]): BenchCase {
  const kinds: number[] = [];
  const ticks: number[] = [];
  const lots: number[] = [];
  const owners: number[] = [];
  let first = 0;
  for (const path of tapes) {
    const reader = new TapeReader(path);
    while (reader.next()) {
      const { words, doubles, count } = reader.batch;
      for (let row = 0; row < count; row++) {
        const header = words[row * RECORD_WORDS]!;
        const kind = kindOf(header);
        const isLevel = kind === RecordKind.BidLevel || kind === RecordKind.AskLevel;
        if (!isLevel && kind !== RecordKind.BookClear) continue;
        kinds.push(isLevel ? kind : 0);
        ticks.push(words[row * RECORD_WORDS + 1]!);
        lots.push(doubles[row * RECORD_DOUBLES + 1]!);
        owners.push(first + instrumentOf(header));
      }
    }
    first += reader.instruments.length;
    reader.close();
  }
  return replayLevels({
    kinds: Int32Array.from(kinds),
    ticks: Int32Array.from(ticks),
    lots: Float64Array.from(lots),
    owners: Int32Array.from(owners),
    books: Array.from({ length: first }, () => new LocalBook()),
  });
}

interface LevelStream {
  readonly kinds: Int32Array;
  readonly ticks: Int32Array;
  readonly lots: Float64Array;
  readonly owners: Int32Array;
  readonly books: readonly LocalBook[];
}

function replayLevels({ kinds, ticks, lots, owners, books }: LevelStream): BenchCase {
  const apply: BenchLoop = (from, to) => {
    for (let i = from; i < to; i++) {
      const book = books[owners[i]!]!;
      const kind = kinds[i];
      if (kind === RecordKind.BidLevel) book.setBid(ticks[i]!, lots, i);
      else if (kind === RecordKind.AskLevel) book.setAsk(ticks[i]!, lots, i);
      else book.clear();
    }
  };
  return { ids: ['book.capture'], round: () => [timeLoop(kinds.length, apply)] };
}
