/**
 * browser-shell: shows the window in a browser: http for its files, one WebSocket per terminal.
 *
 * It listens on 127.0.0.1 and nowhere else. The URL it returns carries a random token; opening it
 * puts the token into a cookie (HttpOnly, SameSite=Strict) and goes on to a clean address, so
 * that the token stays out of history and referrers. Without that cookie nothing is served.
 *
 * Errors    EngineError 'runtime/port-in-use', 'runtime/not-available' (the window is not built).
 * Imports   base, contract; node, ws.
 */
import { randomBytes } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { EngineError, messageOf } from '../base/errors.ts';
import type { LinkEvents, LinkPort } from '../contract/link.ts';
import { LINK_MESSAGE_BYTES_MAX } from '../contract/validate.ts';
import {
  cookieValue,
  isOwnOrigin,
  isSameToken,
  localHost,
  securityHeaders,
  sessionCookie,
} from './http-guard.ts';
import { refusalPage, welcomePage } from './pages.ts';
import { attachSocket, SocketPort } from './socket-port.ts';
import { findStaticFile } from './static-files.ts';

export const LINK_PATH = '/link';
export const TERMINALS_MAX = 16;
const TOKEN_BYTES = 32;
const REQUEST_BYTES_MAX = 16_384;

export interface TerminalInfo {
  /** Counts up from 1 over the life of the shell. */
  readonly number: number;
  readonly userAgent: string;
}

export interface BrowserShellOptions {
  /** Folder of the built window; it must hold index.html. */
  readonly root: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** A token to keep over a restart of the engine; random when absent. */
  readonly token?: string;
  onTerminal(port: LinkPort, info: TerminalInfo): LinkEvents;
}

export interface BrowserShell {
  /** Address to open, with the token. */
  readonly url: string;
  readonly port: number;
  readonly token: string;
  close(): Promise<void>;
}

export async function startBrowserShell(options: BrowserShellOptions): Promise<BrowserShell> {
  const root = path.resolve(options.root);
  if (!existsSync(path.join(root, 'index.html'))) {
    throw new EngineError(
      'runtime/not-available',
      `the window is not built: ${path.join(root, 'index.html')} is missing; run: npm run build`,
    );
  }
  const token = options.token ?? randomBytes(TOKEN_BYTES).toString('base64url');
  const server = createServer({ maxHeaderSize: REQUEST_BYTES_MAX });
  const port = await listen(server, options.port);
  const door = new Door(root, token, `tickdeck_${port}`);
  server.on('request', (request, response) => void door.answer(request, response));
  const sockets = acceptTerminals(server, door, options);
  return {
    url: `http://127.0.0.1:${port}/?token=${token}`,
    port,
    token,
    close: () => closeShell(server, sockets),
  };
}

async function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, port)));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function listenError(error: NodeJS.ErrnoException, port: number): EngineError {
  if (error.code === 'EADDRINUSE') {
    return new EngineError(
      'runtime/port-in-use',
      `port ${port} on 127.0.0.1 is in use: stop the program that has it, choose another with ` +
        '--port, or let the system choose with --port 0',
      { port },
      error,
    );
  }
  return new EngineError(
    'runtime/not-available',
    `cannot listen on 127.0.0.1:${port}: ${messageOf(error)}`,
    { port },
    error,
  );
}

/** Decides who gets in, and serves files to them. */
class Door {
  readonly #root: string;
  readonly #token: string;
  readonly #cookie: string;

  constructor(root: string, token: string, cookie: string) {
    this.#root = root;
    this.#token = token;
    this.#cookie = cookie;
  }

  isKnown(request: IncomingMessage): boolean {
    return isSameToken(cookieValue(request.headers, this.#cookie), this.#token);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#answer(request, response);
    } catch (error) {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(`the file could not be read: ${messageOf(error)}\n`);
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const host = localHost(request.headers);
    if (host === null) {
      refuse(response, '127.0.0.1', 'this host name is not this machine');
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { ...securityHeaders(host), allow: 'GET, HEAD' }).end();
      return;
    }
    const url = URL.parse(request.url ?? '/', `http://${host}`);
    const given = url?.searchParams.get('token') ?? null;
    if (url === null) refuse(response, host, 'the address is malformed');
    else if (given !== null) this.#welcome(request, response, host, given);
    else if (!this.isKnown(request)) refuse(response, host, 'the token is missing or wrong');
    else await this.#serve(request, response, host, url.pathname);
  }

  /** Trades the token of the URL for a cookie and goes on to the clean address. */
  #welcome(request: IncomingMessage, response: ServerResponse, host: string, given: string): void {
    if (!isSameToken(given, this.#token)) {
      refuse(response, host, 'the token is missing or wrong');
      return;
    }
    const headers = {
      ...securityHeaders(host),
      'cache-control': 'no-store',
      'set-cookie': sessionCookie(this.#cookie, this.#token),
    };
    // After a click on another site a redirect would still count as that site's request, and the
    // strict cookie would not be sent; a page that goes on by itself starts afresh.
    const site = request.headers['sec-fetch-site'] ?? 'none';
    if (site === 'none' || site === 'same-origin') {
      response.writeHead(303, { ...headers, location: '/' }).end();
      return;
    }
    const type = { 'content-type': 'text/html; charset=utf-8' };
    response.writeHead(200, { ...headers, ...type, refresh: '0; url=/' }).end(welcomePage());
  }

  async #serve(
    request: IncomingMessage,
    response: ServerResponse,
    host: string,
    pathname: string,
  ): Promise<void> {
    const file = await findStaticFile(this.#root, pathname);
    if (file === null) {
      const headers = { ...securityHeaders(host), 'content-type': 'text/plain; charset=utf-8' };
      response.writeHead(404, headers).end('there is no such file\n');
      return;
    }
    response.writeHead(200, {
      ...securityHeaders(host),
      'content-type': file.type,
      'content-length': file.bytes,
      'cache-control': file.cacheControl,
    });
    if (request.method === 'HEAD') response.end();
    else
      createReadStream(file.path)
        .on('error', () => response.destroy())
        .pipe(response);
  }
}

function refuse(response: ServerResponse, host: string, why: string): void {
  response.writeHead(403, {
    ...securityHeaders(host),
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(refusalPage(why));
}

function acceptTerminals(
  server: Server,
  door: Door,
  options: BrowserShellOptions,
): WebSocketServer {
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: LINK_MESSAGE_BYTES_MAX,
    clientTracking: true,
  });
  let terminals = 0;
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    // A peer that goes away in mid-handshake is no error of ours.
    stream.on('error', () => stream.destroy());
    const wrong = upgradeRefusal(request, door, sockets.clients.size);
    if (wrong !== null) {
      stream.end(`HTTP/1.1 ${wrong}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      terminals += 1;
      const userAgent = (request.headers['user-agent'] ?? '').slice(0, 200);
      const events = options.onTerminal(new SocketPort(socket), { number: terminals, userAgent });
      attachSocket(socket, events);
    });
  });
  return sockets;
}

/** Status line of a refusal, or null when the terminal may come in. */
function upgradeRefusal(request: IncomingMessage, door: Door, terminals: number): string | null {
  const host = localHost(request.headers);
  if (host === null || !isOwnOrigin(request.headers, host)) return '403 Forbidden';
  if (!door.isKnown(request)) return '403 Forbidden';
  if ((request.url ?? '').split('?')[0] !== LINK_PATH) return '404 Not Found';
  return terminals >= TERMINALS_MAX ? '503 Service Unavailable' : null;
}

async function closeShell(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const socket of sockets.clients) socket.terminate();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
