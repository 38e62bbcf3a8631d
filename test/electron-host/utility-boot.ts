/**
 * utility-boot: the start of a utility process: gives it `process.parentPort`, then runs its entry.
 *
 * Imports   ./clone.
 */
import { EventEmitter } from 'node:events';
import { pathToFileURL } from 'node:url';
import { fromBytes, toBytes } from './clone.ts';

interface FromHost {
  readonly kind: 'message' | 'port' | 'close';
  readonly id: number;
  readonly bytes: Uint8Array;
  readonly ports: readonly number[];
}

const ports = new Map<number, UtilityPort>();

/** An end of a channel inside the utility process; waits for start() like Electron's. */
class UtilityPort extends EventEmitter {
  readonly #id: number;
  #queue: object[] | null = [];
  #isGiven = false;

  constructor(id: number) {
    super();
    this.#id = id;
    ports.set(id, this);
  }

  start(): void {
    const queue = this.#queue ?? [];
    this.#queue = null;
    for (const event of queue) this.emit('message', event);
  }

  postMessage(message: unknown, transfer: readonly unknown[] = []): void {
    if (this.#isGiven) throw new Error('the port was transferred and can no longer be used');
    transfer.forEach((part, index) => {
      if (!(part instanceof UtilityPort)) {
        throw new TypeError(`Port at index ${index} is not a valid port`);
      }
    });
    const given = transfer.map((part) => (part as UtilityPort).give());
    process.send?.({ kind: 'port', id: this.#id, bytes: toBytes(message), ports: given });
  }

  close(): void {
    process.send?.({ kind: 'close', id: this.#id });
    this.closed();
  }

  give(): number {
    this.#isGiven = true;
    ports.delete(this.#id);
    return this.#id;
  }

  receive(event: object): void {
    if (this.#queue === null) this.emit('message', event);
    else this.#queue.push(event);
  }

  closed(): void {
    if (ports.delete(this.#id)) setImmediate(() => this.emit('close'));
  }
}

/** Messages wait until somebody listens. */
class ParentPort extends EventEmitter {
  #queue: object[] | null = [];

  constructor() {
    super();
    this.on('newListener', (name) => {
      if (name !== 'message' || this.#queue === null) return;
      const queue = this.#queue;
      this.#queue = null;
      setImmediate(() => queue.forEach((event) => this.emit('message', event)));
    });
  }

  postMessage(message: unknown, ...rest: readonly unknown[]): void {
    if (rest.length > 0) throw new TypeError('parentPort.postMessage takes one argument');
    process.send?.({ kind: 'message', bytes: toBytes(message) });
  }

  receive(event: object): void {
    if (this.#queue === null) this.emit('message', event);
    else this.#queue.push(event);
  }
}

const parentPort = new ParentPort();
Object.defineProperty(process, 'parentPort', { value: parentPort });
Object.defineProperty(process, 'type', { value: 'utility' });

process.on('message', ({ kind, id, bytes, ports: arrived }: FromHost) => {
  if (kind === 'close') {
    ports.get(id)?.closed();
    return;
  }
  const event = { data: fromBytes(bytes), ports: arrived.map((port) => new UtilityPort(port)) };
  if (kind === 'message') parentPort.receive(event);
  else ports.get(id)?.receive(event);
});
/** A utility process does not outlive the main process. */
process.on('disconnect', () => process.exit(1));

const [, , entry = '', ...rest] = process.argv;
process.argv.splice(1, process.argv.length, entry, ...rest);
await import(pathToFileURL(entry).href);
