/**
 * instance-lock: one instance for a userData folder. The first listens on a socket there; another
 * hands over its arguments and is told to go.
 *
 * The check is at once, as Electron's is: a lock file names the first instance's process.
 *
 * Imports   node.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import path from 'node:path';

export interface OtherInstance {
  readonly argv: readonly string[];
  readonly workingFolder: string;
  readonly additionalData: unknown;
}

export interface InstanceLock {
  readonly isFirst: boolean;
  release(): void;
}

export function lockInstance(
  folder: string,
  additionalData: unknown,
  onOther: (other: OtherInstance) => void,
): InstanceLock {
  mkdirSync(folder, { recursive: true });
  const lockFile = path.join(folder, 'SingletonLock');
  const address = path.join(folder, 'instance.sock');
  if (!takeFile(lockFile)) {
    const other = { argv: process.argv, workingFolder: process.cwd(), additionalData };
    const socket = connect(address, () => socket.end(JSON.stringify(other)));
    socket.on('error', () => undefined);
    return { isFirst: false, release: () => undefined };
  }
  rmSync(address, { force: true });
  const server = createServer((socket) => {
    let text = '';
    socket.on('data', (part) => (text += part.toString()));
    socket.on('end', () => onOther(JSON.parse(text) as OtherInstance));
  });
  server.listen(address);
  server.unref();
  return {
    isFirst: true,
    release: () => {
      server.close();
      rmSync(lockFile, { force: true });
    },
  };
}

function takeFile(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (isAlive(Number(readFileSync(file, 'utf8')))) return false;
    writeFileSync(file, String(process.pid));
    return true;
  }
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}
