/**
 * sim-admin: what only a simulated exchange has: registration, faults, liquidation, the truth.
 *
 * POST /sim/register · POST /sim/faults · POST /sim/liquidate · GET /sim/state
 *
 * Imports   exchange/core, server/*.
 */
import { accountTruthJson } from './account-json.ts';
import { checkedRegistration } from './keys.ts';
import type { RestRequest } from './rest-types.ts';
import type { ExchangeService } from './service.ts';
import { VenueError } from './venue-error.ts';

/** Body of the answer; null when the path is not ours. */
export function simRoute(service: ExchangeService, request: RestRequest): string | null {
  if (!request.path.startsWith('/sim/')) return null;
  switch (`${request.method} ${request.path}`) {
    case 'POST /sim/register': {
      const key = service.register(checkedRegistration(jsonBody(request)));
      return (
        `{"apiKey":"${key.apiKey}","account":"${key.account.id}"` +
        `,"key":"${key.credential.kind}","serverTime":${service.wallNowMs}}`
      );
    }
    case 'POST /sim/faults':
      service.setFaults(jsonBody(request));
      return JSON.stringify(service.faults.state);
    case 'GET /sim/faults':
      return JSON.stringify(service.faults.state);
    case 'POST /sim/liquidate':
      return liquidate(service, jsonBody(request));
    case 'GET /sim/state':
      return stateJson(service);
    default:
      throw new VenueError(-1000, `no such simulation route: ${request.method} ${request.path}`);
  }
}

function jsonBody(request: RestRequest): unknown {
  try {
    return JSON.parse(request.body);
  } catch {
    throw new VenueError(-1130, 'the body is not JSON');
  }
}

function liquidate(service: ExchangeService, value: unknown): string {
  const { account: name, symbol } = (value ?? {}) as Record<string, unknown>;
  const account = service.core.accounts.get(String(name));
  const market = service.core.marketOf(String(symbol));
  if (account === undefined || market === null) {
    throw new VenueError(-1130, 'liquidate needs a known account and symbol');
  }
  const order = service.core.liquidate(account, market.index);
  service.users.flush();
  return `{"closed":${order !== null}}`;
}

export function stateJson(service: ExchangeService): string {
  const accounts = [...service.core.accounts.values()].map((account) =>
    accountTruthJson(service.context, service.core, account),
  );
  const streams = JSON.stringify(Object.fromEntries(service.hub.sentByStream));
  const classes = { ...service.hub.sentByClass, private: service.users.sentCount };
  return (
    `{"seed":${service.seed},"messagesPerSecond":${service.messagesPerSecond}` +
    `,"simMs":${Math.floor(service.nowMs)},"serverTime":${service.wallNowMs}` +
    `,"accounts":[${accounts.join(',')}],"messages":${JSON.stringify(classes)}` +
    `,"streams":${streams},"sockets":${JSON.stringify(service.socketCounters())}` +
    `,"faults":${JSON.stringify(service.faults.state)}}`
  );
}
