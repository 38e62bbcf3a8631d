/**
 * link-socket: one lasting connection to the engine: connect, frames, credits, back-off.
 *
 * Writer    of the frame memory. Runs in the frame worker; a test gives it another WebSocket.
 * Times     milliseconds.
 *
 * Imports   live/frame-memory, live/worker-protocol.
 */
import { FrameWriter } from '../live/frame-memory.ts';
import type { FromWorker, ToWorker } from '../live/worker-protocol.ts';

export const RETRY_FIRST_MS = 250;
export const RETRY_MAX_MS = 4000;
/** A hidden window takes a frame this often. */
export const HIDDEN_CREDIT_EVERY_MS = 250;
const CONNECT_TIMEOUT_MS = 5000;

type OpenMessage = Extract<ToWorker, { kind: 'open' }>;

type Timer = ReturnType<typeof setTimeout>;

export class LinkSocket {
  readonly #open: OpenMessage;
  readonly #post: (message: FromWorker) => void;
  readonly #writer: FrameWriter;
  #socket: WebSocket | null = null;
  #attempt = 0;
  #retryTimer: Timer | undefined;
  #connectTimer: Timer | undefined;
  #creditTimer: Timer | undefined;
  #visible = true;
  #owed = 0;
  #stopped = false;

  constructor(open: OpenMessage, post: (message: FromWorker) => void) {
    this.#open = open;
    this.#post = post;
    this.#writer = new FrameWriter(open.memory);
  }

  connect(): void {
    if (this.#stopped || this.#socket !== null) return;
    clearTimeout(this.#retryTimer);
    this.#attempt += 1;
    this.#post({ kind: 'connecting', attempt: this.#attempt });
    const socket = new WebSocket(this.#open.url);
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    let wasOpen = false;
    socket.addEventListener('open', () => {
      wasOpen = true;
      this.#onOpen(socket);
    });
    socket.addEventListener('message', (event) => this.#onMessage(event));
    socket.addEventListener('close', (event) => {
      if (this.#socket === socket) void this.#onClose(event.reason, wasOpen);
    });
    this.#connectTimer = setTimeout(() => socket.close(), CONNECT_TIMEOUT_MS);
  }

  #onOpen(socket: WebSocket): void {
    clearTimeout(this.#connectTimer);
    this.#attempt = 0;
    this.#owed = 0;
    this.#writer.restart();
    this.#post({ kind: 'open' });
    socket.send(this.#open.hello);
    this.#sendCredit(this.#open.creditsMax);
  }

  #onMessage(event: MessageEvent<string | ArrayBuffer>): void {
    if (typeof event.data === 'string') {
      this.#post({ kind: 'text', text: event.data });
      return;
    }
    const wrong = this.#writer.write(event.data);
    if (wrong !== null) this.#post({ kind: 'badFrame', message: wrong });
    this.#payBack();
  }

  /** Every frame, a bad one too, is paid for, or the engine would never send another. */
  #payBack(): void {
    if (this.#visible) {
      this.#sendCredit(1);
      return;
    }
    this.#owed += 1;
    this.#creditTimer ??= setTimeout(() => this.#payOwed(), HIDDEN_CREDIT_EVERY_MS);
  }

  #payOwed(): void {
    clearTimeout(this.#creditTimer);
    this.#creditTimer = undefined;
    const frames = Math.min(this.#owed, this.#open.creditsMax);
    this.#owed = 0;
    if (frames > 0) this.#sendCredit(frames);
  }

  #sendCredit(frames: number): void {
    this.send(JSON.stringify({ type: 'credit', frames }));
  }

  setVisible(visible: boolean): void {
    this.#visible = visible;
    if (visible) this.#payOwed();
  }

  send(text: string): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(text);
  }

  retryNow(): void {
    if (this.#socket === null) this.connect();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#retryTimer);
    this.#socket?.close();
  }

  async #onClose(reason: string, wasOpen: boolean): Promise<void> {
    clearTimeout(this.#connectTimer);
    clearTimeout(this.#creditTimer);
    this.#creditTimer = undefined;
    const unauthorised = !wasOpen && (await this.#isUnauthorised());
    this.#socket = null;
    const pause = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(this.#attempt, 5));
    const retryInMs = Math.round(pause * (0.75 + Math.random() / 2));
    this.#post({ kind: 'closed', reason, retryInMs, attempt: this.#attempt, unauthorised });
    if (!this.#stopped) this.#retryTimer = setTimeout(() => this.connect(), retryInMs);
  }

  /** A refused upgrade looks like a dead engine to a WebSocket; a plain request tells. */
  async #isUnauthorised(): Promise<boolean> {
    if (!this.#open.url.startsWith('ws')) return false;
    const page = this.#open.url.replace(/^ws/, 'http').replace(/\/link$/, '/');
    try {
      const answer = await fetch(page, { method: 'HEAD', cache: 'no-store' });
      return answer.status === 403;
    } catch {
      return false;
    }
  }
}
