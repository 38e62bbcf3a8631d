/**
 * trade-ids: remembers the last trade ids of each instrument, so that a fill is booked once.
 *
 * Writer    order-manager. Memory is bounded: TRADE_IDS ids an instrument, oldest forgotten first.
 * Hot path: a linear scan over doubles, no allocation. The id is read from (array, index) because a
 * double argument may be boxed.
 * Imports   nothing.
 */
export const TRADE_IDS = 256;

export class TradeIds {
  readonly #ids: Float64Array;
  readonly #next: Int32Array;

  constructor(instrumentCount: number) {
    this.#ids = new Float64Array(instrumentCount * TRADE_IDS).fill(-1);
    this.#next = new Int32Array(instrumentCount);
  }

  /** True when the id at doubles[index] is new for the instrument; it is then remembered. */
  isNew(instrument: number, doubles: Float64Array, index: number): boolean {
    const ids = this.#ids;
    const id = doubles[index]!;
    const start = instrument * TRADE_IDS;
    for (let i = start; i < start + TRADE_IDS; i++) {
      if (ids[i] === id) return false;
    }
    const next = this.#next[instrument]!;
    ids[start + next] = id;
    this.#next[instrument] = (next + 1) % TRADE_IDS;
    return true;
  }
}
