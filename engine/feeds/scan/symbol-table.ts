/**
 * symbol-table: instrument index of a symbol given as bytes, without making a string.
 *
 * Most messages name the instrument of the message before, so that one is tried first; then a hash
 * table with linear probing.
 *
 * Hot path: indexOf. No allocation.
 * Imports   domain.
 */
import type { Instrument } from '../../domain/instrument.ts';

export class SymbolTable {
  readonly #bytes: Uint8Array;
  readonly #starts: Int32Array;
  readonly #slots: Int32Array;
  readonly #mask: number;
  #last = 0;

  constructor(instruments: readonly Instrument[]) {
    const texts = instruments.map((instrument) => Buffer.from(instrument.symbol, 'utf8'));
    this.#bytes = Uint8Array.from(Buffer.concat(texts));
    this.#starts = new Int32Array(texts.length + 1);
    let size = 16;
    while (size < texts.length * 4) size *= 2;
    this.#mask = size - 1;
    this.#slots = new Int32Array(size).fill(-1);
    for (let i = 0; i < texts.length; i++) {
      this.#starts[i + 1] = this.#starts[i]! + texts[i]!.length;
      let slot = hash(texts[i]!, 0, texts[i]!.length) & this.#mask;
      while (this.#slots[slot] !== -1) slot = (slot + 1) & this.#mask;
      this.#slots[slot] = i;
    }
  }

  /** Index of the instrument whose symbol is bytes[from, to); −1 when there is none. */
  indexOf(bytes: Uint8Array, from: number, to: number): number {
    if (this.#isSymbol(this.#last, bytes, from, to)) return this.#last;
    let slot = hash(bytes, from, to) & this.#mask;
    for (;;) {
      const index = this.#slots[slot]!;
      if (index === -1) return -1;
      if (this.#isSymbol(index, bytes, from, to)) {
        this.#last = index;
        return index;
      }
      slot = (slot + 1) & this.#mask;
    }
  }

  #isSymbol(index: number, bytes: Uint8Array, from: number, to: number): boolean {
    const own = this.#bytes;
    const start = this.#starts[index]!;
    const length = to - from;
    if (this.#starts[index + 1]! - start !== length) return false;
    for (let i = 0; i < length; i++) if (own[start + i] !== bytes[from + i]) return false;
    return true;
  }
}

function hash(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) value = (Math.imul(value, 31) + bytes[i]!) | 0;
  return value;
}
