/**
 * journal-job: what the journal thread is given, and how the host starts and stops it.
 *
 * Imports   base, ./journal-layout, ./journal-writer (types).
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { EngineError } from '../base/errors.ts';
import { JournalStatusBlock } from './journal-layout.ts';
import type { JournalWriterOptions } from './journal-writer.ts';

/** A place in shared memory. */
export interface SharedPlace {
  readonly buffer: SharedArrayBuffer;
  readonly byteOffset: number;
}

export interface JournalJob extends Omit<JournalWriterOptions, 'disk'> {
  readonly ring: SharedPlace;
  readonly status: SharedPlace;
  readonly syncEveryMs: number;
}

export type JournalMessage =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'broken'; readonly message: string };

export interface JournalThreadOptions extends JournalJob {
  /** The thread ended without being asked: its journal is over, the engine must stop entering. */
  readonly onBroken: (error: EngineError) => void;
  /** The thread's entry where it does not lie beside this file (a bundle). */
  readonly entry?: URL;
}

export class JournalThread {
  readonly status: JournalStatusBlock;
  readonly #worker: Worker;
  #isStopping = false;

  constructor({ onBroken, entry, ...job }: JournalThreadOptions) {
    this.status = new JournalStatusBlock(job.status.buffer, job.status.byteOffset);
    const source = entry ?? new URL('./journal-worker.ts', import.meta.url);
    this.#worker = new Worker(source, { workerData: job satisfies JournalJob });
    const broken = (message: string): void => {
      if (this.#isStopping) return;
      this.#isStopping = true;
      onBroken(new EngineError('runtime/thread-died', `journal thread: ${message}`));
    };
    this.#worker.on('message', (message: JournalMessage) => {
      if (message.kind === 'broken') broken(message.message);
    });
    this.#worker.on('error', (error) => broken(String(error)));
    this.#worker.on('exit', (code) => broken(`ended with exit code ${code}`));
  }

  /** Everything published so far is written and synced; then the thread ends. */
  async stop(): Promise<void> {
    if (this.#isStopping) return;
    this.#isStopping = true;
    const ended = once(this.#worker, 'exit');
    this.#worker.postMessage('stop');
    await ended;
  }
}
