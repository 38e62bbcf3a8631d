/**
 * exchange-process: finds the simulated exchange of a data folder, or starts it.
 *
 * It is a process of its own beside the engine: it outlives an engine's crash, is found again
 * through its port file by the next engine, and ends itself a minute after its last client.
 *
 * Errors    EngineError 'venue/unreachable' when it does not come up in time.
 * Imports   base, node.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EngineError } from '../base/errors.ts';

export interface ExchangeAddress {
  /** http://127.0.0.1:port */
  readonly url: string;
  /** ws://127.0.0.1:port */
  readonly wsUrl: string;
  readonly port: number;
  readonly pid: number;
}

export interface ExchangeLaunch {
  readonly dataFolder: string;
  readonly seed: number;
  /** Market messages a second, all instruments together. */
  readonly rate: number;
  readonly idleExitSeconds: number;
}

/** Starts a process; plain Node forks, the desktop shell starts a utility process. */
export interface ProcessHost {
  start(entry: string, args: readonly string[]): void;
}

const UP_TIMEOUT_MS = 15_000;
const POLL_MS = 50;

export const nodeProcessHost: ProcessHost = {
  start(entry, args) {
    const child = spawn(process.execPath, [entry, ...args], { detached: true, stdio: 'ignore' });
    child.unref();
  },
};

/** Address of a live exchange of this data folder, starting one when there is none. */
export async function ensureExchange(
  launch: ExchangeLaunch,
  host: ProcessHost = nodeProcessHost,
): Promise<ExchangeAddress & { readonly found: boolean }> {
  mkdirSync(launch.dataFolder, { recursive: true, mode: 0o700 });
  const portFile = join(launch.dataFolder, 'exchange.json');
  const old = readAddress(portFile);
  if (old !== null && (await answers(old))) return { ...old, found: true };
  rmSync(portFile, { force: true });
  host.start(exchangeEntry(), exchangeArguments(launch, portFile));
  const deadline = Date.now() + UP_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const address = readAddress(portFile);
    if (address !== null && (await answers(address))) return { ...address, found: false };
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new EngineError(
    'venue/unreachable',
    `the simulated exchange did not answer within ${UP_TIMEOUT_MS / 1000} s; ` +
      `see whether ${portFile} can be written`,
  );
}

/** Every instrument the exchange trades. */
export async function listedSymbols(address: ExchangeAddress): Promise<readonly string[]> {
  const response = await fetch(`${address.url}/fapi/v1/exchangeInfo`);
  const info = (await response.json()) as { symbols?: readonly { symbol: string }[] };
  return (info.symbols ?? []).map((each) => each.symbol);
}

function exchangeEntry(): string {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  return fileURLToPath(new URL(`../exchange/entry${extension}`, import.meta.url));
}

function exchangeArguments(launch: ExchangeLaunch, portFile: string): string[] {
  const args = ['--port', '0', '--seed', String(launch.seed), '--rate', String(launch.rate)];
  args.push('--portfile', portFile, '--idle-exit-seconds', String(launch.idleExitSeconds));
  return args;
}

function readAddress(portFile: string): ExchangeAddress | null {
  try {
    const value = JSON.parse(readFileSync(portFile, 'utf8')) as ExchangeAddress;
    const isWhole = typeof value.url === 'string' && typeof value.wsUrl === 'string';
    return isWhole && Number.isInteger(value.port) ? value : null;
  } catch {
    // No file yet, or one that is being written.
    return null;
  }
}

async function answers(address: ExchangeAddress): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(1000);
    const response = await fetch(`${address.url}/fapi/v1/time`, { signal });
    return response.ok;
  } catch {
    return false;
  }
}
