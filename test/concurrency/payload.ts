/**
 * payload: what the threads of the concurrency tests write, so that a reader can tell a whole
 * payload from a mixture of two: every double follows from the sequence number and its place.
 *
 * Imports   engine/base.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

export interface WriterJob {
  readonly kind: 'ring' | 'view' | 'latest' | 'unguarded';
  readonly buffer: SharedArrayBuffer;
  readonly flags: SharedArrayBuffer;
  readonly count: number;
  readonly seed: number;
  readonly lossy: boolean;
  readonly pauseSpins: number;
}

/** Exact in a double, different at every place for every sequence. */
function word(sequence: number, place: number): number {
  return sequence * 4096 + place;
}

export function fillPayload(
  doubles: Float64Array,
  at: number,
  count: number,
  sequence: number,
): void {
  for (let place = 0; place < count; place++) doubles[at + place] = word(sequence, place);
}

/** The sequence of a payload, or −1 when it is a mixture. */
export function sequenceOf(doubles: Float64Array, at: number, count: number): number {
  const sequence = doubles[at]! / 4096;
  for (let place = 1; place < count; place++) {
    if (doubles[at + place] !== word(sequence, place)) return -1;
  }
  return sequence;
}

export class WriterThread {
  readonly #worker: Worker;
  readonly #flags: Int32Array;
  readonly #ended: Promise<unknown>;

  constructor(job: Omit<WriterJob, 'flags'>) {
    const flags = new SharedArrayBuffer(16);
    this.#flags = new Int32Array(flags);
    const entry = new URL('./writer-thread.ts', import.meta.url);
    this.#worker = new Worker(entry, { workerData: { ...job, flags } });
    this.#ended = once(this.#worker, 'exit');
  }

  async start(): Promise<void> {
    await once(this.#worker, 'online');
    Atomics.store(this.#flags, 0, 1);
    Atomics.notify(this.#flags, 0);
  }

  get isDone(): boolean {
    return Atomics.load(this.#flags, 1) === 1;
  }

  /** Ends the writer; its failure fails the test. */
  async stop(): Promise<void> {
    Atomics.store(this.#flags, 2, 1);
    await this.#ended;
  }
}

/** A loop bound in time, for readers that must not block the test for ever. */
export class Deadline {
  readonly #endMs: number;
  #calls = 0;

  constructor(milliseconds: number) {
    this.#endMs = performance.now() + milliseconds;
  }

  /** Looks at the clock once in 1,024 calls. */
  get isOver(): boolean {
    this.#calls = (this.#calls + 1) & 1023;
    return this.#calls === 0 && performance.now() > this.#endMs;
  }
}
