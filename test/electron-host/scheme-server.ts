/**
 * scheme-server: serves what `protocol.handle` answers, so that Chromium can load it.
 *
 * `app://main/index.html` becomes `http://main.app.localhost:<port>/index.html`: an origin of its
 * own, on loopback, trustworthy to Chromium, with the handler's own headers and status. Paths stay
 * as they are. What differs: the scheme's privileges are not tested, and the page reads an http
 * address.
 *
 * Imports   ./page/scripts.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { workerScript } from './page/scripts.ts';

export type SchemeHandler = (request: Request) => Response | Promise<Response>;

const handlers = new Map<string, SchemeHandler>();
const privileged = new Set<string>();
let port = 0;

const server = createServer((request, response) => void answer(request, response));

export async function startSchemeServer(): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
}

export const protocol = {
  registerSchemesAsPrivileged: (schemes: readonly { readonly scheme: string }[]): void => {
    if (privileged.size > 0) throw new Error('registerSchemesAsPrivileged may be called once');
    for (const { scheme } of schemes) privileged.add(scheme);
  },
  handle: (scheme: string, handler: SchemeHandler): void => {
    if (handlers.has(scheme)) throw new Error(`the scheme ${scheme} is handled already`);
    handlers.set(scheme, handler);
  },
  unhandle: (scheme: string): void => void handlers.delete(scheme),
  isProtocolHandled: (scheme: string): boolean => handlers.has(scheme),
};

/** The address under which Chromium loads `url`. */
export function toPageUrl(url: string): string {
  const { protocol: scheme, hostname, pathname, search, hash } = new URL(url);
  const name = scheme.slice(0, -1);
  if (!handlers.has(name)) return url;
  return `http://${hostname}.${name}.localhost:${port}${pathname}${search}${hash}`;
}

/** The address that the product knows for what Chromium has loaded. */
export function fromPageUrl(url: string): string {
  const match = /^http:\/\/([^./]+)\.([^./]+)\.localhost:(\d+)(.*)$/.exec(url);
  if (match === null || Number(match[3]) !== port) return url;
  return `${match[2]}://${match[1]}${match[4]}`;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = fromPageUrl(`http://${request.headers.host}${request.url}`);
  const handler = handlers.get(url.split(':')[0] ?? '');
  if (handler === undefined) {
    response.writeHead(404).end();
    return;
  }
  const given = await handler(new Request(url, { method: request.method ?? 'GET' }));
  const body = Buffer.from(await given.arrayBuffer());
  const isWorker = request.headers['sec-fetch-dest'] === 'worker' && given.ok;
  const guarded = isWorker ? Buffer.concat([Buffer.from(workerScript()), body]) : body;
  response.writeHead(given.status, Object.fromEntries(given.headers));
  response.end(guarded);
}
