/**
 * parameters: every setting of the eight signals: default, safe range and plain-word effect.
 *
 * Defaults are priors (what is known of such signals on public data), never a fit on minutes of it.
 * Read by the configuration, the screen and signal-constants.
 *
 * Errors    EngineError 'config/invalid' naming the setting, its value and its range.
 * Imports   base, domain.
 */
import { EngineError } from '../base/errors.ts';
import { parameterValues } from '../domain/parameter.ts';
import type { ParameterValues } from '../domain/parameter.ts';

export const SIGNAL_FIELDS = {
  momentumTauMs: {
    default: 1000,
    min: 50,
    max: 60_000,
    unit: 'ms',
    effect: 'Longer: momentum measures the return over more time and turns later.',
  },
  momentumMinChangeSpreads: {
    default: 0.05,
    min: 0,
    max: 1,
    unit: 'mean spreads',
    effect: 'Larger: a microprice change must be bigger to count as one of the last three.',
  },
  velocityTauMs: {
    default: 500,
    min: 50,
    max: 60_000,
    unit: 'ms',
    effect: 'Longer: velocity is smoother and later.',
  },
  accelerationTauMs: {
    default: 1000,
    min: 50,
    max: 60_000,
    unit: 'ms',
    effect: 'Longer: velocity is compared with more of its own past.',
  },
  ofiHalfLifeMs: {
    default: 500,
    min: 50,
    max: 60_000,
    unit: 'ms',
    effect: 'Longer: order-flow imbalance remembers more of the queue changes.',
  },
  ofiScaleTauS: {
    default: 60,
    min: 5,
    max: 3600,
    unit: 's',
    effect: 'Longer: what counts as usual order flow adapts more slowly.',
  },
  flowTauMs: {
    default: 1000,
    min: 50,
    max: 60_000,
    unit: 'ms',
    effect: 'Longer: aggressive volume is summed over more time (flow and volume spike).',
  },
  flowShareOneTick: {
    default: 0.2,
    min: 0,
    max: 1,
    unit: 'share',
    effect: 'Larger: trades count more against queue changes in one-tick markets.',
  },
  flowShareWide: {
    default: 0.55,
    min: 0,
    max: 1,
    unit: 'share',
    effect: 'Larger: trades count more against queue changes in wide markets.',
  },
  volumeBaselineTauS: {
    default: 60,
    min: 5,
    max: 3600,
    unit: 's',
    effect: 'Longer: what counts as usual volume adapts more slowly.',
  },
  volumeThreshold: {
    default: 2,
    min: 1,
    max: 20,
    unit: 'times the baseline',
    effect: 'Larger: only bigger bursts of volume are a spike.',
  },
  imbalanceTouchShareOneTick: {
    default: 0.8,
    min: 0,
    max: 1,
    unit: 'share',
    effect: 'Larger: the best prices count more against the five levels in one-tick markets.',
  },
  imbalanceTouchShareWide: {
    default: 0.5,
    min: 0,
    max: 1,
    unit: 'share',
    effect: 'Larger: the best prices count more against the five levels in wide markets.',
  },
  imbalanceDistanceSpreads: {
    default: 2,
    min: 0.1,
    max: 100,
    unit: 'mean spreads',
    effect: 'Larger: levels far from the best price keep more weight (half at this distance).',
  },
  emaFastMs: {
    default: 2000,
    min: 50,
    max: 600_000,
    unit: 'ms',
    effect: 'Longer: the fast average is smoother and later. Must be below emaSlowMs.',
  },
  emaSlowMs: {
    default: 10_000,
    min: 100,
    max: 3_600_000,
    unit: 'ms',
    effect: 'Longer: the slow average is smoother and later. Must be above emaFastMs.',
  },
  emaHysteresis: {
    default: 0.25,
    min: 0,
    max: 5,
    unit: 'standard deviations',
    effect: 'Larger: the averages must part further before a crossing counts.',
  },
  rsiPeriod: {
    default: 14,
    min: 2,
    max: 200,
    unit: 'bars of 1 s',
    effect: 'Longer: the RSI is smoother and later.',
  },
  rsiPivotBars: {
    default: 3,
    min: 1,
    max: 7,
    unit: 'bars of 1 s',
    effect: 'Larger: a high or low needs more bars on both sides; confirmed that much later.',
  },
  rsiPivotGapBars: {
    default: 60,
    min: 5,
    max: 1000,
    unit: 'bars of 1 s',
    effect: 'Larger: two pivots may lie further apart and still be compared.',
  },
  rsiMinPoints: {
    default: 3,
    min: 0,
    max: 50,
    unit: 'RSI points',
    effect: 'Larger: the RSI must disagree more before it is a divergence.',
  },
  rsiHoldS: {
    default: 10,
    min: 1,
    max: 600,
    unit: 's',
    effect: 'Longer: a divergence fades more slowly after it was confirmed.',
  },
  spreadTauS: {
    default: 60,
    min: 5,
    max: 3600,
    unit: 's',
    effect: 'Longer: the usual spread adapts more slowly.',
  },
  volatilityTauS: {
    default: 60,
    min: 5,
    max: 3600,
    unit: 's',
    effect: 'Longer: the one-second volatility is steadier and adapts more slowly.',
  },
  sigmaFloorTicks: {
    default: 0.1,
    min: 0.001,
    max: 1000,
    unit: 'ticks',
    effect: 'Larger: in dead markets small moves count for less.',
  },
  burstTauMs: {
    default: 100,
    min: 10,
    max: 10_000,
    unit: 'ms',
    effect: 'Longer: a burst of messages is measured over more time.',
  },
  burstBaselineTauS: {
    default: 60,
    min: 5,
    max: 3600,
    unit: 's',
    effect: 'Longer: the usual message rate adapts more slowly.',
  },
  oneTickSpreadTicks: {
    default: 1.5,
    min: 1,
    max: 10,
    unit: 'ticks',
    effect: 'Larger: markets with a wider mean spread still count as one-tick markets.',
  },
  warmUpS: {
    default: 30,
    min: 1,
    max: 3600,
    unit: 's of valid market',
    effect: 'Longer: more history before anything is judged.',
  },
  warmUpTrades: {
    default: 10,
    min: 0,
    max: 10_000,
    unit: 'trades',
    effect: 'Larger: more trades must have been seen before anything is judged.',
  },
  settleMs: {
    default: 1000,
    min: 0,
    max: 60_000,
    unit: 'ms',
    effect: 'Longer: confidence returns more slowly after the book was invalid.',
  },
  staleMs: {
    default: 5000,
    min: 100,
    max: 60_000,
    unit: 'ms',
    effect: 'Longer: confidence fades more slowly on a silent market; 0 at this age.',
  },
} as const;
export type SignalParameters = ParameterValues<typeof SIGNAL_FIELDS>;

/** The given values where there are any, the defaults elsewhere; checked. */
export function signalParameters(
  given: Readonly<Record<string, number | undefined>> = {},
): SignalParameters {
  const values = parameterValues(SIGNAL_FIELDS, given);
  if (values.emaFastMs >= values.emaSlowMs) {
    throw new EngineError(
      'config/invalid',
      `emaFastMs is ${values.emaFastMs}; it must be below emaSlowMs, ${values.emaSlowMs}`,
      { name: 'emaFastMs', value: values.emaFastMs },
    );
  }
  return values;
}

export const DEFAULT_SIGNAL_PARAMETERS: SignalParameters = signalParameters();
