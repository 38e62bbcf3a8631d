/**
 * session: permission handlers and the custom protocol. What the handlers allow is told to the real
 * browser, so that the page meets the product's own answers; without a handler everything is
 * allowed, as in Electron.
 *
 * Imports   ./scheme-server.
 */
import { EventEmitter } from 'node:events';
import { protocol } from './scheme-server.ts';

type Handler = (...args: never[]) => unknown;

class HostSession extends EventEmitter {
  readonly protocol = protocol;
  readonly hostHandlers: Record<string, Handler | null> = {};
  readonly webRequest = {
    onBeforeRequest: (...args: unknown[]): void => this.#keep('onBeforeRequest', args.at(-1)),
    onHeadersReceived: (...args: unknown[]): void => this.#keep('onHeadersReceived', args.at(-1)),
    onBeforeSendHeaders: (...args: unknown[]): void =>
      this.#keep('onBeforeSendHeaders', args.at(-1)),
  };

  setPermissionRequestHandler(handler: Handler | null): void {
    this.#keep('permissionRequest', handler);
  }

  setPermissionCheckHandler(handler: Handler | null): void {
    this.#keep('permissionCheck', handler);
  }

  setDevicePermissionHandler(handler: Handler | null): void {
    this.#keep('devicePermission', handler);
  }

  setDisplayMediaRequestHandler(handler: Handler | null): void {
    this.#keep('displayMediaRequest', handler);
  }

  setUSBProtectedClassesHandler(handler: Handler | null): void {
    this.#keep('usbProtectedClasses', handler);
  }

  setBluetoothPairingHandler(handler: Handler | null): void {
    this.#keep('bluetoothPairing', handler);
  }

  setCertificateVerifyProc(handler: Handler | null): void {
    this.#keep('certificateVerify', handler);
  }

  setSpellCheckerEnabled(_isEnabled: boolean): void {}

  setSpellCheckerLanguages(_languages: readonly string[]): void {}

  async setProxy(_config: object): Promise<void> {}

  async clearStorageData(): Promise<void> {}

  async clearCache(): Promise<void> {}

  async closeAllConnections(): Promise<void> {}

  /** What the product answers when a page asks for `permission`. */
  async hostAsk(permission: string, contents: unknown, url: string): Promise<boolean> {
    const ask = this.hostHandlers['permissionRequest'] as
      | ((...args: unknown[]) => void)
      | null
      | undefined;
    if (ask === null || ask === undefined) return true;
    return new Promise((resolve) => {
      ask(contents, permission, resolve, { requestingUrl: url, isMainFrame: true });
    });
  }

  /** What the product answers when a page looks whether it has `permission`. */
  hostCheck(permission: string, contents: unknown, url: string): boolean {
    const check = this.hostHandlers['permissionCheck'] as
      | ((...args: unknown[]) => boolean)
      | null
      | undefined;
    if (check === null || check === undefined) return true;
    return check(contents, permission, url, { requestingUrl: url, isMainFrame: true });
  }

  #keep(name: string, handler: unknown): void {
    this.hostHandlers[name] = (handler ?? null) as Handler | null;
  }
}

const partitions = new Map<string, HostSession>();

export type { HostSession };

function fromPartition(name: string): HostSession {
  const known = partitions.get(name) ?? new HostSession();
  partitions.set(name, known);
  return known;
}

export const session = {
  get defaultSession(): HostSession {
    return fromPartition('');
  },
  fromPartition,
};
