/**
 * scalp-table: the open scalps and the last ones that ended, as rows of doubles.
 *
 * Writer    exits/exit-manager, through this class. Readers: core, the view, journal, screen.
 * Units     as in domain/scalp.ts.
 * Invariant a row changes state only along LEGAL_SCALP_TRANSITIONS; anything else is refused and
 *           counted. `openCount` is the number of rows that are not Free.
 * Hot path: rows are made once and reused; no allocation.
 * Imports   domain.
 */
import { SCALPS_MAX, SCALP_SIZE, Scalp, ScalpState } from '../domain/scalp.ts';
import { NO_PRICE } from '../domain/units.ts';

/** LEGAL_SCALP_TRANSITIONS[from] = states that may follow. */
export const LEGAL_SCALP_TRANSITIONS: readonly (readonly number[])[] = [
  // A scalp found again after a restart starts Open or HalfOut.
  /* Free     */ [ScalpState.Entering, ScalpState.Open, ScalpState.HalfOut],
  // Ends without a fill, or opens with its first one.
  /* Entering */ [ScalpState.Free, ScalpState.Open],
  // Half out, all out at the first target (Free), or a marketable exit.
  /* Open     */ [ScalpState.HalfOut, ScalpState.Exiting, ScalpState.Free],
  /* HalfOut  */ [ScalpState.Trailing, ScalpState.Exiting, ScalpState.Free],
  /* Trailing */ [ScalpState.Exiting, ScalpState.Free],
  // An exit under way is not taken back.
  /* Exiting  */ [ScalpState.Free],
];

const STATE_COUNT = LEGAL_SCALP_TRANSITIONS.length;
const LEGAL_MASKS = Int32Array.from(LEGAL_SCALP_TRANSITIONS, (states) =>
  states.reduce((mask, state) => mask | (1 << state), 0),
);

export function isLegalScalpTransition(from: number, to: number): boolean {
  return from >= 0 && from < STATE_COUNT && ((LEGAL_MASKS[from]! >> to) & 1) === 1;
}

/** Rows kept of scalps that ended: the n-th of the session lies at (n % SCALPS_MAX). */
export const ENDED_KEPT = SCALPS_MAX;

export class ScalpTable {
  readonly rows = new Float64Array(SCALPS_MAX * SCALP_SIZE);
  /** The last rows as they were when they ended; `endedCount` counts up over the session. */
  readonly ended = new Float64Array(ENDED_KEPT * SCALP_SIZE);
  /** Instrument of each slot, −1 where it is free: what a search looks at first. */
  readonly instruments = new Int32Array(SCALPS_MAX).fill(-1);
  endedCount = 0;
  openCount = 0;
  illegalTransitions = 0;
  #lastId = 0;

  constructor() {
    for (let slot = 0; slot < SCALPS_MAX; slot++) this.#clear(slot);
  }

  /** First field of a slot's row. */
  at(slot: number): number {
    return slot * SCALP_SIZE;
  }

  state(slot: number): number {
    return this.rows[slot * SCALP_SIZE]! | 0;
  }

  get freeCount(): number {
    return SCALPS_MAX - this.openCount;
  }

  /** Claims a row in state Entering (or Open, HalfOut on restore); −1 when all are taken. */
  open(instrument: number, side: number, state: number): number {
    for (let slot = 0; slot < SCALPS_MAX; slot++) {
      const at = slot * SCALP_SIZE;
      if (this.rows[at + Scalp.State] !== ScalpState.Free) continue;
      if (!isLegalScalpTransition(ScalpState.Free, state)) break;
      this.#lastId++;
      this.rows[at + Scalp.State] = state;
      this.rows[at + Scalp.Id] = this.#lastId;
      this.rows[at + Scalp.Instrument] = instrument;
      this.rows[at + Scalp.Side] = side;
      this.instruments[slot] = instrument;
      this.openCount++;
      return slot;
    }
    return -1;
  }

  /** Moves a row along a legal transition. False, and counted, when it is not one. */
  transition(slot: number, to: number): boolean {
    const at = slot * SCALP_SIZE;
    if (!isLegalScalpTransition(this.rows[at + Scalp.State]! | 0, to)) {
      this.illegalTransitions++;
      return false;
    }
    this.rows[at + Scalp.State] = to;
    return true;
  }

  /** Ends a scalp: keeps its last row when it ever held a position, then frees the slot. */
  end(slot: number): void {
    const at = slot * SCALP_SIZE;
    if (!isLegalScalpTransition(this.rows[at + Scalp.State]! | 0, ScalpState.Free)) {
      this.illegalTransitions++;
      return;
    }
    if (this.rows[at + Scalp.EntryLots]! > 0) {
      const kept = (this.endedCount % ENDED_KEPT) * SCALP_SIZE;
      for (let i = 0; i < SCALP_SIZE; i++) this.ended[kept + i] = this.rows[at + i]!;
      this.endedCount++;
    }
    this.#clear(slot);
    this.instruments[slot] = -1;
    this.openCount--;
  }

  #clear(slot: number): void {
    const at = slot * SCALP_SIZE;
    for (let i = 0; i < SCALP_SIZE; i++) this.rows[at + i] = 0;
    this.rows[at + Scalp.TrailTicks] = NO_PRICE;
    this.rows[at + Scalp.ExitPurpose] = -1;
    this.rows[at + Scalp.EntryOrder] = -1;
    this.rows[at + Scalp.ExitOrder] = -1;
    this.rows[at + Scalp.TargetOrder] = -1;
  }
}
