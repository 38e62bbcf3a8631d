/**
 * quote-slots: the quoter's own view of its orders: at most one an instrument and slot (bid, ask,
 * unwind).
 *
 * A slot is busy from the moment an order is asked for until it is proven over; nobody may ask for
 * another meanwhile. What an ended order left unfilled stays in `late` lots for a while, because a
 * fill may arrive after the answer to the cancel; working lots count leaves and late lots alike.
 *
 * Writer    the quoter. Units: lots, ticks, engine ns.
 * Invariant leaves ≥ 0, late ≥ 0; leaves are 0 while the slot is idle.
 * Hot path: integers and array positions in, no allocation.
 * Imports   base, domain.
 */
import { assert } from '../base/assert.ts';
import type { IntentBatch } from '../domain/intent.ts';
import { Market as MarketSlot } from '../domain/market.ts';
import { isTerminal, OrderState as OrderStates, TimeInForce } from '../domain/order.ts';
import { NO_PRICE } from '../domain/units.ts';

const Market = MarketSlot;
const OrderState = OrderStates;

export const QuoteSlot = { Bid: 0, Ask: 1, Unwind: 2 } as const;
export const QUOTE_SLOTS = 3;

export const SlotField = {
  /** SlotPhase. */
  Phase: 0,
  /** Order slot, −1 while there is none (yet). */
  Order: 1,
  /** OrderState number as last told. */
  OrderState: 2,
  Side: 3,
  PriceTicks: 4,
  LeavesLots: 5,
  LateLots: 6,
  LateUntilNs: 7,
  /** When the last order was asked for, and its cancel (0: not). */
  PlacedNs: 8,
  CancelNs: 9,
  /** No order before this. */
  BackoffUntilNs: 10,
  /** Refusals in a row. */
  Refusals: 11,
  /** 1: takes (IOC). */
  IsTaking: 12,
} as const;
export const SLOT_FIELDS = 16;

export const SlotPhase = { Idle: 0, Asked: 1, Live: 2 } as const;

const REFUSALS_SHIFT_MAX = 4;

export class QuoteSlots {
  readonly fields: Float64Array;
  /** Time of the last settle, by instrument: the clock of what is told between two. */
  readonly #nowNs: Float64Array;
  readonly #lateNs: number;
  readonly #backoffNs: number;

  constructor(instruments: number, lateNs: number, backoffNs: number) {
    assert(instruments > 0, 'a quoter has instruments');
    this.fields = new Float64Array(instruments * QUOTE_SLOTS * SLOT_FIELDS);
    this.#nowNs = new Float64Array(instruments);
    this.#lateNs = lateNs;
    this.#backoffNs = backoffNs;
    for (let slot = 0; slot < instruments * QUOTE_SLOTS; slot++) {
      this.fields[slot * SLOT_FIELDS + SlotField.Order] = -1;
      this.fields[slot * SLOT_FIELDS + SlotField.PriceTicks] = NO_PRICE;
      this.fields[slot * SLOT_FIELDS + SlotField.PlacedNs] = -Infinity;
    }
  }

  /** First field of a slot. */
  at(instrument: number, slot: number): number {
    return (instrument * QUOTE_SLOTS + slot) * SLOT_FIELDS;
  }

  isBusy(instrument: number, slot: number): boolean {
    return this.fields[this.at(instrument, slot) + SlotField.Phase] !== SlotPhase.Idle;
  }

  /** Time moves to now[at]: late lots that nobody filled are gone. */
  settle(instrument: number, now: Float64Array, at: number): void {
    const f = this.fields;
    const nowNs = now[at]!;
    this.#nowNs[instrument] = nowNs;
    for (let slot = 0; slot < QUOTE_SLOTS; slot++) {
      const base = this.at(instrument, slot);
      if (f[base + SlotField.LateLots]! > 0 && nowNs >= f[base + SlotField.LateUntilNs]!) {
        f[base + SlotField.LateLots] = 0;
      }
    }
  }

  /** Nothing of the instrument is at work or may still be filled. */
  isQuiet(instrument: number): boolean {
    const f = this.fields;
    for (let slot = 0; slot < QUOTE_SLOTS; slot++) {
      const base = this.at(instrument, slot);
      if (f[base + SlotField.Phase] !== SlotPhase.Idle) return false;
      if (f[base + SlotField.LateLots]! > 0) return false;
    }
    return true;
  }

  /** Writes lots that may still be bought to out[at], sold to out[at + 1]. */
  writeWorking(instrument: number, out: Float64Array, at: number): void {
    const f = this.fields;
    out[at] = 0;
    out[at + 1] = 0;
    for (let slot = 0; slot < QUOTE_SLOTS; slot++) {
      const base = this.at(instrument, slot);
      const lots = f[base + SlotField.LeavesLots]! + f[base + SlotField.LateLots]!;
      if (f[base + SlotField.Side]! > 0) out[at] += lots;
      else out[at + 1]! += lots;
    }
  }

  /** Row `row` of the batch asks for an order of this slot at market time; the slot is busy now. */
  ask(
    instrument: number,
    slot: number,
    intents: IntentBatch,
    row: number,
    market: Float64Array,
  ): void {
    const f = this.fields;
    const base = this.at(instrument, slot);
    f[base + SlotField.Phase] = SlotPhase.Asked;
    f[base + SlotField.Order] = -1;
    f[base + SlotField.Side] = intents.side[row]!;
    f[base + SlotField.PriceTicks] = intents.priceTicks[row]!;
    f[base + SlotField.LeavesLots] = intents.lots[row]!;
    f[base + SlotField.PlacedNs] = market[Market.NowNs]!;
    f[base + SlotField.CancelNs] = 0;
    f[base + SlotField.IsTaking] = intents.timeInForce[row] === TimeInForce.Ioc ? 1 : 0;
  }

  /** What the order manager or the gate says of the order of a slot. */
  onOrder(instrument: number, slot: number, order: number, state: number): void {
    assert(slot >= 0 && slot < QUOTE_SLOTS, 'a quoter knows bid, ask and unwind');
    const f = this.fields;
    const base = this.at(instrument, slot);
    const phase = f[base + SlotField.Phase]!;
    if (phase === SlotPhase.Asked) {
      f[base + SlotField.Order] = order;
      f[base + SlotField.Phase] = SlotPhase.Live;
    } else if (phase === SlotPhase.Idle || f[base + SlotField.Order] !== order) {
      return; // News of an order that ended before.
    }
    f[base + SlotField.OrderState] = state;
    if (state === OrderState.Free || isTerminal(state)) this.#end(instrument, slot, state);
    else if (state === OrderState.Open) f[base + SlotField.Refusals] = 0;
  }

  #end(instrument: number, slot: number, state: number): void {
    const f = this.fields;
    const base = this.at(instrument, slot);
    const nowNs = this.#nowNs[instrument]!;
    if (state === OrderState.Rejected) {
      const refusals = f[base + SlotField.Refusals]!;
      const shift = refusals < REFUSALS_SHIFT_MAX ? refusals : REFUSALS_SHIFT_MAX;
      f[base + SlotField.BackoffUntilNs] = nowNs + this.#backoffNs * (1 << shift);
      f[base + SlotField.Refusals] = refusals + 1;
    } else {
      f[base + SlotField.Refusals] = 0;
      f[base + SlotField.LateLots]! += f[base + SlotField.LeavesLots]!;
      f[base + SlotField.LateUntilNs] = nowNs + this.#lateNs;
    }
    f[base + SlotField.Phase] = SlotPhase.Idle;
    f[base + SlotField.Order] = -1;
    f[base + SlotField.OrderState] = OrderState.Free;
    f[base + SlotField.PriceTicks] = NO_PRICE;
    f[base + SlotField.LeavesLots] = 0;
    f[base + SlotField.CancelNs] = 0;
    f[base + SlotField.IsTaking] = 0;
  }

  /**
   * Takes a fill of fill[0] side and fill[1] lots off what works on that side. Late lots go first:
   * if the fill was the living order's, that one is counted too large for a while, never too small.
   */
  onFill(instrument: number, fill: Float64Array): void {
    const f = this.fields;
    const side = fill[0]!;
    let lots = fill[1]!;
    for (let pass = 0; pass < 2 * QUOTE_SLOTS && lots > 0; pass++) {
      const isLate = pass < QUOTE_SLOTS;
      const base = this.at(instrument, isLate ? pass : pass - QUOTE_SLOTS);
      if (f[base + SlotField.Side] !== side) continue;
      const field = base + (isLate ? SlotField.LateLots : SlotField.LeavesLots);
      const taken = f[field]! < lots ? f[field]! : lots;
      f[field]! -= taken;
      lots -= taken;
    }
  }
}
