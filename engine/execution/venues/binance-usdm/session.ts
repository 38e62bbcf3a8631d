/**
 * session: the two sockets that trading on Binance USD-M needs, on the thread that trades.
 *
 * Order socket    ws-fapi: session.logon with an Ed25519 key (or each request signed), then orders,
 *                 queries, and the listen key, which is opened and kept alive here as well.
 * Private stream  form /private/ws?listenKey=…&events=…, every event named, `listenKeyExpired` too.
 *                 It is proven live by its first event: when an order was acknowledged and no event
 *                 follows, the stream is mute and is made anew.
 *
 * On a loss of the order socket every order in flight becomes an OutcomeUnknown row; on a loss of
 * the stream a StreamLost row, and StreamResumed once it is back (the order manager then asks for
 * every order, because events of the gap never come again). Both sockets are renewed before 24
 * hours.
 *
 * Writer    the trading thread alone. Rows go to `events`; `onRows` is called when there are some.
 * Units     engine ns from nowNs(); waits in ms.
 * Imports   ws (through venue-socket), base, domain, memory/slots, execution.
 */
import { OrderEventKind, OrderState } from '../../../domain/order.ts';
import { Health, OrderEventField } from '../../../memory/slots.ts';
import { EVENT_STRIDE, type OrderEventQueue, VenueEventKind } from '../../order-events.ts';
import type { OrderTable } from '../../order-table.ts';
import { Decoded, type UsdmDecoder } from './decode.ts';
import { assertLoopback, type UsdmEndpoints } from './endpoints.ts';
import { type Params, signedParams, type Signer } from './sign.ts';
import { type SocketTiming, VenueSocket } from './venue-socket.ts';

export const PRIVATE_EVENTS = [
  'ORDER_TRADE_UPDATE',
  'ACCOUNT_UPDATE',
  'ACCOUNT_CONFIG_UPDATE',
  'MARGIN_CALL',
  'listenKeyExpired',
] as const;

export interface SessionTiming {
  readonly keepAliveMs: number;
  readonly renewMs: number;
  /** An acknowledged order without any private event for this long: the stream is mute. */
  readonly muteMs: number;
  readonly replyMs: number;
}

export const SESSION_TIMING: SessionTiming = {
  keepAliveMs: 25 * 60_000,
  renewMs: 23 * 3_600_000,
  muteMs: 3000,
  replyMs: 5000,
};

export interface SessionParts {
  readonly endpoints: UsdmEndpoints;
  readonly signer: Signer;
  readonly table: OrderTable;
  readonly decoder: UsdmDecoder;
  readonly events: OrderEventQueue;
  readonly nowNs: () => number;
  /** Wall ms of the venue, as well as we know it. */
  readonly venueMs: () => number;
  readonly receiveWindowMs: number;
  readonly onRows: () => void;
  /** One line a change, for the log: what happened to which socket. */
  readonly onNotice?: (text: string) => void;
  /** SIM: refuse any endpoint that is not on this machine. */
  readonly isLoopbackOnly: boolean;
  /** Sees every private frame after it was handled (SIM: the fault messages of the exchange). */
  readonly onUserFrame?: (bytes: Uint8Array) => void;
  readonly timing?: Partial<SessionTiming>;
  readonly socketTiming?: Partial<SocketTiming>;
}

/** Request weight, order rate; time stamp at the door, at the matching engine. */
const RATE_CODES: readonly number[] = [-1003, -1015];
const CLOCK_CODES: readonly number[] = [-1021, -5028];
const REFUSAL_NS = 5e9;

type ReplyHandler = (reply: SessionReply) => void;

interface SessionReply {
  readonly status: number;
  readonly result: Readonly<Record<string, unknown>>;
  readonly error: { readonly code: number; readonly msg: string };
}

export class UsdmSession {
  /** Times the private stream was taken for mute. */
  muteCount = 0;
  lostCount = 0;
  readonly #parts: SessionParts;
  readonly #timing: SessionTiming;
  readonly #orders: VenueSocket;
  readonly #stream: VenueSocket;
  readonly #replies = new Map<string, ReplyHandler>();
  readonly #timers: NodeJS.Timeout[] = [];
  #isLoggedOn = false;
  #isStreamUp = false;
  #listenKey = '';
  #requestCount = 0;
  /** Engine ns of the oldest acknowledgement that no private event has followed; 0 none. */
  #unprovenSinceNs = 0;
  #lastEventNs = -Infinity;
  /** Until then the venue is taken to refuse by rate, or to see our clock as wrong. */
  #limitedUntilNs = 0;
  #skewedUntilNs = 0;
  #isStopped = false;

  constructor(parts: SessionParts) {
    if (parts.isLoopbackOnly) assertLoopback(parts.endpoints);
    this.#parts = parts;
    this.#timing = { ...SESSION_TIMING, ...parts.timing };
    const timing = parts.socketTiming ?? {};
    this.#orders = new VenueSocket({
      name: 'order socket',
      address: () => Promise.resolve(`${parts.endpoints.wsApi}?returnRateLimits=false`),
      onOpen: () => this.#logOn(),
      onFrame: (bytes) => this.#onReply(bytes),
      onDown: (reason) => this.#onOrdersDown(reason),
      timing,
    });
    this.#stream = new VenueSocket({
      name: 'private stream',
      address: () => this.#streamAddress(),
      onOpen: () => this.#onStreamOpen(),
      onFrame: (bytes) => this.#onUserEvent(bytes),
      onDown: (reason) => this.#onStreamDown(reason),
      timing,
    });
  }

  get isReady(): boolean {
    return this.#isLoggedOn && this.#isStreamUp;
  }

  /** Health bits for the turn's record: what is down, whether a socket is behind. */
  get health(): number {
    let bits = 0;
    if (!this.#isLoggedOn) bits |= Health.OrderSocketDown;
    if (!this.#isStreamUp) bits |= Health.UserStreamDown;
    if (this.#orders.bufferedBytes > 0) bits |= Health.SocketBusy;
    const now = this.#parts.nowNs();
    if (now < this.#limitedUntilNs) bits |= Health.VenueBudgetLow;
    if (now < this.#skewedUntilNs) bits |= Health.ClockSkew;
    return bits;
  }

  start(): void {
    this.#orders.start();
    const keepAlive = setInterval(() => this.#keepAlive(), this.#timing.keepAliveMs);
    const renew = setInterval(() => this.#renew(), this.#timing.renewMs);
    const watch = setInterval(() => this.#watchMute(), Math.max(50, this.#timing.muteMs / 4));
    this.#timers.push(keepAlive, renew, watch);
  }

  /** Ends both sockets. Resting orders stay at the venue: cancel them first. */
  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#orders.stop();
    this.#stream.stop();
    this.#isLoggedOn = false;
    this.#isStreamUp = false;
  }

  /** What the gateway sends through: false unless the order socket is open and logged on. */
  readonly send = (bytes: Uint8Array, length: number): boolean =>
    this.#isLoggedOn && this.#orders.send(bytes, length);

  // --- order socket ----------------------------------------------------------------------------

  #logOn(): void {
    if (this.#parts.signer.kind !== 'ed25519') {
      this.#onLoggedOn();
      return;
    }
    this.#request('session.logon', signedParams(this.#parts.signer, this.#timed({})), (reply) => {
      if (reply.status === 200) this.#onLoggedOn();
      else this.#orders.fail(`logon refused: ${reply.error.code} ${reply.error.msg}`);
    });
  }

  #onLoggedOn(): void {
    this.#isLoggedOn = true;
    this.#orders.confirm();
    this.#notice('order socket: logged on');
    this.#stream.start();
    this.#parts.onRows();
  }

  #onReply(bytes: Buffer): void {
    const { decoder, events, nowNs } = this.#parts;
    decoder.now[0] = nowNs();
    const before = events.count;
    const decoded = decoder.onReply(bytes, bytes.length);
    if (decoded === Decoded.Session) this.#onSessionReply(bytes);
    else if (decoded === Decoded.NotAuthorised) this.#notice('order socket: not authorised');
    if (events.count === before) return;
    this.#noteAcknowledged(before);
    this.#noteRefusals(before);
    this.#parts.onRows();
  }

  /**
   * An acknowledgement starts the wait for a private event, unless the stream is proven already.
   */
  #noteAcknowledged(fromRow: number): void {
    if (!this.#isStreamUp || this.#unprovenSinceNs > 0) return;
    const { events, nowNs } = this.#parts;
    // Events may come before their replies: a stream that spoke just now is proven.
    if (nowNs() - this.#lastEventNs < this.#timing.muteMs * 1e6) return;
    for (let row = fromRow; row < events.count; row++) {
      if (events.kindOf(row) !== OrderEventKind.Accepted) continue;
      this.#unprovenSinceNs = nowNs();
    }
  }

  /** Codes that concern every request, not one order: rate and clock. */
  #noteRefusals(fromRow: number): void {
    const { events, nowNs } = this.#parts;
    for (let row = fromRow; row < events.count; row++) {
      const code = events.doubles[row * EVENT_STRIDE + OrderEventField.Code]!;
      if (RATE_CODES.includes(code)) this.#limitedUntilNs = nowNs() + REFUSAL_NS;
      else if (CLOCK_CODES.includes(code)) this.#skewedUntilNs = nowNs() + REFUSAL_NS;
    }
  }

  #onSessionReply(bytes: Buffer): void {
    let frame: Record<string, unknown>;
    try {
      frame = JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;
    } catch {
      return;
    }
    const id = String(frame['id']);
    const handler = this.#replies.get(id);
    if (handler === undefined) return;
    this.#replies.delete(id);
    handler({
      status: Number(frame['status']),
      result: (frame['result'] ?? {}) as Record<string, unknown>,
      error: (frame['error'] ?? { code: 0, msg: '' }) as SessionReply['error'],
    });
  }

  #onOrdersDown(reason: string): void {
    this.#isLoggedOn = false;
    this.#replies.clear();
    this.lostCount += 1;
    this.#notice(reason);
    this.#loseOrdersInFlight();
    this.#parts.onRows();
  }

  /** Nobody knows what became of requests without an answer: say so for each order. */
  #loseOrdersInFlight(): void {
    const { table, events, nowNs } = this.#parts;
    for (let i = 0; i < table.activeCount; i++) {
      const slot = table.active[i]!;
      const state = table.state[slot]!;
      if (state !== OrderState.PendingNew && state !== OrderState.PendingCancel) continue;
      const base = events.claim(
        OrderEventKind.OutcomeUnknown,
        table.instrument[slot]!,
        table.clientSequence[slot]!,
      );
      if (base >= 0) events.doubles[base + OrderEventField.NowNs] = nowNs();
    }
  }

  #request(method: string, params: Params, handler: ReplyHandler): void {
    this.#requestCount += 1;
    const id = `s${this.#requestCount}`;
    this.#replies.set(id, handler);
    if (!this.#orders.sendText(JSON.stringify({ id, method, params }))) this.#replies.delete(id);
  }

  #timed(params: Params): Params {
    const { receiveWindowMs, venueMs } = this.#parts;
    return { ...params, recvWindow: receiveWindowMs, timestamp: Math.floor(venueMs()) };
  }

  // --- private stream --------------------------------------------------------------------------

  #streamAddress(): Promise<string> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error('no answer to userDataStream.start')),
        this.#timing.replyMs,
      );
      const params = { apiKey: this.#parts.signer.apiKey };
      this.#request('userDataStream.start', params, (reply) => {
        clearTimeout(timer);
        if (reply.status !== 200) {
          reject(new Error(`userDataStream.start refused: ${reply.error.code}`));
          return;
        }
        this.#listenKey = String(reply.result['listenKey']);
        const events = PRIVATE_EVENTS.join('/');
        const base = this.#parts.endpoints.privateStream;
        resolve(`${base}/ws?listenKey=${this.#listenKey}&events=${events}`);
      });
    });
  }

  #onStreamOpen(): void {
    this.#isStreamUp = true;
    this.#stream.confirm();
    this.#unprovenSinceNs = 0;
    this.#notice('private stream: open');
    this.#claimStreamRow(VenueEventKind.StreamResumed);
    this.#parts.onRows();
  }

  #onUserEvent(bytes: Buffer): void {
    const { decoder, events, nowNs } = this.#parts;
    this.#unprovenSinceNs = 0;
    decoder.now[0] = nowNs();
    this.#lastEventNs = decoder.now[0];
    const before = events.count;
    const decoded = decoder.onUserEvent(bytes, bytes.length);
    // The notice can come twice; the second finds a stream that is already being made anew.
    if (decoded === Decoded.ListenKeyExpired) this.#stream.reconnect('listen key expired');
    if (events.count > before) this.#parts.onRows();
    this.#parts.onUserFrame?.(bytes);
  }

  #onStreamDown(reason: string): void {
    this.#notice(reason);
    this.#unprovenSinceNs = 0;
    if (!this.#isStreamUp) return;
    this.#isStreamUp = false;
    this.lostCount += 1;
    this.#claimStreamRow(VenueEventKind.StreamLost);
    this.#parts.onRows();
  }

  #claimStreamRow(kind: number): void {
    const { events, nowNs } = this.#parts;
    const base = events.claim(kind, 0, 0);
    if (base >= 0) events.doubles[base + OrderEventField.NowNs] = nowNs();
  }

  #watchMute(): void {
    if (this.#unprovenSinceNs === 0) return;
    const silentMs = (this.#parts.nowNs() - this.#unprovenSinceNs) / 1e6;
    if (silentMs < this.#timing.muteMs) return;
    this.muteCount += 1;
    this.#stream.reconnect('orders are acknowledged but no event follows');
  }

  #keepAlive(): void {
    if (!this.#isLoggedOn) return;
    const params = { apiKey: this.#parts.signer.apiKey };
    this.#request('userDataStream.ping', params, (reply) => {
      if (reply.status !== 200) this.#stream.reconnect('the listen key is dead');
    });
  }

  /** Before the venue's 24 hours are over, and only while nothing is in flight. */
  #renew(): void {
    if (this.#isStopped) return;
    const { table } = this.#parts;
    for (let i = 0; i < table.activeCount; i++) {
      const state = table.state[table.active[i]!]!;
      if (state === OrderState.PendingNew || state === OrderState.PendingCancel) {
        setTimeout(() => this.#renew(), 1000).unref();
        return;
      }
    }
    this.#orders.reconnect('renewal before 24 hours');
    this.#stream.reconnect('renewal before 24 hours');
  }

  #notice(text: string): void {
    this.#parts.onNotice?.(text);
  }
}
