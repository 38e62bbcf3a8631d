/**
 * app-files: the window's files under app://main/, and the headers that make the page isolated
 * (shared memory needs it) and shut.
 *
 * Only files below the built window's folder are answered; a path that leaves it, names a hidden
 * file or follows a link out is answered as if there were no such file. The window needs no
 * network: `connect-src` is the page's own address.
 *
 * Imports   contract, shell (the same rules as the browser shell).
 */
import { readFile } from 'node:fs/promises';
import { APP_HOST } from '../../engine/contract/bridge.ts';
import { pageHeaders } from '../../engine/shell/http-guard.ts';
import { findStaticFile } from '../../engine/shell/static-files.ts';

export const APP_HEADERS = pageHeaders("'self'");

export async function answer(root: string, request: Request): Promise<Response> {
  const url = URL.parse(request.url);
  if (url === null || url.host !== APP_HOST) return plain(404, 'there is no such address');
  if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, 'only GET');
  const file = await findStaticFile(root, url.pathname);
  if (file === null) return plain(404, 'there is no such file');
  const headers = {
    ...APP_HEADERS,
    'content-type': file.type,
    'cache-control': file.cacheControl,
  };
  if (request.method === 'HEAD') return new Response(null, { headers });
  return new Response(new Uint8Array(await readFile(file.path)), { headers });
}

function plain(status: number, text: string): Response {
  const headers = { ...APP_HEADERS, 'content-type': 'text/plain; charset=utf-8' };
  return new Response(`${text}\n`, { status, headers });
}
