/**
 * size-quantiles: how large resting sizes usually are, as quantiles of a fading histogram.
 *
 * Sizes are counted in eighths of an octave; each column of the heatmap fades what was counted
 * before, so that the scale follows the market slowly and in steps.
 *
 * Units     lots.
 * Imports   nothing.
 */
const STEPS_PER_OCTAVE = 8;
/** Steps fit one byte, with 0 for nothing. */
export const STEPS_MAX = 254;
const BUCKETS = STEPS_MAX + 1;
/** Half of the weight is gone after some 35 seconds of columns. */
const FADE = 0.996;
/** Weights are brought back to size before doubles run out of room. */
const RENEW_AT = 1e12;

export class SizeQuantiles {
  readonly #weights = new Float64Array(BUCKETS);
  #weight = 1;
  #total = 0;

  clear(): void {
    this.#weights.fill(0);
    this.#weight = 1;
    this.#total = 0;
  }

  add(lots: number): void {
    if (!(lots > 0)) return;
    const bucket = wholeStep(lots);
    this.#weights[bucket] = (this.#weights[bucket] ?? 0) + this.#weight;
    this.#total += this.#weight;
  }

  /** What comes after this weighs more than what came before. */
  fade(): void {
    this.#weight /= FADE;
    if (this.#weight < RENEW_AT) return;
    for (let i = 0; i < BUCKETS; i++) this.#weights[i] = (this.#weights[i] ?? 0) / this.#weight;
    this.#total /= this.#weight;
    this.#weight = 1;
  }

  /** Step (eighths of an octave above one lot) below which `share` of the sizes lie; or 0. */
  step(share: number): number {
    let sum = 0;
    for (let i = 0; i < BUCKETS; i++) {
      sum += this.#weights[i] ?? 0;
      if (sum > share * this.#total) return i;
    }
    return 0;
  }

  /** Lots under which `share` of the sizes lie, to an eighth of an octave. */
  quantile(share: number): number {
    return lotsOf(this.step(share) + 0.5);
  }
}

/** The step as a whole number that fits a byte. */
export function wholeStep(lots: number): number {
  return Math.min(STEPS_MAX, Math.max(0, Math.floor(stepOf(lots))));
}

export function stepOf(lots: number): number {
  return Math.log2(lots) * STEPS_PER_OCTAVE;
}

export function lotsOf(step: number): number {
  return 2 ** (step / STEPS_PER_OCTAVE);
}
