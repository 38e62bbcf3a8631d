/**
 * user-streams: listen keys and the user-data events that private sockets get.
 *
 * Events wait in `pending` while a request or a step runs and go out in flush(), so that a reply
 * can come first. No replay: what is sent while nobody listens is gone.
 *
 * Writer    ExchangeService. Units simulation and wall ms.
 * Imports   node Buffer, base/random, exchange/core, server/*.
 */
import type { SeededRandom } from '../../base/random.ts';
import type { Account, Execution } from '../core/account.ts';
import type { Faults } from './faults.ts';
import type { HubTime, StreamClient } from './market-hub.ts';
import { VenueError } from './venue-error.ts';
import type { WireContext } from './wire-user.ts';
import {
  accountUpdateText,
  listenKeyExpiredText,
  orderTradeUpdateText,
  tradeLiteText,
} from './wire-user.ts';

export interface PrivateClient extends StreamClient {
  /** Listen keys it follows, with the event names it asked for; null means all. */
  readonly keys: Map<string, ReadonlySet<string> | null>;
  /** A form that production no longer serves: handshake and nothing more. */
  isMuted: boolean;
}

export interface UserEvent {
  readonly account: Account;
  readonly type: string;
  readonly text: string;
}

interface ListenKey {
  readonly key: string;
  readonly account: Account;
  expiresMs: number;
}

const LIFE_MS = 3_600_000;
const KEY_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export class UserStreams {
  /** Called for every event once, whoever listens: the in-process caller. */
  onEvent: ((event: UserEvent, wallMs: number) => void) | null = null;
  sentCount = 0;
  readonly #context: WireContext;
  readonly #faults: Faults;
  readonly #time: HubTime;
  readonly #random: SeededRandom;
  readonly #keys = new Map<string, ListenKey>();
  readonly #clients = new Set<PrivateClient>();
  #pending: UserEvent[] = [];
  #sweepUpdates: { account: Account; marketIndex: number; simMs: number }[] = [];
  #lastDeliveryMs = Number.NEGATIVE_INFINITY;

  constructor(context: WireContext, faults: Faults, time: HubTime, random: SeededRandom) {
    this.#context = context;
    this.#faults = faults;
    this.#time = time;
    this.#random = random;
  }

  /** The account's live key, extended; a new one when there is none. */
  openKey(account: Account): string {
    for (const entry of this.#keys.values()) {
      if (entry.account === account) return this.#extend(entry);
    }
    let key = '';
    for (let i = 0; i < 64; i++) key += KEY_LETTERS[this.#random.int(KEY_LETTERS.length)];
    const entry = { key, account, expiresMs: 0 };
    this.#keys.set(key, entry);
    return this.#extend(entry);
  }

  keepKey(account: Account): string {
    for (const entry of this.#keys.values()) {
      if (entry.account === account) return this.#extend(entry);
    }
    throw new VenueError(-1125);
  }

  closeKey(account: Account): void {
    for (const entry of this.#keys.values()) {
      if (entry.account === account) this.#keys.delete(entry.key);
    }
  }

  hasKey(key: string): boolean {
    return this.#keys.has(key);
  }

  #extend(entry: ListenKey): string {
    entry.expiresMs = this.#time.nowMs() + LIFE_MS;
    this.#time.queue.add(entry.expiresMs, () => {
      // Extended meanwhile: a later check is queued.
      if (this.#keys.get(entry.key) === entry && entry.expiresMs <= this.#time.nowMs()) {
        this.#expire(entry);
      }
    });
    return entry.key;
  }

  attach(client: PrivateClient): void {
    this.#clients.add(client);
  }

  detach(client: PrivateClient): void {
    this.#clients.delete(client);
  }

  expireAll(): void {
    for (const entry of this.#keys.values()) this.#expire(entry);
  }

  #expire(entry: ListenKey): void {
    const wallMs = this.#time.wallMs(this.#time.nowMs());
    const text = listenKeyExpiredText(entry.key, wallMs);
    // Seen arriving twice on the real venue.
    for (let i = 0; i < 2; i++) this.#sendToKey(entry.key, 'listenKeyExpired', text, wallMs);
    this.#keys.delete(entry.key);
    this.onEvent?.({ account: entry.account, type: 'listenKeyExpired', text }, wallMs);
  }

  /** Turns an execution into its events; they go out with the next flush. */
  onExecution(execution: Execution): void {
    const account = execution.order.account;
    const marketIndex = execution.order.request.marketIndex;
    const order = event(
      account,
      'ORDER_TRADE_UPDATE',
      orderTradeUpdateText(this.#context, execution),
    );
    if (execution.tradeId === 0) {
      this.#pending.push(order);
      return;
    }
    const lite = event(account, 'TRADE_LITE', tradeLiteText(this.#context, execution));
    const mode = this.#faults.state.eventOrder;
    if (mode === 'tradeLiteFirst') this.#pending.push(lite, order);
    else if (mode === 'accountFirst') {
      this.#accountUpdate(account, marketIndex, execution.timeMs);
      this.#pending.push(order, lite);
    } else this.#pending.push(order, lite);
    if (this.#faults.isTradeDuplicated()) this.#pending.push(order);
    if (mode !== 'accountFirst') this.#accountUpdate(account, marketIndex, execution.timeMs);
  }

  #accountUpdate(account: Account, marketIndex: number, simMs: number): void {
    if (this.#faults.state.accountUpdatePerSweep) {
      const updates = this.#sweepUpdates;
      if (updates.some((u) => u.account === account && u.marketIndex === marketIndex)) return;
      updates.push({ account, marketIndex, simMs });
      return;
    }
    const text = accountUpdateText(this.#context, account, marketIndex, simMs);
    this.#pending.push(event(account, 'ACCOUNT_UPDATE', text));
  }

  get hasPending(): boolean {
    return this.#pending.length > 0;
  }

  /** Sends what has gathered. */
  flush(): void {
    if (this.#pending.length === 0) return;
    for (const update of this.#sweepUpdates) {
      const { account, marketIndex, simMs } = update;
      const text = accountUpdateText(this.#context, account, marketIndex, simMs);
      this.#pending.push(event(account, 'ACCOUNT_UPDATE', text));
    }
    this.#sweepUpdates = [];
    const events = this.#pending;
    this.#pending = [];
    const nowMs = this.#time.nowMs();
    const delayMs = this.#faults.state.userDelayMs;
    const dueMs = Math.max(nowMs + delayMs, this.#lastDeliveryMs);
    if (dueMs <= nowMs) {
      for (const item of events) this.#send(item);
      return;
    }
    this.#lastDeliveryMs = dueMs;
    this.#time.queue.add(dueMs, () => {
      for (const item of events) this.#send(item);
    });
  }

  /** A message outside the protocol, to every private client: simulation faults. */
  sendToAll(text: string): void {
    const wallMs = this.#time.wallMs(this.#time.nowMs());
    const payload = Buffer.from(text, 'latin1');
    for (const client of this.#clients) client.send(payload, wallMs);
  }

  #send(item: UserEvent): void {
    if (this.#faults.state.muteClass === 'private') return;
    const wallMs = this.#time.wallMs(this.#time.nowMs());
    this.sentCount += 1;
    this.onEvent?.(item, wallMs);
    for (const entry of this.#keys.values()) {
      if (entry.account === item.account) {
        this.#sendToKey(entry.key, item.type, item.text, wallMs);
        return;
      }
    }
  }

  #sendToKey(key: string, type: string, text: string, wallMs: number): void {
    for (const client of this.#clients) {
      const events = client.keys.get(key);
      if (events === undefined || client.isMuted) continue;
      if (events !== null && !events.has(type)) continue;
      const body = client.isCombined ? `{"stream":"${key}","data":${text}}` : text;
      client.send(Buffer.from(body, 'latin1'), wallMs);
    }
  }
}

function event(account: Account, type: string, text: string): UserEvent {
  return { account, type, text };
}
