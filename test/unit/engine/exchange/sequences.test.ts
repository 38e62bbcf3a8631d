/** sequences: what arrives on the wire in each documented case, and the errors of the protocol. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import type { Desk } from './support.ts';
import { limit, otherPlaces, quietDesk } from './support.ts';

const ORDER = {
  symbol: 'TESTUSDT',
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity: '0.100',
  price: '100.0',
  newClientOrderId: 'mine-1',
};

function makerAsk(desk: Desk, priceTicks: number, lots: number): void {
  otherPlaces(desk, limit(`ask${priceTicks}`, -1, priceTicks, lots));
}

function makerBid(desk: Desk, priceTicks: number, lots: number): void {
  otherPlaces(desk, limit(`bid${priceTicks}`, 1, priceTicks, lots));
}

describe('documented sequences', () => {
  it('accepted and resting: reply NEW, then one NEW event, no account update', () => {
    const desk = quietDesk();
    const reply = desk.call('order.place', ORDER);
    assert.equal(reply.status, 200);
    assert.equal(reply.result?.['status'], 'NEW');
    for (const gone of ['avgPrice', 'cumQuote', 'cumBase']) {
      assert.ok(!Object.hasOwn(reply.result, gone), gone);
    }
    assert.deepEqual(desk.sequence(), ['NEW/NEW']);
  });

  it('each fill: order event, trade-lite and account update, once per trade id', () => {
    const desk = quietDesk();
    makerAsk(desk, 1000, 60);
    makerAsk(desk, 1001, 60);
    desk.call('order.place', { ...ORDER, price: '100.1' });
    const events = desk.events();
    const trades = events.filter((e) => e['e'] === 'ORDER_TRADE_UPDATE').slice(1);
    assert.deepEqual(
      events.map((e) => e['e']),
      [
        'ORDER_TRADE_UPDATE',
        'ORDER_TRADE_UPDATE',
        'TRADE_LITE',
        'ACCOUNT_UPDATE',
        'ORDER_TRADE_UPDATE',
        'TRADE_LITE',
        'ACCOUNT_UPDATE',
      ],
    );
    const facts = trades.map((e) => e['o'] as Record<string, unknown>);
    assert.deepEqual(
      facts.map((o) => [o['X'], o['l'], o['L'], o['z'], o['n'], o['N'], o['m'], o['rp']]),
      [
        ['PARTIALLY_FILLED', '0.060', '100.0', '0.060', '0.00060000', 'USDT', false, '0'],
        ['FILLED', '0.040', '100.1', '0.100', '0.00040040', 'USDT', false, '0'],
      ],
    );
    assert.notEqual(facts[0]?.['t'], facts[1]?.['t']);
  });

  it('account update: wallet moves by realised less fee, position signed with entry', () => {
    const desk = quietDesk();
    makerBid(desk, 1000, 100);
    desk.call('order.place', { ...ORDER, side: 'SELL' });
    const update = desk.events().find((e) => e['e'] === 'ACCOUNT_UPDATE')?.['a'] as {
      m: string;
      B: { wb: string; bc: string }[];
      P: { pa: string; ep: string; mt: string; ps: string }[];
    };
    assert.equal(update.m, 'ORDER');
    assert.deepEqual([update.B[0]?.wb, update.B[0]?.bc], ['99999.99900000', '0']);
    assert.deepEqual(
      [update.P[0]?.pa, update.P[0]?.ep, update.P[0]?.mt, update.P[0]?.ps],
      ['-0.100', '100', 'cross', 'BOTH'],
    );
  });

  it('cancel: reply CANCELED, event CANCELED with the final quantity; again -2011', () => {
    const desk = quietDesk();
    desk.call('order.place', ORDER);
    desk.events();
    const which = { symbol: 'TESTUSDT', origClientOrderId: 'mine-1' };
    assert.equal(desk.call('order.cancel', which).result?.['status'], 'CANCELED');
    assert.deepEqual(desk.sequence(), ['CANCELED/CANCELED']);
    assert.equal(desk.call('order.cancel', which).error?.code, -2011);
    assert.equal(desk.call('order.status', which).result?.['status'], 'CANCELED');
  });

  it('IOC and MARKET rests expire with reasons 2 and 9', () => {
    const desk = quietDesk();
    makerAsk(desk, 1000, 60);
    desk.call('order.place', { ...ORDER, timeInForce: 'IOC' });
    assert.deepEqual(
      desk.sequence().filter((text) => text.includes('/')),
      ['NEW/NEW', 'TRADE/PARTIALLY_FILLED', 'EXPIRED/EXPIRED er2'],
    );
    const { price: _, timeInForce: __, ...market } = ORDER;
    desk.call('order.place', { ...market, type: 'MARKET' });
    assert.deepEqual(desk.sequence(), ['NEW/NEW', 'EXPIRED/EXPIRED er9']);
  });

  it('RESULT answers with the final status of an immediate order', () => {
    const desk = quietDesk();
    makerAsk(desk, 1000, 500);
    const order = { ...ORDER, timeInForce: 'IOC', newOrderRespType: 'RESULT' };
    const reply = desk.call('order.place', order);
    assert.deepEqual(
      [reply.result?.['status'], reply.result?.['executedQty']],
      ['FILLED', '0.100'],
    );
  });

  it('post-only and fill-or-kill refusals leave nothing behind', () => {
    const desk = quietDesk();
    makerAsk(desk, 1000, 60);
    desk.events();
    const which = { symbol: 'TESTUSDT', origClientOrderId: 'mine-1' };
    assert.equal(desk.call('order.place', { ...ORDER, timeInForce: 'GTX' }).error?.code, -5022);
    assert.equal(desk.call('order.status', which).error?.code, -2013);
    assert.equal(desk.call('order.place', { ...ORDER, timeInForce: 'FOK' }).error?.code, -5021);
    assert.equal(desk.call('order.status', which).error?.code, -2013);
    assert.deepEqual(desk.sequence(), []);
  });

  it('self-match: the resting order goes with reason 1 and the taker goes on', () => {
    const desk = quietDesk();
    desk.call('order.place', ORDER);
    desk.call('order.place', { ...ORDER, side: 'SELL', newClientOrderId: 'mine-2' });
    assert.deepEqual(desk.sequence(), ['NEW/NEW', 'NEW/NEW', 'EXPIRED/EXPIRED_IN_MATCH er1']);
    const open = desk.call('order.status', { symbol: 'TESTUSDT', origClientOrderId: 'mine-2' });
    assert.equal(open.result?.['status'], 'NEW');
  });

  it('modify: AMENDMENT with new price and quantity, modifyId echoed', () => {
    const desk = quietDesk();
    const id = desk.call('order.place', ORDER).result?.['orderId'];
    desk.events();
    const change = { symbol: 'TESTUSDT', side: 'BUY', orderId: id, quantity: '0.2', price: '99.9' };
    const reply = desk.call('order.modify', { ...change, modifyId: 77 });
    assert.deepEqual([reply.result?.['orderId'], reply.result?.['origQty']], [id, '0.200']);
    const event = desk.events()[0]?.['o'] as Record<string, unknown>;
    assert.deepEqual(
      [event['x'], event['X'], event['p'], event['q'], event['M']],
      ['AMENDMENT', 'NEW', '99.9', '0.200', '77'],
    );
    assert.equal(desk.call('order.modify', { ...change }).error?.code, -5027);
    const { price: _, ...noPrice } = change;
    assert.equal(desk.call('order.modify', noPrice).error?.code, -1102);
  });

  it('countdown: a CANCELED event per order, the reply with the span as text', () => {
    const desk = quietDesk();
    desk.call('order.place', ORDER);
    desk.events();
    const { exchange } = desk;
    const query = `symbol=TESTUSDT&countdownTime=1000&timestamp=${exchange.wallNowMs}`;
    const signature = createHmac('sha256', 'otherSecret').update(query).digest('hex');
    const headers = { 'X-MBX-APIKEY': 'other' };
    const url = `/fapi/v1/countdownCancelAll?${query}&signature=${signature}`;
    const reply = exchange.rest('POST', url, headers);
    assert.equal(reply?.body, '{"symbol":"TESTUSDT","countdownTime":"1000"}');
    exchange.advanceTo(2000);
    assert.deepEqual(desk.sequence(), [], 'another account is not touched');
    exchange.register({ apiKey: 'mine-too', secret: 's', account: 'me' });
    const again = `symbol=TESTUSDT&countdownTime=500&timestamp=${exchange.wallNowMs}`;
    const mine = createHmac('sha256', 's').update(again).digest('hex');
    exchange.rest('POST', `/fapi/v1/countdownCancelAll?${again}&signature=${mine}`, {
      'X-MBX-APIKEY': 'mine-too',
    });
    exchange.advanceTo(2520);
    assert.deepEqual(desk.sequence(), ['CANCELED/CANCELED']);
  });

  it('liquidation: own orders expire with reason 5, then autoclose fills as CALCULATED', () => {
    const desk = quietDesk();
    makerAsk(desk, 1000, 100);
    makerBid(desk, 990, 100);
    desk.call('order.place', ORDER);
    desk.call('order.place', { ...ORDER, price: '98.0', newClientOrderId: 'rest' });
    desk.events();
    const body = '{"account":"me","symbol":"TESTUSDT"}';
    desk.exchange.rest('POST', '/sim/liquidate', {}, body);
    const labels = desk.sequence().filter((text) => text.includes('/'));
    assert.deepEqual(labels, ['EXPIRED/EXPIRED er5', 'NEW/NEW', 'CALCULATED/FILLED']);
  });
});

describe('protocol of the order socket', () => {
  it('echoes ids as sent, numbers beyond 2^53 and null included', () => {
    const { exchange } = quietDesk();
    const idOf = (id: string): string => {
      const reply = exchange.wsApi(`{"id":${id},"method":"time"}`);
      return /^\{"id":(.*?),"status"/.exec(reply ?? '')?.[1] ?? '';
    };
    for (const id of ['1', '"a-1"', 'null', '8389765739703625592']) assert.equal(idOf(id), id);
    assert.equal(idOf('{"x":1}'), 'null');
  });

  it('answers garbage with one clear error and id null', () => {
    const { exchange } = quietDesk();
    for (const text of [
      '',
      '{',
      '[]',
      'null',
      '{"method":5}',
      '{"id":1}',
      '{"method":"x","params":3}',
    ]) {
      const reply = JSON.parse(exchange.wsApi(text) ?? '') as { status: number; error: unknown };
      assert.equal(reply.status, 400, text);
      assert.ok(reply.error !== undefined);
    }
  });

  it('refuses malformed orders with the code of the fault', () => {
    const desk = quietDesk();
    const code = (patch: Record<string, unknown>): number | undefined =>
      desk.call('order.place', { ...ORDER, ...patch }).error?.code;
    assert.equal(code({ symbol: 'NOPE' }), -1121);
    assert.equal(code({ side: 'LONG' }), -1117);
    assert.equal(code({ type: 'STOP_MARKET' }), -4120);
    assert.equal(code({ type: 'ICEBERG' }), -1116);
    assert.equal(code({ timeInForce: 'DAY' }), -1115);
    assert.equal(code({ price: '100.05' }), -1111);
    assert.equal(code({ price: '0' }), -4001);
    assert.equal(code({ quantity: '0.0001' }), -1111);
    assert.equal(code({ quantity: null }), -1102);
    assert.equal(code({ quantity: '1e3' }), -1102);
    assert.equal(code({ newClientOrderId: 'with space' }), -4015);
    assert.equal(code({ positionSide: 'LONG' }), -4061);
    assert.equal(code({ selfTradePreventionMode: 'NONE' }), -1130);
    assert.equal(code({ reduceOnly: 'true' }), -2022);
    assert.equal(code({ timestamp: 1 }), -1021);
    assert.equal(code({}), undefined);
    assert.equal(code({}), -4116);
  });

  it('needs a key, a good signature and a good time; logon only with Ed25519', () => {
    const { exchange } = quietDesk();
    const session = exchange.connectWsApi();
    const send = (method: string, params: Record<string, unknown>): number => {
      let code = 0;
      session.handle(JSON.stringify({ id: 1, method, params }), (reply) => {
        code = (JSON.parse(reply) as { error?: { code: number } }).error?.code ?? 0;
      });
      return code;
    };
    const timestamp = exchange.wallNowMs;
    assert.equal(send('order.place', { ...ORDER, timestamp }), -2014);
    assert.equal(send('order.place', { ...ORDER, timestamp, apiKey: 'nobody' }), -2015);
    assert.equal(send('order.place', { ...ORDER, timestamp, apiKey: 'other' }), -1102);
    const bad = { ...ORDER, timestamp, apiKey: 'other', signature: '00' };
    assert.equal(send('order.place', bad), -1022);
    const payload = `apiKey=other&timestamp=${timestamp}`;
    const signature = createHmac('sha256', 'otherSecret').update(payload).digest('hex');
    assert.equal(send('session.logon', { apiKey: 'other', timestamp, signature }), -4056);
    assert.equal(send('v2/account.balance', { apiKey: 'other', timestamp, signature }), 0);
  });

  it('counts orders and weight, and refuses beyond them', () => {
    const desk = quietDesk({ rateLimits: { ordersPer10s: 2, weightPerMinute: 40 } });
    const first = desk.call('order.place', ORDER);
    assert.deepEqual(
      first.rateLimits?.map((l) => [l['rateLimitType'], l['interval'], l['limit'], l['count']]),
      [
        ['ORDERS', 'SECOND', 2, 1],
        ['ORDERS', 'MINUTE', 1200, 1],
        ['REQUEST_WEIGHT', 'MINUTE', 40, 2],
      ],
    );
    desk.call('order.place', { ...ORDER, newClientOrderId: 'b' });
    const third = desk.call('order.place', { ...ORDER, newClientOrderId: 'c' });
    assert.deepEqual([third.status, third.error?.code], [429, -1015]);
    // Cancels are not counted.
    const cancel = { symbol: 'TESTUSDT', origClientOrderId: 'mine-1' };
    assert.equal(desk.call('order.cancel', cancel).status, 200);
    desk.exchange.advanceTo(10_000);
    assert.equal(desk.call('order.place', { ...ORDER, newClientOrderId: 'd' }).status, 200);
    for (let i = 0; i < 7; i++) desk.call('v2/account.balance');
    const over = desk.call('v2/account.balance');
    assert.deepEqual([over.status, over.error?.code], [429, -1003]);
  });

  it('carries order ids beyond 2^53 without loss', () => {
    const desk = quietDesk({ hasLargeOrderIds: true });
    const { exchange } = desk;
    const params = { ...ORDER, timestamp: exchange.wallNowMs };
    const text = exchange.wsApi(JSON.stringify({ id: 1, method: 'order.place', params })) ?? '';
    const id = /"orderId":(\d+)/.exec(text)?.[1] ?? '';
    assert.ok(BigInt(id) > 2n ** 53n);
    const which = `"symbol":"TESTUSDT","orderId":${id},"timestamp":${exchange.wallNowMs}`;
    const cancel = `{"id":2,"method":"order.cancel","params":{${which}}}`;
    assert.match(exchange.wsApi(cancel) ?? '', new RegExp(`"orderId":${id},.*"CANCELED"`));
  });

  it('keeps one listen key an account until it is closed or an hour old', () => {
    const desk = quietDesk();
    const key = desk.call('userDataStream.start').result?.['listenKey'];
    assert.match(String(key), /^[A-Za-z0-9]{64}$/);
    assert.equal(desk.call('userDataStream.start').result?.['listenKey'], key);
    desk.exchange.advanceTo(3_000_000);
    assert.equal(desk.call('userDataStream.ping').result?.['listenKey'], key);
    desk.exchange.advanceTo(6_599_000);
    assert.deepEqual(desk.sequence(), []);
    desk.exchange.advanceTo(6_601_000);
    assert.deepEqual(desk.sequence(), ['listenKeyExpired']);
    assert.equal(desk.call('userDataStream.ping').error?.code, -1125);
    assert.notEqual(desk.call('userDataStream.start').result?.['listenKey'], key);
  });
});
