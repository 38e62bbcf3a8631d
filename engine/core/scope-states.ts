/**
 * scope-states: the trading state of each scope: global, instrument, strategy × instrument.
 *
 * What is allowed is the cell-wise AND over the scopes (risk/state-table). A scope that restricts
 * nothing stands at Armed, so a fresh instrument is Armed and every strategy cell and the whole are
 * Disarmed: a clean start trades nothing. Ladders are locked, and HALTED locks them.
 *
 * Writer    core/pipeline only. Readers: risk gate, shared status.
 * Hot path: plain arrays.
 * Imports   domain.
 */
import { TradingState } from '../domain/modes.ts';
import { Verdict } from '../domain/verdict.ts';
import { STRATEGY_COUNT } from './command-codes.ts';

export class ScopeStates {
  readonly instruments: number;
  /** Index 0 only; an array so that others may hold on to it. */
  readonly global = new Int32Array(1);
  readonly instrument: Int32Array;
  /** strategy × instruments + instrument. */
  readonly strategy: Int32Array;
  /** Why the global state is what it is: a Verdict number, 0 for a person's wish. */
  readonly reason = new Int32Array(1);
  /** 1: the person has unlocked the instrument's ladder. Locked at every start. */
  readonly ladder: Int32Array;

  constructor(instruments: number, initial: number) {
    this.instruments = instruments;
    this.instrument = new Int32Array(instruments).fill(TradingState.Armed);
    this.strategy = new Int32Array(instruments * STRATEGY_COUNT).fill(TradingState.Disarmed);
    this.global[0] = initial;
    this.ladder = new Int32Array(instruments);
  }

  /** State of a strategy's own cell. */
  cell(strategy: number, instrument: number): number {
    return this.strategy[strategy * this.instruments + instrument]!;
  }

  /** Arms the cells that match (−1 is all) and the whole. Verdict PASS, or why not. */
  arm(strategy: number, instrument: number): number {
    const global = this.global[0]!;
    if (global === TradingState.Halted || global === TradingState.Reducing) {
      return Verdict.STATE_FORBIDS;
    }
    this.#setCells(strategy, instrument, TradingState.Armed);
    this.global[0] = TradingState.Armed;
    this.reason[0] = 0;
    return Verdict.PASS;
  }

  /** Never refused. Leaves Reducing and Halted latched: they forbid more, not less. */
  disarm(strategy: number, instrument: number): void {
    this.#setCells(strategy, instrument, TradingState.Disarmed);
    if (this.global[0] !== TradingState.Armed) return;
    const whole = strategy < 0 && instrument < 0;
    if (whole || !this.#anyArmed()) this.global[0] = TradingState.Disarmed;
  }

  /** Locks or unlocks ladders (−1 is all). Verdict PASS, or why not; locking is never refused. */
  setLadder(instrument: number, unlocked: boolean): number {
    if (unlocked && this.global[0] === TradingState.Halted) return Verdict.STATE_FORBIDS;
    for (let i = 0; i < this.instruments; i++) {
      if (instrument < 0 || i === instrument) this.ladder[i] = unlocked ? 1 : 0;
    }
    return Verdict.PASS;
  }

  /** A control restricts the whole: only ever towards more restriction. */
  restrict(state: number, reason: number): boolean {
    if (state === TradingState.Halted) this.ladder.fill(0);
    const now = this.global[0]!;
    if (state <= now && now !== TradingState.Armed && now !== TradingState.Disarmed) return false;
    if (state !== TradingState.Reducing && state !== TradingState.Halted) return false;
    this.global[0] = state;
    this.reason[0] = reason;
    this.#setCells(-1, -1, TradingState.Disarmed);
    return true;
  }

  /**
   * A person has looked and says go on: back to Disarmed. False when there was nothing to leave.
   */
  resume(): boolean {
    const now = this.global[0]!;
    if (now !== TradingState.Halted && now !== TradingState.Reducing) return false;
    this.global[0] = TradingState.Disarmed;
    this.reason[0] = 0;
    return true;
  }

  #setCells(strategy: number, instrument: number, state: number): void {
    for (let s = 0; s < STRATEGY_COUNT; s++) {
      if (strategy >= 0 && s !== strategy) continue;
      for (let i = 0; i < this.instruments; i++) {
        if (instrument >= 0 && i !== instrument) continue;
        this.strategy[s * this.instruments + i] = state;
      }
    }
  }

  #anyArmed(): boolean {
    const cells = this.strategy;
    for (let i = 0; i < cells.length; i++) if (cells[i] === TradingState.Armed) return true;
    return false;
  }
}
