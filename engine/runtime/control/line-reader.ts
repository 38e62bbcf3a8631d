/**
 * line-reader: bytes of a socket into lines, with a bound on how long a line may be.
 *
 * Imports   nothing.
 */
const NEWLINE = 0x0a;

export class LineReader {
  readonly #bytesMax: number;
  readonly #onLine: (line: string) => void;
  readonly #onTooLong: () => void;
  #parts: Buffer[] = [];
  #bytes = 0;
  #isOver = false;

  constructor(bytesMax: number, onLine: (line: string) => void, onTooLong: () => void) {
    this.#bytesMax = bytesMax;
    this.#onLine = onLine;
    this.#onTooLong = onTooLong;
  }

  take(chunk: Buffer): void {
    let start = 0;
    for (;;) {
      if (this.#isOver) return;
      const end = chunk.indexOf(NEWLINE, start);
      this.#keep(chunk.subarray(start, end < 0 ? chunk.length : end));
      if (this.#isOver || end < 0) return;
      const line = Buffer.concat(this.#parts).toString('utf8');
      this.#parts = [];
      this.#bytes = 0;
      start = end + 1;
      if (line.trim() !== '') this.#onLine(line);
    }
  }

  #keep(part: Buffer): void {
    this.#bytes += part.length;
    if (this.#bytes > this.#bytesMax) {
      this.#isOver = true;
      this.#parts = [];
      this.#onTooLong();
      return;
    }
    if (part.length > 0) this.#parts.push(part);
  }
}
