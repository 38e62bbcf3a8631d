/**
 * row-list: a bounded list of small rows that the host makes itself and numbers as they come.
 *
 * Writer    host thread. Imports ./record-store (types).
 */
import type { Page } from './record-store.ts';

export class RowList<T extends { readonly sequence: number }> {
  readonly #bound: number;
  readonly #rows: T[] = [];
  #last = 0;
  dropped = 0;

  constructor(bound: number) {
    this.#bound = bound;
  }

  /** Adds the row that `make` builds around the next number. */
  append(make: (sequence: number) => T): T {
    const row = make(++this.#last);
    this.#rows.push(row);
    if (this.#rows.length > this.#bound) {
      this.#rows.shift();
      this.dropped++;
    }
    return row;
  }

  page(before: number | null, limit: number): Page<T> {
    return pageOf(this.#rows, before, limit);
  }
}

/** The newest `limit` rows before `before` of an ascending list. */
export function pageOf<T extends { readonly sequence: number }>(
  rows: readonly T[],
  before: number | null,
  limit: number,
): Page<T> {
  const newer = before === null ? -1 : rows.findIndex(({ sequence }) => sequence >= before);
  const end = newer < 0 ? rows.length : newer;
  const start = Math.max(0, end - limit);
  return { rows: rows.slice(start, end), more: start > 0 };
}
