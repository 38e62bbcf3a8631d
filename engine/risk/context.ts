/**
 * context: everything the gate looks at, as arrays that core fills.
 *
 * Writer    core: clock and health each turn, states on every change, the rest by reference.
 * Reader    risk/gate.
 * Units     clock in engine ns; states are TradingState numbers.
 * Start     DISARMED everywhere, ladder locked, nothing reconciled, every feed stale.
 * Imports   base, domain, portfolio.
 */
import { assert } from '../base/assert.ts';
import type { Instrument } from '../domain/instrument.ts';
import { TradingState } from '../domain/modes.ts';
import type { AccountPnl } from '../portfolio/pnl.ts';
import { OWNERS, type PositionKeeper } from '../portfolio/position-keeper.ts';

/** The part of an order table that the gate reads. execution/order-table fits it. */
export interface WorkingOrders {
  readonly state: Int32Array;
  readonly owner: Int32Array;
  readonly purpose: Int32Array;
  readonly side: Int32Array;
  readonly priceTicks: Int32Array;
  readonly reduceOnly: Int32Array;
  readonly lots: Float64Array;
  readonly filledLots: Float64Array;
  /** Chains of active orders by instrument; −1 ends. */
  readonly firstOf: Int32Array;
  readonly nextOf: Int32Array;
  readonly activeCount: number;
}

export const RiskClock = { NowNs: 0, LoopLagNs: 1 } as const;
export const RISK_CLOCK_SIZE = 2;

/**
 * Bits of `flags[RiskFlag.Health]`: the numbers of memory/slots Health, which this room cannot see.
 */
export const HealthBit = {
  MarketSocketDown: 1,
  OrderSocketDown: 2,
  UserStreamDown: 4,
  SocketBusy: 8,
  JournalRingFull: 16,
  JournalFailed: 32,
  LeaseLost: 64,
  Fence: 128,
  ClockSkew: 256,
  VenueBudgetLow: 512,
} as const;

export const RiskFlag = {
  Health: 0,
  GlobalState: 1,
} as const;
export const RISK_FLAGS = 2;

export interface RiskContextParts {
  readonly instruments: readonly Instrument[];
  /** Per instrument, as domain/market lays it out. */
  readonly markets: readonly Float64Array[];
  readonly positions: PositionKeeper;
  readonly pnl: AccountPnl;
  readonly orders: WorkingOrders;
}

export class RiskContext {
  readonly markets: readonly Float64Array[];
  readonly positions: PositionKeeper;
  readonly pnl: AccountPnl;
  readonly orders: WorkingOrders;
  readonly clock = new Float64Array(RISK_CLOCK_SIZE);
  readonly flags = new Int32Array(RISK_FLAGS);
  readonly instrumentState: Int32Array;
  /** Row owner × instruments + instrument: the strategy × instrument scope. */
  readonly strategyState: Int32Array;
  /** Non-zero while a freshness measure of the feed is beyond its limit. */
  readonly stale: Int32Array;
  /** 1 while the person has the instrument's ladder unlocked; manual orders need it. */
  readonly ladderUnlocked: Int32Array;
  /** 1 where position and journal agree, so that protective exits may run while HALTED. */
  readonly reconciled: Int32Array;

  constructor(parts: RiskContextParts) {
    const count = parts.instruments.length;
    assert(parts.markets.length === count, 'one market per instrument');
    this.markets = parts.markets;
    this.positions = parts.positions;
    this.pnl = parts.pnl;
    this.orders = parts.orders;
    this.flags[RiskFlag.GlobalState] = TradingState.Disarmed;
    this.instrumentState = new Int32Array(count).fill(TradingState.Disarmed);
    this.strategyState = new Int32Array(count * OWNERS).fill(TradingState.Disarmed);
    this.stale = new Int32Array(count).fill(1);
    this.ladderUnlocked = new Int32Array(count);
    this.reconciled = new Int32Array(count);
  }

  setStrategyState(owner: number, instrument: number, state: number): void {
    this.strategyState[owner * this.instrumentState.length + instrument] = state;
  }
}
