/**
 * parameters: what a person may set about exits. Times in ms here, in ns inside.
 *
 * Imports   domain.
 */
import { DISTANCE_FIELDS } from '../domain/exit-distance.ts';
import { parameterValues } from '../domain/parameter.ts';
import type { ParameterValues } from '../domain/parameter.ts';

export const EXIT_FIELDS = {
  ...DISTANCE_FIELDS,
  timeLimitMs: {
    unit: 'ms',
    default: 300_000,
    min: 5_000,
    max: 300_000,
    effect: 'Larger: a scalp may stay open longer before it is closed at the market.',
  },
  timeWarningMs: {
    unit: 'ms before the limit',
    default: 30_000,
    min: 1_000,
    max: 120_000,
    effect: 'Larger: the warning before the time limit comes earlier.',
  },
  entryTimeoutMs: {
    unit: 'ms',
    default: 2_000,
    min: 100,
    max: 30_000,
    effect: 'Larger: an entry waits longer for a fill before it is cancelled.',
  },
  trailSigmas: {
    unit: 'sd of 5 minutes',
    default: 0.3,
    min: 0.05,
    max: 1.5,
    effect: 'Larger: after the first target the stop follows from further away.',
  },
  trailFloorSpreads: {
    unit: 'spreads',
    default: 2,
    min: 1,
    max: 10,
    effect: 'Larger: the trailing stop never comes closer than this many spreads.',
  },
  protectSigmas: {
    unit: 'sd of 5 minutes',
    default: 0.3,
    min: 0.05,
    max: 2,
    effect: 'Larger: profit protection wakes up only after a larger gain.',
  },
  giveBackFraction: {
    unit: 'of the best gain',
    default: 0.6,
    min: 0.1,
    max: 0.95,
    effect: 'Larger: more of the best gain may be given back before the scalp is closed.',
  },
  throughBp: {
    unit: 'bp of the price',
    default: 2,
    min: 0,
    max: 20,
    effect: 'Larger: a closing order accepts a worse price at its first attempt.',
  },
  throughMaxBp: {
    unit: 'bp of the price',
    default: 20,
    min: 1,
    max: 100,
    effect: 'Larger: repeated attempts to close may accept a worse price.',
  },
  throughTicks: {
    unit: 'ticks',
    default: 2,
    min: 1,
    max: 100,
    effect: 'Larger: a closing order reaches at least this many ticks through the touch.',
  },
  feedAgeMs: {
    unit: 'ms',
    default: 3_000,
    min: 200,
    max: 30_000,
    effect: 'Larger: prices are trusted longer on a silent feed.',
  },
  untrustedGraceMs: {
    unit: 'ms',
    default: 2_000,
    min: 0,
    max: 30_000,
    effect: 'Larger: a longer loss of trusted prices is tolerated without an emergency exit.',
  },
  emergencySpreads: {
    unit: 'mean spreads',
    default: 12,
    min: 3,
    max: 100,
    effect: 'Larger: only a more extreme widening of the spread closes the scalp.',
  },
  emergencySpreadMs: {
    unit: 'ms',
    default: 1_000,
    min: 0,
    max: 30_000,
    effect: 'Larger: the spread must stay extreme for longer before the scalp is closed.',
  },
  retryMs: {
    unit: 'ms',
    default: 100,
    min: 10,
    max: 5_000,
    effect: 'Larger: a refused order or cancel is tried again later; doubles with each refusal.',
  },
} as const;
export type ExitParameters = ParameterValues<typeof EXIT_FIELDS>;

export const DEFAULT_EXIT_PARAMETERS: ExitParameters = parameterValues(EXIT_FIELDS);
