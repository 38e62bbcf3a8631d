/**
 * hand-desk: what a person does on the ladder, as journaled commands: lock, unlock, place, cancel.
 *
 * Lock      one an instrument. Unlocking needs a lease, a journal that writes and a state that is
 *           not HALTED. Locking and cancelling are always applied, and no cancel is throttled.
 * Orders    go the way of every other one: intent, risk gate, order manager; their owner is the
 *           hand. One that can only shrink what the hand holds is sent reduce-only, so that it
 *           never turns the position round, whatever fills first. One that a hung thread takes up
 *           late is refused.
 * Told      each order, passed or denied, is a decision of its own with the gate's verdict.
 *
 * Writer    core. Hot path: none (human pace), but it allocates nothing all the same.
 * Imports   base, domain, memory, core.
 */
import { NS_PER_S } from '../base/clock.ts';
import { Decision, DECISION_SIZE, HAND_STRATEGY } from '../domain/decision.ts';
import { IntentAction } from '../domain/intent.ts';
import { Market } from '../domain/market.ts';
import { Owner } from '../domain/modes.ts';
import { isTerminal, OrderState, Purpose, TimeInForce } from '../domain/order.ts';
import { Verdict } from '../domain/verdict.ts';
import { Health } from '../memory/slots.ts';
import { ClockField } from './clock-field.ts';
import { CommandCode, CommandField, scopeInstrument } from './command-codes.ts';
import type { Pipeline } from './pipeline.ts';

/** The price that a person saw is no longer the market's. Shorter than the host waits. */
const LATE_NS = NS_PER_S;

export class HandDesk {
  readonly #pipeline: Pipeline;
  readonly #decision = new Float64Array(DECISION_SIZE);

  constructor(pipeline: Pipeline) {
    this.#pipeline = pipeline;
  }

  /** One command of the hand; the verdict that answers it. */
  apply(code: number, scope: number, doubles: Float64Array, base: number): number {
    const instrument = scopeInstrument(scope);
    const a = doubles[base + CommandField.A]!;
    const b = doubles[base + CommandField.B]!;
    switch (code) {
      case CommandCode.UnlockLadder:
        return this.#unlock(instrument, a === 1);
      case CommandCode.PlaceOrder:
        return this.#place(instrument, doubles, base);
      case CommandCode.CancelOrder:
        return this.#cancel(a);
      case CommandCode.CancelOrders:
        return this.#cancelAll(instrument, a, b);
      default:
        return Verdict.STATE_FORBIDS;
    }
  }

  /** Asks for the end of everything that the hand has working on an instrument. */
  cancelWorking(instrument: number): void {
    this.#cancelAll(instrument, 0, Owner.Hand);
  }

  #unlock(instrument: number, unlocked: boolean): number {
    const { states, clock } = this.#pipeline;
    const health = clock[ClockField.Health]! | 0;
    if (unlocked && (health & Health.LeaseLost) !== 0) return Verdict.LEASE_LOST;
    if (unlocked && (health & Health.JournalFailed) !== 0) return Verdict.JOURNAL_LOSS;
    const verdict = states.setLadder(instrument, unlocked);
    if (verdict === Verdict.PASS) this.#pipeline.statesChanged();
    return verdict;
  }

  #place(instrument: number, doubles: Float64Array, base: number): number {
    const { desk, instruments } = this.#pipeline;
    const at = base + CommandField.A;
    if (instrument < 0 || instrument >= instruments.length) return Verdict.VENUE_FILTER;
    const { intents } = desk;
    const row = intents.claim(IntentAction.Place, instrument, Owner.Hand, 0);
    if (row < 0) return Verdict.POOL_EXHAUSTED;
    const side = doubles[at]!;
    const lots = doubles[at + 2]!;
    const timeInForce = doubles[at + 3]!;
    const wantsReduce = doubles[at + 4] === 1;
    const isPostable = timeInForce === TimeInForce.Gtx || timeInForce === TimeInForce.Ioc;
    intents.purpose[row] = Purpose.Manual;
    intents.side[row] = side;
    intents.priceTicks[row] = doubles[at + 1]!;
    intents.lots[row] = lots;
    intents.timeInForce[row] = isPostable ? timeInForce : TimeInForce.Gtc;
    const reduces = wantsReduce || this.#onlyShrinks(instrument, side, lots);
    intents.reduceOnly[row] = reduces ? 1 : 0;
    this.#describe(row);
    const barred = this.#barred(instrument, reduces, doubles[base + CommandField.NowNs]!);
    const verdict = desk.submitHand(barred);
    this.#tell(instrument, verdict);
    return verdict;
  }

  /** What keeps an order back before the gate sees it; `askedNs` 0: being late is no matter. */
  #barred(instrument: number, reduces: boolean, askedNs: number): number {
    const { clock, flattening } = this.#pipeline;
    if (askedNs > 0 && clock[ClockField.NowNs]! - askedNs > LATE_NS) return Verdict.COMMAND_LATE;
    return flattening[instrument] === 1 && !reduces ? Verdict.FLATTENING : Verdict.PASS;
  }

  /** Against the hand's position, and no larger than what its other orders leave of it. */
  #onlyShrinks(instrument: number, side: number, lots: number): boolean {
    const { keeper, table } = this.#pipeline;
    const held = keeper.lots(instrument, Owner.Hand);
    if (held * side >= 0) return false;
    let free = Math.abs(held);
    for (let o = table.firstOf[instrument]!; o >= 0; o = table.nextOf[o]!) {
      if (table.owner[o] === Owner.Hand && table.side[o] === side) free -= table.leavesLots(o);
    }
    return lots <= free;
  }

  #cancel(clientSequence: number): number {
    const { table, manager, clock, desk } = this.#pipeline;
    const order = table.slotOf(clientSequence);
    // Over already: what was asked for is so.
    if (order < 0 || isTerminal(table.state[order]!)) return Verdict.PASS;
    manager.cancel(order, clock);
    desk.drain();
    return Verdict.PASS;
  }

  #cancelAll(instrument: number, side: number, owner: number): number {
    const { table, manager, clock, desk } = this.#pipeline;
    for (let i = table.activeCount - 1; i >= 0; i--) {
      const order = table.active[i]!;
      if (table.state[order] === OrderState.PendingCancel) continue;
      if (instrument >= 0 && table.instrument[order] !== instrument) continue;
      if (side !== 0 && table.side[order] !== side) continue;
      if (owner !== 0 && table.owner[order] !== owner) continue;
      manager.cancel(order, clock);
    }
    desk.drain();
    return Verdict.PASS;
  }

  /** What is asked, before the batch is emptied. */
  #describe(row: number): void {
    const { desk, clock, books } = this.#pipeline;
    const { intents } = desk;
    const instrument = intents.instrument[row]!;
    const market = books.states[instrument]!.fields;
    const d = this.#decision;
    d.fill(0);
    d[Decision.TimeNs] = clock[ClockField.NowNs]!;
    d[Decision.Instrument] = instrument;
    d[Decision.Side] = intents.side[row]!;
    d[Decision.PriceTicks] = intents.priceTicks[row]!;
    d[Decision.Lots] = intents.lots[row]!;
    d[Decision.SpreadTicks] = market[Market.SpreadTicks]!;
    d[Decision.Strategy] = HAND_STRATEGY;
  }

  #tell(instrument: number, verdict: number): void {
    const pipeline = this.#pipeline;
    const d = this.#decision;
    pipeline.decisionCount += 1;
    d[Decision.Sequence] = pipeline.decisionCount;
    d[Decision.Verdict] = verdict;
    pipeline.recorder.decision(d, instrument);
  }
}
