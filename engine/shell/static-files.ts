/**
 * static-files: the built window's files, and nothing else of the machine.
 *
 * A request names a file below the root by its decoded path. Anything that leaves the root, names a
 * hidden file or follows a link out of it is answered as if it did not exist.
 *
 * Imports   node.
 */
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm',
  '.map': 'application/json',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

export interface StaticFile {
  readonly path: string;
  readonly type: string;
  readonly bytes: number;
  /** Names with a content hash never change; pages are always asked for again. */
  readonly cacheControl: string;
}

/** The file that a request path means, or null. */
export async function findStaticFile(root: string, pathname: string): Promise<StaticFile | null> {
  const relative = relativePath(pathname);
  if (relative === null) return null;
  const file = path.join(root, relative);
  const real = await realpath(file).catch(() => null);
  const realRoot = await realpath(root).catch(() => null);
  if (real === null || realRoot === null || !real.startsWith(realRoot + path.sep)) return null;
  const found = await stat(real).catch(() => null);
  if (found === null || !found.isFile()) return null;
  const type = TYPES[path.extname(real).toLowerCase()];
  if (type === undefined) return null;
  const isHashed = relative.startsWith(`assets${path.sep}`);
  const cacheControl = isHashed ? 'private, max-age=31536000, immutable' : 'no-store';
  return { path: real, type, bytes: found.size, cacheControl };
}

function relativePath(pathname: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (!decoded.startsWith('/') || /[\0\\]/.test(decoded)) return null;
  const parts = decoded.slice(1).split('/');
  if (parts.some((part) => part.startsWith('.'))) return null;
  const last = parts.at(-1);
  if (last === '') parts[parts.length - 1] = 'index.html';
  return parts.join(path.sep);
}
