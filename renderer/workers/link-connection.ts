/**
 * link-connection: one lasting connection to the engine, whichever carrier it goes over: connect,
 * frames, credits, back-off.
 *
 * Writer    of the frame memory. Runs in the frame worker; a test gives it another carrier.
 * Times     milliseconds.
 *
 * Imports   live/frame-memory, live/worker-protocol, ./carrier.
 */
import { FrameWriter } from '../live/frame-memory.ts';
import type { FromWorker, ToWorker } from '../live/worker-protocol.ts';
import { PortCarrier, SocketCarrier, type Carrier, type CarrierEvents } from './carrier.ts';

export const RETRY_FIRST_MS = 250;
export const RETRY_MAX_MS = 4000;
/** A hidden window takes a frame this often. */
export const HIDDEN_CREDIT_EVERY_MS = 250;
const CONNECT_TIMEOUT_MS = 5000;

type OpenMessage = Extract<ToWorker, { kind: 'open' }>;

type Timer = ReturnType<typeof setTimeout>;

export class LinkConnection {
  readonly #open: OpenMessage;
  readonly #post: (message: FromWorker) => void;
  readonly #writer: FrameWriter;
  #carrier: Carrier | null = null;
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
    if (this.#stopped || this.#carrier !== null) return;
    clearTimeout(this.#retryTimer);
    this.#attempt += 1;
    this.#post({ kind: 'connecting', attempt: this.#attempt });
    const { url } = this.#open;
    const carrier: Carrier = this.#use((events) =>
      url === null ? new PortCarrier(events) : new SocketCarrier(url, events),
    );
    if (url === null) this.#post({ kind: 'wantPort' });
    this.#connectTimer = setTimeout(() => carrier.close(), CONNECT_TIMEOUT_MS);
  }

  /**
   * A port to the engine: the one that was asked for, or one to an engine that was started again,
   * which takes the place of what there was.
   */
  takePort(port: MessagePort): void {
    if (this.#stopped) {
      port.close();
      return;
    }
    clearTimeout(this.#retryTimer);
    let carrier = this.#carrier;
    if (!(carrier instanceof PortCarrier) || carrier.isOpen) {
      this.#dropForAnother();
      carrier = this.#use((events) => new PortCarrier(events));
    }
    if (carrier instanceof PortCarrier) carrier.take(port);
  }

  #dropForAnother(): void {
    const carrier = this.#carrier;
    if (carrier === null) return;
    this.#carrier = null;
    carrier.close();
    this.#forgetTimers();
    const reason = 'the engine was started again';
    this.#post({ kind: 'closed', reason, retryInMs: 0, attempt: 0, unauthorised: false });
  }

  /** Makes a carrier the current one; what an earlier one still says is not heard. */
  #use<C extends Carrier>(make: (events: CarrierEvents) => C): C {
    const isCurrent = (): boolean => this.#carrier === carrier;
    const carrier: C = make({
      onOpen: () => {
        if (isCurrent()) this.#onOpen();
      },
      onText: (text) => {
        if (isCurrent()) this.#post({ kind: 'text', text });
      },
      onFrame: (frame) => {
        if (isCurrent()) this.#onFrame(frame);
      },
      onClose: (reason, wasOpen) => {
        if (isCurrent()) void this.#onClose(reason, wasOpen);
      },
    });
    this.#carrier = carrier;
    return carrier;
  }

  #onOpen(): void {
    clearTimeout(this.#connectTimer);
    this.#attempt = 0;
    this.#owed = 0;
    this.#writer.restart();
    this.#post({ kind: 'open' });
    this.send(this.#open.hello);
    this.#sendCredit(this.#open.creditsMax);
  }

  #onFrame(frame: ArrayBuffer): void {
    const wrong = this.#writer.write(frame);
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
    if (this.#carrier?.isOpen === true) this.#carrier.send(text);
  }

  retryNow(): void {
    if (this.#carrier === null) this.connect();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#retryTimer);
    this.#carrier?.close();
  }

  async #onClose(reason: string, wasOpen: boolean): Promise<void> {
    const carrier = this.#carrier;
    this.#forgetTimers();
    const { url } = this.#open;
    const unauthorised = !wasOpen && url !== null && (await isUnauthorised(url));
    // A port to another engine has come meanwhile.
    if (this.#carrier !== carrier) return;
    this.#carrier = null;
    const pause = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(this.#attempt, 5));
    const retryInMs = Math.round(pause * (0.75 + Math.random() / 2));
    this.#post({ kind: 'closed', reason, retryInMs, attempt: this.#attempt, unauthorised });
    if (!this.#stopped) this.#retryTimer = setTimeout(() => this.connect(), retryInMs);
  }

  #forgetTimers(): void {
    clearTimeout(this.#connectTimer);
    clearTimeout(this.#creditTimer);
    this.#creditTimer = undefined;
  }
}

/** A refused upgrade looks like a dead engine to a WebSocket; a plain request tells. */
async function isUnauthorised(url: string): Promise<boolean> {
  if (!url.startsWith('ws')) return false;
  const page = url.replace(/^ws/, 'http').replace(/\/link$/, '/');
  try {
    const answer = await fetch(page, { method: 'HEAD', cache: 'no-store' });
    return answer.status === 403;
  } catch {
    return false;
  }
}
