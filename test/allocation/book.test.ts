/** Applying market records to books allocates nothing: levels, trades, touches, moving windows. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../engine/base/random.ts';
import { BookSync, SyncRule } from '../../engine/book/book-sync.ts';
import { FarLevels } from '../../engine/book/far-levels.ts';
import { createFreshness, noteMessage, staleMeasures } from '../../engine/book/freshness.ts';
import { LocalBook } from '../../engine/book/local-book.ts';
import { MarketBooks } from '../../engine/book/market-books.ts';
import { MarketState } from '../../engine/book/market-state.ts';
import { SideLadder } from '../../engine/book/side-ladder.ts';
import { Instrument } from '../../engine/domain/instrument.ts';
import { LEVELS, Market } from '../../engine/domain/market.ts';
import { BookState } from '../../engine/domain/modes.ts';
import { Side } from '../../engine/domain/units.ts';
import {
  MarketBatch,
  MessageClass,
  RECORD_DOUBLES,
  RecordKind,
} from '../../engine/memory/market-record.ts';
import { bytesPerCall, BYTES_PER_CALL_MAX, type GateOptions } from './gate.ts';

const FAST: GateOptions = { warmupChunks: 200, chunks: 20, rounds: 12 };
/** Prepared changes, so that the step itself draws no random numbers. */
const CHANGES = 1 << 14;

// The first rounds of a process carry some kilobytes of its own, whatever is measured.
bytesPerCall(() => {}, { warmupChunks: 1, rounds: 12, chunks: 1 });

function passes(what: string, step: (call: number) => void, options: GateOptions = FAST): void {
  const bytes = bytesPerCall(step, options);
  assert.ok(bytes <= BYTES_PER_CALL_MAX, `${what}: ${bytes} bytes per call`);
}

/** A wandering market: most changes near, a third far; sides, prices, sizes. */
class Changes {
  readonly sides = new Int32Array(CHANGES);
  readonly ticks = new Int32Array(CHANGES);
  readonly lots = new Float64Array(CHANGES);

  constructor(seed: number) {
    const random = new SeededRandom(seed);
    for (let i = 0; i < CHANGES; i++) {
      // There and back, so that the walk can be repeated.
      const phase = i < CHANGES / 2 ? i : CHANGES - i;
      const mid = 1_000_000 + phase;
      const side = random.int(2) === 0 ? Side.Buy : Side.Sell;
      const reach = random.int(3) === 0 ? 40_000 : 60;
      this.sides[i] = side;
      this.ticks[i] = mid - side * random.int(reach);
      this.lots[i] = random.int(3) === 0 ? 0 : 0.5 + random.int(1e6);
    }
  }
}

describe('books allocate nothing', () => {
  it('levels near and far, a moving window, the best levels', () => {
    const changes = new Changes(1);
    const book = new LocalBook(1024);
    const top = new Float64Array(4 * LEVELS);
    passes('local book', (call) => {
      const i = call & (CHANGES - 1);
      if (changes.sides[i] === Side.Buy) book.setBid(changes.ticks[i]!, changes.lots, i);
      else book.setAsk(changes.ticks[i]!, changes.lots, i);
      top[0] = book.bestBidTicks + book.bestAskTicks;
      if ((call & 7) === 0) book.topLevels(top, 0);
    });
  });

  it('many levels of a side, for a view', () => {
    const changes = new Changes(2);
    const book = new LocalBook(1024);
    for (let i = 0; i < CHANGES; i++) book.setBid(changes.ticks[i]!, changes.lots, i);
    const ticks = new Int32Array(64);
    const lots = new Float64Array(64);
    passes(
      'levels',
      () => {
        book.levels(Side.Buy, 64, ticks, lots);
      },
      { warmupChunks: 40, chunks: 20, rounds: 6 },
    );
  });

  it('one side and its far levels alone', () => {
    const changes = new Changes(3);
    const ladder = new SideLadder(1024, 1);
    const far = new FarLevels();
    passes('side', (call) => {
      const i = call & (CHANGES - 1);
      ladder.set(changes.ticks[i]!, changes.lots, i);
      if (changes.lots[i]! > 0) far.set(changes.ticks[i]!, changes.lots, i);
      else far.remove(changes.ticks[i]!);
    });
  });
});

const SPEC = {
  symbol: 'ABCUSDT',
  venue: 'binance-usdm',
  baseAsset: 'ABC',
  quoteAsset: 'USDT',
  tickSize: '0.1',
  lotSize: '0.001',
  minQty: '0.001',
  maxQty: '1000',
  minNotional: '5',
  makerFee: '0.0002',
  takerFee: '0.0005',
} as const;

/** Messages of every class for two instruments, all valid one after the other, for ever. */
function messages(): MarketBatch {
  const batch = new MarketBatch();
  const random = new SeededRandom(9);
  const put = (kind: number, flags: number, of: number, ticks: number, values: number[]): void => {
    const row = batch.claim(kind, flags, of, ticks);
    batch.doubles.set(values, row * RECORD_DOUBLES + 1);
  };
  for (let of = 0; of < 2; of++) {
    put(RecordKind.Status, BookState.Synced, of, 0, [0, 0, 0]);
    put(RecordKind.EndOfMessage, MessageClass.Status, of, 0, [1, 0, 0]);
  }
  for (let n = 0; n < 120; n++) {
    const of = n & 1;
    for (let level = 0; level < 12; level++) {
      const ticks = 1000 - random.int(4000 * (level % 3));
      put(RecordKind.BidLevel, 0, of, Math.max(1, ticks), [0.5 + random.int(9), 0, 0]);
      put(RecordKind.AskLevel, 0, of, 1001 + random.int(40), [0.25 + random.int(9), 0, 0]);
    }
    put(RecordKind.EndOfMessage, MessageClass.Depth, of, 0, [24, 1000 + n, 1.7e12 + n]);
    put(RecordKind.BuyTrade, 0, of, 1001, [1.5, n, 1.7e12 + n]);
    put(RecordKind.EndOfMessage, MessageClass.Trade, of, 0, [1, n, 1.7e12 + n]);
    put(RecordKind.TouchBid, 0, of, 999, [2.5, 1001 + n, 1.7e12 + n]);
    put(RecordKind.TouchAsk, 0, of, 1002, [3.5, 1001 + n, 1.7e12 + n]);
    put(RecordKind.EndOfMessage, MessageClass.Touch, of, 0, [2, 1001 + n, 1.7e12 + n]);
    put(RecordKind.Mark, 0, of, 1001, [0, 0, 1.7e12 + n]);
    put(RecordKind.EndOfMessage, MessageClass.Mark, of, 0, [1, 0, 1.7e12 + n]);
  }
  return batch;
}

describe('markets allocate nothing', () => {
  it('messages of all classes, applied one a call', () => {
    const books = new MarketBooks([new Instrument(0, SPEC), new Instrument(1, SPEC)]);
    const batch = messages();
    const clock = new Float64Array(1);
    let row = 0;
    passes('market books', () => {
      clock[0]! += 1000.5;
      row = books.applyMessage(batch, row, clock);
      if (row >= batch.count) row = 0;
    });
    assert.ok(books.states.every((state) => state instanceof MarketState));
    assert.equal(books.states[0]!.fields[Market.Valid], 1);
  });

  it('sequence rules', () => {
    for (const rule of [SyncRule.FirstId, SyncRule.PreviousId]) {
      const sync = new BookSync(rule);
      const ids = new Float64Array([0, 5e12, 5e12]);
      sync.onConnected();
      sync.onSnapshot(5e12);
      passes('book sync', () => {
        ids[2] = ids[1]!;
        ids[0] = ids[1]! + 1;
        ids[1] = ids[1]! + 3;
        sync.onDiff(ids);
      });
      assert.equal(sync.state, BookState.Synced);
    }
  });

  it('freshness', () => {
    const state = createFreshness();
    const limits = new Float64Array([1e9, 1e9, 1e9]);
    const times = new Float64Array([0, 1.7e12, 1.7e12]);
    let stale = 0;
    passes('freshness', (call) => {
      times[0] = call * 1000.5;
      times[1] = 1.7e12 + (call & 3);
      noteMessage(state, times, 0);
      stale |= staleMeasures(state, limits, times, 0);
    });
    assert.ok(stale >= 0);
  });
});
