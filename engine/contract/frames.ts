/**
 * frames: the binary market frame, one per display refresh at most. All offsets live here.
 *
 * A frame is one ArrayBuffer of little-endian doubles: header, one block per instrument, one block
 * per watched ladder, then the trades since the last frame. Its size follows from the counts in the
 * header, so a decoder can check it before reading anything else.
 *
 * Writer    runtime/frame-publisher. Reader: the renderer's frame worker.
 * Units     ticks, lots, engine ns, epoch ms; NaN never occurs; "none" is 0 lots.
 * Imports   domain/market (LEVELS), domain/readings (SIGNAL_COUNT).
 */
import { LEVELS } from '../domain/market.ts';
import { SIGNAL_COUNT } from '../domain/readings.ts';

export const FRAME_MAGIC = 0x54_44_46_31; // "TDF1"

export const FrameHeader = {
  Magic: 0,
  Sequence: 1,
  NowNs: 2,
  WallMs: 3,
  Instruments: 4,
  Ladders: 5,
  Trades: 6,
  /** Frames that were due and not sent for want of credit. */
  Skipped: 7,
  MessagesTotal: 8,
  /** Engine ns when the newest record in this frame was received. */
  NewestNs: 9,
  /** Trades of the session up to this frame's last; those that nobody could read count. */
  TradesTotal: 10,
  /** Holes in the engine's own tape of trades so far: when it moves, candles are asked for anew. */
  TradeHoles: 11,
} as const;
export const HEADER_DOUBLES = 16;

export const FrameInstrument = {
  BookState: 0,
  Valid: 1,
  BidTicks: 2,
  BidLots: 3,
  AskTicks: 4,
  AskLots: 5,
  MicroTicks: 6,
  LastTradeTicks: 7,
  LastTradeLots: 8,
  LastTradeSide: 9,
  LastTradeNs: 10,
  DepthNs: 11,
  TouchNs: 12,
  TotalBuyLots: 13,
  TotalSellLots: 14,
  Sigma5mTicks: 15,
  /** Per level (bid − ask) / (bid + ask), LEVELS of them. */
  Imbalance0: 16,
  Strength0: 16 + LEVELS,
  Confidence0: 16 + LEVELS + SIGNAL_COUNT,
  MarkTicks: 16 + LEVELS + 2 * SIGNAL_COUNT,
} as const;
export const INSTRUMENT_DOUBLES = 40;

export const MAX_LADDERS = 4;
export const LADDER_LEVELS = 160;
export const FrameLadder = {
  Instrument: 0,
  BidCount: 1,
  AskCount: 2,
  UpdateId: 3,
  /** From here LADDER_LEVELS pairs (ticks, lots) of bids, best first, then of asks. */
  Bids: 8,
  Asks: 8 + 2 * LADDER_LEVELS,
} as const;
export const LADDER_DOUBLES = 8 + 4 * LADDER_LEVELS;

export const FRAME_TRADES_MAX = 128;
export const FrameTrade = { Instrument: 0, Ticks: 1, Lots: 2, Side: 3, TimeNs: 4 } as const;
export const TRADE_DOUBLES = 5;

export function frameDoubles(instruments: number, ladders: number, trades: number): number {
  return (
    HEADER_DOUBLES +
    instruments * INSTRUMENT_DOUBLES +
    ladders * LADDER_DOUBLES +
    trades * TRADE_DOUBLES
  );
}

export function instrumentAt(index: number): number {
  return HEADER_DOUBLES + index * INSTRUMENT_DOUBLES;
}

export function ladderAt(instruments: number, ladder: number): number {
  return HEADER_DOUBLES + instruments * INSTRUMENT_DOUBLES + ladder * LADDER_DOUBLES;
}

export function tradeAt(instruments: number, ladders: number, trade: number): number {
  return ladderAt(instruments, ladders) + trade * TRADE_DOUBLES;
}

/**
 * Number of a frame's first trade in the session, from 0; the others follow without a hole.
 * History counts the same trades from 1.
 */
export function firstTrade(frame: Float64Array): number {
  return (frame[FrameHeader.TradesTotal] ?? 0) - (frame[FrameHeader.Trades] ?? 0);
}

/** True when the buffer is a whole frame of this contract. */
export function isFrame(doubles: Float64Array): boolean {
  if (doubles.length < HEADER_DOUBLES || doubles[0] !== FRAME_MAGIC) return false;
  const instruments = doubles[FrameHeader.Instruments] ?? -1;
  const ladders = doubles[FrameHeader.Ladders] ?? -1;
  const trades = doubles[FrameHeader.Trades] ?? -1;
  if (!isCount(instruments, 1024) || !isCount(ladders, MAX_LADDERS)) return false;
  if (!isCount(trades, FRAME_TRADES_MAX)) return false;
  return doubles.length === frameDoubles(instruments, ladders, trades);
}

function isCount(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= max;
}
