/**
 * fake-frame: a market frame of the contract, written from fake books.
 *
 * Imports   engine contract, domain; ./fake-market.
 */
import {
  FRAME_MAGIC,
  FRAME_TRADES_MAX,
  FrameHeader,
  FrameInstrument,
  FrameLadder,
  FrameTrade,
  frameDoubles,
  instrumentAt,
  LADDER_LEVELS,
  ladderAt,
  tradeAt,
} from '../../engine/contract/frames.ts';
import { LEVELS } from '../../engine/domain/market.ts';
import { BookState } from '../../engine/domain/modes.ts';
import { SIGNAL_COUNT } from '../../engine/domain/readings.ts';
import type { FakeBook, FakeTrade } from './fake-market.ts';

export interface FrameContent {
  readonly books: readonly FakeBook[];
  readonly watched: readonly number[];
  readonly trades: readonly FakeTrade[];
  readonly nowNs: number;
  readonly wallMs: number;
  readonly sequence: number;
  readonly skipped: number;
  readonly messages: number;
  /** Number of the newest trade. */
  readonly tradesTotal?: number;
  readonly tradeHoles?: number;
  /** Instruments whose book is not synced. */
  readonly stale: ReadonlySet<number>;
}

export function buildFrame(content: FrameContent): ArrayBuffer {
  const { books, watched } = content;
  const trades = content.trades.slice(-FRAME_TRADES_MAX);
  const frame = new Float64Array(frameDoubles(books.length, watched.length, trades.length));
  frame[FrameHeader.Magic] = FRAME_MAGIC;
  frame[FrameHeader.Sequence] = content.sequence;
  frame[FrameHeader.NowNs] = content.nowNs;
  frame[FrameHeader.WallMs] = content.wallMs;
  frame[FrameHeader.Instruments] = books.length;
  frame[FrameHeader.Ladders] = watched.length;
  frame[FrameHeader.Trades] = trades.length;
  frame[FrameHeader.Skipped] = content.skipped;
  frame[FrameHeader.MessagesTotal] = content.messages;
  frame[FrameHeader.NewestNs] = content.nowNs - 400_000;
  frame[FrameHeader.TradesTotal] = content.tradesTotal ?? trades.length;
  frame[FrameHeader.TradeHoles] = content.tradeHoles ?? 0;
  books.forEach((book, i) => writeInstrument(frame, instrumentAt(i), book, content));
  watched.forEach((index, i) => {
    const book = books[index];
    if (book !== undefined) writeLadder(frame, ladderAt(books.length, i), index, book);
  });
  trades.forEach((trade, i) => {
    const at = tradeAt(books.length, watched.length, i);
    frame[at + FrameTrade.Instrument] = trade.instrument;
    frame[at + FrameTrade.Ticks] = trade.ticks;
    frame[at + FrameTrade.Lots] = trade.lots;
    frame[at + FrameTrade.Side] = trade.side;
    frame[at + FrameTrade.TimeNs] = trade.timeNs;
  });
  return frame.buffer;
}

function writeInstrument(
  frame: Float64Array,
  at: number,
  book: FakeBook,
  content: FrameContent,
): void {
  const stale = content.stale.has(book.instrument.index);
  const last = book.lastTrade ?? { ticks: book.bidTicks, lots: 0, side: 0, timeNs: 0 };
  const bidLots = book.lotsAt(book.bidTicks);
  const askLots = book.lotsAt(book.askTicks);
  const values: readonly (readonly [number, number])[] = [
    [FrameInstrument.BookState, stale ? BookState.Resyncing : BookState.Synced],
    [FrameInstrument.Valid, stale ? 0 : 1],
    [FrameInstrument.BidTicks, book.bidTicks],
    [FrameInstrument.BidLots, bidLots],
    [FrameInstrument.AskTicks, book.askTicks],
    [FrameInstrument.AskLots, askLots],
    [
      FrameInstrument.MicroTicks,
      (book.bidTicks * askLots + book.askTicks * bidLots) / (bidLots + askLots),
    ],
    [FrameInstrument.LastTradeTicks, last.ticks],
    [FrameInstrument.LastTradeLots, last.lots],
    [FrameInstrument.LastTradeSide, last.side],
    [FrameInstrument.LastTradeNs, last.timeNs],
    [FrameInstrument.DepthNs, content.nowNs - 3_000_000],
    [FrameInstrument.TouchNs, content.nowNs - 1_000_000],
    [FrameInstrument.TotalBuyLots, book.buyLots],
    [FrameInstrument.TotalSellLots, book.sellLots],
    [FrameInstrument.Sigma5mTicks, 42],
    [FrameInstrument.MarkTicks, book.bidTicks],
  ];
  for (const [field, value] of values) frame[at + field] = value;
  for (let level = 0; level < LEVELS; level++) {
    frame[at + FrameInstrument.Imbalance0 + level] = book.imbalance(level);
  }
  for (let signal = 0; signal < SIGNAL_COUNT; signal++) {
    const strength = Math.tanh(book.lean * (1.4 - signal * 0.22) + (signal % 3) * 0.08);
    frame[at + FrameInstrument.Strength0 + signal] = strength;
    frame[at + FrameInstrument.Confidence0 + signal] = 0.5 + 0.06 * signal;
  }
}

function writeLadder(frame: Float64Array, at: number, index: number, book: FakeBook): void {
  const bids = book.bids(LADDER_LEVELS);
  const asks = book.asks(LADDER_LEVELS);
  frame[at + FrameLadder.Instrument] = index;
  frame[at + FrameLadder.BidCount] = bids.length;
  frame[at + FrameLadder.AskCount] = asks.length;
  frame[at + FrameLadder.UpdateId] = 1;
  bids.forEach(([ticks, lots], i) => {
    frame[at + FrameLadder.Bids + 2 * i] = ticks;
    frame[at + FrameLadder.Bids + 2 * i + 1] = lots;
  });
  asks.forEach(([ticks, lots], i) => {
    frame[at + FrameLadder.Asks + 2 * i] = ticks;
    frame[at + FrameLadder.Asks + 2 * i + 1] = lots;
  });
}
