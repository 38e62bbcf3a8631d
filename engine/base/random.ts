/**
 * random: the seam for randomness, and the one seeded generator behind it.
 *
 * Generator sfc32 (Chris Doty-Humphrey's small fast counting generator, 32-bit words), seeded
 * through splitmix32. Same seed, same stream, on every machine. Not for keys or tokens.
 *
 * Imports   nothing.
 */

export interface Random {
  /** Uniform in [0, 1) with 32 bits. */
  next(): number;
  /** Uniform integer in [0, bound). */
  int(bound: number): number;
  /** Standard normal deviate. */
  normal(): number;
  /** Exponential deviate with mean 1. */
  exponential(): number;
}

const TWO_POW_MINUS_32 = 1 / 0x1_0000_0000;

export class SeededRandom implements Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;
  #spare = 0;
  #hasSpare = false;

  constructor(seed: number) {
    let state = seed | 0;
    const word = (): number => {
      state = (state + 0x9e3779b9) | 0;
      let z = state ^ (state >>> 16);
      z = Math.imul(z, 0x21f0aaad);
      z ^= z >>> 15;
      z = Math.imul(z, 0x735a2d97);
      return (z ^ (z >>> 15)) | 0;
    };
    this.#a = word();
    this.#b = word();
    this.#c = word();
    for (let i = 0; i < 12; i++) this.next();
  }

  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return (sum >>> 0) * TWO_POW_MINUS_32;
  }

  int(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  /** Marsaglia's polar method; the second deviate is kept for the next call. */
  normal(): number {
    if (this.#hasSpare) {
      this.#hasSpare = false;
      return this.#spare;
    }
    for (;;) {
      const u = 2 * this.next() - 1;
      const v = 2 * this.next() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(s)) / s);
      this.#spare = v * scale;
      this.#hasSpare = true;
      return u * scale;
    }
  }

  exponential(): number {
    return -Math.log(1 - this.next());
  }

  /** An independent stream, for a part that must not disturb the others' draws. */
  fork(label: number): SeededRandom {
    return new SeededRandom((this.next() * 0x1_0000_0000) ^ Math.imul(label + 1, 0x9e3779b9));
  }
}
