/**
 * wire-market: market-data messages as JSON text, in the venue's key order.
 *
 * Units     wall-clock ms; decimal texts.
 * Imports   exchange/core.
 */
import type { DepthFeed } from '../core/depth-feed.ts';
import type { Market, MarketSide } from '../core/market.ts';
import type { AggregateTrade } from '../core/sink.ts';

export function bookTickerText(market: Market, wallMs: number): string {
  return (
    `{"e":"bookTicker","u":${market.book.lastUpdateId},"s":"${market.symbol}"` +
    `,"b":"${market.priceText(market.bidTicks)}","B":"${market.sizeText(market.bidLots)}"` +
    `,"a":"${market.priceText(market.askTicks)}","A":"${market.sizeText(market.askLots)}"` +
    `,"T":${wallMs},"E":${wallMs},"ps":"${market.symbol}","st":1}`
  );
}

export function aggTradeText(market: Market, trade: AggregateTrade, wallMs: number): string {
  const quantity = market.sizeText(trade.lots);
  return (
    `{"e":"aggTrade","E":${wallMs},"s":"${market.symbol}","a":${trade.aggId}` +
    `,"p":"${market.priceText(trade.priceTicks)}","q":"${quantity}","nq":"${quantity}"` +
    `,"f":${trade.firstTradeId},"l":${trade.lastTradeId},"T":${wallMs}` +
    `,"m":${trade.isBuyerMaker},"st":1}`
  );
}

const EIGHT_HOURS_MS = 28_800_000;

export function markPriceText(market: Market, wallMs: number): string {
  const mark = market.fineText(market.markTicks);
  const index = market.fineText(market.indexTicks);
  const fundingMs = (Math.floor(wallMs / EIGHT_HOURS_MS) + 1) * EIGHT_HOURS_MS;
  return (
    `{"e":"markPriceUpdate","E":${wallMs},"s":"${market.symbol}","p":"${mark}","ap":"${mark}"` +
    `,"i":"${index}","P":"${index}","r":"0.00000000","T":${fundingMs},"st":1}`
  );
}

/** Levels that changed in the window, lowest price first, as the venue sends them. */
export function depthUpdateText(market: Market, feed: DepthFeed, wallMs: number): string {
  return (
    `{"e":"depthUpdate","E":${wallMs},"T":${wallMs},"s":"${market.symbol}"` +
    `,"ps":"${market.symbol}","U":${feed.firstUpdateId},"u":${market.book.lastUpdateId}` +
    `,"pu":${feed.prevUpdateId}` +
    `,"b":[${changedLevels(market, 1, feed.bids)}],"a":[${changedLevels(market, -1, feed.asks)}]` +
    ',"st":1}'
  );
}

function changedLevels(market: Market, side: 1 | -1, changed: ReadonlySet<number>): string {
  const prices = [...changed].toSorted((a, b) => a - b);
  let text = '';
  for (const ticks of prices) {
    const size = market.sizeText(market.lotsAt(side, ticks));
    text += `${text === '' ? '' : ','}["${market.priceText(ticks)}","${size}"]`;
  }
  return text;
}

/** A deliberately impossible update: the best bid above the best ask. */
export function crossedDepthText(market: Market, feed: DepthFeed, wallMs: number): string {
  const ask = market.askTicks;
  const size = market.sizeText(Math.max(1, market.askLots));
  return depthUpdateText(market, feed, wallMs).replace(
    /"b":\[.*\],"a":\[/,
    `"b":[["${market.priceText(ask + 3)}","${size}"]],"a":[`,
  );
}

function topLevels(market: Market, side: MarketSide, limit: number): string {
  let text = '';
  const count = Math.min(limit, side.levelCount);
  for (let depth = 0; depth < count; depth++) {
    const level = side.at(depth);
    if (level === null) break;
    const size = market.sizeText(level.lots);
    text += `${depth === 0 ? '' : ','}["${market.priceText(level.priceTicks)}","${size}"]`;
  }
  return text;
}

/** Partial book streams carry the shape of an update with the best levels of each side. */
export function partialDepthText(
  market: Market,
  feed: DepthFeed,
  limit: number,
  wallMs: number,
): string {
  const book = market.book;
  return (
    `{"e":"depthUpdate","E":${wallMs},"T":${wallMs},"s":"${market.symbol}"` +
    `,"ps":"${market.symbol}","U":${feed.firstUpdateId},"u":${book.lastUpdateId}` +
    `,"pu":${feed.prevUpdateId}` +
    `,"b":[${topLevels(market, book.bids, limit)}],"a":[${topLevels(market, book.asks, limit)}]` +
    ',"st":1}'
  );
}

export function snapshotText(market: Market, limit: number, wallMs: number): string {
  const book = market.book;
  return (
    `{"lastUpdateId":${book.lastUpdateId},"E":${wallMs},"T":${wallMs}` +
    `,"bids":[${topLevels(market, book.bids, limit)}]` +
    `,"asks":[${topLevels(market, book.asks, limit)}]}`
  );
}
