/**
 * live-market: all machine-pace state of the window, refreshed once at the start of a display
 * frame.
 *
 * Writer    itself, called by the frame loop. Readers: painters, through the views.
 * Imports   contract, live.
 */
import { BookView } from './book-view.ts';
import { FrameHeader, FrameTrade } from '../../engine/contract/frames.ts';
import { CandleFeed } from './candle-feed.ts';
import { createFrameMemory, FrameReader, RingTrade } from './frame-memory.ts';
import { ImbalanceHistory } from './imbalance-history.ts';
import { LiquidityHistories } from './liquidity-histories.ts';
import { TapeView } from './tape-view.ts';
import { TradeLog } from './trade-log.ts';

export class LiveMarket {
  readonly memory: SharedArrayBuffer;
  readonly book: BookView;
  readonly tape = new TapeView();
  /** Survives a reconnect: its trades have numbers. */
  readonly trades = new TradeLog();
  readonly imbalance = new ImbalanceHistory();
  readonly liquidity = new LiquidityHistories();
  readonly candles: CandleFeed;
  readonly #reader: FrameReader;
  #nowMs = 0;
  #lastFrameMs = 0;
  /** Wall clock at engine time 0, by the newest frame. */
  #anchorMs = 0;
  readonly #takeTrade = (ring: Float64Array, at: number): void => {
    this.tape.take(ring, at, this.#nowMs);
    this.candles.take(ring, at);
    this.liquidity.takeTrade(ring, at, this.book);
    // History numbers from 1.
    const sequence = (ring[at + RingTrade.Number] ?? 0) + 1;
    this.trades.add(
      sequence,
      ring[at + FrameTrade.Instrument] ?? 0,
      ring[at + FrameTrade.Ticks] ?? 0,
      ring[at + FrameTrade.Lots] ?? 0,
      ring[at + FrameTrade.Side] ?? 0,
      this.#anchorMs + (ring[at + FrameTrade.TimeNs] ?? 0) / 1e6,
    );
  };

  constructor(memory: SharedArrayBuffer = createFrameMemory()) {
    this.memory = memory;
    this.#reader = new FrameReader(memory);
    this.book = new BookView(this.#reader.frame);
    this.candles = new CandleFeed((visit) => this.#reader.visitRecent(visit));
  }

  /** Brings the views up to the newest frame. */
  refresh(nowMs: number): void {
    this.#nowMs = nowMs;
    if (this.#reader.takeRestart()) this.clear();
    if (!this.#reader.readLatest()) return;
    this.#lastFrameMs = nowMs;
    const { frame } = this.book;
    this.#anchorMs = (frame[FrameHeader.WallMs] ?? 0) - (frame[FrameHeader.NowNs] ?? 0) / 1e6;
    this.book.version += 1;
    this.#reader.drainTrades(this.#takeTrade);
    this.imbalance.update(this.book);
    this.liquidity.update(this.book);
    this.candles.lookForHoles(this.book.frame[FrameHeader.TradeHoles] ?? 0);
  }

  /** How long no frame has come; 0 before the first of a connection. */
  frameAgeMs(nowMs: number): number {
    return this.book.version === 0 ? 0 : nowMs - this.#lastFrameMs;
  }

  /** Forgets everything: after a reconnect the frames tell it anew. */
  clear(): void {
    this.book.clear();
    this.tape.clear();
    this.imbalance.clear();
    this.candles.clear();
  }

  /** Another session: the past that outlives a reconnect is not its past. */
  forgetPast(): void {
    this.liquidity.clear();
  }
}

/** The window's one live market. */
export const liveMarket = new LiveMarket();
