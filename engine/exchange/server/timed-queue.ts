/**
 * timed-queue: work due at a simulation time; equal times run in the order they were added.
 *
 * Imports   nothing.
 */

interface Item {
  readonly atMs: number;
  readonly seq: number;
  readonly run: () => void;
}

export class TimedQueue {
  readonly #heap: Item[] = [];
  #seq = 0;

  get size(): number {
    return this.#heap.length;
  }

  nextMs(): number {
    return this.#heap[0]?.atMs ?? Number.POSITIVE_INFINITY;
  }

  add(atMs: number, run: () => void): void {
    const heap = this.#heap;
    let index = heap.length;
    const item = { atMs, seq: this.#seq++, run };
    heap.push(item);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(item, heap[parent] as Item)) break;
      heap[index] = heap[parent] as Item;
      index = parent;
    }
    heap[index] = item;
  }

  /** Removes the first item; call only when size > 0. */
  take(): () => void {
    const heap = this.#heap;
    const first = heap[0] as Item;
    const last = heap.pop() as Item;
    if (heap.length > 0) this.#sink(last);
    return first.run;
  }

  #sink(item: Item): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      const right = heap[child + 1];
      if (right !== undefined && isBefore(right, heap[child] as Item)) child += 1;
      if (!isBefore(heap[child] as Item, item)) break;
      heap[index] = heap[child] as Item;
      index = child;
    }
    heap[index] = item;
  }
}

function isBefore(a: Item, b: Item): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.seq < b.seq);
}
