/**
 * journal-layout: the words by which the journal thread and the host know of each other.
 *
 * Writer    the journal thread: everything but SyncRequest, which the host counts up.
 * Units     32-bit words; bytes and slots are 64-bit so that they do not wrap.
 * Imports   base, memory/padding.
 */
import { assert } from '../base/assert.ts';
import { PAD_BYTES, PAD_WORDS } from '../memory/padding.ts';

const Word = {
  // The journal thread's.
  State: 0,
  Segments: 1,
  LostSlots: 2,
  SyncDone: 3,
  Beat: 4,
  BytesLong: 8,
  SlotsLong: 10,
  Error: 12,
  // The host's, on a line of its own.
  SyncRequest: 1 * PAD_WORDS,
  End: 2 * PAD_WORDS,
} as const;

export const JOURNAL_STATUS_BYTES = Word.End * 4 + PAD_BYTES;

export const JournalState = { Starting: 0, Running: 1, Failed: 2, Stopped: 3 } as const;
export type JournalState = (typeof JournalState)[keyof typeof JournalState];
export const JOURNAL_STATE_NAMES = ['starting', 'running', 'failed', 'stopped'] as const;

/** Why the journal failed, as a number that fits a shared word. */
export const JOURNAL_ERRORS = ['', 'OTHER', 'ENOSPC', 'EIO', 'EACCES', 'EROFS', 'EEXIST', 'EDQUOT'];

export interface JournalReport {
  readonly state: JournalState;
  readonly bytes: number;
  readonly slots: number;
  readonly segments: number;
  /** Slots that a failed disk swallowed; what did not fit the ring is counted by the ring. */
  readonly lostSlots: number;
  /** '' while it works. */
  readonly error: string;
}

export class JournalStatusBlock {
  readonly #words: Int32Array;
  readonly #longs: BigInt64Array;

  constructor(buffer: SharedArrayBuffer, byteOffset = 0) {
    assert(
      byteOffset + JOURNAL_STATUS_BYTES <= buffer.byteLength,
      'journal status fits its buffer',
    );
    this.#words = new Int32Array(buffer, byteOffset, Word.End);
    this.#longs = new BigInt64Array(buffer, byteOffset, Word.End / 2);
  }

  static create(): JournalStatusBlock {
    return new JournalStatusBlock(new SharedArrayBuffer(JOURNAL_STATUS_BYTES));
  }

  get buffer(): SharedArrayBuffer {
    return this.#words.buffer as SharedArrayBuffer;
  }

  /** Host: asks that everything in the ring now be made durable. Gives the number to wait for. */
  requestSync(): number {
    return (Atomics.add(this.#words, Word.SyncRequest, 1) + 1) | 0;
  }

  /** True when request `number` and all before it are on the disk. */
  isSynced(number: number): boolean {
    return ((Atomics.load(this.#words, Word.SyncDone) - number) | 0) >= 0;
  }

  hasFailed(): boolean {
    return Atomics.load(this.#words, Word.State) === JournalState.Failed;
  }

  report(): JournalReport {
    const words = this.#words;
    return {
      state: Atomics.load(words, Word.State) as JournalState,
      bytes: Number(Atomics.load(this.#longs, Word.BytesLong / 2)),
      slots: Number(Atomics.load(this.#longs, Word.SlotsLong / 2)),
      segments: Atomics.load(words, Word.Segments),
      lostSlots: Atomics.load(words, Word.LostSlots) >>> 0,
      error: JOURNAL_ERRORS[Atomics.load(words, Word.Error)] ?? 'OTHER',
    };
  }

  /** Journal thread: the newest sync request. Read it before draining the ring. */
  syncRequest(): number {
    return Atomics.load(this.#words, Word.SyncRequest);
  }

  /** Journal thread. Waiting hosts are woken. */
  syncDone(number: number): void {
    Atomics.store(this.#words, Word.SyncDone, number);
    Atomics.notify(this.#words, Word.SyncDone);
  }

  /** Journal thread. */
  publish(report: JournalReport): void {
    const words = this.#words;
    const error = JOURNAL_ERRORS.indexOf(report.error);
    Atomics.store(this.#longs, Word.BytesLong / 2, BigInt(report.bytes));
    Atomics.store(this.#longs, Word.SlotsLong / 2, BigInt(report.slots));
    Atomics.store(words, Word.Segments, report.segments);
    Atomics.store(words, Word.LostSlots, report.lostSlots | 0);
    Atomics.store(words, Word.Error, error < 0 ? 1 : error);
    Atomics.store(words, Word.State, report.state);
    Atomics.add(words, Word.Beat, 1);
  }

  /** Counts up while the journal thread lives. */
  beat(): number {
    return Atomics.load(this.#words, Word.Beat);
  }

  /** Waits until request `number` is durable. False after `timeoutMs`, or at once on failure. */
  async waitSynced(number: number, timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    while (!this.isSynced(number)) {
      const leftMs = deadline - performance.now();
      if (leftMs <= 0 || this.hasFailed()) return this.isSynced(number);
      const done = Atomics.load(this.#words, Word.SyncDone);
      if (this.isSynced(number)) return true;
      await Atomics.waitAsync(this.#words, Word.SyncDone, done, Math.min(leftMs, 20)).value;
    }
    return true;
  }
}

assert(Word.BytesLong % 2 === 0 && Word.SlotsLong % 2 === 0, 'longs lie on 8 bytes');
