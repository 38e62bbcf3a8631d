/**
 * server: the simulated exchange on 127.0.0.1: HTTP, stream sockets and the trading WebSocket.
 *
 * A timer steps the exchange to the present; a request does so first too, so that it meets the
 * market of its own moment. Nothing but loopback is bound, and requests from web pages of other
 * origins are refused.
 *
 * Writer    one thread. Units real ms since start = simulation ms.
 * Imports   node:http, node:stream, ws, base/errors, server/*.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import { EngineError } from '../../base/errors.ts';
import { splitUrl } from './in-process.ts';
import type { PeerKind, PeerSettings } from './peer.ts';
import { DEFAULT_PEER_SETTINGS, Peer } from './peer.ts';
import { spendWeight } from './rate-limits.ts';
import type { RestResponse } from './rest-types.ts';
import { handleRest } from './rest.ts';
import type { DisconnectTarget, ServiceOptions } from './service.ts';
import { ExchangeService } from './service.ts';
import { parseStreamPath, StreamSocket } from './stream-socket.ts';
import { VenueError } from './venue-error.ts';
import { WsApiSession } from './ws-api.ts';

export interface ServerOptions extends ServiceOptions {
  /** 0 picks a free one. */
  readonly port?: number;
  /** How often the market is stepped. */
  readonly stepEveryMs?: number;
  /** Calls `onIdleExit` when no client has been seen for this long; 0 never. */
  readonly idleExitMs?: number;
  readonly onIdleExit?: () => void;
  readonly peers?: Partial<PeerSettings>;
}

export interface RunningExchange {
  readonly port: number;
  readonly url: string;
  readonly wsUrl: string;
  readonly service: ExchangeService;
  /** Open sockets. */
  clientCount(): number;
  /** Slow clients that were cut off. */
  slowCount(): number;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const BODY_MAX_BYTES = 64 * 1024;
const STEP_EVERY_MS = 10;
/** A longer pause (a sleeping machine) is skipped, not simulated. */
const CATCH_UP_MAX_MS = 2000;
const TEND_EVERY_MS = 1000;
const HANDSHAKE_WEIGHT = 5;

class ExchangeServer {
  readonly service: ExchangeService;
  readonly #options: ServerOptions;
  readonly #http = createServer();
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: BODY_MAX_BYTES,
    perMessageDeflate: false,
  });
  readonly #peers = new Set<Peer>();
  readonly #peerSettings: PeerSettings;
  readonly #zeroMs = performance.now();
  #skippedMs = 0;
  #slowCount = 0;
  #lastSeenMs = 0;
  #nextTendMs = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.service = new ExchangeService({ startWallMs: Date.now(), ...options });
    this.#peerSettings = { ...DEFAULT_PEER_SETTINGS, ...options.peers };
    this.service.onDisconnect = (target) => this.#cut(target);
    this.service.socketCounters = () => ({
      clients: this.#peers.size,
      slowClientsCut: this.#slowCount,
    });
    this.#http.on('request', (request, response) => this.#onRequest(request, response));
    this.#http.on('upgrade', (request, stream: Duplex, head) => {
      this.#onUpgrade(request, stream, head);
    });
  }

  get peerCount(): number {
    return this.#peers.size;
  }

  get slowCount(): number {
    return this.#slowCount;
  }

  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#http.once('error', (error: NodeJS.ErrnoException) => {
        const port = this.#options.port ?? 0;
        reject(
          error.code === 'EADDRINUSE'
            ? new EngineError(
                'runtime/port-in-use',
                `port ${port} on ${HOST} is in use; choose another or 0`,
              )
            : error,
        );
      });
      this.#http.listen(this.#options.port ?? 0, HOST, () => {
        this.#timer = setInterval(() => this.#tick(), this.#options.stepEveryMs ?? STEP_EVERY_MS);
        resolve((this.#http.address() as AddressInfo).port);
      });
    });
  }

  close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    for (const peer of this.#peers) peer.terminate();
    this.#http.closeAllConnections();
    return new Promise((resolve) => {
      this.#sockets.close();
      this.#http.close(() => resolve());
    });
  }

  #elapsedMs(): number {
    return performance.now() - this.#zeroMs - this.#skippedMs;
  }

  #advance(): void {
    const behindMs = this.#elapsedMs() - this.service.nowMs;
    if (behindMs > CATCH_UP_MAX_MS) {
      const skippedMs = Math.floor(behindMs - CATCH_UP_MAX_MS);
      this.#skippedMs += skippedMs;
      this.service.startWallMs += skippedMs;
    }
    this.service.advanceTo(this.#elapsedMs());
  }

  #flush(): void {
    for (const peer of this.#peers) peer.flush();
  }

  #tick(): void {
    this.#advance();
    this.#flush();
    const nowMs = performance.now() - this.#zeroMs;
    if (nowMs < this.#nextTendMs) return;
    this.#nextTendMs = nowMs + TEND_EVERY_MS;
    for (const peer of this.#peers) peer.tend(nowMs);
    if (this.#peers.size > 0) this.#lastSeenMs = nowMs;
    const idleExitMs = this.#options.idleExitMs ?? 0;
    if (idleExitMs > 0 && nowMs - this.#lastSeenMs > idleExitMs) this.#options.onIdleExit?.();
  }

  #cut(target: DisconnectTarget): void {
    for (const peer of this.#peers) {
      if (target === 'all' || peer.kind === target) peer.terminate();
    }
  }

  #onRequest(request: IncomingMessage, response: ServerResponse): void {
    this.#lastSeenMs = performance.now() - this.#zeroMs;
    if (!isLocal(request)) {
      response.writeHead(403).end('{"code":-1002,"msg":"Only local clients are served."}');
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= BODY_MAX_BYTES) chunks.push(chunk);
    });
    request.on('end', () => {
      if (size > BODY_MAX_BYTES) {
        response.writeHead(413).end('{"code":-1130,"msg":"The body is too large."}');
        return;
      }
      this.#answer(request, Buffer.concat(chunks).toString('utf8'), response);
    });
  }

  #answer(request: IncomingMessage, body: string, response: ServerResponse): void {
    this.#advance();
    const [path, query] = splitUrl(request.url ?? '/');
    const headers = request.headers as Record<string, string | undefined>;
    const call = { method: request.method ?? 'GET', path, query, headers, body };
    handleRest(this.service, call, (answer: RestResponse) => {
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
    this.#flush();
  }

  #onUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const [path, query] = splitUrl(request.url ?? '/');
    const isWsApi = path === '/ws-fapi/v1';
    const streamPath = isWsApi ? null : parseStreamPath(path, query);
    if (!isLocal(request) || (!isWsApi && streamPath === null)) {
      stream.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
      return;
    }
    this.#advance();
    this.#sockets.handleUpgrade(request, stream, head, (socket: WebSocket) => {
      const kind: PeerKind = streamPath === null ? 'wsapi' : streamPath.streamClass;
      const peer = this.#addPeer(kind, socket, stream);
      if (streamPath === null) this.#serveApi(peer, socket, query);
      else {
        const session = new StreamSocket(this.service, peer, streamPath);
        this.#serve(
          peer,
          socket,
          (text) => session.receive(text),
          () => session.close(),
        );
      }
    });
    this.#flush();
  }

  #addPeer(kind: PeerKind, socket: WebSocket, stream: Duplex): Peer {
    const nowMs = performance.now() - this.#zeroMs;
    const peer = new Peer(kind, { socket, stream }, this.#peerSettings, nowMs, () => {
      this.#slowCount += 1;
    });
    this.#peers.add(peer);
    return peer;
  }

  #serveApi(peer: Peer, socket: WebSocket, query: string): void {
    try {
      spendWeight(this.service.wsWeight, HANDSHAKE_WEIGHT, this.service.wallNowMs);
    } catch (error) {
      if (!(error instanceof VenueError)) throw error;
      peer.close(1008, error.message);
    }
    const showLimits = new URLSearchParams(query).get('returnRateLimits') !== 'false';
    const session = new WsApiSession(this.service, showLimits);
    const receive = (text: string): void => {
      session.handle(text, (reply) => peer.send(reply));
    };
    this.#serve(peer, socket, receive, () => {});
  }

  #serve(
    peer: Peer,
    socket: WebSocket,
    receive: (text: string) => void,
    onClose: () => void,
  ): void {
    socket.on('message', (payload: Buffer) => {
      this.#advance();
      receive(payload.toString('utf8'));
      this.#flush();
    });
    socket.on('error', () => peer.terminate());
    socket.on('close', () => {
      this.#peers.delete(peer);
      this.#lastSeenMs = performance.now() - this.#zeroMs;
      onClose();
    });
  }
}

const LOCAL_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;
const LOCAL_ORIGIN = /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/** Loopback by name as well: a web page that points its own name at 127.0.0.1 is not served. */
function isLocal(request: IncomingMessage): boolean {
  if (!LOCAL_HOST.test(request.headers.host ?? '')) return false;
  const origin = request.headers.origin;
  return origin === undefined || LOCAL_ORIGIN.test(origin);
}

export async function startExchangeServer(options: ServerOptions = {}): Promise<RunningExchange> {
  const server = new ExchangeServer(options);
  const port = await server.listen();
  return {
    port,
    url: `http://${HOST}:${port}`,
    wsUrl: `ws://${HOST}:${port}`,
    service: server.service,
    clientCount: () => server.peerCount,
    slowCount: () => server.slowCount,
    close: () => server.close(),
  };
}
