/**
 * command-relay: commands from the host into the trading thread's ring, and their answers back.
 *
 * Every command has a number of its own; the trading thread answers it in the turn that applied it.
 * No answer in time is said so, never taken for a yes.
 *
 * Writer of the command ring: host. Imports core, memory.
 */
import { writeCommand } from '../core/command-desk.ts';
import { RESTORE_SLOTS } from '../core/command-desk.ts';
import { SCALP_SIZE } from '../domain/scalp.ts';
import { COMMAND_SLOTS } from '../core/command-codes.ts';
import { SLOT_DOUBLES, SlotKind } from '../memory/slots.ts';
import type { RingWriter } from '../memory/spsc-ring.ts';

export interface RelayedCommand {
  readonly code: number;
  /** −1 or absent: all. */
  readonly strategy?: number;
  readonly instrument?: number;
  readonly values?: readonly number[];
  /** Engine ns at which it was asked, where being late matters. */
  readonly askedNs?: number;
}

export interface RelayAnswer {
  readonly answered: boolean;
  readonly refused: boolean;
  readonly verdict: number;
}

const ANSWER_WITHIN_MS = 2000;

export class CommandRelay {
  readonly #ring: RingWriter;
  readonly #waiting = new Map<number, (answer: RelayAnswer) => void>();
  #number = 1_000_000;

  constructor(ring: RingWriter) {
    this.#ring = ring;
  }

  /** Number of the next command. */
  get next(): number {
    return this.#number + 1;
  }

  /** The session for which they were meant has ended: nobody answers what still waits. */
  abandon(): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const answer of waiting) answer(NO_ANSWER);
  }

  /** Sends and waits for the answer. */
  send(command: RelayedCommand): Promise<RelayAnswer> {
    const id = ++this.#number;
    const base = this.#ring.claim(COMMAND_SLOTS);
    if (base < 0) return Promise.resolve(NO_ANSWER);
    writeCommand(this.#ring.words, this.#ring.doubles, base, { ...command, id }, SlotKind.Command);
    this.#ring.publish();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        resolve(NO_ANSWER);
      }, ANSWER_WITHIN_MS);
      this.#waiting.set(id, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
    });
  }

  /** The row of a scalp that a crash left behind. */
  restoreScalp(row: Float64Array): boolean {
    const base = this.#ring.claim(RESTORE_SLOTS);
    if (base < 0) return false;
    this.#ring.words[base * 2] = SlotKind.SlowResult;
    this.#ring.words[base * 2 + 1] = RESTORE_SLOTS;
    for (let i = 0; i < SCALP_SIZE; i++) this.#ring.doubles[base + SLOT_DOUBLES + i] = row[i]!;
    this.#ring.publish();
    return true;
  }

  /** A CommandAck from the host ring. */
  onAck(id: number, refused: boolean, verdict: number): void {
    const answer = this.#waiting.get(id);
    if (answer === undefined) return;
    this.#waiting.delete(id);
    answer({ answered: true, refused, verdict });
  }
}

const NO_ANSWER: RelayAnswer = { answered: false, refused: true, verdict: 0 };
