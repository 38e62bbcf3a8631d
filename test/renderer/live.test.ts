/**
 * live.test: frames through shared memory: what comes out is what went in, and nothing malformed
 * does.
 */
import { describe, expect, it } from 'vitest';
import {
  FrameHeader,
  FrameInstrument,
  FrameLadder,
  FRAME_TRADES_MAX,
} from '../../engine/contract/frames.ts';
import {
  createFrameMemory,
  FrameReader,
  FrameWriter,
  SLOT_COUNT,
  TRADE_RING_ROWS,
} from '../../renderer/live/frame-memory.ts';
import { HISTORY_SAMPLES, SAMPLE_NS } from '../../renderer/live/imbalance-history.ts';
import { LiveMarket } from '../../renderer/live/live-market.ts';
import { TradeMemory, VOLUME_SLOTS } from '../../renderer/live/tape-view.ts';
import type { FakeTrade } from '../support/fake-market.ts';
import { sampleFrame, sampleMarket } from './support/samples.ts';

function liveWith(): { readonly live: LiveMarket; readonly writer: FrameWriter } {
  const memory = createFrameMemory();
  return { live: new LiveMarket(memory), writer: new FrameWriter(memory) };
}

function trade(ticks: number, lots = 5, side = 1): FakeTrade {
  return { instrument: 0, ticks, lots, side, timeNs: 1 };
}

describe('a frame in shared memory', () => {
  it('comes out as it went in: books, ladders, times', () => {
    const { live, writer } = liveWith();
    const market = sampleMarket();
    expect(writer.write(sampleFrame(market))).toBeNull();
    live.refresh(0);
    const { book } = live;
    expect(book.version).toBe(1);
    expect(book.instrumentCount).toBe(8);
    market.books.forEach((fake, index) => {
      expect(book.isValid(index)).toBe(true);
      expect(book.field(index, FrameInstrument.BidTicks)).toBe(fake.bidTicks);
      expect(book.field(index, FrameInstrument.Imbalance0)).toBe(fake.imbalance(0));
    });
    const at = book.ladderOffset(1);
    const second = market.books[1];
    expect(book.frame[at + FrameLadder.Asks]).toBe(second?.askTicks);
    expect(book.ladderOffset(5)).toBe(-1);
  });

  it('is read once; the newest of several is the one', () => {
    const { live, writer } = liveWith();
    const market = sampleMarket();
    for (let sequence = 1; sequence <= 3 * SLOT_COUNT; sequence++) {
      writer.write(sampleFrame(market, { sequence }));
    }
    live.refresh(0);
    expect(live.book.frame[FrameHeader.Sequence]).toBe(3 * SLOT_COUNT);
    live.refresh(1);
    expect(live.book.version).toBe(1);
  });

  it('does not believe a book that is not synced', () => {
    const { live, writer } = liveWith();
    writer.write(sampleFrame(sampleMarket(), { stale: new Set([2]) }));
    live.refresh(0);
    expect([live.book.isValid(1), live.book.isValid(2), live.book.isValid(99)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  const good = sampleFrame(sampleMarket());
  const broken: readonly (readonly [string, ArrayBuffer])[] = [
    ['nothing', new ArrayBuffer(0)],
    ['half a double', good.slice(0, good.byteLength - 3)],
    ['a cut frame', good.slice(0, good.byteLength - 8)],
    ['a frame too long', lengthened(good)],
    ['a wrong magic number', changed(good, FrameHeader.Magic, 7)],
    ['a negative count', changed(good, FrameHeader.Trades, -1)],
    ['a count that is none', changed(good, FrameHeader.Instruments, Number.NaN)],
    ['too many ladders', changed(good, FrameHeader.Ladders, 5)],
    ['an endless count', changed(good, FrameHeader.Instruments, Infinity)],
  ];
  it.each(broken)('refuses %s with one line and keeps the last good frame', (_name, bytes) => {
    const { live, writer } = liveWith();
    writer.write(good);
    expect(writer.write(bytes)).toMatch(/frame/);
    live.refresh(0);
    expect(live.book.instrumentCount).toBe(8);
    expect(live.book.version).toBe(1);
  });

  it('refuses more instruments than memory was set aside for', () => {
    const { writer } = liveWith();
    const doubles = new Float64Array(16 + 300 * 40);
    doubles.set(new Float64Array(good).subarray(0, 16));
    doubles[FrameHeader.Instruments] = 300;
    doubles[FrameHeader.Ladders] = 0;
    doubles[FrameHeader.Trades] = 0;
    expect(writer.write(doubles.buffer)).toMatch(/300 instruments exceeds 256/);
  });
});

describe('trades', () => {
  it('are all there, in order, though frames were skipped', () => {
    const { writer, live } = liveWith();
    const market = sampleMarket();
    for (let i = 0; i < 10; i++) writer.write(sampleFrame(market, { trades: [trade(100 + i)] }));
    live.refresh(5);
    const trades = live.tape.of(0);
    for (let i = 0; i < 10; i++) expect(trades.volumeAt(100 + i)).toBe(5);
    expect(trades.lastTicks).toBe(109);
    expect(trades.lastAtMs).toBe(5);
    expect(trades.deltaLots).toBe(50);
  });

  it('wrap round their ring; the oldest are given up, not the order', () => {
    const memory = createFrameMemory();
    const writer = new FrameWriter(memory);
    const reader = new FrameReader(memory);
    const market = sampleMarket();
    const frames = TRADE_RING_ROWS / FRAME_TRADES_MAX + 3;
    let ticks = 0;
    for (let i = 0; i < frames; i++) {
      const trades = Array.from({ length: FRAME_TRADES_MAX }, () => trade(++ticks));
      writer.write(sampleFrame(market, { trades }));
    }
    const seen: number[] = [];
    reader.drainTrades((ring, at) => seen.push(ring[at + 1] ?? 0));
    expect(seen.length).toBe(TRADE_RING_ROWS);
    expect(seen[0]).toBe(ticks - TRADE_RING_ROWS + 1);
    expect(seen.at(-1)).toBe(ticks);
    reader.drainTrades(() => expect.fail('nothing is left'));
  });

  it('keep volume apart at prices that share a slot', () => {
    const trades = new TradeMemory();
    trades.add(10, 3, 1, 0);
    trades.add(10 + VOLUME_SLOTS, 4, -1, 0);
    expect(trades.volumeAt(10)).toBe(0);
    expect(trades.volumeAt(10 + VOLUME_SLOTS)).toBe(4);
  });
});

describe('a new connection', () => {
  it('forgets everything that was derived from the old one', () => {
    const { live, writer } = liveWith();
    writer.write(sampleFrame(sampleMarket(), { trades: [trade(7)] }));
    live.refresh(0);
    writer.restart();
    live.refresh(1);
    expect(live.book.version).toBe(0);
    expect(live.book.instrumentCount).toBe(0);
    expect(live.tape.of(0).volumeAt(7)).toBe(0);
    expect(live.imbalance.at(0, 0)).toBeNaN();
  });
});

describe('the imbalance strip', () => {
  it('takes a sample every quarter of a second, the mean of its frames', () => {
    const { live, writer } = liveWith();
    const market = sampleMarket();
    const mean = market.books[0]?.meanImbalance() ?? Number.NaN;
    for (let i = 0; i <= 8; i++) {
      writer.write(sampleFrame(market, { nowNs: 1e9 + (i * SAMPLE_NS) / 4 }));
      live.refresh(i);
    }
    expect(live.imbalance.taken).toBe(3);
    expect(live.imbalance.at(0, 0)).toBeCloseTo(mean, 6);
    expect(live.imbalance.at(0, 3)).toBeNaN();
    expect(live.imbalance.at(0, HISTORY_SAMPLES)).toBeNaN();
  });

  it('has a hole where the book could not be believed', () => {
    const { live, writer } = liveWith();
    const market = sampleMarket();
    writer.write(sampleFrame(market, { nowNs: 1e9, stale: new Set([0]) }));
    live.refresh(0);
    expect(live.imbalance.at(0, 0)).toBeNaN();
    expect(live.imbalance.at(1, 0)).not.toBeNaN();
  });
});

function changed(frame: ArrayBuffer, field: number, value: number): ArrayBuffer {
  const copy = new Float64Array(frame.slice(0));
  copy[field] = value;
  return copy.buffer;
}

function lengthened(frame: ArrayBuffer): ArrayBuffer {
  const longer = new Float64Array(frame.byteLength / 8 + 1);
  longer.set(new Float64Array(frame));
  return longer.buffer;
}
