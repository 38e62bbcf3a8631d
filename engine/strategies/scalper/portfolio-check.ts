/**
 * portfolio-check: what all open trades together may move, and how many go the same way.
 *
 * Load      √(Σ x_i x_j ρ_ij σ_i σ_j) after the trade over its limit (a fraction of equity), x the
 *           signed open notional, σ over five minutes. A trade that lowers it is not too large.
 * Same way  open notionals whose moves go with this trade (side × sign × ρ) ≥ correlatedRho.
 * Unknown   ρ counts as 1 in the trade's disfavour; σ as the trade's own.
 * Units     E8, fractions. Hot path: only for entries that passed all else; no allocation.
 * Imports   base, domain, strategies/{context,strategy}, ./limits.
 */
import { assert } from '../../base/assert.ts';
import { Decision } from '../../domain/decision.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { ScalperContext } from '../context.ts';
import type { Correlations } from '../strategy.ts';
import { L } from './limits.ts';

const BP = 1e-4;
/** From a one-second move to one of five minutes, the life of a scalp. */
const SIGMA_SCALE = Math.sqrt(300);
const X = ScalperContext.Exposure0;
/** Fields of the working array. */
const Own = { Sigma: 0, Before: 1, After: 2 } as const;

export class PortfolioCheck {
  readonly #correlations: Correlations;
  readonly #count: number;
  /** Money moved by one standard deviation of each instrument, signed, with the trade in. */
  readonly #moves: Float64Array;
  readonly #own = new Float64Array(3);

  constructor(instrumentCount: number, correlations: Correlations) {
    assert(correlations.count >= instrumentCount, 'correlations cover every instrument');
    this.#correlations = correlations;
    this.#count = instrumentCount;
    this.#moves = new Float64Array(instrumentCount);
  }

  /** Writes PortfolioLoad. False when the trade would make the portfolio too large or one-sided. */
  isWithin(
    decision: Float64Array,
    instrument: Instrument,
    context: Float64Array,
    limits: Float64Array,
  ): boolean {
    const own = instrument.index;
    this.#setMoves(own, decision, context);
    this.#setVariance(Own.Before);
    const lots = decision[Decision.Side]! * decision[Decision.Lots]!;
    const notional = decision[Decision.PriceTicks]! * lots * instrument.tickLotE8;
    this.#moves[own] = this.#moves[own]! + notional * this.#own[Own.Sigma]!;
    this.#setVariance(Own.After);
    const before = this.#own[Own.Before]!;
    const after = this.#own[Own.After]!;
    const limit = context[ScalperContext.EquityE8]! * limits[L.PortfolioFraction]!;
    decision[Decision.PortfolioLoad] = limit > 0 ? Math.sqrt(after) / limit : Infinity;
    if (!(after < Infinity)) return false;
    if (after > before && !(after <= limit * limit)) return false;
    return this.#sameWay(own, decision, context, limits) < limits[L.CorrelatedMax]!;
  }

  #setMoves(own: number, decision: Float64Array, context: Float64Array): void {
    const sigmas = this.#correlations.sigmasBp;
    const known = sigmas[own]! * BP * SIGMA_SCALE;
    const read = decision[Decision.Sigma5mTicks]! / decision[Decision.PriceTicks]!;
    const ownSigma = known > 0 ? known : read;
    this.#own[Own.Sigma] = ownSigma;
    for (let i = 0; i < this.#count; i++) {
      const sigma = sigmas[i]! * BP * SIGMA_SCALE;
      this.#moves[i] = context[X + i]! * (sigma > 0 ? sigma : ownSigma);
    }
  }

  #setVariance(field: number): void {
    const moves = this.#moves;
    const rhos = this.#correlations.values;
    let sum = 0;
    for (let i = 0; i < this.#count; i++) {
      const move = moves[i]!;
      if (move === 0) continue;
      sum += move * move;
      for (let j = 0; j < i; j++) {
        const product = 2 * move * moves[j]!;
        if (product === 0) continue;
        const rho = rhos[i * this.#correlations.count + j]!;
        sum += rho >= -1 && rho <= 1 ? rho * product : Math.abs(product);
      }
    }
    this.#own[field] = Math.max(sum, 0);
  }

  #sameWay(
    own: number,
    decision: Float64Array,
    context: Float64Array,
    limits: Float64Array,
  ): number {
    const rhos = this.#correlations.values;
    const side = decision[Decision.Side]!;
    const least = limits[L.CorrelatedRho]!;
    let count = 0;
    for (let i = 0; i < this.#count; i++) {
      const exposure = context[X + i]!;
      if (i === own || exposure === 0) continue;
      const rho = rhos[own * this.#correlations.count + i]!;
      const isKnown = rho >= -1 && rho <= 1;
      if (!isKnown || Math.sign(exposure) * side * rho >= least) count++;
    }
    return count;
  }
}
