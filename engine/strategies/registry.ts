/**
 * registry: the strategies there are, by name.
 *
 * Adding one: a folder with a StrategyKind (see example/), and a line here.
 * Errors    EngineError 'config/invalid' for a name that is not listed.
 * Imports   base, strategies.
 */
import { EngineError } from '../base/errors.ts';
import { exampleKind } from './example/touch-follower.ts';
import { scalperKind } from './scalper/kind.ts';
import type { Strategy, StrategyKind, StrategyOptions } from './strategy.ts';

export const STRATEGY_KINDS: readonly StrategyKind[] = [scalperKind, exampleKind];

/** Name for a Decision.Strategy number; '' for one that is not listed. */
export function strategyName(number: number): string {
  return STRATEGY_KINDS.find((kind) => kind.number === number)?.name ?? '';
}

export function createStrategy(name: string, options: StrategyOptions): Strategy {
  const kind = STRATEGY_KINDS.find((candidate) => candidate.name === name);
  if (kind === undefined) {
    const known = STRATEGY_KINDS.map((candidate) => candidate.name).join(', ');
    throw new EngineError('config/invalid', `no strategy is named "${name}"; there are: ${known}`);
  }
  return kind.create(options);
}
