/**
 * context: what core tells a strategy besides market and readings, as one array of doubles.
 *
 * Writer    core, before each evaluation. Readers: strategies.
 * Units     ns, E8, lots as the names say.
 * Imports   nothing.
 */
export const ScalperContext = {
  /** Engine time of the turn. */
  NowNs: 0,
  /** Wallet and unrealised PnL: what risk fractions are taken of. */
  EquityE8: 1,
  /** Scalps on this instrument that are not Free, and rows left in the scalp table. */
  OpenScalps: 2,
  FreeSlots: 3,
  /** Signed lots that the quoter and the hand hold on this instrument. */
  OtherOwnersLots: 4,
  /** Measured time from decision to the venue, one way. */
  LatencyNs: 5,
  /** Freshness bits; all of FRESH_ALL are needed for an entry. */
  FreshMask: 6,
  /** 1 when a session limit (loss, trades, time) forbids new entries. */
  SessionBlocked: 7,
  /** When a scalp last ended on this instrument; −Infinity before the first. */
  LastEndNs: 8,
  /** From here one double an instrument: signed open notional of all owners. */
  Exposure0: 16,
} as const;

export const Fresh = { Depth: 1, Touch: 2, Loop: 4, Venue: 8 } as const;
export const FRESH_ALL = 15;

export function contextSize(instrumentCount: number): number {
  return ScalperContext.Exposure0 + instrumentCount;
}
