/**
 * quote: the two-sided quote of one instrument, as a row of doubles.
 *
 * Writer    market-making/quoter (trading thread). Readers: core, the shared view, journal, screen.
 * Imports   nothing.
 */
export const Quote = {
  /** QuoteState number. */
  State: 0,
  /** Verdict number of why it is not quoting (0 while quoting). */
  Reason: 1,
  FairTicks: 2,
  ReservationTicks: 3,
  HalfSpreadTicks: 4,
  /** Wanted prices and lots; NO_PRICE / 0 for a side that is not quoted. */
  BidTicks: 5,
  BidLots: 6,
  AskTicks: 7,
  AskLots: 8,
  /** Order slots resting now, −1 none. */
  BidOrder: 9,
  AskOrder: 10,
  /** Signed lots owned by the quoter. */
  InventoryLots: 11,
  AvgEntryTicks: 12,
  RealisedE8: 13,
  FeesE8: 14,
  UnrealisedE8: 15,
  FillCount: 16,
  RequoteCount: 17,
  /** Resting prices (what the venue has acknowledged), NO_PRICE none. */
  RestingBidTicks: 18,
  RestingAskTicks: 19,
  SoftLimitLots: 20,
  HardLimitLots: 21,
  LastRequoteNs: 22,
  UnwindSinceNs: 23,
} as const;
export const QUOTE_SIZE = 24;

export const QuoteState = { Off: 0, Quoting: 1, Pulled: 2, Unwinding: 3 } as const;
export type QuoteState = (typeof QuoteState)[keyof typeof QuoteState];
export const QUOTE_STATE_NAMES = ['off', 'quoting', 'pulled', 'unwinding'] as const;
