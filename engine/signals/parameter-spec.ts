/**
 * parameter-spec: a setting described as data, so that the configuration can check it and the screen
 * can list it with the same words.
 *
 * Errors    EngineError 'config/invalid' names the setting, what it holds and what it may hold.
 * Imports   base.
 */
import { EngineError } from '../base/errors.ts';

export interface ParameterSpec {
  readonly name: string;
  readonly default: number;
  /** Safe range, both ends allowed. */
  readonly min: number;
  readonly max: number;
  readonly unit: string;
  /** What a larger value does, in plain words. */
  readonly effect: string;
}

/** The defaults of a list of settings, by name. */
export function defaultsOf<Name extends string>(
  specs: readonly (ParameterSpec & { readonly name: Name })[],
): Readonly<Record<Name, number>> {
  const values = Object.fromEntries(specs.map((spec) => [spec.name, spec.default]));
  return Object.freeze(values) as Readonly<Record<Name, number>>;
}

/** Throws when a value is missing, not a number or outside its safe range. */
export function checkParameters(
  room: string,
  specs: readonly ParameterSpec[],
  values: Readonly<Record<string, number>>,
): void {
  for (const spec of specs) {
    const value = values[spec.name];
    if (typeof value === 'number' && value >= spec.min && value <= spec.max) continue;
    throw new EngineError(
      'config/invalid',
      `${room}.${spec.name} is ${String(value)}; ` +
        `set a number from ${spec.min} to ${spec.max} (${spec.unit})`,
      { name: `${room}.${spec.name}`, min: spec.min, max: spec.max },
    );
  }
}
