/**
 * web-contents: what a window shows, and the messages between it and the main process.
 *
 * Imports   ./app, ./browser, ./clone, ./events, ./ipc-main, ./page*, ./ports, ./scheme-server,
 *           ./session, ./settings.
 */
import type * as Electron from 'electron';
import { EventEmitter } from 'node:events';
import { appendFileSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { hostApp } from './app.ts';
import { browserContext, chromium } from './browser.ts';
import { fromBytes, toBytes } from './clone.ts';
import { makeEvent } from './events.ts';
import { ipcMain } from './ipc-main.ts';
import { PageSession, type PageEvents } from './page-session.ts';
import { makeCodec, nodeBase64 } from './page/codec.ts';
import { closePort, closePortsAt, giveAway, route, settlePort, type PortPlace } from './ports.ts';
import { fromPageUrl, toPageUrl } from './scheme-server.ts';
import { session, type HostSession } from './session.ts';
import { hostSettings } from './settings.ts';

export interface WebPreferences {
  readonly preload?: string;
  readonly session?: HostSession;
  readonly partition?: string;
  readonly additionalArguments?: readonly string[];
  readonly [name: string]: unknown;
}

interface FromPage {
  readonly kind: 'hello' | 'send' | 'invoke' | 'port' | 'close' | 'open';
  readonly id: number;
  readonly channel: string;
  readonly args: readonly unknown[];
  readonly data: unknown;
  readonly url: string;
}

type OpenHandler = (details: Electron.HandlerDetails) => { readonly action: 'allow' | 'deny' };

const codec = makeCodec(nodeBase64);
const all = new Map<number, HostContents>();
let lastId = 0;

export class HostContents extends EventEmitter {
  readonly id = ++lastId;
  readonly session: HostSession;
  readonly hostPreferences: WebPreferences;
  readonly mainFrame: object;
  readonly hostOpened: string[] = [];
  readonly hostConsole: string[] = [];
  readonly #page: Promise<PageSession>;
  #live: PageSession | null = null;
  #place: PortPlace = this.#newPlace();
  #url = '';
  #openHandler: OpenHandler | null = null;
  #zoom = 1;
  #hasTools = false;
  #isCrashed = false;
  #isDestroyed = false;
  hostOnTitle: (title: string) => void = () => undefined;
  hostOnLoaded: () => void = () => undefined;

  constructor(preferences: WebPreferences, size: { width: number; height: number }) {
    super();
    refuseUnsafe(preferences);
    this.hostPreferences = preferences;
    this.session = preferences.session ?? session.fromPartition(preferences.partition ?? '');
    this.mainFrame = this.#makeFrame();
    all.set(this.id, this);
    this.#page = this.#open(size);
    this.#page.catch((error: unknown) => hostApp.emit('error', error));
    setImmediate(() => hostApp.emit('web-contents-created', {}, this));
  }

  send(channel: string, ...args: unknown[]): void {
    this.#ipc(channel, args, []);
  }

  postMessage(channel: string, message: unknown, transfer: readonly unknown[] = []): void {
    const args = [fromBytes(toBytes(message))];
    const ports = giveAway(transfer);
    this.#ipc(channel, args, ports);
    for (const port of ports) settlePort(port, this.#place);
  }

  async loadURL(url: string): Promise<void> {
    const page = await this.#page;
    const loaded = new Promise((resolve) => this.once('did-stop-loading', resolve));
    this.emit('did-start-loading');
    this.#startNavigation(url);
    await page.navigate(toPageUrl(url));
    await loaded;
  }

  loadFile(file: string): Promise<void> {
    return this.loadURL(pathToFileURL(file).href);
  }

  reload(): void {
    this.#isCrashed = false;
    this.#startNavigation(this.#url);
    void this.#page.then((page) => page.reload());
  }

  reloadIgnoringCache(): void {
    this.reload();
  }

  stop(): void {}

  getURL(): string {
    return this.#url;
  }

  getTitle(): string {
    return '';
  }

  getType(): 'window' {
    return 'window';
  }

  getOSProcessId(): number {
    return 0;
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  isCrashed(): boolean {
    return this.#isCrashed;
  }

  isLoading(): boolean {
    return false;
  }

  isFocused(): boolean {
    return true;
  }

  focus(): void {}

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler;
  }

  setBackgroundThrottling(_isAllowed: boolean): void {}

  setWebRTCIPHandlingPolicy(_policy: string): void {}

  async setVisualZoomLevelLimits(_least: number, _most: number): Promise<void> {}

  setZoomFactor(factor: number): void {
    this.#zoom = factor;
  }

  getZoomFactor(): number {
    return this.#zoom;
  }

  setZoomLevel(level: number): void {
    this.#zoom = 1.2 ** level;
  }

  getZoomLevel(): number {
    return Math.log(this.#zoom) / Math.log(1.2);
  }

  openDevTools(): void {
    this.#hasTools = true;
  }

  closeDevTools(): void {
    this.#hasTools = false;
  }

  toggleDevTools(): void {
    this.#hasTools = !this.#hasTools;
  }

  isDevToolsOpened(): boolean {
    return this.#hasTools;
  }

  forcefullyCrashRenderer(): void {
    this.#live?.crash();
  }

  get hostTargetId(): string {
    return this.#live?.targetId ?? '';
  }

  hostResize(width: number, height: number): void {
    void this.#page.then((page) => page.resize(width, height)).catch(() => undefined);
  }

  hostClose(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    all.delete(this.id);
    closePortsAt(this.#place);
    void this.#page.then((page) => page.close());
    this.emit('destroyed');
  }

  #ipc(channel: string, args: readonly unknown[], ports: readonly number[]): void {
    if (this.#isDestroyed) throw new TypeError('Object has been destroyed');
    this.#post({ kind: 'ipc', channel, args, ports });
  }

  #post(message: object): void {
    const text = codec.encode(message);
    if (hostSettings.sentFile !== '') appendFileSync(hostSettings.sentFile, readable(text));
    if (this.#live !== null) this.#live.post(text);
    else void this.#page.then((page) => page.post(text));
  }

  async #open({ width, height }: { width: number; height: number }): Promise<PageSession> {
    await hostApp.whenReady();
    const { preload, additionalArguments = [] } = this.hostPreferences;
    const text = preload === undefined ? '' : readFileSync(preload, 'utf8');
    const { platform, arch, versions } = process;
    const environment = { platform, arch, versions, argv: [...additionalArguments] };
    const options = { width, height, preload: text, environment };
    const context = await browserContext();
    const page = await PageSession.open(chromium(), context, options, this.#events());
    this.#live = page;
    return page;
  }

  #events(): PageEvents {
    return {
      onMessage: (text) => void this.#receive(codec.decode(text) as FromPage),
      onDocument: (url) => {
        this.#url = fromPageUrl(url);
        this.emit('did-navigate', {}, this.#url, 200, 'OK');
      },
      onInPage: (url) => this.emit('did-navigate-in-page', {}, fromPageUrl(url), true),
      onDomReady: () => this.emit('dom-ready', {}),
      onLoaded: () => {
        this.emit('did-finish-load');
        this.emit('did-stop-loading');
        this.hostOnLoaded();
      },
      onCrashed: () => this.#onGone(),
      onClosed: () => this.hostClose(),
      onTitle: (title) => this.hostOnTitle(title),
      onConsole: (level, text) => {
        this.hostConsole.push(`${level}: ${text}`);
        this.emit('console-message', makeEvent({ level, message: text }));
      },
      mayNavigate: (url, isMainFrame) => this.#mayNavigate(fromPageUrl(url), isMainFrame),
      onOpened: (url) => this.#onOpen(fromPageUrl(url)),
    };
  }

  #onGone(): void {
    this.#isCrashed = true;
    closePortsAt(this.#place);
    const details = { reason: 'crashed', exitCode: 139 };
    this.emit('render-process-gone', {}, details);
    hostApp.emit('render-process-gone', {}, this, details);
  }

  #mayNavigate(url: string, isMainFrame: boolean): boolean {
    const event = makeEvent({ url, isMainFrame, isSameDocument: false, frame: this.mainFrame });
    this.emit('will-frame-navigate', event);
    if (isMainFrame && !event.defaultPrevented) this.emit('will-navigate', event, url);
    if (isMainFrame && !event.defaultPrevented) this.#startNavigation(url);
    return !event.defaultPrevented;
  }

  #startNavigation(url: string): void {
    const details = { url, isMainFrame: true, isSameDocument: false };
    this.emit('did-start-navigation', makeEvent(details));
  }

  /** The host opens no second window for a page; the answer is kept for the test to look at. */
  #onOpen(url: string): void {
    const answer = this.#openHandler?.({
      url,
      frameName: '',
      features: '',
      disposition: 'new-window',
      referrer: { url: this.#url, policy: 'strict-origin-when-cross-origin' },
    }) ?? { action: 'allow' };
    this.hostOpened.push(`${answer.action} ${url}`);
  }

  async #receive(message: FromPage): Promise<void> {
    switch (message.kind) {
      case 'hello':
        closePortsAt(this.#place);
        this.#place = this.#newPlace();
        this.#live?.flush();
        return;
      case 'port':
        route(message.id, { bytes: toBytes(message.data), ports: [] });
        return;
      case 'close':
        closePort(message.id);
        return;
      case 'open':
        this.#onOpen(fromPageUrl(message.url));
        return;
      case 'send':
        ipcMain.emit(message.channel, this.#ipcEvent(), ...message.args);
        return;
      case 'invoke':
        await this.#invoke(message);
        return;
    }
  }

  async #invoke({ id, channel, args }: FromPage): Promise<void> {
    try {
      const value = await ipcMain.hostInvoke(channel, this.#ipcEvent(), args);
      this.#post({ kind: 'reply', id, value });
    } catch (error) {
      const reason = `Error invoking remote method '${channel}': ${String(error)}`;
      this.#post({ kind: 'reply', id, error: reason });
    }
  }

  #ipcEvent(): object {
    const frame = this.mainFrame;
    return makeEvent({ sender: this, senderFrame: frame, ports: [], processId: 1, frameId: 1 });
  }

  #makeFrame(): object {
    const url = (): string => this.#url;
    const frame = {
      get url(): string {
        return url();
      },
      get origin(): string {
        return URL.parse(url())?.href.split('/').slice(0, 3).join('/') ?? 'null';
      },
      parent: null,
      detached: false,
      get top(): object {
        return frame;
      },
    };
    return frame;
  }

  #newPlace(): PortPlace {
    return {
      deliver: (id, message) => this.#post({ kind: 'port', id, data: fromBytes(message.bytes) }),
      close: (id) => this.#post({ kind: 'close', id }),
    };
  }
}

export const webContents = {
  getAllWebContents: (): HostContents[] => [...all.values()],
  fromId: (id: number): HostContents | undefined => all.get(id),
  getFocusedWebContents: (): HostContents | null => [...all.values()][0] ?? null,
};

/** The host can only run what the product promises: isolated, sandboxed pages. */
function refuseUnsafe(preferences: WebPreferences): void {
  const asked = { contextIsolation: true, sandbox: true, nodeIntegration: false, ...preferences };
  if (asked.contextIsolation && asked.sandbox && !asked.nodeIntegration) return;
  throw new Error('the test host runs isolated, sandboxed pages without Node only');
}

/** Binary parts are written as text too, so that a search finds what is in them. */
function readable(text: string): string {
  const parts = text.matchAll(/"(?:\$buffer|bytes)":"([A-Za-z0-9+/=]+)"/g);
  const binary = [...parts].map(([, part = '']) => Buffer.from(part, 'base64').toString('latin1'));
  return `${text}\n${binary.join('\n')}`;
}
