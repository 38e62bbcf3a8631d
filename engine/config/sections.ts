/**
 * sections: parts of the configuration whose fields other rooms own: numbers by name, with a range.
 *
 * A section's defaults stay with their owner: what the file leaves out is left out of the result.
 * The one exception is a *practice* section, the risk limits: outside LIVE what is left out takes
 * the preset, in LIVE it stays unset, and an unset limit denies.
 * Imports   nothing.
 */
export interface SectionField {
  readonly unit: string;
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly effect: string;
}

export interface ConfigSection {
  readonly fields: Readonly<Record<string, SectionField>>;
  /** True: defaults are presets for SIM, REPLAY and PAPER, and nothing in LIVE. */
  readonly isPractice?: boolean;
  readonly text: string;
}

/** By name as it stands in the file: signals, scalper, exits, quoter, limits. */
export type ConfigSections = Readonly<Record<string, ConfigSection>>;

export function sectionKind(field: SectionField): string {
  return `number from ${field.min} to ${field.max}`;
}
