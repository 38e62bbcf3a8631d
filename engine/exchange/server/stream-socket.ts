/**
 * stream-socket: one market-data or user-data socket: paths, subscriptions, control messages.
 *
 * A socket carries one class. Wrong-class and unknown streams are acknowledged and stay mute, as on
 * the venue. The retired un-routed paths behave as the public class. Private sockets take a listen
 * key in any of the four forms in use; under the strict switch two of them stay mute.
 *
 * Writer    the server's thread. Imports ws (type), server/*.
 */
import type { StreamClass } from './market-hub.ts';
import { decoded } from './params.ts';
import type { Peer } from './peer.ts';
import type { ExchangeService } from './service.ts';
import type { PrivateClient } from './user-streams.ts';

export interface StreamPath {
  readonly streamClass: StreamClass;
  readonly isCombined: boolean;
  /** Streams or listen keys named by the path or the query. */
  readonly names: readonly string[];
  /** Event names of a private query; null when it names none. */
  readonly events: readonly string[] | null;
  /** Private forms: key in the path, key in the query, or none yet. */
  readonly keyForm: 'path' | 'query' | 'none';
}

const CLASSES: readonly string[] = ['public', 'market', 'private'];
const INBOUND_MAX_PER_S = 10;
const STREAMS_MAX = 1024;

/** Reads an upgrade URL; null when it is no stream path. */
export function parseStreamPath(path: string, query: string): StreamPath | null {
  const parts = path.split('/').slice(1);
  const isRouted = CLASSES.includes(parts[0] ?? '');
  const streamClass = (isRouted ? parts.shift() : 'public') as StreamClass;
  const endpoint = parts.shift();
  if (endpoint !== 'ws' && endpoint !== 'stream') return null;
  const isCombined = endpoint === 'stream';
  if (isCombined && parts.length > 0) return null;
  const search = new URLSearchParams(query);
  const fromPath = parts.filter((name) => name !== '').map(decoded);
  if (streamClass === 'private') return privatePath(search, fromPath, isCombined);
  const streams = search.get('streams') ?? '';
  const names = streams === '' ? fromPath : streams.split('/');
  return { streamClass, isCombined, names, events: null, keyForm: 'none' };
}

function privatePath(
  search: URLSearchParams,
  fromPath: readonly string[],
  isCombined: boolean,
): StreamPath {
  const common = { streamClass: 'private', isCombined } as const;
  const key = search.get('listenKey');
  if (key !== null) {
    const events = search.get('events') ?? '';
    const list = events === '' ? null : events.split('/');
    return { ...common, names: [key], events: list, keyForm: 'query' };
  }
  const keyForm = fromPath.length > 0 ? 'path' : 'none';
  return { ...common, names: fromPath, events: null, keyForm };
}

/** Why a control message was refused. */
class ControlError {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

export class StreamSocket implements PrivateClient {
  readonly streamClass: StreamClass;
  readonly keys = new Map<string, ReadonlySet<string> | null>();
  isCombined: boolean;
  isMuted = false;
  readonly #service: ExchangeService;
  readonly #peer: Peer;
  readonly #names = new Set<string>();
  #inboundWindow = 0;
  #inboundCount = 0;

  constructor(service: ExchangeService, peer: Peer, path: StreamPath) {
    this.#service = service;
    this.#peer = peer;
    this.streamClass = path.streamClass;
    this.isCombined = path.isCombined;
    if (this.streamClass === 'private') this.#openPrivate(path);
    else for (const name of path.names) this.#subscribe(name);
  }

  #openPrivate(path: StreamPath): void {
    const isStrict = this.#service.faults.state.strictPrivate;
    const isOldForm = path.keyForm === 'path' || (path.keyForm === 'query' && path.events === null);
    this.isMuted = isStrict && isOldForm;
    for (const key of path.names) {
      this.keys.set(key, path.events === null ? null : new Set(path.events));
      this.#names.add(key);
    }
    this.#service.users.attach(this);
  }

  send(payload: Buffer): void {
    this.#peer.send(payload);
  }

  close(): void {
    this.#service.hub.remove(this);
    this.#service.users.detach(this);
  }

  /** A control message. Invalid JSON and too many messages close the socket, as on the venue. */
  receive(text: string): void {
    if (this.#isFlooding()) {
      this.#peer.close(1008, 'Too many requests');
      return;
    }
    let request: Record<string, unknown>;
    try {
      request = JSON.parse(text) as Record<string, unknown>;
    } catch {
      this.#peer.close(1007, 'Invalid JSON');
      return;
    }
    this.#peer.send(Buffer.from(this.#answer(request), 'utf8'));
  }

  #isFlooding(): boolean {
    const second = Math.floor(this.#service.nowMs / 1000);
    if (second !== this.#inboundWindow) {
      this.#inboundWindow = second;
      this.#inboundCount = 0;
    }
    this.#inboundCount += 1;
    return this.#inboundCount > INBOUND_MAX_PER_S;
  }

  #answer(request: Record<string, unknown> | null): string {
    const id = request?.['id'] ?? null;
    if (id !== null && typeof id !== 'string' && !Number.isInteger(id)) {
      return refusal(null, 'Invalid request: request ID must be an unsigned integer');
    }
    const result = this.#control(request?.['method'], request?.['params']);
    if (result instanceof ControlError) return refusal(id, result.message);
    return `{"result":${result},"id":${JSON.stringify(id)}}`;
  }

  /** JSON of the result, or what is wrong. */
  #control(method: unknown, params: unknown): string | ControlError {
    switch (method) {
      case 'SUBSCRIBE':
      case 'UNSUBSCRIBE':
        return this.#change(method === 'SUBSCRIBE', params);
      case 'LIST_SUBSCRIPTIONS':
        return JSON.stringify([...this.#names]);
      case 'SET_PROPERTY': {
        const [name, value] = Array.isArray(params) ? (params as unknown[]) : [];
        if (name !== 'combined' || typeof value !== 'boolean') {
          return new ControlError('Invalid request: unknown property');
        }
        this.isCombined = value;
        return 'null';
      }
      case 'GET_PROPERTY':
        return String(this.isCombined);
      default:
        return new ControlError('Invalid request: unknown method');
    }
  }

  #change(isAdding: boolean, params: unknown): string | ControlError {
    if (!Array.isArray(params) || !params.every((name) => typeof name === 'string')) {
      return new ControlError('Invalid request: params must be an array of strings');
    }
    for (const name of params) {
      if (isAdding) this.#subscribe(name);
      else this.#unsubscribe(name);
    }
    return 'null';
  }

  #subscribe(name: string): void {
    if (this.#names.size >= STREAMS_MAX) return;
    this.#names.add(name);
    if (this.streamClass === 'private') this.keys.set(name, null);
    else this.#service.hub.subscribe(this, name);
  }

  #unsubscribe(name: string): void {
    this.#names.delete(name);
    this.keys.delete(name);
    this.#service.hub.unsubscribe(this, name);
  }
}

function refusal(id: unknown, message: string): string {
  return `{"code":2,"msg":${JSON.stringify(message)},"id":${JSON.stringify(id ?? null)}}`;
}
