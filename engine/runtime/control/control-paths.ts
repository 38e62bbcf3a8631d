/**
 * control-paths: where the control socket, its token and the lock of a data folder lie.
 *
 * A Unix socket's path may be 104 to 108 bytes: a longer one becomes a hashed name in a private
 * folder under the system's temporary one. On Windows it is a named pipe, named by the hash.
 * Imports   base.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EngineError } from '../../base/errors.ts';

export interface ControlPaths {
  readonly socket: string;
  readonly token: string;
  readonly lock: string;
}

/** macOS takes 104 bytes with the closing zero. */
const SOCKET_PATH_BYTES_MAX = 100;

export function controlPaths(dataFolder: string, platform = process.platform): ControlPaths {
  const folder = path.resolve(dataFolder);
  return {
    socket: socketPath(folder, platform),
    token: path.join(folder, 'control.token'),
    lock: path.join(folder, 'engine.lock'),
  };
}

function socketPath(folder: string, platform: string): string {
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 24);
  if (platform === 'win32') return `\\\\.\\pipe\\tickdeck-${hash}`;
  const near = path.join(folder, 'control.sock');
  if (Buffer.byteLength(near) <= SOCKET_PATH_BYTES_MAX) return near;
  return path.join(privateTempFolder(), `${hash}.sock`);
}

function privateTempFolder(): string {
  return path.join(os.tmpdir(), `tickdeck-${os.userInfo().uid}`);
}

/** Makes the socket's folder, and refuses one that others may write or that is not ours. */
export function prepareSocketFolder(socket: string): void {
  if (socket.startsWith('\\\\')) return;
  const folder = path.dirname(socket);
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (folder !== privateTempFolder()) return;
  const { uid, mode } = fs.lstatSync(folder);
  if (uid === os.userInfo().uid && (mode & 0o077) === 0) return;
  throw new EngineError(
    'runtime/unauthorised',
    `${folder}: belongs to someone else or is open to others; remove it, or use a shorter path`,
    { folder },
  );
}
