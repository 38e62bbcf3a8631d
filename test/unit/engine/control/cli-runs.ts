/**
 * cli-runs: commands as real processes, and a control server for them to talk to.
 *
 * Imports   engine/runtime/control, test/support.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { ControlServer } from '../../../../engine/runtime/control/control-server.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { FakeControl } from './fake-control.ts';

const MAIN = path.resolve(import.meta.dirname, '../../../../engine/cli/main.ts');
export const SLOW_MS = 20_000;

export interface Run {
  readonly child: ChildProcess;
  readonly output: { out: string; err: string };
  /** Resolves with the exit code. */
  readonly code: Promise<number>;
}

export function start(t: TestContext, base: string, ...args: string[]): Run {
  const home = { HOME: base, XDG_CONFIG_HOME: '', XDG_DATA_HOME: '' };
  const child = spawn(process.execPath, [MAIN, ...args, '--data-dir', base], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...home },
  });
  t.after(() => child.kill('SIGKILL'));
  const output = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.err += text));
  const code = once(child, 'close').then(([exit]) => exit as number);
  return { child, output, code };
}

export async function served(t: TestContext, leaseMs = 3_000) {
  const base = tempDir(t);
  const folder = path.join(base, 'sim-main');
  fs.mkdirSync(folder);
  const handler = new FakeControl(leaseMs);
  const server = new ControlServer({ dataFolder: folder, handler });
  await server.start();
  t.after(() => server.stop());
  return { base, folder, handler, server };
}

export function kinds(handler: FakeControl): string[] {
  return handler.commands.map(({ kind }) => kind);
}
