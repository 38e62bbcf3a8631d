/**
 * ports: MessageChannelMain and MessagePortMain. Every message passes through here; an end of a
 * channel lives in the main process, in a utility process or in a page, and may move.
 *
 * Refuses   what Electron refuses: a SharedArrayBuffer in a message, anything but a MessagePortMain
 *           on a transfer list, the use of a port that was given away.
 * Imports   ./clone.
 */
import { EventEmitter } from 'node:events';
import { fromBytes, toBytes } from './clone.ts';

/** A message on its way: copied, with the ports that travel along. */
export interface Carried {
  readonly bytes: Uint8Array;
  readonly ports: readonly number[];
}

/** Where ends of channels live. */
export interface PortPlace {
  deliver(port: number, message: Carried): void;
  close(port: number): void;
}

const peers = new Map<number, number>();
const places = new Map<number, PortPlace>();
const held = new Map<number, Carried[]>();
let lastId = 0;

/** Takes a message from one end to the other, or keeps it until that end has arrived somewhere. */
export function route(from: number, message: Carried): void {
  const to = peers.get(from);
  if (to === undefined) return;
  const place = places.get(to);
  if (place === undefined) held.set(to, [...(held.get(to) ?? []), message]);
  else handOver(place, to, message);
}

/** Says that an end of a channel lives at `place` from now on. */
export function settlePort(port: number, place: PortPlace): void {
  places.set(port, place);
  const kept = held.get(port) ?? [];
  held.delete(port);
  for (const message of kept) handOver(place, port, message);
  if (!peers.has(port)) place.close(port);
}

export function uproot(port: number): void {
  places.delete(port);
}

export function closePort(port: number): void {
  const peer = peers.get(port);
  peers.delete(port);
  places.delete(port);
  if (peer === undefined) return;
  peers.delete(peer);
  places.get(peer)?.close(peer);
}

/** All ends at a place are gone: the process ended or the page went elsewhere. */
export function closePortsAt(place: PortPlace): void {
  for (const [port, at] of [...places]) {
    if (at === place) closePort(port);
  }
}

function handOver(place: PortPlace, port: number, message: Carried): void {
  place.deliver(port, message);
  for (const moved of message.ports) settlePort(moved, place);
}

const local = new Map<number, MessagePortMain>();

const mainPlace: PortPlace = {
  deliver: (port, message) => local.get(port)?.hostReceive(message),
  close: (port) => local.get(port)?.hostClosed(),
};

export class MessagePortMain extends EventEmitter {
  readonly #id: number;
  #queue: Carried[] | null = [];
  #isGiven = false;

  constructor(id: number) {
    super();
    this.#id = id;
    local.set(id, this);
  }

  start(): void {
    const queue = this.#queue ?? [];
    this.#queue = null;
    for (const message of queue) this.#emit(message);
  }

  postMessage(message: unknown, transfer: readonly unknown[] = []): void {
    if (this.#isGiven) throw new Error('the port was transferred and can no longer be used');
    const ports = giveAway(transfer);
    route(this.#id, { bytes: toBytes(message), ports });
  }

  close(): void {
    closePort(this.#id);
    this.hostClosed();
  }

  hostReceive(message: Carried): void {
    for (const port of message.ports) portOf(port);
    if (this.#queue !== null) this.#queue.push(message);
    else this.#emit(message);
  }

  hostClosed(): void {
    if (!local.delete(this.#id)) return;
    setImmediate(() => this.emit('close'));
  }

  /** The end leaves this process. */
  hostGive(): number {
    if (this.#isGiven) throw new TypeError('the port was transferred already');
    this.#isGiven = true;
    local.delete(this.#id);
    uproot(this.#id);
    return this.#id;
  }

  #emit({ bytes, ports }: Carried): void {
    const opened = ports.map(portOf);
    setImmediate(() => this.emit('message', { data: fromBytes(bytes), ports: opened }));
  }
}

export class MessageChannelMain {
  readonly port1 = newEnd();
  readonly port2 = newEnd();

  constructor() {
    const [first, second] = [lastId - 1, lastId];
    peers.set(first, second);
    peers.set(second, first);
    settlePort(first, mainPlace);
    settlePort(second, mainPlace);
  }
}

/** The ids of the ports on a transfer list, which leave this process with it. */
export function giveAway(transfer: readonly unknown[]): readonly number[] {
  transfer.forEach((part, index) => {
    if (part instanceof MessagePortMain) return;
    throw new TypeError(`Port at index ${index} is not a valid port`);
  });
  return transfer.map((part) => (part as MessagePortMain).hostGive());
}

/** The port of an end that lives here; made when it arrives. */
function portOf(id: number): MessagePortMain {
  return local.get(id) ?? new MessagePortMain(id);
}

function newEnd(): MessagePortMain {
  return new MessagePortMain(++lastId);
}
