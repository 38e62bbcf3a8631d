/**
 * exchange-info: what the exchange lists, with filters and limits, in the venue's shape.
 *
 * Imports   exchange/core, server/rate-limits.
 */
import { DEFAULTS } from '../core/defaults.ts';
import type { Market } from '../core/market.ts';
import { fixedText } from '../core/money.ts';
import type { RateLimitSettings } from './rate-limits.ts';

const ONBOARD_MS = 1_569_398_400_000;
const DELIVERY_MS = 4_133_404_800_000;

function e8Decimal(value: number): string {
  return fixedText(value, 8).replace(/\.?0+$/, '');
}

function filtersJson(market: Market): string {
  const spec = market.spec;
  const tickSize = fixedText(market.tickUnits, spec.priceDecimals);
  const step = fixedText(market.stepUnits, spec.sizeDecimals);
  const max = market.priceText(spec.maxPriceTicks);
  const lots = (filter: string, maxLots: number): string =>
    `{"filterType":"${filter}","minQty":"${market.sizeText(spec.minLots)}"` +
    `,"maxQty":"${market.sizeText(maxLots)}","stepSize":"${step}"}`;
  return (
    `[{"filterType":"PRICE_FILTER","minPrice":"${tickSize}","maxPrice":"${max}"` +
    `,"tickSize":"${tickSize}"}` +
    `,${lots('LOT_SIZE', spec.maxLots)},${lots('MARKET_LOT_SIZE', spec.maxMarketLots)}` +
    `,{"filterType":"MAX_NUM_ORDERS","limit":${spec.maxOpenOrders}}` +
    `,{"filterType":"MIN_NOTIONAL","notional":"${e8Decimal(spec.minNotionalE8)}"}` +
    `,{"filterType":"PERCENT_PRICE","multiplierUp":"${DEFAULTS.percentPriceUp.toFixed(4)}"` +
    `,"multiplierDown":"${DEFAULTS.percentPriceDown.toFixed(4)}","multiplierDecimal":"4"}]`
  );
}

function symbolJson(market: Market): string {
  const spec = market.spec;
  return (
    `{"symbol":"${spec.symbol}","pair":"${spec.symbol}","contractType":"PERPETUAL"` +
    `,"deliveryDate":${DELIVERY_MS},"onboardDate":${ONBOARD_MS},"status":"TRADING"` +
    `,"baseAsset":"${spec.baseAsset}","quoteAsset":"${spec.quoteAsset}"` +
    `,"marginAsset":"${spec.quoteAsset}"` +
    `,"pricePrecision":${spec.priceDecimals},"quantityPrecision":${spec.sizeDecimals}` +
    ',"baseAssetPrecision":8,"quotePrecision":8,"underlyingType":"COIN","underlyingSubType":[]' +
    ',"settlePlan":0,"triggerProtect":"0.05","liquidationFee":"0.0125","marketTakeBound":"0.05"' +
    ',"maintMarginPercent":"2.5","requiredMarginPercent":"5","orderTypes":["LIMIT","MARKET"]' +
    `,"timeInForce":["GTC","IOC","FOK","GTX","GTD"],"filters":${filtersJson(market)}}`
  );
}

function limit(type: string, interval: string, amount: number, count: number): string {
  return (
    `{"rateLimitType":"${type}","interval":"${interval}","intervalNum":${amount}` +
    `,"limit":${count}}`
  );
}

export function exchangeInfoJson(
  markets: readonly Market[],
  limits: RateLimitSettings,
  wallMs: number,
): string {
  return (
    `{"timezone":"UTC","serverTime":${wallMs},"futuresType":"U_MARGINED","rateLimits":[` +
    limit('REQUEST_WEIGHT', 'MINUTE', 1, limits.weightPerMinute) +
    `,${limit('ORDERS', 'MINUTE', 1, limits.ordersPerMinute)}` +
    `,${limit('ORDERS', 'SECOND', 10, limits.ordersPer10s)}],"exchangeFilters":[]` +
    ',"assets":[{"asset":"USDT","marginAvailable":true,"autoAssetExchange":"0"}]' +
    `,"symbols":[${markets.map(symbolJson).join(',')}]}`
  );
}
