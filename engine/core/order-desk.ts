/**
 * order-desk: the only road from intents to orders, and back from order events to owners.
 *
 * Out    intent → risk gate → (entry: a scalp is claimed) → order manager. Cancels skip the gate.
 * In     order event → order manager → changes → position keeper, journal, owner (exits, quoter).
 * A denial is answered in the same turn, so nobody waits for an order that never was.
 *
 * Writer    core. Units: ticks, lots, E8, engine ns.
 * Hot path: no allocation.
 * Imports   base, domain, execution, exits, market-making, portfolio, risk, core/recorder.
 */
import { Decision } from '../domain/decision.ts';
import { IntentAction, IntentBatch } from '../domain/intent.ts';
import { Owner } from '../domain/modes.ts';
import { isTerminal, OrderState, Purpose } from '../domain/order.ts';
import { SCALP_SIZE, SCALPS_MAX, Scalp, ScalpState } from '../domain/scalp.ts';
import { Verdict } from '../domain/verdict.ts';
import type { OrderManager } from '../execution/order-manager.ts';
import type { ExitManager } from '../exits/exit-manager.ts';
import { ENDED_KEPT } from '../exits/scalp-table.ts';
import type { Quoter } from '../market-making/quoter.ts';
import { FillField, OrderEndedField, ScalpEndedField, SlotKind } from '../memory/slots.ts';
import type { PositionKeeper } from '../portfolio/position-keeper.ts';
import { FillField as KeeperFill } from '../portfolio/position-keeper.ts';
import type { RiskGate } from '../risk/gate.ts';
import { Stage } from '../telemetry/stages.ts';
import type { Probe } from './probe.ts';
import type { Recorder } from './recorder.ts';

const NEVER_SEEN = -2;

/** Counts that the status shows. */
export interface DeskCounts {
  fills: number;
  scalpsClosed: number;
  scalpsWon: number;
  externalFills: number;
  placed: number;
  /** Ends of orders told to the host; one that fills after its end counts again. */
  ordersEnded: number;
}

export interface OrderDeskParts {
  readonly manager: OrderManager;
  readonly gate: RiskGate;
  readonly keeper: PositionKeeper;
  readonly exits: ExitManager;
  readonly quoter: Quoter;
  readonly recorder: Recorder;
  readonly probe: Probe;
  /** clock[0] is the turn's time. */
  readonly clock: Float64Array;
  readonly instruments: number;
}

export class OrderDesk {
  readonly intents = new IntentBatch();
  readonly counts: DeskCounts = {
    fills: 0,
    scalpsClosed: 0,
    scalpsWon: 0,
    externalFills: 0,
    placed: 0,
    ordersEnded: 0,
  };
  /** Scalper's accepted entries an instrument. */
  readonly entries: Int32Array;
  /** Set when something happened that the host should show at once. */
  isDirty = false;
  /** Set when orders moved: the host should show it soon. */
  hasChanged = false;
  /**
   * Any scalp's row may differ from what was journaled. Else only those of instruments that were
   * decided in this turn can.
   */
  hasScalpNews = true;
  readonly #parts: OrderDeskParts;
  readonly #fill = new Float64Array(16);
  readonly #keeperFill = new Float64Array(6);
  /**
   * Realised minus fees of the scalp in each slot, and what its row looked like at the last record.
   */
  readonly #netE8 = new Float64Array(SCALPS_MAX);
  /** Closed so far of the scalp in each slot: lots, and lots × price. */
  readonly #exitLots = new Float64Array(SCALPS_MAX);
  readonly #exitLotTicks = new Float64Array(SCALPS_MAX);
  readonly #seen = new Float64Array(SCALPS_MAX * SCALP_SIZE);
  /** Instrument of each row as journaled, −1 of a free one: a free row does not change. */
  readonly #seenInstruments = new Int32Array(SCALPS_MAX).fill(NEVER_SEEN);

  constructor(parts: OrderDeskParts) {
    this.#parts = parts;
    this.entries = new Int32Array(parts.instruments);
  }

  /** Takes every intent of the batch to its end. The batch is empty afterwards. */
  submit(): void {
    const intents = this.intents;
    this.hasScalpNews = true;
    const count = intents.count;
    for (let row = 0; row < count; row++) {
      if (intents.action[row] === IntentAction.Cancel) this.#cancel(row);
      else this.#place(row);
    }
    intents.clear();
    this.drain();
  }

  /**
   * An entry of the scalper: the last row of the batch, with its decision. The decision's verdict
   * becomes the gate's; PASS means that an order left.
   */
  submitEntry(decision: Float64Array): void {
    const { exits } = this.#parts;
    const intents = this.intents;
    const row = intents.count - 1;
    this.hasScalpNews = true;
    intents.ownerRef[row] = -1;
    this.#parts.probe.orderBegins();
    let verdict = this.#check(row);
    let scalp = -1;
    if (verdict === Verdict.PASS) {
      scalp = exits.openScalp(decision, -1);
      if (scalp < 0) verdict = Verdict.SCALP_SLOTS_FULL;
    }
    decision[Decision.Verdict] = verdict;
    if (verdict === Verdict.PASS) {
      this.#netE8[scalp] = 0;
      intents.ownerRef[row] = scalp;
      const instrument = intents.instrument[row]!;
      this.entries[instrument] = this.entries[instrument]! + 1;
      const slot = this.#send(row);
      if (slot >= 0)
        this.#parts.manager.table.decisionSequence[slot] = decision[Decision.Sequence]!;
    } else {
      this.#deny(row, verdict);
    }
    intents.clear();
    this.drain();
  }

  /**
   * An order of the hand: the last row of the batch; the gate's verdict, or `barred` when that is
   * no PASS. Resting quotes that stand against it give way, as they do to an entry.
   */
  submitHand(barred: number): number {
    const intents = this.intents;
    const row = intents.count - 1;
    this.#parts.probe.orderBegins();
    let verdict = barred === Verdict.PASS ? this.#check(row) : barred;
    if (verdict !== Verdict.PASS) this.#deny(row, verdict);
    else if (this.#send(row) < 0) verdict = Verdict.POOL_EXHAUSTED;
    intents.clear();
    this.drain();
    return verdict;
  }

  /** Tells owners, keeper and journal what the order manager did. After every call into it. */
  drain(): void {
    const changes = this.#parts.manager.changes;
    // Owners may not place orders here, so the list cannot grow under the loop.
    const count = changes.count;
    if (count === 0) return;
    for (let row = 0; row < count; row++) this.#change(row);
    changes.clear();
    this.hasChanged = true;
    this.hasScalpNews = true;
  }

  /**
   * Journals scalps whose row changed since they were last journaled. Once a turn; `decided` is 1
   * for the instruments that were decided in it.
   */
  recordScalps(decided: Uint8Array): void {
    const { instruments } = this.#parts.exits.table;
    const seen = this.#seenInstruments;
    const all = this.hasScalpNews;
    this.hasScalpNews = false;
    for (let slot = 0; slot < SCALPS_MAX; slot++) {
      const instrument = instruments[slot]!;
      if (instrument === seen[slot] && (instrument < 0 || (!all && decided[instrument] === 0))) {
        continue;
      }
      this.#recordScalp(slot);
      seen[slot] = instrument;
    }
  }

  #recordScalp(slot: number): void {
    const { exits, recorder } = this.#parts;
    const rows = exits.table.rows;
    const at = slot * SCALP_SIZE;
    if (!this.#scalpChanged(rows, at)) return;
    for (let i = 0; i < SCALP_SIZE; i++) this.#seen[at + i] = rows[at + i]!;
    recorder.scalp(rows, slot, rows[at + Scalp.Instrument]! | 0);
  }

  /** Mark-to-market fields move every turn and can be recomputed: they do not count as a change. */
  #scalpChanged(rows: Float64Array, at: number): boolean {
    const seen = this.#seen;
    for (let i = 0; i < SCALP_SIZE; i++) {
      if (i === Scalp.UnrealisedE8 || i === Scalp.PeakUnrealisedE8) continue;
      if (i === Scalp.LastPriceTicks || i === Scalp.BestTicks) continue;
      if (seen[at + i] !== rows[at + i]) return true;
    }
    return false;
  }

  #cancel(row: number): void {
    const order = this.intents.order[row]!;
    if (order >= 0) this.#parts.manager.cancel(order, this.#parts.clock);
  }

  #place(row: number): void {
    this.#parts.probe.orderBegins();
    const verdict = this.#parts.gate.check(this.intents, row);
    if (verdict === Verdict.PASS) this.#send(row);
    else this.#deny(row, verdict);
  }

  /**
   * An entry gives way to nobody's resting quote: those that stand against it are cancelled, and as
   * a cancel goes first on the same socket, the entry may then pass. What a person has resting is
   * never cancelled for anybody.
   */
  #check(row: number): number {
    const { gate, manager, clock } = this.#parts;
    const verdict = gate.check(this.intents, row);
    if (verdict !== Verdict.OTHER_OWNER || gate.blockerCount === 0) return verdict;
    for (let i = 0; i < gate.blockerCount; i++) {
      if (manager.table.owner[gate.blockers[i]!] === Owner.Hand) return verdict;
    }
    for (let i = 0; i < gate.blockerCount; i++) manager.cancel(gate.blockers[i]!, clock);
    return gate.check(this.intents, row);
  }

  #send(row: number): number {
    const { manager, clock, recorder, probe } = this.#parts;
    const intents = this.intents;
    probe.orderMark(Stage.Gate);
    const slot = manager.place(intents, row, clock);
    if (slot < 0) {
      this.#deny(row, Verdict.POOL_EXHAUSTED);
      return -1;
    }
    this.counts.placed++;
    const table = manager.table;
    const d = recorder.doubles;
    d[1] = table.clientSequence[slot]!;
    d[2] = table.side[slot]!;
    d[3] = table.priceTicks[slot]!;
    d[4] = table.lots[slot]!;
    d[5] = table.timeInForce[slot]!;
    d[6] = table.purpose[slot]!;
    d[7] = table.owner[slot]!;
    d[8] = table.ownerRef[slot]!;
    d[9] = clock[0]!;
    d[10] = table.reduceOnly[slot]!;
    d[11] = 0;
    const isHand = table.owner[slot] === Owner.Hand;
    recorder.emit(SlotKind.OrderPlaced, 0, table.instrument[slot]!, slot, isHand);
    return slot;
  }

  #deny(row: number, verdict: number): void {
    const { recorder, clock } = this.#parts;
    const intents = this.intents;
    const d = recorder.doubles;
    d[1] = clock[0]!;
    d[2] = intents.priceTicks[row]!;
    d[3] = intents.lots[row]!;
    d[4] = intents.purpose[row]!;
    d[5] = intents.side[row]!;
    d[6] = intents.ownerRef[row]!;
    d[7] = 0;
    const instrument = intents.instrument[row]!;
    recorder.emit(SlotKind.Denial, verdict, instrument, intents.owner[row]!, false);
    // The order that was never made: its owner hears Rejected with no slot.
    this.#tellOrder(
      intents.owner[row]!,
      intents.ownerRef[row]!,
      intents.purpose[row]!,
      instrument,
      -1,
      OrderState.Rejected,
    );
  }

  #change(row: number): void {
    const { manager, recorder, clock } = this.#parts;
    const changes = manager.changes;
    const table = manager.table;
    const slot = changes.slot[row]!;
    const instrument = changes.instrument[row]!;
    if (changes.fillLots[row]! > 0) this.#onFill(row, slot, instrument);
    if (slot < 0) return;
    const state = changes.state[row]!;
    if (state !== changes.previous[row]) {
      const d = recorder.doubles;
      d[1] = table.clientSequence[slot]!;
      d[2] = state;
      d[3] = table.filledLots[slot]!;
      d[4] = changes.code[row]!;
      d[5] = clock[0]!;
      d[6] = changes.previous[row]!;
      d[7] = 0;
      // A person waits for what became of his order.
      const isHand = table.owner[slot] === Owner.Hand;
      recorder.emit(SlotKind.OrderChange, 0, instrument, slot, isHand);
    }
    if (isTerminal(state) && (state !== changes.previous[row] || changes.fillLots[row]! > 0)) {
      this.#orderEnded(slot, instrument);
    }
    this.#tellOrder(
      table.owner[slot]!,
      table.ownerRef[slot]!,
      table.purpose[slot]!,
      instrument,
      slot,
      state,
    );
    if (state !== changes.previous[row]) this.#parts.gate.onState(state, changes.code[row]!);
  }

  /** Tells the host the last words of an order. */
  #orderEnded(slot: number, instrument: number): void {
    const { manager, recorder, clock } = this.#parts;
    const table = manager.table;
    const filled = table.filledLots[slot]!;
    const d = recorder.doubles;
    this.counts.ordersEnded++;
    d[OrderEndedField.Sequence] = this.counts.ordersEnded;
    d[OrderEndedField.ClientSequence] = table.clientSequence[slot]!;
    d[OrderEndedField.Side] = table.side[slot]!;
    d[OrderEndedField.PriceTicks] = table.priceTicks[slot]!;
    d[OrderEndedField.Lots] = table.lots[slot]!;
    d[OrderEndedField.FilledLots] = filled;
    d[OrderEndedField.AverageTicks] = filled > 0 ? table.filledLotTicks[slot]! / filled : 0;
    d[OrderEndedField.State] = table.state[slot]!;
    d[OrderEndedField.Owner] = table.owner[slot]!;
    d[OrderEndedField.Purpose] = table.purpose[slot]!;
    d[OrderEndedField.TimeInForce] = table.timeInForce[slot]!;
    d[OrderEndedField.ReduceOnly] = table.reduceOnly[slot]!;
    d[OrderEndedField.Code] = table.code[slot]!;
    d[OrderEndedField.CreatedNs] = table.createdNs[slot]!;
    d[OrderEndedField.AckNs] = table.ackNs[slot]!;
    d[OrderEndedField.EndedNs] = clock[0]!;
    d[OrderEndedField.FeeE8] = table.feeE8[slot]!;
    d[18] = 0;
    d[19] = 0;
    recorder.tell(SlotKind.OrderEnded, instrument, slot);
  }

  #onFill(row: number, slot: number, instrument: number): void {
    const { manager, keeper, recorder, clock } = this.#parts;
    const changes = manager.changes;
    const table = manager.table;
    const owner = slot >= 0 ? table.owner[slot]! : Owner.None;
    const k = this.#keeperFill;
    k[KeeperFill.Side] = changes.fillSide[row]!;
    k[KeeperFill.Lots] = changes.fillLots[row]!;
    k[KeeperFill.PriceTicks] = changes.fillTicks[row]!;
    k[KeeperFill.FeeE8] = changes.feeE8[row]!;
    k[KeeperFill.RealisedE8] = changes.realisedE8[row]!;
    k[KeeperFill.IsEstimated] = changes.isEstimated[row]!;
    keeper.onFill(instrument, owner, k);
    this.counts.fills++;
    if (slot < 0) this.counts.externalFills++;
    const fill = this.#fill;
    fill[FillField.ClientSequence] = slot >= 0 ? table.clientSequence[slot]! : 0;
    fill[FillField.Side] = changes.fillSide[row]!;
    fill[FillField.Lots] = changes.fillLots[row]!;
    fill[FillField.PriceTicks] = changes.fillTicks[row]!;
    fill[FillField.FeeE8] = changes.feeE8[row]!;
    fill[FillField.RealisedE8] = changes.realisedE8[row]!;
    fill[FillField.FilledLots] = slot >= 0 ? table.filledLots[slot]! : 0;
    fill[FillField.IsMaker] = changes.isMaker[row]!;
    fill[FillField.Owner] = owner;
    fill[FillField.Purpose] = slot >= 0 ? table.purpose[slot]! : Purpose.Manual;
    fill[FillField.OwnerRef] = slot >= 0 ? table.ownerRef[slot]! : -1;
    fill[FillField.NowNs] = clock[0]!;
    recorder.fill(fill, instrument, slot, this.counts.fills);
    const purpose = fill[FillField.Purpose]!;
    this.#parts.gate.onFill(instrument, purpose, changes.fillSide[row]!);
    if (owner === Owner.Scalper) this.#scalpFill(row, slot);
    else if (owner === Owner.Quoter) this.#parts.quoter.onFill(instrument, k);
  }

  #scalpFill(row: number, slot: number): void {
    const { manager, exits, clock } = this.#parts;
    const changes = manager.changes;
    const scalp = manager.table.ownerRef[slot]!;
    const f = this.#fill;
    f[0] = changes.fillSide[row]!;
    f[1] = changes.fillLots[row]!;
    f[2] = changes.fillTicks[row]!;
    f[3] = changes.feeE8[row]!;
    f[4] = changes.realisedE8[row]!;
    f[5] = changes.isMaker[row]!;
    f[6] = clock[0]!;
    this.#netE8[scalp] = this.#netE8[scalp]! + changes.realisedE8[row]! - changes.feeE8[row]!;
    if (manager.table.purpose[slot] !== Purpose.Entry) {
      const lots = changes.fillLots[row]!;
      this.#exitLots[scalp] = this.#exitLots[scalp]! + lots;
      this.#exitLotTicks[scalp] = this.#exitLotTicks[scalp]! + lots * changes.fillTicks[row]!;
    }
    const rows = exits.table.rows;
    const at = scalp * SCALP_SIZE;
    exits.onFill(scalp, manager.table.purpose[slot]!, f);
    if (rows[at + Scalp.State] === ScalpState.Free) this.#scalpEnded(scalp);
  }

  #tellOrder(
    owner: number,
    ownerRef: number,
    purpose: number,
    instrument: number,
    slot: number,
    state: number,
  ): void {
    const { exits, quoter } = this.#parts;
    if (owner === Owner.Quoter) {
      quoter.onOrder(instrument, ownerRef, slot, state);
      return;
    }
    if (owner !== Owner.Scalper || ownerRef < 0) return;
    const at = ownerRef * SCALP_SIZE;
    const rows = exits.table.rows;
    if (rows[at + Scalp.State] === ScalpState.Free) return;
    const hadEntry = rows[at + Scalp.EntryLots]! > 0;
    exits.onOrder(ownerRef, purpose, slot, state);
    if (hadEntry && rows[at + Scalp.State] === ScalpState.Free) this.#scalpEnded(ownerRef);
  }

  #scalpEnded(scalp: number): void {
    this.counts.scalpsClosed++;
    if (this.#netE8[scalp]! > 0) this.counts.scalpsWon++;
    this.hasChanged = true;
    this.#tellScalp(scalp);
  }

  /** Tells the host a scalp that has just ended: its row lies with those that ended. */
  #tellScalp(scalp: number): void {
    const { exits, recorder, clock } = this.#parts;
    const { ended, endedCount } = exits.table;
    const at = ((endedCount - 1) % ENDED_KEPT) * SCALP_SIZE;
    const lots = this.#exitLots[scalp]!;
    const d = recorder.doubles;
    d[ScalpEndedField.EndedNs] = clock[0]!;
    d[ScalpEndedField.ExitLots] = lots;
    d[ScalpEndedField.ExitTicks] = lots > 0 ? this.#exitLotTicks[scalp]! / lots : 0;
    for (let i = 0; i < SCALP_SIZE; i++) d[ScalpEndedField.Row + i] = ended[at + i]!;
    d[ScalpEndedField.StopDistanceTicks] = exits.firstStopTicks[scalp]!;
    d[ScalpEndedField.WorstTicks] = exits.worstTicks[scalp]!;
    d[ScalpEndedField.Sequence] = this.counts.scalpsClosed;
    d[39] = 0;
    this.#exitLots[scalp] = 0;
    this.#exitLotTicks[scalp] = 0;
    recorder.tell(SlotKind.ScalpEnded, ended[at + Scalp.Instrument]! | 0, scalp);
  }
}
