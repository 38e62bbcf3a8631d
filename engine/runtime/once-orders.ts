/**
 * once-orders: orders by hand are placed once by their id, whichever terminal asks again: a line
 * that broke before the answer came is no reason for a second order.
 *
 * Writer    host thread. Bounded: the oldest ids are forgotten.
 * Imports   contract.
 */
import type { Ack } from '../contract/commands.ts';

const KEPT = 1024;

export class OnceOrders {
  readonly #answers = new Map<string, Promise<Ack>>();

  /** The answer to `id`: of the first time, also while that one is under way. */
  once(id: string, place: () => Promise<Ack>): Promise<Ack> {
    const known = this.#answers.get(id);
    if (known !== undefined) return known;
    const answer = place();
    this.#answers.set(id, answer);
    if (this.#answers.size > KEPT) this.#answers.delete(this.#answers.keys().next().value!);
    return answer;
  }
}
