/**
 * shared-words: the few words by which the host and the trading thread command and watch each
 * other.
 *
 *   Command      bits; raised and lowered by the host, read by the trading thread first in each
 *   turn Request      counts up with each raise of Kill, so that an acknowledgement names which one
 *   it means KillAck      the trading thread's: the Request that it has acted on
 *   Beats        one word a thread, counted up while its loop advances; each on a line of its own
 *
 * The fence is the last word before a send: the gateway reads it straight from here, so it holds
 * even when the trading thread's own state is wrong.
 * Hot path: bits, beat. No allocation.
 * Imports   base, memory/padding.
 */
import { assert } from '../base/assert.ts';
import { PAD_BYTES, PAD_WORDS } from './padding.ts';

export const CommandBit = {
  /** Block everything, cancel everything. Latched. */
  Kill: 1,
  /** Nothing may be sent but cancels. Checked by the gateway before every send. */
  Fence: 2,
  Disarm: 4,
  /** No terminal holds the supervision lease. */
  LeaseLost: 8,
  /** The journal lost records or cannot write. */
  JournalFailed: 16,
  /** End the loop after this turn. */
  Stop: 32,
  /** User commands wait in the command ring. */
  CommandsWaiting: 64,
  /** Somebody looks at the deep view: publish it. */
  Watched: 128,
} as const;
export type CommandBit = (typeof CommandBit)[keyof typeof CommandBit];

export const Beat = { Trading: 0, Host: 1, Journal: 2 } as const;
export type Beat = (typeof Beat)[keyof typeof Beat];

const Word = {
  Command: 0,
  Request: 1,
  /** 1 while the fence is up: a word of its own, so that a gateway looks at nothing else. */
  Fence: 2,
  KillAck: 1 * PAD_WORDS,
  Beats: 2 * PAD_WORDS,
  End: 5 * PAD_WORDS,
} as const;

export const SHARED_WORDS_BYTES = Word.End * 4 + PAD_BYTES;

export class SharedWords {
  readonly #words: Int32Array;

  constructor(buffer: SharedArrayBuffer, byteOffset = 0) {
    assert(byteOffset + SHARED_WORDS_BYTES <= buffer.byteLength, 'shared words fit their buffer');
    this.#words = new Int32Array(buffer, byteOffset, Word.End);
  }

  static create(): SharedWords {
    return new SharedWords(new SharedArrayBuffer(SHARED_WORDS_BYTES));
  }

  get buffer(): SharedArrayBuffer {
    return this.#words.buffer as SharedArrayBuffer;
  }

  /** All command bits at once. */
  bits(): number {
    return Atomics.load(this.#words, Word.Command);
  }

  raise(bits: number): void {
    if ((bits & CommandBit.Kill) !== 0) Atomics.add(this.#words, Word.Request, 1);
    if ((bits & CommandBit.Fence) !== 0) Atomics.store(this.#words, Word.Fence, 1);
    Atomics.or(this.#words, Word.Command, bits);
  }

  lower(bits: number): void {
    Atomics.and(this.#words, Word.Command, ~bits);
    if ((bits & CommandBit.Fence) !== 0) Atomics.store(this.#words, Word.Fence, 0);
  }

  /** Index 0 is not 0 while the fence is up. */
  get fenceWord(): Int32Array {
    return this.#words.subarray(Word.Fence, Word.Fence + 1);
  }

  /** Trading thread: "I have acted on the kill that stands now". Call it after acting. */
  acknowledgeKill(request: number): void {
    Atomics.store(this.#words, Word.KillAck, request);
  }

  /** Number of the newest kill request; 0 when there was none. Read it before acting. */
  killRequest(): number {
    return Atomics.load(this.#words, Word.Request);
  }

  killAcknowledged(): boolean {
    return Atomics.load(this.#words, Word.KillAck) === Atomics.load(this.#words, Word.Request);
  }

  /** Counts the beat of one's own loop. Plain: one writer a word. */
  beat(thread: Beat): void {
    const word = Word.Beats + thread * PAD_WORDS;
    this.#words[word] = (this.#words[word]! + 1) | 0;
  }

  /** A thread's beat. It lives while the number moves. */
  beatOf(thread: Beat): number {
    return Atomics.load(this.#words, Word.Beats + thread * PAD_WORDS);
  }
}

assert(Word.Beats + (Beat.Journal + 1) * PAD_WORDS <= Word.End, 'every beat has its line');
