/**
 * peer: one WebSocket connection of the server: batching, backpressure, pings, lifetime.
 *
 * Messages of one step leave in one write (the socket is corked until flush()). A client that lets
 * more than the limit pile up is cut off and counted; queues are never unbounded.
 *
 * Writer    the server's thread. Imports ws, node:stream (types).
 */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

export interface PeerSettings {
  readonly bufferedMaxBytes: number;
  readonly pingEveryMs: number;
  readonly pongWithinMs: number;
  readonly lifeMs: number;
}

export const DEFAULT_PEER_SETTINGS: PeerSettings = {
  bufferedMaxBytes: 8 * 1024 * 1024,
  pingEveryMs: 180_000,
  pongWithinMs: 600_000,
  lifeMs: 86_400_000,
};

export type PeerKind = 'public' | 'market' | 'private' | 'wsapi';

export class Peer {
  readonly kind: PeerKind;
  isCut = false;
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #settings: PeerSettings;
  readonly #onSlow: () => void;
  readonly #openedMs: number;
  #isCorked = false;
  #lastPingMs: number;
  /** When the oldest unanswered ping was sent; Infinity when all are answered. */
  #unansweredMs = Number.POSITIVE_INFINITY;
  #pingText = '';

  constructor(
    kind: PeerKind,
    link: { readonly socket: WebSocket; readonly stream: Duplex },
    settings: PeerSettings,
    nowMs: number,
    onSlow: () => void,
  ) {
    this.kind = kind;
    this.#socket = link.socket;
    this.#stream = link.stream;
    this.#settings = settings;
    this.#onSlow = onSlow;
    this.#openedMs = nowMs;
    this.#lastPingMs = nowMs;
    this.#socket.on('pong', (payload: Buffer) => {
      // Unsolicited pongs do not count: the payload must be the ping's.
      if (payload.toString('latin1') === this.#pingText)
        this.#unansweredMs = Number.POSITIVE_INFINITY;
    });
  }

  send(payload: Buffer | string): void {
    const socket = this.#socket;
    if (this.isCut || socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > this.#settings.bufferedMaxBytes) {
      this.isCut = true;
      this.#onSlow();
      socket.terminate();
      return;
    }
    if (!this.#isCorked) {
      this.#isCorked = true;
      this.#stream.cork();
    }
    socket.send(payload, { binary: false, compress: false });
  }

  /** Lets out what the step has written. */
  flush(): void {
    if (!this.#isCorked) return;
    this.#isCorked = false;
    this.#stream.uncork();
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
    this.flush();
  }

  terminate(): void {
    this.isCut = true;
    this.#socket.terminate();
  }

  /** Pings when due; ends a connection that does not answer or is too old. */
  tend(nowMs: number): void {
    const settings = this.#settings;
    if (nowMs - this.#openedMs > settings.lifeMs) {
      this.terminate();
      return;
    }
    if (nowMs - this.#unansweredMs > settings.pongWithinMs) {
      this.terminate();
      return;
    }
    if (nowMs - this.#lastPingMs < settings.pingEveryMs) return;
    this.#lastPingMs = nowMs;
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#pingText = String(Math.floor(nowMs));
    this.#unansweredMs = Math.min(this.#unansweredMs, nowMs);
    this.#socket.ping(this.#pingText);
  }
}
