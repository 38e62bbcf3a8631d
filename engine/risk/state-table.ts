/**
 * state-table: what each trading state allows. The one table of the safety model, as data.
 *
 * A cell is a set of bits, so that the AND over scopes (strategy × instrument, instrument, global)
 * is the AND of cells, and "reducing only" is a smaller set than "yes".
 *
 *   Entries   Yes
 *   Quotes    Quote (two-sided), Unwind (inventory only shrinks)
 *   Exits     Protective (stop, trailing, profit protection, time limit, emergency of a scalp whose
 *             position and journal agree), AnyExit (targets and the quoter's unwinding as well)
 *   Manual    Reduce, Increase
 *   Cancels, Flatten   Yes
 *
 * Readers   risk/gate, core, the screen.
 * Imports   domain.
 */
import { Purpose } from '../domain/order.ts';
import { TradingState } from '../domain/modes.ts';

export const Column = {
  Entries: 0,
  Quotes: 1,
  Exits: 2,
  Manual: 3,
  Cancels: 4,
  Flatten: 5,
} as const;
export const COLUMN_NAMES = ['entries', 'quotes', 'exits', 'manual', 'cancels', 'flatten'] as const;
export const COLUMNS = COLUMN_NAMES.length;

export const Permit = {
  None: 0,
  Yes: 1,
  Quote: 1,
  Unwind: 2,
  Protective: 1,
  AnyExit: 2,
  Reduce: 1,
  Increase: 2,
} as const;

const ALL_QUOTES = Permit.Quote | Permit.Unwind;
const ALL_EXITS = Permit.Protective | Permit.AnyExit;
const ALL_MANUAL = Permit.Reduce | Permit.Increase;

/** STATE_TABLE[state][column]; columns as in Column. */
export const STATE_TABLE: readonly (readonly number[])[] = [
  //            entries      quotes         exits              manual         cancels     flatten
  /* DISARMED */ [Permit.None, Permit.None, ALL_EXITS, ALL_MANUAL, Permit.Yes, Permit.Yes],
  /* ARMED    */ [Permit.Yes, ALL_QUOTES, ALL_EXITS, ALL_MANUAL, Permit.Yes, Permit.Yes],
  /* REDUCING */ [Permit.None, Permit.Unwind, ALL_EXITS, Permit.Reduce, Permit.Yes, Permit.Yes],
  /* HALTED   */ [Permit.None, Permit.None, Permit.Protective, Permit.None, Permit.Yes, Permit.Yes],
];

/** What each state means and how it ends, for the screen and for `status`. */
export const LEFT_BY: readonly string[] = [
  'arm',
  'disarm, controls',
  'person, after a wait',
  'person, typed',
];

const FLAT = new Int32Array(STATE_TABLE.length * COLUMNS);
for (let state = 0; state < STATE_TABLE.length; state++) {
  for (let column = 0; column < COLUMNS; column++) {
    FLAT[state * COLUMNS + column] = STATE_TABLE[state]![column]!;
  }
}

/** Bits of one cell. An unknown state allows nothing. */
export function permits(state: number, column: number): number {
  if (!(state >= TradingState.Disarmed && state <= TradingState.Halted)) return Permit.None;
  return FLAT[state * COLUMNS + column]!;
}

/** Cell-wise AND over the three scopes. */
export function permitsOver(
  global: number,
  instrument: number,
  strategy: number,
  column: number,
): number {
  return permits(global, column) & permits(instrument, column) & permits(strategy, column);
}

/** The state to show for three scopes: the one that allows least, HALTED before all. */
export function effectiveState(global: number, instrument: number, strategy: number): number {
  if (
    global === TradingState.Halted ||
    instrument === TradingState.Halted ||
    strategy === TradingState.Halted
  ) {
    return TradingState.Halted;
  }
  if (
    global === TradingState.Disarmed ||
    instrument === TradingState.Disarmed ||
    strategy === TradingState.Disarmed
  ) {
    return TradingState.Disarmed;
  }
  const reducing =
    global === TradingState.Reducing ||
    instrument === TradingState.Reducing ||
    strategy === TradingState.Reducing;
  return reducing ? TradingState.Reducing : TradingState.Armed;
}

/** Exits that protect an open scalp, as distinct from taking its profit. */
export function isProtective(purpose: number): boolean {
  return purpose >= Purpose.Stop && purpose <= Purpose.Emergency;
}
