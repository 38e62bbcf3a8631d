/**
 * wire-user: orders, positions and user-data events as JSON text, in the venue's key order.
 *
 * Acknowledgements carry no average price and no cumulative quote (since June 2026); queries do.
 *
 * Units     wall-clock ms; decimal texts; money exact.
 * Imports   exchange/core.
 */
import type { Account, AccountOrder, AccountTrade, Execution, Position } from '../core/account.ts';
import type { Market } from '../core/market.ts';
import { e8Text, e8Trimmed, roundDiv } from '../core/money.ts';

export interface WireContext {
  readonly markets: readonly Market[];
  /** Added to every order id, so that ids can exceed 2^53 on demand. */
  readonly orderIdBase: bigint;
  /** Wall ms of a simulation time. */
  wallMs(simMs: number): number;
}

function marketOf(context: WireContext, order: AccountOrder): Market {
  return context.markets[order.request.marketIndex] as Market;
}

export function orderIdText(context: WireContext, order: AccountOrder): string {
  if (context.orderIdBase === 0n) return String(order.id);
  return (context.orderIdBase + BigInt(order.id)).toString();
}

/** costE8 over lots as a price with eight decimals, trailing zeros off; "0" when nothing. */
function averagePriceText(market: Market, costE8: bigint, lots: number): string {
  if (lots === 0) return '0';
  const lotsUnits = BigInt(lots) * BigInt(market.spec.stepE8);
  return e8Trimmed(roundDiv(costE8 * 100_000_000n, lotsUnits));
}

function sideText(order: AccountOrder): string {
  return order.request.side === 1 ? 'BUY' : 'SELL';
}

/** MARKET orders show GTC, as the venue shows them. */
function timeInForceText(order: AccountOrder): string {
  return order.request.type === 'MARKET' ? 'GTC' : order.request.timeInForce;
}

function orderPriceText(market: Market, order: AccountOrder, ticks: number): string {
  return order.request.type === 'MARKET' ? '0' : market.priceText(ticks);
}

/** Reply to place, modify and cancel. `status` NEW for ACK replies whatever has happened since. */
export function orderAckJson(context: WireContext, order: AccountOrder, isAck: boolean): string {
  const market = marketOf(context, order);
  const executed = isAck ? 0 : order.executedLots;
  const status = isAck ? 'NEW' : order.status;
  const modify = order.modifyId === '' ? '' : `,"modifyId":${order.modifyId}`;
  return (
    `{"orderId":${orderIdText(context, order)},"symbol":"${market.symbol}","status":"${status}"` +
    `,"clientOrderId":"${order.clientId}"` +
    `,"price":"${orderPriceText(market, order, order.priceTicks)}"` +
    `,"origQty":"${market.sizeText(order.lots)}","executedQty":"${market.sizeText(executed)}"` +
    `,"cumQty":"${market.sizeText(executed)}",${orderTail(context, order)}${modify}}`
  );
}

/** Reply to a query: the acknowledgement plus time, average price and cumulative quote. */
export function orderQueryJson(context: WireContext, order: AccountOrder): string {
  const market = marketOf(context, order);
  const average = averagePriceText(market, order.costE8, order.executedLots);
  return (
    `{"orderId":${orderIdText(context, order)},"symbol":"${market.symbol}"` +
    `,"status":"${order.status}"` +
    `,"clientOrderId":"${order.clientId}"` +
    `,"price":"${orderPriceText(market, order, order.priceTicks)}"` +
    `,"avgPrice":"${average}","origQty":"${market.sizeText(order.lots)}"` +
    `,"executedQty":"${market.sizeText(order.executedLots)}","cumQuote":"${e8Text(order.costE8)}"` +
    `,"time":${context.wallMs(order.createdMs)},${orderTail(context, order)}}`
  );
}

function orderTail(context: WireContext, order: AccountOrder): string {
  const request = order.request;
  return (
    `"timeInForce":"${timeInForceText(order)}","type":"${request.type}"` +
    `,"reduceOnly":${request.isReduceOnly},"closePosition":false,"side":"${sideText(order)}"` +
    ',"positionSide":"BOTH","stopPrice":"0.00","workingType":"CONTRACT_PRICE"' +
    ',"priceProtect":false' +
    `,"origType":"${request.type}","priceMatch":"NONE"` +
    `,"selfTradePreventionMode":"${request.selfTradeMode}","goodTillDate":${request.goodTillDate}` +
    `,"updateTime":${context.wallMs(order.updatedMs)}`
  );
}

export function tradeJson(context: WireContext, trade: AccountTrade): string {
  const market = marketOf(context, trade.order);
  const side = trade.order.request.side;
  const quote = e8Text(market.notionalE8(trade.priceTicks, trade.lots));
  return (
    `{"symbol":"${market.symbol}","id":${trade.tradeId}` +
    `,"orderId":${orderIdText(context, trade.order)}` +
    `,"side":"${sideText(trade.order)}","price":"${market.priceText(trade.priceTicks)}"` +
    `,"qty":"${market.sizeText(trade.lots)}","realizedPnl":"${e8Text(trade.realisedE8)}"` +
    `,"quoteQty":"${quote}","commission":"${e8Text(trade.feeE8)}","commissionAsset":"USDT"` +
    `,"time":${context.wallMs(trade.timeMs)},"positionSide":"BOTH"` +
    `,"buyer":${side === 1},"maker":${trade.isMaker}}`
  );
}

/** Open-order notionals of an account: the venue's `b` and `a`. */
function openNotionalText(context: WireContext, account: Account, side: 1 | -1): string {
  let total = 0n;
  for (const order of account.open.values()) {
    if (order.request.side !== side || order.request.type !== 'LIMIT') continue;
    total += marketOf(context, order).notionalE8(order.priceTicks, order.remainingLots);
  }
  return e8Trimmed(total);
}

export function orderTradeUpdateText(context: WireContext, execution: Execution): string {
  const order = execution.order;
  const request = order.request;
  const market = marketOf(context, order);
  const wallMs = context.wallMs(execution.timeMs);
  const isTrade = execution.tradeId !== 0;
  const fee = isTrade ? `,"N":"USDT","n":"${e8Text(execution.feeE8)}"` : '';
  const modify =
    execution.exec === 'AMENDMENT' && order.modifyId !== '' ? `,"M":"${order.modifyId}"` : '';
  const lastPrice = isTrade ? market.priceText(execution.lastTicks) : '0';
  return (
    `{"e":"ORDER_TRADE_UPDATE","E":${wallMs},"T":${wallMs},"o":{"s":"${market.symbol}"` +
    `,"c":"${order.clientId}","S":"${sideText(order)}","o":"${request.type}"` +
    `,"f":"${timeInForceText(order)}","q":"${market.sizeText(execution.totalLots)}"` +
    `,"p":"${orderPriceText(market, order, execution.priceTicks)}"` +
    `,"ap":"${averagePriceText(market, execution.costE8, execution.executedLots)}","sp":"0"` +
    `,"x":"${execution.exec}","X":"${execution.status}","i":${orderIdText(context, order)}` +
    `,"l":"${market.sizeText(execution.lastLots)}"` +
    `,"z":"${market.sizeText(execution.executedLots)}"` +
    `,"L":"${lastPrice}"${fee},"T":${wallMs},"t":${execution.tradeId}` +
    `,"b":"${openNotionalText(context, order.account, 1)}"` +
    `,"a":"${openNotionalText(context, order.account, -1)}","m":${execution.isMaker}` +
    `,"R":${request.isReduceOnly},"wt":"CONTRACT_PRICE","ot":"${request.type}","ps":"BOTH"` +
    `,"cp":false,"rp":"${e8Trimmed(execution.realisedE8)}","pP":false,"si":0,"ss":0` +
    `,"V":"${request.selfTradeMode}","pm":"NONE","gtd":${request.goodTillDate}` +
    `,"er":"${execution.expiryReason}"${modify}}}`
  );
}

export function tradeLiteText(context: WireContext, execution: Execution): string {
  const order = execution.order;
  const market = marketOf(context, order);
  const wallMs = context.wallMs(execution.timeMs);
  return (
    `{"e":"TRADE_LITE","E":${wallMs},"T":${wallMs},"s":"${market.symbol}"` +
    `,"q":"${market.sizeText(execution.totalLots)}"` +
    `,"p":"${orderPriceText(market, order, execution.priceTicks)}","m":${execution.isMaker}` +
    `,"c":"${order.clientId}","S":"${sideText(order)}"` +
    `,"L":"${market.priceText(execution.lastTicks)}"` +
    `,"l":"${market.sizeText(execution.lastLots)}","t":${execution.tradeId}` +
    `,"i":${orderIdText(context, order)}}`
  );
}

export function entryPriceText(market: Market, position: Position): string {
  return averagePriceText(market, position.costE8, Math.abs(position.lots));
}

/** Entry price moved by what was already realised and paid since the position was opened. */
export function breakEvenText(market: Market, position: Position): string {
  if (position.lots === 0) return '0';
  const sign = position.lots > 0 ? 1n : -1n;
  const cost = position.costE8 - sign * position.sinceOpenE8;
  return averagePriceText(market, cost, Math.abs(position.lots));
}

/** Unrealised PnL rounded to 1e-8, as text. */
export function unrealisedText(market: Market, position: Position): string {
  const value = position.unrealisedE8(market.markTicks, market.tickLotE8);
  return e8Text(BigInt(Math.round(value)));
}

export function accountUpdateText(
  context: WireContext,
  account: Account,
  marketIndex: number,
  simMs: number,
): string {
  const market = context.markets[marketIndex] as Market;
  const position = account.position(marketIndex);
  const wallMs = context.wallMs(simMs);
  const wallet = e8Text(account.walletE8);
  return (
    `{"e":"ACCOUNT_UPDATE","E":${wallMs},"T":${wallMs},"a":{"B":[{"a":"USDT","wb":"${wallet}"` +
    `,"cw":"${wallet}","bc":"0"}],"P":[{"s":"${market.symbol}"` +
    `,"pa":"${market.sizeText(position.lots)}"` +
    `,"ep":"${entryPriceText(market, position)}","cr":"${e8Trimmed(position.realisedE8)}"` +
    `,"up":"${unrealisedText(market, position)}","mt":"cross","iw":"0","ps":"BOTH","ma":"USDT"` +
    `,"bep":"${breakEvenText(market, position)}"}],"m":"ORDER"}}`
  );
}

export function listenKeyExpiredText(listenKey: string, wallMs: number): string {
  return `{"e":"listenKeyExpired","E":${wallMs},"listenKey":"${listenKey}"}`;
}
