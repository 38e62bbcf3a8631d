/**
 * command-desk: what people, the host and its controls ask of the pipeline, as journaled inputs.
 *
 * A command is two slots (command-codes). Each is answered by a CommandAck in the same turn. Disarm
 * and kill are always applied. Arming is refused while the state, the lease or the journal forbids.
 *
 * Writer    core. Hot path: none (human pace), but it allocates nothing all the same.
 * Imports   base, domain, memory, portfolio, core.
 */
import { NS_PER_MS } from '../base/clock.ts';
import { Market } from '../domain/market.ts';
import { Owner, TradingState } from '../domain/modes.ts';
import { IntentAction } from '../domain/intent.ts';
import { OrderState, Purpose, TimeInForce } from '../domain/order.ts';
import { Scalp, SCALP_SIZE, SCALPS_MAX, ScalpState } from '../domain/scalp.ts';
import { Verdict } from '../domain/verdict.ts';
import { Health, SLOT_DOUBLES } from '../memory/slots.ts';
import { OWNERS } from '../portfolio/position-keeper.ts';
import {
  COMMAND_SLOTS,
  CommandCode,
  CommandField,
  scopeInstrument,
  scopeStrategy,
  scopeWord,
  STRATEGY_SCALPER,
} from './command-codes.ts';
import { ClockField } from './clock-field.ts';
import { HandDesk } from './hand-desk.ts';
import type { Pipeline } from './pipeline.ts';

/** Slots of a SlowResult that carries one scalp. */
export const RESTORE_SLOTS = 1 + SCALP_SIZE / SLOT_DOUBLES;

/** How far a flattening order of the hand reaches through the touch. */
const FLATTEN_THROUGH = 0.002;
/** A flattening order that was refused is not sent again sooner. */
const FLATTEN_EVERY_NS = 250 * NS_PER_MS;

export class CommandDesk {
  readonly #pipeline: Pipeline;
  readonly #hand: HandDesk;
  readonly #position = new Float64Array(2);
  /** When the hand's position of each instrument was last sent to be flattened. */
  readonly #flattenedNs: Float64Array;

  constructor(pipeline: Pipeline) {
    this.#pipeline = pipeline;
    this.#hand = new HandDesk(pipeline);
    this.#flattenedNs = new Float64Array(pipeline.instruments.length).fill(-Infinity);
  }

  /** One command; `base` is the index of its double 0. Journals it, applies it, answers it. */
  apply(words: Int32Array, doubles: Float64Array, base: number): void {
    const pipeline = this.#pipeline;
    const { recorder, clock } = pipeline;
    recorder.input(doubles, words, base, COMMAND_SLOTS);
    const code = (words[base * 2]! >>> 8) & 0xff;
    const scope = words[base * 2 + 1]!;
    const verdict = this.#dispatch(code, scope, doubles, base);
    const id = doubles[base + CommandField.Id]!;
    recorder.commandAck(code, id, verdict !== Verdict.PASS, verdict, clock);
    pipeline.desk.isDirty = true;
  }

  /** Sends what flattening still needs for positions that no strategy owns. Once a turn. */
  flattenRest(): void {
    const { flattening, keeper } = this.#pipeline;
    for (let i = 0; i < flattening.length; i++) {
      if (flattening[i] === 0) continue;
      this.#flattenHand(i);
      const isFlat = keeper.totalLots(i) === 0 && this.#pipeline.exits.openCounts[i] === 0;
      // Until its cancel is confirmed an order of the hand may fill and open anew.
      if (isFlat && !this.#hasHandWorking(i)) flattening[i] = 0;
    }
  }

  #hasHandWorking(instrument: number): boolean {
    const { table } = this.#pipeline;
    for (let o = table.firstOf[instrument]!; o >= 0; o = table.nextOf[o]!) {
      if (table.owner[o] === Owner.Hand) return true;
    }
    return false;
  }

  #dispatch(code: number, scope: number, doubles: Float64Array, base: number): number {
    switch (code) {
      case CommandCode.Arm:
        return this.#arm(scope);
      case CommandCode.Disarm:
        return this.#disarm(scope, 0);
      case CommandCode.LeaseLost:
        this.#pipeline.states.setLadder(-1, false);
        return this.#disarm(0, Verdict.LEASE_LOST);
      case CommandCode.Kill:
        return this.#kill();
      case CommandCode.Flatten:
        return this.#flatten(scopeInstrument(scope));
      case CommandCode.CloseScalp:
        return this.#closeScalp(doubles[base + CommandField.A]!);
      case CommandCode.Resume:
        return this.#resume();
      case CommandCode.SetState:
        return this.#restrict(doubles[base + CommandField.A]!, doubles[base + CommandField.B]!);
      default:
        if (code >= CommandCode.UnlockLadder) return this.#hand.apply(code, scope, doubles, base);
        return this.#adopt(code, scope, doubles, base);
    }
  }

  #arm(scope: number): number {
    const { states, clock, recorder } = this.#pipeline;
    const health = clock[ClockField.Health]! | 0;
    if ((health & Health.LeaseLost) !== 0) return Verdict.LEASE_LOST;
    if ((health & Health.JournalFailed) !== 0) return Verdict.JOURNAL_LOSS;
    const strategy = scopeStrategy(scope);
    const verdict = states.arm(strategy, scopeInstrument(scope));
    if (verdict !== Verdict.PASS) return verdict;
    this.#pipeline.statesChanged();
    recorder.stateChange(scope, TradingState.Armed, strategy, 0, clock);
    return Verdict.PASS;
  }

  #disarm(scope: number, reason: number): number {
    const { states, clock, recorder } = this.#pipeline;
    states.disarm(scopeStrategy(scope), scopeInstrument(scope));
    if (states.global[0] === TradingState.Disarmed) states.reason[0] = reason;
    const strategy = scopeStrategy(scope);
    if (strategy < 0 || strategy === STRATEGY_SCALPER) {
      this.#pipeline.exits.withdrawEntries(scopeInstrument(scope));
    }
    this.#pipeline.statesChanged();
    recorder.stateChange(scope, TradingState.Disarmed, strategy, reason, clock);
    return Verdict.PASS;
  }

  #kill(): number {
    const { states, clock, recorder, manager, desk } = this.#pipeline;
    states.restrict(TradingState.Halted, 0);
    this.#pipeline.statesChanged();
    recorder.stateChange(0, TradingState.Halted, -1, 0, clock);
    manager.cancelAll(-1, 0, clock);
    desk.drain();
    return Verdict.PASS;
  }

  #flatten(instrument: number): number {
    const { flattening, touched } = this.#pipeline;
    for (let i = 0; i < flattening.length; i++) {
      if (instrument >= 0 && i !== instrument) continue;
      flattening[i] = 1;
      touched[i] = 1;
      // What the hand has resting would open again what is being closed.
      this.#hand.cancelWorking(i);
    }
    return Verdict.PASS;
  }

  #closeScalp(id: number): number {
    const { exits } = this.#pipeline;
    const rows = exits.table.rows;
    for (let slot = 0; slot < SCALPS_MAX; slot++) {
      const at = slot * SCALP_SIZE;
      if (rows[at + Scalp.State] === ScalpState.Free || rows[at + Scalp.Id] !== id) continue;
      this.#pipeline.touched[rows[at + Scalp.Instrument]! | 0] = 1;
      return exits.requestClose(slot) ? Verdict.PASS : Verdict.STATE_FORBIDS;
    }
    return Verdict.STATE_FORBIDS;
  }

  #resume(): number {
    const { states, gate, clock, recorder, instruments } = this.#pipeline;
    if (!states.resume()) return Verdict.STATE_FORBIDS;
    gate.forgetTroubles();
    this.#pipeline.accountWatch.forget();
    for (let i = 0; i < instruments.length; i++) gate.resetLatch(i);
    this.#pipeline.statesChanged();
    recorder.stateChange(0, TradingState.Disarmed, -1, 0, clock);
    return Verdict.PASS;
  }

  #restrict(state: number, reason: number): number {
    const { states, clock, recorder } = this.#pipeline;
    if (!states.restrict(state, reason)) return Verdict.STATE_FORBIDS;
    this.#pipeline.statesChanged();
    recorder.stateChange(0, state, -1, reason, clock);
    return Verdict.PASS;
  }

  /** What the host knows and the pipeline must: positions, wallet, what a crash left behind. */
  #adopt(code: number, scope: number, doubles: Float64Array, base: number): number {
    const pipeline = this.#pipeline;
    const instrument = scopeInstrument(scope);
    const a = doubles[base + CommandField.A]!;
    const b = doubles[base + CommandField.B]!;
    if (code === CommandCode.Equity) pipeline.wallet[0] = a;
    else if (code === CommandCode.Latency) pipeline.latencyNs = a;
    else if (code === CommandCode.DayPnl) {
      pipeline.pnl.restore(a, b, doubles[base + CommandField.C]!);
    } else if (code === CommandCode.VenuePosition) {
      this.#position[0] = a;
      this.#position[1] = b;
      pipeline.keeper.setVenuePosition(instrument, this.#position, 0);
    } else if (code === CommandCode.RestoreInventory) {
      this.#position[0] = a;
      this.#position[1] = b;
      pipeline.keeper.adopt(instrument, doubles[base + CommandField.C]! | 0, this.#position);
      if (doubles[base + CommandField.C] === Owner.Quoter) {
        pipeline.quoter.adopt(instrument, this.#position);
      } else {
        // D = 1: the journal tells the same of the hand, so whoever else holds is explained too.
        pipeline.unexplained[instrument] = doubles[base + CommandField.D] === 1 ? 0 : 1;
      }
      pipeline.statesChanged();
    } else return Verdict.STATE_FORBIDS;
    return Verdict.PASS;
  }

  /** A SlowResult record with the row of a scalp that a crash left behind: header, then the row. */
  restoreScalp(words: Int32Array, doubles: Float64Array, base: number): boolean {
    const pipeline = this.#pipeline;
    pipeline.recorder.input(doubles, words, base, RESTORE_SLOTS);
    const rows = doubles;
    const at = base + SLOT_DOUBLES;
    const instrument = rows[at + Scalp.Instrument]! | 0;
    if (pipeline.exits.restore(rows, at) < 0) return false;
    const { keeper } = pipeline;
    const row = instrument * OWNERS + Owner.Scalper;
    // Scalps of one instrument share a side: they add up.
    const before = keeper.ownerLots[row]!;
    const lots = before + rows[at + Scalp.Side]! * rows[at + Scalp.OpenLots]!;
    const value =
      before * keeper.ownerEntryTicks[row]! + (lots - before) * rows[at + Scalp.AvgEntryTicks]!;
    this.#position[0] = lots;
    this.#position[1] = lots === 0 ? 0 : value / lots;
    keeper.adopt(instrument, Owner.Scalper, this.#position);
    return true;
  }

  #flattenHand(instrument: number): void {
    const { keeper, desk, books, table, instruments, clock } = this.#pipeline;
    const fields = books.states[instrument]!.fields;
    const lots = keeper.lots(instrument, Owner.Hand);
    if (lots === 0 || fields[Market.Valid] !== 1) return;
    const nowNs = clock[ClockField.NowNs]!;
    if (nowNs - this.#flattenedNs[instrument]! < FLATTEN_EVERY_NS) return;
    for (let o = table.firstOf[instrument]!; o >= 0; o = table.nextOf[o]!) {
      // An order of unknown fate is not waited for: reduce-only closes no more than there is.
      const isWaited =
        table.purpose[o] === Purpose.Flatten || table.state[o] !== OrderState.Unknown;
      if (table.owner[o] === Owner.Hand && isWaited) return;
    }
    const intents = desk.intents;
    const row = intents.claim(IntentAction.Place, instrument, Owner.Hand, 0);
    if (row < 0) return;
    this.#flattenedNs[instrument] = nowNs;
    const touch = lots > 0 ? fields[Market.BidTicks]! : fields[Market.AskTicks]!;
    const through = Math.max(1, Math.round(touch * FLATTEN_THROUGH));
    intents.purpose[row] = Purpose.Flatten;
    intents.side[row] = lots > 0 ? -1 : 1;
    intents.priceTicks[row] = lots > 0 ? Math.max(1, touch - through) : touch + through;
    intents.lots[row] = Math.min(Math.abs(lots), instruments[instrument]!.maxLots);
    intents.timeInForce[row] = TimeInForce.Ioc;
    intents.reduceOnly[row] = 1;
    desk.submit();
  }
}

/** Lays a command into two slots at `base`: what the host sends and tests build. */
export function writeCommand(
  words: Int32Array,
  doubles: Float64Array,
  base: number,
  command: {
    readonly code: number;
    readonly id: number;
    readonly strategy?: number;
    readonly instrument?: number;
    readonly values?: readonly number[];
    readonly askedNs?: number;
  },
  kind: number,
): void {
  for (let i = 0; i < COMMAND_SLOTS * SLOT_DOUBLES; i++) doubles[base + i] = 0;
  words[base * 2] = kind | (command.code << 8);
  words[base * 2 + 1] = scopeWord(command.strategy ?? -1, command.instrument ?? -1);
  doubles[base + CommandField.Id] = command.id;
  doubles[base + CommandField.NowNs] = command.askedNs ?? 0;
  (command.values ?? []).forEach((value, k) => {
    doubles[base + CommandField.A + k] = value;
  });
}
