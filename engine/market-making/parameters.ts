/**
 * parameters: every setting of the quoter: default, safe range and plain-word effect.
 *
 * Money limits are in quote currency and become lots when the quoter stands flat, so that a limit
 * does not move under an open inventory.
 *
 * Errors    EngineError 'config/invalid' naming the setting, its value and its range.
 * Imports   base, domain.
 */
import { EngineError } from '../base/errors.ts';
import { parameterValues } from '../domain/parameter.ts';
import type { ParameterValues } from '../domain/parameter.ts';

export const QUOTER_FIELDS = {
  quoteNotional: {
    default: 1_000,
    min: 1,
    max: 1_000_000,
    unit: 'quote currency',
    effect: 'Larger: each quote is for more.',
  },
  softLimitNotional: {
    default: 2_000,
    min: 1,
    max: 10_000_000,
    unit: 'quote currency',
    effect: 'Larger: more inventory before only the side that sheds it is quoted.',
  },
  hardLimitNotional: {
    default: 4_000,
    min: 1,
    max: 10_000_000,
    unit: 'quote currency',
    effect: 'Larger: more inventory, working orders included, is ever possible.',
  },
  minEdgeBp: {
    default: 0.2,
    min: 0,
    max: 100,
    unit: 'bp of the price',
    effect: 'Larger: each quote keeps more beyond its maker fee.',
  },
  halfSpreadSigmas: {
    default: 1,
    min: 0,
    max: 20,
    unit: 'sd of 1 s',
    effect: 'Larger: quotes stand further from fair when the market moves more.',
  },
  maxHalfSpreadBp: {
    default: 20,
    min: 0.1,
    max: 1_000,
    unit: 'bp of the price',
    effect: 'Larger: goes on quoting where fees and volatility ask for wider quotes.',
  },
  minSpreadToCost: {
    default: 0,
    min: 0,
    max: 10,
    unit: 'market half-spread over cost',
    effect:
      'Larger: stands aside unless the market itself pays this share of fee and edge; 0 is off.',
  },
  skewHalfSpreads: {
    default: 1,
    min: 0,
    max: 5,
    unit: 'half-spreads at the hard limit',
    effect: 'Larger: both quotes move further to shed inventory.',
  },
  requoteHalfSpreads: {
    default: 0.3,
    min: 0.01,
    max: 5,
    unit: 'half-spreads',
    effect: 'Larger: quotes keep their place in the queue for longer as fair moves away.',
  },
  requoteTicks: {
    default: 1,
    min: 1,
    max: 10_000,
    unit: 'ticks',
    effect: 'Larger: quotes follow fair only in bigger steps.',
  },
  requoteIntervalMs: {
    default: 1_000,
    min: 10,
    max: 60_000,
    unit: 'ms',
    effect: 'Larger: fewer new quotes a second on each side.',
  },
  denialBackoffMs: {
    default: 1_000,
    min: 10,
    max: 60_000,
    unit: 'ms',
    effect: 'Larger: waits longer after a refused order; doubles up to sixteen times.',
  },
  lateFillMs: {
    default: 200,
    min: 0,
    max: 60_000,
    unit: 'ms',
    effect: 'Larger: what an ended order left open counts as working for longer.',
  },
  staleMs: {
    default: 1_500,
    min: 50,
    max: 60_000,
    unit: 'ms',
    effect: 'Larger: quotes stay out longer on a silent book.',
  },
  burstMax: {
    default: 5,
    min: 1,
    max: 1_000,
    unit: 'times the usual messages',
    effect: 'Larger: quotes stay out in wilder bursts of messages.',
  },
  jumpSigmas: {
    default: 5,
    min: 1,
    max: 100,
    unit: 'sd of 1 s',
    effect: 'Larger: quotes stay out in faster moves.',
  },
  volatilityRatioMax: {
    default: 3,
    min: 1,
    max: 100,
    unit: 'sd of 1 s over its usual',
    effect: 'Larger: quotes stay out when volatility rises further above its longer mean.',
  },
  spreadRatioMax: {
    default: 5,
    min: 1,
    max: 1_000,
    unit: 'mean spreads',
    effect: 'Larger: quotes stay out when other makers have stepped further back.',
  },
  flowPull: {
    default: 0.85,
    min: 0.1,
    max: 1,
    unit: 'order-flow strength',
    effect: 'Larger: stronger one-sided flow before the side it runs over is pulled; 1 is off.',
  },
  pullHoldMs: {
    default: 1_000,
    min: 0,
    max: 60_000,
    unit: 'ms',
    effect: 'Larger: stays out longer after the cause of a pull has gone.',
  },
  pulledUnwindMs: {
    default: 15_000,
    min: 1_000,
    max: 600_000,
    unit: 'ms',
    effect: 'Larger: holds inventory longer while pulled before it is unwound.',
  },
  unwindPassiveMs: {
    default: 5_000,
    min: 0,
    max: 300_000,
    unit: 'ms',
    effect: 'Larger: an unwind tries longer at the own side before it takes.',
  },
  unwindIntervalMs: {
    default: 300,
    min: 60,
    max: 60_000,
    unit: 'ms',
    effect: 'Larger: fewer unwind orders a second.',
  },
  unwindThroughBp: {
    default: 3,
    min: 0,
    max: 100,
    unit: 'bp of the price',
    effect: 'Larger: a taking unwind accepts a worse price.',
  },
} as const;
export type QuoterParameters = ParameterValues<typeof QUOTER_FIELDS>;

/**
 * The given values where there are any, the defaults elsewhere; checked, one against another too.
 */
export function quoterParameters(
  given: Readonly<Record<string, number | undefined>> = {},
): QuoterParameters {
  const values = parameterValues(QUOTER_FIELDS, given);
  checkOrder(values, 'softLimitNotional', 'hardLimitNotional');
  checkOrder(values, 'quoteNotional', 'hardLimitNotional');
  return values;
}

function checkOrder(
  values: QuoterParameters,
  smaller: keyof QuoterParameters,
  larger: keyof QuoterParameters,
): void {
  if (values[smaller] <= values[larger]) return;
  throw new EngineError(
    'config/invalid',
    `${smaller} is ${values[smaller]}; it must not be above ${larger}, ${values[larger]}`,
    { name: smaller, value: values[smaller], max: values[larger] },
  );
}

export const DEFAULT_QUOTER_PARAMETERS: QuoterParameters = quoterParameters();
