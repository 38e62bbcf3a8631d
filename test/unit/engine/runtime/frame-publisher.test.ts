/** Frames: of the contract, from copies; trades since the last one; ladders that are watched. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  firstTrade,
  FRAME_TRADES_MAX,
  FrameHeader,
  FrameInstrument,
  FrameLadder,
  FrameTrade,
  instrumentAt,
  isFrame,
  LADDER_DOUBLES,
  ladderAt,
  tradeAt,
} from '../../../../engine/contract/frames.ts';
import { INSTRUMENT_VIEW_DOUBLES, InstrumentView } from '../../../../engine/core/published.ts';
import { Market } from '../../../../engine/domain/market.ts';
import { READING_STRIDE } from '../../../../engine/domain/readings.ts';
import { LatestReader, LatestWriter } from '../../../../engine/memory/latest-ring.ts';
import { RecordKind } from '../../../../engine/memory/market-record.ts';
import { buildFrame, TradeTape } from '../../../../engine/runtime/frame-publisher.ts';
import type { FrameSource, FrameState } from '../../../../engine/runtime/frame-publisher.ts';

const fresh = (): FrameState => ({ sequence: 0, skipped: 0, tradesSeen: 0 });

function bench() {
  const writer = LatestWriter.create(2048);
  const tape = new TradeTape(new LatestReader(writer.buffer));
  const markets = [0, 1, 2].map(() => new Float64Array(INSTRUMENT_VIEW_DOUBLES));
  const ladders = new Map<number, Float64Array>();
  const source: FrameSource = {
    markets,
    ladder: (index) => ladders.get(index) ?? null,
    nowNs: () => 5e9,
    anchorWallMs: 1_000,
    messagesTotal: () => 77,
  };
  let traded = 0;
  const trade = (count: number): void => {
    for (let k = 0; k < count; k++) {
      const at = writer.claim();
      const kind = traded % 2 === 0 ? RecordKind.BuyTrade : RecordKind.SellTrade;
      writer.words[at * 2] = kind | ((traded % 3) << 16);
      writer.words[at * 2 + 1] = 100 + traded;
      writer.doubles[at + 1] = 1 + traded;
      writer.doubles[at + 3] = traded * 1e6;
      writer.commit();
      traded++;
    }
    writer.publish();
    tape.drain();
  };
  const frame = (watched: readonly number[], state: FrameState): Float64Array => {
    return new Float64Array(buildFrame(source, tape, watched, state));
  };
  return { markets, ladders, trade, frame };
}

/** Numbers of the trades in a frame: their lots less one. */
function tradesIn(frame: Float64Array): number[] {
  const count = frame[FrameHeader.Trades]!;
  const ladders = frame[FrameHeader.Ladders]!;
  return Array.from({ length: count }, (_, k) => {
    return frame[tradeAt(3, ladders, k) + FrameTrade.Lots]! - 1;
  });
}

describe('a frame', () => {
  it('is one of the contract, numbered, with what was left out before it', () => {
    const { frame } = bench();
    const state = { ...fresh(), skipped: 4 };
    for (const number of [1, 2]) {
      const doubles = frame([], state);
      assert.ok(isFrame(doubles));
      const header = (field: number): number => doubles[field]!;
      assert.deepEqual(
        [FrameHeader.Sequence, FrameHeader.Skipped, FrameHeader.MessagesTotal].map(header),
        [number, 4, 77],
      );
      assert.equal(header(FrameHeader.WallMs), 1_000 + 5_000);
    }
  });

  it('holds every instrument’s market, imbalance by level, and signals', () => {
    const { markets, frame } = bench();
    const market = markets[1]!;
    market[Market.Valid] = 1;
    market[Market.BidTicks] = 10_000;
    market[Market.AskTicks] = 10_001;
    market[Market.NowNs] = 4e9;
    market[Market.BidLots0] = 30;
    market[Market.AskLots0] = 10;
    market[InstrumentView.Readings + 2 * READING_STRIDE] = -0.75;
    market[InstrumentView.Readings + 2 * READING_STRIDE + 1] = 0.5;
    const doubles = frame([], fresh());
    const at = instrumentAt(1);
    const field = (name: keyof typeof FrameInstrument): number =>
      doubles[at + FrameInstrument[name]]!;
    assert.deepEqual([field('Valid'), field('BidTicks'), field('AskTicks')], [1, 10_000, 10_001]);
    assert.equal(field('Imbalance0'), 0.5);
    assert.equal(doubles[at + FrameInstrument.Imbalance0 + 1], 0, 'an empty level is even');
    assert.equal(doubles[at + FrameInstrument.Strength0 + 2], -0.75);
    assert.equal(doubles[at + FrameInstrument.Confidence0 + 2], 0.5);
    assert.equal(doubles[FrameHeader.NewestNs], 4e9);
    assert.ok(doubles.every((value) => Number.isFinite(value)));
  });

  it('holds the ladders that are watched and there', () => {
    const { ladders, frame } = bench();
    const ladder = new Float64Array(LADDER_DOUBLES);
    ladder[FrameLadder.Instrument] = 2;
    ladder[FrameLadder.BidCount] = 9;
    ladders.set(2, ladder);
    const doubles = frame([0, 2], fresh());
    assert.ok(isFrame(doubles));
    assert.equal(doubles[FrameHeader.Ladders], 1, 'the other has none yet');
    const copied = doubles.slice(ladderAt(3, 0), ladderAt(3, 0) + LADDER_DOUBLES);
    assert.deepEqual(copied, ladder);
  });
});

describe('trades', () => {
  it('come once each, in order, to every terminal by its own count', () => {
    const { trade, frame } = bench();
    const first = fresh();
    trade(3);
    assert.deepEqual(tradesIn(frame([], first)), [0, 1, 2]);
    assert.deepEqual(tradesIn(frame([], first)), []);
    trade(2);
    const late = fresh();
    assert.deepEqual(tradesIn(frame([], late)), [0, 1, 2, 3, 4]);
    assert.deepEqual(tradesIn(frame([], first)), [3, 4]);
  });

  it('keep side, price, time and instrument', () => {
    const { trade, frame } = bench();
    trade(2);
    const doubles = frame([], fresh());
    const at = tradeAt(3, 0, 1);
    const { Instrument, Ticks, Lots, Side, TimeNs } = FrameTrade;
    assert.deepEqual(
      [Instrument, Ticks, Lots, Side, TimeNs].map((field) => doubles[at + field]),
      [1, 101, 2, -1, 1e6],
    );
  });

  it('beyond what a frame holds, the newest are told', () => {
    const { trade, frame } = bench();
    trade(1500);
    const seen = tradesIn(frame([], fresh()));
    assert.equal(seen.length, FRAME_TRADES_MAX);
    assert.deepEqual([seen[0], seen.at(-1)], [1500 - FRAME_TRADES_MAX, 1499]);
  });
});

describe('trades in frames', () => {
  it('have numbers: the first is told, the others follow without a hole', () => {
    const { trade, frame } = bench();
    const state = fresh();
    trade(3);
    assert.equal(firstTrade(frame([], state)), 0);
    trade(2);
    const second = frame([], state);
    assert.deepEqual([firstTrade(second), second[FrameHeader.Trades]], [3, 2]);
    assert.equal(firstTrade(frame([], state)), 5, 'of none: the next');
    trade(FRAME_TRADES_MAX + 10);
    const crowded = frame([], state);
    assert.equal(crowded[FrameHeader.Trades], FRAME_TRADES_MAX);
    assert.equal(firstTrade(crowded), 5 + 10, 'what did not fit shows');
  });

  it('never span what the host missed, and are handed on with their numbers', () => {
    const writer = LatestWriter.create(64);
    const tape = new TradeTape(new LatestReader(writer.buffer));
    const numbers: number[] = [];
    const write = (count: number): void => {
      for (let k = 0; k < count; k++) {
        const at = writer.claim();
        writer.words[at * 2] = RecordKind.BuyTrade;
        writer.commit();
      }
      writer.publish();
    };
    tape.listeners.push({ onTrade: (_rows, _at, sequence) => numbers.push(sequence) });
    write(5);
    tape.drain();
    write(200);
    tape.drain();
    assert.ok(tape.missed > 0);
    assert.equal(numbers.at(-1), 205);
    assert.equal(tape.sequence, 205);
    assert.equal(numbers[5], 6 + tape.missed);
    assert.equal(tape.waiting(0), numbers.length - 5, 'only those behind the hole');
  });
});
