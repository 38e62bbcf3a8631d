/**
 * account-json: balances, positions and settings of an account as the venue answers them.
 *
 * Imports   exchange/core, server/wire-user.
 */
import type { Account } from '../core/account.ts';
import type { ExchangeCore } from '../core/exchange-core.ts';
import { equityE8, marginUsedE8 } from '../core/filters.ts';
import type { Market } from '../core/market.ts';
import { e8Text } from '../core/money.ts';
import type { WireContext } from './wire-user.ts';
import { breakEvenText, entryPriceText, unrealisedText } from './wire-user.ts';

function e8OfDouble(value: number): string {
  return e8Text(BigInt(Math.round(value)));
}

function isActive(account: Account, market: Market): boolean {
  if (account.position(market.index).lots !== 0) return true;
  for (const order of account.open.values()) {
    if (order.request.marketIndex === market.index) return true;
  }
  return false;
}

function positionRow(context: WireContext, account: Account, market: Market): string {
  const position = account.position(market.index);
  const notional = position.lots * market.markTicks * market.tickLotE8;
  const margin = Math.abs(notional) / account.leverage;
  return (
    `{"symbol":"${market.symbol}","positionSide":"BOTH"` +
    `,"positionAmt":"${market.sizeText(position.lots)}"` +
    `,"entryPrice":"${entryPriceText(market, position)}"` +
    `,"breakEvenPrice":"${breakEvenText(market, position)}"` +
    `,"markPrice":"${market.fineText(market.markTicks)}"` +
    `,"unRealizedProfit":"${unrealisedText(market, position)}","liquidationPrice":"0"` +
    `,"isolatedMargin":"0","notional":"${e8OfDouble(notional)}","marginAsset":"USDT"` +
    `,"isolatedWallet":"0","initialMargin":"${e8OfDouble(margin)}","maintMargin":"0"` +
    `,"positionInitialMargin":"${e8OfDouble(margin)}","openOrderInitialMargin":"0","adl":0` +
    `,"bidNotional":"0","askNotional":"0","updateTime":${context.wallMs(position.updatedMs)}}`
  );
}

/** Rows of symbols with a position or open orders; of one symbol always its row. */
export function positionsJson(context: WireContext, account: Account, only: Market | null): string {
  const rows = context.markets
    .filter((market) => (only === null ? isActive(account, market) : market === only))
    .map((market) => positionRow(context, account, market));
  return `[${rows.join(',')}]`;
}

function unrealisedTotalE8(account: Account, markets: readonly Market[]): number {
  return equityE8(account, markets) - Number(account.walletE8);
}

function availableE8(account: Account, markets: readonly Market[]): number {
  return Math.max(0, equityE8(account, markets) - marginUsedE8(account, markets, null));
}

export function balanceJson(context: WireContext, account: Account): string {
  const wallet = e8Text(account.walletE8);
  const available = e8OfDouble(availableE8(account, context.markets));
  return (
    `[{"accountAlias":"SIM","asset":"USDT","balance":"${wallet}","crossWalletBalance":"${wallet}"` +
    `,"crossUnPnl":"${e8OfDouble(unrealisedTotalE8(account, context.markets))}"` +
    `,"availableBalance":"${available}","maxWithdrawAmount":"${available}"` +
    `,"marginAvailable":true,"updateTime":${lastUpdateMs(context, account)}}]`
  );
}

function lastUpdateMs(context: WireContext, account: Account): number {
  let last = 0;
  for (const position of account.positions) last = Math.max(last, position.updatedMs);
  return context.wallMs(last);
}

export function accountJson(context: WireContext, account: Account): string {
  const markets = context.markets;
  const wallet = e8Text(account.walletE8);
  const unrealised = e8OfDouble(unrealisedTotalE8(account, markets));
  const margin = e8OfDouble(marginUsedE8(account, markets, null));
  const equity = e8OfDouble(equityE8(account, markets));
  const available = e8OfDouble(availableE8(account, markets));
  const asset =
    `{"asset":"USDT","walletBalance":"${wallet}","unrealizedProfit":"${unrealised}"` +
    `,"marginBalance":"${equity}","maintMargin":"0","initialMargin":"${margin}"` +
    `,"positionInitialMargin":"${margin}","openOrderInitialMargin":"0"` +
    `,"crossWalletBalance":"${wallet}","crossUnPnl":"${unrealised}"` +
    `,"availableBalance":"${available}","maxWithdrawAmount":"${available}"` +
    `,"updateTime":${lastUpdateMs(context, account)}}`;
  return (
    `{"totalInitialMargin":"${margin}","totalMaintMargin":"0","totalWalletBalance":"${wallet}"` +
    `,"totalUnrealizedProfit":"${unrealised}","totalMarginBalance":"${equity}"` +
    `,"totalPositionInitialMargin":"${margin}","totalOpenOrderInitialMargin":"0"` +
    `,"totalCrossWalletBalance":"${wallet}","totalCrossUnPnl":"${unrealised}"` +
    `,"availableBalance":"${available}","maxWithdrawAmount":"${available}"` +
    `,"assets":[${asset}],"positions":${positionsJson(context, account, null)}}`
  );
}

export const ACCOUNT_CONFIG_JSON =
  '{"feeTier":0,"canTrade":true,"canDeposit":true,"canWithdraw":false,"dualSidePosition":false' +
  ',"updateTime":0,"multiAssetsMargin":false,"tradeGroupId":-1}';

export function symbolConfigJson(
  context: WireContext,
  account: Account,
  only: Market | null,
): string {
  const rows = context.markets
    .filter((market) => only === null || market === only)
    .map(
      (market) =>
        `{"symbol":"${market.symbol}","marginType":"CROSSED","isAutoAddMargin":false` +
        `,"leverage":${account.leverage},"maxNotionalValue":"10000000"}`,
    );
  return `[${rows.join(',')}]`;
}

function rateText(rateE8: number): string {
  return (rateE8 / 1e8).toFixed(8);
}

export function commissionJson(account: Account, market: Market): string {
  return (
    `{"symbol":"${market.symbol}","makerCommissionRate":"${rateText(account.fees.makerRateE8)}"` +
    `,"takerCommissionRate":"${rateText(account.fees.takerRateE8)}"` +
    `,"rpiCommissionRate":"${rateText(account.fees.makerRateE8)}"}`
  );
}

/** The truth about one account, for tests and for closing notes: exact decimals. */
export function accountTruthJson(
  context: WireContext,
  core: ExchangeCore,
  account: Account,
): string {
  const positions = context.markets
    .map((market) => ({ market, position: account.position(market.index) }))
    .filter(
      ({ position }) => position.realisedE8 !== 0n || position.lots !== 0 || position.feesE8 !== 0n,
    )
    .map(
      ({ market, position }) =>
        `{"symbol":"${market.symbol}","amount":"${market.sizeText(position.lots)}"` +
        `,"entryPrice":"${entryPriceText(market, position)}","cost":"${e8Text(position.costE8)}"` +
        `,"realised":"${e8Text(position.realisedE8)}","fees":"${e8Text(position.feesE8)}"` +
        `,"unrealised":"${unrealisedText(market, position)}"}`,
    );
  const orders = [...account.open.values()].map((order) => {
    const market = context.markets[order.request.marketIndex] as Market;
    const side = order.request.side === 1 ? 'BUY' : 'SELL';
    return (
      `{"symbol":"${market.symbol}","clientOrderId":"${order.clientId}","side":"${side}"` +
      `,"price":"${market.priceText(order.priceTicks)}"` +
      `,"origQty":"${market.sizeText(order.lots)}"` +
      `,"executedQty":"${market.sizeText(order.executedLots)}","status":"${order.status}"` +
      `,"reduceOnly":${order.request.isReduceOnly}}`
    );
  });
  const countdowns = context.markets
    .filter((market) => Number.isFinite(account.countdowns[market.index] as number))
    .map((market) => {
      const leftMs = (account.countdowns[market.index] as number) - core.nowMs;
      return `"${market.symbol}":${Math.max(0, Math.round(leftMs))}`;
    });
  return (
    `{"account":"${account.id}","startWallet":"${e8Text(account.startWalletE8)}"` +
    `,"wallet":"${e8Text(account.walletE8)}","realised":"${e8Text(account.realisedE8)}"` +
    `,"fees":"${e8Text(account.feesE8)}"` +
    `,"pnl":"${e8Text(account.walletE8 - account.startWalletE8)}"` +
    `,"balanced":${account.isBalanced()},"trades":${account.tradeCount}` +
    `,"ordersSeen":${account.orderCount},"positions":[${positions.join(',')}]` +
    `,"openOrders":[${orders.join(',')}],"countdownMs":{${countdowns.join(',')}}}`
  );
}
