/**
 * socket-port: one terminal's WebSocket as a LinkPort.
 *
 * Frames are copied before they are handed to the socket: the publisher may refill its buffer at
 * once. A binary message from a terminal, or one beyond the bound, ends the connection.
 *
 * Imports   contract; ws.
 */
import type { WebSocket } from 'ws';
import type { LinkEvents, LinkPort } from '../contract/link.ts';

/** WebSocket close codes. */
const CLOSE_NORMAL = 1000;
const CLOSE_UNSUPPORTED = 1003;
/** A reason longer than this does not fit a close frame. */
const REASON_BYTES_MAX = 120;

export class SocketPort implements LinkPort {
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  sendText(text: string): boolean {
    if (this.#socket.readyState !== this.#socket.OPEN) return false;
    this.#socket.send(text);
    return true;
  }

  sendFrame(frame: ArrayBuffer): boolean {
    if (this.#socket.readyState !== this.#socket.OPEN) return false;
    this.#socket.send(Buffer.from(frame.slice(0)), { binary: true });
    return true;
  }

  bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  close(reason: string): void {
    const short = Buffer.from(reason).subarray(0, REASON_BYTES_MAX).toString('utf8');
    this.#socket.close(CLOSE_NORMAL, short.replace(/\uFFFD+$/, ''));
  }
}

/** Hands what the socket brings to the terminal's events; `onClose` exactly once. */
export function attachSocket(socket: WebSocket, events: LinkEvents): void {
  let closed = false;
  const close = (): void => {
    if (closed) return;
    closed = true;
    events.onClose();
  };
  socket.on('message', (message, isBinary) => {
    if (closed) return;
    if (isBinary) {
      socket.close(CLOSE_UNSUPPORTED, 'a terminal sends text only');
      return;
    }
    events.onText(textOf(message));
  });
  socket.on('close', close);
  // An error (a broken frame, a message too long) is followed by 'close'; without a listener it
  // throws.
  socket.on('error', () => socket.terminate());
}

function textOf(message: Buffer | ArrayBuffer | readonly Buffer[]): string {
  if (message instanceof ArrayBuffer) return Buffer.from(message).toString('utf8');
  return Buffer.isBuffer(message)
    ? message.toString('utf8')
    : Buffer.concat(message).toString('utf8');
}
