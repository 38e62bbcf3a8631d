/**
 * order-params: order requests as the wire carries them → what the core understands.
 *
 * Every refusal carries the venue's code: -1102 missing or malformed, -1111 too precise,
 * -4014/-4023 off the grid, -4120 conditional types, -4061/-1106 hedge-mode parameters.
 *
 * Imports   exchange/core, server/{params,venue-error}.
 */
import type { Market } from '../core/market.ts';
import { parseFixed } from '../core/money.ts';
import type { OrderRequest, OrderType, SelfTradeMode, TimeInForce } from '../core/orders.ts';
import type { Params } from './params.ts';
import { required, wholeNumber } from './params.ts';
import { missing, VenueError } from './venue-error.ts';

const CLIENT_ID = /^[.A-Z:/a-z0-9_-]{1,36}$/;
const TIMES_IN_FORCE = ['GTC', 'IOC', 'FOK', 'GTX', 'GTD'];
const SELF_TRADE_MODES = ['EXPIRE_MAKER', 'EXPIRE_TAKER', 'EXPIRE_BOTH'];
const CONDITIONAL = [
  'STOP',
  'STOP_MARKET',
  'TAKE_PROFIT',
  'TAKE_PROFIT_MARKET',
  'TRAILING_STOP_MARKET',
];
const GTD_MIN_AHEAD_MS = 600_000;

export interface OrderContext {
  /** Makes a client id for an order that names none. */
  makeClientId(): string;
  readonly wallNowMs: number;
  /** Simulation ms of a wall time. */
  simMs(wallMs: number): number;
}

export function sideParam(params: Params): 1 | -1 {
  const text = required(params, 'side');
  if (text === 'BUY') return 1;
  if (text === 'SELL') return -1;
  throw new VenueError(-1117);
}

export function lotsParam(market: Market, text: string): number {
  const units = parseFixed(text, market.spec.sizeDecimals);
  if (units === null) throw missing('quantity');
  if (Number.isNaN(units)) throw new VenueError(-1111);
  if (units <= 0) throw new VenueError(-4003);
  if (units % market.stepUnits !== 0) throw new VenueError(-4023);
  return units / market.stepUnits;
}

export function priceParam(market: Market, text: string): number {
  const units = parseFixed(text, market.spec.priceDecimals);
  if (units === null) throw missing('price');
  if (Number.isNaN(units)) throw new VenueError(-1111);
  if (units <= 0) throw new VenueError(-4001);
  if (units % market.tickUnits !== 0) throw new VenueError(-4014);
  return units / market.tickUnits;
}

function typeParam(params: Params): OrderType {
  const type = required(params, 'type');
  if (type === 'LIMIT' || type === 'MARKET') return type;
  throw new VenueError(CONDITIONAL.includes(type) ? -4120 : -1116);
}

function timeInForceParam(params: Params, type: OrderType): TimeInForce {
  if (type === 'MARKET') {
    if (params.has('timeInForce')) {
      throw new VenueError(-1106, "Parameter 'timeInForce' sent when not required.");
    }
    return 'IOC';
  }
  const text = required(params, 'timeInForce');
  if (!TIMES_IN_FORCE.includes(text)) throw new VenueError(-1115);
  return text as TimeInForce;
}

function clientIdParam(params: Params, context: OrderContext): string {
  const text = params.get('newClientOrderId');
  if (text === undefined || text === '') return context.makeClientId();
  if (!CLIENT_ID.test(text)) throw new VenueError(-4015);
  return text;
}

function selfTradeParam(params: Params): SelfTradeMode {
  const text = params.get('selfTradePreventionMode') ?? 'EXPIRE_MAKER';
  if (SELF_TRADE_MODES.includes(text)) return text as SelfTradeMode;
  throw new VenueError(-1130, "Data sent for parameter 'selfTradePreventionMode' is not valid.");
}

function flagParam(params: Params, name: string): boolean {
  const text = (params.get(name) ?? 'false').toLowerCase();
  if (text === 'true') return true;
  if (text === 'false') return false;
  throw new VenueError(-1130, `Data sent for parameter '${name}' is not valid.`);
}

/** GTD: at least ten minutes ahead; only whole seconds count. */
function goodTillParam(params: Params, timeInForce: TimeInForce, context: OrderContext): number {
  if (timeInForce !== 'GTD') return 0;
  const wallMs = wholeNumber(required(params, 'goodTillDate'), 'goodTillDate');
  if (wallMs <= context.wallNowMs + GTD_MIN_AHEAD_MS) {
    throw new VenueError(-1130, "Data sent for parameter 'goodTillDate' is not valid.");
  }
  return Math.floor(wallMs / 1000) * 1000;
}

export function orderRequest(market: Market, params: Params, context: OrderContext): OrderRequest {
  const positionSide = params.get('positionSide') ?? 'BOTH';
  if (positionSide !== 'BOTH') throw new VenueError(-4061);
  if ((params.get('priceMatch') ?? 'NONE') !== 'NONE') {
    throw new VenueError(-1130, 'priceMatch is not modelled by this exchange.');
  }
  const side = sideParam(params);
  const type = typeParam(params);
  const timeInForce = timeInForceParam(params, type);
  const lots = lotsParam(market, required(params, 'quantity'));
  if (type === 'MARKET' && params.has('price')) {
    throw new VenueError(-1106, "Parameter 'price' sent when not required.");
  }
  const priceTicks = type === 'MARKET' ? 0 : priceParam(market, required(params, 'price'));
  const goodTillDate = goodTillParam(params, timeInForce, context);
  return {
    marketIndex: market.index,
    side,
    type,
    timeInForce,
    priceTicks,
    lots,
    isReduceOnly: flagParam(params, 'reduceOnly'),
    clientId: clientIdParam(params, context),
    selfTradeMode: selfTradeParam(params),
    goodTillMs: goodTillDate === 0 ? Number.POSITIVE_INFINITY : context.simMs(goodTillDate),
    goodTillDate,
  };
}
