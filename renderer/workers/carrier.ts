/**
 * carrier: what carries the link, behind one face: a WebSocket in a browser, a MessagePort in the
 * desktop window. One carrier is one connection; it is never used again after its close.
 *
 * Imports   contract.
 */
import { closingReason } from '../../engine/contract/bridge.ts';

export interface Carrier {
  readonly isOpen: boolean;
  send(text: string): void;
  close(): void;
}

export interface CarrierEvents {
  onOpen(): void;
  onText(text: string): void;
  onFrame(frame: ArrayBuffer): void;
  /** Once, and nothing after it. */
  onClose(reason: string, wasOpen: boolean): void;
}

export class SocketCarrier implements Carrier {
  readonly #socket: WebSocket;

  constructor(url: string, events: CarrierEvents) {
    const socket = new WebSocket(url);
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    let wasOpen = false;
    socket.addEventListener('open', () => {
      wasOpen = true;
      events.onOpen();
    });
    socket.addEventListener('message', (event: MessageEvent<string | ArrayBuffer>) => {
      if (typeof event.data === 'string') events.onText(event.data);
      else events.onFrame(event.data);
    });
    socket.addEventListener('close', (event) => events.onClose(event.reason, wasOpen));
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  send(text: string): void {
    if (this.isOpen) this.#socket.send(text);
  }

  close(): void {
    this.#socket.close();
  }
}

/** Waits for a port that the shell hands over; open from then on. */
export class PortCarrier implements Carrier {
  readonly #events: CarrierEvents;
  #port: MessagePort | null = null;
  #isClosed = false;

  constructor(events: CarrierEvents) {
    this.#events = events;
  }

  get isOpen(): boolean {
    return this.#port !== null && !this.#isClosed;
  }

  take(port: MessagePort): void {
    this.#port = port;
    port.addEventListener('message', (event) => this.#receive(event.data));
    // The engine's end is gone: its process died, or it has closed it.
    port.addEventListener('close', () => this.#end(''));
    port.start();
    this.#events.onOpen();
  }

  send(text: string): void {
    // Never with a list of buffers to transfer: they are lost on the way to another process.
    if (this.isOpen) this.#port?.postMessage(text);
  }

  close(): void {
    this.#end('');
  }

  #receive(payload: unknown): void {
    if (this.#isClosed) return;
    const reason = closingReason(payload);
    if (reason !== null) this.#end(reason);
    else if (typeof payload === 'string') this.#events.onText(payload);
    else if (payload instanceof ArrayBuffer) this.#events.onFrame(payload);
  }

  #end(reason: string): void {
    if (this.#isClosed) return;
    const wasOpen = this.isOpen;
    this.#isClosed = true;
    this.#port?.close();
    this.#events.onClose(reason, wasOpen);
  }
}
