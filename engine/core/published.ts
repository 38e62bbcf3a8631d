/**
 * published: what the trading thread shows the host, as two kinds of 8-slot views.
 *
 * InstrumentView  one an instrument, written at the end of every turn that touched it: the market
 *                 array, the signal readings, the score.
 * EngineView      one in all, written at most every 50 ms: states, positions, PnL, scalps, quotes,
 *                 working orders, denial counters.
 *
 * Writer    trading thread. Reader: host thread (copies under the view's checksum).
 * Units     as in domain/market, readings, scalp, quote; money E8; times engine ns.
 * Imports   domain.
 */
import { MARKET_SIZE } from '../domain/market.ts';
import { QUOTE_SIZE } from '../domain/quote.ts';
import { READINGS_SIZE } from '../domain/readings.ts';
import { SCALP_SIZE, SCALPS_MAX } from '../domain/scalp.ts';
import { VERDICT_COUNT } from '../domain/verdict.ts';

export const InstrumentView = {
  Market: 0,
  Readings: MARKET_SIZE,
  Score: MARKET_SIZE + READINGS_SIZE,
} as const;
export const INSTRUMENT_VIEW_DOUBLES = MARKET_SIZE + READINGS_SIZE + 8;

export const EngineHead = {
  NowNs: 0,
  State: 1,
  Reason: 2,
  Turns: 3,
  Records: 4,
  Decisions: 5,
  Fills: 6,
  ScalpsClosed: 7,
  ScalpsWon: 8,
  /** Realised by the venue's figures, fees apart, since the PnL day began. */
  RealisedE8: 9,
  FeesE8: 10,
  UnrealisedE8: 11,
  ScalperE8: 12,
  QuoterE8: 13,
  HandE8: 14,
  OpenOrders: 15,
  UnknownOrders: 16,
  OrderBudgetPercent: 17,
  LoopLagNs: 18,
  IllegalTransitions: 19,
  ExternalFills: 20,
  IntentsDropped: 21,
  EquityE8: 22,
  DrawdownE8: 23,
  OrdersPlaced: 24,
  /** Instruments where the venue's position is not the sum of the owners. */
  PositionMismatch: 25,
  /** What a restart needs to go on with the PnL day. */
  DayE8: 26,
  PeakE8: 27,
  Day: 28,
} as const;
export const ENGINE_HEAD_DOUBLES = 32;

/** One row an instrument after the head. */
export const EngineRow = {
  InstrumentState: 0,
  ScalperState: 1,
  QuoterState: 2,
  ScalperLots: 3,
  QuoterLots: 4,
  HandLots: 5,
  VenueLots: 6,
  AgeNs: 7,
  VenueLagMs: 8,
  FreshMask: 9,
  Messages: 10,
  Entries: 11,
  Vetoes: 12,
  ScalperE8: 13,
  QuoterE8: 14,
  HeldBack: 15,
  QuoteFills: 16,
  VenueLotsKnown: 17,
  QuoterHeldBack: 18,
  Score: 19,
  Gaps: 20,
  Resyncs: 21,
  /** 1: the person has the instrument's ladder unlocked. */
  LadderUnlocked: 22,
  /** Of the hand alone: average entry, realised less fees, at the touch. */
  HandEntryTicks: 23,
  HandRealisedE8: 24,
  HandUnrealisedE8: 25,
} as const;
export const ENGINE_ROW_DOUBLES = 28;

export const VIEW_ORDERS_MAX = 96;
/** One row a working order. */
export const OrderRow = {
  Slot: 0,
  ClientSequence: 1,
  Instrument: 2,
  Side: 3,
  PriceTicks: 4,
  Lots: 5,
  FilledLots: 6,
  State: 7,
  Owner: 8,
  Purpose: 9,
  TimeInForce: 10,
  ReduceOnly: 11,
  CreatedNs: 12,
} as const;
export const ORDER_ROW_DOUBLES = 14;

export class EngineViewLayout {
  readonly instruments: number;
  readonly rows: number;
  readonly scalps: number;
  readonly quotes: number;
  readonly denials: number;
  readonly orderCount: number;
  readonly orders: number;
  readonly doubles: number;

  constructor(instruments: number) {
    this.instruments = instruments;
    this.rows = ENGINE_HEAD_DOUBLES;
    this.scalps = this.rows + instruments * ENGINE_ROW_DOUBLES;
    this.quotes = this.scalps + SCALPS_MAX * SCALP_SIZE;
    this.denials = this.quotes + instruments * QUOTE_SIZE;
    this.orderCount = this.denials + VERDICT_COUNT;
    this.orders = this.orderCount + 1;
    this.doubles = this.orders + VIEW_ORDERS_MAX * ORDER_ROW_DOUBLES;
  }

  row(instrument: number): number {
    return this.rows + instrument * ENGINE_ROW_DOUBLES;
  }

  scalp(slot: number): number {
    return this.scalps + slot * SCALP_SIZE;
  }

  quote(instrument: number): number {
    return this.quotes + instrument * QUOTE_SIZE;
  }

  order(index: number): number {
    return this.orders + index * ORDER_ROW_DOUBLES;
  }
}
