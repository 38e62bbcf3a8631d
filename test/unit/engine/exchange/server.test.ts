/** server: the exchange over real sockets on loopback. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { WebSocket } from 'ws';
import type { RunningExchange, ServerOptions } from '../../../../engine/exchange/server/server.ts';
import { startExchangeServer } from '../../../../engine/exchange/server/server.ts';
import { until } from '../../../support/until.ts';
import { signedParams, testKey } from './support.ts';

async function started(t: TestContext, options: ServerOptions = {}): Promise<RunningExchange> {
  const exchange = await startExchangeServer({ seed: 7, stepEveryMs: 4, ...options });
  t.after(() => exchange.close());
  return exchange;
}

interface Wire {
  readonly socket: WebSocket;
  readonly texts: string[];
  readonly closes: number[];
}

async function open(t: TestContext, url: string): Promise<Wire> {
  const socket = new WebSocket(url);
  const texts: string[] = [];
  const closes: number[] = [];
  socket.on('message', (payload: Buffer) => texts.push(payload.toString()));
  socket.on('close', (code) => closes.push(code));
  socket.on('error', () => {});
  t.after(() => socket.terminate());
  await until(() => socket.readyState === WebSocket.OPEN, { what: `${url} to open` });
  return { socket, texts, closes };
}

function isTrade(text: string): boolean {
  return text.includes('"x":"TRADE"');
}

function parsed(wire: Wire): Record<string, unknown>[] {
  return wire.texts.map((text) => JSON.parse(text) as Record<string, unknown>);
}

/** Registers the test key and gives a logged-on order socket with a caller. */
async function loggedOn(t: TestContext, exchange: RunningExchange) {
  const key = testKey();
  const body = JSON.stringify({ apiKey: 'me', publicKeyPem: key.publicPem, wallet: '5000' });
  const registered = await fetch(`${exchange.url}/sim/register`, { method: 'POST', body });
  assert.equal(registered.status, 200);
  const wire = await open(t, `${exchange.wsUrl}/ws-fapi/v1`);
  let id = 0;
  const call = async (method: string, params: Record<string, unknown>) => {
    const wanted = ++id;
    wire.socket.send(JSON.stringify({ id: wanted, method, params }));
    return until(() => parsed(wire).find((reply) => reply['id'] === wanted), { what: method });
  };
  const logon = signedParams({ apiKey: 'me', timestamp: Date.now() }, key.privateKey);
  const reply = await call('session.logon', logon);
  assert.equal(reply['status'], 200);
  return { wire, call };
}

describe('exchange server', () => {
  it('streams depth that joins a snapshot and keeps its chain', async (t) => {
    const exchange = await started(t);
    const wire = await open(t, `${exchange.wsUrl}/public/ws/btcusdt@depth@100ms`);
    await until(() => wire.texts.length >= 3, { what: 'three depth updates' });
    const response = await fetch(`${exchange.url}/fapi/v1/depth?symbol=BTCUSDT&limit=1000`);
    const snapshot = (await response.json()) as { lastUpdateId: number; bids: unknown[] };
    assert.ok(snapshot.bids.length >= 20);
    const after = (u: unknown): boolean => Number(u) > snapshot.lastUpdateId;
    await until(() => after(parsed(wire).at(-1)?.['u']), { what: 'an update after the snapshot' });
    const updates = parsed(wire) as { U: number; u: number; pu: number }[];
    const first = updates.find((d) => d.u >= snapshot.lastUpdateId);
    assert.ok(first !== undefined);
    // Either the update spans the snapshot, or the snapshot fell exactly between two updates.
    assert.ok(first.U <= snapshot.lastUpdateId || first.pu === snapshot.lastUpdateId);
    updates.slice(1).forEach((d, i) => assert.equal(d.pu, updates[i]?.u));
  });

  it('rebuilds to the same best prices as bookTicker at the same update id', async (t) => {
    const exchange = await started(t);
    const streams = 'ethusdt@depth@100ms/ethusdt@bookTicker';
    const wire = await open(t, `${exchange.wsUrl}/public/stream?streams=${streams}`);
    const snapshot = (await (
      await fetch(`${exchange.url}/fapi/v1/depth?symbol=ETHUSDT&limit=1000`)
    ).json()) as { lastUpdateId: number; bids: [string, string][]; asks: [string, string][] };
    await until(() => wire.texts.length > 150, { what: '150 messages' });
    const bids = new Map(snapshot.bids);
    const asks = new Map(snapshot.asks);
    const tickers = new Map<number, Record<string, string>>();
    let compared = 0;
    for (const message of parsed(wire)) {
      const update = message['data'] as Record<string, unknown>;
      if (update['e'] === 'bookTicker')
        tickers.set(Number(update['u']), update as Record<string, string>);
      else if (Number(update['u']) >= snapshot.lastUpdateId) {
        for (const [side, changes] of [
          [bids, update['b']],
          [asks, update['a']],
        ] as const) {
          for (const [price, size] of changes as [string, string][]) {
            if (Number(size) === 0) side.delete(price);
            else side.set(price, size);
          }
        }
        const ticker = tickers.get(Number(update['u']));
        if (ticker === undefined) continue;
        const bid = [...bids.keys()].reduce((x, y) => (Number(x) > Number(y) ? x : y));
        const ask = [...asks.keys()].reduce((x, y) => (Number(x) < Number(y) ? x : y));
        assert.deepEqual([bid, bids.get(bid)], [ticker['b'], ticker['B']]);
        assert.deepEqual([ask, asks.get(ask)], [ticker['a'], ticker['A']]);
        compared += 1;
      }
    }
    assert.ok(compared > 0, 'some updates end on a touch change');
  });

  it('acknowledges wrong-class streams and stays mute; un-routed paths are public', async (t) => {
    const exchange = await started(t);
    const wrong = await open(t, `${exchange.wsUrl}/market/ws`);
    const old = await open(t, `${exchange.wsUrl}/ws/btcusdt@bookTicker/btcusdt@aggTrade`);
    wrong.socket.send('{"method":"SUBSCRIBE","params":["btcusdt@bookTicker"],"id":1}');
    await until(() => old.texts.length > 20, { what: 'the public stream' });
    assert.deepEqual(wrong.texts, ['{"result":null,"id":1}']);
    assert.ok(parsed(old).every((message) => message['e'] === 'bookTicker'));
    wrong.socket.send('{"method":"SUBSCRIBE","params":["btcusdt@aggTrade"],"id":2}');
    await until(() => wrong.texts.length > 2, { what: 'the right stream' });
    wrong.socket.send('{"method":"UNSUBSCRIBE","params":["btcusdt@aggTrade"],"id":3}');
    wrong.socket.send('{"method":"LIST_SUBSCRIPTIONS","id":"4"}');
    const list = '{"result":["btcusdt@bookTicker"],"id":"4"}';
    await until(() => wrong.texts.includes(list), { what: 'the list' });
  });

  it('closes on invalid JSON and on a flood; names other mistakes', async (t) => {
    const exchange = await started(t);
    const bad = await open(t, `${exchange.wsUrl}/public/ws`);
    bad.socket.send('{"method":"FLY","id":1}');
    bad.socket.send('{"method":"SUBSCRIBE","params":[1],"id":2}');
    await until(() => bad.texts.length === 2, { what: 'two refusals' });
    assert.ok(parsed(bad).every((message) => message['code'] === 2));
    bad.socket.send('not json');
    await until(() => bad.closes.length === 1, { what: 'the close' });
    const flood = await open(t, `${exchange.wsUrl}/public/ws`);
    for (let i = 0; i < 30; i++) flood.socket.send('{"method":"GET_PROPERTY","id":1}');
    await until(() => flood.closes[0] === 1008, { what: 'the flood to be cut' });
  });

  it('trades: logon, order, events in all four private forms, strict forms mute', async (t) => {
    const exchange = await started(t);
    const { call } = await loggedOn(t, exchange);
    const start = await call('userDataStream.start', {});
    const key = String((start['result'] as Record<string, unknown>)['listenKey']);
    const names = 'ORDER_TRADE_UPDATE/ACCOUNT_UPDATE';
    const forms = [`/private/ws/${key}`, `/private/ws?listenKey=${key}`];
    const named = await open(t, `${exchange.wsUrl}/private/ws?listenKey=${key}&events=${names}`);
    const plain = await Promise.all(forms.map((form) => open(t, exchange.wsUrl + form)));
    const wrapped = await open(t, `${exchange.wsUrl}/private/stream`);
    wrapped.socket.send(JSON.stringify({ method: 'SUBSCRIBE', params: [key], id: 1 }));
    await until(() => wrapped.texts.length === 1, { what: 'the subscription' });
    await fetch(`${exchange.url}/sim/faults`, { method: 'POST', body: '{"strictPrivate":true}' });
    const muted = await Promise.all(forms.map((form) => open(t, exchange.wsUrl + form)));
    const order = { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '0.01' };
    const reply = await call('order.place', { ...order, timestamp: Date.now() });
    assert.equal(reply['status'], 200);
    for (const wire of [named, ...plain, wrapped]) {
      await until(() => wire.texts.some(isTrade), { what: 'the trade event' });
    }
    assert.ok(!named.texts.some((text) => text.includes('TRADE_LITE')));
    assert.match(wrapped.texts.at(-1) ?? '', new RegExp(`^{"stream":"${key}","data":`));
    assert.deepEqual(
      muted.map((wire) => wire.texts),
      [[], []],
    );
    const state = (await (await fetch(`${exchange.url}/sim/state`)).json()) as {
      accounts: { wallet: string; fees: string; trades: number; balanced: boolean }[];
    };
    assert.equal(state.accounts[0]?.trades, 1);
    assert.equal(Number(state.accounts[0]?.wallet), 5000 - Number(state.accounts[0]?.fees));
  });

  it('passes the hang on to private sockets, and cuts sockets on demand', async (t) => {
    const exchange = await started(t);
    const { call, wire } = await loggedOn(t, exchange);
    const start = await call('userDataStream.start', {});
    const key = String((start['result'] as Record<string, unknown>)['listenKey']);
    const user = await open(t, `${exchange.wsUrl}/private/ws?listenKey=${key}&events=TRADE_LITE`);
    const faults = async (body: string): Promise<number> =>
      (await fetch(`${exchange.url}/sim/faults`, { method: 'POST', body })).status;
    assert.equal(await faults('{"hangTradingThreadMs":1500}'), 200);
    const hang = '{"e":"simFault","f":"hangTradingThread","ms":1500}';
    await until(() => user.texts.includes(hang), { what: 'the hang message' });
    assert.equal(await faults('{"disconnectOnce":"wsapi"}'), 200);
    await until(() => wire.closes.length === 1, { what: 'the order socket to be cut' });
    assert.equal(user.closes.length, 0);
    assert.equal(await faults('{"serverShutdown":true}'), 200);
    await until(() => user.closes.length === 1, { what: 'the shutdown' });
    assert.equal(await faults('{"nonsense":1}'), 400);
  });

  it('pings with a payload, takes only its own pong, and ends a mute client', async (t) => {
    const peers = { pingEveryMs: 500, pongWithinMs: 900 };
    const exchange = await started(t, { peers });
    const good = await open(t, `${exchange.wsUrl}/public/ws`);
    const mute = new WebSocket(`${exchange.wsUrl}/public/ws`, { autoPong: false });
    mute.on('error', () => {});
    t.after(() => mute.terminate());
    mute.on('open', () => mute.pong('unsolicited'));
    await until(() => mute.readyState === WebSocket.CLOSED, { what: 'the mute one to be ended' });
    assert.equal(good.closes.length, 0);
  });

  it('cuts a slow client instead of queueing without end', async (t) => {
    const exchange = await started(t, {
      messagesPerSecond: 20_000,
      peers: { bufferedMaxBytes: 64 * 1024 },
    });
    const streams = exchange.service.core.markets
      .map(({ symbol }) => symbol.toLowerCase())
      .flatMap((symbol) => [`${symbol}@bookTicker`, `${symbol}@depth@100ms`])
      .join('/');
    const socket = connect(exchange.port, '127.0.0.1');
    socket.on('error', () => {});
    t.after(() => socket.destroy());
    socket.write(
      `GET /public/stream?streams=${streams} HTTP/1.1\r\nHost: 127.0.0.1:${exchange.port}\r\n` +
        'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    socket.pause();
    await until(() => exchange.slowCount() === 1, {
      what: 'the slow client to be cut',
      timeoutMs: 9000,
    });
    await until(() => exchange.clientCount() === 0, { what: 'its socket to be gone' });
  });

  it('serves nobody who is not local, and no unknown path', async (t) => {
    const exchange = await started(t);
    const status = (headers: Record<string, string>): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        request(`${exchange.url}/sim/state`, { headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
    assert.equal(await status({}), 200);
    assert.equal(await status({ origin: 'https://evil.example' }), 403);
    assert.equal(await status({ host: 'evil.example' }), 403);
    assert.equal((await fetch(`${exchange.url}/fapi/v1/nothing`)).status, 404);
    const lost = new WebSocket(`${exchange.wsUrl}/nowhere`);
    let message = '';
    lost.on('error', (error) => {
      message = error.message;
    });
    await until(() => message !== '', { what: 'the refusal' });
    assert.match(message, /404/);
  });
});
