/**
 * frame-publisher: copies of the shared views → one binary frame per display refresh.
 *
 * A terminal gets a frame only against credit (two at most outstanding) and while its carrier has
 * taken the former ones: frames are conflated, never queued. What was left out is counted in the
 * next frame's header.
 *
 * Writer    host thread. Readers: terminals (contract/frames).
 * Imports   contract, core/published, domain, memory.
 */
import {
  FRAME_MAGIC,
  FRAME_TRADES_MAX,
  FrameHeader,
  FrameInstrument,
  frameDoubles,
  FrameTrade,
  instrumentAt,
  LADDER_DOUBLES,
  ladderAt,
  tradeAt,
} from '../contract/frames.ts';
import { InstrumentView } from '../core/published.ts';
import { LEVELS, Market } from '../domain/market.ts';
import { READING_STRIDE, Reading, ReadingExtra, SIGNAL_COUNT } from '../domain/readings.ts';
import { instrumentOf, kindOf, RecordKind } from '../memory/market-record.ts';
import type { LatestReader } from '../memory/latest-ring.ts';

/** What one frame is built from; the host refreshes the copies before each build. */
export interface FrameSource {
  /** Copies of the instrument views. */
  readonly markets: readonly Float64Array[];
  /** Copy of the deep view of an instrument (contract/frames FrameLadder layout), or null. */
  ladder(instrument: number): Float64Array | null;
  nowNs(): number;
  readonly anchorWallMs: number;
  messagesTotal(): number;
}

export interface TradeListener {
  /** The trade at `rows[at + FrameTrade.…]`, its number, and how many before it are lost. */
  onTrade(rows: Float64Array, at: number, sequence: number, missed: number): void;
}

/** Trades between two frames, kept once for all terminals with the number of the newest. */
export class TradeTape {
  readonly #reader: LatestReader;
  readonly #rows = new Float64Array(1024 * 5);
  /** Trades taken from the ring so far: the number of the next one. */
  total = 0;
  /** Number of the newest of them in the session: those that were missed count. */
  sequence = 0;
  /** Times at which trades may have been lost. */
  holes = 0;
  /** Told of every trade as it is taken. */
  readonly listeners: TradeListener[] = [];
  /** Of these, how many came before the last hole: a frame never spans one. */
  #hole = 0;
  #missedSeen = 0;
  /** Trades, and lost ones, of the sessions before this one. */
  #before = 0;
  #missedBefore = 0;

  constructor(reader: LatestReader) {
    this.#reader = reader;
  }

  get missed(): number {
    return this.#reader.missed - this.#missedBefore;
  }

  /** Another session: its trades are numbered anew, and no frame holds an older one. */
  begin(): void {
    this.drain();
    this.#before = this.total + this.#reader.missed;
    this.#missedBefore = this.#reader.missed;
    this.#hole = this.total;
    this.sequence = 0;
    this.holes = 0;
  }

  /**
   * Takes what the ring holds, and tells each on. Record words: kind and instrument, ticks;
   * doubles: lots, –, time.
   */
  drain(): void {
    const reader = this.#reader;
    while (reader.next()) {
      const missed = reader.missed - this.#missedSeen;
      if (missed > 0) {
        this.#missedSeen = reader.missed;
        this.#hole = this.total;
        this.holes++;
      }
      const header = reader.words[0]!;
      const at = (this.total & 1023) * 5;
      const rows = this.#rows;
      rows[at + FrameTrade.Instrument] = instrumentOf(header);
      rows[at + FrameTrade.Ticks] = reader.words[1]!;
      rows[at + FrameTrade.Lots] = reader.doubles[1]!;
      rows[at + FrameTrade.Side] = kindOf(header) === RecordKind.BuyTrade ? 1 : -1;
      rows[at + FrameTrade.TimeNs] = reader.doubles[3]!;
      this.total++;
      this.sequence = this.total + reader.missed - this.#before;
      for (const listener of this.listeners) listener.onTrade(rows, at, this.sequence, missed);
    }
  }

  /** How many trades newer than `since` a frame may carry. */
  waiting(since: number): number {
    return Math.min(this.total - Math.max(since, this.#hole), FRAME_TRADES_MAX);
  }

  /** Copies up to FRAME_TRADES_MAX trades newer than `since` into `out`; returns how many. */
  copySince(since: number, out: Float64Array, base: number, max: number): number {
    const count = Math.min(this.waiting(since), max);
    for (let k = 0; k < count; k++) {
      const at = ((this.total - count + k) & 1023) * 5;
      for (let field = 0; field < 5; field++) out[base + k * 5 + field] = this.#rows[at + field]!;
    }
    return count;
  }
}

export interface FrameState {
  sequence: number;
  skipped: number;
  tradesSeen: number;
}

/** Builds one terminal's frame. Its ladders are those it watches. */
export function buildFrame(
  source: FrameSource,
  tape: TradeTape,
  watched: readonly number[],
  state: FrameState,
): ArrayBuffer {
  const instruments = source.markets.length;
  const ladders = watched.filter((index) => source.ladder(index) !== null);
  const trades = tape.waiting(state.tradesSeen);
  const frame = new Float64Array(frameDoubles(instruments, ladders.length, trades));
  state.sequence++;
  frame[FrameHeader.Magic] = FRAME_MAGIC;
  frame[FrameHeader.Sequence] = state.sequence;
  frame[FrameHeader.NowNs] = source.nowNs();
  frame[FrameHeader.WallMs] = source.anchorWallMs + source.nowNs() / 1e6;
  frame[FrameHeader.Instruments] = instruments;
  frame[FrameHeader.Ladders] = ladders.length;
  frame[FrameHeader.Trades] = trades;
  frame[FrameHeader.Skipped] = state.skipped;
  frame[FrameHeader.MessagesTotal] = source.messagesTotal();
  frame[FrameHeader.TradesTotal] = tape.sequence;
  frame[FrameHeader.TradeHoles] = tape.holes;
  let newest = 0;
  for (let i = 0; i < instruments; i++) {
    const market = source.markets[i]!;
    writeInstrument(frame, instrumentAt(i), market);
    newest = Math.max(newest, market[Market.NowNs]!);
  }
  frame[FrameHeader.NewestNs] = newest;
  ladders.forEach((index, k) => {
    const base = ladderAt(instruments, k);
    const ladder = source.ladder(index)!;
    for (let d = 0; d < LADDER_DOUBLES; d++) frame[base + d] = ladder[d]!;
  });
  tape.copySince(state.tradesSeen, frame, tradeAt(instruments, ladders.length, 0), trades);
  state.tradesSeen = tape.total;
  return frame.buffer;
}

function writeInstrument(frame: Float64Array, base: number, view: Float64Array): void {
  frame[base + FrameInstrument.BookState] = view[Market.BookState]!;
  frame[base + FrameInstrument.Valid] = view[Market.Valid]!;
  frame[base + FrameInstrument.BidTicks] = view[Market.BidTicks]!;
  frame[base + FrameInstrument.BidLots] = view[Market.BidLots]!;
  frame[base + FrameInstrument.AskTicks] = view[Market.AskTicks]!;
  frame[base + FrameInstrument.AskLots] = view[Market.AskLots]!;
  frame[base + FrameInstrument.MicroTicks] = view[Market.MicroTicks]!;
  frame[base + FrameInstrument.LastTradeTicks] = view[Market.LastTradeTicks]!;
  frame[base + FrameInstrument.LastTradeLots] = view[Market.LastTradeLots]!;
  frame[base + FrameInstrument.LastTradeSide] = view[Market.LastTradeSide]!;
  frame[base + FrameInstrument.LastTradeNs] = view[Market.LastTradeNs]!;
  frame[base + FrameInstrument.DepthNs] = view[Market.DepthNs]!;
  frame[base + FrameInstrument.TouchNs] = view[Market.TouchNs]!;
  frame[base + FrameInstrument.TotalBuyLots] = view[Market.TotalBuyLots]!;
  frame[base + FrameInstrument.TotalSellLots] = view[Market.TotalSellLots]!;
  frame[base + FrameInstrument.MarkTicks] = view[Market.MarkTicks]!;
  const readings = InstrumentView.Readings;
  frame[base + FrameInstrument.Sigma5mTicks] = view[readings + ReadingExtra.Sigma5mTicks]!;
  for (let level = 0; level < LEVELS; level++) {
    const bid = view[Market.BidLots0 + level]!;
    const ask = view[Market.AskLots0 + level]!;
    const sum = bid + ask;
    frame[base + FrameInstrument.Imbalance0 + level] = sum > 0 ? (bid - ask) / sum : 0;
  }
  for (let s = 0; s < SIGNAL_COUNT; s++) {
    const at = readings + s * READING_STRIDE;
    frame[base + FrameInstrument.Strength0 + s] = view[at + Reading.Strength]!;
    frame[base + FrameInstrument.Confidence0 + s] = view[at + Reading.Confidence]!;
  }
}
