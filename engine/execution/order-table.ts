/**
 * order-table: every order of this session that still matters, as a struct of arrays.
 *
 * A slot is free, active (may still trade; on the active list and on its instrument's chain) or
 * settled (terminal, kept for a while so that late fills find their owner).
 *
 * Writer    order-manager. Readers: gateways, risk/gate (through its WorkingOrders), core, views.
 * Units     lots, ticks, engine ns; client sequence is an integer below 2^30.
 * Invariant a client sequence is in the index exactly while its slot is not free.
 * Hot path: claim, settle, release, slotOf. No allocation after construction.
 * Imports   base, domain.
 */
import { assert } from '../base/assert.ts';
import { OrderState } from '../domain/order.ts';

export const ORDERS_MAX = 1024;

/** Query numbers fit two base-36 digits of a request id. */
export const QUERY_NUMBERS = 36 * 36;

const INDEX_BITS = 12;
const INDEX_SIZE = 1 << INDEX_BITS;
const INDEX_MASK = INDEX_SIZE - 1;
const GOLDEN = 0x9e3779b1;
/** Client sequences stay small integers in every build of V8. */
export const CLIENT_SEQUENCE_MAX = 2 ** 30 - 1;

export class OrderTable {
  readonly instrumentCount: number;

  readonly state = new Int32Array(ORDERS_MAX);
  readonly instrument = new Int32Array(ORDERS_MAX);
  readonly owner = new Int32Array(ORDERS_MAX);
  readonly ownerRef = new Int32Array(ORDERS_MAX);
  readonly purpose = new Int32Array(ORDERS_MAX);
  readonly side = new Int32Array(ORDERS_MAX);
  readonly priceTicks = new Int32Array(ORDERS_MAX);
  readonly timeInForce = new Int32Array(ORDERS_MAX);
  readonly reduceOnly = new Int32Array(ORDERS_MAX);
  readonly clientSequence = new Int32Array(ORDERS_MAX);
  /** Ordered size (smaller than asked when the venue shrank it), filled size. */
  readonly lots = new Float64Array(ORDERS_MAX);
  readonly filledLots = new Float64Array(ORDERS_MAX);
  /** Largest cumulative size that the venue has stated; above filledLots a fill is missing. */
  readonly venueFilledLots = new Float64Array(ORDERS_MAX);
  /** Sum over fills of lots × price ticks. */
  readonly filledLotTicks = new Float64Array(ORDERS_MAX);
  readonly feeE8 = new Float64Array(ORDERS_MAX);
  readonly decisionSequence = new Float64Array(ORDERS_MAX);
  readonly createdNs = new Float64Array(ORDERS_MAX);
  readonly sentNs = new Float64Array(ORDERS_MAX);
  readonly ackNs = new Float64Array(ORDERS_MAX);
  readonly changedNs = new Float64Array(ORDERS_MAX);
  readonly cancelNs = new Float64Array(ORDERS_MAX);
  readonly queriedNs = new Float64Array(ORDERS_MAX);
  /** Engine time of the next status query; 0 when none is due. */
  readonly queryAtNs = new Float64Array(ORDERS_MAX);
  /** Engine time at which a missing fill was first noticed; 0 when none is missing. */
  readonly gapSinceNs = new Float64Array(ORDERS_MAX);
  /** A fill was made up from a status answer up to this cumulative size. */
  readonly syntheticLots = new Float64Array(ORDERS_MAX);
  readonly queryCount = new Int32Array(ORDERS_MAX);
  /** Number of the newest query, below QUERY_NUMBERS; an answer to an older one is stale. */
  readonly queryNumber = new Int32Array(ORDERS_MAX);
  readonly notFoundCount = new Int32Array(ORDERS_MAX);
  readonly cancelWanted = new Int32Array(ORDERS_MAX);
  readonly cancelCount = new Int32Array(ORDERS_MAX);
  /** Last venue error code about this order, 0 none. */
  readonly code = new Int32Array(ORDERS_MAX);

  /** Slots of orders that may still trade, in no particular order. */
  readonly active = new Int32Array(ORDERS_MAX);
  activeCount = 0;
  /** Chain of active orders of an instrument: firstOf[instrument], nextOf[slot] …, −1 ends. */
  readonly firstOf: Int32Array;
  readonly nextOf = new Int32Array(ORDERS_MAX).fill(-1);
  readonly #previousOf = new Int32Array(ORDERS_MAX).fill(-1);
  readonly #activeAt = new Int32Array(ORDERS_MAX).fill(-1);
  readonly #free = new Int32Array(ORDERS_MAX);
  #freeCount = ORDERS_MAX;
  /** Open addressing by client sequence; holds slot + 1, 0 is empty. */
  readonly #index = new Int32Array(INDEX_SIZE);

  constructor(instrumentCount: number) {
    assert(instrumentCount > 0, 'an order table serves at least one instrument');
    this.instrumentCount = instrumentCount;
    this.firstOf = new Int32Array(instrumentCount).fill(-1);
    for (let i = 0; i < ORDERS_MAX; i++) this.#free[i] = ORDERS_MAX - 1 - i;
  }

  get freeCount(): number {
    return this.#freeCount;
  }

  /** Fresh active slot under `clientSequence`, every field zero, or −1 when none is free. */
  claim(clientSequence: number, instrument: number): number {
    if (this.#freeCount === 0) return -1;
    assert(instrument >= 0 && instrument < this.instrumentCount, 'an order names an instrument');
    assert(clientSequence > 0 && clientSequence <= CLIENT_SEQUENCE_MAX, 'client sequence in range');
    this.#freeCount -= 1;
    const slot = this.#free[this.#freeCount]!;
    this.#zero(slot);
    this.clientSequence[slot] = clientSequence;
    this.instrument[slot] = instrument;
    this.#indexAdd(clientSequence, slot);
    this.#activeAt[slot] = this.activeCount;
    this.active[this.activeCount] = slot;
    this.activeCount += 1;
    const first = this.firstOf[instrument]!;
    this.nextOf[slot] = first;
    this.#previousOf[slot] = -1;
    if (first >= 0) this.#previousOf[first] = slot;
    this.firstOf[instrument] = slot;
    return slot;
  }

  /** Takes a terminal order off the active list and chain; it stays findable by its sequence. */
  settle(slot: number): void {
    const at = this.#activeAt[slot]!;
    assert(at >= 0, 'an active order settles once');
    const last = this.active[this.activeCount - 1]!;
    this.active[at] = last;
    this.#activeAt[last] = at;
    this.#activeAt[slot] = -1;
    this.activeCount -= 1;
    const next = this.nextOf[slot]!;
    const previous = this.#previousOf[slot]!;
    if (previous >= 0) this.nextOf[previous] = next;
    else this.firstOf[this.instrument[slot]!] = next;
    if (next >= 0) this.#previousOf[next] = previous;
    this.nextOf[slot] = -1;
    this.#previousOf[slot] = -1;
  }

  /** Gives a settled slot back. */
  release(slot: number): void {
    assert(this.#activeAt[slot]! < 0, 'an active order is never released');
    assert(this.state[slot] !== OrderState.Free, 'a free slot is not released again');
    this.#indexRemove(this.clientSequence[slot]!);
    this.state[slot] = OrderState.Free;
    this.#free[this.#freeCount] = slot;
    this.#freeCount += 1;
  }

  /** Slot of a client sequence, or −1. */
  slotOf(clientSequence: number): number {
    const index = this.#index;
    const sequences = this.clientSequence;
    let at = Math.imul(clientSequence, GOLDEN) >>> (32 - INDEX_BITS);
    for (;;) {
      const entry = index[at]!;
      if (entry === 0) return -1;
      if (sequences[entry - 1] === clientSequence) return entry - 1;
      at = (at + 1) & INDEX_MASK;
    }
  }

  /** Size that may still trade. */
  leavesLots(slot: number): number {
    return this.lots[slot]! - this.filledLots[slot]!;
  }

  #indexAdd(clientSequence: number, slot: number): void {
    const index = this.#index;
    let at = Math.imul(clientSequence, GOLDEN) >>> (32 - INDEX_BITS);
    while (index[at] !== 0) at = (at + 1) & INDEX_MASK;
    index[at] = slot + 1;
  }

  /** Removes an entry and shifts its followers back, so that no probe ends early. */
  #indexRemove(clientSequence: number): void {
    const index = this.#index;
    const sequences = this.clientSequence;
    let hole = Math.imul(clientSequence, GOLDEN) >>> (32 - INDEX_BITS);
    for (;;) {
      const entry = index[hole]!;
      assert(entry !== 0, 'a released order is in the index');
      if (sequences[entry - 1] === clientSequence) break;
      hole = (hole + 1) & INDEX_MASK;
    }
    let at = hole;
    for (;;) {
      at = (at + 1) & INDEX_MASK;
      const entry = index[at]!;
      if (entry === 0) break;
      const home = Math.imul(sequences[entry - 1]!, GOLDEN) >>> (32 - INDEX_BITS);
      // The follower may fill the hole unless its home lies between the hole and itself.
      const distanceHome = (at - home) & INDEX_MASK;
      const distanceHole = (at - hole) & INDEX_MASK;
      if (distanceHome < distanceHole) continue;
      index[hole] = entry;
      hole = at;
    }
    index[hole] = 0;
  }

  #zero(slot: number): void {
    this.state[slot] = OrderState.Free;
    this.owner[slot] = 0;
    this.ownerRef[slot] = 0;
    this.purpose[slot] = 0;
    this.side[slot] = 0;
    this.priceTicks[slot] = 0;
    this.timeInForce[slot] = 0;
    this.reduceOnly[slot] = 0;
    this.lots[slot] = 0;
    this.filledLots[slot] = 0;
    this.venueFilledLots[slot] = 0;
    this.filledLotTicks[slot] = 0;
    this.feeE8[slot] = 0;
    this.decisionSequence[slot] = 0;
    this.createdNs[slot] = 0;
    this.sentNs[slot] = 0;
    this.ackNs[slot] = 0;
    this.changedNs[slot] = 0;
    this.cancelNs[slot] = 0;
    this.queriedNs[slot] = 0;
    this.queryAtNs[slot] = 0;
    this.gapSinceNs[slot] = 0;
    this.syntheticLots[slot] = 0;
    this.queryCount[slot] = 0;
    this.queryNumber[slot] = 0;
    this.notFoundCount[slot] = 0;
    this.cancelWanted[slot] = 0;
    this.cancelCount[slot] = 0;
    this.code[slot] = 0;
  }
}
