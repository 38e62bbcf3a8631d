/**
 * quoter: a two-sided quote per instrument, its inventory, and the unwinding of it.
 *
 * Quoting    bid and ask by quote-price, each one order at most, post-only. A quote keeps its place
 *            in the queue inside the tolerance; outside it is cancelled, and the next one is placed
 *            when the cancel is proven, not before. Too near to fair is cancelled at once (at half
 *            the tolerance), too far only as often as the requote interval allows.
 * Limits     beyond the soft limit only the side that sheds is quoted; inventory plus everything
 *            that works (late fills included) never passes the hard limit.
 * Pulled     both quotes are cancelled for a reason of quote-guard and stay out for the hold time.
 *            Inventory held through a long pull is unwound.
 * Unwinding  when disabled, disarmed, reducing, flattening or pulled for long: quotes away first,
 *            then reduce-only at the own best price for a while, then taking.
 * Off        nothing; what still rests is cancelled.
 *
 * Contract   core answers every Place intent within the same turn by `onOrder` (with the order's
 *            slot, or −1 and Rejected when it was denied) and tells every later change of state.
 * Writer     the trading thread. Readers of `rows`: core, shared view, journal, screen.
 * Units      ticks, lots, engine ns, E8. Rows are laid out by domain/quote.
 * Hot path: evaluate, once a turn of an instrument. No allocation.
 * Imports    base, domain, market-making.
 */
import { assert } from '../base/assert.ts';
import type { Instrument } from '../domain/instrument.ts';
import { IntentAction as IntentActions } from '../domain/intent.ts';
import type { IntentBatch } from '../domain/intent.ts';
import { Market as MarketSlot } from '../domain/market.ts';
import { Owner as Owners } from '../domain/modes.ts';
import {
  OrderState as OrderStates,
  Purpose as Purposes,
  TimeInForce as TimesInForce,
} from '../domain/order.ts';
import { Quote as QuoteField, QUOTE_SIZE, QuoteState as QuoteStates } from '../domain/quote.ts';
import { NO_PRICE } from '../domain/units.ts';
import { Verdict } from '../domain/verdict.ts';
import { bookFill, markInventory } from './inventory.ts';
import type { QuoterParameters } from './parameters.ts';
import { endangeredSide, judgeFeed, judgeMarket } from './quote-guard.ts';
import { priceQuotes, writeSizes } from './quote-price.ts';
import { QuoteSlot as QuoteSlots_, QuoteSlots, SlotField as SlotFields } from './quote-slots.ts';
import { compileQuoterConstants, Q as ConstantSlot, QUOTER_CONSTANTS } from './quoter-constants.ts';

// Local constants fold into the code, imported bindings are loaded at each use.
const Market = MarketSlot;
const Quote = QuoteField;
const QuoteState = QuoteStates;
const QuoteSlot = QuoteSlots_;
const SlotField = SlotFields;
const Q = ConstantSlot;
const OrderState = OrderStates;
const PLACE = IntentActions.Place;
const CANCEL = IntentActions.Cancel;
const OWNER = Owners.Quoter;
const GTX = TimesInForce.Gtx;
const IOC = TimesInForce.Ioc;
const QUOTE_PURPOSE = Purposes.Quote;
const UNWIND_PURPOSE = Purposes.Unwind;
/** A person's flatten: allowed where an unwinding is not (HALTED). */
const FLATTEN_PURPOSE = Purposes.Flatten;

const PASS = 0;
const NOT_QUOTING = Verdict.NOT_QUOTING;
const STATE_FORBIDS = Verdict.STATE_FORBIDS;
const SIZE_TOO_SMALL = Verdict.SIZE_TOO_SMALL;
const STALE_DATA = Verdict.STALE_DATA;

/**
 * Bits of `allowed`. Flatten unwinds at once, taking. Stale pulls the quotes for a moment's bad
 * data without unwinding, which a missing Quotes bit would do.
 */
export const QuoterAllowed = { Quotes: 1, Unwind: 2, Flatten: 4, Stale: 8 } as const;
const MAY_QUOTE = QuoterAllowed.Quotes;
const MAY_UNWIND = QuoterAllowed.Unwind | QuoterAllowed.Flatten;
const FLATTEN = QuoterAllowed.Flatten;
const STALE = QuoterAllowed.Stale;

/** Fields an instrument has beside its public row. */
const Work = {
  Enabled: 0,
  QuoteLots: 1,
  PullUntilNs: 2,
  PulledSinceNs: 3,
  PullReason: 4,
  /** Lots that may still be bought, sold. */
  WorkingBuy: 5,
  WorkingSell: 6,
  /** +1 up, −1 down: the side that flow would run over. */
  Endangered: 7,
  Size0: 8,
} as const;
const WORK_FIELDS = 12;

const CANCEL_RETRY_NS = 1e9;
/** A resting quote that is too near to fair is pulled at this share of the tolerance. */
const NEAR_SHARE = 0.5;
const THROUGH_TICKS_MIN = 2;

export class Quoter {
  readonly instruments: readonly Instrument[];
  /** instruments × QUOTE_SIZE, laid out by domain/quote. */
  readonly rows: Float64Array;
  readonly #slots: QuoteSlots;
  readonly #constants: Float64Array;
  readonly #work: Float64Array;
  /** [quote, soft, hard] lots at the present price. */
  readonly #sizes = new Float64Array(3);
  /** The order to place: [price, lots]. */
  readonly #order = new Float64Array(2);
  #unwindPurpose: number = UNWIND_PURPOSE;

  constructor(instruments: readonly Instrument[], parameters: QuoterParameters) {
    assert(instruments.length > 0, 'a quoter has instruments');
    this.instruments = instruments;
    this.#constants = compileQuoterConstants(instruments, parameters);
    this.rows = new Float64Array(instruments.length * QUOTE_SIZE);
    this.#work = new Float64Array(instruments.length * WORK_FIELDS);
    this.#slots = new QuoteSlots(
      instruments.length,
      this.#constants[Q.LateFillNs]!,
      this.#constants[Q.BackoffNs]!,
    );
    for (let i = 0; i < instruments.length; i++) this.#clearQuote(i, NOT_QUOTING);
  }

  setEnabled(instrument: number, enabled: boolean): void {
    this.#work[instrument * WORK_FIELDS + Work.Enabled] = enabled ? 1 : 0;
  }

  isEnabled(instrument: number): boolean {
    return this.#work[instrument * WORK_FIELDS + Work.Enabled] === 1;
  }

  /** Takes over inventory of a crashed session: [signed lots, average entry in ticks]. */
  adopt(instrument: number, position: Float64Array): void {
    const at = instrument * QUOTE_SIZE;
    this.rows[at + Quote.InventoryLots] = position[0]!;
    this.rows[at + Quote.AvgEntryTicks] = position[1]!;
  }

  /** `fill` as in QuoteFill: [side, lots, priceTicks, feeE8, realisedE8]. */
  onFill(instrument: number, fill: Float64Array): void {
    this.#slots.onFill(instrument, fill);
    bookFill(this.rows, instrument * QUOTE_SIZE, fill);
  }

  /** `quoteSlot` 0 bid, 1 ask, 2 unwind; `orderSlot` −1 with Rejected when it was never made. */
  onOrder(instrument: number, quoteSlot: number, orderSlot: number, orderState: number): void {
    this.#slots.onOrder(instrument, quoteSlot, orderSlot, orderState);
    this.#showOrders(instrument);
  }

  /**
   * Judges the instrument anew and writes what must be done into `intents`. `allowed` is made of
   * QuoterAllowed bits; cancels need none.
   */
  evaluate(
    instrument: number,
    market: Float64Array,
    readings: Float64Array,
    allowed: number,
    intents: IntentBatch,
  ): void {
    const rows = this.rows;
    const at = instrument * QUOTE_SIZE;
    const k = instrument * QUOTER_CONSTANTS;
    this.#slots.settle(instrument, market, Market.NowNs);
    markInventory(rows, at, market, this.#constants, k + Q.TickLotE8);
    const isEnabled = this.#work[instrument * WORK_FIELDS + Work.Enabled] === 1;
    if (!isEnabled || (allowed & MAY_QUOTE) === 0 || (allowed & FLATTEN) !== 0) {
      this.#clearQuote(instrument, isEnabled ? STATE_FORBIDS : NOT_QUOTING);
      this.#work[instrument * WORK_FIELDS + Work.PulledSinceNs] = 0;
      this.#shed(instrument, market, allowed, intents, QuoteState.Off);
      return;
    }
    const reason = this.#judge(instrument, market, readings, allowed);
    if (reason !== PASS) {
      this.#pull(instrument, market, allowed, reason, intents);
      return;
    }
    this.#work[instrument * WORK_FIELDS + Work.PulledSinceNs] = 0;
    rows[at + Quote.UnwindSinceNs] = 0;
    rows[at + Quote.State] = QuoteState.Quoting;
    rows[at + Quote.Reason] = PASS;
    this.#cancel(instrument, QuoteSlot.Unwind, market, intents);
    this.#quote(instrument, market, readings, intents);
  }

  /** PASS, or why there must be no quotes; a reason holds on for the hold time. */
  #judge(
    instrument: number,
    market: Float64Array,
    readings: Float64Array,
    allowed: number,
  ): number {
    const rows = this.rows;
    const work = this.#work;
    const at = instrument * QUOTE_SIZE;
    const w = instrument * WORK_FIELDS;
    const k = instrument * QUOTER_CONSTANTS;
    let reason = (allowed & STALE) === 0 ? judgeFeed(market, this.#constants, k) : STALE_DATA;
    if (reason === PASS) {
      this.#refreshSizes(instrument, market);
      priceQuotes(rows, at, this.#constants, k, market, readings);
      reason = judgeMarket(rows, at, this.#constants, k, market, readings);
      if (reason === PASS && this.#isTooSmall(instrument)) reason = SIZE_TOO_SMALL;
    }
    const now = market[Market.NowNs]!;
    if (reason !== PASS) {
      work[w + Work.PullUntilNs] = now + this.#constants[k + Q.PullHoldNs]!;
      work[w + Work.PullReason] = reason;
      return reason;
    }
    return now < work[w + Work.PullUntilNs]! ? work[w + Work.PullReason]! : PASS;
  }

  /** Limits in lots move only while nothing is held and nothing works. */
  #refreshSizes(instrument: number, market: Float64Array): void {
    const rows = this.rows;
    const at = instrument * QUOTE_SIZE;
    const isSet = rows[at + Quote.HardLimitLots]! > 0;
    const isFlat = rows[at + Quote.InventoryLots] === 0 && this.#slots.isQuiet(instrument);
    if (isSet && !isFlat) return;
    writeSizes(this.#sizes, this.#constants, instrument * QUOTER_CONSTANTS, market);
    this.#work[instrument * WORK_FIELDS + Work.QuoteLots] = this.#sizes[0]!;
    rows[at + Quote.SoftLimitLots] = this.#sizes[1]!;
    rows[at + Quote.HardLimitLots] = this.#sizes[2]!;
  }

  /** Would the venue take a quote of the set size at the bid? */
  #isTooSmall(instrument: number): boolean {
    const lots = this.#work[instrument * WORK_FIELDS + Work.QuoteLots]!;
    const bid = this.rows[instrument * QUOTE_SIZE + Quote.BidTicks]!;
    return bid <= 0 || !this.#isTradable(instrument, lots, bid);
  }

  #isTradable(instrument: number, lots: number, priceTicks: number): boolean {
    const k = instrument * QUOTER_CONSTANTS;
    const c = this.#constants;
    if (lots < c[k + Q.MinLots]! || lots <= 0) return false;
    return lots * priceTicks * c[k + Q.TickLotE8]! >= c[k + Q.MinNotionalE8]!;
  }

  #pull(
    instrument: number,
    market: Float64Array,
    allowed: number,
    reason: number,
    intents: IntentBatch,
  ): void {
    const w = instrument * WORK_FIELDS;
    const now = market[Market.NowNs]!;
    const work = this.#work;
    this.#clearQuote(instrument, reason);
    if (work[w + Work.PulledSinceNs] === 0) work[w + Work.PulledSinceNs] = now > 0 ? now : 1;
    const pulledNs = now - work[w + Work.PulledSinceNs]!;
    const patience = this.#constants[instrument * QUOTER_CONSTANTS + Q.PulledUnwindNs]!;
    const mayShed = pulledNs >= patience ? allowed : 0;
    this.#shed(instrument, market, mayShed, intents, QuoteState.Pulled);
  }

  /** No quotes wanted: cancel them, and unwind what is held if that is allowed. */
  #shed(
    instrument: number,
    market: Float64Array,
    allowed: number,
    intents: IntentBatch,
    idleState: number,
  ): void {
    const rows = this.rows;
    const at = instrument * QUOTE_SIZE;
    this.#cancel(instrument, QuoteSlot.Bid, market, intents);
    this.#cancel(instrument, QuoteSlot.Ask, market, intents);
    const isHolding = rows[at + Quote.InventoryLots] !== 0;
    if (!isHolding || (allowed & MAY_UNWIND) === 0) {
      rows[at + Quote.State] = idleState;
      rows[at + Quote.UnwindSinceNs] = 0;
      this.#cancel(instrument, QuoteSlot.Unwind, market, intents);
      return;
    }
    rows[at + Quote.State] = QuoteState.Unwinding;
    const now = market[Market.NowNs]!;
    if (rows[at + Quote.UnwindSinceNs] === 0) rows[at + Quote.UnwindSinceNs] = now > 0 ? now : 1;
    if (judgeFeed(market, this.#constants, instrument * QUOTER_CONSTANTS) !== PASS) return;
    const slots = this.#slots;
    if (slots.isBusy(instrument, QuoteSlot.Bid) || slots.isBusy(instrument, QuoteSlot.Ask)) return;
    this.#unwind(instrument, market, allowed, intents);
  }

  #unwind(instrument: number, market: Float64Array, allowed: number, intents: IntentBatch): void {
    const rows = this.rows;
    const at = instrument * QUOTE_SIZE;
    const k = instrument * QUOTER_CONSTANTS;
    const now = market[Market.NowNs]!;
    const triedNs = now - rows[at + Quote.UnwindSinceNs]!;
    this.#unwindPurpose = (allowed & FLATTEN) !== 0 ? FLATTEN_PURPOSE : UNWIND_PURPOSE;
    const isUrgent =
      (allowed & FLATTEN) !== 0 || triedNs >= this.#constants[k + Q.UnwindPassiveNs]!;
    const side = rows[at + Quote.InventoryLots]! > 0 ? -1 : 1;
    const order = this.#order;
    this.#priceUnwind(instrument, market, side, isUrgent);
    const f = this.#slots.fields;
    const base = this.#slots.at(instrument, QuoteSlot.Unwind);
    const isDue = now - f[base + SlotField.PlacedNs]! >= this.#constants[k + Q.UnwindIntervalNs]!;
    if (this.#slots.isBusy(instrument, QuoteSlot.Unwind)) {
      if (f[base + SlotField.IsTaking] === 1) return;
      const isOff = f[base + SlotField.PriceTicks] !== order[0];
      if (isUrgent || (isOff && isDue)) {
        this.#cancel(instrument, QuoteSlot.Unwind, market, intents);
      }
      return;
    }
    if (!isDue || now < f[base + SlotField.BackoffUntilNs]!) return;
    const held = Math.abs(rows[at + Quote.InventoryLots]!);
    const most = this.#constants[k + Q.MaxLots]!;
    order[1] = held < most ? held : most;
    this.#place(instrument, QuoteSlot.Unwind, side, isUrgent ? IOC : GTX, market, intents);
  }

  /** Own best price while patient; through the other side's best price when not. */
  #priceUnwind(instrument: number, market: Float64Array, side: number, isUrgent: boolean): void {
    const bid = market[Market.BidTicks]!;
    const ask = market[Market.AskTicks]!;
    if (!isUrgent) {
      this.#order[0] = side > 0 ? bid : ask;
      return;
    }
    const fraction = this.#constants[instrument * QUOTER_CONSTANTS + Q.UnwindThroughFraction]!;
    const wanted = Math.ceil(ask * fraction);
    const through = wanted > THROUGH_TICKS_MIN ? wanted : THROUGH_TICKS_MIN;
    const low = bid - through;
    this.#order[0] = side > 0 ? ask + through : low > 1 ? low : 1;
  }

  #quote(
    instrument: number,
    market: Float64Array,
    readings: Float64Array,
    intents: IntentBatch,
  ): void {
    const w = instrument * WORK_FIELDS;
    const k = instrument * QUOTER_CONSTANTS;
    this.#slots.writeWorking(instrument, this.#work, w + Work.WorkingBuy);
    this.#work[w + Work.Endangered] = endangeredSide(this.#constants, k, readings);
    this.#sizeSide(instrument, 1);
    this.#sizeSide(instrument, -1);
    // An unwind that is still out would be a second order on one side.
    const isBlocked = this.#slots.isBusy(instrument, QuoteSlot.Unwind);
    this.#keepSide(instrument, QuoteSlot.Bid, isBlocked, market, intents);
    this.#keepSide(instrument, QuoteSlot.Ask, isBlocked, market, intents);
  }

  /** Writes the lots wanted on a side: 0 beyond the soft limit or where flow would run it over. */
  #sizeSide(instrument: number, side: number): void {
    const rows = this.rows;
    const at = instrument * QUOTE_SIZE;
    const w = instrument * WORK_FIELDS;
    const lotsField = at + (side > 0 ? Quote.BidLots : Quote.AskLots);
    const ticksField = at + (side > 0 ? Quote.BidTicks : Quote.AskTicks);
    const held = side * rows[at + Quote.InventoryLots]!;
    const isFull = held > 0 && held >= rows[at + Quote.SoftLimitLots]!;
    const isEndangered = this.#work[w + Work.Endangered] === -side;
    rows[lotsField] = 0;
    if (!isFull && !isEndangered) {
      rows[lotsField] = this.#work[w + Work.QuoteLots]!;
      return;
    }
    rows[ticksField] = NO_PRICE;
  }

  /** Brings the order of a side in line with the row: keep, cancel or place. */
  #keepSide(
    instrument: number,
    slot: number,
    isBlocked: boolean,
    market: Float64Array,
    intents: IntentBatch,
  ): void {
    const rows = this.rows;
    const at = instrument * QUOTE_SIZE;
    const f = this.#slots.fields;
    const base = this.#slots.at(instrument, slot);
    const isWanted = rows[at + (slot === QuoteSlot.Bid ? Quote.BidLots : Quote.AskLots)]! > 0;
    if (this.#slots.isBusy(instrument, slot)) {
      if (!isWanted || this.#isMisplaced(instrument, slot, market)) {
        if (f[base + SlotField.CancelNs] === 0 && isWanted) {
          rows[at + Quote.RequoteCount]! += 1;
          rows[at + Quote.LastRequoteNs] = market[Market.NowNs]!;
        }
        this.#cancel(instrument, slot, market, intents);
      }
      return;
    }
    if (!isWanted || isBlocked) return;
    const k = instrument * QUOTER_CONSTANTS;
    const now = market[Market.NowNs]!;
    if (now - f[base + SlotField.PlacedNs]! < this.#constants[k + Q.RequoteIntervalNs]!) return;
    if (now < f[base + SlotField.BackoffUntilNs]!) return;
    this.#placeQuote(instrument, slot, market, intents);
  }

  #placeQuote(instrument: number, slot: number, market: Float64Array, intents: IntentBatch): void {
    const rows = this.rows;
    const at = instrument * QUOTE_SIZE;
    const w = instrument * WORK_FIELDS;
    const side = slot === QuoteSlot.Bid ? 1 : -1;
    const working = this.#work[w + (side > 0 ? Work.WorkingBuy : Work.WorkingSell)]!;
    const room = rows[at + Quote.HardLimitLots]! - side * rows[at + Quote.InventoryLots]! - working;
    const wanted = rows[at + (side > 0 ? Quote.BidLots : Quote.AskLots)]!;
    const price = rows[at + (side > 0 ? Quote.BidTicks : Quote.AskTicks)]!;
    const lots = wanted < room ? wanted : room;
    if (!this.#isTradable(instrument, lots, price)) return;
    if (this.#wouldMeetOwn(instrument, slot, price)) return;
    this.#order[0] = price;
    this.#order[1] = lots;
    this.#place(instrument, slot, side, GTX, market, intents);
  }

  /** Would the order trade with our own on the other side, which is still on its way out? */
  #wouldMeetOwn(instrument: number, slot: number, priceTicks: number): boolean {
    const other = slot === QuoteSlot.Bid ? QuoteSlot.Ask : QuoteSlot.Bid;
    if (!this.#slots.isBusy(instrument, other)) return false;
    const resting = this.#slots.fields[this.#slots.at(instrument, other) + SlotField.PriceTicks]!;
    return slot === QuoteSlot.Bid ? priceTicks >= resting : priceTicks <= resting;
  }

  /** Has fair moved away from the resting quote further than is tolerated? */
  #isMisplaced(instrument: number, slot: number, market: Float64Array): boolean {
    const rows = this.rows;
    const at = instrument * QUOTE_SIZE;
    const k = instrument * QUOTER_CONSTANTS;
    const f = this.#slots.fields;
    const base = this.#slots.at(instrument, slot);
    const wide = rows[at + Quote.HalfSpreadTicks]! * this.#constants[k + Q.RequoteHalfSpreads]!;
    const least = this.#constants[k + Q.RequoteTicks]!;
    const tolerance = wide > least ? wide : least;
    const resting = f[base + SlotField.PriceTicks]!;
    const behind =
      slot === QuoteSlot.Bid
        ? rows[at + Quote.BidTicks]! - resting
        : resting - rows[at + Quote.AskTicks]!;
    const near = tolerance * NEAR_SHARE;
    if (-behind > (near > least ? near : least)) return true;
    if (behind <= tolerance) return false;
    const age = market[Market.NowNs]! - f[base + SlotField.PlacedNs]!;
    return age >= this.#constants[k + Q.RequoteIntervalNs]!;
  }

  /** Asks for an order at #order; the slot is busy from here on. */
  #place(
    instrument: number,
    slot: number,
    side: number,
    timeInForce: number,
    market: Float64Array,
    intents: IntentBatch,
  ): void {
    const row = intents.claim(PLACE, instrument, OWNER, slot);
    if (row < 0) return;
    const isUnwind = slot === QuoteSlot.Unwind;
    intents.purpose[row] = isUnwind ? this.#unwindPurpose : QUOTE_PURPOSE;
    intents.side[row] = side;
    intents.priceTicks[row] = this.#order[0]!;
    intents.lots[row] = this.#order[1]!;
    intents.timeInForce[row] = timeInForce;
    intents.reduceOnly[row] = isUnwind ? 1 : 0;
    this.#slots.ask(instrument, slot, intents, row, market);
  }

  /** Asks once for the end of the slot's order, and again when nothing came of it for a second. */
  #cancel(instrument: number, slot: number, market: Float64Array, intents: IntentBatch): void {
    const f = this.#slots.fields;
    const base = this.#slots.at(instrument, slot);
    const order = f[base + SlotField.Order]!;
    if (order < 0) return;
    const now = market[Market.NowNs]!;
    const askedNs = f[base + SlotField.CancelNs]!;
    if (askedNs !== 0 && now - askedNs < CANCEL_RETRY_NS) return;
    const row = intents.claim(CANCEL, instrument, OWNER, slot);
    if (row < 0) return;
    intents.order[row] = order;
    intents.side[row] = f[base + SlotField.Side]!;
    intents.purpose[row] = slot === QuoteSlot.Unwind ? UNWIND_PURPOSE : QUOTE_PURPOSE;
    intents.priceTicks[row] = f[base + SlotField.PriceTicks]!;
    intents.lots[row] = f[base + SlotField.LeavesLots]!;
    intents.timeInForce[row] = GTX;
    f[base + SlotField.CancelNs] = now > 0 ? now : 1;
  }

  #clearQuote(instrument: number, reason: number): void {
    const rows = this.rows;
    const at = instrument * QUOTE_SIZE;
    rows[at + Quote.Reason] = reason;
    rows[at + Quote.BidTicks] = NO_PRICE;
    rows[at + Quote.AskTicks] = NO_PRICE;
    rows[at + Quote.BidLots] = 0;
    rows[at + Quote.AskLots] = 0;
    this.#showOrders(instrument);
  }

  /** Order slots and acknowledged prices of the row. */
  #showOrders(instrument: number): void {
    const rows = this.rows;
    const at = instrument * QUOTE_SIZE;
    const f = this.#slots.fields;
    const bid = this.#slots.at(instrument, QuoteSlot.Bid);
    const ask = this.#slots.at(instrument, QuoteSlot.Ask);
    rows[at + Quote.BidOrder] = f[bid + SlotField.Order]!;
    rows[at + Quote.AskOrder] = f[ask + SlotField.Order]!;
    rows[at + Quote.RestingBidTicks] = isResting(f[bid + SlotField.OrderState]! | 0)
      ? f[bid + SlotField.PriceTicks]!
      : NO_PRICE;
    rows[at + Quote.RestingAskTicks] = isResting(f[ask + SlotField.OrderState]! | 0)
      ? f[ask + SlotField.PriceTicks]!
      : NO_PRICE;
  }
}

/** Acknowledged by the venue and not seen to be over. */
function isResting(state: number): boolean {
  return (
    state === OrderState.Open ||
    state === OrderState.PartiallyFilled ||
    state === OrderState.PendingCancel
  );
}
