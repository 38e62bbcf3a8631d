/**
 * gate: the one way to execution. An intent goes in, a Verdict number comes out.
 *
 * Opening orders (entries, quotes, manual ones that grow a position) face every control. Exits face
 * the state table, the venue's filters, their owner's size, UNKNOWN orders and their own reserved
 * part of the message budget, nothing else; a manual order that reduces also faces the collar on
 * its dear side, because a slip of the finger is one there too. Cancels always pass and are never
 * throttled here.
 *
 * Side effects of PASS: a token is spent and the order is remembered as a possible duplicate. A
 * denial changes only its counter; OTHER_OWNER also lists in `blockers` the orders to cancel first.
 *
 * Writer    core. Units as in domain. Imports   base, domain, portfolio, risk.
 * Hot path: check, onFill, onState, watch. No allocation after construction.
 */
import { assert } from '../base/assert.ts';
import { NS_PER_MS, NS_PER_S } from '../base/clock.ts';
import type { Instrument } from '../domain/instrument.ts';
import { IntentAction, type IntentBatch } from '../domain/intent.ts';
import { Market } from '../domain/market.ts';
import { BookState, TradingState } from '../domain/modes.ts';
import { isExitPurpose, OrderState, Purpose } from '../domain/order.ts';
import { E8 } from '../domain/units.ts';
import { Verdict, VERDICT_COUNT } from '../domain/verdict.ts';
import { Pnl } from '../portfolio/pnl.ts';
import { OWNERS } from '../portfolio/position-keeper.ts';
import { HealthBit, RiskClock, type RiskContext, RiskFlag } from './context.ts';
import { EventWindow } from './event-window.ts';
import { conflictOf, duplicateKey } from './gate-rules.ts';
import { Limit, LIMIT_COUNT, type Limits } from './limits.ts';
import { Column, isProtective, Permit, permitsOver } from './state-table.ts';

const PASS = Verdict.PASS;
const DUPLICATES = 64;
const BLOCKERS_MAX = 32;
const TROUBLE_REJECT = 0;
const TROUBLE_UNKNOWN = 1;
const REFERENCE_MID = 1;
const REFERENCE_LAST = 2;
const REFERENCE_MARK = 4;

/** Health bits that stop opening orders, in the order in which they are named. */
const OPENING_HEALTH = [
  [HealthBit.OrderSocketDown, Verdict.SOCKET_BUSY],
  [HealthBit.UserStreamDown, Verdict.UNKNOWN_ORDER],
  [HealthBit.MarketSocketDown, Verdict.STALE_DATA],
  [HealthBit.JournalFailed | HealthBit.JournalRingFull, Verdict.JOURNAL_LOSS],
  [HealthBit.LeaseLost, Verdict.LEASE_LOST],
  [HealthBit.SocketBusy, Verdict.SOCKET_BUSY],
  [HealthBit.ClockSkew, Verdict.CLOCK_SKEW],
  [HealthBit.VenueBudgetLow, Verdict.VENUE_BUDGET],
] as const;

export interface RiskGateParts {
  readonly instruments: readonly Instrument[];
  readonly limits: Limits;
  readonly context: RiskContext;
  /** Venue codes of rejects that belong to normal business: they never count towards a halt. */
  readonly routineCodes?: readonly number[];
}

export class RiskGate {
  readonly context: RiskContext;
  /** Denials by verdict since start; index 0 counts what passed. */
  readonly denials = new Int32Array(VERDICT_COUNT);
  /** Orders of other owners that would have to go first; filled with OTHER_OWNER. */
  readonly blockers = new Int32Array(BLOCKERS_MAX);
  blockerCount = 0;
  /** 1: the repeated-execution throttle has this instrument off until a person resets it. */
  readonly latched: Int32Array;
  /** Cancels seen, for the message budget's figures. */
  cancelCount = 0;
  /** Why `watch` asks for a lesser state; PASS while it does not. */
  requestReason: number = PASS;

  readonly #instruments: readonly Instrument[];
  readonly #limits: Limits;
  readonly #routineCodes: Int32Array;
  readonly #healthMask = new Int32Array(OPENING_HEALTH.length);
  readonly #healthVerdict = new Int32Array(OPENING_HEALTH.length);
  /** Tokens, and the time of the last refill (−1: never). */
  readonly #bucket = new Float64Array([0, -1]);
  readonly #fills: EventWindow;
  readonly #troubles = new EventWindow(2);
  readonly #duplicateTimes = new Float64Array(DUPLICATES).fill(-Infinity);
  readonly #duplicateLots = new Float64Array(DUPLICATES);
  readonly #duplicateWords = new Int32Array(DUPLICATES * 2);
  #duplicateNext = 0;
  /** Working buy lots, working sell lots of the instrument under check. */
  readonly #working = new Float64Array(2);
  /** Gross value, E8, as it is summed up: a returned double may box. */
  readonly #gross = new Float64Array(1);

  constructor(parts: RiskGateParts) {
    const { instruments, limits } = parts;
    assert(
      limits.instrumentCount === instruments.length,
      'limits and gate serve the same instruments',
    );
    this.context = parts.context;
    this.#instruments = instruments;
    this.#limits = limits;
    this.#routineCodes = Int32Array.from(parts.routineCodes ?? []);
    this.latched = new Int32Array(instruments.length);
    this.#fills = new EventWindow(instruments.length * 2);
    for (let i = 0; i < OPENING_HEALTH.length; i++) {
      this.#healthMask[i] = OPENING_HEALTH[i]![0];
      this.#healthVerdict[i] = OPENING_HEALTH[i]![1];
    }
  }

  /** Verdict number for row `row`; PASS is 0. */
  check(intents: IntentBatch, row: number): number {
    this.blockerCount = 0;
    if (intents.action[row] === IntentAction.Cancel) {
      this.cancelCount = (this.cancelCount + 1) | 0;
      return PASS;
    }
    const verdict = this.#judge(intents, row, this.context);
    this.denials[verdict] = this.denials[verdict]! + 1;
    return verdict;
  }

  /** Tells of a fill of ours; opening ones feed the repeated-execution throttle. */
  onFill(instrument: number, purpose: number, side: number): void {
    if (isExitPurpose(purpose)) return;
    const clock = this.context.clock;
    const row = instrument * 2 + (side > 0 ? 0 : 1);
    const limit = instrument * LIMIT_COUNT;
    this.#fills.note(row, clock, RiskClock.NowNs);
    const count = limit + Limit.RepeatFills;
    const window = limit + Limit.RepeatWindowMs;
    if (this.#fills.isFull(row, this.#limits.values, count, window, clock, RiskClock.NowNs)) {
      this.latched[instrument] = 1;
    }
  }

  /** A person has looked: the instrument may trade again. */
  resetLatch(instrument: number): void {
    this.latched[instrument] = 0;
    this.#fills.clear(instrument * 2);
    this.#fills.clear(instrument * 2 + 1);
  }

  /**
   * Tells of an order's new state: rejects that are not routine and unknown outcomes are counted.
   */
  onState(state: number, code: number): void {
    if (state === OrderState.Unknown) {
      this.#troubles.note(TROUBLE_UNKNOWN, this.context.clock, RiskClock.NowNs);
    } else if (state === OrderState.Rejected) {
      for (let i = 0; i < this.#routineCodes.length; i++) {
        if (this.#routineCodes[i] === code) return;
      }
      this.#troubles.note(TROUBLE_REJECT, this.context.clock, RiskClock.NowNs);
    }
  }

  /** After a person has left HALTED: old rejects and unknowns do not halt again. */
  forgetTroubles(): void {
    this.#troubles.clear(TROUBLE_REJECT);
    this.#troubles.clear(TROUBLE_UNKNOWN);
  }

  /**
   * The state that the account's condition asks for: HALTED, REDUCING, or −1. `requestReason` says
   * why. Once a turn; core changes states, never the gate.
   */
  watch(): number {
    const context = this.context;
    if (this.#isTroubled(TROUBLE_REJECT, Limit.MaxRejects)) {
      this.requestReason = Verdict.REJECT_RATE;
      return TradingState.Halted;
    }
    if (this.#isTroubled(TROUBLE_UNKNOWN, Limit.MaxUnknowns)) {
      this.requestReason = Verdict.UNKNOWN_ORDER;
      return TradingState.Halted;
    }
    const journal = HealthBit.JournalFailed | HealthBit.JournalRingFull;
    if ((context.flags[RiskFlag.Health]! & journal) !== 0) {
      this.requestReason = Verdict.JOURNAL_LOSS;
      return TradingState.Reducing;
    }
    if (this.#hasLostTooMuch(context)) {
      this.requestReason = Verdict.DAILY_LOSS;
      return TradingState.Reducing;
    }
    this.requestReason = PASS;
    return -1;
  }

  #isTroubled(trouble: number, countAt: number): boolean {
    const { clock } = this.context;
    const limits = this.#limits.values;
    const window = Limit.RejectWindowMs;
    return this.#troubles.isFull(trouble, limits, countAt, window, clock, RiskClock.NowNs);
  }

  /** Order budget left now, whole per cent of the burst; 100 before the first order. */
  budgetPercent(): number {
    const burst = this.#limits.values[Limit.OrderBurst]!;
    const rate = this.#limits.values[Limit.OrdersPerSecond]!;
    const bucket = this.#bucket;
    if (bucket[1]! < 0 || !(burst > 0)) return 100;
    const elapsedNs = this.context.clock[RiskClock.NowNs]! - bucket[1]!;
    const tokens = bucket[0]! + (elapsedNs * rate) / NS_PER_S;
    return tokens >= burst ? 100 : Math.round((tokens / burst) * 100) | 0;
  }

  /** Tokens left, reserve included: a figure for the screen. */
  get tokens(): number {
    return this.#bucket[0]!;
  }

  // --- the judgement ---------------------------------------------------------------------------

  #judge(intents: IntentBatch, row: number, context: RiskContext): number {
    if ((context.flags[RiskFlag.Health]! & HealthBit.Fence) !== 0) return Verdict.FENCE;
    const isReducing = this.#isReducing(intents, row, context);
    const state = this.#checkState(intents, row, context, isReducing);
    if (state !== PASS) return state;
    const filters = this.#checkFilters(intents, row, isReducing);
    if (filters !== PASS) return filters;
    if (!isReducing) return this.#checkOpening(intents, row, context);
    const isManual = intents.purpose[row] === Purpose.Manual;
    const collar = isManual ? this.#checkCollar(intents, row, context) : PASS;
    return collar === Verdict.PRICE_COLLAR ? collar : this.#checkExit(intents, row, context);
  }

  /** Exits by purpose; a manual order when it can only shrink what the hand holds. */
  #isReducing(intents: IntentBatch, row: number, context: RiskContext): boolean {
    const purpose = intents.purpose[row]!;
    if (isExitPurpose(purpose)) return true;
    if (purpose !== Purpose.Manual) return false;
    if (intents.reduceOnly[row] === 1) return true;
    const instrument = intents.instrument[row]!;
    const side = intents.side[row]!;
    const owner = intents.owner[row]!;
    const lots = context.positions.ownerLots[instrument * OWNERS + owner]!;
    if (lots * side >= 0) return false;
    const orders = context.orders;
    let free = lots > 0 ? lots : -lots;
    for (let o = orders.firstOf[instrument]!; o >= 0; o = orders.nextOf[o]!) {
      if (orders.owner[o] !== owner || orders.side[o] !== side) continue;
      free -= orders.lots[o]! - orders.filledLots[o]!;
    }
    return intents.lots[row]! <= free;
  }

  #checkState(
    intents: IntentBatch,
    row: number,
    context: RiskContext,
    isReducing: boolean,
  ): number {
    const instrument = intents.instrument[row]!;
    const owner = intents.owner[row]!;
    const purpose = intents.purpose[row]!;
    const flags = context.flags;
    const global = flags[RiskFlag.GlobalState]!;
    const own = context.instrumentState[instrument]!;
    const strategy = context.strategyState[owner * context.instrumentState.length + instrument]!;
    let column: number = Column.Exits;
    let needed: number = Permit.AnyExit;
    if (purpose === Purpose.Entry) {
      column = Column.Entries;
      needed = Permit.Yes;
    } else if (purpose === Purpose.Quote) {
      column = Column.Quotes;
      needed = Permit.Quote;
    } else if (purpose === Purpose.Manual) {
      if (context.ladderUnlocked[instrument] !== 1) return Verdict.LADDER_LOCKED;
      column = Column.Manual;
      needed = isReducing ? Permit.Reduce : Permit.Increase;
    } else if (purpose === Purpose.Flatten) {
      column = Column.Flatten;
      needed = Permit.Yes;
    } else if (isProtective(purpose)) {
      needed = context.reconciled[instrument] === 1 ? Permit.Protective : Permit.AnyExit;
    }
    const allowed = permitsOver(global, own, strategy, column);
    return (allowed & needed) !== 0 ? PASS : Verdict.STATE_FORBIDS;
  }

  /** What the venue would refuse anyway. The least notional is waived for what only reduces. */
  #checkFilters(intents: IntentBatch, row: number, isReducing: boolean): number {
    const instrument = this.#instruments[intents.instrument[row]!]!;
    const lots = intents.lots[row]!;
    const priceTicks = intents.priceTicks[row]!;
    const side = intents.side[row]!;
    if (priceTicks <= 0 || (side !== 1 && side !== -1)) return Verdict.VENUE_FILTER;
    if (!(lots >= instrument.minLots) || lots > instrument.maxLots) return Verdict.VENUE_FILTER;
    if (Math.floor(lots) !== lots) return Verdict.VENUE_FILTER;
    if (!isReducing && priceTicks * lots * instrument.tickLotE8 < instrument.minNotionalE8) {
      return Verdict.VENUE_FILTER;
    }
    return PASS;
  }

  #checkExit(intents: IntentBatch, row: number, context: RiskContext): number {
    if ((context.flags[RiskFlag.Health]! & HealthBit.OrderSocketDown) !== 0) {
      return Verdict.SOCKET_BUSY;
    }
    const instrument = intents.instrument[row]!;
    const owner = intents.owner[row]!;
    const side = intents.side[row]!;
    const positions = context.positions;
    const owned = positions.ownerLots[instrument * OWNERS + owner]!;
    if (owned * side >= 0) return Verdict.REDUCE_ONLY_SIZE;
    // A cancel already sent is handled before this order, on the same socket; and if its order
    // fills first, reduce-only keeps the account from turning, as long as nobody else holds this
    // side.
    const isAlone = positions.accountLots[instrument] === owned && intents.reduceOnly[row] === 1;
    this.#sumExits(instrument, owner, side, isAlone);
    const size = owned > 0 ? owned : -owned;
    if (intents.lots[row]! > size - this.#working[0]!) {
      return this.#working[1]! > 0 ? Verdict.UNKNOWN_ORDER : Verdict.REDUCE_ONLY_SIZE;
    }
    return this.#spendToken(instrument, true, context);
  }

  /** working[0]: what the owner's exits may still close; working[1]: the UNKNOWN part of it. */
  #sumExits(instrument: number, owner: number, side: number, skipsCancelled: boolean): void {
    const orders = this.context.orders;
    let all = 0;
    let unknown = 0;
    for (let o = orders.firstOf[instrument]!; o >= 0; o = orders.nextOf[o]!) {
      if (orders.owner[o] !== owner || orders.side[o] !== side) continue;
      // Whatever the hand has on this side closes its position first.
      const isManual = orders.purpose[o] === Purpose.Manual;
      if (orders.reduceOnly[o] !== 1 && !isManual && !isExitPurpose(orders.purpose[o]!)) continue;
      if (skipsCancelled && orders.state[o] === OrderState.PendingCancel) continue;
      const leaves = orders.lots[o]! - orders.filledLots[o]!;
      all += leaves;
      if (orders.state[o] === OrderState.Unknown) unknown += leaves;
    }
    this.#working[0] = all;
    this.#working[1] = unknown;
  }

  #checkOpening(intents: IntentBatch, row: number, context: RiskContext): number {
    const instrument = intents.instrument[row]!;
    if (this.#limits.unset[instrument] === 1) return Verdict.LIMIT_UNSET;
    let verdict = this.#checkHealth(context);
    if (verdict !== PASS) return verdict;
    if (this.latched[instrument] === 1) return Verdict.REPEATED_EXECUTION;
    if (this.#hasLostTooMuch(context)) return Verdict.DAILY_LOSS;
    verdict = this.#checkMarket(instrument, context);
    if (verdict !== PASS) return verdict;
    verdict = this.#checkSize(intents, row, context);
    if (verdict !== PASS) return verdict;
    verdict = this.#checkCollar(intents, row, context);
    if (verdict !== PASS) return verdict;
    verdict = this.#checkOrders(intents, row, context);
    if (verdict !== PASS) return verdict;
    verdict = this.#checkExposure(intents, row, context);
    if (verdict !== PASS) return verdict;
    if (this.#isDuplicate(intents, row, context)) return Verdict.DUPLICATE;
    verdict = this.#spendToken(instrument, false, context);
    if (verdict === PASS) this.#remember(intents, row, context);
    return verdict;
  }

  #checkHealth(context: RiskContext): number {
    const health = context.flags[RiskFlag.Health]!;
    if (health !== 0) {
      for (let i = 0; i < this.#healthMask.length; i++) {
        if ((health & this.#healthMask[i]!) !== 0) return this.#healthVerdict[i]!;
      }
    }
    const lagMs = this.#limits.values[Limit.MaxLoopLagMs]!;
    if (context.clock[RiskClock.LoopLagNs]! > lagMs * NS_PER_MS) return Verdict.LOOP_LAG;
    return PASS;
  }

  #hasLostTooMuch(context: RiskContext): boolean {
    const pnl = context.pnl.fields;
    const limits = this.#limits.values;
    return (
      -pnl[Pnl.DayE8]! > limits[Limit.MaxDayLoss]! * E8 ||
      pnl[Pnl.DrawdownE8]! > limits[Limit.MaxDrawdown]! * E8 ||
      pnl[Pnl.DayFeesE8]! > limits[Limit.MaxDayFees]! * E8
    );
  }

  #checkMarket(instrument: number, context: RiskContext): number {
    const market = context.markets[instrument]!;
    if (market[Market.BookState] !== BookState.Synced) return Verdict.FEED_NOT_SYNCED;
    if (context.stale[instrument] !== 0) return Verdict.STALE_DATA;
    const depthNs = market[Market.DepthNs]!;
    const touchNs = market[Market.TouchNs]!;
    const newest = depthNs > touchNs ? depthNs : touchNs;
    const ageNs = context.clock[RiskClock.NowNs]! - newest;
    const mostMs = this.#limits.values[instrument * LIMIT_COUNT + Limit.MaxDataAgeMs]!;
    if (!(ageNs <= mostMs * NS_PER_MS)) return Verdict.STALE_DATA;
    if (market[Market.Valid] !== 1) return Verdict.REFERENCE_MISSING;
    return PASS;
  }

  /** Size and value of the one order; the value at the dearest of its price and the references. */
  #checkSize(intents: IntentBatch, row: number, context: RiskContext): number {
    const instrument = intents.instrument[row]!;
    const limits = this.#limits.values;
    const start = instrument * LIMIT_COUNT;
    const lots = intents.lots[row]!;
    if (lots > limits[start + Limit.MaxOrderLots]!) return Verdict.ORDER_SIZE;
    const market = context.markets[instrument]!;
    let dearest = intents.priceTicks[row]!;
    if (market[Market.MidTicks]! > dearest) dearest = market[Market.MidTicks]!;
    if (market[Market.MarkTicks]! > dearest) dearest = market[Market.MarkTicks]!;
    const notionalE8 = dearest * lots * this.#instruments[instrument]!.tickLotE8;
    const mostE8 = limits[start + Limit.MaxOrderNotional]! * E8;
    return notionalE8 > mostE8 ? Verdict.ORDER_NOTIONAL : PASS;
  }

  #checkCollar(intents: IntentBatch, row: number, context: RiskContext): number {
    const instrument = intents.instrument[row]!;
    const market = context.markets[instrument]!;
    const start = instrument * LIMIT_COUNT;
    const needed = this.#limits.values[start + Limit.CollarReferences]!;
    const share = this.#limits.values[start + Limit.CollarBp]! / 10_000;
    const price = intents.priceTicks[row]!;
    // A person may rest an order far from the market; only its dear side is collared.
    const isOneSided = intents.purpose[row] === Purpose.Manual;
    const side = intents.side[row]!;
    for (let bit = REFERENCE_MID; bit <= REFERENCE_MARK; bit <<= 1) {
      let reference = 0;
      if (bit === REFERENCE_MID) reference = market[Market.MidTicks]!;
      else if (bit === REFERENCE_LAST) reference = market[Market.LastTradeTicks]!;
      else reference = market[Market.MarkTicks]!;
      if (bit === REFERENCE_LAST && reference > 0) {
        const ageNs = context.clock[RiskClock.NowNs]! - market[Market.LastTradeNs]!;
        const mostMs = this.#limits.values[start + Limit.MaxLastAgeMs]!;
        if (ageNs > mostMs * NS_PER_MS) reference = 0;
      }
      if (!(reference > 0)) {
        if ((needed & bit) !== 0) return Verdict.REFERENCE_MISSING;
        continue;
      }
      const away = (price - reference) * side;
      const most = reference * share;
      if (away > most || (!isOneSided && -away > most)) return Verdict.PRICE_COLLAR;
    }
    return PASS;
  }

  /**
   * One pass over the instrument's active orders: unknown, own other side, other owners, counts.
   */
  #checkOrders(intents: IntentBatch, row: number, context: RiskContext): number {
    const instrument = intents.instrument[row]!;
    const owner = intents.owner[row]!;
    const side = intents.side[row]!;
    const price = intents.priceTicks[row]!;
    if (this.#isAgainstOthers(instrument, owner, side)) return Verdict.OTHER_OWNER;
    const orders = context.orders;
    let count = 0;
    let crosses = false;
    for (let o = orders.firstOf[instrument]!; o >= 0; o = orders.nextOf[o]!) {
      count += 1;
      const state = orders.state[o]!;
      if (state === OrderState.Unknown) return Verdict.UNKNOWN_ORDER;
      if (orders.side[o] === side || state === OrderState.PendingCancel) continue;
      if (orders.owner[o] !== owner && orders.reduceOnly[o] !== 1) {
        if (this.blockerCount < BLOCKERS_MAX) this.blockers[this.blockerCount++] = o;
      }
      if ((price - orders.priceTicks[o]!) * side >= 0) crosses = true;
    }
    const conflict = conflictOf(crosses, this.blockerCount, intents.purpose[row]!);
    if (conflict !== PASS) return conflict;
    return this.#hasTooMany(instrument, count) ? Verdict.OPEN_ORDERS : PASS;
  }

  /** One direction per instrument: another owner's position the other way would be netted. */
  #isAgainstOthers(instrument: number, owner: number, side: number): boolean {
    const lots = this.context.positions.ownerLots;
    for (let other = 0; other < OWNERS; other++) {
      if (other !== owner && lots[instrument * OWNERS + other]! * side < 0) return true;
    }
    return false;
  }

  #hasTooMany(instrument: number, count: number): boolean {
    const limits = this.#limits.values;
    const start = instrument * LIMIT_COUNT;
    return (
      count >= limits[start + Limit.MaxOpenOrders]! ||
      this.context.orders.activeCount >= limits[start + Limit.MaxOpenOrdersAccount]!
    );
  }

  /** Position with working orders on the worse side, of the instrument and over all of them. */
  #checkExposure(intents: IntentBatch, row: number, context: RiskContext): number {
    const instrument = intents.instrument[row]!;
    const side = intents.side[row]!;
    const working = this.#working;
    this.#sumWorking(instrument, context);
    working[side > 0 ? 0 : 1] = working[side > 0 ? 0 : 1]! + intents.lots[row]!;
    const limits = this.#limits.values;
    const start = instrument * LIMIT_COUNT;
    const position = context.positions.accountLots[instrument]!;
    const worst = side > 0 ? position + working[0]! : working[1]! - position;
    const mid = context.markets[instrument]![Market.MidTicks]!;
    const tickLotE8 = this.#instruments[instrument]!.tickLotE8;
    if (worst * mid * tickLotE8 > limits[start + Limit.MaxPositionNotional]! * E8) {
      return Verdict.POSITION_LIMIT;
    }
    const gross = this.#gross;
    gross[0] = 0;
    this.#addWorstNotional(instrument, context);
    // An order on the lighter side does not grow the exposure.
    if (worst * mid * tickLotE8 < gross[0]) return PASS;
    const count = this.#instruments.length;
    for (let other = 0; other < count; other++) {
      if (other === instrument) continue;
      this.#sumWorking(other, context);
      this.#addWorstNotional(other, context);
    }
    const mostE8 = limits[start + Limit.MaxGrossNotional]! * E8;
    return gross[0] > mostE8 ? Verdict.GROSS_NOTIONAL : PASS;
  }

  #sumWorking(instrument: number, context: RiskContext): void {
    const orders = context.orders;
    let buys = 0;
    let sells = 0;
    for (let o = orders.firstOf[instrument]!; o >= 0; o = orders.nextOf[o]!) {
      const leaves = orders.lots[o]! - orders.filledLots[o]!;
      if (orders.side[o]! > 0) buys += leaves;
      else sells += leaves;
    }
    this.#working[0] = buys;
    this.#working[1] = sells;
  }

  /** Adds the value, E8, of an instrument's position with its worse working side to #gross. */
  #addWorstNotional(instrument: number, context: RiskContext): void {
    const position = context.positions.accountLots[instrument]!;
    const long = position + this.#working[0]!;
    const short = this.#working[1]! - position;
    const worst = long > short ? long : short;
    const mid = context.markets[instrument]![Market.MidTicks]!;
    const gross = this.#gross;
    gross[0] = gross[0]! + worst * mid * this.#instruments[instrument]!.tickLotE8;
  }

  // --- duplicates and budget -------------------------------------------------------------------

  #isDuplicate(intents: IntentBatch, row: number, context: RiskContext): boolean {
    const windowNs = this.#limits.values[Limit.DuplicateWindowMs]! * NS_PER_MS;
    const oldest = context.clock[RiskClock.NowNs]! - windowNs;
    const key = duplicateKey(intents, row);
    const price = intents.priceTicks[row]!;
    const lots = intents.lots[row]!;
    for (let i = 0; i < DUPLICATES; i++) {
      if (this.#duplicateTimes[i]! < oldest) continue;
      if (this.#duplicateWords[i * 2] !== key || this.#duplicateWords[i * 2 + 1] !== price)
        continue;
      if (this.#duplicateLots[i] === lots) return true;
    }
    return false;
  }

  #remember(intents: IntentBatch, row: number, context: RiskContext): void {
    const at = this.#duplicateNext;
    this.#duplicateTimes[at] = context.clock[RiskClock.NowNs]!;
    this.#duplicateLots[at] = intents.lots[row]!;
    this.#duplicateWords[at * 2] = duplicateKey(intents, row);
    this.#duplicateWords[at * 2 + 1] = intents.priceTicks[row]!;
    this.#duplicateNext = (at + 1) % DUPLICATES;
  }

  /** One token an order; opening orders leave the reserve untouched, exits may use it all. */
  #spendToken(instrument: number, isExit: boolean, context: RiskContext): number {
    const limits = this.#limits.values;
    const start = instrument * LIMIT_COUNT;
    const rate = limits[start + Limit.OrdersPerSecond]!;
    const burst = limits[start + Limit.OrderBurst]!;
    // With no budget set nothing was opened by us; what is there may still be closed.
    if (Number.isNaN(rate) || Number.isNaN(burst)) return isExit ? PASS : Verdict.LIMIT_UNSET;
    const bucket = this.#bucket;
    const now = context.clock[RiskClock.NowNs]!;
    let tokens = burst;
    if (bucket[1]! >= 0) tokens = bucket[0]! + ((now - bucket[1]!) * rate) / NS_PER_S;
    if (tokens > burst) tokens = burst;
    bucket[1] = now;
    const floor = isExit ? 0 : limits[start + Limit.OrderReserve]!;
    bucket[0] = tokens;
    if (tokens - 1 < floor) return Verdict.RATE_BUDGET;
    bucket[0] = tokens - 1;
    return PASS;
  }
}
