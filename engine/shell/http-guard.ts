/**
 * http-guard: who may speak to the browser shell, and what every answer says about itself.
 *
 * Three doors: the Host must be a name of this machine (a page elsewhere that rebinds its DNS
 * name to 127.0.0.1 still sends its own), the token must be right (compared in constant time),
 * and a socket's Origin must be the very page that this shell served. The port in Host is not
 * compared: through an SSH tunnel it is another one.
 *
 * Imports   node.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const LOCAL_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** The Host header when it names this machine, else null. */
export function localHost(headers: IncomingHttpHeaders): string | null {
  const host = headers.host ?? '';
  const match = /^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/i.exec(host);
  return match !== null && LOCAL_NAMES.has((match[1] ?? '').toLowerCase()) ? host : null;
}

/** True when the page that opens a socket is the one served under this very host. */
export function isOwnOrigin(headers: IncomingHttpHeaders, host: string): boolean {
  return headers.origin === `http://${host}`;
}

/** Constant time whatever the lengths. */
export function isSameToken(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Value of one cookie, or ''. */
export function cookieValue(headers: IncomingHttpHeaders, name: string): string {
  for (const part of (headers.cookie ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name) return value ?? '';
  }
  return '';
}

export function sessionCookie(name: string, token: string): string {
  return `${name}=${token}; Path=/; HttpOnly; SameSite=Strict`;
}

/** Headers of every answer. The window shares memory between threads: it must be isolated. */
export function securityHeaders(host: string): Readonly<Record<string, string>> {
  return pageHeaders(`'self' ws://${host}`);
}

/** The same for any shell; `connect` says where the page may open a connection to. */
export function pageHeaders(connect: string): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    `connect-src ${connect}`,
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
  };
}
