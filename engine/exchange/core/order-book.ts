/**
 * order-book: resting orders of one market in price–time priority.
 *
 * Each side is a sorted array of levels with the best at the end (inserts near the touch move
 * little) and each level a linked list in arrival order. The book knows nothing of accounts;
 * `owner` is carried for the matching loop. A change of any level bumps `lastUpdateId` once per
 * operation.
 *
 * Writer    ExchangeCore's thread only.
 * Units     price ticks, lots.
 * Invariants best bid < best ask between operations; a level in the arrays is never empty.
 * Imports   base/assert.
 */
import { assert } from '../../base/assert.ts';

/** 1 buys, -1 sells. */
export type Side = 1 | -1;

export class BookOrder<Owner> {
  side: Side = 1;
  priceTicks = 0;
  lots = 0;
  owner: Owner | null = null;
  level: Level<Owner> | null = null;
  prev: BookOrder<Owner> | null = null;
  next: BookOrder<Owner> | null = null;
}

export class Level<Owner> {
  priceTicks = 0;
  lots = 0;
  count = 0;
  head: BookOrder<Owner> | null = null;
  tail: BookOrder<Owner> | null = null;
}

/** One side. Keys rise towards the best price: the price of a bid, the negated price of an ask. */
export class BookSide<Owner> {
  readonly side: Side;
  readonly #keys: number[] = [];
  readonly #levels: Level<Owner>[] = [];
  readonly #free: Level<Owner>[] = [];

  constructor(side: Side) {
    this.side = side;
  }

  get levelCount(): number {
    return this.#levels.length;
  }

  best(): Level<Owner> | null {
    const last = this.#levels.length - 1;
    return last < 0 ? null : (this.#levels[last] as Level<Owner>);
  }

  /** The `depth`-th level from the best (0 is the best), or null. */
  at(depth: number): Level<Owner> | null {
    const index = this.#levels.length - 1 - depth;
    return index < 0 ? null : (this.#levels[index] as Level<Owner>);
  }

  find(priceTicks: number): Level<Owner> | null {
    const key = this.side * priceTicks;
    const index = this.#lowerBound(key);
    return this.#keys[index] === key ? (this.#levels[index] as Level<Owner>) : null;
  }

  /** Level of the price, made when absent. */
  ensure(priceTicks: number): Level<Owner> {
    const key = this.side * priceTicks;
    const index = this.#lowerBound(key);
    if (this.#keys[index] === key) return this.#levels[index] as Level<Owner>;
    const level = this.#free.pop() ?? new Level<Owner>();
    level.priceTicks = priceTicks;
    if (index === this.#keys.length) {
      this.#keys.push(key);
      this.#levels.push(level);
    } else {
      this.#keys.splice(index, 0, key);
      this.#levels.splice(index, 0, level);
    }
    return level;
  }

  drop(level: Level<Owner>): void {
    assert(level.count === 0 && level.lots === 0, 'dropped level is empty');
    const index = this.#lowerBound(this.side * level.priceTicks);
    assert(this.#levels[index] === level, 'dropped level is in the book');
    if (index === this.#keys.length - 1) {
      this.#keys.pop();
      this.#levels.pop();
    } else {
      this.#keys.splice(index, 1);
      this.#levels.splice(index, 1);
    }
    this.#free.push(level);
  }

  #lowerBound(key: number): number {
    const keys = this.#keys;
    let high = keys.length;
    // Most look-ups are at or near the best price, which is the last key.
    let low = high > 16 && (keys[high - 16] as number) < key ? high - 16 : 0;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((keys[middle] as number) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export type LevelListener = (side: Side, priceTicks: number) => void;

export class OrderBook<Owner> {
  readonly bids = new BookSide<Owner>(1);
  readonly asks = new BookSide<Owner>(-1);
  lastUpdateId: number;
  readonly #onLevel: LevelListener;
  #isBumped = false;

  constructor(firstUpdateId: number, onLevel: LevelListener) {
    this.lastUpdateId = firstUpdateId;
    this.#onLevel = onLevel;
  }

  sideOf(side: Side): BookSide<Owner> {
    return side === 1 ? this.bids : this.asks;
  }

  /** Starts an operation: all its changes share one update id. */
  begin(): void {
    this.#isBumped = false;
  }

  /** True when the operation has changed the book. */
  get hasChanged(): boolean {
    return this.#isBumped;
  }

  /** Appends to the back of its level's queue. */
  add(order: BookOrder<Owner>): void {
    assert(order.lots > 0 && order.level === null, 'added order has lots and is not resting');
    const level = this.sideOf(order.side).ensure(order.priceTicks);
    order.level = level;
    order.prev = level.tail;
    order.next = null;
    if (level.tail === null) level.head = order;
    else level.tail.next = order;
    level.tail = order;
    level.count += 1;
    level.lots += order.lots;
    this.#touched(order.side, order.priceTicks);
  }

  remove(order: BookOrder<Owner>): void {
    const level = order.level;
    assert(level !== null, 'removed order rests');
    if (order.prev === null) level.head = order.next;
    else order.prev.next = order.next;
    if (order.next === null) level.tail = order.prev;
    else order.next.prev = order.prev;
    order.prev = null;
    order.next = null;
    order.level = null;
    level.count -= 1;
    level.lots -= order.lots;
    if (level.count === 0) this.sideOf(order.side).drop(level);
    this.#touched(order.side, order.priceTicks);
  }

  /** Takes lots from a resting order, which leaves the book when nothing is left of it. */
  reduce(order: BookOrder<Owner>, lots: number): void {
    const level = order.level;
    assert(
      level !== null && lots > 0 && lots <= order.lots,
      'reduced order rests and holds the lots',
    );
    if (lots === order.lots) {
      this.remove(order);
      order.lots = 0;
      return;
    }
    order.lots -= lots;
    level.lots -= lots;
    this.#touched(order.side, order.priceTicks);
  }

  #touched(side: Side, priceTicks: number): void {
    if (!this.#isBumped) {
      this.#isBumped = true;
      // Ids skip, as the venue's do (they count all its markets): readers must chain by `pu`.
      this.lastUpdateId += 1 + ((this.lastUpdateId * 7) & 15);
    }
    this.#onLevel(side, priceTicks);
  }
}
