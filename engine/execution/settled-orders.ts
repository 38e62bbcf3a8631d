/**
 * settled-orders: slots of orders that are over, oldest first, waiting to be given back.
 *
 * Writer    order-manager. A ring with room for every slot there is.
 * Hot path: no allocation.
 * Imports   base, execution/order-table.
 */
import { assert } from '../base/assert.ts';
import { ORDERS_MAX } from './order-table.ts';

export class SettledOrders {
  count = 0;
  readonly #slots = new Int32Array(ORDERS_MAX);
  #head = 0;

  push(slot: number): void {
    assert(this.count < ORDERS_MAX, 'there are no more slots than orders');
    this.#slots[(this.#head + this.count) % ORDERS_MAX] = slot;
    this.count += 1;
  }

  /** The slot that is `index` places behind the oldest. */
  at(index: number): number {
    return this.#slots[(this.#head + index) % ORDERS_MAX]!;
  }

  /** Takes the oldest. */
  shift(): number {
    assert(this.count > 0, 'a settled order to release');
    const slot = this.#slots[this.#head]!;
    this.#head = (this.#head + 1) % ORDERS_MAX;
    this.count -= 1;
    return slot;
  }
}
