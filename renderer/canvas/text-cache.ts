/**
 * text-cache: texts of numbers that are drawn again and again, made once.
 *
 * When full it forgets everything: what is on the screen is back after one frame.
 *
 * Imports   nothing.
 */
export class TextCache {
  readonly #texts = new Map<number, string>();
  readonly #make: (value: number) => string;
  readonly #max: number;

  constructor(make: (value: number) => string, max = 4096) {
    this.#make = make;
    this.#max = max;
  }

  get(value: number): string {
    let text = this.#texts.get(value);
    if (text === undefined) {
      if (this.#texts.size >= this.#max) this.#texts.clear();
      text = this.#make(value);
      this.#texts.set(value, text);
    }
    return text;
  }

  get size(): number {
    return this.#texts.size;
  }
}
