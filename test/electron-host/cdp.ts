/**
 * cdp: speaks with a Chromium over its debugging socket. The host's own line to the browser, beside
 * the one that a test uses to drive the pages.
 *
 * Imports   ws.
 */
import { WebSocket } from 'ws';

export type CdpParams = Readonly<Record<string, unknown>>;
type CdpListener = (params: Record<string, unknown>) => void;

interface Answer {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

type Waiting = readonly [(result: Record<string, unknown>) => void, (error: Error) => void];

export class CdpConnection {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<string, CdpListener[]>();
  #asked = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (text: Buffer) => this.#receive(JSON.parse(text.toString()) as Answer));
    socket.on('close', () => {
      for (const [, reject] of this.#waiting.values()) reject(new Error('Chromium is gone'));
      this.#waiting.clear();
    });
  }

  static async open(url: string): Promise<CdpConnection> {
    const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 256 * 1024 * 1024 });
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return new CdpConnection(socket);
  }

  send(method: string, params: CdpParams = {}, sessionId?: string) {
    const id = ++this.#asked;
    return new Promise<Record<string, unknown>>((resolve, reject) => {
      this.#waiting.set(id, [resolve, reject]);
      this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
    });
  }

  /** Hears `method` of one session, or of the browser itself for the session ''. */
  on(sessionId: string, method: string, listener: CdpListener): void {
    const key = `${sessionId}/${method}`;
    this.#listeners.set(key, [...(this.#listeners.get(key) ?? []), listener]);
  }

  close(): void {
    this.#socket.close();
  }

  #receive(answer: Answer): void {
    if (answer.id === undefined) {
      const key = `${answer.sessionId ?? ''}/${answer.method}`;
      for (const listener of this.#listeners.get(key) ?? []) listener(answer.params ?? {});
      return;
    }
    const [resolve, reject] = this.#waiting.get(answer.id) ?? [];
    this.#waiting.delete(answer.id);
    if (answer.error === undefined) resolve?.(answer.result ?? {});
    else reject?.(new Error(answer.error.message));
  }
}
