/**
 * far-levels: the levels of one side that lie beyond its near window, sorted by key.
 *
 * A list of chunks of up to 32 levels. A directory holds each chunk's first key in order, so a
 * level is found by two short binary searches, and a message whose levels come in price order
 * mostly hits the chunk of the level before (the finger). The near window exchanges levels with the
 * front only.
 *
 * Writer    the SideLadder that owns it. Readers the same.
 * Units     keys as in side-ladder (smaller is nearer to the touch), lots.
 * Invariant chunks in the directory are never empty; keys ascend through them; count is their sum.
 * Hot path: set and remove. Memory grows by doubling when a book grows deeper than it ever was.
 * Imports   nothing.
 */
const CHUNK = 32;
const HALF = CHUNK / 2;
const QUARTER = CHUNK / 4;
const CHUNKS_AT_START = 64;

export class FarLevels {
  /** Levels held. */
  count = 0;
  #keys = new Int32Array(CHUNKS_AT_START * CHUNK);
  #lots = new Float64Array(CHUNKS_AT_START * CHUNK);
  #sizes = new Int32Array(CHUNKS_AT_START);
  #order = new Int32Array(CHUNKS_AT_START);
  #firsts = new Int32Array(CHUNKS_AT_START);
  #free = new Int32Array(CHUNKS_AT_START);
  #freeCount = 0;
  #chunkCount = 0;
  #finger = 0;

  constructor() {
    this.clear();
  }

  clear(): void {
    const chunks = this.#sizes.length;
    for (let i = 0; i < chunks; i++) this.#free[i] = chunks - 1 - i;
    this.#freeCount = chunks;
    this.#chunkCount = 0;
    this.#finger = 0;
    this.count = 0;
  }

  /** Smallest key; only while count > 0. */
  firstKey(): number {
    return this.#firsts[0]!;
  }

  /** Sets the level of `key` to doubles[index], which is positive. */
  set(key: number, doubles: Float64Array, index: number): void {
    if (this.#chunkCount === 0) this.#insertChunk(0);
    let position = this.#positionOf(key);
    let chunk = this.#order[position]!;
    let at = this.#indexIn(chunk, key);
    const base = chunk * CHUNK;
    const size = this.#sizes[chunk]!;
    if (at < size && this.#keys[base + at] === key) {
      this.#lots[base + at] = doubles[index]!;
      return;
    }
    if (size === CHUNK) {
      this.#split(position);
      if (key > this.#firsts[position + 1]!) position++;
      this.#finger = position;
      chunk = this.#order[position]!;
      at = this.#indexIn(chunk, key);
    }
    this.#insertAt(position, chunk, at, key, doubles, index);
  }

  /** Removes the level of `key`; false when there was none. */
  remove(key: number): boolean {
    if (this.#chunkCount === 0) return false;
    const position = this.#positionOf(key);
    const chunk = this.#order[position]!;
    const base = chunk * CHUNK;
    const size = this.#sizes[chunk]!;
    const at = this.#indexIn(chunk, key);
    if (at === size || this.#keys[base + at] !== key) return false;
    const keys = this.#keys;
    const lots = this.#lots;
    const end = base + size - 1;
    for (let i = base + at; i < end; i++) {
      keys[i] = keys[i + 1]!;
      lots[i] = lots[i + 1]!;
    }
    this.#sizes[chunk] = size - 1;
    this.count--;
    if (size === 1) this.#removeChunk(position);
    else {
      if (at === 0) this.#firsts[position] = keys[base]!;
      if (size <= QUARTER) this.#mergeWithNext(position);
    }
    return true;
  }

  /** Puts a level before all others: `key` is smaller than every key held. */
  pushFront(key: number, doubles: Float64Array, index: number): void {
    if (this.#chunkCount === 0 || this.#sizes[this.#order[0]!] === CHUNK) this.#insertChunk(0);
    this.#finger = 0;
    this.#insertAt(0, this.#order[0]!, 0, key, doubles, index);
  }

  /** How many levels of the first chunk have keys below `limit`. */
  frontCountBelow(limit: number): number {
    if (this.#chunkCount === 0) return 0;
    return this.#indexIn(this.#order[0]!, limit);
  }

  /** Key of the i-th level of the first chunk. */
  frontKey(i: number): number {
    return this.#keys[this.#order[0]! * CHUNK + i]!;
  }

  /** Copies the lots of the i-th level of the first chunk to doubles[index]. */
  copyFrontLots(i: number, doubles: Float64Array, index: number): void {
    doubles[index] = this.#lots[this.#order[0]! * CHUNK + i]!;
  }

  /** Drops the first n levels of the first chunk. */
  dropFront(n: number): void {
    const chunk = this.#order[0]!;
    const base = chunk * CHUNK;
    const size = this.#sizes[chunk]!;
    this.count -= n;
    this.#finger = 0;
    if (n === size) {
      this.#removeChunk(0);
      return;
    }
    this.#keys.copyWithin(base, base + n, base + size);
    this.#lots.copyWithin(base, base + n, base + size);
    this.#sizes[chunk] = size - n;
    this.#firsts[0] = this.#keys[base]!;
  }

  /** Copies lots of `key` to doubles[index]: 0 when there is no such level. */
  copyLots(key: number, doubles: Float64Array, index: number): void {
    doubles[index] = 0;
    if (this.#chunkCount === 0) return;
    const chunk = this.#order[this.#positionOf(key)]!;
    const at = this.#indexIn(chunk, key);
    if (at === this.#sizes[chunk] || this.#keys[chunk * CHUNK + at] !== key) return;
    doubles[index] = this.#lots[chunk * CHUNK + at]!;
  }

  /** Copies up to `max` nearest levels as sign × key and lots, from index `at` on; their count. */
  copyLevels(
    max: number,
    sign: number,
    outTicks: Int32Array | Float64Array,
    outLots: Float64Array,
    ticksAt: number,
    lotsAt: number,
  ): number {
    let copied = 0;
    for (let position = 0; position < this.#chunkCount && copied < max; position++) {
      const chunk = this.#order[position]!;
      const base = chunk * CHUNK;
      const size = Math.min(this.#sizes[chunk]!, max - copied);
      for (let i = 0; i < size; i++) {
        outTicks[ticksAt + copied] = sign * this.#keys[base + i]!;
        outLots[lotsAt + copied] = this.#lots[base + i]!;
        copied++;
      }
    }
    return copied;
  }

  /** Directory position of the chunk that holds `key` or would take it. */
  #positionOf(key: number): number {
    const firsts = this.#firsts;
    const count = this.#chunkCount;
    const finger = this.#finger;
    if (finger < count && firsts[finger]! <= key) {
      if (finger + 1 === count || key < firsts[finger + 1]!) return finger;
    }
    let low = 0;
    let high = count;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (firsts[middle]! <= key) low = middle;
      else high = middle;
    }
    this.#finger = low;
    return low;
  }

  /** Index in a chunk of the first key that is not below `key`. */
  #indexIn(chunk: number, key: number): number {
    const keys = this.#keys;
    const base = chunk * CHUNK;
    let low = base;
    let high = base + this.#sizes[chunk]!;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (keys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low - base;
  }

  #insertAt(
    position: number,
    chunk: number,
    at: number,
    key: number,
    doubles: Float64Array,
    index: number,
  ): void {
    const keys = this.#keys;
    const lots = this.#lots;
    const base = chunk * CHUNK;
    const size = this.#sizes[chunk]!;
    for (let i = base + size; i > base + at; i--) {
      keys[i] = keys[i - 1]!;
      lots[i] = lots[i - 1]!;
    }
    keys[base + at] = key;
    lots[base + at] = doubles[index]!;
    this.#sizes[chunk] = size + 1;
    if (at === 0) this.#firsts[position] = key;
    this.count++;
  }

  /** Takes a chunk from the free list into the directory at `position`, empty. */
  #insertChunk(position: number): number {
    if (this.#freeCount === 0) this.#grow();
    const chunk = this.#free[--this.#freeCount]!;
    const order = this.#order;
    const firsts = this.#firsts;
    for (let i = this.#chunkCount; i > position; i--) {
      order[i] = order[i - 1]!;
      firsts[i] = firsts[i - 1]!;
    }
    order[position] = chunk;
    this.#sizes[chunk] = 0;
    this.#chunkCount++;
    return chunk;
  }

  #removeChunk(position: number): void {
    const order = this.#order;
    const firsts = this.#firsts;
    const chunk = order[position]!;
    this.#sizes[chunk] = 0;
    this.#free[this.#freeCount++] = chunk;
    const last = this.#chunkCount - 1;
    for (let i = position; i < last; i++) {
      order[i] = order[i + 1]!;
      firsts[i] = firsts[i + 1]!;
    }
    this.#chunkCount = last;
  }

  /** Moves the upper half of a full chunk into a new one behind it. */
  #split(position: number): void {
    const added = this.#insertChunk(position + 1);
    const chunk = this.#order[position]!;
    const from = chunk * CHUNK + HALF;
    const to = added * CHUNK;
    for (let i = 0; i < HALF; i++) {
      this.#keys[to + i] = this.#keys[from + i]!;
      this.#lots[to + i] = this.#lots[from + i]!;
    }
    this.#sizes[chunk] = HALF;
    this.#sizes[added] = HALF;
    this.#firsts[position + 1] = this.#keys[to]!;
  }

  /** Joins a thin chunk with the next one when that leaves room. */
  #mergeWithNext(position: number): void {
    if (position + 1 >= this.#chunkCount) return;
    const chunk = this.#order[position]!;
    const next = this.#order[position + 1]!;
    const size = this.#sizes[chunk]!;
    const moved = this.#sizes[next]!;
    if (size + moved > CHUNK - QUARTER) return;
    const from = next * CHUNK;
    const to = chunk * CHUNK + size;
    for (let i = 0; i < moved; i++) {
      this.#keys[to + i] = this.#keys[from + i]!;
      this.#lots[to + i] = this.#lots[from + i]!;
    }
    this.#sizes[chunk] = size + moved;
    this.#removeChunk(position + 1);
  }

  #grow(): void {
    const before = this.#sizes.length;
    const after = before * 2;
    this.#keys = grownInts(this.#keys, after * CHUNK);
    const lots = new Float64Array(after * CHUNK);
    lots.set(this.#lots);
    this.#lots = lots;
    this.#sizes = grownInts(this.#sizes, after);
    this.#order = grownInts(this.#order, after);
    this.#firsts = grownInts(this.#firsts, after);
    this.#free = grownInts(this.#free, after);
    for (let chunk = after - 1; chunk >= before; chunk--) this.#free[this.#freeCount++] = chunk;
  }
}

function grownInts(from: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const to = new Int32Array(length);
  to.set(from);
  return to;
}
