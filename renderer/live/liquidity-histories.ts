/**
 * liquidity-histories: one history for each instrument whose ladder is watched, made when its
 * first ladder comes.
 *
 * It outlives a reconnect to the same engine session: the time in between is a gap.
 *
 * Writer    live/live-market. Readers: the liquidity panel.
 * Imports   contract/frames, ./book-view, ./frame-memory, ./liquidity-history.
 */
import { FrameHeader, FrameLadder, ladderAt } from '../../engine/contract/frames.ts';
import type { BookView } from './book-view.ts';
import { RingTrade } from './frame-memory.ts';
import { LiquidityHistory } from './liquidity-history.ts';

export class LiquidityHistories {
  readonly #all = new Map<number, LiquidityHistory>();

  /** The history of an instrument, or null while its ladder has not been watched. */
  of(instrument: number): LiquidityHistory | null {
    return this.#all.get(instrument) ?? null;
  }

  update(book: BookView): void {
    const instruments = book.frame[FrameHeader.Instruments] ?? 0;
    const ladders = book.frame[FrameHeader.Ladders] ?? 0;
    for (let i = 0; i < ladders; i++) {
      const at = ladderAt(instruments, i);
      this.#made(book.frame[at + FrameLadder.Instrument] ?? 0).update(book, at);
    }
  }

  #made(instrument: number): LiquidityHistory {
    let history = this.#all.get(instrument);
    if (history === undefined) {
      history = new LiquidityHistory(instrument);
      this.#all.set(instrument, history);
    }
    return history;
  }

  /** The trade at `at` of the ring. */
  takeTrade(ring: Float64Array, at: number, book: BookView): void {
    const history = this.#all.get(ring[at + RingTrade.Instrument] ?? -1);
    if (history === undefined) return;
    const ageMs = (book.nowNs - (ring[at + RingTrade.TimeNs] ?? 0)) / 1e6;
    const side = (ring[at + RingTrade.Side] ?? 0) < 0 ? -1 : 1;
    history.takeTrade(
      ring[at + RingTrade.Number] ?? 0,
      book.wallMs - ageMs,
      ring[at + RingTrade.Ticks] ?? 0,
      side * (ring[at + RingTrade.Lots] ?? 0),
    );
  }

  clear(): void {
    for (const history of this.#all.values()) history.clear();
  }
}
