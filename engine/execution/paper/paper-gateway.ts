/**
 * paper-gateway: a simulated venue over foreign market data: replay now, paper trading later.
 *
 * A request takes `entryNs` to the venue and its answer `responseNs` back; both are constants. At
 * the venue an order meets the market as last seen:
 *
 *   takes     what crosses fills level by level, no deeper than the book shows, as taker
 *   post-only that would cross is rejected (−5022); IOC leaves expire (reason 2)
 *   reduce-only larger than the position is shrunk, without one it is rejected (−2022)
 *   rests     behind the whole level; a trade beyond its price, or the other side reaching its
 *             price, fills it all; a trade at its price fills what passes the queue (queue-model)
 *
 * Assumptions: our orders move nobody, and size we took is still shown until the next update. Fills
 * are therefore optimistic for large orders: verify live with small ones and adjust.
 *
 * Calls     onTimer(clock) at the start of every turn, then onMarket(instrument) after each message
 *           of that instrument was applied. Rows appear in `events` by onTimer only.
 * Units     lots, ticks, 1e-8 quote units, engine ns.
 * Hot path: all of it. Deterministic. No allocation after construction.
 * Imports   base, domain, memory/slots, execution.
 */
import { assert } from '../../base/assert.ts';
import { NS_PER_MS } from '../../base/clock.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { Market } from '../../domain/market.ts';
import { BookState } from '../../domain/modes.ts';
import { OrderEventKind, OrderState, TimeInForce } from '../../domain/order.ts';
import { OrderEventField as Field } from '../../memory/slots.ts';
import type { Gateway } from '../gateway.ts';
import { type OrderEventQueue, VenueEventKind } from '../order-events.ts';
import { ORDERS_MAX, type OrderTable } from '../order-table.ts';
import { DelayedEvents } from './delayed-events.ts';
import { Booked, PaperAccount } from './paper-account.ts';
import { QueueModel, QueuePositions } from './queue-model.ts';

/** The part of a book that matching needs; book/local-book fits it. */
export interface PaperBook {
  bidLotsAt(ticks: number): number;
  askLotsAt(ticks: number): number;
  /** Best levels of a side (+1 bids, −1 asks), best first; how many. */
  levels(side: number, max: number, outTicks: Int32Array, outLots: Float64Array): number;
}

/** One instrument's market; book/market-state fits it. */
export interface PaperMarket {
  readonly fields: Float64Array;
  readonly book: PaperBook;
}

export interface PaperTiming {
  readonly entryNs: number;
  readonly responseNs: number;
}
export const PAPER_TIMING: PaperTiming = { entryNs: 3 * NS_PER_MS, responseNs: 3 * NS_PER_MS };

export interface PaperGatewayParts {
  readonly table: OrderTable;
  readonly instruments: readonly Instrument[];
  readonly markets: readonly PaperMarket[];
  readonly events: OrderEventQueue;
  readonly timing?: Partial<PaperTiming>;
  readonly queueModel?: QueueModel;
}

const Request = { Place: 0, Cancel: 1, Query: 2 } as const;
const REQUESTS = 4096;
const LEVELS_MAX = 64;
const CODE_POST_ONLY = -5022;
const CODE_REDUCE_ONLY = -2022;
const CODE_NOT_OPEN = -2011;
const CODE_NO_MARKET = -1001;
const REASON_IOC = 2;
const REASON_REDUCE_ONLY = 4;

export class PaperGateway implements Gateway {
  readonly events: OrderEventQueue;
  readonly account: PaperAccount;
  readonly #table: OrderTable;
  readonly #markets: readonly PaperMarket[];
  readonly #timing: Float64Array;
  readonly #model: number;
  readonly #delayed = new DelayedEvents();
  readonly #queue = new QueuePositions(ORDERS_MAX);

  /** Requests on their way: kind, slot, sequence, arrival. A ring. */
  readonly #requestKind = new Int32Array(REQUESTS);
  readonly #requestSlot = new Int32Array(REQUESTS);
  readonly #requestSequence = new Int32Array(REQUESTS);
  readonly #requestNumber = new Int32Array(REQUESTS);
  readonly #requestAtNs = new Float64Array(REQUESTS);
  #requestHead = 0;
  #requestCount = 0;

  /** The venue's own idea of each order; `sequence` tells it from an earlier one of the slot. */
  readonly #sequence = new Int32Array(ORDERS_MAX);
  readonly #state = new Int32Array(ORDERS_MAX);
  readonly #instrument = new Int32Array(ORDERS_MAX);
  readonly #side = new Int32Array(ORDERS_MAX);
  readonly #priceTicks = new Int32Array(ORDERS_MAX);
  readonly #reduceOnly = new Int32Array(ORDERS_MAX);
  readonly #lots = new Float64Array(ORDERS_MAX);
  readonly #filled = new Float64Array(ORDERS_MAX);
  readonly #filledLotTicks = new Float64Array(ORDERS_MAX);
  /** Resting orders, chained by instrument. */
  readonly #firstOf: Int32Array;
  readonly #nextOf = new Int32Array(ORDERS_MAX).fill(-1);

  readonly #levelTicks = new Int32Array(LEVELS_MAX);
  readonly #levelLots = new Float64Array(LEVELS_MAX);
  /** Arrival at the venue of what is being handled, and its answer's arrival here. */
  readonly #time = new Float64Array(2);
  readonly #one = new Float64Array(1);
  readonly #fill = new Float64Array(2);
  #tradeId = 0;

  constructor(parts: PaperGatewayParts) {
    assert(parts.markets.length === parts.instruments.length, 'one market per instrument');
    this.#table = parts.table;
    this.#markets = parts.markets;
    this.events = parts.events;
    this.account = new PaperAccount(parts.instruments);
    const timing = { ...PAPER_TIMING, ...parts.timing };
    this.#timing = new Float64Array([timing.entryNs, timing.responseNs]);
    this.#model = parts.queueModel ?? QueueModel.RiskAverse;
    this.#firstOf = new Int32Array(parts.instruments.length).fill(-1);
  }

  // --- requests --------------------------------------------------------------------------------

  place(slot: number): boolean {
    return this.#post(Request.Place, slot, this.#table.sentNs);
  }

  cancel(slot: number): boolean {
    return this.#post(Request.Cancel, slot, this.#table.cancelNs);
  }

  query(slot: number): boolean {
    return this.#post(Request.Query, slot, this.#table.queriedNs);
  }

  #post(kind: number, slot: number, sentNs: Float64Array): boolean {
    if (this.#requestCount >= REQUESTS) return false;
    const at = (this.#requestHead + this.#requestCount) % REQUESTS;
    this.#requestKind[at] = kind;
    this.#requestSlot[at] = slot;
    this.#requestSequence[at] = this.#table.clientSequence[slot]!;
    this.#requestNumber[at] = this.#table.queryNumber[slot]!;
    this.#requestAtNs[at] = sentNs[slot]! + this.#timing[0]!;
    this.#requestCount += 1;
    return true;
  }

  /** Start of a turn at clock[0]: requests that have arrived by now, then answers that have. */
  onTimer(clock: Float64Array): void {
    const now = clock[0]!;
    while (this.#requestCount > 0 && this.#requestAtNs[this.#requestHead]! <= now) {
      const at = this.#requestHead;
      this.#stamp(this.#requestAtNs, at);
      this.#handle(at, this.#requestSlot[at]!, this.#requestSequence[at]!);
      this.#requestHead = (at + 1) % REQUESTS;
      this.#requestCount -= 1;
    }
    this.#delayed.deliver(clock, this.events);
  }

  #stamp(times: Float64Array, index: number): void {
    this.#time[0] = times[index]!;
    this.#time[1] = times[index]! + this.#timing[1]!;
  }

  #handle(at: number, slot: number, sequence: number): void {
    const kind = this.#requestKind[at]!;
    if (kind === Request.Place) this.#arrive(slot, sequence);
    else if (kind === Request.Cancel) this.#cancelArrived(slot, sequence);
    else this.#queryArrived(slot, sequence, this.#requestNumber[at]!);
  }

  // --- at the venue ----------------------------------------------------------------------------

  #arrive(slot: number, sequence: number): void {
    const table = this.#table;
    const instrument = table.instrument[slot]!;
    if (table.clientSequence[slot] !== sequence) return;
    this.#sequence[slot] = sequence;
    this.#instrument[slot] = instrument;
    this.#side[slot] = table.side[slot]!;
    this.#priceTicks[slot] = table.priceTicks[slot]!;
    this.#reduceOnly[slot] = table.reduceOnly[slot]!;
    this.#lots[slot] = table.lots[slot]!;
    this.#filled[slot] = 0;
    this.#filledLotTicks[slot] = 0;
    const refusal = this.#refusal(slot);
    if (refusal !== 0) {
      this.#state[slot] = OrderState.Free;
      this.#sequence[slot] = 0;
      const base = this.#claim(OrderEventKind.Rejected, slot, sequence);
      this.#delayed.doubles[base + Field.Code] = refusal;
      return;
    }
    this.#state[slot] = OrderState.Open;
    const base = this.#claim(OrderEventKind.Accepted, slot, sequence);
    this.#delayed.doubles[base + Field.Lots] = this.#lots[slot]!;
    this.#delayed.doubles[base + Field.PriceTicks] = this.#priceTicks[slot]!;
    this.#takeLiquidity(slot);
    if (this.#state[slot] === OrderState.Filled) return;
    if (table.timeInForce[slot] === TimeInForce.Ioc)
      this.#end(slot, OrderState.Expired, REASON_IOC);
    else this.#rest(slot);
  }

  /** Venue code of why the order is not taken, or 0; shrinks what reduces too much. */
  #refusal(slot: number): number {
    const table = this.#table;
    const instrument = this.#instrument[slot]!;
    const fields = this.#markets[instrument]!.fields;
    if (fields[Market.Valid] !== 1 || fields[Market.BookState] !== BookState.Synced) {
      return CODE_NO_MARKET;
    }
    if (this.#reduceOnly[slot] === 1) {
      const held = this.#reducibleLots(slot);
      const free = held - this.#restingReduceLots(instrument, this.#side[slot]!);
      if (free <= 0) return CODE_REDUCE_ONLY;
      if (this.#lots[slot]! > free) this.#lots[slot] = free;
    }
    if (table.timeInForce[slot] === TimeInForce.Gtx && this.#crosses(slot)) return CODE_POST_ONLY;
    return 0;
  }

  #restingReduceLots(instrument: number, side: number): number {
    let lots = 0;
    for (let o = this.#firstOf[instrument]!; o >= 0; o = this.#nextOf[o]!) {
      if (this.#side[o] !== side || this.#reduceOnly[o] !== 1) continue;
      lots += this.#lots[o]! - this.#filled[o]!;
    }
    return lots;
  }

  /** Lots of the account's position that an order on this one's side would close. */
  #reducibleLots(slot: number): number {
    const held = this.account.lots[this.#instrument[slot]!]! * -this.#side[slot]!;
    return held > 0 ? held : 0;
  }

  #crosses(slot: number): boolean {
    const fields = this.#markets[this.#instrument[slot]!]!.fields;
    const price = this.#priceTicks[slot]!;
    if (this.#side[slot]! > 0) return price >= fields[Market.AskTicks]!;
    return price <= fields[Market.BidTicks]!;
  }

  /** Fills against the shown book, the touch first, as far as price and size go. */
  #takeLiquidity(slot: number): void {
    if (!this.#crosses(slot)) return;
    const { fields, book } = this.#markets[this.#instrument[slot]!]!;
    const side = this.#side[slot]!;
    const limit = this.#priceTicks[slot]! * side;
    const touchTicks = side > 0 ? fields[Market.AskTicks]! : fields[Market.BidTicks]!;
    const touchLots = side > 0 ? fields[Market.AskLots]! : fields[Market.BidLots]!;
    this.#one[0] = touchLots;
    this.#execute(slot, touchTicks, 0);
    const count = book.levels(-side, LEVELS_MAX, this.#levelTicks, this.#levelLots);
    for (let i = 0; i < count; i++) {
      if (this.#state[slot] === OrderState.Filled) return;
      const ticks = this.#levelTicks[i]!;
      // The touch may be newer than the book: what it has passed is gone.
      if (ticks * side <= touchTicks * side) continue;
      if (ticks * side > limit) return;
      this.#one[0] = this.#levelLots[i]!;
      this.#execute(slot, ticks, 0);
    }
  }

  #rest(slot: number): void {
    const instrument = this.#instrument[slot]!;
    const { book } = this.#markets[instrument]!;
    const price = this.#priceTicks[slot]!;
    this.#one[0] = this.#side[slot]! > 0 ? book.bidLotsAt(price) : book.askLotsAt(price);
    this.#queue.join(slot, this.#one, 0);
    this.#nextOf[slot] = this.#firstOf[instrument]!;
    this.#firstOf[instrument] = slot;
  }

  #cancelArrived(slot: number, sequence: number): void {
    const isResting = this.#sequence[slot] === sequence && this.#isOpen(slot);
    if (isResting) {
      this.#unchain(slot);
      this.#end(slot, OrderState.Canceled, 0);
      return;
    }
    const base = this.#claim(OrderEventKind.CancelRejected, slot, sequence);
    this.#delayed.doubles[base + Field.Code] = CODE_NOT_OPEN;
  }

  #queryArrived(slot: number, sequence: number, queryNumber: number): void {
    const isKnown = this.#sequence[slot] === sequence;
    const kind = isKnown ? OrderEventKind.StatusFound : OrderEventKind.StatusNotFound;
    const base = this.#claim(kind, slot, sequence);
    const doubles = this.#delayed.doubles;
    doubles[base + Field.TradeId] = queryNumber;
    if (!isKnown) return;
    const filled = this.#filled[slot]!;
    doubles[base + Field.Lots] = this.#lots[slot]!;
    doubles[base + Field.CumulativeLots] = filled;
    doubles[base + Field.PriceTicks] = filled > 0 ? this.#filledLotTicks[slot]! / filled : 0;
    doubles[base + Field.Code] = this.#state[slot]!;
  }

  // --- market ----------------------------------------------------------------------------------

  /**
   * After a message of `instrument` was applied: trades first, then the level, then the other side.
   */
  onMarket(instrument: number): void {
    let order = this.#firstOf[instrument]!;
    if (order < 0) return;
    const { fields, book } = this.#markets[instrument]!;
    if (fields[Market.Valid] !== 1) return;
    this.#stamp(fields, Market.NowNs);
    while (order >= 0) {
      const next = this.#nextOf[order]!;
      if (fields[Market.TradeCount]! > 0) this.#onTrade(order, fields);
      if (this.#isOpen(order)) this.#onLevel(order, book);
      if (this.#isOpen(order) && this.#crosses(order)) this.#executeAll(order);
      if (this.#isOpen(order) && this.#reduceOnly[order] === 1) this.#knockOut(order);
      if (!this.#isOpen(order)) this.#unchain(order);
      order = next;
    }
  }

  #onTrade(order: number, fields: Float64Array): void {
    const side = this.#side[order]!;
    const past = (this.#priceTicks[order]! - fields[Market.LastTradeTicks]!) * side;
    if (past > 0) {
      this.#executeAll(order);
      return;
    }
    if (past < 0) return;
    // At our price only aggressors of the other side come to us.
    this.#one[0] = side > 0 ? fields[Market.SellLots]! : fields[Market.BuyLots]!;
    if (this.#one[0] === 0) return;
    this.#queue.onTrade(order, this.#one, 0);
    this.#one[0] = this.#queue.take(order);
    if (this.#one[0] > 0) this.#execute(order, this.#priceTicks[order]!, 1);
  }

  #onLevel(order: number, book: PaperBook): void {
    const price = this.#priceTicks[order]!;
    this.#one[0] = this.#side[order]! > 0 ? book.bidLotsAt(price) : book.askLotsAt(price);
    this.#queue.onLevel(order, this.#model, this.#one, 0);
  }

  #executeAll(order: number): void {
    this.#one[0] = this.#lots[order]!;
    this.#execute(order, this.#priceTicks[order]!, 1);
  }

  /** A reduce-only order with nothing left to reduce ends. */
  #knockOut(order: number): void {
    if (this.#reducibleLots(order) === 0) this.#end(order, OrderState.Expired, REASON_REDUCE_ONLY);
  }

  /** Fills at most #one[0] lots of what is left at `ticks`. */
  #execute(order: number, ticks: number, isMaker: number): void {
    let lots = this.#lots[order]! - this.#filled[order]!;
    if (this.#one[0]! < lots) lots = this.#one[0]!;
    if (this.#reduceOnly[order] === 1 && this.#reducibleLots(order) < lots) {
      lots = this.#reducibleLots(order);
    }
    if (lots <= 0) return;
    const instrument = this.#instrument[order]!;
    this.#filled[order] = this.#filled[order]! + lots;
    this.#filledLotTicks[order] = this.#filledLotTicks[order]! + lots * ticks;
    const isFull = this.#filled[order] >= this.#lots[order]!;
    this.#state[order] = isFull ? OrderState.Filled : OrderState.PartiallyFilled;
    this.#fill[0] = lots * this.#side[order]!;
    this.#fill[1] = ticks;
    this.account.book(instrument, isMaker, this.#fill);
    this.#tradeId += 1;
    const base = this.#claim(OrderEventKind.Fill, order, this.#sequence[order]!);
    const doubles = this.#delayed.doubles;
    doubles[base + Field.Lots] = lots;
    doubles[base + Field.PriceTicks] = ticks;
    doubles[base + Field.CumulativeLots] = this.#filled[order]!;
    doubles[base + Field.FeeE8] = this.account.booked[Booked.FeeE8]!;
    doubles[base + Field.RealisedE8] = this.account.booked[Booked.RealisedE8]!;
    doubles[base + Field.TradeId] = this.#tradeId;
    doubles[base + Field.IsMaker] = isMaker;
    const position = this.#claim(VenueEventKind.Position, order, 0);
    doubles[position + Field.Lots] = this.account.lots[instrument]!;
    this.account.writeEntryTicks(instrument, doubles, position + Field.PriceTicks);
  }

  // --- small things ----------------------------------------------------------------------------

  #end(slot: number, state: number, reason: number): void {
    this.#state[slot] = state;
    const kind = state === OrderState.Canceled ? OrderEventKind.Canceled : OrderEventKind.Expired;
    const base = this.#claim(kind, slot, this.#sequence[slot]!);
    this.#delayed.doubles[base + Field.CumulativeLots] = this.#filled[slot]!;
    this.#delayed.doubles[base + Field.Code] = reason;
  }

  #isOpen(slot: number): boolean {
    const state = this.#state[slot]!;
    return state === OrderState.Open || state === OrderState.PartiallyFilled;
  }

  #unchain(slot: number): void {
    const instrument = this.#instrument[slot]!;
    let before = -1;
    let at = this.#firstOf[instrument]!;
    while (at >= 0 && at !== slot) {
      before = at;
      at = this.#nextOf[at]!;
    }
    if (at < 0) return;
    if (before < 0) this.#firstOf[instrument] = this.#nextOf[slot]!;
    else this.#nextOf[before] = this.#nextOf[slot]!;
    this.#nextOf[slot] = -1;
  }

  #claim(kind: number, slot: number, sequence: number): number {
    const instrument = this.#instrument[slot]!;
    const base = this.#delayed.claim(kind, instrument, sequence, this.#time, 1);
    const venueMs = this.#markets[instrument]!.fields[Market.VenueTimeMs]!;
    this.#delayed.doubles[base + Field.VenueTimeMs] = venueMs;
    return base;
  }
}
