/**
 * correlation: how alike the instruments' one-second returns are, for the correlation check.
 *
 * A sample a second of engine time: simple returns of the mid in basis points, exponentially
 * weighted second moments (mean taken as 0, which one-second returns justify). rho is shrunk
 * towards 0 while little was seen: × n / (n + 20). An instrument without a price (0 or less) is
 * left out of that second and its next return starts from its next price; a silence of 5 s starts
 * all returns anew.
 *
 * Writer    the trading thread calls `sample` as often as it likes. Readers: strategies, screen.
 * Units     basis points a √second; rho in [−1, 1].
 * Invariant values is symmetric, 1 on the diagonal, no NaN.
 * Hot path: O(n²) once a second, a comparison otherwise. No allocation.
 * Imports   base.
 */
import { assert } from '../base/assert.ts';

const GRID_NS = 1e9;
const GAP_NS = 5e9;
const SHRINK = 20;
const TAU_S = 120;
const SMALLEST = 1e-12;

export class CorrelationMatrix {
  readonly count: number;
  /** rho of i and j at i × count + j. */
  readonly values: Float64Array;
  /** Standard deviation of a one-second return of each instrument, basis points. */
  readonly sigmasBp: Float64Array;
  readonly #sums: Float64Array;
  readonly #weights: Float64Array;
  readonly #samples: Float64Array;
  readonly #lastTicks: Float64Array;
  readonly #returns: Float64Array;
  /** 1 where this second has a return. */
  readonly #present: Uint8Array;
  /** [next grid time, time of the last sample, decay a second]. */
  readonly #clock = new Float64Array(3);

  constructor(count: number, tauS = TAU_S) {
    assert(Number.isInteger(count) && count > 0, 'a correlation matrix needs instruments');
    assert(tauS > 0, 'the correlation time constant is positive');
    this.count = count;
    this.values = new Float64Array(count * count);
    this.sigmasBp = new Float64Array(count);
    this.#sums = new Float64Array(count * count);
    this.#weights = new Float64Array(count * count);
    this.#samples = new Float64Array(count * count);
    this.#lastTicks = new Float64Array(count);
    this.#returns = new Float64Array(count);
    this.#present = new Uint8Array(count);
    this.#clock[1] = -Infinity;
    this.#clock[2] = Math.exp(-1 / tauS);
    for (let i = 0; i < count; i++) this.values[i * count + i] = 1;
  }

  /** `midTicks[i]` of instrument i (0 or less: none), `now[0]` the engine time in ns. */
  sample(midTicks: Float64Array, now: Float64Array): void {
    const clock = this.#clock;
    const at = now[0]!;
    if (at < clock[0]!) return;
    clock[0] = (Math.floor(at / GRID_NS) + 1) * GRID_NS;
    const isContinuous = at - clock[1]! <= GAP_NS;
    clock[1] = at;
    const last = this.#lastTicks;
    const returns = this.#returns;
    const present = this.#present;
    for (let i = 0; i < this.count; i++) {
      const mid = midTicks[i]!;
      const before = last[i]!;
      const hasReturn = isContinuous && mid > 0 && before > 0;
      present[i] = hasReturn ? 1 : 0;
      returns[i] = hasReturn ? ((mid - before) / before) * 1e4 : 0;
      last[i] = mid > 0 ? mid : 0;
    }
    this.#fold();
    this.#publish();
  }

  rho(i: number, j: number): number {
    return this.values[i * this.count + j]!;
  }

  sigmaBp(i: number): number {
    return this.sigmasBp[i]!;
  }

  #fold(): void {
    const count = this.count;
    const sums = this.#sums;
    const weights = this.#weights;
    const samples = this.#samples;
    const returns = this.#returns;
    const present = this.#present;
    const decay = this.#clock[2]!;
    for (let i = 0; i < count; i++) {
      if (present[i] === 0) continue;
      for (let j = 0; j <= i; j++) {
        if (present[j] === 0) continue;
        const at = i * count + j;
        const product = returns[i]! * returns[j]!;
        sums[at] = product + decay * (sums[at]! - product);
        weights[at] = 1 - decay * (1 - weights[at]!);
        samples[at]! += 1;
      }
    }
  }

  /** A pair's own moments may differ from the diagonals' where seconds are missing: clamp. */
  #publish(): void {
    const count = this.count;
    const values = this.values;
    const sums = this.#sums;
    const weights = this.#weights;
    const samples = this.#samples;
    const sigmas = this.sigmasBp;
    for (let i = 0; i < count; i++) {
      const own = i * count + i;
      sigmas[i] = weights[own]! > 0 ? Math.sqrt(sums[own]! / weights[own]!) : 0;
      for (let j = 0; j < i; j++) {
        const at = i * count + j;
        const scale = sigmas[i]! * sigmas[j]!;
        let rho = 0;
        if (weights[at]! > 0 && scale > SMALLEST) {
          rho = sums[at]! / weights[at]! / scale;
          rho = rho > 1 ? 1 : rho < -1 ? -1 : rho;
          rho *= samples[at]! / (samples[at]! + SHRINK);
        }
        values[at] = rho;
        values[j * count + i] = rho;
      }
    }
  }
}
