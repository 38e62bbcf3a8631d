/**
 * slot-hash: SHA-256 over a run of slots: one word for "the same journal, byte for byte".
 *
 * Pads are left out, so the same records hash the same whether they went through a ring, a slot
 * buffer or a file. Imports memory.
 */
import { createHash, type Hash } from 'node:crypto';
import { slotsOfRecord } from '../memory/slot-length.ts';
import { SLOT_BYTES, SLOT_WORDS, SlotKind } from '../memory/slots.ts';

export class SlotHash {
  readonly #hash: Hash = createHash('sha256');
  #slots = 0;

  /** Slots hashed so far. */
  get slots(): number {
    return this.#slots;
  }

  /** Takes `count` slots from slot `from`: whole records. Fits SlotBuffer's consumer. */
  update(words: Int32Array, from: number, count: number): void {
    const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
    for (let at = from; at < from + count;) {
      const slots = Math.max(1, slotsOfRecord(words, at * SLOT_WORDS));
      if ((words[at * SLOT_WORDS]! & 0xff) !== SlotKind.Pad) {
        this.#hash.update(bytes.subarray(at * SLOT_BYTES, (at + slots) * SLOT_BYTES));
        this.#slots += slots;
      }
      at += slots;
    }
  }

  digest(): string {
    return this.#hash.copy().digest('hex');
  }
}
