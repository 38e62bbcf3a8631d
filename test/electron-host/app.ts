/**
 * app: the application's life: ready, windows closed, quit with its events, one instance only.
 *
 * Imports   ./events, ./instance-lock, ./settings.
 */
import { EventEmitter } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { mayGoOn } from './events.ts';
import { lockInstance, type InstanceLock } from './instance-lock.ts';
import { hostSettings } from './settings.ts';

interface ClosableWindow {
  close(): void;
}

/** What the rest of the host gives the application, so that no module needs another in a ring. */
export interface AppParts {
  windows: () => readonly ClosableWindow[];
  utilities: () => readonly { kill(): boolean }[];
}

export const appParts: AppParts = { windows: () => [], utilities: () => [] };

const packageFile = path.join(hostSettings.appFolder, 'package.json');
const packageJson = JSON.parse(readFileSync(packageFile, 'utf8')) as Record<string, unknown>;

export class HostApp extends EventEmitter {
  readonly isPackaged: boolean = false;
  readonly dock = undefined;
  name = String(packageJson['productName'] ?? packageJson['name']);
  applicationMenu = null;
  userAgentFallback = '';
  readonly hostSwitches: Record<string, string> = {};
  readonly commandLine = {
    appendSwitch: (name: string, value = ''): void => void (this.hostSwitches[name] = value),
    appendArgument: (_argument: string): void => undefined,
    hasSwitch: (name: string): boolean => name in this.hostSwitches,
    getSwitchValue: (name: string): string => this.hostSwitches[name] ?? '',
    removeSwitch: (name: string): void => void delete this.hostSwitches[name],
  };
  readonly #paths: Record<string, string> = {};
  #lock: InstanceLock | null = null;
  #isReady = false;
  #isQuitting = false;
  readonly #ready = Promise.withResolvers<void>();

  whenReady(): Promise<void> {
    return this.#ready.promise;
  }

  isReady(): boolean {
    return this.#isReady;
  }

  /** The host is up: its browser answers. */
  hostReady(): void {
    this.#isReady = true;
    this.emit('ready', {}, {});
    this.#ready.resolve();
  }

  getName(): string {
    return this.name;
  }

  setName(name: string): void {
    this.name = name;
  }

  getVersion(): string {
    return String(packageJson['version']);
  }

  getAppPath(): string {
    return hostSettings.appFolder;
  }

  getPath(name: string): string {
    const folder = (this.#paths[name] ??= path.join(hostSettings.folder, name));
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  setPath(name: string, folder: string): void {
    this.#paths[name] = folder;
  }

  setAppLogsPath(folder?: string): void {
    this.setPath('logs', folder ?? path.join(hostSettings.folder, 'logs'));
  }

  getLocale(): string {
    return 'en-US';
  }

  getSystemLocale(): string {
    return 'en-US';
  }

  setAppUserModelId(_id: string): void {}

  setAboutPanelOptions(_options: object): void {}

  enableSandbox(): void {}

  disableHardwareAcceleration(): void {}

  focus(): void {}

  isInApplicationsFolder(): boolean {
    return true;
  }

  requestSingleInstanceLock(additionalData: Record<string, unknown> = {}): boolean {
    this.#lock ??= lockInstance(this.getPath('userData'), additionalData, (other) => {
      this.emit('second-instance', {}, other.argv, other.workingFolder, other.additionalData);
    });
    return this.#lock.isFirst;
  }

  hasSingleInstanceLock(): boolean {
    return this.#lock?.isFirst ?? false;
  }

  releaseSingleInstanceLock(): void {
    this.#lock?.release();
    this.#lock = null;
  }

  relaunch(): void {
    this.emit('host-relaunch');
  }

  /** Windows are asked first; one that prevents its close ends the quitting. */
  quit(): void {
    if (this.#isQuitting) return;
    this.#isQuitting = true;
    setImmediate(() => {
      if (!mayGoOn(this, 'before-quit')) {
        this.#isQuitting = false;
        return;
      }
      for (const window of appParts.windows()) window.close();
      if (appParts.windows().length > 0) this.#isQuitting = false;
      else this.hostQuitNow();
    });
  }

  /** All windows are closed by now. */
  hostQuitNow(): void {
    if (!mayGoOn(this, 'will-quit')) {
      this.#isQuitting = false;
      return;
    }
    this.exit(0);
  }

  hostWindowClosed(): void {
    if (appParts.windows().length > 0 || this.#isQuitting) return;
    if (this.listenerCount('window-all-closed') > 0) this.emit('window-all-closed');
    else this.quit();
  }

  exit(code = 0): void {
    this.emit('quit', {}, code);
    this.#lock?.release();
    for (const utility of appParts.utilities()) utility.kill();
    process.exit(code);
  }
}

export const hostApp = new HostApp();
