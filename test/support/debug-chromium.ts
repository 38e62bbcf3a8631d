/**
 * debug-chromium: a headless Chromium that several programs may speak with: the Electron test host
 * makes its windows there, the test drives them.
 *
 * Imports   playwright-core.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { CHROMIUM_FLAGS, chromiumPath } from './chromium.ts';

export interface DebugChromium {
  /** Debugging address. */
  readonly url: string;
  /** A connection of its own, with a fresh view of all pages. */
  connect(): Promise<Browser>;
  close(): Promise<void>;
}

const START_MS = 60_000;

/** Nobody looks at these windows; they run as if somebody did. */
const IN_FRONT = [
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  '--disable-background-timer-throttling',
  '--disable-features=CalculateNativeWinOcclusion,Translate,MediaRouter,OptimizationHints',
  '--disable-default-apps',
  '--disable-extensions',
  '--disable-hang-monitor',
  '--disable-ipc-flooding-protection',
  '--no-default-browser-check',
  '--no-service-autorun',
  '--force-color-profile=srgb',
  '--password-store=basic',
];

export async function startDebugChromium(): Promise<DebugChromium> {
  const profile = mkdtempSync(path.join(tmpdir(), 'tickdeck-chromium-'));
  const args = [
    ...CHROMIUM_FLAGS,
    '--headless=new',
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
    ...IN_FRONT,
    '--hide-scrollbars',
    '--mute-audio',
    'about:blank',
  ];
  const child = spawn(chromiumPath(), args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const url = await debuggingUrl(child);
  return {
    url,
    connect: () => chromium.connectOverCDP(url),
    close: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function debuggingUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const fail = (): void => reject(new Error(`Chromium did not start:\n${text}`));
    const timer = setTimeout(fail, START_MS);
    child.once('exit', fail);
    child.stderr?.on('data', (part: Buffer) => {
      text += part.toString();
      const url = /DevTools listening on (ws:\S+)/.exec(text)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      child.removeListener('exit', fail);
      resolve(url);
    });
  });
}
