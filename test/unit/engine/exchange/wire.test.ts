/** wire: the exact texts of each message, so that a change of the protocol is seen at once. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limit, otherPlaces, quietDesk } from './support.ts';

const PLACE = {
  symbol: 'TESTUSDT',
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity: '0.100',
  price: '100.0',
  newClientOrderId: 'w-1',
};

const T = 1_790_000_000_000;

describe('exchange wire texts', () => {
  it('market data', () => {
    const desk = quietDesk();
    const texts: string[] = [];
    desk.exchange.onMarket((text) => texts.push(text.toString()));
    otherPlaces(desk, limit('bid', 1, 999, 70));
    otherPlaces(desk, limit('ask', -1, 1000, 100));
    desk.call('order.place', { ...PLACE, quantity: '0.05' });
    desk.exchange.advanceTo(1000);
    const first = (event: string): string | undefined =>
      texts.find((text) => text.includes(`"e":"${event}"`));
    assert.equal(
      texts.filter((text) => text.includes('bookTicker'))[1],
      '{"e":"bookTicker","u":700000025,"s":"TESTUSDT","b":"99.9","B":"0.070","a":"100.0"' +
        `,"A":"0.100","T":${T},"E":${T},"ps":"TESTUSDT","st":1}`,
    );
    assert.equal(
      first('aggTrade'),
      `{"e":"aggTrade","E":${T},"s":"TESTUSDT","a":1,"p":"100.0","q":"0.050","nq":"0.050"` +
        `,"f":5000001,"l":5000001,"T":${T},"m":false,"st":1}`,
    );
    assert.equal(
      first('depthUpdate'),
      `{"e":"depthUpdate","E":${T + 100},"T":${T + 100},"s":"TESTUSDT","ps":"TESTUSDT"` +
        ',"U":700000009,"u":700000041,"pu":700000001,"b":[["99.9","0.070"]]' +
        ',"a":[["100.0","0.050"]],"st":1}',
    );
    assert.equal(
      first('markPriceUpdate'),
      `{"e":"markPriceUpdate","E":${T + 1000},"s":"TESTUSDT","p":"99.97500000","ap":"99.97500000"` +
        ',"i":"99.95000000","P":"99.95000000","r":"0.00000000","T":1790006400000,"st":1}',
    );
    assert.equal(
      desk.exchange.rest('GET', '/fapi/v1/depth?symbol=TESTUSDT&limit=5')?.body,
      `{"lastUpdateId":700000041,"E":${T + 1000},"T":${T + 1000}` +
        ',"bids":[["99.9","0.070"]],"asks":[["100.0","0.050"]]}',
    );
  });

  it('orders and user data', () => {
    const desk = quietDesk();
    const texts: string[] = [];
    desk.exchange.onUser((text, account) => {
      if (account === 'me') texts.push(text);
    });
    otherPlaces(desk, limit('ask', -1, 1000, 100));
    const params = JSON.stringify({ ...PLACE, timestamp: T });
    assert.equal(
      desk.exchange.wsApi(`{"id":"a1","method":"order.place","params":${params}}`),
      '{"id":"a1","status":200,"result":{"orderId":8000002,"symbol":"TESTUSDT","status":"NEW"' +
        ',"clientOrderId":"w-1","price":"100.0","origQty":"0.100","executedQty":"0.000"' +
        ',"cumQty":"0.000","timeInForce":"GTC","type":"LIMIT","reduceOnly":false' +
        ',"closePosition":false,"side":"BUY","positionSide":"BOTH","stopPrice":"0.00"' +
        ',"workingType":"CONTRACT_PRICE","priceProtect":false,"origType":"LIMIT"' +
        ',"priceMatch":"NONE","selfTradePreventionMode":"EXPIRE_MAKER","goodTillDate":0' +
        `,"updateTime":${T}},"rateLimits":[{"rateLimitType":"ORDERS","interval":"SECOND"` +
        ',"intervalNum":10,"limit":300,"count":1},{"rateLimitType":"ORDERS"' +
        ',"interval":"MINUTE","intervalNum":1,"limit":1200,"count":1}' +
        ',{"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1' +
        ',"limit":2400,"count":2}]}',
    );
    desk.exchange.drain();
    const [, trade, lite, account] = texts;
    assert.equal(
      trade,
      `{"e":"ORDER_TRADE_UPDATE","E":${T},"T":${T},"o":{"s":"TESTUSDT","c":"w-1","S":"BUY"` +
        ',"o":"LIMIT","f":"GTC","q":"0.100","p":"100.0","ap":"100","sp":"0","x":"TRADE"' +
        ',"X":"FILLED","i":8000002,"l":"0.100","z":"0.100","L":"100.0","N":"USDT"' +
        `,"n":"0.00100000","T":${T},"t":5000001,"b":"0","a":"0","m":false,"R":false` +
        ',"wt":"CONTRACT_PRICE","ot":"LIMIT","ps":"BOTH","cp":false,"rp":"0","pP":false' +
        ',"si":0,"ss":0,"V":"EXPIRE_MAKER","pm":"NONE","gtd":0,"er":"0"}}',
    );
    assert.equal(
      lite,
      `{"e":"TRADE_LITE","E":${T},"T":${T},"s":"TESTUSDT","q":"0.100","p":"100.0","m":false` +
        ',"c":"w-1","S":"BUY","L":"100.0","l":"0.100","t":5000001,"i":8000002}',
    );
    assert.equal(
      account,
      `{"e":"ACCOUNT_UPDATE","E":${T},"T":${T},"a":{"B":[{"a":"USDT","wb":"99999.99900000"` +
        ',"cw":"99999.99900000","bc":"0"}],"P":[{"s":"TESTUSDT","pa":"0.100","ep":"100"' +
        ',"cr":"0","up":"0.00000000","mt":"cross","iw":"0","ps":"BOTH","ma":"USDT"' +
        ',"bep":"100.01"}],"m":"ORDER"}}',
    );
  });
});
