/**
 * deferred-gateway: makes "could not be sent" an input instead of an answer.
 *
 * Whether a socket took a request is not in the records a pipeline reads, so the pipeline must not
 * act on it in the same turn: it could not be replayed. This gateway always says yes and, where the
 * transport said no, leaves an order event for the next turn, which is journaled like any other.
 *
 * Writer    the trading thread. Hot path: no allocation.
 * Imports   domain, execution, memory.
 */
import { OrderEventKind } from '../domain/order.ts';
import { CODE_NOT_SENT } from '../execution/gateway.ts';
import type { Gateway } from '../execution/gateway.ts';
import type { OrderEventQueue } from '../execution/order-events.ts';
import type { OrderTable } from '../execution/order-table.ts';
import { OrderEventField } from '../memory/slots.ts';

export class DeferredGateway implements Gateway {
  readonly #inner: Gateway;
  readonly #table: OrderTable;
  readonly #events: OrderEventQueue;
  /** Called after a placement left: the probe's span ends here. */
  readonly #onSent: () => void;

  constructor(inner: Gateway, table: OrderTable, events: OrderEventQueue, onSent: () => void) {
    this.#inner = inner;
    this.#table = table;
    this.#events = events;
    this.#onSent = onSent;
  }

  place(slot: number): boolean {
    if (this.#inner.place(slot)) this.#onSent();
    else this.#note(OrderEventKind.Rejected, slot);
    return true;
  }

  cancel(slot: number): boolean {
    if (!this.#inner.cancel(slot)) this.#note(OrderEventKind.CancelRejected, slot);
    return true;
  }

  /** A query that did not leave is asked again when its interval is over. */
  query(slot: number): boolean {
    this.#inner.query(slot);
    return true;
  }

  #note(kind: number, slot: number): void {
    const { instrument, clientSequence } = this.#table;
    const base = this.#events.claim(kind, instrument[slot]!, clientSequence[slot]!);
    if (base < 0) return;
    this.#events.doubles[base + OrderEventField.Code] = CODE_NOT_SENT;
  }
}
