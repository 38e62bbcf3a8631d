/**
 * ws-api: one connection to the trading WebSocket API.
 *
 * Requests are {id, method, params}; replies echo the id verbatim and may come in any order. After
 * session.logon (Ed25519 only) the key and the signature may be left out; the timestamp may not.
 *
 * Writer    ExchangeService's thread. Imports server/*.
 */
import { accountJson, balanceJson, positionsJson } from './account-json.ts';
import { checkTime, isSignatureGood, wsPayload } from './auth.ts';
import type { ApiKey } from './keys.ts';
import type { Params } from './params.ts';
import { paramsOfObject, parseJsonRaw, RawNumber, required } from './params.ts';
import { limitJson, spendWeight } from './rate-limits.ts';
import { depthLimit, depthWeight } from './rest-market.ts';
import type { ExchangeService } from './service.ts';
import { VenueError } from './venue-error.ts';

type Deliver = (reply: string) => void;

interface Request {
  readonly idText: string;
  readonly method: string;
  readonly params: Params;
}

interface Reply {
  readonly status: number;
  /** `"result":…` or `"error":…`. */
  readonly body: string;
}

interface Method {
  readonly weight: (params: Params) => number;
  readonly access: 'none' | 'key' | 'signed';
  /** Orders pass the matching engine: latency, the second time check, order counters. */
  readonly isOrder?: true;
  readonly run: (session: WsApiSession, params: Params, key: ApiKey | null) => string;
}

const KEEP_OPEN = '{}';

export class WsApiSession {
  readonly service: ExchangeService;
  readonly #showLimits: boolean;
  readonly #connectedMs: number;
  #key: ApiKey | null = null;
  #authorizedMs = 0;

  constructor(service: ExchangeService, showLimits = true) {
    this.service = service;
    this.#showLimits = showLimits;
    this.#connectedMs = service.wallNowMs;
  }

  /** Answers one text frame; `deliver` is called once, or never when the reply is lost. */
  handle(text: string, deliver: Deliver): void {
    let request: Request;
    try {
      request = parseRequest(text);
    } catch (error) {
      deliver(this.#text('null', null, refusal(error)));
      return;
    }
    const answer = (reply: Reply): void => {
      deliver(this.#text(request.idText, this.#keyOf(request.params), reply));
    };
    try {
      this.#dispatch(request, answer);
    } catch (error) {
      answer(refusal(error));
    }
  }

  #dispatch(request: Request, answer: (reply: Reply) => void): void {
    const service = this.service;
    const method = METHODS.get(request.method);
    if (method === undefined) {
      throw new VenueError(-1000, `Unknown method '${request.method}'.`);
    }
    service.checkLimited();
    spendWeight(service.wsWeight, method.weight(request.params), service.wallNowMs);
    const key = this.#authorize(method, request.params);
    const run = (): Reply => {
      try {
        if (method.isOrder === true) checkTime(request.params, service.wallNowMs, -5028);
        return { status: 200, body: `"result":${method.run(this, request.params, key)}` };
      } catch (error) {
        return refusal(error);
      }
    };
    if (method.isOrder === true) {
      service.perform(() => this.#maybeLost(request.method, run()), answer);
    } else answer(run());
  }

  /** The order lives; what the sender learns of it is the fault's choice. */
  #maybeLost(method: string, reply: Reply): Reply | null {
    const faults = this.service.faults;
    if (method !== 'order.place' || reply.status !== 200) return reply;
    if (!faults.takeNext('loseAckNext')) return reply;
    if (faults.state.loseAckAs === 'silent') return null;
    if (faults.state.loseAckAs === '503') {
      const text = 'Unknown error, please check your request or try again later.';
      return { status: 503, body: `"error":{"code":-1000,"msg":"${text}"}` };
    }
    return refusal(new VenueError(-1007));
  }

  #authorize(method: Method, params: Params): ApiKey | null {
    if (method.access === 'none') return null;
    const service = this.service;
    const named = params.get('apiKey');
    if (method.access === 'key') {
      return named === undefined && this.#key !== null ? this.#key : service.keys.find(named);
    }
    if (named === undefined && this.#key !== null) {
      checkTime(params, service.wallNowMs, -1021);
      return this.#key;
    }
    const key = service.keys.find(named);
    const signature = required(params, 'signature');
    checkTime(params, service.wallNowMs, -1021);
    if (!isSignatureGood(key.credential, wsPayload(params), signature)) throw new VenueError(-1022);
    return key;
  }

  #keyOf(params: Params): ApiKey | null {
    const named = params.get('apiKey');
    if (named === undefined) return this.#key;
    try {
      return this.service.keys.find(named);
    } catch {
      return null;
    }
  }

  logon(key: ApiKey): string {
    if (key.credential.kind !== 'ed25519') {
      throw new VenueError(-4056, 'Only Ed25519 keys are supported for session.logon.');
    }
    this.#key = key;
    this.#authorizedMs = this.service.wallNowMs;
    return this.statusJson();
  }

  logout(): string {
    this.#key = null;
    this.#authorizedMs = 0;
    return this.statusJson();
  }

  statusJson(): string {
    const key = this.#key === null ? 'null' : JSON.stringify(this.#key.apiKey);
    const since = this.#key === null ? 'null' : String(this.#authorizedMs);
    return (
      `{"apiKey":${key},"authorizedSince":${since},"connectedSince":${this.#connectedMs}` +
      `,"returnRateLimits":${this.#showLimits},"serverTime":${this.service.wallNowMs}}`
    );
  }

  #text(idText: string, key: ApiKey | null, reply: Reply): string {
    const limits = this.#showLimits ? `,"rateLimits":[${this.#limitsJson(key)}]` : '';
    return `{"id":${idText},"status":${reply.status},${reply.body}${limits}}`;
  }

  #limitsJson(key: ApiKey | null): string {
    const wallMs = this.service.wallNowMs;
    const weight = limitJson('REQUEST_WEIGHT', 'MINUTE', this.service.wsWeight, wallMs);
    if (key === null) return weight;
    return (
      limitJson('ORDERS', 'SECOND', key.budget.tenSeconds, wallMs) +
      `,${limitJson('ORDERS', 'MINUTE', key.budget.minute, wallMs)},${weight}`
    );
  }
}

function refusal(error: unknown): Reply {
  if (!(error instanceof VenueError)) throw error;
  return { status: error.status, body: `"error":${error.json}` };
}

function parseRequest(text: string): Request {
  let value: unknown;
  try {
    value = parseJsonRaw(text);
  } catch {
    throw new VenueError(-1000, 'Invalid JSON in the request.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new VenueError(-1000, 'The request must be a JSON object.');
  }
  const { id, method, params } = value as Record<string, unknown>;
  if (typeof method !== 'string') throw new VenueError(-1102, "Parameter 'method' is mandatory.");
  return { idText: idText(id), method, params: paramsOfObject(params) };
}

function idText(id: unknown): string {
  if (id instanceof RawNumber) return id.text;
  if (typeof id === 'string') return JSON.stringify(id);
  return 'null';
}

const one = (): number => 1;
const five = (): number => 5;

/** Registered names; `key` is never null where access is not 'none'. */
const METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['ping', { weight: one, access: 'none', run: () => KEEP_OPEN }],
  [
    'time',
    {
      weight: one,
      access: 'none',
      run: (session) => `{"serverTime":${session.service.wallNowMs}}`,
    },
  ],
  [
    'depth',
    {
      weight: depthWeight,
      access: 'none',
      run: ({ service }, params) =>
        service.snapshot(service.trading.marketParam(params), depthLimit(params)),
    },
  ],
  [
    'session.logon',
    {
      weight: () => 2,
      access: 'signed',
      run: (session, _params, key) => session.logon(key as ApiKey),
    },
  ],
  ['session.status', { weight: () => 2, access: 'none', run: (session) => session.statusJson() }],
  ['session.logout', { weight: () => 2, access: 'none', run: (session) => session.logout() }],
  [
    'order.place',
    orderMethod(
      () => 0,
      ({ service }, params, key) => service.trading.place(key as ApiKey, params),
    ),
  ],
  [
    'order.modify',
    orderMethod(one, ({ service }, params, key) => service.trading.modify(key as ApiKey, params)),
  ],
  [
    'order.cancel',
    orderMethod(one, ({ service }, params, key) => service.trading.cancel(key as ApiKey, params)),
  ],
  [
    'order.status',
    signed(one, ({ service }, params, key) => service.trading.query(key as ApiKey, params)),
  ],
  ...both('account.position', ({ service }, params, key) => {
    const market = params.has('symbol') ? service.trading.marketParam(params) : null;
    return positionsJson(service.context, (key as ApiKey).account, market);
  }),
  ...both('account.balance', ({ service }, _params, key) =>
    balanceJson(service.context, (key as ApiKey).account),
  ),
  ...both('account.status', ({ service }, _params, key) =>
    accountJson(service.context, (key as ApiKey).account),
  ),
  [
    'userDataStream.start',
    keyed((service, key) => listenKeyJson(service.users.openKey(key.account))),
  ],
  [
    'userDataStream.ping',
    keyed((service, key) => listenKeyJson(service.users.keepKey(key.account))),
  ],
  [
    'userDataStream.stop',
    keyed((service, key) => {
      service.users.closeKey(key.account);
      return '{}';
    }),
  ],
]);

function orderMethod(weight: Method['weight'], run: Method['run']): Method {
  return { weight, access: 'signed', isOrder: true, run };
}

function signed(weight: Method['weight'], run: Method['run']): Method {
  return { weight, access: 'signed', run };
}

/** The plain and the v2 name of one method. */
function both(name: string, run: Method['run']): [string, Method][] {
  const method = signed(five, run);
  return [
    [name, method],
    [`v2/${name}`, method],
  ];
}

function keyed(run: (service: ExchangeService, key: ApiKey) => string): Method {
  return {
    weight: one,
    access: 'key',
    run: (session, _params, key) => run(session.service, key as ApiKey),
  };
}

export function listenKeyJson(listenKey: string): string {
  return `{"listenKey":"${listenKey}"}`;
}
