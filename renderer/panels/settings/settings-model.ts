/**
 * settings-model: what the settings screen shows: items of both parts, search, and differences.
 *
 * Imports   contract, stores (types and tables).
 */
import type { ConfigurationField } from '../../../engine/contract/configuration.ts';
import type {
  SettingsBody,
  SettingValue,
  SettingValues,
} from '../../../engine/contract/settings.ts';
import {
  TERMINAL_SETTINGS,
  terminalProblem,
  terminalValue,
} from '../../stores/terminal-settings.ts';

export type Part = 'terminal' | 'engine';

export interface Item {
  readonly part: Part;
  readonly key: string;
  readonly section: string;
  readonly title: string;
  readonly effect: string;
  readonly type: ConfigurationField['type'];
  readonly options: readonly string[];
  readonly min: number | null;
  readonly max: number | null;
  readonly unit: string;
  /** Range or kind, in words. */
  readonly kind: string;
  readonly default: SettingValue | null;
  /** What was saved, else what counts now. */
  readonly value: SettingValue | null;
  readonly isChanged: boolean;
  /** The running engine has another value; this one counts from its next start. */
  readonly waitsForRestart: boolean;
  readonly needsRestart: boolean;
  readonly barred: string | null;
  /** Where the value that counts now comes from; '' where there is nothing to say. */
  readonly origin: string;
}

export function itemsOf(
  body: SettingsBody,
  fields: readonly ConfigurationField[],
): readonly Item[] {
  return [
    ...terminalItems(body.terminal),
    ...fields.map((field) => engineItem(field, body.engine)),
  ];
}

function terminalItems(values: SettingValues): readonly Item[] {
  return TERMINAL_SETTINGS.map((setting): Item => {
    const { min = null, max = null, options = [], unit = '' } = setting;
    return {
      ...setting,
      part: 'terminal',
      min,
      max,
      options,
      unit,
      kind: min === null ? '' : `${min} to ${max}`,
      value: terminalValue(values, setting.key),
      isChanged: values[setting.key] !== undefined,
      waitsForRestart: false,
      needsRestart: false,
      barred: null,
      origin: '',
    };
  });
}

function engineItem(field: ConfigurationField, overrides: SettingValues): Item {
  const saved = overrides[field.key];
  // Without its override the value is the file's or the default: the latter is what is known here.
  const now = field.source === 'settings' ? field.default : field.value;
  const value = saved ?? now;
  return {
    part: 'engine',
    key: field.key,
    section: field.section,
    title: titleOf(field.key),
    effect: field.effect,
    type: field.type,
    options: field.options,
    min: field.min,
    max: field.max,
    unit: field.unit,
    kind: field.min === null ? field.kind : `${field.min} to ${field.max}`,
    default: field.default,
    value,
    isChanged: saved !== undefined,
    waitsForRestart: field.needsRestart && !isSame(value, field.value),
    needsRestart: field.needsRestart,
    barred: field.barred,
    origin: originOf(field),
  };
}

function originOf({ source, place }: ConfigurationField): string {
  switch (source) {
    case 'flag':
      return 'set by a flag, which wins';
    case 'file':
      return `from ${place.split('/').at(-1) ?? place}`;
    case 'settings':
    case 'default':
      return '';
  }
}

/** "orders.countdownRenewMs" → "Countdown renew". The unit is said beside the value. */
export function titleOf(key: string): string {
  const name = key.slice(key.lastIndexOf('.') + 1).replace(/(Ms|Megabytes|Seconds)$/, '');
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** "venue.binanceUsdm" → "Venue · binance usdm". */
export function sectionTitle(section: string): string {
  const words = section.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').replaceAll('.', ' · ');
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase();
}

export function isSame(a: SettingValue | null, b: SettingValue | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Words to look for; each must be found. */
export function wordsOf(search: string): readonly string[] {
  return search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

export function matching(items: readonly Item[], words: readonly string[]): readonly Item[] {
  return items.filter(({ key, title, effect, section }) => {
    const text = `${key} ${title} ${effect} ${section}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export interface Piece {
  readonly text: string;
  readonly at: number;
  readonly isHit: boolean;
}

/** A text cut where the words stand. */
export function pieces(text: string, words: readonly string[]): readonly Piece[] {
  const lower = text.toLowerCase();
  const hits = new Uint8Array(text.length);
  for (const word of words) {
    for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + 1)) {
      hits.fill(1, at, at + word.length);
    }
  }
  const out: Piece[] = [];
  for (let from = 0; from < text.length;) {
    let to = from + 1;
    while (to < text.length && hits[to] === hits[from]) to++;
    out.push({ text: text.slice(from, to), at: from, isHit: hits[from] === 1 });
    from = to;
  }
  return out;
}

export interface SectionLine {
  readonly part: Part;
  readonly section: string;
  readonly count: number;
  readonly changed: number;
}

/** Sections in the order of their first item, with how much was found in each. */
export function sectionsOf(items: readonly Item[], found: readonly Item[]): readonly SectionLine[] {
  const lines = new Map<string, SectionLine>();
  for (const { part, section } of items) {
    lines.set(`${part} ${section}`, { part, section, count: 0, changed: 0 });
  }
  for (const { part, section, isChanged } of found) {
    const line = lines.get(`${part} ${section}`)!;
    const changed = line.changed + (isChanged ? 1 : 0);
    lines.set(`${part} ${section}`, { ...line, count: line.count + 1, changed });
  }
  return [...lines.values()];
}

/** What a person typed as a value of that kind, or one line about what is wrong. */
export function valueOf(item: Item, text: string): { value: SettingValue } | { problem: string } {
  if (item.type === 'list') {
    const list = text.split(',').map((each) => each.trim());
    return { value: list.filter((each) => each !== '') };
  }
  if (item.type !== 'number') return { value: text.trim() };
  const value = Number(text.trim().replace(',', '.'));
  const isNumber = text.trim() !== '' && Number.isFinite(value);
  const isWithin = value >= (item.min ?? -Infinity) && value <= (item.max ?? Infinity);
  if (isNumber && isWithin) return { value };
  return { problem: `must be a number from ${item.min} to ${item.max}` };
}

export function textOf(value: SettingValue | null): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** The settings with one value changed; null takes it out, so that the default counts again. */
export function changed(
  body: SettingsBody,
  part: Part,
  key: string,
  value: SettingValue | null,
): SettingsBody {
  const { [key]: _, ...rest } = body[part];
  return { ...body, [part]: value === null ? rest : { ...rest, [key]: value } };
}

export interface Difference {
  readonly part: Part;
  readonly key: string;
  readonly before: string;
  readonly after: string;
  /** Why it cannot be taken, or null. */
  readonly problem: string | null;
}

const NOT_SET = 'default';

/** What would change, key by key. */
export function differences(
  before: SettingsBody,
  after: SettingsBody,
  fields: readonly ConfigurationField[],
): readonly Difference[] {
  return (['terminal', 'engine'] as const).flatMap((part) => {
    const keys = new Set([...Object.keys(before[part]), ...Object.keys(after[part])]);
    return [...keys].toSorted().flatMap((key): readonly Difference[] => {
      const [old, next] = [before[part][key] ?? null, after[part][key] ?? null];
      if (isSame(old, next)) return [];
      return [
        {
          part,
          key,
          before: old === null ? NOT_SET : textOf(old),
          after: next === null ? NOT_SET : textOf(next),
          problem: next === null ? null : problemOf(part, key, next, fields),
        },
      ];
    });
  });
}

function problemOf(
  part: Part,
  key: string,
  value: SettingValue,
  fields: readonly ConfigurationField[],
): string | null {
  if (part === 'terminal') {
    const setting = TERMINAL_SETTINGS.find((each) => each.key === key);
    return setting === undefined ? 'is no setting' : terminalProblem(setting, value);
  }
  const field = fields.find((each) => each.key === key);
  if (field === undefined) return 'is no setting';
  if (field.barred !== null) return field.barred;
  if (field.type !== 'number') return null;
  const isWithin = typeof value === 'number' && value >= field.min! && value <= field.max!;
  return isWithin ? null : `must be a number from ${field.min} to ${field.max}`;
}
