/**
 * parameters: what a person may set about the scalper. Times in ms here, in ns inside.
 *
 * The edge calibration is an assumption, shown beside every decision: a score of 1 is taken to
 * foretell `edgeFraction…` of one standard deviation of the move over `edgeHorizonS`. On open data
 * the top tenth of touch imbalance was worth about 0.3 in one-tick markets and 0.05 in wide ones.
 *
 * Imports   domain.
 */
import { DISTANCE_FIELDS } from '../../domain/exit-distance.ts';
import { parameterValues } from '../../domain/parameter.ts';
import type { ParameterValues } from '../../domain/parameter.ts';

const VALIDATION_FIELDS = {
  enterScore: {
    unit: 'score',
    default: 0.4,
    min: 0.1,
    max: 0.95,
    effect: 'Larger: only stronger scores may enter; fewer trades.',
  },
  tellScore: {
    unit: 'score',
    default: 0.32,
    min: 0.05,
    max: 0.95,
    effect: 'Larger: fewer near misses are shown and recorded.',
  },
  agreeCount: {
    unit: 'signals of 8',
    default: 4,
    min: 1,
    max: 8,
    effect: 'Larger: more signals must point the same way; fewer trades.',
  },
  agreeMin: {
    unit: 'strength × confidence',
    default: 0.1,
    min: 0.01,
    max: 0.9,
    effect: 'Larger: a signal must be stronger to count as agreeing.',
  },
  needFamilies: {
    unit: '0 no, 1 yes',
    default: 1,
    min: 0,
    max: 1,
    effect: '1: price, flow and book must each have an agreeing signal.',
  },
  basicWeights: {
    unit: '0 no, 1 yes',
    default: 0,
    min: 0,
    max: 1,
    effect: '1: scores by momentum, EMA and volume alone, for comparison.',
  },
  staleMs: {
    unit: 'ms',
    default: 5_000,
    min: 100,
    max: 10_000,
    effect: 'Larger: older readings still count.',
  },
  spreadMeans: {
    unit: 'mean spreads',
    default: 3,
    min: 1,
    max: 20,
    effect: 'Larger: entries are allowed at a wider spread than usual.',
  },
  spreadMaxBp: {
    unit: 'bp',
    default: 6,
    min: 0.1,
    max: 100,
    effect: 'Larger: entries are allowed in markets with wider spreads.',
  },
  volatilityMinBp: {
    unit: 'bp in 5 minutes',
    default: 3,
    min: 0,
    max: 100,
    effect: 'Larger: calm markets are left alone.',
  },
  volatilityMaxBp: {
    unit: 'bp in 5 minutes',
    default: 90,
    min: 5,
    max: 500,
    effect: 'Larger: wilder markets are traded.',
  },
  burstMax: {
    unit: 'times the mean message rate',
    default: 8,
    min: 1.5,
    max: 100,
    effect: 'Larger: entries are allowed in the middle of larger bursts of messages.',
  },
  coolDownMs: {
    unit: 'ms',
    default: 3_000,
    min: 0,
    max: 600_000,
    effect: 'Larger: the scalper waits longer on an instrument after a scalp has ended.',
  },
  entryGapMs: {
    unit: 'ms',
    default: 1_000,
    min: 100,
    max: 600_000,
    effect: 'Larger: longer between two attempts to enter on one instrument.',
  },
  scalpsPerInstrument: {
    unit: 'scalps',
    default: 1,
    min: 1,
    max: 4,
    effect: 'Larger: more scalps may be open on one instrument at once.',
  },
  entriesMax: {
    unit: 'entries in a session',
    default: 5_000,
    min: 1,
    max: 100_000,
    effect: 'Larger: more entries in one session before the scalper stops.',
  },
  vetoGapMs: {
    unit: 'ms',
    default: 2_000,
    min: 10,
    max: 60_000,
    effect: 'Larger: the same veto is told less often.',
  },
} as const;

const EDGE_FIELDS = {
  edgeHorizonS: {
    unit: 's',
    default: 30,
    min: 1,
    max: 300,
    effect: 'Larger: the move that a score foretells is taken over a longer time.',
  },
  edgeFractionOneTick: {
    unit: 'sd of that move',
    default: 0.3,
    min: 0,
    max: 1,
    effect: 'Larger: a score promises more in one-tick markets; more entries pass the cost check.',
  },
  edgeFractionWide: {
    unit: 'sd of that move',
    default: 0.05,
    min: 0,
    max: 1,
    effect: 'Larger: a score promises more in wide markets; more entries pass the cost check.',
  },
  edgeMargin: {
    unit: 'times the cost',
    default: 1.2,
    min: 1,
    max: 5,
    effect: 'Larger: the expected edge must exceed the cost by more.',
  },
  sigmaCostMin: {
    unit: 'times the cost',
    default: 3,
    min: 1,
    max: 20,
    effect: 'Larger: the 5-minute move must be larger against the cost of the trade.',
  },
  slipSigmas: {
    unit: 'sd of the move in one latency',
    default: 0.8,
    min: 0,
    max: 5,
    effect: 'Larger: more is set aside for the price moving before the order arrives.',
  },
  takeScore: {
    unit: 'score',
    default: 0.6,
    min: 0.1,
    max: 1.01,
    effect: 'Larger: fewer entries cross the spread; more wait in the queue.',
  },
  improveSpreadTicks: {
    unit: 'ticks',
    default: 3,
    min: 2,
    max: 1_000,
    effect: 'Larger: the scalper steps in front of the queue only in wider spreads.',
  },
} as const;

const SIZE_FIELDS = {
  riskFraction: {
    unit: 'of equity',
    default: 0.0002,
    min: 0.00001,
    max: 0.005,
    effect: 'Larger: more is lost when a stop is hit, and more is earned at a target.',
  },
  volatilityReferenceBp: {
    unit: 'bp in 5 minutes',
    default: 20,
    min: 1,
    max: 200,
    effect: 'Larger: size is cut only in wilder markets.',
  },
  maxNotional: {
    unit: 'quote units',
    default: 5_000,
    min: 1,
    max: 1_000_000,
    effect: 'Larger: single scalps may be larger.',
  },
  maxLots: {
    unit: 'lots',
    default: 1_000_000_000,
    min: 1,
    max: 1_000_000_000_000,
    effect: 'Larger: single scalps may be larger.',
  },
  depthFraction: {
    unit: 'of the shown depth',
    default: 0.25,
    min: 0.01,
    max: 1,
    effect: 'Larger: a scalp may be larger against what the book shows.',
  },
  portfolioSigmaBp: {
    unit: 'bp of equity in 5 minutes',
    default: 5,
    min: 0.1,
    max: 200,
    effect: 'Larger: all open trades together may move the equity by more.',
  },
  correlatedMax: {
    unit: 'instruments',
    default: 3,
    min: 1,
    max: 64,
    effect: 'Larger: more trades in one direction may be open on markets that move together.',
  },
  correlatedRho: {
    unit: 'correlation',
    default: 0.6,
    min: 0.1,
    max: 1,
    effect: 'Larger: only markets that move together more closely are counted as one.',
  },
} as const;

export const SCALPER_FIELDS = {
  ...VALIDATION_FIELDS,
  ...EDGE_FIELDS,
  ...SIZE_FIELDS,
  ...DISTANCE_FIELDS,
} as const;
export type ScalperParameters = ParameterValues<typeof SCALPER_FIELDS>;

/**
 * The calibration for the simulated exchange, measured on half an hour of it (seed 11, 8 markets):
 * scores of 0.4 to 0.8 foretold 0.36 to 0.42 sd of the 30 s move in its one-tick markets and 0.5 in
 * its wide ones. It says nothing of real markets.
 */
export const SIM_SCALPER_VALUES: Readonly<Record<string, number>> = {
  edgeFractionOneTick: 0.36,
  edgeFractionWide: 0.45,
};

export const DEFAULT_SCALPER_PARAMETERS: ScalperParameters = parameterValues(SCALPER_FIELDS);
