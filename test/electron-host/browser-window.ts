/**
 * browser-window: windows: their contents are real pages, their frames only figures.
 *
 * Imports   ./app, ./events, ./web-contents.
 */
import { EventEmitter } from 'node:events';
import { appParts, hostApp } from './app.ts';
import { mayGoOn } from './events.ts';
import { HostContents, type WebPreferences } from './web-contents.ts';

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface WindowOptions extends Partial<Rectangle> {
  readonly show?: boolean;
  readonly title?: string;
  readonly webPreferences?: WebPreferences;
  readonly [name: string]: unknown;
}

const windows = new Map<number, BrowserWindow>();
let lastId = 0;
let focused: BrowserWindow | null = null;

function setFocused(window: BrowserWindow): void {
  focused = window;
}

export class BrowserWindow extends EventEmitter {
  readonly id = ++lastId;
  readonly webContents: HostContents;
  readonly hostOptions: WindowOptions;
  readonly hostCalls: string[] = [];
  #bounds: Rectangle;
  #title: string;
  #isVisible: boolean;
  #isMinimized = false;
  #isMaximized = false;
  #isFullScreen = false;
  #isDestroyed = false;
  #isShown = false;

  constructor(options: WindowOptions = {}) {
    super();
    const { x = 0, y = 0, width = 800, height = 600, title = hostApp.getName() } = options;
    this.hostOptions = options;
    this.#bounds = { x, y, width, height };
    this.#title = title;
    this.#isVisible = options.show ?? true;
    this.webContents = new HostContents(options.webPreferences ?? {}, { width, height });
    this.webContents.hostOnTitle = (given) => this.#onTitle(given);
    this.webContents.hostOnLoaded = () => this.#onLoaded();
    this.webContents.on('destroyed', () => this.destroy());
    windows.set(this.id, this);
    setFocused(this);
    setImmediate(() => hostApp.emit('browser-window-created', {}, this));
  }

  static getAllWindows(): BrowserWindow[] {
    return [...windows.values()];
  }

  static getFocusedWindow(): BrowserWindow | null {
    return focused;
  }

  static fromId(id: number): BrowserWindow | null {
    return windows.get(id) ?? null;
  }

  static fromWebContents(contents: HostContents): BrowserWindow | null {
    return [...windows.values()].find((window) => window.webContents === contents) ?? null;
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url);
  }

  loadFile(file: string): Promise<void> {
    return this.webContents.loadFile(file);
  }

  reload(): void {
    this.webContents.reload();
  }

  show(): void {
    this.#isVisible = true;
    this.#say('show');
    this.focus();
  }

  showInactive(): void {
    this.#isVisible = true;
    this.#say('show');
  }

  hide(): void {
    this.#isVisible = false;
    this.#say('hide');
  }

  isVisible(): boolean {
    return this.#isVisible;
  }

  focus(): void {
    this.#isMinimized = false;
    setFocused(this);
    this.#say('focus');
  }

  blur(): void {
    if (focused === this) focused = null;
    this.#say('blur');
  }

  isFocused(): boolean {
    return focused === this;
  }

  moveTop(): void {
    this.hostCalls.push('moveTop');
  }

  minimize(): void {
    this.#isMinimized = true;
    this.#say('minimize');
  }

  restore(): void {
    this.#isMinimized = false;
    this.#say('restore');
  }

  isMinimized(): boolean {
    return this.#isMinimized;
  }

  maximize(): void {
    this.#isMaximized = true;
    this.#say('maximize');
  }

  unmaximize(): void {
    this.#isMaximized = false;
    this.#say('unmaximize');
  }

  isMaximized(): boolean {
    return this.#isMaximized;
  }

  setFullScreen(isFull: boolean): void {
    this.#isFullScreen = isFull;
    this.#say(isFull ? 'enter-full-screen' : 'leave-full-screen');
  }

  isFullScreen(): boolean {
    return this.#isFullScreen;
  }

  setBounds(bounds: Partial<Rectangle>): void {
    this.#bounds = { ...this.#bounds, ...bounds };
    const { width, height } = this.#bounds;
    this.webContents.hostResize(width, height);
    this.#say('resize');
    this.#say('move');
  }

  getBounds(): Rectangle {
    return this.#bounds;
  }

  getNormalBounds(): Rectangle {
    return this.#bounds;
  }

  getContentBounds(): Rectangle {
    return this.#bounds;
  }

  getSize(): number[] {
    return [this.#bounds.width, this.#bounds.height];
  }

  getPosition(): number[] {
    return [this.#bounds.x, this.#bounds.y];
  }

  setTitle(title: string): void {
    this.#title = title;
  }

  getTitle(): string {
    return this.#title;
  }

  setMenu(_menu: object | null): void {}

  removeMenu(): void {}

  setMenuBarVisibility(_isVisible: boolean): void {}

  setAutoHideMenuBar(_isHidden: boolean): void {}

  setBackgroundColor(_colour: string): void {}

  setIcon(_icon: unknown): void {}

  setProgressBar(progress: number): void {
    this.hostCalls.push(`setProgressBar ${progress}`);
  }

  setOverlayIcon(_icon: unknown, description: string): void {
    this.hostCalls.push(`setOverlayIcon ${description}`);
  }

  flashFrame(isOn: boolean): void {
    this.hostCalls.push(`flashFrame ${isOn}`);
  }

  setMinimumSize(_width: number, _height: number): void {}

  setContentProtection(_isOn: boolean): void {}

  center(): void {}

  /** As the person closes it: may be prevented. */
  close(): void {
    if (this.#isDestroyed) return;
    if (mayGoOn(this, 'close')) this.destroy();
  }

  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    windows.delete(this.id);
    if (focused === this) focused = null;
    this.webContents.hostClose();
    this.emit('closed');
    hostApp.hostWindowClosed();
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  #say(name: string): void {
    this.hostCalls.push(name);
    setImmediate(() => this.emit(name, {}));
  }

  #onTitle(title: string): void {
    if (mayGoOn(this, 'page-title-updated', title, true)) this.#title = title;
  }

  #onLoaded(): void {
    if (this.#isShown) return;
    this.#isShown = true;
    this.emit('ready-to-show', {});
  }
}

appParts.windows = () => BrowserWindow.getAllWindows();
