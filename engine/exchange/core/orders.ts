/**
 * orders: the orders that accounts send, and what happens to them.
 *
 * Names and closed sets are the venue's own, so that the wire layer writes them unchanged.
 *
 * Writer    core/matching and core/exchange-core.
 * Units     ticks, lots; cumulative quote in 1e-8 quote units; times in wall ms.
 * Imports   core/order-book, core/account (types).
 */
import type { Account } from './account.ts';
import type { BookOrder, Side } from './order-book.ts';

export type OrderType = 'LIMIT' | 'MARKET';
export type TimeInForce = 'GTC' | 'IOC' | 'FOK' | 'GTX' | 'GTD';
export type SelfTradeMode = 'EXPIRE_MAKER' | 'EXPIRE_TAKER' | 'EXPIRE_BOTH';
export type OrderStatus =
  | 'NEW'
  | 'PARTIALLY_FILLED'
  | 'FILLED'
  | 'CANCELED'
  | 'EXPIRED'
  | 'EXPIRED_IN_MATCH';
export type ExecType = 'NEW' | 'TRADE' | 'CANCELED' | 'EXPIRED' | 'AMENDMENT' | 'CALCULATED';

/** Why an order expired; the venue's `er`. */
export const ExpiryReason = {
  None: 0,
  SelfTrade: 1,
  IocRest: 2,
  IocSelfTrade: 3,
  ReduceOnly: 4,
  Liquidated: 5,
  MarketRest: 9,
} as const;

export interface OrderRequest {
  readonly marketIndex: number;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  /** 0 for MARKET. */
  readonly priceTicks: number;
  readonly lots: number;
  readonly isReduceOnly: boolean;
  readonly clientId: string;
  readonly selfTradeMode: SelfTradeMode;
  /** Simulation ms; Infinity but for GTD. */
  readonly goodTillMs: number;
  /** GTD as sent, wall ms; 0 otherwise. Echoed. */
  readonly goodTillDate: number;
}

export class AccountOrder {
  readonly id: number;
  readonly account: Account;
  readonly request: OrderRequest;
  priceTicks: number;
  /** Total lots of the order, filled ones included; shrinks when the venue shrinks it. */
  lots: number;
  executedLots = 0;
  costE8 = 0n;
  status: OrderStatus = 'NEW';
  expiryReason = 0;
  readonly createdMs: number;
  updatedMs: number;
  modifyCount = 0;
  modifyId = '';
  /** Its place in the book, when it rests. */
  resting: BookOrder | null = null;

  constructor(id: number, account: Account, request: OrderRequest, nowMs: number) {
    this.id = id;
    this.account = account;
    this.request = request;
    this.priceTicks = request.priceTicks;
    this.lots = request.lots;
    this.createdMs = nowMs;
    this.updatedMs = nowMs;
  }

  get clientId(): string {
    return this.request.clientId;
  }

  get remainingLots(): number {
    return this.lots - this.executedLots;
  }

  get isOpen(): boolean {
    return this.status === 'NEW' || this.status === 'PARTIALLY_FILLED';
  }
}

/** One thing that happened to one order. Fresh per event; readers may keep it. */
export interface Execution {
  readonly order: AccountOrder;
  readonly exec: ExecType;
  /** Order status and totals as of this event; the order itself moves on. */
  readonly status: OrderStatus;
  readonly executedLots: number;
  readonly totalLots: number;
  readonly priceTicks: number;
  readonly costE8: bigint;
  readonly lastLots: number;
  readonly lastTicks: number;
  readonly tradeId: number;
  readonly isMaker: boolean;
  readonly feeE8: bigint;
  readonly realisedE8: bigint;
  readonly expiryReason: number;
  readonly timeMs: number;
}

/** A fill as the account's history keeps it. */
export interface AccountTrade {
  readonly tradeId: number;
  readonly order: AccountOrder;
  readonly lots: number;
  readonly priceTicks: number;
  readonly isMaker: boolean;
  readonly feeE8: bigint;
  readonly realisedE8: bigint;
  readonly timeMs: number;
}
