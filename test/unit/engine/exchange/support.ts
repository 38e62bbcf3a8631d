/**
 * support: a quiet exchange for the tests of this folder: one or two small instruments, no flow.
 *
 * TESTUSDT trades at 100.0 with ticks of 0.1 and lots of 0.001; a lot is worth 0.1 USDT there.
 *
 * Imports   engine/exchange, node:crypto.
 */
import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import type { Account, Execution } from '../../../../engine/exchange/core/account.ts';
import { ExchangeCore } from '../../../../engine/exchange/core/exchange-core.ts';
import type { SimInstrumentSpec } from '../../../../engine/exchange/core/instruments.ts';
import type { OrderRequest } from '../../../../engine/exchange/core/orders.ts';
import type { CoreSink } from '../../../../engine/exchange/core/sink.ts';
import { InProcessExchange } from '../../../../engine/exchange/server/in-process.ts';
import type { ServiceOptions } from '../../../../engine/exchange/server/service.ts';

export const TEST_SPEC: SimInstrumentSpec = {
  symbol: 'TESTUSDT',
  baseAsset: 'TEST',
  quoteAsset: 'USDT',
  tickE8: 10_000_000,
  stepE8: 100_000,
  priceDecimals: 1,
  sizeDecimals: 3,
  startPriceTicks: 1000,
  maxPriceTicks: 100_000,
  minLots: 1,
  maxLots: 1_000_000,
  maxMarketLots: 100_000,
  minNotionalE8: 500_000_000,
  maxOpenOrders: 20,
  flow: {
    volatility: 1,
    commonWeight: 0.5,
    activity: 1,
    spreadTicks: 1,
    touchNotional: 1000,
    imbalanceLean: 0.8,
    levelGapTicks: 1,
  },
};

export interface Bench {
  readonly core: ExchangeCore;
  readonly executions: Execution[];
  /** "x/X er" of everything since the last call, with the client id: "a1 TRADE/FILLED". */
  readonly seen: () => string[];
}

/** A core without flow that records executions. */
export function quietCore(sink: Partial<CoreSink> = {}): Bench {
  const executions: Execution[] = [];
  let read = 0;
  const core = new ExchangeCore(
    { hasFlow: false, instruments: [TEST_SPEC, { ...TEST_SPEC, symbol: 'NEXTUSDT' }] },
    {
      onTouch: () => {},
      onTrade: () => {},
      onDepth: () => {},
      onMark: () => {},
      onExecution: (execution) => executions.push(execution),
      ...sink,
    },
  );
  const seen = (): string[] => {
    const fresh = executions.slice(read);
    read = executions.length;
    return fresh.map((e) => {
      const reason = e.expiryReason === 0 ? '' : ` er${e.expiryReason}`;
      const fill = e.lastLots === 0 ? '' : ` ${e.lastLots}@${e.lastTicks}`;
      return `${e.order.clientId} ${e.exec}/${e.status}${fill}${reason}`;
    });
  };
  return { core, executions, seen };
}

/** A request with everything a plain GTC limit order needs. */
export function limit(
  clientId: string,
  side: 1 | -1,
  priceTicks: number,
  lots: number,
  more: Partial<OrderRequest> = {},
): OrderRequest {
  return {
    marketIndex: 0,
    side,
    type: 'LIMIT',
    timeInForce: 'GTC',
    priceTicks,
    lots,
    isReduceOnly: false,
    clientId,
    selfTradeMode: 'EXPIRE_MAKER',
    goodTillMs: Number.POSITIVE_INFINITY,
    goodTillDate: 0,
    ...more,
  };
}

export function marketOrder(
  clientId: string,
  side: 1 | -1,
  lots: number,
  more: Partial<OrderRequest> = {},
): OrderRequest {
  return limit(clientId, side, 0, lots, { type: 'MARKET', timeInForce: 'IOC', ...more });
}

/** Places and throws on a refusal. */
export function placed(core: ExchangeCore, account: Account, request: OrderRequest): void {
  const outcome = core.place(account, request);
  if (outcome.code !== 0) throw new Error(`${request.clientId} refused with ${outcome.code}`);
}

/** The Ed25519 key whose seed is the bytes 00..1f. */
export function testKey(): { privateKey: KeyObject; publicPem: string } {
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
  const seed = Buffer.from(Array.from({ length: 32 }, (_, i) => i));
  const der = Buffer.concat([prefix, seed]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const pem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' });
  return { privateKey, publicPem: pem.toString() };
}

/** Parameters with their Ed25519 signature, as a WebSocket request carries them. */
export function signedParams(
  params: Readonly<Record<string, string | number>>,
  privateKey: KeyObject,
): Record<string, string | number> {
  const names = Object.keys(params).toSorted();
  const payload = names.map((name) => `${name}=${params[name]}`).join('&');
  return { ...params, signature: sign(null, Buffer.from(payload), privateKey).toString('base64') };
}

export interface Desk {
  readonly exchange: InProcessExchange;
  /** Calls a method on a logged-on session and gives the parsed reply. */
  call(method: string, params?: Readonly<Record<string, unknown>>): Reply;
  /** User events since the last call. */
  events(): Record<string, unknown>[];
  /** "TRADE/FILLED" for order events, else the event type; since the last call. */
  sequence(): string[];
}

export interface Reply {
  readonly id: number;
  readonly status: number;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly msg: string };
  readonly rateLimits?: readonly Record<string, unknown>[];
}

/** A quiet exchange with the accounts `me` (logged on) and `other` (HMAC), in process. */
export function quietDesk(options: ServiceOptions = {}): Desk {
  const exchange = new InProcessExchange({
    hasFlow: false,
    instruments: [TEST_SPEC],
    startWallMs: 1_790_000_000_000,
    ...options,
  });
  const key = testKey();
  exchange.register({ apiKey: 'me', publicKeyPem: key.publicPem });
  exchange.register({ apiKey: 'other', secret: 'otherSecret' });
  const texts: string[] = [];
  exchange.onUser((text, account) => {
    if (account === 'me') texts.push(text);
  });
  let id = 0;
  const call = (method: string, params: Readonly<Record<string, unknown>> = {}): Reply => {
    const timed = { timestamp: exchange.wallNowMs, ...params };
    const reply = exchange.wsApi(JSON.stringify({ id: ++id, method, params: timed }));
    return JSON.parse(reply ?? '{"id":-1,"status":0}') as Reply;
  };
  const logon = signedParams({ apiKey: 'me', timestamp: exchange.wallNowMs }, key.privateKey);
  if (call('session.logon', logon).status !== 200) throw new Error('logon failed');
  const events = (): Record<string, unknown>[] => {
    exchange.drain();
    return texts.splice(0).map((text) => JSON.parse(text) as Record<string, unknown>);
  };
  const sequence = (): string[] => events().map(eventLabel);
  return { exchange, call, events, sequence };
}

export function eventLabel(event: Record<string, unknown>): string {
  if (event['e'] !== 'ORDER_TRADE_UPDATE') return String(event['e']);
  const order = event['o'] as Record<string, unknown>;
  const reason = order['er'] === '0' ? '' : ` er${String(order['er'])}`;
  return `${String(order['x'])}/${String(order['X'])}${reason}`;
}

/** An order of the account `other`, straight into the core. */
export function otherPlaces(desk: Desk, request: OrderRequest): void {
  const core = desk.exchange.service.core;
  const account = core.accounts.get('other');
  if (account === undefined) throw new Error('account other is missing');
  placed(core, account, request);
  desk.exchange.service.users.flush();
}
