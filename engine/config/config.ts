/**
 * config: the configuration of one engine: file, then the overrides of a settings screen, then
 * flags over them, checked and frozen.
 *
 * Nothing is guessed: an unknown key is refused with its place and the nearest known one, a value
 * out of range with the range. A risk limit has no default in LIVE. An override that is wrong is
 * left out and said, so that a screen can never keep an engine from starting.
 * Errors    EngineError 'config/invalid': file, line and column (or the flag), what, what to do.
 * Imports   base, domain, config.
 */
import fs from 'node:fs';
import * as v from 'valibot';
import { messageOf, type EngineError } from '../base/errors.ts';
import { Mode } from '../domain/modes.ts';
import { invalid, readConfigFile, type PlacedValue } from './config-file.ts';
import { CONFIG_FIELDS, type ConfigField, type ConfigPath } from './fields.ts';
import { dataFolderOf, defaultConfigFile, defaultDataBase, deskFolderOf } from './folders.ts';
import type { Surroundings } from './folders.ts';
import { nearest } from './nearest.ts';
import { overrideBar } from './override-rules.ts';
import { sectionKind, type ConfigSections } from './sections.ts';

export interface Config {
  readonly mode: Mode;
  readonly account: string;
  /** Folder of this mode and account. */
  readonly dataFolder: string;
  /** Folder of what windows keep (settings, workspaces): one for all modes and accounts. */
  readonly deskFolder: string;
  readonly symbols: readonly string[];
  readonly venue: {
    readonly binanceUsdm: {
      readonly rest: string;
      readonly wsApi: string;
      readonly marketStream: string;
      readonly privateStream: string;
    };
    readonly binanceSpot: { readonly rest: string; readonly marketStream: string };
  };
  readonly feed: {
    readonly depthSpeed: '100ms' | '250ms' | '500ms';
    readonly ageMs: number;
    readonly venueLagMs: number;
    readonly loopLagMs: number;
  };
  readonly orders: {
    readonly receiveWindowMs: number;
    readonly countdownMs: number;
    readonly countdownRenewMs: number;
  };
  readonly exchange: {
    readonly seed: number;
    readonly messagesPerSecond: number;
    readonly wallet: string;
    readonly idleExitSeconds: number;
  };
  readonly journal: {
    readonly syncEveryMs: number;
    readonly segmentBytes: number;
    readonly retainBytes: number;
  };
  readonly lease: { readonly durationMs: number; readonly flattenAfterMs: number };
  readonly shell: { readonly port: number; readonly openBrowser: boolean };
  /** By section, then by name: what the file and the flags set (and the presets of limits). */
  readonly parameters: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The file that was read, or null. */
  readonly file: string | null;
  /** Where each setting that is not a default came from: a place in the file, or a flag. */
  readonly sources: Readonly<Record<string, string>>;
  /** What was said, by path; the rest are defaults. */
  readonly given: Readonly<Record<string, unknown>>;
  /** Overrides that were left out, one line each. */
  readonly ignored: readonly string[];
}

export interface LoadConfigOptions extends Surroundings {
  /** A file to read; undefined reads the usual one when it exists; null reads none. */
  readonly file?: string | null | undefined;
  /** Dotted path → value: {"mode": "sim", "journal.syncEveryMs": "500"}; undefined is unset. */
  readonly flags?: Readonly<Record<string, unknown>>;
  /** Dotted path → value, from the settings screen: above the file, below the flags. */
  readonly overrides?: Readonly<Record<string, unknown>>;
  readonly sections?: ConfigSections;
  /** Throws where parameters of sections are right one by one and wrong together. */
  readonly check?: (parameters: Config['parameters']) => void;
}

const MEGABYTE = 1024 * 1024;

interface Gathered {
  readonly values: Map<string, unknown>;
  readonly sources: Map<string, string>;
}

export function loadConfig(options: LoadConfigOptions = {}): Config {
  const bare = load(options, {}, []);
  const { overrides = {}, sections = {} } = options;
  const good: Record<string, unknown> = {};
  const ignored: string[] = [];
  for (const [path, value] of Object.entries(overrides)) {
    const problem = overrideProblem(path, value, sections, bare.mode);
    if (problem === null) good[path] = value;
    else ignored.push(problem);
  }
  try {
    return load(options, good, ignored);
  } catch (error) {
    // Right one by one and wrong together: none of them is taken.
    return load(options, {}, [...ignored, messageOf(error)]);
  }
}

/** What is wrong with an override, in one line, or null. */
function overrideProblem(
  path: string,
  value: unknown,
  sections: ConfigSections,
  mode: Mode,
): string | null {
  const place = overridePlace(path);
  if (!isKnown(path, sections)) return unknownKey(path, place, sections).message;
  const bar = overrideBar(path, mode);
  if (bar !== null) return `${place}: cannot be set from the settings screen: ${bar}`;
  const problem = problemOf(path, value, sections);
  return problem === null ? null : `${place} is ${JSON.stringify(value)}; it ${problem}`;
}

function overridePlace(path: string): string {
  return `settings ${path}`;
}

function load(
  options: LoadConfigOptions,
  overrides: Readonly<Record<string, unknown>>,
  ignored: readonly string[],
): Config {
  const { flags = {}, sections = {} } = options;
  const gathered: Gathered = { values: new Map(), sources: new Map() };
  const file = fileOf(options);
  if (file !== null) gather(gathered, readConfigFile(file), '', sections);
  for (const [path, value] of Object.entries(overrides)) {
    take(gathered, path, value, overridePlace(path), sections);
  }
  for (const [path, value] of Object.entries(flags)) {
    if (value !== undefined) setFlag(gathered, path, value, sections);
  }
  const config = { ...build(gathered, file, sections, options), ignored };
  checkTogether(config, gathered.sources);
  options.check?.(config.parameters);
  return deepFrozen(config);
}

/** What an engine runs with when nobody says anything. */
export function defaultConfig(mode: Mode, sections: ConfigSections = {}): Config {
  return loadConfig({ file: null, flags: { mode }, sections });
}

function fileOf(options: LoadConfigOptions): string | null {
  if (options.file !== undefined) return options.file;
  const usual = defaultConfigFile(options);
  return fs.existsSync(usual) ? usual : null;
}

/** Takes an object of the file, member by member. */
function gather(
  gathered: Gathered,
  object: PlacedValue,
  prefix: string,
  sections: ConfigSections,
): void {
  for (const [name, placed] of object.members ?? []) {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    if (path === '$schema') continue;
    if (isKnown(path, sections)) take(gathered, path, placed.value, placed.place, sections);
    else if (placed.members === null || !isGroup(path, sections)) {
      throw unknownKey(path, placed.place, sections);
    } else gather(gathered, placed, path, sections);
  }
}

function take(
  gathered: Gathered,
  path: string,
  value: unknown,
  place: string,
  sections: ConfigSections,
): void {
  const problem = problemOf(path, value, sections);
  if (problem !== null) {
    throw invalid(place, `${path} is ${JSON.stringify(value)}; it ${problem}`);
  }
  gathered.values.set(path, value);
  gathered.sources.set(path, place);
}

function setFlag(gathered: Gathered, path: string, value: unknown, sections: ConfigSections): void {
  const place = `flag ${path}`;
  if (!isKnown(path, sections)) throw unknownKey(path, place, sections);
  take(gathered, path, flagValue(path, value, sections), place, sections);
}

/** A flag's text as the type its field has; "500" may be a number or an account's name. */
function flagValue(path: string, value: unknown, sections: ConfigSections): unknown {
  if (typeof value !== 'string' || problemOf(path, value, sections) === null) return value;
  if (path === 'symbols') return value.split(',').map((symbol) => symbol.trim());
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** What is wrong with a value, as the end of a sentence, or null. */
function problemOf(path: string, value: unknown, sections: ConfigSections): string | null {
  const field: ConfigField | undefined = CONFIG_FIELDS[path as ConfigPath];
  if (field !== undefined) {
    const result = v.safeParse(field.schema, value);
    return result.success ? null : result.issues[0].message;
  }
  const [section = '', name = ''] = path.split('.');
  const parameter = sections[section]!.fields[name]!;
  const isRight = typeof value === 'number' && value >= parameter.min && value <= parameter.max;
  return isRight ? null : `must be a ${sectionKind(parameter)} ${parameter.unit}`.trimEnd();
}

function isKnown(path: string, sections: ConfigSections): boolean {
  if (Object.hasOwn(CONFIG_FIELDS, path)) return true;
  const [section = '', name = '', ...rest] = path.split('.');
  if (rest.length > 0 || !Object.hasOwn(sections, section)) return false;
  return Object.hasOwn(sections[section]!.fields, name);
}

function isGroup(path: string, sections: ConfigSections): boolean {
  return allPaths(sections).some((known) => known.startsWith(`${path}.`));
}

function allPaths(sections: ConfigSections): string[] {
  const parameters = Object.entries(sections).flatMap(([section, { fields }]) =>
    Object.keys(fields).map((name) => `${section}.${name}`),
  );
  return [...Object.keys(CONFIG_FIELDS), ...parameters];
}

function unknownKey(path: string, place: string, sections: ConfigSections): EngineError {
  const paths = allPaths(sections);
  const known = [...paths, ...paths.map((each) => each.slice(0, each.lastIndexOf('.')))];
  const guess = nearest(path, known) ?? knownByLastName(path, paths);
  const advice = guess === null ? 'remove it; `tickdeck doctor` lists all' : `is "${guess}" meant?`;
  return invalid(place, `"${path}" is no setting; ${advice}`);
}

/** A setting put in the wrong place: same last name, other group. */
function knownByLastName(path: string, paths: readonly string[]): string | null {
  const name = path.slice(path.lastIndexOf('.') + 1);
  return paths.find((each) => each.endsWith(`.${name}`)) ?? null;
}

function build(
  { values, sources }: Gathered,
  file: string | null,
  sections: ConfigSections,
  surroundings: Surroundings,
): Omit<Config, 'ignored'> {
  const at = (path: ConfigPath): unknown => values.get(path) ?? CONFIG_FIELDS[path].default;
  const text = (path: ConfigPath): string => at(path) as string;
  const number = (path: ConfigPath): number => at(path) as number;
  const mode = at('mode') as Mode;
  const account = text('account');
  const base = (at('dataDir') as string | null) ?? defaultDataBase(surroundings);
  return {
    mode,
    account,
    dataFolder: dataFolderOf(base, mode, account),
    deskFolder: deskFolderOf(base),
    symbols: at('symbols') as string[],
    venue: {
      binanceUsdm: {
        rest: text('venue.binanceUsdm.rest'),
        wsApi: text('venue.binanceUsdm.wsApi'),
        marketStream: text('venue.binanceUsdm.marketStream'),
        privateStream: text('venue.binanceUsdm.privateStream'),
      },
      binanceSpot: {
        rest: text('venue.binanceSpot.rest'),
        marketStream: text('venue.binanceSpot.marketStream'),
      },
    },
    feed: {
      depthSpeed: at('feed.depthSpeed') as Config['feed']['depthSpeed'],
      ageMs: number('feed.ageMs'),
      venueLagMs: number('feed.venueLagMs'),
      loopLagMs: number('feed.loopLagMs'),
    },
    orders: {
      receiveWindowMs: number('orders.receiveWindowMs'),
      countdownMs: number('orders.countdownMs'),
      countdownRenewMs: number('orders.countdownRenewMs'),
    },
    exchange: {
      seed: number('exchange.seed'),
      messagesPerSecond: number('exchange.messagesPerSecond'),
      wallet: text('exchange.wallet'),
      idleExitSeconds: number('exchange.idleExitSeconds'),
    },
    journal: {
      syncEveryMs: number('journal.syncEveryMs'),
      segmentBytes: number('journal.segmentMegabytes') * MEGABYTE,
      retainBytes: number('journal.retainMegabytes') * MEGABYTE,
    },
    lease: {
      durationMs: number('lease.durationMs'),
      flattenAfterMs: number('lease.flattenAfterMs'),
    },
    shell: { port: number('shell.port'), openBrowser: at('shell.openBrowser') as boolean },
    parameters: parametersOf(values, sections, mode),
    file,
    sources: Object.fromEntries(sources),
    given: Object.fromEntries(values),
  };
}

function parametersOf(
  values: ReadonlyMap<string, unknown>,
  sections: ConfigSections,
  mode: Mode,
): Record<string, Record<string, number>> {
  const parameters: Record<string, Record<string, number>> = {};
  for (const [section, { fields, isPractice = false }] of Object.entries(sections)) {
    const own: Record<string, number> = {};
    for (const [name, field] of Object.entries(fields)) {
      const given = values.get(`${section}.${name}`);
      if (given !== undefined) own[name] = given as number;
      else if (isPractice && mode !== Mode.Live) own[name] = field.default;
    }
    parameters[section] = own;
  }
  return parameters;
}

/** Settings that are right one by one and wrong together. */
function checkTogether(config: Config, sources: ReadonlyMap<string, string>): void {
  const { orders, journal } = config;
  if (orders.countdownRenewMs * 2 > orders.countdownMs) {
    const place = sources.get('orders.countdownRenewMs') ?? sources.get('orders.countdownMs');
    throw invalid(
      place ?? 'orders',
      `orders.countdownRenewMs ${orders.countdownRenewMs} must be at most half of ` +
        `orders.countdownMs ${orders.countdownMs}, or one lost renewal cancels everything`,
    );
  }
  if (journal.retainBytes < 2 * journal.segmentBytes) {
    const place = sources.get('journal.retainMegabytes') ?? sources.get('journal.segmentMegabytes');
    throw invalid(
      place ?? 'journal',
      'journal.retainMegabytes must be at least twice journal.segmentMegabytes',
    );
  }
}

function deepFrozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) deepFrozen(inner);
    Object.freeze(value);
  }
  return value;
}
