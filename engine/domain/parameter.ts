/**
 * parameter: a setting a person may change, as data: default, safe range and effect in plain words.
 *
 * A room declares its parameters once as a table of fields; the type of its values, the defaults
 * and the check of what a person or a file gives all come from that table.
 *
 * Errors    EngineError 'config/invalid' naming the parameter, the value and the range.
 * Imports   base.
 */
import { EngineError } from '../base/errors.ts';

export interface ParameterField {
  readonly unit: string;
  readonly default: number;
  /** Safe range, both ends allowed. */
  readonly min: number;
  readonly max: number;
  /** What a larger value does, in one sentence for a person. */
  readonly effect: string;
}

export type ParameterFields = Readonly<Record<string, ParameterField>>;
export type ParameterValues<Fields extends ParameterFields> = {
  readonly [Name in keyof Fields]: number;
};

/** Values of `fields`: the given ones where they are within range, the defaults elsewhere. */
export function parameterValues<Fields extends ParameterFields>(
  fields: Fields,
  given: Readonly<Record<string, number | undefined>> = {},
): ParameterValues<Fields> {
  for (const name of Object.keys(given)) {
    if (!(name in fields)) {
      throw new EngineError('config/invalid', `"${name}" is no parameter here; leave it out`);
    }
  }
  const values: Record<string, number> = {};
  for (const [name, field] of Object.entries(fields)) {
    values[name] = checked(name, field, given[name] ?? field.default);
  }
  return values as ParameterValues<Fields>;
}

function checked(name: string, field: ParameterField, value: number): number {
  if (!(value >= field.min && value <= field.max)) {
    throw new EngineError(
      'config/invalid',
      `${name} is ${value}; it must be from ${field.min} to ${field.max} ${field.unit}`,
      { name, value, min: field.min, max: field.max },
    );
  }
  return value;
}
