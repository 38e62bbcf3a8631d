/**
 * publisher: fills the shared views from the pipeline's state, for the host to copy.
 *
 * Instrument views at the end of every turn that touched the instrument; deep views (the ladder's
 * scroll window) at most 60 times a second and only of watched instruments; the engine view at most
 * every 50 ms, soon after orders moved, at once after something a person should see.
 *
 * Writer    trading thread. Layouts: core/published, contract/frames (deep view).
 * Hot path: no allocation.
 * Imports   book, contract, core, domain, memory, portfolio.
 */
import { Freshness } from '../book/freshness.ts';
import { FrameLadder, LADDER_LEVELS } from '../contract/frames.ts';
import { Market, MARKET_SIZE } from '../domain/market.ts';
import { Owner, TradingState } from '../domain/modes.ts';
import { QUOTE_SIZE } from '../domain/quote.ts';
import { READINGS_SIZE } from '../domain/readings.ts';
import { SCALP_SIZE, SCALPS_MAX } from '../domain/scalp.ts';
import { Side } from '../domain/units.ts';
import { VERDICT_COUNT } from '../domain/verdict.ts';
import { OrderCounter } from '../execution/order-timing.ts';
import type { ViewWriter } from '../memory/slot-view.ts';
import { Pnl } from '../portfolio/pnl.ts';
import { OWNERS } from '../portfolio/position-keeper.ts';
import { OrderState } from '../domain/order.ts';
import { Quote } from '../domain/quote.ts';
import { STRATEGY_MARKET_MAKING, STRATEGY_SCALPER } from './command-codes.ts';
import { ClockField } from './clock-field.ts';
import type { Pipeline } from './pipeline.ts';
import {
  EngineHead,
  EngineRow,
  EngineViewLayout,
  InstrumentView,
  OrderRow,
  VIEW_ORDERS_MAX,
} from './published.ts';

const ENGINE_VIEW_EVERY_NS = 50e6;
/** After orders moved; the next timer turn shows it in any case. */
const CHANGED_VIEW_EVERY_NS = 5e6;
const DEEP_VIEW_EVERY_NS = 16e6;

export interface PublisherViews {
  readonly engine: ViewWriter;
  /** By instrument. */
  readonly markets: readonly ViewWriter[];
  readonly deep: readonly ViewWriter[];
}

export class Publisher {
  readonly layout: EngineViewLayout;
  /** Bit set by the host's watch: instruments whose deep view somebody wants. */
  readonly watched: Uint8Array;
  readonly #pipeline: Pipeline;
  readonly #views: PublisherViews;
  readonly #ticks = new Int32Array(LADDER_LEVELS);
  readonly #lots = new Float64Array(LADDER_LEVELS);
  readonly #deepNs: Float64Array;
  readonly #deepPending: Uint8Array;
  /** [last engine view]. */
  readonly #times = new Float64Array(1);

  constructor(pipeline: Pipeline, views: PublisherViews) {
    this.#pipeline = pipeline;
    this.#views = views;
    const count = pipeline.instruments.length;
    this.layout = new EngineViewLayout(count);
    this.watched = new Uint8Array(count);
    this.#deepNs = new Float64Array(count);
    this.#deepPending = new Uint8Array(count);
    this.#times[0] = -Infinity;
  }

  /**
   * Ladders that somebody looks at from now on; shown after the next turn. The pipeline's own
   * `touched` stays alone: what is looked at must not change what is decided.
   */
  watch(instruments: readonly number[]): void {
    this.watched.fill(0);
    for (const index of instruments) {
      this.watched[index] = 1;
      this.#deepPending[index] = 1;
    }
  }

  /** After a turn: shows what it touched. */
  publish(): void {
    const { touched, clock, desk, isTimerTurn } = this.#pipeline;
    const nowNs = clock[ClockField.NowNs]!;
    for (let i = 0; i < touched.length; i++) {
      if (touched[i] === 1) {
        this.#market(i);
        this.#deepPending[i] = 1;
        touched[i] = 0;
      }
      if (this.watched[i] === 1 && this.#deepPending[i] === 1) this.#deepWhenDue(i, clock);
    }
    const sinceNs = nowNs - this.#times[0]!;
    const isChangeDue = desk.hasChanged && (isTimerTurn || sinceNs >= CHANGED_VIEW_EVERY_NS);
    if (desk.isDirty || isChangeDue || sinceNs >= ENGINE_VIEW_EVERY_NS) {
      desk.isDirty = false;
      desk.hasChanged = false;
      this.#times[0] = nowNs;
      this.#engine();
    }
  }

  /** Shows everything as it stands, due or not: the tape has stopped here. */
  flush(): void {
    const { clock } = this.#pipeline;
    for (let i = 0; i < this.watched.length; i++) {
      this.#market(i);
      if (this.watched[i] !== 1) continue;
      this.#deepNs[i] = -Infinity;
      this.#deepWhenDue(i, clock);
    }
    this.#times[0] = clock[ClockField.NowNs]!;
    this.#engine();
  }

  #market(instrument: number): void {
    const pipeline = this.#pipeline;
    const view = this.#views.markets[instrument]!;
    const base = view.begin();
    const out = view.doubles;
    const fields = pipeline.books.states[instrument]!.fields;
    const readings = pipeline.signals[instrument]!.readings;
    for (let k = 0; k < MARKET_SIZE; k++) out[base + k] = fields[k]!;
    const at = base + InstrumentView.Readings;
    for (let k = 0; k < READINGS_SIZE; k++) out[at + k] = readings[k]!;
    out[base + InstrumentView.Score] = pipeline.scalper.scores[instrument]!;
    view.commit();
  }

  #deepWhenDue(instrument: number, clock: Float64Array): void {
    const nowNs = clock[ClockField.NowNs]!;
    if (nowNs - this.#deepNs[instrument]! < DEEP_VIEW_EVERY_NS) return;
    this.#deepNs[instrument] = nowNs;
    this.#deepPending[instrument] = 0;
    const state = this.#pipeline.books.states[instrument]!;
    const view = this.#views.deep[instrument]!;
    const base = view.begin();
    const out = view.doubles;
    out[base + FrameLadder.Instrument] = instrument;
    out[base + FrameLadder.UpdateId] = state.fields[Market.DepthUpdateId]!;
    const bids = state.book.levels(Side.Buy, LADDER_LEVELS, this.#ticks, this.#lots);
    this.#copyLevels(out, base + FrameLadder.Bids, bids);
    out[base + FrameLadder.BidCount] = bids;
    const asks = state.book.levels(Side.Sell, LADDER_LEVELS, this.#ticks, this.#lots);
    this.#copyLevels(out, base + FrameLadder.Asks, asks);
    out[base + FrameLadder.AskCount] = asks;
    view.commit();
  }

  #copyLevels(out: Float64Array, base: number, count: number): void {
    for (let k = 0; k < LADDER_LEVELS; k++) {
      out[base + 2 * k] = k < count ? this.#ticks[k]! : 0;
      out[base + 2 * k + 1] = k < count ? this.#lots[k]! : 0;
    }
  }

  #engine(): void {
    const pipeline = this.#pipeline;
    const view = this.#views.engine;
    const base = view.begin();
    const out = view.doubles;
    this.#head(out, base);
    for (let i = 0; i < pipeline.instruments.length; i++) {
      this.#row(out, base + this.layout.row(i), i);
    }
    const scalps = pipeline.exits.table.rows;
    const toScalps = base + this.layout.scalps;
    for (let k = 0; k < SCALPS_MAX * SCALP_SIZE; k++) out[toScalps + k] = scalps[k]!;
    const quotes = pipeline.quoter.rows;
    const toQuotes = base + this.layout.quotes;
    const quoteDoubles = pipeline.instruments.length * QUOTE_SIZE;
    for (let k = 0; k < quoteDoubles; k++) out[toQuotes + k] = quotes[k]!;
    const toDenials = base + this.layout.denials;
    for (let k = 0; k < VERDICT_COUNT; k++) out[toDenials + k] = pipeline.gate.denials[k]!;
    this.#orders(out, base);
    view.commit();
  }

  #head(out: Float64Array, base: number): void {
    const pipeline = this.#pipeline;
    const { pnl, states, desk, clock, manager, table } = pipeline;
    const fields = pnl.fields;
    out[base + EngineHead.NowNs] = clock[ClockField.NowNs]!;
    out[base + EngineHead.State] = states.global[0]!;
    out[base + EngineHead.Reason] = states.reason[0]!;
    out[base + EngineHead.Turns] = pipeline.turnCount;
    out[base + EngineHead.Records] = pipeline.recordCount;
    out[base + EngineHead.Decisions] = pipeline.decisionCount;
    out[base + EngineHead.Fills] = desk.counts.fills;
    out[base + EngineHead.ScalpsClosed] = desk.counts.scalpsClosed;
    out[base + EngineHead.ScalpsWon] = desk.counts.scalpsWon;
    out[base + EngineHead.RealisedE8] = fields[Pnl.DayRealisedE8]!;
    out[base + EngineHead.FeesE8] = fields[Pnl.DayFeesE8]!;
    out[base + EngineHead.UnrealisedE8] = fields[Pnl.UnrealisedTouchE8]!;
    this.#ownerNetE8(Owner.Scalper, out, base + EngineHead.ScalperE8);
    this.#ownerNetE8(Owner.Quoter, out, base + EngineHead.QuoterE8);
    this.#ownerNetE8(Owner.Hand, out, base + EngineHead.HandE8);
    out[base + EngineHead.OpenOrders] = table.activeCount;
    out[base + EngineHead.UnknownOrders] = this.#unknownOrders();
    out[base + EngineHead.OrderBudgetPercent] = pipeline.gate.budgetPercent();
    out[base + EngineHead.LoopLagNs] = clock[ClockField.LoopLagNs]!;
    out[base + EngineHead.IllegalTransitions] = manager.counters[OrderCounter.IllegalTransitions]!;
    out[base + EngineHead.ExternalFills] = desk.counts.externalFills;
    out[base + EngineHead.IntentsDropped] = desk.intents.dropped;
    out[base + EngineHead.EquityE8] = pipeline.wallet[0]! + fields[Pnl.EquityE8]!;
    out[base + EngineHead.DrawdownE8] = fields[Pnl.DrawdownE8]!;
    out[base + EngineHead.OrdersPlaced] = desk.counts.placed;
    out[base + EngineHead.PositionMismatch] = this.#mismatches();
    out[base + EngineHead.DayE8] = fields[Pnl.DayE8]!;
    out[base + EngineHead.PeakE8] = fields[Pnl.PeakE8]!;
    out[base + EngineHead.Day] = fields[Pnl.Day]!;
  }

  /** Writes the sum: a double that is returned is boxed. */
  #ownerNetE8(owner: number, out: Float64Array, at: number): void {
    const { keeper, pnl } = this.#pipeline;
    let sum = 0;
    for (let row = owner; row < keeper.ownerRealisedE8.length; row += OWNERS) {
      sum += keeper.ownerRealisedE8[row]! - keeper.ownerFeesE8[row]!;
      sum += pnl.ownerUnrealisedE8[row]!;
    }
    out[at] = Math.round(sum);
  }

  #unknownOrders(): number {
    const { table } = this.#pipeline;
    let count = 0;
    for (let k = 0; k < table.activeCount; k++) {
      if (table.state[table.active[k]!] === OrderState.Unknown) count++;
    }
    return count;
  }

  #mismatches(): number {
    const { keeper } = this.#pipeline;
    let count = 0;
    for (let i = 0; i < keeper.instrumentCount; i++) if (keeper.mismatch(i) !== 0) count++;
    return count;
  }

  #row(out: Float64Array, at: number, i: number): void {
    const pipeline = this.#pipeline;
    const { states, keeper, pnl, clock } = pipeline;
    const scalper = i * OWNERS + Owner.Scalper;
    const quoter = i * OWNERS + Owner.Quoter;
    const fresh = pipeline.freshness[i]!;
    out[at + EngineRow.InstrumentState] = states.instrument[i]!;
    out[at + EngineRow.ScalperState] = states.cell(STRATEGY_SCALPER, i);
    out[at + EngineRow.QuoterState] = states.cell(STRATEGY_MARKET_MAKING, i);
    out[at + EngineRow.ScalperLots] = keeper.ownerLots[scalper]!;
    out[at + EngineRow.QuoterLots] = keeper.ownerLots[quoter]!;
    out[at + EngineRow.HandLots] = keeper.lots(i, Owner.Hand) + keeper.lots(i, Owner.None);
    out[at + EngineRow.VenueLots] = keeper.venueLots[i]!;
    out[at + EngineRow.VenueLotsKnown] = keeper.venueKnown[i]!;
    const last = fresh[Freshness.LastNs]!;
    out[at + EngineRow.AgeNs] = last > 0 ? clock[ClockField.NowNs]! - last : 0;
    out[at + EngineRow.VenueLagMs] = fresh[Freshness.LagNs]! / 1e6;
    out[at + EngineRow.FreshMask] = pipeline.staleMasks[i]!;
    out[at + EngineRow.Messages] = pipeline.messageCounts[i]!;
    out[at + EngineRow.Entries] = pipeline.desk.entries[i]!;
    out[at + EngineRow.Vetoes] = pipeline.vetoCounts[i]!;
    out[at + EngineRow.ScalperE8] = Math.round(
      keeper.ownerRealisedE8[scalper]! -
        keeper.ownerFeesE8[scalper]! +
        pnl.ownerUnrealisedE8[scalper]!,
    );
    out[at + EngineRow.QuoterE8] = Math.round(
      keeper.ownerRealisedE8[quoter]! -
        keeper.ownerFeesE8[quoter]! +
        pnl.ownerUnrealisedE8[quoter]!,
    );
    out[at + EngineRow.HeldBack] = pipeline.heldBack(STRATEGY_SCALPER, i);
    const isQuoterArmed = states.cell(STRATEGY_MARKET_MAKING, i) === TradingState.Armed;
    out[at + EngineRow.QuoterHeldBack] = isQuoterArmed
      ? pipeline.heldBack(STRATEGY_MARKET_MAKING, i) ||
        pipeline.quoter.rows[i * QUOTE_SIZE + Quote.Reason]!
      : 0;
    out[at + EngineRow.QuoteFills] = keeper.ownerFillCount[quoter]!;
    out[at + EngineRow.Score] = pipeline.scalper.scores[i]!;
    out[at + EngineRow.Gaps] = pipeline.books.states[i]!.gapCount;
    out[at + EngineRow.Resyncs] = pipeline.books.states[i]!.resyncCount;
    this.#hand(out, at, i);
  }

  #hand(out: Float64Array, at: number, i: number): void {
    const { states, keeper, pnl } = this.#pipeline;
    const hand = i * OWNERS + Owner.Hand;
    out[at + EngineRow.LadderUnlocked] = states.ladder[i]!;
    out[at + EngineRow.HandEntryTicks] = keeper.ownerEntryTicks[hand]!;
    out[at + EngineRow.HandRealisedE8] = Math.round(
      keeper.ownerRealisedE8[hand]! - keeper.ownerFeesE8[hand]!,
    );
    out[at + EngineRow.HandUnrealisedE8] = Math.round(pnl.ownerUnrealisedE8[hand]!);
  }

  #orders(out: Float64Array, base: number): void {
    const { table } = this.#pipeline;
    const count = Math.min(table.activeCount, VIEW_ORDERS_MAX);
    out[base + this.layout.orderCount] = count;
    for (let k = 0; k < count; k++) {
      const slot = table.active[k]!;
      const at = base + this.layout.order(k);
      out[at + OrderRow.Slot] = slot;
      out[at + OrderRow.ClientSequence] = table.clientSequence[slot]!;
      out[at + OrderRow.Instrument] = table.instrument[slot]!;
      out[at + OrderRow.Side] = table.side[slot]!;
      out[at + OrderRow.PriceTicks] = table.priceTicks[slot]!;
      out[at + OrderRow.Lots] = table.lots[slot]!;
      out[at + OrderRow.FilledLots] = table.filledLots[slot]!;
      out[at + OrderRow.State] = table.state[slot]!;
      out[at + OrderRow.Owner] = table.owner[slot]!;
      out[at + OrderRow.Purpose] = table.purpose[slot]!;
      out[at + OrderRow.TimeInForce] = table.timeInForce[slot]!;
      out[at + OrderRow.ReduceOnly] = table.reduceOnly[slot]!;
      out[at + OrderRow.CreatedNs] = table.createdNs[slot]!;
    }
  }
}
