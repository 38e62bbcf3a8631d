/**
 * portfolio-check: what all open trades together may move, and how many go the same way.
 *
 * Load      √(Σ x_i x_j ρ_ij σ_i σ_j) after the trade over its limit (a fraction of equity), x the
 *           signed open notional, σ over five minutes. A trade that lowers it is not too large.
 * Same way  open notionals whose moves go with this trade (side × sign × ρ) ≥ correlatedRho.
 * Unknown   ρ counts as 1 in the trade's disfavour; σ as the trade's own.
 * Units     E8, bp. Hot path: only for entries that have passed everything else; no allocation.
 * Imports   domain, strategies/{context,strategy}, ./parameters.
 */
import { Decision } from '../../domain/decision.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { ScalperContext } from '../context.ts';
import type { Correlations } from '../strategy.ts';
import type { ScalperParameters } from './parameters.ts';

const PER_BP = 1e4;
/** From a one-second move to one of five minutes, the life of a scalp. */
const SIGMA_SCALE = Math.sqrt(300);
const X = ScalperContext.Exposure0;

export class PortfolioCheck {
  readonly #correlations: Correlations;
  readonly #count: number;
  /** Money moved by one standard deviation of each instrument, signed, with the trade in. */
  readonly #moves: Float64Array;

  constructor(instrumentCount: number, correlations: Correlations) {
    this.#correlations = correlations;
    this.#count = instrumentCount;
    this.#moves = new Float64Array(instrumentCount);
  }

  /** Writes PortfolioLoad. False when the trade would make the portfolio too large or one-sided. */
  isWithin(
    decision: Float64Array,
    instrument: Instrument,
    context: Float64Array,
    parameters: ScalperParameters,
  ): boolean {
    const own = instrument.index;
    this.#setMoves(own, decision, context);
    const limit = (context[ScalperContext.EquityE8]! * parameters.portfolioSigmaBp) / PER_BP;
    const before = this.#variance();
    const notional = instrument.notionalE8(
      decision[Decision.PriceTicks]!,
      decision[Decision.Lots]!,
    );
    const sigma = this.#sigmaBp(own, decision);
    const side = decision[Decision.Side]!;
    this.#moves[own] = this.#moves[own]! + (side * notional * sigma) / PER_BP;
    const after = this.#variance();
    decision[Decision.PortfolioLoad] = limit > 0 ? Math.sqrt(after) / limit : Infinity;
    if (!Number.isFinite(after)) return false;
    if (after > before && !(after <= limit * limit)) return false;
    return this.#sameWay(own, side, context, parameters) < parameters.correlatedMax;
  }

  #setMoves(own: number, decision: Float64Array, context: Float64Array): void {
    for (let i = 0; i < this.#count; i++) {
      const known = i === own ? Number.NaN : this.#correlations.sigmaBp(i);
      const sigma = known > 0 ? known * SIGMA_SCALE : this.#sigmaBp(own, decision);
      this.#moves[i] = (context[X + i]! * sigma) / PER_BP;
    }
  }

  #sigmaBp(own: number, decision: Float64Array): number {
    const known = this.#correlations.sigmaBp(own);
    if (known > 0) return known * SIGMA_SCALE;
    return (decision[Decision.Sigma5mTicks]! / decision[Decision.PriceTicks]!) * PER_BP;
  }

  #variance(): number {
    const moves = this.#moves;
    let sum = 0;
    for (let i = 0; i < this.#count; i++) {
      const move = moves[i]!;
      if (move === 0) continue;
      sum += move * move;
      for (let j = 0; j < i; j++) {
        if (moves[j] === 0) continue;
        const product = 2 * move * moves[j]!;
        const rho = this.#correlations.rho(i, j);
        sum += Number.isFinite(rho) ? rho * product : Math.abs(product);
      }
    }
    return Math.max(sum, 0);
  }

  #sameWay(
    own: number,
    side: number,
    context: Float64Array,
    parameters: ScalperParameters,
  ): number {
    let count = 0;
    for (let i = 0; i < this.#count; i++) {
      const exposure = context[X + i]!;
      if (i === own || exposure === 0) continue;
      const rho = this.#correlations.rho(own, i);
      const along = Number.isFinite(rho) ? Math.sign(exposure) * side * rho : 1;
      if (along >= parameters.correlatedRho) count++;
    }
    return count;
  }
}
