/**
 * worlds: what the host starts in a page: functions whose source is sent there.
 *
 * main world        what contextBridge exposed; `window.open`, which goes through the host; guards
 *                   on ports that lead to another process.
 * isolated world    ipcRenderer and contextBridge for the preload script.
 * worker            the same guard, put before the script of a worker.
 *
 * Imports   ./bridge, ./ipc-line, ./codec.
 */
import { Bridge, type Bridged } from './bridge.ts';
import type { Codec } from './codec.ts';
import { IpcLine } from './ipc-line.ts';

/**
 * Ports that come in by a message lead to another process. Such a port takes no SharedArrayBuffer,
 * and a buffer on its transfer list costs the whole message (electron/electron#34905). It tells its
 * end by a `close` event, which Electron adds to the page's ports.
 */
export function guardPorts(target: EventTarget): void {
  const holdsShared = (value: unknown, depth = 0): boolean => {
    if (value === null || typeof value !== 'object' || depth > 6) return false;
    if (typeof SharedArrayBuffer === 'undefined') return false;
    if (value instanceof SharedArrayBuffer) return true;
    if (ArrayBuffer.isView(value)) return value.buffer instanceof SharedArrayBuffer;
    return Object.values(value).some((part) => holdsShared(part, depth + 1));
  };
  const guard = (port: MessagePort): void => {
    const post = port.postMessage.bind(port) as (value: unknown, list?: Transferable[]) => void;
    const close = port.close.bind(port);
    port.postMessage = (message: unknown, options?: unknown) => {
      if (holdsShared(message)) {
        throw new DOMException('An object could not be cloned.', 'DataCloneError');
      }
      const { transfer } = Array.isArray(options) ? { transfer: options } : Object(options);
      const given = (transfer ?? []) as Transferable[];
      const buffers = given.filter((part) => part instanceof ArrayBuffer);
      if (buffers.length > 0) structuredClone(null, { transfer: buffers });
      if (buffers.length > 0) post(null);
      else post(message, given);
    };
    port.close = () => {
      post('electron-host:closing');
      close();
    };
    port.addEventListener('message', (event) => {
      if (event.data !== 'electron-host:closed') return;
      event.stopImmediatePropagation();
      port.dispatchEvent(new Event('close'));
    });
  };
  target.addEventListener('message', (event) => {
    const { ports, source } = event as MessageEvent;
    if (source !== null && source !== target) return;
    for (const port of ports) guard(port);
  });
}

/** Runs first in the page's own world. */
export function mainWorld(): void {
  if (window !== window.top) return;
  guardPorts(window);
  const bridge = new Bridge('host-main', 'host-isolated');
  bridge.hear('expose', (detail) => {
    const { key, api } = detail as { readonly key: string; readonly api: Bridged };
    Object.defineProperty(globalThis, key, { value: bridge.unwrap(api), enumerable: true });
  });
  window.open = (url) => {
    // Against the page's address, as a browser resolves it before anybody is asked.
    bridge.say('open', new URL(String(url ?? ''), document.baseURI).href);
    return null;
  };
}

/** Answers the `require` of a sandboxed preload script. */
export function isolatedWorld(
  codec: Codec,
  post: (text: string) => void,
): (name: string) => unknown {
  const bridge = new Bridge('host-isolated', 'host-main');
  const line = new IpcLine(codec, post);
  Object.defineProperty(globalThis, 'hostReceive', {
    value: (text: string) => line.receive(text),
  });
  const contextBridge = {
    exposeInMainWorld: (key: string, api: unknown) =>
      bridge.say('expose', { key, api: bridge.wrap(api) }),
  };
  const electron = { ipcRenderer: line.renderer(), contextBridge };
  bridge.hear('open', (url) => line.send({ kind: 'open', url }));
  line.send({ kind: 'hello' });
  return (name) => {
    if (name === 'electron' || name === 'electron/renderer') return electron;
    throw new Error(`module not found: ${name} (a sandboxed preload script has only electron)`);
  };
}
