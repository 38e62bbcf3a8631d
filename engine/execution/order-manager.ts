/**
 * order-manager: carries every order from intent to terminal state, by proof only.
 *
 * - A state changes along domain/order's LEGAL_TRANSITIONS or not at all (counted, then asked).
 * - Unknown is left only by an event or a status answer. Nothing is ever resent as a new placement;
 *   cancels are resent until the order is seen to be over.
 * - NOT FOUND proves "never placed" only for an order that was never acknowledged, after the
 *   receive window plus margin, and twice.
 * - Late events are legal: a fill after the cancel's answer goes to its owner all the same.
 * - filled + leaves + cancelled = ordered, always; cancelled is what a terminal order left
 *   unfilled.
 *
 * Writers   core alone calls it. Readers of `changes`: core, drained after every call.
 * Units     clock[0] is engine ns; lots, ticks, 1e-8 quote units.
 * Hot path: place, cancel, onEvent, onTimer. No allocation after construction.
 * Imports   base, domain, memory/slots, execution.
 */
import { assert } from '../base/assert.ts';
import { NS_PER_MS } from '../base/clock.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { IntentBatch } from '../domain/intent.ts';
import { isTerminal, OrderEventKind, OrderState } from '../domain/order.ts';
import { E8 } from '../domain/units.ts';
import { OrderEventField } from '../memory/slots.ts';
import { CODE_NOT_FOUND, CODE_NOT_SENT, type Gateway } from './gateway.ts';
import { OrderChanges } from './order-changes.ts';
import { eventInstrumentOf, eventKindOf, VenueEventKind } from './order-events.ts';
import { type OrderTable, QUERY_NUMBERS } from './order-table.ts';
import { ORDER_COUNTERS, ORDER_TIMING, OrderCounter, type OrderTiming } from './order-timing.ts';
import { isLegalTransition } from './order-transitions.ts';
import { SettledOrders } from './settled-orders.ts';
import { TradeIds } from './trade-ids.ts';

const FILL_GAP_MAX_NS = 60_000 * NS_PER_MS;
const BACKOFF_SHIFT_MAX = 5;

export interface OrderManagerParts {
  readonly table: OrderTable;
  readonly gateway: Gateway;
  readonly instruments: readonly Instrument[];
  readonly timing?: Partial<OrderTiming>;
}

export class OrderManager {
  readonly table: OrderTable;
  readonly changes = new OrderChanges();
  readonly counters = new Int32Array(ORDER_COUNTERS);
  readonly timing: OrderTiming;
  readonly #gateway: Gateway;
  readonly #instruments: readonly Instrument[];
  readonly #trades: TradeIds;
  readonly #now = new Float64Array(1);
  readonly #settled = new SettledOrders();
  /** A settled order may have a query due. */
  #hasSettledQueries = false;
  #sequence = 0;

  constructor(parts: OrderManagerParts) {
    this.table = parts.table;
    this.#gateway = parts.gateway;
    this.#instruments = parts.instruments;
    this.#trades = new TradeIds(parts.table.instrumentCount);
    this.timing = { ...ORDER_TIMING, ...parts.timing };
    assert(
      parts.instruments.length === parts.table.instrumentCount,
      'the table serves exactly the instruments',
    );
  }

  /** Client sequence of the last order placed in this session. */
  get lastSequence(): number {
    return this.#sequence;
  }

  /** Makes an order of an intent that has passed the gate, and sends it. Slot, or −1: pool full. */
  place(intents: IntentBatch, row: number, clock: Float64Array): number {
    const table = this.table;
    this.#now[0] = clock[0]!;
    if (table.freeCount === 0 && this.#settled.count > 0) {
      this.counters[OrderCounter.EarlyReleases]! += 1;
      this.#releaseOldest();
    }
    const instrument = intents.instrument[row]!;
    const slot = table.claim(this.#sequence + 1, instrument);
    if (slot < 0) return -1;
    this.#sequence += 1;
    table.owner[slot] = intents.owner[row]!;
    table.ownerRef[slot] = intents.ownerRef[row]!;
    table.purpose[slot] = intents.purpose[row]!;
    table.side[slot] = intents.side[row]!;
    table.priceTicks[slot] = intents.priceTicks[row]!;
    table.lots[slot] = intents.lots[row]!;
    table.timeInForce[slot] = intents.timeInForce[row]!;
    table.reduceOnly[slot] = intents.reduceOnly[row]!;
    table.createdNs[slot] = clock[0]!;
    table.sentNs[slot] = clock[0]!;
    assert(table.lots[slot] > 0, 'an order has a size');
    this.counters[OrderCounter.Placed]! += 1;
    this.#transition(slot, OrderState.PendingNew, 0);
    if (!this.#gateway.place(slot)) {
      this.counters[OrderCounter.NotSent]! += 1;
      this.#transition(slot, OrderState.Rejected, CODE_NOT_SENT);
    }
    return slot;
  }

  /**
   * Asks for the order's end. True when the request left, or one is already under way; false when
   * the order is over or nothing could be sent (it is then retried by onTimer).
   */
  cancel(slot: number, clock: Float64Array): boolean {
    this.#now[0] = clock[0]!;
    const state = this.table.state[slot]!;
    if (state === OrderState.Free || isTerminal(state)) return false;
    this.table.cancelWanted[slot] = 1;
    if (state === OrderState.PendingCancel) return true;
    return this.#sendCancel(slot);
  }

  /** Cancels every active order of `instrument` (−1: all) and `owner` (0: all). Requests sent. */
  cancelAll(instrument: number, owner: number, clock: Float64Array): number {
    const table = this.table;
    let sent = 0;
    for (let i = table.activeCount - 1; i >= 0; i--) {
      const slot = table.active[i]!;
      if (instrument >= 0 && table.instrument[slot] !== instrument) continue;
      if (owner !== 0 && table.owner[slot] !== owner) continue;
      if (this.cancel(slot, clock)) sent += 1;
    }
    return sent;
  }

  /** One row of an OrderEventQueue, or of a journal: `base` is the index of its double 0. */
  onEvent(words: Int32Array, doubles: Float64Array, base: number): void {
    const header = words[base * 2]!;
    const kind = eventKindOf(header);
    this.#now[0] = doubles[base + OrderEventField.NowNs]!;
    if (kind > OrderEventKind.Amended) {
      if (kind === VenueEventKind.StreamResumed) this.#askForEverything();
      return;
    }
    const slot = this.table.slotOf(doubles[base + OrderEventField.ClientSequence]!);
    if (slot < 0) {
      this.#onExternal(kind, eventInstrumentOf(header), doubles, base);
      return;
    }
    this.#onOwn(kind, slot, doubles, base);
  }

  #onOwn(kind: number, slot: number, doubles: Float64Array, base: number): void {
    switch (kind) {
      case OrderEventKind.Accepted:
        return this.#onAccepted(slot, doubles, base);
      case OrderEventKind.Rejected:
        return this.#onRejected(slot, doubles, base);
      case OrderEventKind.Fill:
        return this.#onFill(slot, doubles, base);
      case OrderEventKind.Canceled:
        return this.#onOver(slot, OrderState.Canceled, doubles, base);
      case OrderEventKind.Expired:
        return this.#onOver(slot, OrderState.Expired, doubles, base);
      case OrderEventKind.CancelRejected:
        return this.#onCancelRejected(slot, doubles, base);
      case OrderEventKind.OutcomeUnknown:
        return this.#onOutcomeUnknown(slot, doubles, base);
      case OrderEventKind.StatusFound:
        return this.#onStatusFound(slot, doubles, base);
      case OrderEventKind.StatusNotFound:
        return this.#onStatusNotFound(slot, doubles, base);
      case OrderEventKind.Amended:
        return this.#onAmended(slot, doubles, base);
    }
  }

  /** Time-outs, queries, cancel retries, releases. Once a turn, or once a timer turn. */
  onTimer(clock: Float64Array): void {
    const table = this.table;
    this.#now[0] = clock[0]!;
    for (let i = table.activeCount - 1; i >= 0; i--) this.#timeActive(table.active[i]!);
    if (this.#hasSettledQueries) this.#querySettled();
    this.#releaseLingering();
  }

  /** Settled orders of which a stated fill is still missing. */
  #querySettled(): void {
    const table = this.table;
    this.#hasSettledQueries = false;
    for (let i = 0; i < this.#settled.count; i++) {
      const slot = this.#settled.at(i);
      if (table.queryAtNs[slot] === 0) continue;
      this.#hasSettledQueries = true;
      this.#queryWhenDue(slot);
    }
  }

  #sendCancel(slot: number): boolean {
    const table = this.table;
    table.cancelNs[slot] = this.#now[0]!;
    table.cancelCount[slot] = table.cancelCount[slot]! + 1;
    if (!this.#gateway.cancel(slot)) return false;
    // An Unknown order stays Unknown: that a cancel left says nothing about what it finds.
    if (table.state[slot] !== OrderState.Unknown)
      this.#transition(slot, OrderState.PendingCancel, 0);
    return true;
  }

  #queryWhenDue(slot: number): void {
    const table = this.table;
    const now = this.#now[0]!;
    if (now < table.queryAtNs[slot]!) return;
    table.queriedNs[slot] = now;
    this.#outdateQueries(slot);
    const count = table.queryCount[slot]!;
    const shift = count < BACKOFF_SHIFT_MAX ? count : BACKOFF_SHIFT_MAX;
    const wait = this.timing.queryIntervalNs * (1 << shift);
    const most = this.timing.queryIntervalMaxNs;
    table.queryAtNs[slot] = now + (wait < most ? wait : most);
    if (!this.#gateway.query(slot)) return;
    table.queryCount[slot] = count + 1;
    this.counters[OrderCounter.Queries]! += 1;
  }

  #timeActive(slot: number): void {
    const table = this.table;
    const now = this.#now[0]!;
    const state = table.state[slot]!;
    const isNew = state === OrderState.PendingNew;
    if (isNew || state === OrderState.PendingCancel) {
      const askedNs = isNew ? table.sentNs[slot]! : table.cancelNs[slot]!;
      if (now - askedNs >= this.timing.ackTimeoutNs) this.#becomeUnknown(slot, 0);
    }
    if (table.queryAtNs[slot]! > 0) this.#queryWhenDue(slot);
    if (table.cancelWanted[slot] === 1 && table.state[slot] !== OrderState.PendingCancel) {
      this.#retryCancel(slot);
    }
  }

  #retryCancel(slot: number): void {
    const table = this.table;
    const state = table.state[slot]!;
    if (state !== OrderState.Open && state !== OrderState.PartiallyFilled) return;
    const count = table.cancelCount[slot]!;
    const shift = count <= BACKOFF_SHIFT_MAX ? count : BACKOFF_SHIFT_MAX;
    const wait = this.timing.cancelRetryNs * (1 << shift) * 0.5;
    if (this.#now[0]! - table.cancelNs[slot]! < wait) return;
    this.counters[OrderCounter.CancelRetries]! += 1;
    this.#sendCancel(slot);
  }

  /**
   * After a loss of the private stream: events in the gap never come back, so every order is asked.
   */
  #askForEverything(): void {
    const table = this.table;
    const now = this.#now[0]!;
    for (let i = 0; i < table.activeCount; i++) {
      const slot = table.active[i]!;
      table.queryCount[slot] = 0;
      this.#outdateQueries(slot);
      table.queryAtNs[slot] = now > 0 ? now : 1;
    }
  }

  /** From now on only the answer to a query that is yet to be sent will do. */
  #outdateQueries(slot: number): void {
    const table = this.table;
    table.queryNumber[slot] = (table.queryNumber[slot]! + 1) % QUERY_NUMBERS;
  }

  #onAccepted(slot: number, doubles: Float64Array, base: number): void {
    const table = this.table;
    if (table.ackNs[slot] === 0) table.ackNs[slot] = this.#now[0]!;
    this.#shrink(slot, doubles, base);
    const state = table.state[slot]!;
    if (state === OrderState.PendingNew || state === OrderState.Unknown) this.#becomeAlive(slot);
  }

  #onRejected(slot: number, doubles: Float64Array, base: number): void {
    const table = this.table;
    const code = doubles[base + OrderEventField.Code]! | 0;
    table.code[slot] = code;
    if (isTerminal(table.state[slot]!)) return;
    if (table.ackNs[slot]! > 0 || table.filledLots[slot]! > 0) {
      this.#contradiction(slot);
      return;
    }
    this.#transition(slot, OrderState.Rejected, code);
  }

  #onFill(slot: number, doubles: Float64Array, base: number): void {
    const table = this.table;
    const cumulative = doubles[base + OrderEventField.CumulativeLots]!;
    if (!this.#trades.isNew(table.instrument[slot]!, doubles, base + OrderEventField.TradeId)) {
      this.counters[OrderCounter.DuplicateTrades]! += 1;
      return;
    }
    if (cumulative > 0 && cumulative <= table.syntheticLots[slot]!) {
      // Already booked from a status answer.
      this.counters[OrderCounter.DuplicateTrades]! += 1;
      return;
    }
    if (table.ackNs[slot] === 0) table.ackNs[slot] = this.#now[0]!;
    const row = this.#claimFill(slot);
    this.changes.fillLots[row] = doubles[base + OrderEventField.Lots]!;
    this.#copyFigures(row, doubles, base);
    this.#applyFill(slot, row);
    if (cumulative > table.venueFilledLots[slot]!) table.venueFilledLots[slot] = cumulative;
    this.#watchGap(slot);
  }

  #onOver(slot: number, state: number, doubles: Float64Array, base: number): void {
    const table = this.table;
    this.#shrink(slot, doubles, base);
    const cumulative = doubles[base + OrderEventField.CumulativeLots]!;
    if (cumulative > table.venueFilledLots[slot]!) table.venueFilledLots[slot] = cumulative;
    if (!isTerminal(table.state[slot]!)) {
      this.#transition(slot, state, doubles[base + OrderEventField.Code]! | 0);
    }
    this.#watchGap(slot);
  }

  /** A refused cancel says little of the order: ask soon, unless an event answers first. */
  #onCancelRejected(slot: number, doubles: Float64Array, base: number): void {
    const table = this.table;
    const state = table.state[slot]!;
    table.code[slot] = doubles[base + OrderEventField.Code]! | 0;
    if (isTerminal(state)) return;
    if (table.code[slot] === CODE_NOT_SENT && table.ackNs[slot]! > 0) {
      // The cancel never left: the order is as it was, and the timer sends the cancel again.
      if (state === OrderState.PendingCancel) this.#transition(slot, this.#aliveState(slot), 0);
      return;
    }
    const due = this.#now[0]! + this.timing.queryIntervalNs;
    if (table.queryAtNs[slot] === 0 || table.queryAtNs[slot]! > due) table.queryAtNs[slot] = due;
  }

  #onOutcomeUnknown(slot: number, doubles: Float64Array, base: number): void {
    const state = this.table.state[slot]!;
    if (state !== OrderState.PendingNew && state !== OrderState.PendingCancel) return;
    this.#becomeUnknown(slot, doubles[base + OrderEventField.Code]! | 0);
  }

  #onStatusFound(slot: number, doubles: Float64Array, base: number): void {
    const table = this.table;
    const cumulative = doubles[base + OrderEventField.CumulativeLots]!;
    const found = doubles[base + OrderEventField.Code]! | 0;
    table.notFoundCount[slot] = 0;
    // A stale answer still tells the truth about sizes and ends, but what was asked since stays
    // open.
    if (doubles[base + OrderEventField.TradeId] === table.queryNumber[slot]) {
      table.queryCount[slot] = 0;
      table.queryAtNs[slot] = 0;
    }
    if (table.ackNs[slot] === 0) table.ackNs[slot] = this.#now[0]!;
    this.#shrink(slot, doubles, base);
    if (cumulative > table.venueFilledLots[slot]!) table.venueFilledLots[slot] = cumulative;
    if (cumulative === table.venueFilledLots[slot]!) this.#closeGap(slot, doubles, base);
    else this.#watchGap(slot);
    const state = table.state[slot]!;
    if (isTerminal(state)) return;
    if (found === OrderState.Filled) {
      if (table.filledLots[slot]! >= table.lots[slot]!)
        this.#transition(slot, OrderState.Filled, 0);
    } else if (isTerminal(found)) {
      this.#transition(slot, found, 0);
    } else if (state !== OrderState.Open && state !== OrderState.PartiallyFilled) {
      this.#becomeAlive(slot);
    }
  }

  #onStatusNotFound(slot: number, doubles: Float64Array, base: number): void {
    const table = this.table;
    const state = table.state[slot]!;
    if (isTerminal(state)) return;
    if (doubles[base + OrderEventField.TradeId] !== table.queryNumber[slot]) return;
    if (table.ackNs[slot]! > 0 || table.filledLots[slot]! > 0) {
      // It did exist: absence is a contradiction, never a proof.
      if (state !== OrderState.Unknown) this.#becomeUnknown(slot, CODE_NOT_FOUND);
      return;
    }
    const window = this.timing.receiveWindowNs + this.timing.marginNs;
    if (table.queriedNs[slot]! - table.sentNs[slot]! <= window) return;
    table.notFoundCount[slot] = table.notFoundCount[slot]! + 1;
    if (table.notFoundCount[slot] < this.timing.notFoundNeeded) return;
    if (state === OrderState.Unknown) this.#transition(slot, OrderState.Rejected, CODE_NOT_FOUND);
  }

  #onAmended(slot: number, doubles: Float64Array, base: number): void {
    const table = this.table;
    const lots = doubles[base + OrderEventField.Lots]!;
    const priceTicks = doubles[base + OrderEventField.PriceTicks]!;
    if (isTerminal(table.state[slot]!)) return;
    if (lots > 0) table.lots[slot] = lots;
    if (priceTicks > 0) table.priceTicks[slot] = priceTicks;
  }

  #onExternal(kind: number, instrument: number, doubles: Float64Array, base: number): void {
    if (kind !== OrderEventKind.Fill) {
      this.counters[OrderCounter.ExternalEvents]! += 1;
      return;
    }
    if (instrument >= this.table.instrumentCount) return;
    if (!this.#trades.isNew(instrument, doubles, base + OrderEventField.TradeId)) {
      this.counters[OrderCounter.DuplicateTrades]! += 1;
      return;
    }
    this.counters[OrderCounter.ExternalFills]! += 1;
    const row = this.changes.claim(-1, instrument, 0, 0);
    const lots = doubles[base + OrderEventField.Lots]!;
    // An order that is not ours carries its side in the sign of its lots.
    this.changes.fillSide[row] = lots < 0 ? -1 : 1;
    this.changes.fillLots[row] = lots < 0 ? -lots : lots;
    this.#copyFigures(row, doubles, base);
    this.changes.nowNs[row] = this.#now[0]!;
  }

  /** The venue's own figures of a fill. */
  #copyFigures(row: number, doubles: Float64Array, base: number): void {
    const changes = this.changes;
    changes.fillTicks[row] = doubles[base + OrderEventField.PriceTicks]!;
    changes.feeE8[row] = doubles[base + OrderEventField.FeeE8]!;
    changes.realisedE8[row] = doubles[base + OrderEventField.RealisedE8]!;
    changes.isMaker[row] = doubles[base + OrderEventField.IsMaker] === 1 ? 1 : 0;
  }

  /** The venue has it: Open or PartiallyFilled; a cancel that is still wanted goes out again. */
  #becomeAlive(slot: number): void {
    const table = this.table;
    table.queryCount[slot] = 0;
    table.queryAtNs[slot] = table.gapSinceNs[slot]! > 0 ? table.queryAtNs[slot]! : 0;
    this.#transition(slot, this.#aliveState(slot), 0);
    if (table.cancelWanted[slot] === 1) this.#sendCancel(slot);
  }

  #aliveState(slot: number): number {
    return this.table.filledLots[slot]! > 0 ? OrderState.PartiallyFilled : OrderState.Open;
  }

  #becomeUnknown(slot: number, code: number): void {
    const table = this.table;
    if (!this.#transition(slot, OrderState.Unknown, code)) return;
    this.counters[OrderCounter.Unknowns]! += 1;
    this.#outdateQueries(slot);
    table.queryCount[slot] = 0;
    table.notFoundCount[slot] = 0;
    table.queryAtNs[slot] = this.#now[0]! > 0 ? this.#now[0]! : 1;
  }

  /** Two things the venue said exclude each other: count it and ask. */
  #contradiction(slot: number): void {
    this.counters[OrderCounter.IllegalTransitions]! += 1;
    this.table.queryAtNs[slot] = this.#now[0]! > 0 ? this.#now[0]! : 1;
  }

  #transition(slot: number, next: number, code: number): boolean {
    const table = this.table;
    const previous = table.state[slot]!;
    if (!isLegalTransition(previous, next)) {
      this.#contradiction(slot);
      return false;
    }
    table.state[slot] = next;
    table.changedNs[slot] = this.#now[0]!;
    if (code !== 0) table.code[slot] = code;
    const row = this.changes.claim(slot, table.instrument[slot]!, previous, next);
    this.changes.clientSequence[row] = table.clientSequence[slot]!;
    this.changes.code[row] = code;
    this.changes.nowNs[row] = this.#now[0]!;
    if (isTerminal(next)) this.#settle(slot);
    return true;
  }

  #settle(slot: number): void {
    const table = this.table;
    table.settle(slot);
    if (table.venueFilledLots[slot]! <= table.filledLots[slot]!) table.queryAtNs[slot] = 0;
    else this.#hasSettledQueries = true;
    this.#settled.push(slot);
  }

  #claimFill(slot: number): number {
    const table = this.table;
    const state = table.state[slot]!;
    const row = this.changes.claim(slot, table.instrument[slot]!, state, state);
    this.changes.clientSequence[row] = table.clientSequence[slot]!;
    this.changes.fillSide[row] = table.side[slot]!;
    this.changes.nowNs[row] = this.#now[0]!;
    return row;
  }

  /** Books the fill of a change row and moves the order on; the row carries the new state. */
  #applyFill(slot: number, row: number): void {
    const table = this.table;
    const changes = this.changes;
    const lots = changes.fillLots[row]!;
    table.filledLots[slot] = table.filledLots[slot]! + lots;
    table.filledLotTicks[slot] = table.filledLotTicks[slot]! + lots * changes.fillTicks[row]!;
    table.feeE8[slot] = table.feeE8[slot]! + changes.feeE8[row]!;
    this.counters[OrderCounter.Fills]! += 1;
    if (table.filledLots[slot] > table.lots[slot]!) this.counters[OrderCounter.Overfills]! += 1;

    const state = table.state[slot]!;
    if (isTerminal(state)) {
      this.counters[OrderCounter.LateFills]! += 1;
      return;
    }
    let next: number = OrderState.PartiallyFilled;
    if (table.filledLots[slot] >= table.lots[slot]!) next = OrderState.Filled;
    else if (state === OrderState.PendingCancel) next = state;
    if (next === state) return;
    assert(isLegalTransition(state, next), 'a live order may fill');
    table.state[slot] = next;
    table.changedNs[slot] = this.#now[0]!;
    changes.state[row] = next;
    if (next === OrderState.Filled) {
      this.#settle(slot);
    } else if (state === OrderState.Unknown) {
      table.queryAtNs[slot] = 0;
      if (table.cancelWanted[slot] === 1) this.#sendCancel(slot);
    }
  }

  /** Notes whether the venue has stated more fills than were seen, and when to ask about it. */
  #watchGap(slot: number): void {
    const table = this.table;
    if (table.venueFilledLots[slot]! <= table.filledLots[slot]!) {
      table.gapSinceNs[slot] = 0;
      return;
    }
    const now = this.#now[0]!;
    if (table.gapSinceNs[slot] === 0) table.gapSinceNs[slot] = now > 0 ? now : 1;
    if (table.queryAtNs[slot] === 0) table.queryAtNs[slot] = now + this.timing.fillGraceNs;
    if (isTerminal(table.state[slot]!)) this.#hasSettledQueries = true;
  }

  /** With a status answer at hand: a gap older than the grace is closed by a made-up fill. */
  #closeGap(slot: number, doubles: Float64Array, base: number): void {
    const table = this.table;
    const averageTicks = doubles[base + OrderEventField.PriceTicks]!;
    this.#watchGap(slot);
    const since = table.gapSinceNs[slot]!;
    if (since === 0) return;
    if (this.#now[0]! - since < this.timing.fillGraceNs) {
      table.queryAtNs[slot] = since + this.timing.fillGraceNs;
      return;
    }
    const cumulative = table.venueFilledLots[slot]!;
    const missing = cumulative - table.filledLots[slot]!;
    const price =
      averageTicks > 0
        ? (averageTicks * cumulative - table.filledLotTicks[slot]!) / missing
        : table.priceTicks[slot]!;
    const instrument = this.#instruments[table.instrument[slot]!]!;
    const row = this.#claimFill(slot);
    this.changes.fillLots[row] = missing;
    this.changes.fillTicks[row] = price;
    this.changes.feeE8[row] = Math.round(
      (price * missing * instrument.tickLotE8 * instrument.takerFeeRateE8) / E8,
    );
    this.changes.isEstimated[row] = 1;
    table.syntheticLots[slot] = cumulative;
    table.gapSinceNs[slot] = 0;
    table.queryAtNs[slot] = 0;
    this.counters[OrderCounter.SyntheticFills]! += 1;
    this.#applyFill(slot, row);
  }

  /** The venue may accept less than was asked (reduce-only); its word is the order's size. */
  #shrink(slot: number, doubles: Float64Array, base: number): void {
    const table = this.table;
    const lots = doubles[base + OrderEventField.Lots]!;
    if (lots <= 0 || lots >= table.lots[slot]!) return;
    table.lots[slot] = lots;
    if (table.filledLots[slot]! >= lots && !isTerminal(table.state[slot]!)) {
      this.#transition(slot, OrderState.Filled, 0);
    }
  }

  #releaseLingering(): void {
    const table = this.table;
    const now = this.#now[0]!;
    while (this.#settled.count > 0) {
      const slot = this.#settled.at(0);
      const age = now - table.changedNs[slot]!;
      if (age < this.timing.lingerNs) return;
      if (table.gapSinceNs[slot]! > 0 && age < FILL_GAP_MAX_NS) return;
      this.#releaseOldest();
    }
  }

  #releaseOldest(): void {
    const slot = this.#settled.shift();
    if (this.table.gapSinceNs[slot]! > 0) this.counters[OrderCounter.FillsMissing]! += 1;
    this.table.release(slot);
  }
}
