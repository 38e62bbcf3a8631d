/**
 * Wire codecs of Binance USD-M: requests byte for byte, replies and events into rows, garbage into
 * a counter, signatures against fixed vectors.
 */
import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../../../engine/base/random.ts';
import { Instrument } from '../../../../engine/domain/instrument.ts';
import { OrderEventKind as Kind, OrderState } from '../../../../engine/domain/order.ts';
import { ClientIds, parseClientId } from '../../../../engine/execution/client-ids.ts';
import { OrderEventQueue, VenueEventKind } from '../../../../engine/execution/order-events.ts';
import { OrderTable } from '../../../../engine/execution/order-table.ts';
import {
  DecodeCounter,
  Decoded,
  UsdmDecoder,
} from '../../../../engine/execution/venues/binance-usdm/decode.ts';
import { OrderEncoder } from '../../../../engine/execution/venues/binance-usdm/encode.ts';
import {
  assertLoopback,
  endpointsOf,
} from '../../../../engine/execution/venues/binance-usdm/endpoints.ts';
import { provesNotPlaced } from '../../../../engine/execution/venues/binance-usdm/errors.ts';
import {
  readRounded,
  readScaled,
} from '../../../../engine/execution/venues/binance-usdm/read-number.ts';
import {
  ed25519Signer,
  hmacSigner,
  signedParams,
  signedQuery,
  wsPayload,
} from '../../../../engine/execution/venues/binance-usdm/sign.ts';
import { SignedEncoder } from '../../../../engine/execution/venues/binance-usdm/signed-encode.ts';
import { writeDecimal } from '../../../../engine/execution/venues/binance-usdm/write-number.ts';
import { OrderEventField as Field } from '../../../../engine/memory/slots.ts';
import { INSTRUMENTS, SPEC } from './fixtures.ts';

const ANCHOR_MS = 1_790_000_000_123;

function setUp() {
  const table = new OrderTable(INSTRUMENTS.length);
  const clientIds = new ClientIds('k3f9a1b2');
  const events = new OrderEventQueue(16);
  const parts = {
    table,
    instruments: INSTRUMENTS,
    clientIds,
    receiveWindowMs: 1000,
    anchorWallMs: ANCHOR_MS,
  };
  const encoder = new OrderEncoder(parts);
  const decoder = new UsdmDecoder({ instruments: INSTRUMENTS, clientIds, table, events });
  const slot = table.claim(12_345, 0);
  table.owner[slot] = 1;
  table.side[slot] = 1;
  table.lots[slot] = 250;
  table.priceTicks[slot] = 1015;
  table.timeInForce[slot] = 1;
  table.sentNs[slot] = 5e9;
  return { table, clientIds, events, encoder, decoder, slot, parts };
}

function text(encoder: { readonly bytes: Uint8Array }, length: number): string {
  return Buffer.from(encoder.bytes).toString('latin1', 0, length);
}

describe('encode', () => {
  it('writes a placement', () => {
    const { encoder, slot } = setUp();
    assert.equal(
      text(encoder, encoder.encodePlace(slot)),
      '{"id":"p0009ix","method":"order.place","params":{"side":"BUY","type":"LIMIT",' +
        '"timeInForce":"GTX","symbol":"ABCUSDT","recvWindow":1000,"timestamp":1790000005123,' +
        '"newClientOrderId":"k3f9a1b2-s0009ix","quantity":"0.250","price":"101.5"}}',
    );
  });

  it('writes a reduce-only IOC sale of another instrument', () => {
    const { encoder, table } = setUp();
    const slot = table.claim(7, 1);
    table.owner[slot] = 2;
    table.side[slot] = -1;
    table.lots[slot] = 3;
    table.priceTicks[slot] = 9;
    table.timeInForce[slot] = 2;
    table.reduceOnly[slot] = 1;
    const request = JSON.parse(text(encoder, encoder.encodePlace(slot))) as { params: object };
    assert.deepEqual(request.params, {
      side: 'SELL',
      type: 'LIMIT',
      timeInForce: 'IOC',
      reduceOnly: 'true',
      symbol: 'XYZUSDT',
      recvWindow: 1000,
      timestamp: ANCHOR_MS,
      newClientOrderId: 'k3f9a1b2-q000007',
      quantity: '3',
      price: '4.5',
    });
  });

  it('writes cancel and status by client id with their own times', () => {
    const { encoder, slot, table } = setUp();
    table.cancelNs[slot] = 7e9;
    table.queriedNs[slot] = 8e9;
    table.queryNumber[slot] = 20;
    encoder.offset[0] = 250;
    assert.deepEqual(JSON.parse(text(encoder, encoder.encodeCancel(slot))), {
      id: 'c0009ix',
      method: 'order.cancel',
      params: {
        symbol: 'ABCUSDT',
        recvWindow: 1000,
        timestamp: ANCHOR_MS + 7250,
        origClientOrderId: 'k3f9a1b2-s0009ix',
      },
    });
    const status = JSON.parse(text(encoder, encoder.encodeStatus(slot))) as {
      method: string;
      id: string;
    };
    assert.equal(status.method, 'order.status');
    assert.equal(status.id, 'q0009ix0k');
  });

  it("decimals equal the instrument's own text for every grid", () => {
    const random = new SeededRandom(11);
    const bytes = new Uint8Array(40);
    const value = new Float64Array(1);
    for (let i = 0; i < 3000; i++) {
      const decimals = random.int(9);
      const size = '0.' + '0'.repeat(Math.max(0, decimals - 1)) + '1';
      const tickSize = decimals === 0 ? '1' : size;
      const instrument = new Instrument(0, { ...SPEC, tickSize });
      value[0] = Math.floor(2 ** (random.next() * 50));
      const end = writeDecimal(bytes, 0, value, 0, decimals);
      assert.equal(Buffer.from(bytes).toString('latin1', 0, end), instrument.priceText(value[0]));
    }
  });

  it('the signed form carries the same order and a signature that fits', () => {
    const { parts, slot } = setUp();
    const signer = hmacSigner('demoKey', 'demoSecret');
    const encoder = new SignedEncoder(parts, signer);
    const request = JSON.parse(text(encoder, encoder.encodePlace(slot))) as {
      id: string;
      params: Record<string, string>;
    };
    assert.equal(request.id, 'p0009ix');
    assert.equal(request.params['price'], '101.5');
    assert.equal(request.params['newClientOrderId'], 'k3f9a1b2-s0009ix');
    assert.equal(request.params['signature'], signer.sign(wsPayload(request.params)));
  });
});

describe('sign', () => {
  const params = {
    symbol: 'ABCUSDT',
    side: 'BUY',
    type: 'LIMIT',
    timeInForce: 'GTX',
    quantity: '0.25',
    price: '101.5',
    newClientOrderId: 'gw1-0007',
    recvWindow: 500,
    timestamp: 1_790_000_000_123,
  };

  it('HMAC agrees with the fixed vector', () => {
    assert.equal(
      signedParams(hmacSigner('demoKey', 'demoSecret'), params)['signature'],
      '979b1529fd16bde24532de374841dc47abd75730c29417ca0c520dc5be968c87',
    );
  });

  it('Ed25519 agrees with the fixed vector', () => {
    // PKCS #8 of the seed bytes 00 … 1f.
    const seed = Buffer.from(Array.from({ length: 32 }, (_, i) => i));
    const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    assert.equal(
      signedParams(ed25519Signer('demoKey', key), params)['signature'],
      'ig1vzchmGc2ER5RyNeQa1kN23PEgBRmfrRhRTKq0h45Nq0R3Y0zeZLExBcCZLZu7i1VJuf1wTdg7/yiiHKJUCQ==',
    );
  });

  it('a REST query ends in its encoded signature', () => {
    const signer = { kind: 'ed25519', apiKey: 'k', sign: () => 'a/b+c==' } as const;
    assert.equal(signedQuery(signer, { a: 1, b: 'x' }), 'a=1&b=x&signature=a%2Fb%2Bc%3D%3D');
  });

  it('a key that is no Ed25519 key is refused with one clear error', () => {
    assert.throws(() => ed25519Signer('k', 'nonsense'), { code: 'config/invalid' });
  });
});

describe('client ids', () => {
  it('are written, read back, and told from others', () => {
    const ids = new ClientIds('k3f9a1b2');
    const name = ids.text(2, 777);
    const bytes = Buffer.from(name);
    assert.equal(name, 'k3f9a1b2-q0000ll');
    assert.equal(ids.parse(bytes, 0, bytes.length), 777);
    assert.deepEqual(parseClientId(name), { prefix: 'k3f9a1b2', owner: 2, sequence: 777 });
    for (const foreign of [
      'k3f9a1b3-q0000ll',
      'web_0001',
      '',
      'k3f9a1b2-q0000l',
      'k3f9a1b2-q0000lX',
    ]) {
      const other = Buffer.from(foreign);
      assert.equal(ids.parse(other, 0, other.length), 0, foreign);
    }
    assert.equal(parseClientId('autoclose-123'), null);
  });
});

function reply(frame: object | string) {
  const parts = setUp();
  const bytes = Buffer.from(typeof frame === 'string' ? frame : JSON.stringify(frame));
  parts.decoder.now[0] = 42;
  const decoded = parts.decoder.onReply(bytes, bytes.length);
  return { ...parts, decoded };
}

describe('decode: replies', () => {
  const placed = {
    orderId: 1,
    symbol: 'ABCUSDT',
    status: 'NEW',
    clientOrderId: 'k3f9a1b2-s0009ix',
    price: '101.50',
    origQty: '0.250',
    executedQty: '0.000',
  };

  it('a placement accepted', () => {
    const { events } = reply({
      id: 'p0009ix',
      status: 200,
      result: placed,
      rateLimits: [{ a: 1 }],
    });
    assert.equal(events.count, 1);
    assert.equal(events.kindOf(0), Kind.Accepted);
    assert.equal(events.doubles[Field.ClientSequence], 12_345);
    assert.equal(events.doubles[Field.Lots], 250);
    assert.equal(events.doubles[Field.NowNs], 42);
  });

  interface ErrorCase {
    readonly id: string;
    readonly status: number;
    readonly code: number;
    readonly msg?: string;
    readonly kind: number;
  }
  const errors: readonly ErrorCase[] = [
    { id: 'p0009ix', status: 400, code: -5022, kind: Kind.Rejected },
    { id: 'p0009ix', status: 400, code: -2019, kind: Kind.Rejected },
    { id: 'p0009ix', status: 400, code: -9999, kind: Kind.Rejected },
    { id: 'p0009ix', status: 400, code: -4116, kind: Kind.OutcomeUnknown },
    { id: 'p0009ix', status: 408, code: -1007, kind: Kind.OutcomeUnknown },
    { id: 'p0009ix', status: 400, code: -1006, kind: Kind.OutcomeUnknown },
    {
      id: 'p0009ix',
      status: 503,
      code: -1000,
      msg: 'Unknown error, please check',
      kind: Kind.OutcomeUnknown,
    },
    { id: 'p0009ix', status: 503, code: -1008, msg: 'Service Unavailable.', kind: Kind.Rejected },
    { id: 'p0009ix', status: 500, code: 0, kind: Kind.OutcomeUnknown },
    { id: 'p0009ix', status: 429, code: -1015, kind: Kind.Rejected },
    { id: 'c0009ix', status: 400, code: -2011, kind: Kind.CancelRejected },
    { id: 'c0009ix', status: 408, code: -1007, kind: Kind.OutcomeUnknown },
    { id: 'q0009ix0a', status: 400, code: -2013, kind: Kind.StatusNotFound },
    { id: 'q0009ix0a', status: 400, code: -1021, kind: 0 },
  ];
  for (const { id, status, code, msg, kind } of errors) {
    it(`${id[0]} ${status} ${code} ${msg ?? ''}`, () => {
      const { events } = reply({ id, status, error: { code, msg: msg ?? 'x' } });
      assert.equal(events.count, kind === 0 ? 0 : 1);
      if (kind !== 0) {
        assert.equal(events.kindOf(0), kind);
        assert.equal(events.doubles[Field.Code], code);
      }
    });
  }

  it('a status with its average between two ticks', () => {
    const { events } = reply({
      id: 'q0009ix0a',
      status: 200,
      result: { ...placed, status: 'PARTIALLY_FILLED', executedQty: '0.100', avgPrice: '101.4500' },
    });
    assert.equal(events.kindOf(0), Kind.StatusFound);
    assert.equal(events.doubles[Field.TradeId], 10, 'the number of the query');
    assert.equal(events.doubles[Field.Code], OrderState.PartiallyFilled);
    assert.equal(events.doubles[Field.CumulativeLots], 100);
    assert.equal(events.doubles[Field.PriceTicks], 1014.5);
  });

  it('a cancel done carries what was executed', () => {
    const { events } = reply({
      id: 'c0009ix',
      status: 200,
      result: { ...placed, status: 'CANCELED', executedQty: '0.003' },
    });
    assert.equal(events.kindOf(0), Kind.Canceled);
    assert.equal(events.doubles[Field.CumulativeLots], 3);
  });

  it('replies of the session and revoked keys are told apart', () => {
    assert.equal(reply({ id: 's1', status: 200, result: {} }).decoded, Decoded.Session);
    const revoked = { id: null, status: 401, error: { code: -2015, msg: 'x' } };
    assert.equal(reply(revoked).decoded, Decoded.NotAuthorised);
  });

  it('off the grid is garbage, not a guess', () => {
    const result = { ...placed, origQty: '0.2505' };
    const { events, decoder } = reply({ id: 'p0009ix', status: 200, result });
    assert.equal(events.count, 0);
    assert.equal(decoder.counters[DecodeCounter.Garbage], 1);
  });
});

function user(frame: object | string) {
  const parts = setUp();
  const bytes = Buffer.from(typeof frame === 'string' ? frame : JSON.stringify(frame));
  const decoded = parts.decoder.onUserEvent(bytes, bytes.length);
  return { ...parts, decoded };
}

describe('decode: private stream', () => {
  const order = {
    s: 'ABCUSDT',
    c: 'k3f9a1b2-s0009ix',
    S: 'BUY',
    o: 'LIMIT',
    f: 'GTX',
    q: '0.250',
    p: '101.5',
    ap: '101.50',
    sp: '0',
    x: 'TRADE',
    X: 'PARTIALLY_FILLED',
    l: '0.100',
    z: '0.100',
    L: '101.4',
    N: 'USDT',
    n: '0.00202800',
    T: 1_790_000_005_200,
    t: 881,
    b: '0',
    a: '0',
    m: true,
    R: false,
    wt: 'CONTRACT_PRICE',
    ot: 'LIMIT',
    ps: 'BOTH',
    cp: false,
    rp: '-0.01500000',
    pP: false,
    si: 0,
    ss: 0,
    V: 'EXPIRE_MAKER',
    pm: 'NONE',
    gtd: 0,
    er: '0',
  };

  const update = (o: object) => ({ e: 'ORDER_TRADE_UPDATE', E: 1, T: 1, o: { ...order, ...o } });

  it('a fill, exact', () => {
    const { events } = user(update({}));
    const d = events.doubles;
    assert.equal(events.kindOf(0), Kind.Fill);
    assert.deepEqual(
      [d[Field.Lots], d[Field.PriceTicks], d[Field.CumulativeLots], d[Field.FeeE8]],
      [100, 1014, 100, 202_800],
    );
    assert.deepEqual(
      [d[Field.RealisedE8], d[Field.TradeId], d[Field.IsMaker]],
      [-1_500_000, 881, 1],
    );
  });

  it('the same inside the combined wrapper, keys in another order, unknown keys added', () => {
    const reversed = Object.fromEntries(Object.entries(order).toReversed());
    const { events } = user({
      stream: 'key',
      data: { st: 1, o: { zz: [1, { q: '9' }], ...reversed }, T: 1, E: 1, e: 'ORDER_TRADE_UPDATE' },
    });
    assert.equal(events.kindOf(0), Kind.Fill);
    assert.equal(events.doubles[Field.PriceTicks], 1014);
  });

  const kinds: readonly [string, number][] = [
    ['NEW', Kind.Accepted],
    ['CANCELED', Kind.Canceled],
    ['EXPIRED', Kind.Expired],
    ['AMENDMENT', Kind.Amended],
    ['CALCULATED', Kind.Fill],
  ];
  for (const [x, kind] of kinds) {
    it(`execution type ${x}`, () => {
      assert.equal(user(update({ x })).events.kindOf(0), kind);
    });
  }

  it('a fill of an order that the venue shrank says so first', () => {
    const { events } = user(update({ q: '0.100', X: 'FILLED' }));
    assert.equal(events.count, 2);
    assert.equal(events.kindOf(0), Kind.Accepted);
    assert.equal(events.doubles[Field.Lots], 100);
  });

  it('a fill of somebody else is external, its side in the sign', () => {
    const { events } = user(
      update({ c: 'autoclose-1', S: 'SELL', x: 'CALCULATED', n: null, N: null }),
    );
    assert.equal(events.doubles[Field.ClientSequence], 0);
    assert.equal(events.doubles[Field.Lots], -100);
  });

  it('a fee in another asset is counted, not mixed in', () => {
    const { events, decoder } = user(update({ N: 'BNB' }));
    assert.equal(events.doubles[Field.FeeE8], 0);
    assert.equal(decoder.counters[DecodeCounter.ForeignFees], 1);
  });

  it('positions and the wallet of an account update', () => {
    const { events, decoder } = user({
      e: 'ACCOUNT_UPDATE',
      E: 1,
      T: 1,
      a: {
        m: 'ORDER',
        B: [
          { a: 'BNB', wb: '1', cw: '1', bc: '0' },
          { a: 'USDT', wb: '99.5', cw: '99.5', bc: '0' },
        ],
        P: [
          {
            s: 'ABCUSDT',
            pa: '-0.250',
            ep: '101.45',
            bep: '0',
            cr: '0',
            up: '0',
            mt: 'cross',
            ps: 'BOTH',
          },
          { s: 'ABCUSDT', pa: '0', ep: '0', ps: 'LONG' },
          { s: 'NEWUSDT', pa: '5', ep: '1', ps: 'BOTH' },
        ],
      },
    });
    assert.equal(events.count, 1);
    assert.equal(events.kindOf(0), VenueEventKind.Position);
    assert.equal(events.doubles[Field.Lots], -250);
    assert.equal(events.doubles[Field.PriceTicks], 1014.5);
    assert.equal(decoder.walletE8[0], 99.5e8);
  });

  it('order ids beyond 2^53 are never touched', () => {
    const frame = JSON.stringify(update({})).replace('"t":881', '"i":8389765739703625592,"t":881');
    assert.equal(user(frame).events.doubles[Field.TradeId], 881);
  });

  it('what it does not use it ignores and counts', () => {
    const lite = user({ e: 'TRADE_LITE', E: 1, T: 1, s: 'ABCUSDT', q: '1', c: 'k3f9a1b2-s0009ix' });
    assert.equal(lite.events.count, 0);
    assert.equal(lite.decoder.counters[DecodeCounter.TradeLite], 1);
    assert.equal(user({ e: 'MARGIN_CALL' }).decoder.counters[DecodeCounter.Ignored], 1);
    assert.equal(user(update({ s: 'NEWUSDT' })).decoder.counters[DecodeCounter.UnknownSymbols], 1);
    assert.equal(user({ e: 'listenKeyExpired', E: 1 }).decoded, Decoded.ListenKeyExpired);
  });

  it('garbage never throws, never makes a row with numbers it did not read', () => {
    const random = new SeededRandom(5);
    const whole = Buffer.from(JSON.stringify(update({})));
    const { decoder, events } = setUp();
    for (let i = 0; i < 20_000; i++) {
      const bytes = Buffer.from(whole);
      const changes = 1 + random.int(4);
      for (let c = 0; c < changes; c++) bytes[random.int(bytes.length)] = random.int(256);
      const length = random.int(3) === 0 ? random.int(bytes.length) : bytes.length;
      decoder.onUserEvent(bytes, length);
      decoder.onReply(bytes, length);
      for (let row = 0; row < events.count; row++) {
        assert.ok(Number.isFinite(events.doubles[row * 12 + Field.Lots]!));
      }
      events.clear();
    }
    assert.ok(decoder.counters[DecodeCounter.Garbage]! > 1000);
  });
});

describe('numbers and errors', () => {
  it('reads decimals exactly or not at all', () => {
    const out = new Float64Array(1);
    const cases: readonly [string, number, boolean, number | null][] = [
      ['0.250', 3, false, 250],
      ['0.2501', 3, false, null],
      ['0.25000', 3, false, 250],
      ['-1.5', 8, false, -150_000_000],
      ['12', 0, false, 12],
      ['12.0', 0, false, 12],
      ['12.5', 0, true, 13],
      ['0.123456785', 8, true, 12_345_679],
      ['1e5', 2, false, null],
      ['', 2, false, null],
      ['-', 2, false, null],
      ['.', 2, false, null],
      ['1.2.3', 2, true, null],
      ['9007199254740993', 0, false, null],
    ];
    for (const [source, decimals, rounds, wanted] of cases) {
      const bytes = Buffer.from(source);
      const read = rounds ? readRounded : readScaled;
      const isRead = read(bytes, 0, bytes.length, decimals, out, 0);
      assert.equal(isRead ? out[0] : null, wanted, source);
    }
  });

  it('only an answer about the order itself proves that nothing was placed', () => {
    assert.equal(provesNotPlaced(400, -2019, false), true);
    assert.equal(provesNotPlaced(408, -1007, false), false);
    assert.equal(provesNotPlaced(503, -1000, true), false);
    assert.equal(provesNotPlaced(502, 0, false), false);
    assert.equal(provesNotPlaced(403, 0, false), true);
  });

  it('SIM refuses what is not on this machine', () => {
    assertLoopback(endpointsOf('http://127.0.0.1:4000'));
    assertLoopback(endpointsOf('http://localhost:4000/'));
    for (const base of [
      'https://fapi.binance.com',
      'http://127.0.0.1.evil.com',
      'http://10.0.0.1',
      'x',
    ]) {
      assert.throws(() => assertLoopback(endpointsOf(base)), { code: 'venue/not-allowed' });
    }
  });
});
