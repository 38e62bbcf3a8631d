/**
 * configuration: the configuration of the running engine as the settings screen sees it, and the
 * check of what the screen wants to override at the next start.
 *
 * Writer    nobody: made at start. Imports config, contract.
 */
import type { Config } from '../../config/config.ts';
import { CONFIG_FIELDS, controlOf, kindOf } from '../../config/fields.ts';
import { overrideBar } from '../../config/override-rules.ts';
import { sectionKind, type ConfigSections } from '../../config/sections.ts';
import type { ConfigurationField, ConfigurationValue } from '../../contract/configuration.ts';
import { NO_SETTINGS, parseSettings, type SettingValues } from '../../contract/settings.ts';
import type { BodyCheck } from './document-desk.ts';

export interface ConfigurationParts {
  readonly config: Config;
  readonly sections: ConfigSections;
  /** Defaults that the mode has of its own, by path. */
  readonly modeDefaults: Readonly<Record<string, number>>;
  /** The configuration that the next start would have with these overrides. */
  readonly load: (overrides: SettingValues) => Config;
  /** What could not be used at this start, one line each. */
  readonly notes: readonly string[];
}

type Described = Pick<
  ConfigurationField,
  'type' | 'kind' | 'unit' | 'min' | 'max' | 'options' | 'default' | 'effect'
>;

export class Configuration {
  readonly notes: string[];
  readonly #parts: ConfigurationParts;

  constructor(parts: ConfigurationParts) {
    this.#parts = parts;
    this.notes = [...parts.notes];
  }

  /** One more line about what could not be used at this start. */
  note(text: string): void {
    this.notes.push(text);
  }

  /** Every setting, in the order in which a file would hold them. */
  fields(): readonly ConfigurationField[] {
    const fields = Object.entries(CONFIG_FIELDS).map(([key, field]) => {
      const { type, min = null, max = null, options = [] } = controlOf(field.schema);
      const { unit, text: effect } = field;
      const initial = field.default as ConfigurationValue;
      const kind = kindOf(field.schema);
      return this.#field(key, { type, kind, unit, min, max, options, default: initial, effect });
    });
    for (const [section, { fields: own }] of Object.entries(this.#parts.sections)) {
      for (const [name, field] of Object.entries(own)) {
        const { unit, min, max, default: initial, effect } = field;
        const kind = sectionKind(field);
        const described = { kind, unit, min, max, options: [], default: initial, effect };
        fields.push(this.#field(`${section}.${name}`, { type: 'number', ...described }));
      }
    }
    return fields;
  }

  /** Why a body of the settings may not be saved, or null. */
  check({ name, body, current, holdsLease }: BodyCheck): string | null {
    if (name !== 'settings') return null;
    const wanted = parseSettings(body);
    if (typeof wanted === 'string') return wanted;
    const known = current === null ? NO_SETTINGS : parseSettings(current);
    const isSame = typeof known !== 'string' && sameValues(known.engine, wanted.engine);
    if (isSame) return null;
    if (!holdsLease) return 'take control first: engine settings need the lease';
    return this.#parts.load(wanted.engine).ignored[0] ?? null;
  }

  #field(key: string, described: Described): ConfigurationField {
    const { config, modeDefaults } = this.#parts;
    const initial = modeDefaults[key] ?? described.default;
    const place = config.sources[key] ?? '';
    const dot = key.lastIndexOf('.');
    return {
      ...described,
      key,
      section: dot < 0 ? 'general' : key.slice(0, dot),
      default: initial,
      value: (config.given[key] as ConfigurationValue | undefined) ?? initial,
      source: sourceOf(place),
      place,
      needsRestart: true,
      barred: overrideBar(key, config.mode),
    };
  }
}

function sourceOf(place: string): ConfigurationField['source'] {
  if (place === '') return 'default';
  if (place.startsWith('flag ')) return 'flag';
  return place.startsWith('settings ') ? 'settings' : 'file';
}

function sameValues(a: SettingValues, b: SettingValues): boolean {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => JSON.stringify(a[key]) === JSON.stringify(b[key]));
}
