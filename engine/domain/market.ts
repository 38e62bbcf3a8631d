/**
 * market: the state of one instrument's market as one array of doubles: what signals, exits, quotes
 * and the gate read. Written by book/market-state at the end of each message, nothing else.
 *
 * Touch     the newest of depth and bookTicker by update id; level rows come from the depth book.
 * Units     ticks, lots, engine ns; venue time in epoch ms.
 * Invariant while Valid is 1: bid < ask, all sizes > 0 at the touch, no NaN anywhere.
 * Imports   nothing.
 */
export const LEVELS = 5;

export const Market = {
  /** Receive time of the turn that wrote this. */
  NowNs: 0,
  /** Venue's event time of the last message, epoch ms. */
  VenueTimeMs: 1,
  /** 1 when both sides stand, are not crossed, and the depth book is synced. */
  Valid: 2,
  BidTicks: 3,
  BidLots: 4,
  AskTicks: 5,
  AskLots: 6,
  SpreadTicks: 7,
  MidTicks: 8,
  /** Weighted mid: (bid × askLots + ask × bidLots) / (bidLots + askLots). */
  MicroTicks: 9,
  TouchUpdateId: 10,
  DepthUpdateId: 11,
  /** MessageClass of the message that just ended. */
  MessageClass: 12,
  /** Trades of the message that just ended (0 when it carried none). */
  TradeCount: 13,
  BuyLots: 14,
  SellLots: 15,
  LastTradeTicks: 16,
  LastTradeLots: 17,
  /** Aggressor side of the last trade: +1 or −1. */
  LastTradeSide: 18,
  LastTradeNs: 19,
  /** Lots traded since the session began, by aggressor. */
  TotalBuyLots: 20,
  TotalSellLots: 21,
  /** Receive time of the last depth message, the last bookTicker. */
  DepthNs: 22,
  TouchNs: 23,
  /** BookState number. */
  BookState: 24,
  MarkTicks: 25,
  /** From here LEVELS each: bid ticks, bid lots, ask ticks, ask lots; 0 lots where none. */
  BidTicks0: 32,
  BidLots0: 32 + LEVELS,
  AskTicks0: 32 + 2 * LEVELS,
  AskLots0: 32 + 3 * LEVELS,
} as const;
export const MARKET_SIZE = 56;
