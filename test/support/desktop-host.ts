/**
 * desktop-host: starts a built main file in the Electron test host and plays person and system.
 *
 * Imports   ./debug-chromium, ./until; test/electron-host (names).
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import type { Operations } from '../electron-host/control.ts';
import type { DebugChromium } from './debug-chromium.ts';
import { repositoryRoot } from './repository.ts';
import { until } from './until.ts';

/** That the host says what Electron says; the compiler looks at it. */
export type { Proof } from '../electron-host/typed.ts';

const REGISTER = fileURLToPath(new URL('../electron-host/register.ts', import.meta.url));
/** A start takes half a minute on a machine that is busy with other work. */
const PAGE_MS = 60_000;

export interface DesktopOptions {
  readonly main: string;
  readonly chromium: DebugChromium;
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Folder of Electron's own files; a new one when absent. */
  readonly folder?: string;
  readonly appFolder?: string;
  readonly secretBackend?: string;
}

type Answer<Name extends keyof Operations> = Awaited<ReturnType<Operations[Name]>>;

export class DesktopHost {
  readonly folder: string;
  readonly sentFile: string;
  readonly #child: ChildProcess;
  readonly #chromium: DebugChromium;
  readonly #ownsFolder: boolean;
  readonly #browsers: Browser[] = [];
  readonly #waiting = new Map<number, [(value: unknown) => void, (error: Error) => void]>();
  #asked = 0;
  #output = '';
  #exitCode: number | null = null;

  constructor(options: DesktopOptions) {
    const { main, chromium, args = [], env = {} } = options;
    this.#chromium = chromium;
    this.#ownsFolder = options.folder === undefined;
    this.folder = options.folder ?? mkdtempSync(path.join(tmpdir(), 'tickdeck-desktop-'));
    this.sentFile = path.join(this.folder, 'sent-to-windows.txt');
    const hostEnv = {
      ...process.env,
      ...env,
      ELECTRON_HOST_CHROMIUM: chromium.url,
      ELECTRON_HOST_FOLDER: this.folder,
      ELECTRON_HOST_APP: options.appFolder ?? repositoryRoot,
      ELECTRON_HOST_SECRETS: options.secretBackend ?? 'gnome_libsecret',
      ELECTRON_HOST_SENT: this.sentFile,
    };
    const child = spawn(process.execPath, ['--import', REGISTER, main, ...args], {
      cwd: repositoryRoot,
      env: hostEnv,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'advanced',
    });
    this.#child = child;
    child.stdout?.on('data', (part: Buffer) => (this.#output += part.toString()));
    child.stderr?.on('data', (part: Buffer) => (this.#output += part.toString()));
    child.on('message', (answer) => this.#receive(answer as Record<string, unknown>));
    child.on('exit', (code, signal) => this.#onExit(code ?? (signal === null ? 1 : -1)));
  }

  /** What main and its children wrote. */
  get output(): string {
    return this.#output;
  }

  /** Null while the main process runs. */
  get exitCode(): number | null {
    return this.#exitCode;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  ask<Name extends keyof Operations>(
    name: Name,
    ...args: Parameters<Operations[Name]>
  ): Promise<Answer<Name>> {
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      if (this.#exitCode !== null || !this.#child.connected) {
        reject(new Error(`the desktop ended with ${this.#exitCode}\n${this.#output}`));
        return;
      }
      this.#waiting.set(id, [(value) => resolve(value as Answer<Name>), reject]);
      this.#child.send({ id, name, args }, (error) => error !== null && reject(error));
    });
  }

  /**
   * The page of a window, the first when none is named, over a new connection: also good after a
   * crash of the page.
   */
  async page(at = 0): Promise<Page> {
    const pageUrl = await until(async () => (await this.ask('windows'))[at]?.pageUrl, {
      what: 'a window with a page',
      timeoutMs: PAGE_MS,
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${this.#output}`);
    });
    const browser = await this.#chromium.connect();
    this.#browsers.push(browser);
    const { host } = new URL(pageUrl);
    return until(
      () =>
        browser
          .contexts()
          .flatMap((context) => context.pages())
          .find((page) => (at === 0 ? page.url().includes(host) : page.url() === pageUrl)),
      { what: `the page of ${pageUrl}`, timeoutMs: PAGE_MS },
    );
  }

  async ended(timeoutMs = PAGE_MS): Promise<number> {
    await until(() => this.#exitCode !== null, { what: 'the end of the desktop', timeoutMs });
    return this.#exitCode ?? -1;
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.#child.kill(signal);
  }

  /** Ends whatever still runs and takes its folder away. */
  async close(): Promise<void> {
    for (const browser of this.#browsers) await browser.close().catch(() => undefined);
    if (this.#exitCode === null) {
      this.kill();
      await this.ended();
    }
    if (this.#ownsFolder) rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  #receive({ id, value, error }: Record<string, unknown>): void {
    const [resolve, reject] = this.#waiting.get(Number(id)) ?? [];
    this.#waiting.delete(Number(id));
    if (error === undefined) resolve?.(value);
    else reject?.(new Error(error as string));
  }

  #onExit(code: number): void {
    this.#exitCode = code;
    for (const [, reject] of this.#waiting.values()) reject(new Error('the desktop ended'));
    this.#waiting.clear();
  }
}
