/**
 * scalp-orders: the three order roles of each scalp: what is asked, answered, working, filled.
 *
 * Every intent handed over is answered once, in the same turn: by an order slot, or by Rejected
 * with slot −1 when the gate denied it. Until then the role counts as taken and nothing more is
 * sent in it, so a lost answer can stall a scalp (which is shown) but never doubles an order.
 *
 * Writer    exits/exit-manager. Units as in scalp-work.ts.
 * Hot path: no allocation; lots travel through `lots[0]`.
 * Imports   domain, exits/{limits,scalp-work,scalp-table}.
 */
import { IntentAction } from '../domain/intent.ts';
import type { IntentBatch } from '../domain/intent.ts';
import { Owner } from '../domain/modes.ts';
import { OrderState, Purpose, isTerminal } from '../domain/order.ts';
import { SCALPS_MAX, Scalp } from '../domain/scalp.ts';
import { L } from './limits.ts';
import type { ScalpTable } from './scalp-table.ts';
import { ASKED, ROLE_COUNT, Role, RoleField, WORK_SIZE, Work, roleAt } from './scalp-work.ts';

/** Field of the public row that shows a role's order slot. */
const ORDER_FIELD = Int32Array.of(Scalp.EntryOrder, Scalp.TargetOrder, Scalp.ExitOrder);
const DOUBLINGS_MAX = 5;

export class ScalpOrders {
  readonly work = new Float64Array(SCALPS_MAX * WORK_SIZE);
  /** Lots of the next `place`. */
  readonly lots = new Float64Array(1);
  readonly #table: ScalpTable;
  readonly #clock: Float64Array;
  readonly #limits: Float64Array;

  /** `clock[0]` is now; `limits` as in exits/limits. */
  constructor(table: ScalpTable, clock: Float64Array, limits: Float64Array) {
    this.#table = table;
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Fresh working row for a scalp that starts. */
  reset(slot: number): void {
    const w = slot * WORK_SIZE;
    for (let i = 0; i < WORK_SIZE; i++) this.work[w + i] = 0;
    this.work[w + Work.Reason] = -1;
    this.work[w + Work.UntrustedSinceNs] = -1;
    this.work[w + Work.WideSinceNs] = -1;
    this.work[w + Work.HalfLeftLots] = -1;
  }

  isWorking(slot: number, role: number): boolean {
    return this.work[roleAt(slot * WORK_SIZE, role) + RoleField.State] !== 0;
  }

  isAnyWorking(slot: number): boolean {
    for (let role = 0; role < ROLE_COUNT; role++) if (this.isWorking(slot, role)) return true;
    return false;
  }

  isAnyUnknown(slot: number): boolean {
    const w = slot * WORK_SIZE;
    for (let role = 0; role < ROLE_COUNT; role++) {
      if (this.work[roleAt(w, role) + RoleField.State] === OrderState.Unknown) return true;
    }
    return false;
  }

  mayRetry(slot: number, role: number): boolean {
    return this.#clock[0]! >= this.work[roleAt(slot * WORK_SIZE, role) + RoleField.RetryNs]!;
  }

  /** Notes an order (or a request for one) in a role; `lots[0]` is its size. */
  begin(slot: number, role: number, purpose: number, state: number): void {
    const r = roleAt(slot * WORK_SIZE, role);
    this.work[r + RoleField.State] = state;
    this.work[r + RoleField.LeavesLots] = this.lots[0]!;
    this.work[r + RoleField.CancelNs] = 0;
    this.work[r + RoleField.SentNs] = this.#clock[0]!;
    this.work[r + RoleField.Purpose] = purpose;
    this.work[r + RoleField.FilledLots] = 0;
  }

  /** Asks for a reduce-only order of `lots[0]` against the scalp. False when the batch is full. */
  place(
    slot: number,
    purpose: number,
    priceTicks: number,
    timeInForce: number,
    intents: IntentBatch,
  ): boolean {
    const rows = this.#table.rows;
    const at = this.#table.at(slot);
    const instrument = rows[at + Scalp.Instrument]! | 0;
    const row = intents.claim(IntentAction.Place, instrument, Owner.Scalper, slot);
    if (row < 0) return false;
    intents.purpose[row] = purpose;
    intents.side[row] = -rows[at + Scalp.Side]!;
    intents.priceTicks[row] = priceTicks;
    intents.lots[row] = this.lots[0]!;
    intents.timeInForce[row] = timeInForce;
    intents.reduceOnly[row] = 1;
    const isTarget = purpose === Purpose.HalfTarget || purpose === Purpose.Target;
    this.begin(slot, isTarget ? Role.Target : Role.Exit, purpose, ASKED);
    return true;
  }

  /** Asks for the cancel of a role's order, again after a while if nothing came of it. */
  cancel(slot: number, role: number, intents: IntentBatch): void {
    const work = this.work;
    const r = roleAt(slot * WORK_SIZE, role);
    const state = work[r + RoleField.State]! | 0;
    if (state === 0 || state === ASKED) return;
    if (state === OrderState.PendingCancel || state === OrderState.Unknown) return;
    const now = this.#clock[0]!;
    const asked = work[r + RoleField.CancelNs]!;
    if (asked !== 0 && now - asked < this.#limits[L.RetryNs]!) return;
    const at = this.#table.at(slot);
    const rows = this.#table.rows;
    const order = rows[at + ORDER_FIELD[role]!]! | 0;
    if (order < 0) return;
    const instrument = rows[at + Scalp.Instrument]! | 0;
    const row = intents.claim(IntentAction.Cancel, instrument, Owner.Scalper, slot);
    if (row < 0) return;
    intents.order[row] = order;
    intents.purpose[row] = work[r + RoleField.Purpose]!;
    intents.side[row] = role === Role.Entry ? rows[at + Scalp.Side]! : -rows[at + Scalp.Side]!;
    intents.priceTicks[row] = 0;
    intents.lots[row] = 0;
    intents.timeInForce[row] = 0;
    work[r + RoleField.CancelNs] = now > 0 ? now : 1;
  }

  filled(slot: number, role: number, lots: Float64Array, field: number): void {
    const r = roleAt(slot * WORK_SIZE, role);
    this.work[r + RoleField.LeavesLots] = Math.max(
      0,
      this.work[r + RoleField.LeavesLots]! - lots[field]!,
    );
    this.work[r + RoleField.FilledLots] = this.work[r + RoleField.FilledLots]! + lots[field]!;
  }

  /**
   * The order's state changed, or the gate refused it (`orderSlot` −1). True when the role is empty
   * now. A notice about an order that is not the role's own is left alone, as is a refusal without
   * an order while one is known to exist (a refused cancel leaves its order where it was).
   */
  changed(slot: number, role: number, orderSlot: number, state: number): boolean {
    const rows = this.#table.rows;
    const field = this.#table.at(slot) + ORDER_FIELD[role]!;
    const r = roleAt(slot * WORK_SIZE, role);
    if (this.work[r + RoleField.State] === 0) return false;
    const mine = rows[field]! | 0;
    if (mine >= 0 && mine !== orderSlot) return false;
    if (!isTerminal(state)) {
      if (orderSlot >= 0) rows[field] = orderSlot;
      this.work[r + RoleField.State] = state;
      if (state === OrderState.Open || state === OrderState.PartiallyFilled) {
        this.work[r + RoleField.Refusals] = 0;
      }
      return false;
    }
    rows[field] = -1;
    this.work[r + RoleField.State] = 0;
    this.#setRetry(r, state);
    return true;
  }

  /** Refusals wait longer each time; an order that filled nothing waits a little. */
  #setRetry(r: number, state: number): void {
    const work = this.work;
    const now = this.#clock[0]!;
    const retryNs = this.#limits[L.RetryNs]!;
    if (state === OrderState.Rejected) {
      const refusals = work[r + RoleField.Refusals]!;
      work[r + RoleField.Refusals] = refusals + 1;
      work[r + RoleField.RetryNs] = now + retryNs * (1 << Math.min(refusals, DOUBLINGS_MAX));
      return;
    }
    work[r + RoleField.Refusals] = 0;
    work[r + RoleField.RetryNs] = work[r + RoleField.FilledLots]! > 0 ? now : now + retryNs / 4;
  }
}
