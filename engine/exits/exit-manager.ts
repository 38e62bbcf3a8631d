/**
 * exit-manager: takes every scalp from its entry order to a position of exactly zero.
 *
 * Called by core in each turn, before quotes and entries: `clock[0]` is set to the turn's time,
 * then `evaluate` runs for every instrument that had an end of message, and on timer turns for all
 * of them. Orders and fills come back through `onOrder` and `onFill`, fills before the state that
 * ends their order. Every intent is answered in the same turn (see scalp-orders).
 *
 * Order of work for one scalp: mark it; decide whether it must be closed; if so cancel what rests,
 * wait for the end or the fill of that, then send a marketable reduce-only order for what is still
 * open, again with a worse price for any remainder; else keep the target resting at the venue.
 *
 * Writer    of ScalpTable. Units: ticks, lots, ns, E8.
 * Invariant the sum of working exit orders ≤ open lots; a reason to close is never taken back.
 * Hot path: no allocation. Imports domain, exits.
 */
import { assert } from '../base/assert.ts';
import { Decision } from '../domain/decision.ts';
import {
  DISTANCE_SIZE,
  Distance,
  setDistanceSettings,
  setExitDistances,
} from '../domain/exit-distance.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { IntentBatch } from '../domain/intent.ts';
import { Market } from '../domain/market.ts';
import { OrderState, Purpose, TimeInForce } from '../domain/order.ts';
import { SCALPS_MAX, SCALP_SIZE, Scalp, ScalpState } from '../domain/scalp.ts';
import { NO_PRICE } from '../domain/units.ts';
import { markToMarket, setBreakEven } from './break-even.ts';
import { isTrusted, markTrusted, markUntrusted } from './emergency.ts';
import { L, LIMITS_SIZE, setExitLimits } from './limits.ts';
import type { ExitParameters } from './parameters.ts';
import { isGivenBack } from './profit-protection.ts';
import { ScalpOrders } from './scalp-orders.ts';
import type { ScalpTable } from './scalp-table.ts';
import { ASKED, Role, RoleField, WORK_SIZE, Work, roleAt, roleOf } from './scalp-work.ts';
import { isStopHit, setStop, tightenToBreakEven } from './stop.ts';
import { isTargetReached, setHalfLots, setTargets } from './target.ts';
import { TimeStage, timeStage } from './time-stop.ts';
import { isTrailHit, updateTrail } from './trailing.ts';

/** Bits of `allowed`. */
export const Allowed = { ProtectiveExits: 1, Flatten: 2 } as const;

/** Fields of the array handed to `onFill`. */
export const Fill = {
  Side: 0,
  Lots: 1,
  PriceTicks: 2,
  FeeE8: 3,
  RealisedE8: 4,
  IsMaker: 5,
  NowNs: 6,
} as const;
export const FILL_SIZE = 7;

const NS_PER_MS = 1e6;
/** Refusals of the resting target after which the target is taken at the touch instead. */
const TARGET_REFUSALS_MAX = 3;
const EXIT_REFUSALS_SHOWN = 3;
const UNANSWERED_NS = 100 * NS_PER_MS;

export class ExitManager {
  /** Set by core before each evaluation: engine time of the turn. */
  readonly clock = new Float64Array(1);
  readonly table: ScalpTable;
  /** TimeStage of each slot, for the warning on the screen. */
  readonly stages = new Uint8Array(SCALPS_MAX);
  /** By slot: distance of the first stop and worst closing price so far; 0 where not known. */
  readonly firstStopTicks = new Float64Array(SCALPS_MAX);
  readonly worstTicks = new Float64Array(SCALPS_MAX);
  /** When a scalp last ended, by instrument; −Infinity before the first. */
  readonly lastEndNs: Float64Array;
  /** Scalps that are not Free, by instrument. */
  readonly openCounts: Int32Array;
  /** Scalps that ended, by the purpose of the fill that closed them. */
  readonly endedByPurpose = new Int32Array(16);
  /** Scalps whose first half was taken out at the first target. */
  halfOutCount = 0;
  /** Entries that ended without a fill. */
  unfilledEntries = 0;
  /** Fills for a slot that held no scalp, and lots filled beyond what was open: both stay 0. */
  orphanFills = 0;
  excessLots = 0;
  readonly #instruments: readonly Instrument[];
  readonly #orders: ScalpOrders;
  readonly #work: Float64Array;
  readonly #distance = new Float64Array(DISTANCE_SIZE);
  readonly #limits = new Float64Array(LIMITS_SIZE);

  constructor(instruments: readonly Instrument[], parameters: ExitParameters, table: ScalpTable) {
    this.table = table;
    this.#instruments = instruments;
    this.configure(parameters);
    this.#orders = new ScalpOrders(table, this.clock, this.#limits);
    this.#work = this.#orders.work;
    this.lastEndNs = new Float64Array(instruments.length).fill(-Infinity);
    this.openCounts = new Int32Array(instruments.length);
  }

  /** New settings apply to scalps from now on; stops that stand never loosen. */
  configure(parameters: ExitParameters): void {
    setExitLimits(this.#limits, parameters);
    setDistanceSettings(this.#distance, parameters);
  }

  /** Manages every scalp of an instrument. `allowed`: see Allowed. */
  evaluate(
    instrument: number,
    market: Float64Array,
    readings: Float64Array,
    allowed: number,
    intents: IntentBatch,
  ): void {
    let left = this.openCounts[instrument]!;
    if (left === 0) return;
    if (market[Market.NowNs]! > this.clock[0]!) this.clock[0] = market[Market.NowNs]!;
    const instruments = this.table.instruments;
    for (let slot = 0; left > 0 && slot < SCALPS_MAX; slot++) {
      if (instruments[slot] !== instrument) continue;
      left--;
      this.#manage(slot, market, readings, allowed, intents);
    }
  }

  /**
   * Claims a scalp for an entry that the gate has passed. `orderSlot` −1: the order comes through
   * `onOrder`. Returns the slot, or −1 (table full, a scalp the other way on the instrument, or a
   * decision without side, lots or prices): then no order may be sent.
   */
  openScalp(decision: Float64Array, orderSlot: number): number {
    const instrument = decision[Decision.Instrument]! | 0;
    const side = decision[Decision.Side]!;
    const lots = decision[Decision.Lots]!;
    if (instrument < 0 || instrument >= this.#instruments.length) return -1;
    if ((side !== 1 && side !== -1) || !(lots >= 1) || !(decision[Decision.PriceTicks]! > 0)) {
      return -1;
    }
    if (this.#isAgainst(instrument, side)) return -1;
    const slot = this.table.open(instrument, side, ScalpState.Entering);
    if (slot < 0) return -1;
    this.#orders.reset(slot);
    this.openCounts[instrument] = this.openCounts[instrument]! + 1;
    const at = this.table.at(slot);
    const rows = this.table.rows;
    if (decision[Decision.TimeNs]! > this.clock[0]!) this.clock[0] = decision[Decision.TimeNs]!;
    rows[at + Scalp.WantedLots] = lots;
    rows[at + Scalp.OpenedNs] = this.clock[0]!;
    rows[at + Scalp.DecisionSequence] = decision[Decision.Sequence]!;
    rows[at + Scalp.AgreeMask] = decision[Decision.AgreeMask]!;
    rows[at + Scalp.Score] = decision[Decision.Score]!;
    rows[at + Scalp.Sigma5mTicks] = decision[Decision.Sigma5mTicks]!;
    rows[at + Scalp.LastPriceTicks] = decision[Decision.PriceTicks]!;
    rows[at + Scalp.EntryOrder] = orderSlot;
    this.#setDistances(slot, decision);
    this.#orders.lots[0] = lots;
    const state = orderSlot >= 0 ? OrderState.PendingNew : ASKED;
    this.#orders.begin(slot, Role.Entry, Purpose.Entry, state);
    return slot;
  }

  /** A fill of one of the scalp's orders, before the state that ends it; `fill` as in Fill. */
  onFill(scalpSlot: number, purpose: number, fill: Float64Array): void {
    const rows = this.table.rows;
    const at = this.table.at(scalpSlot);
    if (fill[Fill.NowNs]! > this.clock[0]!) this.clock[0] = fill[Fill.NowNs]!;
    if (rows[at + Scalp.State] === ScalpState.Free) {
      this.orphanFills++;
      return;
    }
    const role = roleOf(purpose);
    this.#orders.filled(scalpSlot, role, fill, Fill.Lots);
    rows[at + Scalp.FeesE8] = rows[at + Scalp.FeesE8]! + fill[Fill.FeeE8]!;
    rows[at + Scalp.RealisedE8] = rows[at + Scalp.RealisedE8]! + fill[Fill.RealisedE8]!;
    if (role === Role.Entry) this.#entryFill(scalpSlot, fill);
    else this.#exitFill(scalpSlot, purpose, fill);
    this.#settle(scalpSlot);
  }

  /**
   * The state of one of the scalp's orders: its slot once created, every later state, and Rejected
   * with slot −1 when the gate denied it.
   */
  onOrder(
    scalpSlot: number,
    purpose: number,
    orderSlot: number,
    orderState: number,
    nowNs = 0,
  ): void {
    if (nowNs > this.clock[0]!) this.clock[0] = nowNs;
    if (this.table.state(scalpSlot) === ScalpState.Free) return;
    const role = roleOf(purpose);
    if (!this.#orders.changed(scalpSlot, role, orderSlot, orderState)) return;
    if (role === Role.Exit) {
      const w = scalpSlot * WORK_SIZE;
      this.#work[w + Work.Attempts] = this.#work[w + Work.Attempts]! + 1;
    }
    this.#settle(scalpSlot);
  }

  /** A person closes the scalp: its entry is withdrawn, what is open leaves at the market. */
  requestClose(scalpSlot: number): boolean {
    if (this.table.state(scalpSlot) === ScalpState.Free) return false;
    const w = scalpSlot * WORK_SIZE;
    this.#work[w + Work.CloseAsked] = 1;
    this.#work[w + Work.Withdraw] = 1;
    return true;
  }

  /** Entries that still work are cancelled at the next evaluation; −1 for all instruments. */
  withdrawEntries(instrument: number): void {
    for (let slot = 0; slot < SCALPS_MAX; slot++) {
      const at = this.table.at(slot);
      if (this.table.rows[at + Scalp.State] === ScalpState.Free) continue;
      if (instrument >= 0 && this.table.rows[at + Scalp.Instrument] !== instrument) continue;
      this.#work[slot * WORK_SIZE + Work.Withdraw] = 1;
    }
  }

  /**
   * Takes up a scalp that a journal and the venue agree on after a restart; its former orders are
   * gone. Times are given in this engine's clock. Returns the slot, or −1 when the row is unusable.
   */
  restore(row: Float64Array, offset: number): number {
    const instrument = row[offset + Scalp.Instrument]! | 0;
    const side = row[offset + Scalp.Side]!;
    const open = row[offset + Scalp.OpenLots]!;
    const average = row[offset + Scalp.AvgEntryTicks]!;
    const usable =
      this.#instruments[instrument] !== undefined &&
      (side === 1 || side === -1) &&
      open >= 1 &&
      row[offset + Scalp.EntryLots]! >= open &&
      average > 0 &&
      row[offset + Scalp.StopTicks]! > 0 &&
      row[offset + Scalp.HalfTargetTicks]! > 0 &&
      row[offset + Scalp.TargetTicks]! > 0;
    if (!usable) return -1;
    const isHalfOut = row[offset + Scalp.HalfOut] === 1;
    const state = isHalfOut ? ScalpState.HalfOut : ScalpState.Open;
    const slot = this.table.open(instrument, side, state);
    if (slot < 0) return -1;
    this.#orders.reset(slot);
    this.openCounts[instrument] = this.openCounts[instrument]! + 1;
    this.#restoreRow(slot, row, offset);
    return slot;
  }

  /** A position nets: against an open scalp, an entry would be that scalp's exit. */
  #isAgainst(instrument: number, side: number): boolean {
    for (let slot = 0; slot < SCALPS_MAX; slot++) {
      if (this.table.instruments[slot] !== instrument) continue;
      if (this.table.rows[slot * SCALP_SIZE + Scalp.Side] !== side) return true;
    }
    return false;
  }

  #restoreRow(slot: number, row: Float64Array, offset: number): void {
    const rows = this.table.rows;
    const at = this.table.at(slot);
    const id = rows[at + Scalp.Id]!;
    const state = rows[at + Scalp.State]!;
    for (let i = 0; i < SCALP_SIZE; i++) rows[at + i] = row[offset + i]!;
    rows[at + Scalp.Id] = id;
    rows[at + Scalp.State] = state;
    rows[at + Scalp.EntryOrder] = -1;
    rows[at + Scalp.ExitOrder] = -1;
    rows[at + Scalp.TargetOrder] = -1;
    rows[at + Scalp.ExitPurpose] = -1;
    const w = slot * WORK_SIZE;
    const average = rows[at + Scalp.AvgEntryTicks]!;
    const levels = rows[at + Scalp.HalfOut] === 1 ? 0 : -1;
    this.#work[w + Work.HalfLeftLots] = levels;
    // What it risked at first, and how far it went against us, only its own session knew.
    this.firstStopTicks[slot] = 0;
    this.worstTicks[slot] = 0;
    this.#work[w + Work.EntryFeesE8] = rows[at + Scalp.FeesE8]!;
    this.#work[w + Work.StopDistanceTicks] = Math.abs(average - rows[at + Scalp.StopTicks]!);
    const half = Math.abs(rows[at + Scalp.HalfTargetTicks]! - average);
    const final = Math.abs(rows[at + Scalp.TargetTicks]! - average);
    this.#work[w + Work.HalfDistanceTicks] = half;
    this.#work[w + Work.TargetDistanceTicks] = final;
    setBreakEven(rows, at, this.#work, w, this.#instrumentOf(at));
  }

  /** Distances as the decision planned them, never beyond the ceilings; else from volatility. */
  #setDistances(slot: number, decision: Float64Array): void {
    const io = this.#distance;
    const price = decision[Decision.PriceTicks]!;
    io[Distance.PriceTicks] = price;
    io[Distance.Sigma5mTicks] = Math.max(decision[Decision.Sigma5mTicks]!, 0);
    io[Distance.SpreadTicks] = Math.max(decision[Decision.SpreadTicks]!, 1);
    io[Distance.CostTicks] = Math.max(decision[Decision.CostTicks]!, 0);
    setExitDistances(io);
    const limits = this.#limits;
    const side = decision[Decision.Side]!;
    const w = slot * WORK_SIZE;
    const stop = side * (price - decision[Decision.StopTicks]!);
    const target = side * (decision[Decision.TargetTicks]! - price);
    const isPlanned = decision[Decision.StopTicks]! > 0 && stop > 0 && target > 0;
    const stopCeiling = limits[L.StopCeiling]! * price;
    const targetCeiling = limits[L.TargetCeiling]! * price;
    if (isPlanned) {
      io[Distance.StopTicks] = Math.max(Math.min(stop, stopCeiling), 1);
      io[Distance.TargetTicks] = Math.max(Math.min(target, targetCeiling), 1);
      const half = Math.max(limits[L.HalfTargetFraction]! * target, io[Distance.CostTicks]!, 1);
      io[Distance.HalfTargetTicks] = Math.min(half, io[Distance.TargetTicks]!);
    }
    this.#work[w + Work.StopDistanceTicks] = io[Distance.StopTicks]!;
    this.#work[w + Work.HalfDistanceTicks] = io[Distance.HalfTargetTicks]!;
    this.#work[w + Work.TargetDistanceTicks] = io[Distance.TargetTicks]!;
  }

  #entryFill(slot: number, fill: Float64Array): void {
    const rows = this.table.rows;
    const at = this.table.at(slot);
    const w = slot * WORK_SIZE;
    const before = rows[at + Scalp.EntryLots]!;
    const lots = fill[Fill.Lots]!;
    const value = rows[at + Scalp.AvgEntryTicks]! * before + fill[Fill.PriceTicks]! * lots;
    rows[at + Scalp.EntryLots] = before + lots;
    rows[at + Scalp.OpenLots] = rows[at + Scalp.OpenLots]! + lots;
    rows[at + Scalp.AvgEntryTicks] = value / (before + lots);
    this.#work[w + Work.EntryFeesE8] = this.#work[w + Work.EntryFeesE8]! + fill[Fill.FeeE8]!;
    if (before === 0) {
      this.table.transition(slot, ScalpState.Open);
      rows[at + Scalp.OpenedNs] = this.clock[0]!;
      rows[at + Scalp.DeadlineNs] = this.clock[0]! + this.#limits[L.TimeLimitNs]!;
      rows[at + Scalp.BestTicks] = fill[Fill.PriceTicks]!;
      rows[at + Scalp.LastPriceTicks] = fill[Fill.PriceTicks]!;
      this.firstStopTicks[slot] = this.#work[w + Work.StopDistanceTicks]!;
      this.worstTicks[slot] = fill[Fill.PriceTicks]!;
    }
    setStop(rows, at, this.#work, w);
    setTargets(rows, at, this.#work, w);
    setBreakEven(rows, at, this.#work, w, this.#instrumentOf(at));
  }

  #exitFill(slot: number, purpose: number, fill: Float64Array): void {
    const rows = this.table.rows;
    const at = this.table.at(slot);
    const w = slot * WORK_SIZE;
    const lots = fill[Fill.Lots]!;
    const left = rows[at + Scalp.OpenLots]! - lots;
    if (left < 0) this.excessLots -= left;
    rows[at + Scalp.OpenLots] = Math.max(left, 0);
    if (left <= 0) {
      rows[at + Scalp.ExitPurpose] = purpose;
      rows[at + Scalp.UnrealisedE8] = 0;
      return;
    }
    if (purpose !== Purpose.HalfTarget) return;
    const halfLeft = this.#work[w + Work.HalfLeftLots]! - lots;
    this.#work[w + Work.HalfLeftLots] = Math.max(halfLeft, 0);
    if (halfLeft > 0) return;
    rows[at + Scalp.HalfOut] = 1;
    this.halfOutCount++;
    if (rows[at + Scalp.State] === ScalpState.Open) {
      this.table.transition(slot, ScalpState.HalfOut);
    }
  }

  /** Ends the scalp once nothing is open and nothing works. */
  #settle(slot: number): void {
    const rows = this.table.rows;
    const at = this.table.at(slot);
    if (rows[at + Scalp.OpenLots]! > 0 || this.#orders.isAnyWorking(slot)) return;
    const instrument = rows[at + Scalp.Instrument]! | 0;
    if (rows[at + Scalp.EntryLots]! > 0) {
      const purpose = rows[at + Scalp.ExitPurpose]! | 0;
      this.endedByPurpose[purpose] = this.endedByPurpose[purpose]! + 1;
      this.lastEndNs[instrument] = this.clock[0]!;
    } else {
      this.unfilledEntries++;
    }
    this.openCounts[instrument] = this.openCounts[instrument]! - 1;
    this.stages[slot] = TimeStage.InTime;
    this.table.end(slot);
  }

  #manage(
    slot: number,
    market: Float64Array,
    readings: Float64Array,
    allowed: number,
    intents: IntentBatch,
  ): void {
    const rows = this.table.rows;
    const at = this.table.at(slot);
    const w = slot * WORK_SIZE;
    if (this.#orders.isWorking(slot, Role.Entry)) this.#watchEntry(slot, allowed, intents);
    if (rows[at + Scalp.State] === ScalpState.Entering) {
      // An entry nobody knows the fate of may have become a position.
      rows[at + Scalp.Unprotected] = this.#orders.isAnyUnknown(slot) ? 1 : 0;
      return;
    }
    if (rows[at + Scalp.OpenLots]! <= 0) {
      this.#cancelAll(slot, intents);
      return;
    }
    const isPriced = this.#mark(slot, market, readings);
    this.stages[slot] = timeStage(rows, at, this.clock, this.#limits);
    this.#decide(slot, isPriced, allowed);
    if (this.#work[w + Work.Reason]! >= 0) this.#close(slot, isPriced, market, intents);
    else if (isPriced && (allowed & Allowed.ProtectiveExits) !== 0) this.#rest(slot, intents);
    rows[at + Scalp.Unprotected] = this.#isUnprotected(slot, isPriced, allowed) ? 1 : 0;
  }

  /** Cancels an entry that is too old, withdrawn, or whose scalp is to be closed. */
  #watchEntry(slot: number, allowed: number, intents: IntentBatch): void {
    const w = slot * WORK_SIZE;
    const age = this.clock[0]! - this.#work[roleAt(w, Role.Entry) + RoleField.SentNs]!;
    const isLate = age >= this.#limits[L.EntryTimeoutNs]!;
    const isWithdrawn = this.#work[w + Work.Withdraw] === 1 || (allowed & Allowed.Flatten) !== 0;
    if (isLate || isWithdrawn) this.#orders.cancel(slot, Role.Entry, intents);
  }

  /** Marks the scalp and moves its stop and trail. False while no price is trusted. */
  #mark(slot: number, market: Float64Array, readings: Float64Array): boolean {
    const rows = this.table.rows;
    const at = this.table.at(slot);
    const w = slot * WORK_SIZE;
    if (!isTrusted(market, this.clock, this.#limits)) {
      markUntrusted(this.#work, w, this.clock, this.#limits);
      return false;
    }
    markTrusted(this.#work, w, market, readings, this.clock, this.#limits);
    markToMarket(rows, at, market, this.#instrumentOf(at));
    const last = rows[at + Scalp.LastPriceTicks]!;
    const against = rows[at + Scalp.Side]! * (this.worstTicks[slot]! - last);
    if (against > 0 && this.worstTicks[slot]! > 0) this.worstTicks[slot] = last;
    if (rows[at + Scalp.HalfOut] === 1) {
      tightenToBreakEven(rows, at, Math.max(market[Market.SpreadTicks]! | 0, 1));
      updateTrail(rows, at, market, readings, this.#limits);
      if (
        rows[at + Scalp.State] === ScalpState.HalfOut &&
        rows[at + Scalp.TrailTicks] !== NO_PRICE
      ) {
        this.table.transition(slot, ScalpState.Trailing);
      }
    }
    return true;
  }

  /** Latches the reason to close once there is one and closing is allowed. */
  #decide(slot: number, isPriced: boolean, allowed: number): void {
    const w = slot * WORK_SIZE;
    this.#work[w + Work.Blocked] = 0;
    if (this.#work[w + Work.Reason]! >= 0) return;
    const reason = this.#reasonToClose(slot, isPriced, allowed);
    if (reason < 0) return;
    if ((allowed & (Allowed.ProtectiveExits | Allowed.Flatten)) === 0) {
      this.#work[w + Work.Blocked] = 1;
      return;
    }
    this.#work[w + Work.Reason] = reason;
    this.#work[w + Work.ReasonNs] = this.clock[0]!;
    const at = this.table.at(slot);
    this.table.rows[at + Scalp.ExitPurpose] = reason;
    this.table.transition(slot, ScalpState.Exiting);
  }

  #reasonToClose(slot: number, isPriced: boolean, allowed: number): number {
    const w = slot * WORK_SIZE;
    const at = this.table.at(slot);
    const rows = this.table.rows;
    if (this.#work[w + Work.CloseAsked] === 1) return Purpose.Flatten;
    if ((allowed & Allowed.Flatten) !== 0) return Purpose.Flatten;
    if (isPriced) {
      if (isTrailHit(rows, at)) return Purpose.Trail;
      if (isStopHit(rows, at)) return Purpose.Stop;
      if (this.#work[w + Work.Emergency] === 1) return Purpose.Emergency;
      if (isGivenBack(rows, at, this.#limits)) return Purpose.Protect;
    }
    return this.stages[slot] === TimeStage.Over ? Purpose.TimeLimit : -1;
  }

  /** Cancels what rests; once that has ended, sends what is still open through the touch. */
  #close(slot: number, isPriced: boolean, market: Float64Array, intents: IntentBatch): void {
    const orders = this.#orders;
    if (orders.isWorking(slot, Role.Entry)) orders.cancel(slot, Role.Entry, intents);
    if (orders.isWorking(slot, Role.Target)) orders.cancel(slot, Role.Target, intents);
    if (!isPriced || orders.isAnyWorking(slot) || !orders.mayRetry(slot, Role.Exit)) return;
    const at = this.table.at(slot);
    const w = slot * WORK_SIZE;
    const price = this.#priceThrough(slot, market);
    this.#setLots(at, this.table.rows[at + Scalp.OpenLots]!);
    const reason = this.#work[w + Work.Reason]! | 0;
    if (orders.place(slot, reason, price, TimeInForce.Ioc, intents)) {
      this.table.rows[at + Scalp.ExitSentNs] = this.clock[0]!;
    }
  }

  /** A limit through the touch: further at each attempt, never further than the maximum. */
  #priceThrough(slot: number, market: Float64Array): number {
    const limits = this.#limits;
    const at = this.table.at(slot);
    const side = this.table.rows[at + Scalp.Side]!;
    const touch = market[side > 0 ? Market.BidTicks : Market.AskTicks]!;
    const attempts = this.#work[slot * WORK_SIZE + Work.Attempts]!;
    const wanted =
      Math.max(limits[L.ThroughTicks]!, limits[L.ThroughFraction]! * touch) * (1 + attempts);
    const limit = Math.max(limits[L.ThroughTicks]!, limits[L.ThroughMaxFraction]! * touch);
    return Math.max(1, touch - side * Math.ceil(Math.min(wanted, limit))) | 0;
  }

  /** Keeps the half target, then the final target, resting at the venue. */
  #rest(slot: number, intents: IntentBatch): void {
    const orders = this.#orders;
    if (orders.isAnyWorking(slot) || !orders.mayRetry(slot, Role.Target)) return;
    const rows = this.table.rows;
    const at = this.table.at(slot);
    const w = slot * WORK_SIZE;
    if (this.#work[w + Work.HalfLeftLots]! < 0) {
      setHalfLots(rows, at, this.#work, w, this.#instrumentOf(at).minLots);
    }
    const isHalf = rows[at + Scalp.HalfOut] === 0;
    this.#setLots(at, isHalf ? this.#work[w + Work.HalfLeftLots]! : rows[at + Scalp.OpenLots]!);
    const price = rows[at + (isHalf ? Scalp.HalfTargetTicks : Scalp.TargetTicks)]! | 0;
    const purpose = isHalf ? Purpose.HalfTarget : Purpose.Target;
    const refusals = this.#work[roleAt(w, Role.Target) + RoleField.Refusals]!;
    if (refusals < TARGET_REFUSALS_MAX) {
      orders.place(slot, purpose, price, TimeInForce.Gtc, intents);
    } else if (isTargetReached(rows, at)) {
      orders.place(slot, purpose, price, TimeInForce.Ioc, intents);
    }
  }

  /** Lots of the next order: what is wanted, what is open and what one order may hold. */
  #setLots(at: number, wanted: number): void {
    const open = this.table.rows[at + Scalp.OpenLots]!;
    const largest = this.#instrumentOf(at).maxLots;
    this.#orders.lots[0] = Math.min(wanted, open, largest);
  }

  #cancelAll(slot: number, intents: IntentBatch): void {
    this.#orders.cancel(slot, Role.Entry, intents);
    this.#orders.cancel(slot, Role.Target, intents);
    this.#orders.cancel(slot, Role.Exit, intents);
  }

  #isUnprotected(slot: number, isPriced: boolean, allowed: number): boolean {
    const w = slot * WORK_SIZE;
    const work = this.#work;
    if (!isPriced || work[w + Work.Blocked] === 1) return true;
    if ((allowed & (Allowed.ProtectiveExits | Allowed.Flatten)) === 0) return true;
    if (work[w + Work.Reason]! < 0) return false;
    if (this.#orders.isAnyUnknown(slot)) return true;
    const exit = roleAt(w, Role.Exit);
    if (work[exit + RoleField.Refusals]! >= EXIT_REFUSALS_SHOWN) return true;
    const asked = work[exit + RoleField.State] === ASKED;
    return asked && this.clock[0]! - work[exit + RoleField.SentNs]! > UNANSWERED_NS;
  }

  #instrumentOf(at: number): Instrument {
    const instrument = this.#instruments[this.table.rows[at + Scalp.Instrument]! | 0];
    assert(instrument !== undefined, 'a scalp names an instrument that exists');
    return instrument;
  }
}
