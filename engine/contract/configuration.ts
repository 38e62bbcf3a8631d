/**
 * configuration: the engine's settings as a terminal shows them: what each does, within which
 * range, what it is now and who said so. Changes are overrides in the document `settings`; they
 * count from the next start.
 *
 * Imports   nothing.
 */
export type ConfigurationValue = number | string | boolean | readonly string[] | null;

export interface ConfigurationField {
  /** Dotted path as in the file, e.g. "orders.countdownMs". */
  readonly key: string;
  readonly section: string;
  readonly type: 'number' | 'text' | 'choice' | 'flag' | 'list';
  /** In words, e.g. "whole number from 1 to 10". */
  readonly kind: string;
  readonly unit: string;
  readonly min: number | null;
  readonly max: number | null;
  readonly options: readonly string[];
  /** What it is when nobody says anything, in this mode. */
  readonly default: ConfigurationValue;
  /** What the running engine has. */
  readonly value: ConfigurationValue;
  readonly effect: string;
  readonly source: 'default' | 'file' | 'settings' | 'flag';
  /** File, line and column, or the flag; '' for a default. */
  readonly place: string;
  /** True: the running engine keeps its value; the new one counts from the next start. */
  readonly needsRestart: boolean;
  /** Why it cannot be overridden from a screen; null when it can. */
  readonly barred: string | null;
}

export interface ConfigurationRequest {
  readonly type: 'configuration';
  readonly id: string;
}

export interface ConfigurationAnswer {
  readonly type: 'configuration';
  readonly id: string;
  readonly fields: readonly ConfigurationField[];
}
