/**
 * progress: a bar on standard error while long work runs, on a terminal only.
 *
 * Imports   nothing.
 */
const WIDTH = 30;
const EVERY_MS = 100;

export class ProgressBar {
  readonly #label: string;
  readonly #isShown: boolean;
  #lastMs = 0;

  constructor(label: string, isShown: boolean = process.stderr.isTTY) {
    this.#label = label;
    this.#isShown = isShown;
  }

  /** Shows the part done, 0 to 1. */
  show(part: number): void {
    const nowMs = performance.now();
    if (!this.#isShown || nowMs - this.#lastMs < EVERY_MS) return;
    this.#lastMs = nowMs;
    const done = Math.round(Math.min(1, Math.max(0, part)) * WIDTH);
    const bar = '█'.repeat(done) + '░'.repeat(WIDTH - done);
    const percent = `${Math.round(part * 100)}`.padStart(3);
    process.stderr.write(`\r${this.#label} ${bar} ${percent} %`);
  }

  /** Removes the bar. */
  clear(): void {
    if (this.#isShown && this.#lastMs > 0) process.stderr.write('\r\u001B[2K');
  }
}
