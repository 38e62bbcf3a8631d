/**
 * journal-drain: what the journal thread does each time it looks: ring → writer → status.
 *
 * A class without a thread, so that a test can step it and a failing disk can be put behind it.
 * A sync request is answered only after everything that stood in the ring when it was read is
 * durable. A failed disk never stops the draining: what is lost is counted.
 * Imports   memory, ./journal-layout, ./journal-writer.
 */
import type { RingReader } from '../memory/spsc-ring.ts';
import { SLOT_DOUBLES } from '../memory/slots.ts';
import { JournalState, type JournalStatusBlock } from './journal-layout.ts';
import type { JournalWriter } from './journal-writer.ts';

export interface JournalDrainOptions {
  readonly ring: RingReader;
  readonly writer: JournalWriter;
  readonly status: JournalStatusBlock;
  /** Milliseconds between two syncs; 0 syncs only on request, at a segment's end and at the end. */
  readonly syncEveryMs: number;
}

export class JournalDrain {
  readonly #ring: RingReader;
  readonly #writer: JournalWriter;
  readonly #status: JournalStatusBlock;
  readonly #syncEveryMs: number;
  #syncedAtMs = 0;
  #answered = 0;
  #isStopped = false;

  constructor({ ring, writer, status, syncEveryMs }: JournalDrainOptions) {
    this.#ring = ring;
    this.#writer = writer;
    this.#status = status;
    this.#syncEveryMs = syncEveryMs;
  }

  /** One look: takes all there is, writes it as one block, syncs when due or asked. */
  step(nowMs: number): void {
    const request = this.#status.syncRequest();
    this.#drain();
    this.#writer.flush();
    const isAsked = request !== this.#answered;
    const isDue = this.#syncEveryMs > 0 && nowMs - this.#syncedAtMs >= this.#syncEveryMs;
    let isDurable = false;
    if (isAsked || isDue) {
      this.#syncedAtMs = nowMs;
      isDurable = this.#writer.sync();
    }
    // The report comes first: whoever sees the answer finds its slots counted.
    this.#publish();
    if (!isAsked || !isDurable) return;
    this.#answered = request;
    this.#status.syncDone(request);
  }

  /** Takes what is left, syncs and closes. */
  stop(nowMs: number): void {
    this.step(nowMs);
    this.#writer.close();
    this.#isStopped = true;
    this.#publish();
  }

  #drain(): void {
    const ring = this.#ring;
    for (let count = ring.batch(); count > 0; count = ring.batch()) {
      this.#writer.append(ring.words, ring.batchStart / SLOT_DOUBLES, count);
      ring.pass(count);
      ring.release();
    }
  }

  #publish(): void {
    const { bytes, slots, segments, lostSlots, failure } = this.#writer;
    const running = this.#isStopped ? JournalState.Stopped : JournalState.Running;
    this.#status.publish({
      state: failure === null ? running : JournalState.Failed,
      bytes,
      slots,
      segments,
      lostSlots,
      error: failure ?? '',
    });
  }
}
