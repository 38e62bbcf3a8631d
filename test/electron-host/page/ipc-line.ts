/**
 * ipc-line: the preload script's line to the main process: ipcRenderer and the ports that come with
 * messages. The source of the class is sent to the page.
 *
 * Imports   ./codec (types).
 */
import type { Codec } from './codec.ts';

type Listener = (event: object, ...args: unknown[]) => void;
type Waiting = readonly [(value: unknown) => void, (error: Error) => void];

interface FromMain {
  readonly kind: 'reply' | 'ipc' | 'port' | 'close';
  readonly id: number;
  readonly channel: string;
  readonly args: readonly unknown[];
  readonly ports: readonly number[];
  readonly data: unknown;
  readonly value: unknown;
  readonly error?: string;
}

export class IpcLine {
  readonly #codec: Codec;
  readonly #post: (text: string) => void;
  readonly #listeners = new Map<string, Listener[]>();
  readonly #ports = new Map<number, MessagePort>();
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;

  constructor(codec: Codec, post: (text: string) => void) {
    this.#codec = codec;
    this.#post = post;
  }

  /** What `require('electron').ipcRenderer` is. */
  renderer(): object {
    const on = (channel: string, listener: Listener): object => {
      this.#listeners.set(channel, [...(this.#listeners.get(channel) ?? []), listener]);
      return renderer;
    };
    const off = (channel: string, listener: Listener): object => {
      const rest = (this.#listeners.get(channel) ?? []).filter((each) => each !== listener);
      this.#listeners.set(channel, rest);
      return renderer;
    };
    const renderer = {
      on,
      off,
      addListener: on,
      removeListener: off,
      once: (channel: string, listener: Listener) => {
        const first: Listener = (...args) => {
          off(channel, first);
          listener(...args);
        };
        return on(channel, first);
      },
      removeAllListeners: (channel: string) => this.#listeners.delete(channel),
      send: (channel: string, ...args: unknown[]) => this.send({ kind: 'send', channel, args }),
      invoke: (channel: string, ...args: unknown[]) => this.#invoke(channel, args),
    };
    return renderer;
  }

  send(message: object): void {
    this.#post(this.#codec.encode(message));
  }

  receive(text: string): void {
    const message = this.#codec.decode(text) as FromMain;
    if (message.kind === 'reply') this.#onReply(message);
    else if (message.kind === 'ipc') this.#onIpc(message);
    else if (message.kind === 'port') this.#ports.get(message.id)?.postMessage(message.data);
    else {
      // Chromium tells the other end nothing; Electron does. The guard turns this into an event.
      this.#ports.get(message.id)?.postMessage('electron-host:closed');
      this.#ports.delete(message.id);
    }
  }

  #invoke(channel: string, args: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = ++this.#asked;
      this.send({ kind: 'invoke', id, channel, args });
      this.#waiting.set(id, [resolve, reject]);
    });
  }

  #onReply({ id, value, error }: FromMain): void {
    const [resolve, reject] = this.#waiting.get(id) ?? [];
    this.#waiting.delete(id);
    if (error === undefined) resolve?.(value);
    else reject?.(new Error(error));
  }

  #onIpc({ channel, args, ports }: FromMain): void {
    const opened = ports.map((id) => this.#openPort(id));
    const event = { ports: opened, senderId: 0 };
    for (const listener of [...(this.#listeners.get(channel) ?? [])]) listener(event, ...args);
  }

  #openPort(id: number): MessagePort {
    const { port1, port2 } = new MessageChannel();
    this.#ports.set(id, port1);
    port1.addEventListener('message', ({ data: payload }) => {
      if (payload === 'electron-host:closing') this.send({ kind: 'close', id });
      else this.send({ kind: 'port', id, data: payload });
    });
    port1.start();
    return port2;
  }
}
