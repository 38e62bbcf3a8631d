/**
 * venue-socket: one WebSocket that is kept alive: connect, notice death, back off, connect again.
 *
 * Death is noticed by a close, an error, or a missing answer to our own ping (half-open links). An
 * address may be asked for anew at every attempt (listen keys change). Frames are handed on as they
 * arrive; pings of the venue are answered by the library.
 *
 * Writer    session. Times in ms of the injected timer.
 * Imports   ws, base.
 */
import { WebSocket } from 'ws';
import { messageOf } from '../../../base/errors.ts';

export interface VenueSocketParts {
  readonly name: string;
  /** The address to connect to; may fail, which counts as a failed attempt. */
  readonly address: () => Promise<string>;
  readonly onOpen: () => void;
  readonly onFrame: (bytes: Buffer) => void;
  /** After an open socket died, or an attempt failed. */
  readonly onDown: (reason: string) => void;
  readonly timing?: Partial<SocketTiming>;
}

export interface SocketTiming {
  readonly backOffMs: number;
  readonly backOffMaxMs: number;
  readonly pingEveryMs: number;
  readonly pongWithinMs: number;
  readonly handshakeMs: number;
}

export const SOCKET_TIMING: SocketTiming = {
  backOffMs: 250,
  backOffMaxMs: 10_000,
  pingEveryMs: 5000,
  pongWithinMs: 5000,
  handshakeMs: 5000,
};

/** Beyond it the peer does not read: the library would buffer without end. */
const BUFFERED_MAX_BYTES = 1 << 20;

export class VenueSocket {
  attemptCount = 0;
  readonly #parts: VenueSocketParts;
  readonly #timing: SocketTiming;
  #socket: WebSocket | null = null;
  #isOpen = false;
  #isStopped = true;
  #failures = 0;
  #retry: NodeJS.Timeout | undefined;
  #pinger: NodeJS.Timeout | undefined;
  #isPongDue = false;

  constructor(parts: VenueSocketParts) {
    this.#parts = parts;
    this.#timing = { ...SOCKET_TIMING, ...parts.timing };
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Bytes that the system has not taken yet. */
  get bufferedBytes(): number {
    return this.#socket === null ? 0 : this.#socket.bufferedAmount;
  }

  start(): void {
    if (!this.#isStopped) return;
    this.#isStopped = false;
    void this.#connect();
  }

  /** Ends the socket for good; onDown is not called. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#retry);
    this.#drop();
  }

  /** Drops the socket and connects anew at once: renewal, dead listen key, mute stream. */
  reconnect(reason: string): void {
    if (!this.#isStopped) this.#down(reason, 0);
  }

  /** Drops a socket that opened but is of no use (logon refused), and backs off. */
  fail(reason: string): void {
    if (!this.#isStopped) this.#down(reason, this.#backOff());
  }

  /** The open socket is of use: the next loss is a first failure again. */
  confirm(): void {
    this.#failures = 0;
  }

  /** True when the bytes were handed to the socket. They may be reused at once. */
  send(bytes: Uint8Array, length: number): boolean {
    const socket = this.#socket;
    if (socket === null || !this.#isOpen || socket.bufferedAmount > BUFFERED_MAX_BYTES)
      return false;
    socket.send(bytes.subarray(0, length), TEXT_FRAME);
    return true;
  }

  sendText(text: string): boolean {
    if (this.#socket === null || !this.#isOpen) return false;
    this.#socket.send(text);
    return true;
  }

  async #connect(): Promise<void> {
    this.attemptCount += 1;
    const attempt = this.attemptCount;
    let url: string;
    try {
      url = await this.#parts.address();
    } catch (error) {
      if (attempt === this.attemptCount) this.#down(messageOf(error), this.#backOff());
      return;
    }
    // Meanwhile stopped, or another attempt was begun.
    if (this.#isStopped || attempt !== this.attemptCount) return;
    const socket = new WebSocket(url, {
      perMessageDeflate: false,
      skipUTF8Validation: true,
      handshakeTimeout: this.#timing.handshakeMs,
    });
    this.#socket = socket;
    socket.on('open', () => this.#onOpen(socket));
    socket.on('message', (frame) => {
      if (this.#socket === socket) this.#parts.onFrame(frame as Buffer);
    });
    socket.on('pong', () => {
      if (this.#socket === socket) this.#isPongDue = false;
    });
    socket.on('error', (error) => {
      if (this.#socket === socket) this.#down(messageOf(error), this.#backOff());
    });
    socket.on('close', (code) => {
      if (this.#socket === socket) this.#down(`closed with ${code}`, this.#backOff());
    });
  }

  #onOpen(socket: WebSocket): void {
    if (this.#socket !== socket) return;
    this.#isOpen = true;
    this.#isPongDue = false;
    this.#pinger = setInterval(() => this.#ping(socket), this.#timing.pingEveryMs);
    this.#parts.onOpen();
  }

  #ping(socket: WebSocket): void {
    if (this.#socket !== socket) return;
    this.#isPongDue = true;
    socket.ping();
    setTimeout(() => {
      if (this.#socket === socket && this.#isPongDue) this.#down('no answer to a ping', 0);
    }, this.#timing.pongWithinMs).unref();
  }

  #backOff(): number {
    const wait = Math.min(
      this.#timing.backOffMs * 2 ** Math.min(this.#failures, 16),
      this.#timing.backOffMaxMs,
    );
    this.#failures += 1;
    return wait;
  }

  #down(reason: string, waitMs: number): void {
    this.#drop();
    if (this.#isStopped) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#connect(), waitMs);
    this.#parts.onDown(`${this.#parts.name}: ${reason}`);
  }

  /** Forgets the socket; a late error of it must not end the process. */
  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    this.#isOpen = false;
    clearInterval(this.#pinger);
    if (socket === null) return;
    socket.removeAllListeners();
    socket.on('error', () => {});
    socket.terminate();
  }
}

const TEXT_FRAME = { binary: false } as const;
