/**
 * settings-schema: the desktop's settings: their form, their defaults, and how a file of an older
 * version becomes one of this.
 *
 * Imports   contract; valibot.
 */
import * as v from 'valibot';
import type { DesktopSettings } from '../../engine/contract/bridge.ts';

export const SETTINGS_VERSION = 1;

export const DEFAULT_SETTINGS: DesktopSettings = {
  version: SETTINGS_VERSION,
  killKey: { enabled: true, accelerator: 'CommandOrControl+Shift+Backspace' },
  tray: { enabled: true },
  power: { disarmOnLock: true, stayAwakeWhileArmed: true },
  updates: { enabled: false, feedUrl: '' },
  engine: { configFile: '', venueKey: '' },
};

/** Modifiers and one key, as Electron writes them; at least two modifiers, or typing would kill. */
const MODIFIER =
  '(?:CommandOrControl|CmdOrCtrl|Control|Ctrl|Command|Cmd|Alt|Option|Shift|Super|Meta)';
const ACCELERATOR = new RegExp(`^(?:${MODIFIER}\\+){2,4}[A-Za-z0-9]{1,12}$`);

const feedUrl = v.pipe(
  v.string(),
  v.maxLength(2048),
  v.check((text) => text === '' || URL.parse(text)?.protocol === 'https:', 'give an https address'),
);

const settingsSchema = v.strictObject({
  version: v.literal(SETTINGS_VERSION),
  killKey: v.strictObject({
    enabled: v.boolean(),
    accelerator: v.pipe(
      v.string(),
      v.regex(ACCELERATOR, 'give two modifiers and a key, as in CommandOrControl+Shift+Backspace'),
    ),
  }),
  tray: v.strictObject({ enabled: v.boolean() }),
  power: v.strictObject({ disarmOnLock: v.boolean(), stayAwakeWhileArmed: v.boolean() }),
  updates: v.strictObject({ enabled: v.boolean(), feedUrl }),
  engine: v.strictObject({
    configFile: v.pipe(v.string(), v.maxLength(4096)),
    venueKey: v.pipe(v.string(), v.maxLength(40)),
  }),
});

export type Json = Readonly<Record<string, unknown>>;

/** From each version to the next: what `migrations[n]` makes of a document of version n. */
export type Migrations = Readonly<Record<number, (older: Json) => Json>>;

/** Version 1 is the first; a change of form adds the step that leads to it. */
export const MIGRATIONS: Migrations = {};

export type Migrated =
  | { readonly outcome: 'current'; readonly document: Json }
  | { readonly outcome: 'migrated'; readonly document: Json; readonly from: number }
  | { readonly outcome: 'newer'; readonly version: number }
  | { readonly outcome: 'damaged'; readonly reason: string };

/** Brings a document to the wanted version, step by step. */
export function migrate(document: unknown, migrations: Migrations, wanted: number): Migrated {
  if (!isJson(document)) return { outcome: 'damaged', reason: 'it holds no settings' };
  const from = document['version'];
  if (typeof from !== 'number' || !Number.isInteger(from) || from < 1) {
    return { outcome: 'damaged', reason: 'version is missing' };
  }
  if (from > wanted) return { outcome: 'newer', version: from };
  let moved: Json = document;
  for (let version = from; version < wanted; version++) {
    const step = migrations[version];
    if (step === undefined) return { outcome: 'damaged', reason: `version ${version} is unknown` };
    moved = { ...step(moved), version: version + 1 };
  }
  const outcome = from === wanted ? 'current' : 'migrated';
  return { outcome, document: moved, from };
}

/** The settings, or one line that says what is wrong and where. */
export function checkSettings(value: unknown): DesktopSettings | string {
  const result = v.safeParse(settingsSchema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = issue.path?.map((item) => String(item.key)).join('.') ?? '';
  return `${path === '' ? 'settings' : path}: ${issue.message}`;
}

/** What is missing in a known section takes its default; what is not known stays and is refused. */
export function withDefaults(document: Json): Json {
  return merged(DEFAULT_SETTINGS as unknown as Json, document);
}

/** Section by section; sections that are no objects replace. */
export function merged(base: Json, change: Json): Json {
  const out: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(change)) {
    const old = out[name];
    out[name] = isJson(old) && isJson(value) ? { ...old, ...value } : value;
  }
  return out;
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
