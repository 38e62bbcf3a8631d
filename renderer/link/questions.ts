/**
 * questions: requests that are answered with a message of the same id, and what becomes of them
 * when the link breaks.
 *
 * A question asked while there is no link waits for it; one whose link broke is asked again on the
 * next (each is safe to ask twice). What is not answered in time is an error in words, and nobody
 * knows then whether it was done.
 *
 * Imports   contract.
 */
import type { ClientMessage, ServerMessage } from '../../engine/contract/events.ts';

export type Question = Extract<ClientMessage, { readonly id: string }>;
export type Answer = Extract<ServerMessage, { readonly id: string }>;

export const QUESTION_WITHIN_MS = 8000;

interface Waiting {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

export class Questions {
  readonly #waiting = new Map<string, Waiting>();
  readonly #send: (question: Question) => boolean;

  /** `send` says whether there is a link. */
  constructor(send: (question: Question) => boolean) {
    this.#send = send;
  }

  ask(question: Question, withinMs: number = QUESTION_WITHIN_MS): Promise<Answer> {
    return new Promise((resolve, reject) => {
      let wasSent = false;
      const timer = setTimeout(() => {
        this.#waiting.delete(question.id);
        reject(new Error(wasSent ? NOT_ANSWERED : NOT_CONNECTED));
      }, withinMs);
      const waiting = { question, resolve, timer };
      this.#waiting.set(question.id, waiting);
      wasSent = this.#send(question);
    });
  }

  /** An answer that nobody waits for any longer is dropped. */
  answered(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    if (waiting === undefined) return;
    this.#waiting.delete(answer.id);
    clearTimeout(waiting.timer);
    waiting.resolve(answer);
  }

  /** A new link lives: everything that waits is asked (again). */
  askAgain(): void {
    for (const { question } of this.#waiting.values()) this.#send(question);
  }
}

const NOT_ANSWERED = 'the engine has not answered; whether it was done is not known';
const NOT_CONNECTED = 'not connected to the engine: nothing was sent';
