/**
 * pnl: the account's profit and loss: realised, unrealised, of the day, and the fall from its peak.
 *
 * Unrealised twice: at the touch (what closing now would give: bid for a long, ask for a short),
 * which rules the day's loss and the drawdown, and at the mark where the venue gives one. A side of
 * a market that is not valid keeps its last figure. The day turns over at 00:00 UTC; what was made
 * so far goes to the day before. `restore` continues a day after a restart.
 *
 * Writer    core, once a turn. Readers: gate, views, journal.
 * Units     1e-8 quote units; wall time in epoch ms.
 * Hot path: update. No allocation after construction.
 * Imports   base, domain, portfolio/position-keeper.
 */
import { assert } from '../base/assert.ts';
import type { Instrument } from '../domain/instrument.ts';
import { Market } from '../domain/market.ts';
import { OWNERS, type PositionKeeper } from './position-keeper.ts';

export const DAY_MS = 86_400_000;

export const Pnl = {
  RealisedE8: 0,
  FeesE8: 1,
  UnrealisedTouchE8: 2,
  UnrealisedMarkE8: 3,
  /** Realised − fees + unrealised at the touch, since the session began. */
  EquityE8: 4,
  DayE8: 5,
  DayRealisedE8: 6,
  DayFeesE8: 7,
  /** Highest DayE8 of the day (never below 0) and how far below it we are (≥ 0). */
  PeakE8: 8,
  DrawdownE8: 9,
  /** Days since 1970-01-01 UTC. */
  Day: 10,
} as const;
export const PNL_SIZE = 11;

export class AccountPnl {
  readonly fields = new Float64Array(PNL_SIZE);
  /** Unrealised of each instrument and of each owner row (position-keeper's), at the touch. */
  readonly instrumentUnrealisedE8: Float64Array;
  readonly instrumentMarkE8: Float64Array;
  readonly ownerUnrealisedE8: Float64Array;
  readonly #keeper: PositionKeeper;
  readonly #tickLotE8: Float64Array;
  /** Equity, realised and fees at the day's start. */
  readonly #base = new Float64Array(3);

  constructor(instruments: readonly Instrument[], keeper: PositionKeeper) {
    assert(
      instruments.length === keeper.instrumentCount,
      'pnl and keeper serve the same instruments',
    );
    this.#keeper = keeper;
    this.#tickLotE8 = new Float64Array(instruments.length);
    for (let i = 0; i < instruments.length; i++) this.#tickLotE8[i] = instruments[i]!.tickLotE8;
    this.instrumentUnrealisedE8 = new Float64Array(instruments.length);
    this.instrumentMarkE8 = new Float64Array(instruments.length);
    this.ownerUnrealisedE8 = new Float64Array(instruments.length * OWNERS);
  }

  /** Continues a day that began before this session: what it had realised and paid. */
  restore(day: number, realisedE8: number, feesE8: number): void {
    this.fields[Pnl.Day] = day;
    this.#base[0] = feesE8 - realisedE8;
    this.#base[1] = -realisedE8;
    this.#base[2] = -feesE8;
    this.fields[Pnl.PeakE8] = Math.max(0, realisedE8 - feesE8);
  }

  /** Marks one instrument's positions against its market; call after its message was applied. */
  mark(instrument: number, market: Float64Array): void {
    if (market[Market.Valid] !== 1) return;
    const keeper = this.#keeper;
    const tickLotE8 = this.#tickLotE8[instrument]!;
    const bid = market[Market.BidTicks]!;
    const ask = market[Market.AskTicks]!;
    const first = instrument * OWNERS;
    for (let row = first; row < first + OWNERS; row++) {
      const lots = keeper.ownerLots[row]!;
      const exit = lots > 0 ? bid : ask;
      this.ownerUnrealisedE8[row] = lots * (exit - keeper.ownerEntryTicks[row]!) * tickLotE8;
    }
    const lots = keeper.accountLots[instrument]!;
    const entry = keeper.accountEntryTicks[instrument]!;
    const touch = lots > 0 ? bid : ask;
    const markTicks = market[Market.MarkTicks]! > 0 ? market[Market.MarkTicks]! : touch;
    this.instrumentUnrealisedE8[instrument] = lots * (touch - entry) * tickLotE8;
    this.instrumentMarkE8[instrument] = lots * (markTicks - entry) * tickLotE8;
  }

  /** Sums up and turns the day over; wall[0] is epoch ms. Once a turn, after the marks. */
  update(wall: Float64Array): void {
    const fields = this.fields;
    let touch = 0;
    let mark = 0;
    const count = this.instrumentUnrealisedE8.length;
    for (let i = 0; i < count; i++) {
      touch += this.instrumentUnrealisedE8[i]!;
      mark += this.instrumentMarkE8[i]!;
    }
    const realised = this.#keeper.totals[0]!;
    const fees = this.#keeper.totals[1]!;
    const equity = realised - fees + touch;
    fields[Pnl.RealisedE8] = realised;
    fields[Pnl.FeesE8] = fees;
    fields[Pnl.UnrealisedTouchE8] = touch;
    fields[Pnl.UnrealisedMarkE8] = mark;
    fields[Pnl.EquityE8] = equity;
    const day = Math.floor(wall[0]! / DAY_MS);
    if (day !== fields[Pnl.Day]) this.#turnOver(day, equity);
    const dayE8 = equity - this.#base[0]!;
    fields[Pnl.DayE8] = dayE8;
    fields[Pnl.DayRealisedE8] = realised - this.#base[1]!;
    fields[Pnl.DayFeesE8] = fees - this.#base[2]!;
    if (dayE8 > fields[Pnl.PeakE8]!) fields[Pnl.PeakE8] = dayE8;
    fields[Pnl.DrawdownE8] = fields[Pnl.PeakE8]! - dayE8;
  }

  /**
   * The first day seen keeps what restore gave it and what this session made before its first turn.
   */
  #turnOver(day: number, equityE8: number): void {
    const isFirst = this.fields[Pnl.Day] === 0;
    this.fields[Pnl.Day] = day;
    if (isFirst) return;
    this.#base[0] = equityE8;
    this.#base[1] = this.#keeper.totals[0]!;
    this.#base[2] = this.#keeper.totals[1]!;
    this.fields[Pnl.PeakE8] = 0;
  }
}
