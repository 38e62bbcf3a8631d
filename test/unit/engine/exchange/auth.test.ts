/** auth: the venue's signing rules, with one vector for HMAC and Ed25519, and its idea of time. */
import assert from 'node:assert/strict';
import { sign } from 'node:crypto';
import { describe, it } from 'node:test';
import {
  checkTime,
  credentialOf,
  isSignatureGood,
  restPayload,
  wsPayload,
} from '../../../../engine/exchange/server/auth.ts';
import { paramsOfObject, parseJsonRaw } from '../../../../engine/exchange/server/params.ts';
import { testKey } from './support.ts';

const REQUEST = `{"symbol":"ABCUSDT","side":"BUY","type":"LIMIT","timeInForce":"GTX",
  "quantity":"0.25","price":"101.5","newClientOrderId":"gw1-0007","recvWindow":500,
  "timestamp":1790000000123,"apiKey":"demoKey","signature":"left out"}`;
const PAYLOAD =
  'apiKey=demoKey&newClientOrderId=gw1-0007&price=101.5&quantity=0.25&recvWindow=500' +
  '&side=BUY&symbol=ABCUSDT&timeInForce=GTX&timestamp=1790000000123&type=LIMIT';
const HMAC = '979b1529fd16bde24532de374841dc47abd75730c29417ca0c520dc5be968c87';
const ED25519 =
  'ig1vzchmGc2ER5RyNeQa1kN23PEgBRmfrRhRTKq0h45Nq0R3Y0zeZLExBcCZLZu7i1VJuf1wTdg7/yiiHKJUCQ==';

describe('exchange auth', () => {
  it('signs what the venue signs: sorted names, values as sent', () => {
    assert.equal(wsPayload(paramsOfObject(parseJsonRaw(REQUEST))), PAYLOAD);
  });

  it('accepts the HMAC vector and nothing near it', () => {
    const credential = credentialOf(null, 'demoSecret');
    assert.ok(isSignatureGood(credential, PAYLOAD, HMAC));
    assert.ok(!isSignatureGood(credential, `${PAYLOAD}0`, HMAC));
    assert.ok(!isSignatureGood(credential, PAYLOAD, HMAC.replace('9', '8')));
    assert.ok(!isSignatureGood(credential, PAYLOAD, ''));
  });

  it('accepts the Ed25519 vector and nothing near it', () => {
    const { publicPem, privateKey } = testKey();
    const credential = credentialOf(publicPem, null);
    assert.equal(credential.kind, 'ed25519');
    assert.equal(sign(null, Buffer.from(PAYLOAD), privateKey).toString('base64'), ED25519);
    assert.ok(isSignatureGood(credential, PAYLOAD, ED25519));
    assert.ok(!isSignatureGood(credential, PAYLOAD.replace('BUY', 'SELL'), ED25519));
    assert.ok(!isSignatureGood(credential, PAYLOAD, 'not base64 at all'));
  });

  it('joins REST query and body without a separator, the signature cut out', () => {
    assert.deepEqual(restPayload('symbol=A&side=BUY', 'quantity=1&signature=a%2Fb%3D'), {
      payload: 'symbol=A&side=BUYquantity=1',
      signature: 'a/b=',
    });
    assert.equal(restPayload('symbol=A', ''), null);
    assert.equal(restPayload('signature=%', '')?.signature, '%');
  });

  it('takes a timestamp up to a second ahead and a window behind', () => {
    const server = 1_790_000_000_000;
    const check = (timestamp: number, recvWindow = 500): void => {
      const params = new Map([
        ['timestamp', String(timestamp)],
        ['recvWindow', String(recvWindow)],
      ]);
      checkTime(params, server, -1021);
    };
    check(server + 999);
    check(server - 500);
    assert.throws(() => check(server + 1000), { code: -1021 });
    assert.throws(() => check(server - 501), { code: -1021 });
    assert.throws(() => check(server, 60_001), { code: -1130 });
    assert.throws(() => checkTime(new Map(), server, -1021), { code: -1102 });
  });

  it('refuses keys that are no public keys', () => {
    assert.throws(() => credentialOf('nonsense', null), { code: -1130 });
    assert.throws(() => credentialOf(null, null), { code: -1102 });
  });
});
