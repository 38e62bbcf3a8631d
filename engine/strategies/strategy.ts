/**
 * strategy: what core asks of a strategy, and what a strategy may know besides market and readings.
 *
 * A strategy is asked at every end of message of its instruments. It adds at most one entry intent
 * and describes its judgement in `decision`; it never sends, never closes and keeps no position:
 * exits take over once the entry exists.
 *
 * Imports   domain.
 */
import type { Instrument } from '../domain/instrument.ts';
import type { IntentBatch } from '../domain/intent.ts';
import type { ParameterFields } from '../domain/parameter.ts';

/** Short-horizon correlations, worked out off the trading thread. NaN where unknown. */
export interface Correlations {
  readonly count: number;
  /** Correlation of the moves of instruments i and j at i × count + j, in [−1, 1]. */
  readonly values: Float64Array;
  /** Standard deviation of a one-second move of each instrument, bp. */
  readonly sigmasBp: Float64Array;
}

/** What `evaluate` answers. */
export const Judgement = { Nothing: 0, Veto: 1, Entry: 2 } as const;
export type Judgement = (typeof Judgement)[keyof typeof Judgement];

export interface Strategy {
  readonly name: string;
  /** The last judgement, as in domain/decision.ts; overwritten by the next `evaluate`. */
  readonly decision: Float64Array;
  /** Judgements so far by verdict number, told or not; row of instrument i × VERDICT_COUNT. */
  readonly verdictCounts: Float64Array;
  /**
   * Judges one instrument. `market`, `readings` and `context` as in domain/market.ts,
   * domain/readings.ts and strategies/context.ts. With Veto and Entry, record `decision`.
   */
  evaluate(
    instrument: number,
    market: Float64Array,
    readings: Float64Array,
    context: Float64Array,
    intents: IntentBatch,
  ): Judgement;
  /** New settings, by name, from now on; throws 'config/invalid' and changes nothing. */
  configure(given: Readonly<Record<string, number | undefined>>): void;
}

export interface StrategyOptions {
  readonly instruments: readonly Instrument[];
  readonly correlations: Correlations;
  readonly parameters: Readonly<Record<string, number | undefined>>;
}

export interface StrategyKind {
  readonly name: string;
  /** Goes into Decision.Strategy; never reused for another strategy. */
  readonly number: number;
  readonly summary: string;
  readonly fields: ParameterFields;
  create(options: StrategyOptions): Strategy;
}
