/**
 * trading: what an authenticated key can do, transport left out: orders, queries, countdown.
 *
 * Every method returns the JSON text of the venue's `result` (REST: the body) or throws VenueError.
 *
 * Writer    ExchangeService. Imports exchange/core, server/*.
 */
import type { Account, AccountOrder } from '../core/account.ts';
import type { ExchangeCore } from '../core/exchange-core.ts';
import { Code } from '../core/filters.ts';
import type { Market } from '../core/market.ts';
import type { Faults } from './faults.ts';
import type { ApiKey } from './keys.ts';
import { lotsParam, orderRequest, priceParam, sideParam } from './order-params.ts';
import type { Params } from './params.ts';
import { required, wholeNumber } from './params.ts';
import { missing, VenueError } from './venue-error.ts';
import type { WireContext } from './wire-user.ts';
import { orderAckJson, orderQueryJson, tradeJson } from './wire-user.ts';

const FORGOTTEN_AFTER_MS = 3 * 86_400_000;

export class Trading {
  readonly #core: ExchangeCore;
  readonly #context: WireContext;
  readonly #faults: Faults;
  #madeIds = 0;

  constructor(core: ExchangeCore, context: WireContext, faults: Faults) {
    this.#core = core;
    this.#context = context;
    this.#faults = faults;
  }

  get #wallNowMs(): number {
    return this.#context.wallMs(this.#core.nowMs);
  }

  place(key: ApiKey, params: Params): string {
    const market = this.marketParam(params);
    const request = orderRequest(market, params, {
      makeClientId: () => `web_${(++this.#madeIds).toString(36).padStart(10, '0')}`,
      wallNowMs: this.#wallNowMs,
      simMs: (wallMs) => this.#core.nowMs + (wallMs - this.#wallNowMs),
    });
    const responseType = params.get('newOrderRespType') ?? 'ACK';
    if (responseType !== 'ACK' && responseType !== 'RESULT') {
      throw new VenueError(-1130, "Data sent for parameter 'newOrderRespType' is not valid.");
    }
    key.budget.spend(this.#wallNowMs);
    if (this.#faults.takeNext('rejectNext')) throw new VenueError(this.#faults.state.rejectCode);
    const outcome = this.#core.place(key.account, request);
    if (outcome.order === null) throw new VenueError(outcome.code);
    return orderAckJson(this.#context, outcome.order, responseType === 'ACK');
  }

  modify(key: ApiKey, params: Params): string {
    const market = this.marketParam(params);
    const side = sideParam(params);
    if (params.has('priceMatch') && params.has('price')) {
      throw new VenueError(-1106, "Parameter 'price' sent when not required.");
    }
    const lots = lotsParam(market, required(params, 'quantity'));
    const priceTicks = priceParam(market, required(params, 'price'));
    const order = this.findOrder(key.account, market, params, true);
    if (order.request.side !== side || order.request.type !== 'LIMIT') {
      throw new VenueError(-1117);
    }
    key.budget.spend(this.#wallNowMs);
    const modifyId = params.get('modifyId') ?? '';
    if (modifyId !== '' && !/^\d{1,19}$/.test(modifyId)) throw missing('modifyId');
    const outcome = this.#core.modify(order, priceTicks, lots, modifyId);
    if (outcome.order === null) throw new VenueError(outcome.code);
    return orderAckJson(this.#context, order, false);
  }

  cancel(key: ApiKey, params: Params): string {
    const market = this.marketParam(params);
    const order = this.findOrder(key.account, market, params, false);
    if (this.#core.cancel(order) !== Code.Ok) throw new VenueError(-2011);
    return orderAckJson(this.#context, order, false);
  }

  query(key: ApiKey, params: Params): string {
    const market = this.marketParam(params);
    const order = this.findOrder(key.account, market, params, true);
    return orderQueryJson(this.#context, order);
  }

  queryOpen(key: ApiKey, params: Params): string {
    const market = this.marketParam(params);
    const order = this.findOrder(key.account, market, params, true);
    if (!order.isOpen) throw new VenueError(-2013);
    return orderQueryJson(this.#context, order);
  }

  openOrders(key: ApiKey, params: Params): string {
    const market = params.has('symbol') ? this.marketParam(params) : null;
    const found: string[] = [];
    for (const order of key.account.open.values()) {
      if (market !== null && order.request.marketIndex !== market.index) continue;
      if (!this.#isHidden(order)) found.push(orderQueryJson(this.#context, order));
    }
    return `[${found.join(',')}]`;
  }

  cancelAll(key: ApiKey, params: Params): string {
    const market = this.marketParam(params);
    this.#core.cancelAll(key.account, market.index);
    return '{"code":200,"msg":"The operation of cancel all open order is done."}';
  }

  countdown(key: ApiKey, params: Params): string {
    const market = this.marketParam(params);
    const spanMs = wholeNumber(required(params, 'countdownTime'), 'countdownTime');
    if (spanMs < 0) throw missing('countdownTime');
    this.#core.setCountdown(key.account, market.index, spanMs);
    return `{"symbol":"${market.symbol}","countdownTime":"${spanMs}"}`;
  }

  userTrades(key: ApiKey, params: Params): string {
    const market = this.marketParam(params);
    const limit = params.has('limit') ? wholeNumber(required(params, 'limit'), 'limit') : 500;
    if (limit < 1 || limit > 1000) throw missing('limit');
    const fromId = params.has('fromId') ? wholeNumber(required(params, 'fromId'), 'fromId') : null;
    const startMs = params.has('startTime') ? Number(params.get('startTime')) : 0;
    const endMs = params.has('endTime') ? Number(params.get('endTime')) : Number.MAX_SAFE_INTEGER;
    const orderId = params.get('orderId');
    let found = key.account.trades.filter((trade) => {
      const wallMs = this.#context.wallMs(trade.timeMs);
      return (
        trade.order.request.marketIndex === market.index && wallMs >= startMs && wallMs <= endMs
      );
    });
    if (orderId !== undefined) {
      found = found.filter((trade) => trade.order.id === this.#plainId(orderId));
    }
    // From an id or a time onwards the oldest come first in line; otherwise the latest are wanted.
    if (fromId !== null) found = found.filter((trade) => trade.tradeId >= fromId).slice(0, limit);
    else if (params.has('startTime')) found = found.slice(0, limit);
    else found = found.slice(-limit);
    return `[${found.map((trade) => tradeJson(this.#context, trade)).join(',')}]`;
  }

  marketParam(params: Params): Market {
    const market = this.#core.marketOf(required(params, 'symbol'));
    if (market === null) throw new VenueError(-1121);
    return market;
  }

  /** By orderId, else by origClientOrderId; `isQuery` decides between -2013 and -2011. */
  findOrder(account: Account, market: Market, params: Params, isQuery: boolean): AccountOrder {
    const code = isQuery ? -2013 : -2011;
    const idText = params.get('orderId');
    const clientId = params.get('origClientOrderId');
    let order: AccountOrder | undefined;
    if (idText !== undefined && idText !== '') order = account.orders.get(this.#plainId(idText));
    else if (clientId !== undefined && clientId !== '') {
      order = account.openByClientId.get(clientId) ?? account.latestByClientId.get(clientId);
    } else throw missing('orderId or origClientOrderId');
    if (order === undefined || order.request.marketIndex !== market.index) {
      throw new VenueError(code);
    }
    if (isQuery && (this.#isHidden(order) || this.#isForgotten(order))) throw new VenueError(-2013);
    return order;
  }

  #plainId(text: string): number {
    if (!/^\d{1,20}$/.test(text)) throw missing('orderId');
    return Number(BigInt(text) - this.#context.orderIdBase);
  }

  #isHidden(order: AccountOrder): boolean {
    return this.#core.nowMs - order.createdMs < this.#faults.state.hideOrdersMs;
  }

  /** The venue forgets cancelled or expired orders without fills after three days. */
  #isForgotten(order: AccountOrder): boolean {
    if (order.isOpen || order.executedLots > 0) return false;
    return this.#core.nowMs - order.createdMs > FORGOTTEN_AFTER_MS;
  }
}
