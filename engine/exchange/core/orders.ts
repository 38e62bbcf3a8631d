/**
 * orders: what accounts ask for, in the venue's own words.
 *
 * Names and closed sets are the venue's own, so that the wire layer writes them unchanged.
 *
 * Units     ticks, lots; times in simulation ms unless named wall ms.
 * Imports   core/order-book (type).
 */
import type { Side } from './order-book.ts';

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
