/**
 * exchange-requests: whatever is sent, the exchange answers once, in JSON, and keeps its books.
 *
 * Imports   fast-check, engine/exchange.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { quietDesk } from '../unit/engine/exchange/support.ts';

const METHODS = [
  'order.place',
  'order.modify',
  'order.cancel',
  'order.status',
  'v2/account.position',
  'account.balance',
  'depth',
  'userDataStream.ping',
  'session.status',
  'no.such.method',
];

const odd = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom('TESTUSDT', 'BUY', 'SELL', 'LIMIT', 'MARKET', 'GTC', 'GTX', 'IOC', 'true'),
  fc.constantFrom('0', '-1', '1e9', '100.0', '0.1', '99999999999999999999', 'NaN', '१००'),
  fc.array(fc.string(), { maxLength: 2 }),
);

const params = fc.record(
  {
    symbol: fc.oneof({ weight: 4, arbitrary: fc.constant('TESTUSDT') }, odd),
    side: fc.oneof({ weight: 4, arbitrary: fc.constantFrom('BUY', 'SELL') }, odd),
    type: fc.oneof({ weight: 4, arbitrary: fc.constantFrom('LIMIT', 'MARKET') }, odd),
    timeInForce: fc.oneof({ weight: 4, arbitrary: fc.constantFrom('GTC', 'GTX', 'FOK') }, odd),
    quantity: fc.oneof({ weight: 4, arbitrary: fc.constantFrom('0.1', '1', '5') }, odd),
    price: fc.oneof({ weight: 4, arbitrary: fc.constantFrom('99.9', '100.0', '100.1') }, odd),
    newClientOrderId: odd,
    origClientOrderId: odd,
    orderId: odd,
    reduceOnly: odd,
    goodTillDate: odd,
    modifyId: odd,
    limit: odd,
    recvWindow: fc.oneof({ weight: 8, arbitrary: fc.constant(5000) }, odd),
    apiKey: odd,
    signature: odd,
  },
  { requiredKeys: ['symbol', 'side', 'type', 'quantity', 'price'] },
);

describe('exchange, any request', () => {
  it('answers every text once with JSON', () => {
    const desk = quietDesk({ rateLimits: { weightPerMinute: 1e9 } });
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const reply = desk.exchange.wsApi(text);
        assert.ok(reply !== null);
        const { status, error } = JSON.parse(reply) as { status: number; error?: unknown };
        assert.ok(status >= 400 && error !== undefined);
      }),
      { numRuns: 500, seed: 20_261_124 },
    );
  });

  it('answers every shape of parameters, and the account stays exact', () => {
    const desk = quietDesk({
      rateLimits: { weightPerMinute: 1e9, ordersPer10s: 1e9, ordersPerMinute: 1e9 },
    });
    const account = desk.exchange.service.core.accounts.get('me');
    assert.ok(account !== undefined);
    const statuses = new Map<number, number>();
    fc.assert(
      fc.property(fc.constantFrom(...METHODS), params, (method, item) => {
        const { apiKey, signature, ...rest } = item;
        // Mostly on the logged-on session, now and then with a strange key.
        const sent = apiKey === null ? { ...rest, apiKey, signature } : rest;
        const { status } = desk.call(method, sent);
        assert.ok([200, 400, 401, 429].includes(status), `${method} ${status}`);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        assert.ok(account.isBalanced());
        desk.exchange.advanceTo(desk.exchange.nowMs + 1);
      }),
      { numRuns: 1500, seed: 20_261_125 },
    );
    assert.ok((statuses.get(200) ?? 0) > 50, 'some requests are good');
  });

  it('answers every URL', () => {
    const desk = quietDesk();
    fc.assert(
      fc.property(
        fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH'),
        fc.oneof(fc.webPath(), fc.constantFrom('/fapi/v1/order', '/fapi/v1/depth', '/sim/faults')),
        fc.oneof(fc.webQueryParameters(), fc.string()),
        fc.oneof(fc.string(), fc.json()),
        (method, path, query, body) => {
          const headers = { 'x-mbx-apikey': 'other' };
          const reply = desk.exchange.rest(method, `${path}?${query}`, headers, body);
          assert.ok(reply !== null);
          JSON.parse(reply.body);
        },
      ),
      { numRuns: 500, seed: 20_261_126 },
    );
  });
});
