/**
 * fake-venue: a small venue, its slow wire and the desk between it and the exits, for tests.
 *
 * It does what is hard about real ones: acknowledgements and fills come late (in order for one
 * order), a cancel may meet a fill, orders are denied by our gate or refused by the venue, a
 * request or its answer gets lost and the outcome stays unknown until it is queried. Reduce-only
 * orders never increase a position. Order slots are reused at once.
 *
 * Units     ticks, lots, ns, E8. Imports engine.
 */
import type { SeededRandom } from '../../../../engine/base/random.ts';
import type { Instrument } from '../../../../engine/domain/instrument.ts';
import { IntentAction } from '../../../../engine/domain/intent.ts';
import type { IntentBatch } from '../../../../engine/domain/intent.ts';
import { OrderState, TimeInForce, isTerminal } from '../../../../engine/domain/order.ts';
import { FILL_SIZE } from '../../../../engine/exits/exit-manager.ts';
import type { ExitManager } from '../../../../engine/exits/exit-manager.ts';
import { MS } from './support.ts';

export interface VenueOptions {
  readonly latencyMs: number;
  readonly denyShare: number;
  readonly rejectShare: number;
  /** Share of requests of which the outcome stays unknown for a while. */
  readonly unknownShare: number;
  /** Share of a touch's size that an order finds there. */
  readonly partialShare: number;
}

export const CALM: VenueOptions = {
  latencyMs: 1,
  denyShare: 0,
  rejectShare: 0,
  unknownShare: 0,
  partialShare: 0,
};

export interface VenueOrder {
  readonly slot: number;
  readonly scalp: number;
  readonly instrument: number;
  readonly purpose: number;
  readonly side: number;
  readonly priceTicks: number;
  readonly lots: number;
  readonly timeInForce: number;
  readonly isReduceOnly: boolean;
  /** What the desk believes. */
  state: number;
  /** Lots that the desk has not heard to be filled. */
  deskLeaves: number;
  /** What is true at the venue. */
  leaves: number;
  isResting: boolean;
  isDone: boolean;
  /** Nothing about this order is heard before this time. */
  silentUntilNs: number;
  lastReportNs: number;
}

interface Event {
  readonly atNs: number;
  readonly sequence: number;
  readonly run: () => void;
}

export interface Touch {
  bid: number;
  ask: number;
}

export class FakeVenue {
  options: VenueOptions;
  nowNs: number;
  readonly touches: Touch[];
  /** Signed lots, average entry and money, as the venue sees them. */
  readonly position: number[];
  readonly realisedE8: number[];
  readonly feesE8: number[];
  /** Orders that the desk does not know to have ended. */
  readonly orders = new Map<number, VenueOrder>();
  refusedReduceOnly = 0;
  sent = 0;
  cancelRaces = 0;
  unknowns = 0;
  readonly #manager: ExitManager;
  readonly #instruments: readonly Instrument[];
  readonly #random: SeededRandom;
  readonly #average: number[];
  readonly #events: Event[] = [];
  readonly #fill = new Float64Array(FILL_SIZE);
  #eventCount = 0;

  constructor(
    manager: ExitManager,
    instruments: readonly Instrument[],
    random: SeededRandom,
    options: VenueOptions,
  ) {
    this.#manager = manager;
    this.#instruments = instruments;
    this.#random = random;
    this.options = options;
    this.nowNs = 0;
    this.touches = instruments.map(() => ({ bid: 100_000, ask: 100_001 }));
    this.position = instruments.map(() => 0);
    this.#average = instruments.map(() => 0);
    this.realisedE8 = instruments.map(() => 0);
    this.feesE8 = instruments.map(() => 0);
  }

  /** Takes the batch as core does: every Place is answered at once, by an order or a denial. */
  submit(intents: IntentBatch): void {
    for (let row = 0; row < intents.count; row++) {
      if (intents.action[row] === IntentAction.Cancel) this.#cancel(intents.order[row]!);
      else if (this.#random.next() < this.options.denyShare) {
        const purpose = intents.purpose[row]!;
        this.#manager.onOrder(intents.ownerRef[row]!, purpose, -1, OrderState.Rejected);
      } else {
        this.place({
          scalp: intents.ownerRef[row]!,
          instrument: intents.instrument[row]!,
          purpose: intents.purpose[row]!,
          side: intents.side[row]!,
          priceTicks: intents.priceTicks[row]!,
          lots: intents.lots[row]!,
          timeInForce: intents.timeInForce[row]!,
          isReduceOnly: intents.reduceOnly[row] === 1,
        });
      }
    }
    intents.clear();
  }

  /** An order on its way. */
  place(
    wanted: Pick<
      VenueOrder,
      | 'scalp'
      | 'instrument'
      | 'purpose'
      | 'side'
      | 'priceTicks'
      | 'lots'
      | 'timeInForce'
      | 'isReduceOnly'
    >,
  ): void {
    let slot = 0;
    while (this.orders.has(slot)) slot++;
    const order: VenueOrder = {
      ...wanted,
      slot,
      state: OrderState.PendingNew,
      deskLeaves: wanted.lots,
      leaves: wanted.lots,
      isResting: false,
      isDone: false,
      silentUntilNs: 0,
      lastReportNs: 0,
    };
    this.orders.set(slot, order);
    this.sent++;
    this.#tell(order, OrderState.PendingNew);
    if (this.#random.next() < this.options.unknownShare) this.#lose(order);
    else this.#at(this.#delay(), () => this.#arrive(order));
  }

  /** Lots of the scalp's exit orders that, as far as the desk knows, may still be filled. */
  workingExitLots(scalp: number): number {
    let lots = 0;
    for (const order of this.orders.values()) {
      if (order.isReduceOnly && order.scalp === scalp) lots += order.deskLeaves;
    }
    return lots;
  }

  isUnknown(scalp: number): boolean {
    for (const order of this.orders.values()) {
      if (order.scalp === scalp && order.state === OrderState.Unknown) return true;
    }
    return false;
  }

  /** Runs what is due, in the order of time; then fills what the touch has reached. */
  advance(nowNs: number): void {
    for (;;) {
      let next = -1;
      for (let i = 0; i < this.#events.length; i++) {
        if (this.#events[i]!.atNs > nowNs) continue;
        if (next < 0 || isBefore(this.#events[i]!, this.#events[next]!)) next = i;
      }
      if (next < 0) break;
      const [event] = this.#events.splice(next, 1);
      this.nowNs = Math.max(this.nowNs, event!.atNs);
      event!.run();
    }
    this.nowNs = nowNs;
    for (const order of [...this.orders.values()]) if (order.isResting) this.#match(order, true);
  }

  #delay(): number {
    return this.nowNs + this.options.latencyMs * MS * (0.5 + this.#random.exponential());
  }

  #at(atNs: number, run: () => void): void {
    this.#eventCount++;
    this.#events.push({ atNs, sequence: this.#eventCount, run });
  }

  /** A report reaches the desk later than the one before it. */
  #report(order: VenueOrder, run: () => void): void {
    const due = Math.max(this.#delay(), order.silentUntilNs, order.lastReportNs + 1);
    order.lastReportNs = due;
    this.#at(due, run);
  }

  /** The request or its answer is lost: unknown after a second, known after three. */
  #lose(order: VenueOrder): void {
    const isRequestLost = this.#random.next() < 0.5;
    order.silentUntilNs = this.nowNs + 3000 * MS;
    this.#at(this.nowNs + 1000 * MS, () => {
      if (isTerminal(order.state)) return;
      this.unknowns++;
      this.#tell(order, OrderState.Unknown);
    });
    if (isRequestLost) {
      order.isDone = true;
      this.#report(order, () => this.#end(order, OrderState.Rejected));
    } else this.#at(this.#delay(), () => this.#arrive(order));
  }

  #arrive(order: VenueOrder): void {
    if (this.#random.next() < this.options.rejectShare) {
      this.#finish(order, OrderState.Rejected);
      return;
    }
    const held = this.position[order.instrument]! * -order.side;
    if (order.isReduceOnly && held <= 0) {
      this.refusedReduceOnly++;
      this.#finish(order, OrderState.Rejected);
      return;
    }
    const touch = this.touches[order.instrument]!;
    const crosses = order.side > 0 ? order.priceTicks >= touch.ask : order.priceTicks <= touch.bid;
    if (order.timeInForce === TimeInForce.Gtx && crosses) {
      this.#finish(order, OrderState.Rejected);
      return;
    }
    this.#report(order, () => {
      if (order.state !== OrderState.PendingCancel) this.#tell(order, OrderState.Open);
    });
    if (crosses) this.#match(order, false);
    if (order.isDone) return;
    if (order.timeInForce === TimeInForce.Ioc) this.#finish(order, OrderState.Expired);
    else order.isResting = true;
  }

  #match(order: VenueOrder, isMaker: boolean): void {
    const touch = this.touches[order.instrument]!;
    const opposite = order.side > 0 ? touch.ask : touch.bid;
    if (order.side * (order.priceTicks - opposite) < 0) return;
    const isPartial = this.#random.next() < this.options.partialShare;
    let lots = isPartial ? this.#random.int(order.leaves) : order.leaves;
    if (order.isReduceOnly) lots = Math.min(lots, this.position[order.instrument]! * -order.side);
    if (lots <= 0) return;
    this.#trade(order, lots, isMaker ? order.priceTicks : opposite, isMaker);
  }

  #trade(order: VenueOrder, lots: number, price: number, isMaker: boolean): void {
    const i = order.instrument;
    const instrument = this.#instruments[i]!;
    const before = this.position[i]!;
    const rate = isMaker ? instrument.makerFeeRateE8 : instrument.takerFeeRateE8;
    const feeE8 = Math.round((instrument.notionalE8(price, lots) * rate) / 1e8);
    let realisedE8 = 0;
    if (before * order.side < 0) {
      const gain = -order.side * (price - this.#average[i]!);
      realisedE8 = Math.round(gain * lots * instrument.tickLotE8);
    } else {
      const held = Math.abs(before);
      this.#average[i] = (this.#average[i]! * held + price * lots) / (held + lots);
    }
    this.position[i] = before + order.side * lots;
    this.realisedE8[i] = this.realisedE8[i]! + realisedE8;
    this.feesE8[i] = this.feesE8[i]! + feeE8;
    order.leaves -= lots;
    const isFilled = order.leaves === 0;
    if (isFilled) this.#close(order);
    this.#report(order, () => {
      order.deskLeaves -= lots;
      this.#fill.set([order.side, lots, price, feeE8, realisedE8, isMaker ? 1 : 0, this.nowNs]);
      this.#manager.onFill(order.scalp, order.purpose, this.#fill);
      if (isFilled) this.#end(order, OrderState.Filled);
      else if (order.state !== OrderState.PendingCancel) {
        this.#tell(order, OrderState.PartiallyFilled);
      }
    });
  }

  #cancel(slot: number): void {
    const order = this.orders.get(slot);
    if (order === undefined || isTerminal(order.state)) return;
    this.#tell(order, OrderState.PendingCancel);
    this.#at(this.#delay(), () => {
      if (order.isDone) {
        this.cancelRaces++;
        return;
      }
      if (order.isResting) this.#finish(order, OrderState.Canceled);
      else if (order.silentUntilNs === 0) {
        // The cancel overtook its order: refused, and the order stands.
        this.#report(order, () => {
          if (!isTerminal(order.state)) this.#tell(order, OrderState.Open);
        });
      }
    });
  }

  /** Over at the venue; the desk hears of it later. */
  #finish(order: VenueOrder, state: number): void {
    this.#close(order);
    this.#report(order, () => this.#end(order, state));
  }

  #close(order: VenueOrder): void {
    order.isDone = true;
    order.isResting = false;
  }

  #end(order: VenueOrder, state: number): void {
    this.orders.delete(order.slot);
    this.#tell(order, state);
  }

  #tell(order: VenueOrder, state: number): void {
    order.state = state;
    this.#manager.onOrder(order.scalp, order.purpose, order.slot, state, this.nowNs);
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.atNs < b.atNs || (a.atNs === b.atNs && a.sequence < b.sequence);
}
