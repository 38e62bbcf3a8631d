/**
 * matcher: the matching engine: price–time priority, self-match prevention, reduce-only,
 * amendments.
 *
 * A maker fills at its own price, the oldest first. Every operation on a market runs between
 * begin() and end(), which announces the touch once. Exogenous orders have no owner.
 *
 * Writer    ExchangeCore's thread.
 * Units     ticks, lots, 1e-8 quote units; times in simulation ms.
 * Invariants a book is never crossed after end(); reduce-only orders never open a position.
 * Imports   base/assert, core/*.
 */
import { assert } from '../../base/assert.ts';
import type { Account, Execution } from './account.ts';
import { AccountOrder } from './account.ts';
import { DEFAULTS } from './defaults.ts';
import {
  accountCode,
  Code,
  filterCode,
  hasMinNotional,
  lotsCode,
  marginCode,
  priceCode,
} from './filters.ts';
import type { Market, MarketLevel, MarketOrder } from './market.ts';
import type { Side } from './order-book.ts';
import { BookOrder } from './order-book.ts';
import type { ExecType, OrderRequest, OrderStatus } from './orders.ts';
import { ExpiryReason } from './orders.ts';
import type { AggregateTrade, CoreSink } from './sink.ts';

export interface Outcome {
  /** 0 or the venue's error code. */
  readonly code: number;
  readonly order: AccountOrder | null;
}

interface FillFacts {
  readonly lots: number;
  readonly priceTicks: number;
  readonly tradeId: number;
  readonly isMaker: boolean;
  readonly exec: ExecType;
}

const NO_FILL = {
  lastLots: 0,
  lastTicks: 0,
  tradeId: 0,
  isMaker: false,
  feeE8: 0n,
  realisedE8: 0n,
};

export class Matcher {
  nowMs = 0;
  sink: CoreSink;
  /** Resting reduce-only orders count against immediate ones too, as reported of the venue. */
  isReduceOnlyStrict = false;
  readonly #markets: readonly Market[];
  readonly #free: MarketOrder[] = [];
  readonly #trade: AggregateTrade = {
    aggId: 0,
    priceTicks: 0,
    lots: 0,
    firstTradeId: 0,
    lastTradeId: 0,
    isBuyerMaker: false,
  };
  #nextOrderId: number = DEFAULTS.firstOrderId;

  constructor(markets: readonly Market[], sink: CoreSink) {
    this.#markets = markets;
    this.sink = sink;
  }

  begin(market: Market): void {
    market.book.begin();
  }

  /** Ends an operation: announces the touch when it differs from the last one announced. */
  end(market: Market): void {
    if (!market.book.hasChanged) return;
    const bid = market.book.bids.best();
    const ask = market.book.asks.best();
    const bidTicks = bid === null ? 0 : bid.priceTicks;
    const askTicks = ask === null ? 0 : ask.priceTicks;
    assert(bid === null || ask === null || bidTicks < askTicks, `${market.symbol} book is crossed`);
    const bidLots = bid === null ? 0 : bid.lots;
    const askLots = ask === null ? 0 : ask.lots;
    if (bidTicks === market.bidTicks && askTicks === market.askTicks) {
      if (bidLots === market.bidLots && askLots === market.askLots) return;
    }
    market.bidTicks = bidTicks;
    market.bidLots = bidLots;
    market.askTicks = askTicks;
    market.askLots = askLots;
    this.sink.onTouch(market, this.nowMs);
  }

  /** A resting order without owner. The caller has made sure that it does not cross. */
  addExogenous(market: Market, side: Side, priceTicks: number, lots: number): void {
    this.#rest(market, side, priceTicks, lots, null);
  }

  removeExogenous(market: Market, order: MarketOrder): void {
    assert(order.owner === null, 'only exogenous orders are removed by the flow');
    market.book.remove(order);
    this.#recycle(order);
  }

  /** An immediate-or-cancel order without owner; returns the lots it took. */
  takeExogenous(market: Market, side: Side, limitTicks: number, lots: number): number {
    return lots - this.#sweep(market, side, limitTicks, lots, null);
  }

  place(account: Account, request: OrderRequest): Outcome {
    const market = this.#markets[request.marketIndex];
    assert(market !== undefined, 'order names a listed market');
    const code = filterCode(market, request) || accountCode(market, account, request);
    if (code !== Code.Ok) return refused(code);
    const lots = this.#allowedLots(account, request, null);
    if (lots <= 0) return refused(Code.ReduceOnlyRejected);
    const limitTicks = limitOf(request.type === 'MARKET', request.side, request.priceTicks);
    if (request.timeInForce === 'GTX' && this.#crosses(market, request.side, limitTicks)) {
      return refused(Code.PostOnlyWouldTake);
    }
    if (request.timeInForce === 'FOK' && !canFill(market, account, request, lots)) {
      return refused(Code.FokUnfillable);
    }
    const margin = marginCode(account, this.#markets, request);
    if (margin !== Code.Ok) return refused(margin);

    const order = new AccountOrder(this.#nextOrderId++, account, request, this.nowMs);
    order.lots = lots;
    account.remember(order);
    this.begin(market);
    this.#report(order, 'NEW');
    this.#match(market, order, limitTicks);
    this.end(market);
    return { code: Code.Ok, order };
  }

  /** Venue rule: `lots` is the new total; every modified order goes to the back of its queue. */
  modify(order: AccountOrder, priceTicks: number, lots: number, modifyId: string): Outcome {
    const market = this.#marketOf(order);
    const request = order.request;
    const code = modifyCode(market, order, priceTicks, lots);
    if (code !== Code.Ok) return refused(code);
    const isSpent = order.executedLots > 0 && lots <= order.executedLots;
    const isCrossing =
      request.timeInForce === 'GTX' && this.#crosses(market, request.side, priceTicks);
    if (isSpent || isCrossing) {
      this.cancel(order);
      return { code: Code.Ok, order };
    }
    const wanted = { ...request, lots: lots - order.executedLots };
    const allowed = this.#allowedLots(order.account, wanted, order);
    if (allowed <= 0) return refused(Code.ReduceOnlyRejected);
    const extra = { ...request, lots: Math.max(0, lots - order.lots) };
    const margin = marginCode(order.account, this.#markets, extra);
    if (margin !== Code.Ok) return refused(margin);

    this.begin(market);
    this.#unrest(market, order);
    order.priceTicks = priceTicks;
    order.lots = order.executedLots + allowed;
    order.modifyCount += 1;
    order.modifyId = modifyId;
    this.#report(order, 'AMENDMENT');
    this.#match(market, order, priceTicks);
    this.end(market);
    return { code: Code.Ok, order };
  }

  cancel(order: AccountOrder): void {
    this.#endOrder(order, 'CANCELED', 'CANCELED', ExpiryReason.None);
  }

  /** Ends an open order for the venue's own reason. */
  expire(order: AccountOrder, reason: number): void {
    this.#endOrder(order, 'EXPIRED', 'EXPIRED', reason);
  }

  /** An order that the exchange itself sends to close a position; fills are CALCULATED. */
  autoClose(account: Account, market: Market, clientId: string): AccountOrder | null {
    const held = account.position(market.index).lots;
    if (held === 0) return null;
    const side: Side = held > 0 ? -1 : 1;
    const order = new AccountOrder(
      this.#nextOrderId++,
      account,
      {
        marketIndex: market.index,
        side,
        type: 'LIMIT',
        timeInForce: 'IOC',
        priceTicks: side === 1 ? market.spec.maxPriceTicks : 1,
        lots: Math.abs(held),
        isReduceOnly: true,
        clientId,
        selfTradeMode: 'EXPIRE_MAKER',
        goodTillMs: Number.POSITIVE_INFINITY,
        goodTillDate: 0,
      },
      this.nowMs,
    );
    account.remember(order);
    this.begin(market);
    this.#report(order, 'NEW');
    this.#match(market, order, order.priceTicks);
    this.end(market);
    return order;
  }

  #marketOf(order: AccountOrder): Market {
    const market = this.#markets[order.request.marketIndex];
    assert(market !== undefined, 'order of a listed market');
    return market;
  }

  #crosses(market: Market, side: Side, priceTicks: number): boolean {
    const best = market.book.sideOf(side === 1 ? -1 : 1).best();
    return best !== null && side * (priceTicks - best.priceTicks) >= 0;
  }

  /** Lots the order may have: all, but for reduce-only no more than the position leaves. */
  #allowedLots(account: Account, request: OrderRequest, self: AccountOrder | null): number {
    if (!request.isReduceOnly) return request.lots;
    const held = account.position(request.marketIndex).lots;
    if (held === 0 || Math.sign(held) === request.side) return 0;
    let free = Math.abs(held);
    const isResting = request.type === 'LIMIT' && !isImmediate(request.timeInForce);
    if (isResting || this.isReduceOnlyStrict) {
      for (const order of reduceOnlyOrders(account, request.marketIndex)) {
        if (order !== self && order.request.side === request.side) free -= order.remainingLots;
      }
    }
    return Math.min(request.lots, free);
  }

  /** Takes what crosses, then rests or expires what is left. */
  #match(market: Market, order: AccountOrder, limitTicks: number): void {
    const request = order.request;
    if (order.remainingLots > 0) {
      this.#sweep(market, request.side, limitTicks, order.remainingLots, order);
    }
    if (order.isOpen && order.remainingLots > 0) {
      if (request.type === 'MARKET') this.#endOpen(order, 'EXPIRED', ExpiryReason.MarketRest);
      else if (isImmediate(request.timeInForce)) {
        this.#endOpen(order, 'EXPIRED', ExpiryReason.IocRest);
      } else {
        this.#rest(market, request.side, order.priceTicks, order.remainingLots, order);
      }
    }
    this.#knockOut(order.account, market);
  }

  /** Matches against the opposite side; returns the lots left. */
  #sweep(
    market: Market,
    side: Side,
    limitTicks: number,
    lots: number,
    taker: AccountOrder | null,
  ): number {
    const opposite = market.book.sideOf(side === 1 ? -1 : 1);
    let left = lots;
    for (;;) {
      const level = opposite.best();
      if (left <= 0 || level === null || side * (limitTicks - level.priceTicks) < 0) return left;
      const before = left;
      const priceTicks = level.priceTicks;
      const firstTradeId = market.nextTradeId;
      left = this.#takeLevel(market, level, left, taker);
      const traded = market.nextTradeId - firstTradeId;
      if (traded > 0) this.#announce(market, side, priceTicks, before - left, firstTradeId);
      if (taker !== null && !taker.isOpen) return left;
    }
  }

  #takeLevel(market: Market, level: MarketLevel, lots: number, taker: AccountOrder | null): number {
    let left = lots;
    const priceTicks = level.priceTicks;
    while (left > 0) {
      const maker = level.head;
      if (maker === null) return left;
      const owner = maker.owner;
      if (owner !== null && taker !== null && owner.account === taker.account) {
        if (this.#preventSelfMatch(owner, taker)) return left;
        continue;
      }
      const fill = Math.min(left, maker.lots);
      const tradeId = market.nextTradeId++;
      market.book.reduce(maker, fill);
      if (maker.lots === 0) {
        if (owner !== null) owner.resting = null;
        this.#recycle(maker);
      }
      left -= fill;
      market.lastTradeTicks = priceTicks;
      const facts = { lots: fill, priceTicks, tradeId, exec: 'TRADE' as const };
      if (owner !== null) {
        this.#fill(market, owner, { ...facts, isMaker: true });
        this.#knockOut(owner.account, market);
      }
      if (taker !== null) {
        const exec = taker.clientId.startsWith('autoclose-') ? 'CALCULATED' : 'TRADE';
        this.#fill(market, taker, { ...facts, exec, isMaker: false });
      }
    }
    return left;
  }

  /** True when the taker is done. */
  #preventSelfMatch(maker: AccountOrder, taker: AccountOrder): boolean {
    const mode = taker.request.selfTradeMode;
    if (mode !== 'EXPIRE_TAKER') {
      this.#endOpen(maker, 'EXPIRED_IN_MATCH', ExpiryReason.SelfTrade);
    }
    if (mode === 'EXPIRE_MAKER') return false;
    const isIoc = taker.request.timeInForce === 'IOC';
    const reason = isIoc ? ExpiryReason.IocSelfTrade : ExpiryReason.SelfTrade;
    this.#endOpen(taker, 'EXPIRED_IN_MATCH', reason);
    return true;
  }

  #fill(market: Market, order: AccountOrder, facts: FillFacts): void {
    const account = order.account;
    const perLotE8 = BigInt(facts.priceTicks) * market.tickLotBig;
    const side = order.request.side;
    const money = account.applyFill(market.index, side, facts.lots, perLotE8, facts.isMaker);
    account.position(market.index).updatedMs = this.nowMs;
    order.executedLots += facts.lots;
    assert(order.executedLots <= order.lots, 'an order fills no more than its size');
    order.costE8 += perLotE8 * BigInt(facts.lots);
    order.status = order.executedLots === order.lots ? 'FILLED' : 'PARTIALLY_FILLED';
    if (order.status === 'FILLED') account.close(order);
    account.keepTrade({
      tradeId: facts.tradeId,
      order,
      lots: facts.lots,
      priceTicks: facts.priceTicks,
      isMaker: facts.isMaker,
      feeE8: money.feeE8,
      realisedE8: money.realisedE8,
      timeMs: this.nowMs,
    });
    this.#emit(order, facts.exec, {
      lastLots: facts.lots,
      lastTicks: facts.priceTicks,
      tradeId: facts.tradeId,
      isMaker: facts.isMaker,
      ...money,
    });
  }

  /** Expires or shrinks resting reduce-only orders that the position no longer covers. */
  #knockOut(account: Account, market: Market): void {
    const orders = reduceOnlyOrders(account, market.index);
    if (orders.length === 0) return;
    const held = account.position(market.index).lots;
    orders.sort(byPriority);
    let free = Math.abs(held);
    for (const order of orders) {
      if (order.resting === null) continue;
      const isReducing = held !== 0 && Math.sign(held) !== order.request.side;
      if (!isReducing || free <= 0) {
        this.#endOpen(order, 'EXPIRED', ExpiryReason.ReduceOnly);
        continue;
      }
      const excess = order.remainingLots - free;
      if (excess > 0) {
        market.book.reduce(order.resting, excess);
        order.lots -= excess;
      }
      free -= order.remainingLots;
    }
  }

  #endOrder(order: AccountOrder, status: OrderStatus, exec: ExecType, reason: number): void {
    const market = this.#marketOf(order);
    this.begin(market);
    this.#endOpen(order, status, reason, exec);
    this.end(market);
  }

  #endOpen(
    order: AccountOrder,
    status: OrderStatus,
    reason: number,
    exec: ExecType = 'EXPIRED',
  ): void {
    assert(order.isOpen, 'only an open order ends');
    this.#unrest(this.#marketOf(order), order);
    order.status = status;
    order.expiryReason = reason;
    order.account.close(order);
    this.#report(order, exec);
  }

  #rest(
    market: Market,
    side: Side,
    priceTicks: number,
    lots: number,
    owner: AccountOrder | null,
  ): void {
    const resting = this.#free.pop() ?? new BookOrder<AccountOrder>();
    resting.side = side;
    resting.priceTicks = priceTicks;
    resting.lots = lots;
    resting.owner = owner;
    market.book.add(resting);
    if (owner !== null) owner.resting = resting;
  }

  #unrest(market: Market, order: AccountOrder): void {
    const resting = order.resting;
    if (resting === null) return;
    order.resting = null;
    market.book.remove(resting);
    this.#recycle(resting);
  }

  #recycle(order: MarketOrder): void {
    order.owner = null;
    this.#free.push(order);
  }

  #announce(market: Market, side: Side, priceTicks: number, lots: number, firstId: number): void {
    const trade = this.#trade;
    trade.aggId = market.nextAggId++;
    trade.priceTicks = priceTicks;
    trade.lots = lots;
    trade.firstTradeId = firstId;
    trade.lastTradeId = market.nextTradeId - 1;
    trade.isBuyerMaker = side === -1;
    this.sink.onTrade(market, trade, this.nowMs);
  }

  #report(order: AccountOrder, exec: ExecType): void {
    this.#emit(order, exec, NO_FILL);
  }

  #emit(
    order: AccountOrder,
    exec: ExecType,
    fill: Pick<
      Execution,
      'lastLots' | 'lastTicks' | 'tradeId' | 'isMaker' | 'feeE8' | 'realisedE8'
    >,
  ): void {
    order.updatedMs = this.nowMs;
    this.sink.onExecution({
      order,
      exec,
      status: order.status,
      executedLots: order.executedLots,
      totalLots: order.lots,
      priceTicks: order.priceTicks,
      costE8: order.costE8,
      expiryReason: order.expiryReason,
      timeMs: this.nowMs,
      ...fill,
    });
  }
}

function refused(code: number): Outcome {
  return { code, order: null };
}

function modifyCode(market: Market, order: AccountOrder, priceTicks: number, lots: number): number {
  const request = order.request;
  if (!order.isOpen) return Code.NoSuchOrder;
  if (order.modifyCount >= DEFAULTS.modifiesMax) return Code.TooManyModifies;
  if (priceTicks === order.priceTicks && lots === order.lots) return Code.NothingToModify;
  const code = priceCode(market, request.side, priceTicks) || lotsCode(market, lots, false);
  if (code !== Code.Ok) return code;
  const isTooSmall = !request.isReduceOnly && !hasMinNotional(market, priceTicks, lots);
  return isTooSmall ? Code.ModifyNotional : Code.Ok;
}

function isImmediate(timeInForce: string): boolean {
  return timeInForce === 'IOC' || timeInForce === 'FOK';
}

function limitOf(isMarketOrder: boolean, side: Side, priceTicks: number): number {
  if (!isMarketOrder) return priceTicks;
  return side === 1 ? Number.MAX_SAFE_INTEGER : 0;
}

/** True when lots of other participants within the limit cover the whole order. */
function canFill(market: Market, account: Account, request: OrderRequest, lots: number): boolean {
  const side = market.book.sideOf(request.side === 1 ? -1 : 1);
  let found = 0;
  for (let depth = 0; depth < side.levelCount; depth++) {
    const level = side.at(depth) as MarketLevel;
    if (request.side * (request.priceTicks - level.priceTicks) < 0) break;
    for (let order = level.head; order !== null; order = order.next) {
      if (order.owner === null || order.owner.account !== account) found += order.lots;
    }
    if (found >= lots) return true;
  }
  return false;
}

function reduceOnlyOrders(account: Account, marketIndex: number): AccountOrder[] {
  const found: AccountOrder[] = [];
  for (const order of account.open.values()) {
    const request = order.request;
    if (request.isReduceOnly && request.marketIndex === marketIndex) found.push(order);
  }
  return found;
}

/** Best price first, then the older order. */
function byPriority(a: AccountOrder, b: AccountOrder): number {
  const better = a.request.side * (b.priceTicks - a.priceTicks);
  return better !== 0 ? better : a.id - b.id;
}
