/**
 * kind: the scalper as the registry lists it.
 *
 * Imports   domain, strategies.
 */
import { parameterValues } from '../../domain/parameter.ts';
import type { StrategyKind } from '../strategy.ts';
import { SCALPER_FIELDS } from './parameters.ts';
import { SCALPER_NUMBER, Scalper } from './scalper.ts';

export const scalperKind: StrategyKind = {
  name: 'scalper',
  number: SCALPER_NUMBER,
  summary: 'Eight signals, validated together; enters when the expected edge exceeds the cost.',
  fields: SCALPER_FIELDS,
  create: ({ instruments, parameters, correlations }) =>
    new Scalper(instruments, parameterValues(SCALPER_FIELDS, parameters), correlations),
};
