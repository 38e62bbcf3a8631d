/**
 * side-ladder: one side of a book. A dense window of prices near the touch, sorted levels beyond.
 *
 * Keys make both sides alike: an ask's key is its ticks, a bid's key its negative ticks, so the
 * best level is the smallest key. The window holds keys [base, base + width): the lots of a key lie
 * in slot `key & mask`, so moving the window leaves every level that stays in it where it is. One
 * bit a slot says which are set and one bit a word which words are not empty.
 *
 * Writer    the LocalBook that owns it.
 * Units     ticks, lots.
 * Invariant the best key is in the window whenever there is a level; every far key is beyond the
 *           window; lots in the window are 0 where no level is.
 * Hot path: set, and top levels. The window moves when a level beats its lower end, when the best
 *           leaves its first half, and when it runs empty; a move touches only levels that cross
 *           its ends.
 *           The best LEVELS are kept apart and read again only after a change at or before the last
 *           of them: most changes lie deeper.
 * Imports   base, domain/market, book/far-levels.
 */
import { assert } from '../base/assert.ts';
import { LEVELS } from '../domain/market.ts';
import { FarLevels } from './far-levels.ts';

/** Ticks are below this, so that keys, bases and their differences are 32-bit integers. */
export const TICKS_MAX = 2 ** 31 - 2 ** 14;

/** Every key is at or before it: stands while fewer than LEVELS levels are known. */
const ANY_KEY = 0x7fff_ffff;

export class SideLadder {
  /** Smallest key; means nothing while the side is empty. */
  bestKey = 0;
  readonly far = new FarLevels();
  /** Ticks are this times the key: −1 for bids. */
  readonly #sign: number;
  readonly #width: number;
  readonly #mask: number;
  readonly #slack: number;
  readonly #lots: Float64Array;
  readonly #bits: Int32Array;
  readonly #summary: Int32Array;
  readonly #scratch: Int32Array;
  /** Ticks and lots of the best LEVELS, 0 where there is none. */
  readonly #top = new Float64Array(2 * LEVELS);
  /** One element: the key of the last of them, ANY_KEY while there are fewer. */
  readonly #topLast = new Int32Array([ANY_KEY]);
  #isTopStale = false;
  #base = 0;
  #nearCount = 0;

  constructor(widthTicks: number, sign: number) {
    assert(widthTicks >= 1024 && (widthTicks & (widthTicks - 1)) === 0, 'window: a power of two');
    this.#sign = sign;
    this.#width = widthTicks;
    this.#mask = widthTicks - 1;
    this.#slack = widthTicks >>> 2;
    this.#lots = new Float64Array(widthTicks);
    this.#bits = new Int32Array(widthTicks >>> 5);
    this.#summary = new Int32Array(widthTicks >>> 10);
    this.#scratch = new Int32Array(widthTicks);
  }

  get isEmpty(): boolean {
    return this.#nearCount === 0;
  }

  get levelCount(): number {
    return this.#nearCount + this.far.count;
  }

  clear(): void {
    this.#lots.fill(0);
    this.#bits.fill(0);
    this.#summary.fill(0);
    this.far.clear();
    this.#nearCount = 0;
    this.#isTopStale = true;
  }

  /** Sets the level of `key` to doubles[index] lots; 0 removes it. */
  set(key: number, doubles: Float64Array, index: number): void {
    if (key <= this.#topLast[0]!) this.#isTopStale = true;
    const distance = key - this.#base;
    if (distance >= 0 && distance < this.#width && this.#nearCount > 0) {
      if (doubles[index]! > 0) this.#putNear(key, doubles, index);
      else this.#removeNear(key);
    } else if (doubles[index]! > 0) this.#putBeyond(key, doubles, index);
    else if (distance > 0) this.far.remove(key);
  }

  /** Copies lots of `key` to doubles[index]: 0 when there is no such level. */
  copyLots(key: number, doubles: Float64Array, index: number): void {
    const distance = key - this.#base;
    doubles[index] = 0;
    if (this.#nearCount === 0 || distance < 0) return;
    if (distance < this.#width) doubles[index] = this.#lots[key & this.#mask]!;
    else this.far.copyLots(key, doubles, index);
  }

  /** Copies ticks and lots of the best LEVELS, 0 where there is none. */
  copyTop(out: Float64Array, ticksAt: number, lotsAt: number): void {
    if (this.#isTopStale) this.#findTop();
    const top = this.#top;
    for (let i = 0; i < LEVELS; i++) {
      out[ticksAt + i] = top[i]!;
      out[lotsAt + i] = top[LEVELS + i]!;
    }
  }

  /** Copies up to `max` best levels as ticks and lots; how many there were. */
  copyLevels(
    max: number,
    outTicks: Int32Array | Float64Array,
    outLots: Float64Array,
    ticksAt: number,
    lotsAt: number,
  ): number {
    const bits = this.#bits;
    const mask = this.#mask;
    const near = max < this.#nearCount ? max : this.#nearCount;
    if (near > 0) {
      const best = this.bestKey;
      const bestSlot = best & mask;
      let word = bestSlot >>> 5;
      let open = bits[word]! & (-1 << (bestSlot & 31));
      for (let n = 0; n < near; n++) {
        if (open === 0) {
          word = this.#nextWord(word);
          open = bits[word]!;
        }
        const slot = (word << 5) + 31 - Math.clz32(open & -open);
        open &= open - 1;
        outTicks[ticksAt + n] = this.#sign * (best + ((slot - bestSlot) & mask));
        outLots[lotsAt + n] = this.#lots[slot]!;
      }
    }
    if (near === max || this.far.count === 0) return near;
    return (
      near +
      this.far.copyLevels(max - near, this.#sign, outTicks, outLots, ticksAt + near, lotsAt + near)
    );
  }

  #findTop(): void {
    const top = this.#top;
    const count = this.copyLevels(LEVELS, top, top, 0, LEVELS);
    for (let i = count; i < LEVELS; i++) {
      top[i] = 0;
      top[LEVELS + i] = 0;
    }
    this.#topLast[0] = count === LEVELS ? this.#sign * top[LEVELS - 1]! : ANY_KEY;
    this.#isTopStale = false;
  }

  #putNear(key: number, doubles: Float64Array, index: number): void {
    const slot = key & this.#mask;
    if (this.#lots[slot] === 0) {
      const word = slot >>> 5;
      this.#bits[word]! |= 1 << (slot & 31);
      this.#summary[word >>> 5]! |= 1 << (word & 31);
      this.#nearCount++;
      if (key < this.bestKey) this.bestKey = key;
    }
    this.#lots[slot] = doubles[index]!;
  }

  #removeNear(key: number): void {
    const slot = key & this.#mask;
    if (this.#lots[slot] === 0) return;
    this.#lots[slot] = 0;
    this.#clearBit(slot);
    this.#nearCount--;
    if (key === this.bestKey) this.#findBest(key, slot);
  }

  #clearBit(slot: number): void {
    const word = slot >>> 5;
    const left = this.#bits[word]! & ~(1 << (slot & 31));
    this.#bits[word] = left;
    if (left === 0) this.#summary[word >>> 5]! &= ~(1 << (word & 31));
  }

  /** After the best level went: the next one, moving the window when it ran ahead of it. */
  #findBest(key: number, slot: number): void {
    if (this.#nearCount === 0) {
      if (this.far.count === 0) return;
      this.bestKey = this.far.firstKey();
      this.#moveUp(this.bestKey - this.#slack);
      return;
    }
    let word = slot >>> 5;
    let open = this.#bits[word]! & (-1 << (slot & 31));
    if (open === 0) {
      word = this.#nextWord(word);
      open = this.#bits[word]!;
    }
    const next = (word << 5) + 31 - Math.clz32(open & -open);
    this.bestKey = key + ((next - slot) & this.#mask);
    if (this.bestKey - this.#base > this.#width >>> 1) this.#moveUp(this.bestKey - this.#slack);
  }

  /** The next word with a level after `word`, round the ring. Some level is in the window. */
  #nextWord(word: number): number {
    const summary = this.#summary;
    const words = summary.length;
    let at = (word + 1) >>> 5;
    let open = 0;
    if (at < words) open = summary[at]! & (-1 << ((word + 1) & 31));
    while (open === 0) {
      at = at + 1 < words ? at + 1 : 0;
      open = summary[at]!;
    }
    return (at << 5) + 31 - Math.clz32(open & -open);
  }

  /** A level outside the window, or the first level of an empty side. */
  #putBeyond(key: number, doubles: Float64Array, index: number): void {
    if (this.#nearCount === 0) {
      this.#base = key - this.#slack;
      this.bestKey = key;
      this.#putNear(key, doubles, index);
    } else if (key < this.#base) {
      this.#moveDown(key - this.#slack);
      this.#putNear(key, doubles, index);
    } else this.far.set(key, doubles, index);
  }

  /** Moves the window towards better prices; levels beyond its new end become far. */
  #moveDown(base: number): void {
    const mask = this.#mask;
    const limit = base + this.#width;
    const moved = this.#scratch;
    let count = 0;
    if (this.#nearCount > 0) {
      const bestSlot = this.bestKey & mask;
      let word = bestSlot >>> 5;
      let open = this.#bits[word]! & (-1 << (bestSlot & 31));
      for (let n = 0; n < this.#nearCount; n++) {
        if (open === 0) {
          word = this.#nextWord(word);
          open = this.#bits[word]!;
        }
        const slot = (word << 5) + 31 - Math.clz32(open & -open);
        open &= open - 1;
        const key = this.bestKey + ((slot - bestSlot) & mask);
        if (key >= limit) moved[count++] = key;
      }
    }
    for (let n = count - 1; n >= 0; n--) {
      const key = moved[n]!;
      const slot = key & mask;
      this.far.pushFront(key, this.#lots, slot);
      this.#lots[slot] = 0;
      this.#clearBit(slot);
    }
    this.#nearCount -= count;
    this.#base = base;
  }

  /** Moves the window away from better prices; far levels that now lie in it become near. */
  #moveUp(base: number): void {
    const far = this.far;
    const limit = base + this.#width;
    this.#base = base;
    for (let n = far.frontCountBelow(limit); n > 0; n = far.frontCountBelow(limit)) {
      for (let i = 0; i < n; i++) {
        const key = far.frontKey(i);
        const slot = key & this.#mask;
        const word = slot >>> 5;
        far.copyFrontLots(i, this.#lots, slot);
        this.#bits[word]! |= 1 << (slot & 31);
        this.#summary[word >>> 5]! |= 1 << (word & 31);
      }
      this.#nearCount += n;
      far.dropFront(n);
    }
  }
}
