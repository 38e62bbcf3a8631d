/**
 * settings: the body of the document `settings`. Windows write it; the engine's host reads one part
 * of it at start.
 *
 *   terminal   how windows look and behave; only windows know the keys
 *   engine     overrides of the configuration, by dotted path; a layer above the file and below
 *              the flags
 *
 * Imports   nothing.
 */
export const SETTINGS_VERSION = 1;

export type SettingValue = number | string | boolean | readonly string[];
export type SettingValues = Readonly<Record<string, SettingValue>>;

export interface SettingsBody {
  readonly version: typeof SETTINGS_VERSION;
  readonly terminal: SettingValues;
  readonly engine: SettingValues;
}

export const NO_SETTINGS: SettingsBody = { version: SETTINGS_VERSION, terminal: {}, engine: {} };

type Loose = Readonly<Record<string, unknown>>;

/** From version n (the key) to n + 1. */
export type SettingsMigrations = Readonly<Record<number, (old: Loose) => Loose>>;
const MIGRATIONS: SettingsMigrations = {};

/** The settings in a text, or one line about what is wrong with it. */
export function parseSettings(
  text: string,
  migrations: SettingsMigrations = MIGRATIONS,
  version: number = SETTINGS_VERSION,
): SettingsBody | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'the settings are no JSON';
  }
  if (!isRecord(value)) return 'the settings must be an object: { … }';
  const migrated = migrate(value, migrations, version);
  if (typeof migrated === 'string') return migrated;
  const unknown = Object.keys(migrated).find((key) => !KEYS.has(key));
  if (unknown !== undefined) return `"${unknown}" is no part of the settings`;
  const terminal = valuesOf(migrated['terminal'], 'terminal');
  if (typeof terminal === 'string') return terminal;
  const engine = valuesOf(migrated['engine'], 'engine');
  if (typeof engine === 'string') return engine;
  return { version: SETTINGS_VERSION, terminal, engine };
}

export function settingsText(body: SettingsBody): string {
  return `${JSON.stringify(body, null, 2)}\n`;
}

const KEYS: ReadonlySet<string> = new Set(['version', 'terminal', 'engine']);

function migrate(value: Loose, migrations: SettingsMigrations, version: number): Loose | string {
  let current = value;
  for (;;) {
    const from = current['version'];
    if (typeof from !== 'number' || !Number.isSafeInteger(from) || from < 1) {
      return 'the settings carry no version';
    }
    if (from === version) return current;
    const step = migrations[from];
    if (from > version || step === undefined) {
      return `settings of version ${from} cannot be read here (known: ${version})`;
    }
    current = { ...step(current), version: from + 1 };
  }
}

function valuesOf(value: unknown, part: string): SettingValues | string {
  if (!isRecord(value)) return `the settings have no part "${part}"`;
  const wrong = Object.keys(value).find((key) => !isValue(value[key]));
  if (wrong !== undefined) return `${part}.${wrong} must be a number, a text, a flag or a list`;
  return value as SettingValues;
}

function isValue(value: unknown): value is SettingValue {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'string' || typeof value === 'boolean') return true;
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isRecord(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
