/**
 * filters: may this order enter the book? Answers with the venue's own error codes.
 *
 * Order of the checks: type and quantities, price filters, notional, order count, client id,
 * margin. 0 means accepted. Notional is waived for reduce-only orders.
 *
 * Units     ticks, lots, 1e-8 quote units.
 * Imports   core/{account,defaults,market,orders}.
 */
import type { Account } from './account.ts';
import { DEFAULTS } from './defaults.ts';
import type { Market } from './market.ts';
import type { OrderRequest } from './orders.ts';

/** Refusals of the core, numbered as the venue numbers them. */
export const Code = {
  Ok: 0,
  CancelRejected: -2011,
  NoSuchOrder: -2013,
  MarginInsufficient: -2019,
  ReduceOnlyRejected: -2022,
  MaxOpenOrders: -2025,
  PriceAboveMax: -4002,
  QtyNotPositive: -4003,
  QtyBelowMin: -4004,
  QtyAboveMax: -4005,
  PriceBelowMin: -4013,
  PriceAbovePercent: -4016,
  PriceBelowPercent: -4024,
  DuplicateClientId: -4116,
  MinNotional: -4164,
  FokUnfillable: -5021,
  PostOnlyWouldTake: -5022,
  TooManyModifies: -5026,
  NothingToModify: -5027,
  ModifyNotional: -5029,
} as const;

export function priceCode(market: Market, side: 1 | -1, priceTicks: number): number {
  if (priceTicks < 1) return Code.PriceBelowMin;
  if (priceTicks > market.spec.maxPriceTicks) return Code.PriceAboveMax;
  const mark = market.markTicks;
  if (side === 1 && priceTicks > mark * DEFAULTS.percentPriceUp) return Code.PriceAbovePercent;
  if (side === -1 && priceTicks < mark * DEFAULTS.percentPriceDown) return Code.PriceBelowPercent;
  return Code.Ok;
}

export function lotsCode(market: Market, lots: number, isMarketOrder: boolean): number {
  const spec = market.spec;
  if (lots <= 0) return Code.QtyNotPositive;
  if (lots < spec.minLots) return Code.QtyBelowMin;
  const max = isMarketOrder ? spec.maxMarketLots : spec.maxLots;
  return lots > max ? Code.QtyAboveMax : Code.Ok;
}

export function hasMinNotional(market: Market, priceTicks: number, lots: number): boolean {
  return priceTicks * lots * market.tickLotE8 >= market.spec.minNotionalE8;
}

/** Checks that need no account. */
export function filterCode(market: Market, request: OrderRequest): number {
  const isMarketOrder = request.type === 'MARKET';
  const lots = lotsCode(market, request.lots, isMarketOrder);
  if (lots !== Code.Ok) return lots;
  if (!isMarketOrder) {
    const price = priceCode(market, request.side, request.priceTicks);
    if (price !== Code.Ok) return price;
  }
  if (request.isReduceOnly) return Code.Ok;
  const priceTicks = isMarketOrder ? market.markTicks : request.priceTicks;
  return hasMinNotional(market, priceTicks, request.lots) ? Code.Ok : Code.MinNotional;
}

/** Checks against the account: open orders, client id. */
export function accountCode(market: Market, account: Account, request: OrderRequest): number {
  if (account.openByClientId.has(request.clientId)) return Code.DuplicateClientId;
  if (openCount(account, market.index) >= market.spec.maxOpenOrders) return Code.MaxOpenOrders;
  return Code.Ok;
}

function openCount(account: Account, marketIndex: number): number {
  let count = 0;
  for (const order of account.open.values()) {
    if (order.request.marketIndex === marketIndex) count += 1;
  }
  return count;
}

/** Lots of open orders on one side of one market, reduce-only ones left out. */
export function openLots(account: Account, marketIndex: number, side: 1 | -1): number {
  let lots = 0;
  for (const order of account.open.values()) {
    const request = order.request;
    if (request.marketIndex !== marketIndex || request.side !== side) continue;
    if (!request.isReduceOnly) lots += order.remainingLots;
  }
  return lots;
}

/** Margin in use with `extraLots` more on one side of one market, 1e-8 quote units (double). */
export function marginUsedE8(
  account: Account,
  markets: readonly Market[],
  extra: { readonly marketIndex: number; readonly side: 1 | -1; readonly lots: number } | null,
): number {
  let used = 0;
  for (const market of markets) {
    const held = account.position(market.index).lots;
    let bids = openLots(account, market.index, 1);
    let asks = openLots(account, market.index, -1);
    if (extra !== null && extra.marketIndex === market.index) {
      if (extra.side === 1) bids += extra.lots;
      else asks += extra.lots;
    }
    const worst = Math.max(Math.abs(held), Math.abs(held + bids), Math.abs(held - asks));
    used += worst * market.markTicks * market.tickLotE8;
  }
  return used / account.leverage;
}

export function equityE8(account: Account, markets: readonly Market[]): number {
  let equity = Number(account.walletE8);
  for (const market of markets) {
    equity += account.position(market.index).unrealisedE8(market.markTicks, market.tickLotE8);
  }
  return equity;
}

/** -2019 when an order that opens risk would use more margin than the equity. */
export function marginCode(
  account: Account,
  markets: readonly Market[],
  request: OrderRequest,
): number {
  if (request.isReduceOnly) return Code.Ok;
  const before = marginUsedE8(account, markets, null);
  const after = marginUsedE8(account, markets, request);
  if (after <= before) return Code.Ok;
  return after > equityE8(account, markets) ? Code.MarginInsufficient : Code.Ok;
}
