/**
 * rest: the HTTP interface as a function from request to response; sockets are elsewhere.
 *
 * Writer    ExchangeService's thread. Imports server/*.
 */
import {
  ACCOUNT_CONFIG_JSON,
  accountJson,
  balanceJson,
  commissionJson,
  positionsJson,
  symbolConfigJson,
} from './account-json.ts';
import { checkTime, isSignatureGood, restPayload } from './auth.ts';
import { exchangeInfoJson } from './exchange-info.ts';
import type { ApiKey } from './keys.ts';
import type { Params } from './params.ts';
import { paramsOfQuery } from './params.ts';
import { limitJson, spendWeight } from './rate-limits.ts';
import { depthLimit, depthWeight } from './rest-market.ts';
import type { RestRequest, RestResponse } from './rest-types.ts';
import type { ExchangeService } from './service.ts';
import { simRoute } from './sim-admin.ts';
import { VenueError } from './venue-error.ts';
import { listenKeyJson } from './ws-api.ts';

interface Route {
  readonly weight: (params: Params) => number;
  readonly access: 'none' | 'key' | 'signed';
  readonly isOrder?: true;
  readonly run: (service: ExchangeService, params: Params, key: ApiKey) => string;
}

const JSON_HEADERS = { 'content-type': 'application/json;charset=UTF-8' };

/** Answers one request; `deliver` is called once, or never when the reply is lost. */
export function handleRest(
  service: ExchangeService,
  request: RestRequest,
  deliver: (response: RestResponse) => void,
): void {
  let key: ApiKey | null = null;
  const answer = (response: RestResponse): void => deliver(withCounters(service, key, response));
  try {
    const admin = simRoute(service, request);
    if (admin !== null) {
      deliver({ status: 200, headers: JSON_HEADERS, body: admin });
      return;
    }
    const route = ROUTES.get(`${request.method} ${request.path}`);
    if (route === undefined) {
      deliver({
        status: 404,
        headers: JSON_HEADERS,
        body: '{"code":-5000,"msg":"Path is invalid."}',
      });
      return;
    }
    const params = paramsOfQuery(request.query, request.body);
    service.checkLimited();
    spendWeight(service.restWeight, route.weight(params), service.wallNowMs);
    if (route.isOrder === true) spendWeight(service.wsWeight, 1, service.wallNowMs);
    key = authorize(service, route, request, params);
    runRoute(service, { route, params, key, request }, answer);
  } catch (error) {
    answer(refusal(error));
  }
}

interface Call {
  readonly route: Route;
  readonly params: Params;
  readonly key: ApiKey | null;
  readonly request: RestRequest;
}

function runRoute(
  service: ExchangeService,
  call: Call,
  answer: (response: RestResponse) => void,
): void {
  const { route, params, key } = call;
  const run = (): RestResponse => {
    try {
      if (route.isOrder === true) checkTime(params, service.wallNowMs, -5028);
      const body = route.run(service, params, key as ApiKey);
      return { status: 200, headers: JSON_HEADERS, body };
    } catch (error) {
      return refusal(error);
    }
  };
  if (route.isOrder === true) {
    const isPlace = call.request.method === 'POST';
    service.perform(() => maybeLost(service, isPlace, run()), answer);
  } else answer(run());
}

function maybeLost(
  service: ExchangeService,
  isPlace: boolean,
  response: RestResponse,
): RestResponse | null {
  if (!isPlace || response.status !== 200) return response;
  if (!service.faults.takeNext('loseAckNext')) return response;
  if (service.faults.state.loseAckAs === 'silent') return null;
  if (service.faults.state.loseAckAs === '-1007') return refusal(new VenueError(-1007));
  const text = 'Unknown error, please check your request or try again later.';
  return { status: 503, headers: JSON_HEADERS, body: `{"code":-1000,"msg":"${text}"}` };
}

function authorize(
  service: ExchangeService,
  route: Route,
  request: RestRequest,
  params: Params,
): ApiKey | null {
  if (route.access === 'none') return null;
  const key = service.keys.find(request.headers['x-mbx-apikey']);
  if (route.access === 'key') return key;
  const signed = restPayload(request.query, request.body);
  if (signed === null) throw new VenueError(-1102, "Mandatory parameter 'signature' was not sent.");
  checkTime(params, service.wallNowMs, -1021);
  if (!isSignatureGood(key.credential, signed.payload, signed.signature)) {
    throw new VenueError(-1022);
  }
  return key;
}

function refusal(error: unknown): RestResponse {
  if (!(error instanceof VenueError)) throw error;
  const headers: Record<string, string> = { ...JSON_HEADERS };
  if (error.retryAfterS > 0) headers['retry-after'] = String(error.retryAfterS);
  return { status: error.status, headers, body: error.json };
}

function withCounters(
  service: ExchangeService,
  key: ApiKey | null,
  response: RestResponse,
): RestResponse {
  const wallMs = service.wallNowMs;
  const headers: Record<string, string> = {
    ...response.headers,
    'x-mbx-used-weight-1m': String(service.restWeight.count(wallMs)),
  };
  if (key !== null) {
    headers['x-mbx-order-count-10s'] = String(key.budget.tenSeconds.count(wallMs));
    headers['x-mbx-order-count-1m'] = String(key.budget.minute.count(wallMs));
  }
  return { ...response, headers };
}

const weigh = (weight: number) => (): number => weight;

const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['GET /fapi/v1/ping', open(1, () => '{}')],
  ['GET /fapi/v1/time', open(1, (service) => `{"serverTime":${service.wallNowMs}}`)],
  [
    'GET /fapi/v1/exchangeInfo',
    open(1, (service) => exchangeInfoJson(service.core.markets, service.limits, service.wallNowMs)),
  ],
  [
    'GET /fapi/v1/depth',
    {
      weight: depthWeight,
      access: 'none',
      run: (service, params) =>
        service.snapshot(service.trading.marketParam(params), depthLimit(params)),
    },
  ],
  ['GET /fapi/v1/premiumIndex', open(1, premiumIndexJson)],
  [
    'POST /fapi/v1/listenKey',
    keyed((service, key) => listenKeyJson(service.users.openKey(key.account))),
  ],
  [
    'PUT /fapi/v1/listenKey',
    keyed((service, key) => listenKeyJson(service.users.keepKey(key.account))),
  ],
  [
    'DELETE /fapi/v1/listenKey',
    keyed((service, key) => {
      service.users.closeKey(key.account);
      return '{}';
    }),
  ],
  ['POST /fapi/v1/order', order(0, (service, params, key) => service.trading.place(key, params))],
  ['PUT /fapi/v1/order', order(1, (service, params, key) => service.trading.modify(key, params))],
  [
    'DELETE /fapi/v1/order',
    order(1, (service, params, key) => service.trading.cancel(key, params)),
  ],
  ['GET /fapi/v1/order', signed(1, (service, params, key) => service.trading.query(key, params))],
  [
    'GET /fapi/v1/openOrder',
    signed(1, (service, params, key) => service.trading.queryOpen(key, params)),
  ],
  [
    'GET /fapi/v1/openOrders',
    {
      weight: (params) => (params.has('symbol') ? 1 : 40),
      access: 'signed',
      run: (service, params, key) => service.trading.openOrders(key, params),
    },
  ],
  [
    'DELETE /fapi/v1/allOpenOrders',
    order(1, (service, params, key) => service.trading.cancelAll(key, params)),
  ],
  [
    'POST /fapi/v1/countdownCancelAll',
    signed(10, (service, params, key) => service.trading.countdown(key, params)),
  ],
  [
    'GET /fapi/v1/userTrades',
    signed(5, (service, params, key) => service.trading.userTrades(key, params)),
  ],
  ['GET /fapi/v1/positionSide/dual', signed(30, () => '{"dualSidePosition":false}')],
  ['POST /fapi/v1/positionSide/dual', signed(1, setPositionSide)],
  ['GET /fapi/v1/accountConfig', signed(5, () => ACCOUNT_CONFIG_JSON)],
  ['GET /fapi/v1/symbolConfig', signed(5, symbolConfig)],
  [
    'GET /fapi/v1/commissionRate',
    signed(20, (service, params, key) =>
      commissionJson(key.account, service.trading.marketParam(params)),
    ),
  ],
  ['GET /fapi/v1/rateLimit/order', signed(1, orderLimits)],
  [
    'GET /fapi/v3/account',
    signed(5, (service, _params, key) => accountJson(service.context, key.account)),
  ],
  [
    'GET /fapi/v3/balance',
    signed(5, (service, _params, key) => balanceJson(service.context, key.account)),
  ],
  ['GET /fapi/v3/positionRisk', signed(5, positionRisk)],
]);

function open(weight: number, run: (service: ExchangeService, params: Params) => string): Route {
  return { weight: weigh(weight), access: 'none', run };
}

function keyed(run: (service: ExchangeService, key: ApiKey) => string): Route {
  return { weight: weigh(1), access: 'key', run: (service, _params, key) => run(service, key) };
}

function signed(weight: number, run: Route['run']): Route {
  return { weight: weigh(weight), access: 'signed', run };
}

function order(weight: number, run: Route['run']): Route {
  return { weight: weigh(weight), access: 'signed', isOrder: true, run };
}

function positionRisk(service: ExchangeService, params: Params, key: ApiKey): string {
  const market = params.has('symbol') ? service.trading.marketParam(params) : null;
  return positionsJson(service.context, key.account, market);
}

function symbolConfig(service: ExchangeService, params: Params, key: ApiKey): string {
  const market = params.has('symbol') ? service.trading.marketParam(params) : null;
  return symbolConfigJson(service.context, key.account, market);
}

/** One-way mode is the only mode here. */
function setPositionSide(_service: ExchangeService, params: Params): string {
  const wanted = params.get('dualSidePosition');
  if (wanted === 'false') throw new VenueError(-4059);
  throw new VenueError(-1130, 'hedge mode is not modelled by this exchange.');
}

function orderLimits(service: ExchangeService, _params: Params, key: ApiKey): string {
  const wallMs = service.wallNowMs;
  return (
    `[${limitJson('ORDERS', 'SECOND', key.budget.tenSeconds, wallMs)}` +
    `,${limitJson('ORDERS', 'MINUTE', key.budget.minute, wallMs)}]`
  );
}

function premiumIndexJson(service: ExchangeService, params: Params): string {
  const market = service.trading.marketParam(params);
  const mark = market.fineText(market.markTicks);
  const index = market.fineText(market.indexTicks);
  return (
    `{"symbol":"${market.symbol}","markPrice":"${mark}","indexPrice":"${index}"` +
    `,"estimatedSettlePrice":"${index}","lastFundingRate":"0.00000000"` +
    `,"interestRate":"0.00000000"` +
    `,"nextFundingTime":0,"time":${service.wallNowMs}}`
  );
}
