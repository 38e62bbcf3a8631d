/**
 * signals-painter: writes the eight readings of the focused instrument into their bars, ten times a
 * second at most: faster cannot be read.
 *
 * Imports   contract, domain, format, frame, live.
 */
import { FrameInstrument } from '../../../engine/contract/frames.ts';
import { SIGNAL_COUNT } from '../../../engine/domain/readings.ts';
import { signed } from '../../format/numbers.ts';
import type { Painter } from '../../frame/frame-loop.ts';
import type { LiveMarket } from '../../live/live-market.ts';

const EVERY_MS = 100;
/** Weaker readings recede. */
const WEAK = 0.25;

export class SignalsPainter implements Painter {
  readonly #root: HTMLElement;
  readonly #live: LiveMarket;
  readonly #instrument: number;
  #lastMs = 0;
  #pending = 0;

  constructor(root: HTMLElement, live: LiveMarket, instrument: number) {
    this.#root = root;
    this.#live = live;
    this.#instrument = instrument;
  }

  version(): number {
    return this.#live.book.version + this.#pending;
  }

  paint(nowMs: number): void {
    if (nowMs - this.#lastMs < EVERY_MS) {
      this.#pending += 1;
      return;
    }
    this.#lastMs = nowMs;
    const { book } = this.#live;
    const isValid = book.isValid(this.#instrument);
    for (let signal = 0; signal < SIGNAL_COUNT; signal++) {
      const strength = book.field(this.#instrument, FrameInstrument.Strength0 + signal);
      const confidence = book.field(this.#instrument, FrameInstrument.Confidence0 + signal);
      const row = this.#root.children[signal];
      if (row instanceof HTMLElement) writeRow(row, strength, confidence, isValid);
    }
  }
}

function writeRow(row: HTMLElement, strength: number, confidence: number, isValid: boolean): void {
  const bar = row.querySelector<HTMLElement>('.bar i');
  const figure = row.querySelector<HTMLElement>('.gauge__figure');
  if (bar === null || figure === null) return;
  const isWarm = isValid && confidence > 0;
  const share = isWarm ? Math.min(1, Math.abs(strength)) * 50 : 0;
  bar.className = strength >= 0 ? 'bar__up' : 'bar__down';
  bar.style.width = `${share.toFixed(1)}%`;
  bar.style.left = strength >= 0 ? '50%' : 'auto';
  bar.style.right = strength >= 0 ? 'auto' : '50%';
  bar.style.opacity = String(0.35 + 0.65 * Math.min(1, confidence));
  figure.textContent = isWarm ? signed(strength, 2) : '–';
  figure.classList.toggle('dim', Math.abs(strength) <= WEAK || !isWarm);
}
