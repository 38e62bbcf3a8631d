/**
 * terminal-port: one window's port as a LinkPort.
 *
 * Texts are strings, frames are ArrayBuffers; both are copied while they are posted, so that the
 * publisher may refill its buffer at once. Nothing is ever put on a transfer list (a buffer there
 * is lost on its way), and shared memory never crosses. A port tells nothing about what waits in
 * it: credits bound the frames, and a window that hangs loses its lease and then its port.
 *
 * Imports   contract.
 */
import type { PortClosing } from '../../engine/contract/bridge.ts';
import type { LinkEvents, LinkPort } from '../../engine/contract/link.ts';

/** The part of Electron's MessagePortMain that is used. */
export interface PortLike {
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
}

export class TerminalPort implements LinkPort {
  readonly #port: PortLike;
  #isOpen = true;
  #isTold = false;
  #events: LinkEvents | null = null;

  constructor(port: PortLike) {
    this.#port = port;
  }

  /** Hands what the port brings to the terminal's events; `onClose` exactly once. */
  attach(events: LinkEvents): void {
    this.#events = events;
    this.#port.on('message', (event) => {
      if (!this.#isOpen) return;
      if (typeof event.data === 'string') events.onText(event.data);
      else this.close('a terminal sends text only');
    });
    this.#port.on('close', () => this.#gone());
    this.#port.start();
  }

  sendText(text: string): boolean {
    return this.#post(text);
  }

  sendFrame(frame: ArrayBuffer): boolean {
    return this.#post(frame);
  }

  bufferedBytes(): number {
    return 0;
  }

  close(reason: string): void {
    if (!this.#isOpen) return;
    const last: PortClosing = { closing: reason };
    this.#post(last);
    this.#isOpen = false;
    this.#port.close();
    this.#gone();
  }

  #post(message: unknown): boolean {
    if (!this.#isOpen) return false;
    try {
      this.#port.postMessage(message);
      return true;
    } catch {
      // A port whose window has just died; 'close' follows.
      return false;
    }
  }

  #gone(): void {
    this.#isOpen = false;
    if (this.#isTold) return;
    this.#isTold = true;
    this.#events?.onClose();
  }
}
