/**
 * command-codes: commands as numbers, as they travel from the host to the trading thread and lie in
 * the journal (SlotKind.Command: flags = code, word 1 = scope, doubles as CommandField).
 *
 * Scope word  (strategy + 1) | (instrument + 1) << 8; 0 in a part means all.
 * Imports     nothing.
 */
export const CommandCode = {
  Arm: 1,
  Disarm: 2,
  Kill: 3,
  Flatten: 4,
  CloseScalp: 5,
  Resume: 6,
  /** A control of the engine itself asks (journal loss, watchdog…): Reducing or Halted. */
  SetState: 7,
  /** The supervision lease ran out: nobody is in charge. */
  LeaseLost: 8,
  /** Venue's signed position of an instrument, for reconciliation. */
  VenuePosition: 9,
  /** A scalp that the journal of a crashed session and the venue agree on: its exits go on. */
  RestoreScalp: 10,
  /** Inventory of the quoter from a crashed session. */
  RestoreInventory: 11,
  /** Wallet in quote units, for sizing. */
  Equity: 12,
  /** Day number, realised and fees of the day before this session (they survive a restart). */
  DayPnl: 13,
  /** Measured latency to the venue, ns, for slip. */
  Latency: 14,
  /** A ladder's lock: A = 1 unlocks, 0 locks. */
  UnlockLadder: 15,
  /** An order of the hand: side, price ticks, lots, TimeInForce, 1 for reduce-only. */
  PlaceOrder: 16,
  /** One order by its client sequence. */
  CancelOrder: 17,
  /** Working orders: A = side (0 both), B = owner (0 all). */
  CancelOrders: 18,
} as const;
export type CommandCode = (typeof CommandCode)[keyof typeof CommandCode];

/** Doubles of a Command slot pair. */
export const CommandField = { Id: 1, NowNs: 2, A: 3, B: 4, C: 5, D: 6, E: 7 } as const;

export const COMMAND_SLOTS = 2;

export const STRATEGY_SCALPER = 0;
export const STRATEGY_MARKET_MAKING = 1;
export const STRATEGY_COUNT = 2;

export function scopeWord(strategy: number, instrument: number): number {
  return (strategy + 1) | ((instrument + 1) << 8);
}

/** Strategy of a scope word; −1 is all. */
export function scopeStrategy(word: number): number {
  return (word & 0xff) - 1;
}

/** Instrument of a scope word; −1 is all. */
export function scopeInstrument(word: number): number {
  return (word >>> 8) - 1;
}
