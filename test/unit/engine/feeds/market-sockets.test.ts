/** Market sockets against a small server on loopback: streams, losses, mute streams, renewal. */
import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { WebSocketServer, type WebSocket } from 'ws';
import { SeededRandom } from '../../../../engine/base/random.ts';
import { FeedRoute } from '../../../../engine/feeds/feed-route.ts';
import {
  MarketSockets,
  type MarketSocketsOptions,
  type SocketTimings,
} from '../../../../engine/feeds/market-sockets.ts';
import { connectionOf } from '../../../../engine/feeds/stream-plan.ts';
import { usdmStreamPlan } from '../../../../engine/feeds/venues/binance-usdm/streams.ts';
import { until } from '../../../support/until.ts';

const QUICK: SocketTimings = {
  openWithinMs: 2000,
  firstMessageWithinMs: 150,
  staleAfterMs: 250,
  renewAfterMs: 3_600_000,
  backOffFirstMs: 10,
  backOffMaxMs: 40,
  watchEveryMs: 10,
  requestEveryMs: 5,
};

interface Client {
  readonly socket: WebSocket;
  readonly path: string;
  /** Streams asked for, by URL or by request. */
  readonly streams: string[];
  isMute: boolean;
}

/** Speaks every 20 ms on every stream asked for, unless told not to. */
class Server {
  readonly clients: Client[] = [];
  /** Streams that stay mute though asked for. */
  readonly mute = new Set<string>();
  connections = 0;
  isMute = false;
  readonly #server: WebSocketServer;
  readonly #timer: NodeJS.Timeout;

  constructor(server: WebSocketServer) {
    this.#server = server;
    server.on('connection', (socket, request) => this.#onConnection(socket, request));
    this.#timer = setInterval(() => this.#speak(), 20);
  }

  static async start(t: TestContext): Promise<Server> {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await new Promise((resolve) => {
      server.once('listening', resolve);
    });
    const started = new Server(server);
    t.after(() => started.stop());
    return started;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    clearInterval(this.#timer);
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
  }

  say(text: string): void {
    for (const { socket } of this.clients) socket.send(text);
  }

  #onConnection(socket: WebSocket, request: IncomingMessage): void {
    this.connections++;
    const { pathname, searchParams } = new URL(request.url ?? '', 'ws://server');
    const streams = (searchParams.get('streams') ?? '').split('/').filter((name) => name !== '');
    const client: Client = { socket, path: pathname, streams, isMute: false };
    this.clients.push(client);
    socket.on('message', (request: Buffer) => {
      const { params, id } = JSON.parse(request.toString()) as { params: string[]; id: number };
      streams.push(...params);
      socket.send(JSON.stringify({ result: null, id }));
    });
    socket.on('close', () => this.clients.splice(this.clients.indexOf(client), 1));
  }

  #speak(): void {
    if (this.isMute) return;
    for (const { socket, streams, isMute } of this.clients) {
      for (const stream of streams) {
        if (isMute || this.mute.has(stream)) continue;
        socket.send(`{"stream":"${stream}","data":{"n":${performance.now()}}}`);
      }
    }
  }
}

class Bench {
  readonly events: string[] = [];
  readonly alerts: string[] = [];
  readonly frames = new Map<number, number>();
  readonly sockets: MarketSockets;

  constructor(t: TestContext, endpoint: string, options: Partial<MarketSocketsOptions> = {}) {
    this.sockets = new MarketSockets({
      endpoint,
      routes: usdmStreamPlan(['ABCUSDT', 'XYZUSDT']),
      random: new SeededRandom(1),
      onMessage: (_, route) => this.frames.set(route, this.count(route) + 1),
      onOpening: (route) => this.events.push(`opening ${route}`),
      onUp: (route) => this.events.push(`up ${route}`),
      onLost: (route) => this.events.push(`lost ${route}`),
      onAlert: ({ trouble, message }) => this.alerts.push(`${trouble}: ${message}`),
      timings: QUICK,
      ...options,
    });
    t.after(() => this.sockets.stop());
    this.sockets.start();
  }

  count(route: number): number {
    return this.frames.get(route) ?? 0;
  }

  async isUp(): Promise<void> {
    await until(() => this.sockets.isUp, { what: 'both routes' });
  }
}

describe('market sockets', () => {
  it('connect a route each, with its own streams, and hand on the frames', async (t) => {
    const server = await Server.start(t);
    const client = new Bench(t, server.url);
    await client.isUp();
    await until(() => client.count(FeedRoute.Book) > 9 && client.count(FeedRoute.Trades) > 9, {
      what: 'frames',
    });
    const paths = server.clients.map((one) => `${one.path} ${one.streams.join(' ')}`).toSorted();
    assert.deepEqual(paths, [
      '/market/stream abcusdt@aggTrade abcusdt@markPrice@1s ' +
        'xyzusdt@aggTrade xyzusdt@markPrice@1s',
      '/public/stream abcusdt@depth@100ms abcusdt@bookTicker ' +
        'xyzusdt@depth@100ms xyzusdt@bookTicker',
    ]);
    assert.deepEqual(client.events.toSorted(), ['opening 1', 'opening 2', 'up 1', 'up 2']);
    assert.equal(client.sockets.counts.opened, 2);
    assert.equal(client.sockets.bufferedAmount, 0);
    assert.deepEqual(client.alerts, []);
  });

  it('come back when the server cuts them, and say so', async (t) => {
    const server = await Server.start(t);
    const client = new Bench(t, server.url);
    await client.isUp();
    for (const { socket } of [...server.clients]) socket.terminate();
    await until(() => client.events.filter((event) => event.startsWith('lost')).length === 2, {
      what: 'the loss',
    });
    await client.isUp();
    assert.equal(client.sockets.counts.opened, 4);
    assert.equal(client.sockets.counts.closed, 2);
    assert.deepEqual(
      client.events.filter((event) => event.endsWith('1')),
      ['opening 1', 'up 1', 'lost 1', 'opening 1', 'up 1'],
    );
  });

  it('keep trying with growing pauses when nobody listens, and never exceed the cap', async (t) => {
    const client = new Bench(t, 'ws://127.0.0.1:9', { connectsMax: 5 });
    await until(() => client.sockets.counts.refused >= 5, { what: 'refusals' });
    await until(() => client.alerts.length >= 5, { what: 'alerts' });
    const afterMs = performance.now() + 5 * QUICK.backOffMaxMs;
    await until(() => performance.now() > afterMs, { what: 'time for more attempts' });
    assert.equal(client.sockets.counts.opened, 5, 'the cap holds');
    assert.match(
      client.alerts[0]!,
      /^refused: .* streams at ws:\/\/127\.0\.0\.1:9\/\w+: refused, /,
    );
    assert.ok(!client.events.some((event) => event.startsWith('lost')), 'never up, so never lost');
  });

  it('reconnect and alert when a connection says nothing at all', async (t) => {
    const server = await Server.start(t);
    server.isMute = true;
    const client = new Bench(t, server.url);
    await until(() => client.sockets.counts.mute >= 3, { what: 'the watch' });
    assert.match(client.alerts[0]!, /mute, says nothing: wrong route or unknown streams\?/);
    server.isMute = false;
    await client.isUp();
  });

  it('reconnect for a steady stream that stays mute, at last go on without it', async (t) => {
    const server = await Server.start(t);
    server.mute.add('xyzusdt@depth@100ms');
    server.mute.add('xyzusdt@aggTrade');
    const client = new Bench(t, server.url);
    await until(() => client.alerts.some((alert) => alert.includes('going on without')), {
      what: 'the last alert',
    });
    assert.equal(client.sockets.counts.mute, 4, 'three reconnects and the last word');
    assert.match(client.alerts[0]!, /1 streams stay mute: xyzusdt@depth@100ms/);
    await client.isUp();
    assert.ok(!client.alerts.some((alert) => alert.includes('aggTrade')), 'trades may be silent');
  });

  it('reconnect when a connection goes stale', async (t) => {
    const server = await Server.start(t);
    const client = new Bench(t, server.url);
    await client.isUp();
    for (const one of server.clients) one.isMute = true;
    await until(() => client.sockets.counts.stale === 2, { what: 'staleness' });
    await client.isUp();
    assert.match(client.alerts[0]!, /stale, silent for \d+ ms/);
  });

  it('renew before the venue would cut, without a loss', async (t) => {
    const server = await Server.start(t);
    const client = new Bench(t, server.url, { timings: { ...QUICK, renewAfterMs: 100 } });
    await until(() => client.sockets.counts.renewal >= 4, { what: 'renewals' });
    await until(() => server.clients.length === 2, { what: 'the old connections to close' });
    assert.ok(!client.events.some((event) => event.startsWith('lost')), client.events.join());
    assert.equal(client.sockets.isUp, true);
  });

  it('renew at once when the venue announces a shutdown', async (t) => {
    const server = await Server.start(t);
    const client = new Bench(t, server.url);
    await client.isUp();
    server.say('{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1}}');
    await until(() => client.sockets.counts.shutdown === 2, { what: 'the renewal' });
    await until(() => server.connections === 4 && server.clients.length === 2, {
      what: 'the switch',
    });
    assert.ok(!client.events.some((event) => event.startsWith('lost')));
  });

  it('subscribe in chunks when the streams do not fit a URL', async (t) => {
    const server = await Server.start(t);
    const symbols = Array.from({ length: 60 }, (_, i) => `SYMBOL${i}USDT`);
    const client = new Bench(t, server.url, { routes: usdmStreamPlan(symbols) });
    await client.isUp();
    await until(() => server.clients.every((one) => one.streams.length === 120), {
      what: 'streams',
    });
    assert.deepEqual(client.alerts, []);
  });

  it('stop for good', async (t) => {
    const server = await Server.start(t);
    const client = new Bench(t, server.url);
    await client.isUp();
    client.sockets.stop();
    await until(() => server.clients.length === 0, { what: 'the end' });
    const frames = client.count(FeedRoute.Book);
    server.say('{"stream":"abcusdt@depth","data":{}}');
    assert.equal(client.count(FeedRoute.Book), frames);
    assert.equal(server.connections, 2);
  });
});

describe('stream plan', () => {
  it('joins names in a URL, whatever slashes the endpoint ends in', () => {
    const [book] = usdmStreamPlan(['ABCUSDT'], { depthSpeed: '250ms' });
    assert.deepEqual(connectionOf('wss://host//', book!), {
      url: 'wss://host/public/stream?streams=abcusdt@depth/abcusdt@bookTicker',
      requests: [],
    });
  });

  it('asks in numbered chunks of fifty otherwise', () => {
    const symbols = Array.from({ length: 30 }, (_, i) => `LONGSYMBOLNUMBER${i}USDT`);
    const { url, requests } = connectionOf('wss://host', usdmStreamPlan(symbols)[1]!);
    assert.equal(url, 'wss://host/market/stream');
    const parsed = requests.map((text) => JSON.parse(text) as { params: string[]; id: number });
    assert.deepEqual(
      parsed.map(({ params, id }) => [params.length, id]),
      [
        [50, 1],
        [10, 2],
      ],
    );
  });
});
