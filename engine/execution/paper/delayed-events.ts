/**
 * delayed-events: order event rows on their way back, each with the time at which it arrives.
 *
 * A first-in first-out ring: with a constant response latency rows arrive in the order they were
 * made.
 *
 * Writer    paper-gateway. Units engine ns.
 * Hot path: no allocation. A full ring is a programmer's error: an event must not be lost.
 * Imports   base, memory/slots, execution.
 */
import { assert } from '../../base/assert.ts';
import { OrderEventField } from '../../memory/slots.ts';
import { EVENT_STRIDE, eventInstrumentOf, eventKindOf, OrderEventQueue } from '../order-events.ts';

const ROWS = 4096;

export class DelayedEvents {
  readonly #rows = new OrderEventQueue(ROWS);
  readonly #dueNs = new Float64Array(ROWS);
  #head = 0;
  #count = 0;

  constructor() {
    // The queue's rows serve as the ring's storage; its own count only has to allow every row.
    for (let i = 0; i < ROWS; i++) this.#rows.claim(0, 0, 0);
  }

  get count(): number {
    return this.#count;
  }

  /** Doubles of the rows; write the fields of the base that claim returned. */
  get doubles(): Float64Array {
    return this.#rows.doubles;
  }

  /** Base of a fresh row that arrives at due[index]. */
  claim(
    kind: number,
    instrument: number,
    clientSequence: number,
    due: Float64Array,
    index: number,
  ): number {
    assert(this.#count < ROWS, 'paper events fit their ring');
    const row = (this.#head + this.#count) % ROWS;
    this.#count += 1;
    this.#dueNs[row] = due[index]!;
    return this.#rows.reset(row, kind, instrument, clientSequence);
  }

  /** Moves every row that has arrived by clock[0] to `out`, stamped with that time. */
  deliver(clock: Float64Array, out: OrderEventQueue): void {
    const now = clock[0]!;
    const rows = this.#rows;
    while (this.#count > 0 && this.#dueNs[this.#head]! <= now) {
      const base = this.#head * EVENT_STRIDE;
      const header = rows.words[base * 2]!;
      const sequence = rows.doubles[base + OrderEventField.ClientSequence]!;
      const to = out.claim(eventKindOf(header), eventInstrumentOf(header), sequence);
      if (to < 0) return;
      for (let i = 1; i < EVENT_STRIDE; i++) out.doubles[to + i] = rows.doubles[base + i]!;
      out.doubles[to + OrderEventField.NowNs] = now;
      this.#head = (this.#head + 1) % ROWS;
      this.#count -= 1;
    }
  }
}
