/**
 * settings-store: the desktop's settings in one versioned file that is either the old or the new
 * whole.
 *
 * A file of an older version is migrated and the old one kept beside it. A damaged one, or one of
 * a newer version, is set aside, never overwritten, and the defaults hold; the one thing said about
 * it says where it is now.
 *
 * Imports   contract, journal (atomic files), ./settings-schema.
 */
import fs from 'node:fs';
import type { DesktopSettings, SettingsAnswer } from '../../engine/contract/bridge.ts';
import { readFileIfAny, writeFileAtomic } from '../../engine/journal/atomic-file.ts';
import {
  checkSettings,
  DEFAULT_SETTINGS,
  merged,
  migrate,
  MIGRATIONS,
  SETTINGS_VERSION,
  withDefaults,
  type Json,
  type Migrations,
} from './settings-schema.ts';

export interface SettingsStoreOptions {
  readonly file: string;
  readonly onChange: (settings: DesktopSettings, before: DesktopSettings) => void;
  readonly migrations?: Migrations;
  readonly nowMs?: () => number;
}

export class SettingsStore {
  readonly #file: string;
  readonly #options: SettingsStoreOptions;
  #settings: DesktopSettings = DEFAULT_SETTINGS;
  /** What was wrong with the file at start, in one line; '' when nothing was. */
  readonly trouble: string;

  constructor(options: SettingsStoreOptions) {
    this.#options = options;
    this.#file = options.file;
    this.trouble = this.#load();
  }

  get settings(): DesktopSettings {
    return this.#settings;
  }

  /** Changes some; refused as a whole when one of them is wrong. */
  change(change: Json): SettingsAnswer {
    if ('version' in change) return refused('version is not to be changed');
    return this.#take(merged(this.#settings as unknown as Json, change));
  }

  exportTo(file: string): SettingsAnswer {
    try {
      writeFileAtomic(file, textOf(this.#settings));
      return { outcome: 'done', settings: this.#settings };
    } catch (error) {
      return refused(reasonOf(error));
    }
  }

  /** Takes a whole file, of this or an older version; refused when anything in it is wrong. */
  importFrom(file: string): SettingsAnswer {
    try {
      const text = readFileIfAny(file);
      if (text === null) return refused(`${file} does not exist`);
      const found = this.#migrated(JSON.parse(text));
      if (found.outcome === 'newer') return refused(newerThanThis(file, found.version));
      if (found.outcome === 'damaged') return refused(`${file}: ${found.reason}`);
      return this.#take(withDefaults(found.document));
    } catch (error) {
      return refused(`${file}: ${reasonOf(error)}`);
    }
  }

  #take(wanted: Json): SettingsAnswer {
    const checked = checkSettings(wanted);
    if (typeof checked === 'string') return refused(checked);
    const before = this.#settings;
    try {
      writeFileAtomic(this.#file, textOf(checked));
    } catch (error) {
      return refused(reasonOf(error));
    }
    this.#settings = checked;
    this.#options.onChange(checked, before);
    return { outcome: 'done', settings: checked };
  }

  #load(): string {
    let text: string | null = null;
    try {
      text = readFileIfAny(this.#file);
      if (text === null) return '';
      const found = this.#migrated(JSON.parse(text));
      if (found.outcome === 'newer') return this.#setAside(newerThanThis('', found.version));
      if (found.outcome === 'damaged') return this.#setAside(found.reason);
      const checked = checkSettings(withDefaults(found.document));
      if (typeof checked === 'string') return this.#setAside(checked);
      this.#settings = checked;
      if (found.outcome === 'migrated') this.#keepOlder(text, found.from, checked);
      return '';
    } catch (error) {
      return text === null ? `${this.#file}: ${reasonOf(error)}` : this.#setAside(reasonOf(error));
    }
  }

  #migrated(document: unknown): ReturnType<typeof migrate> {
    return migrate(document, this.#options.migrations ?? MIGRATIONS, SETTINGS_VERSION);
  }

  /** The older file first, then the new one in its place. */
  #keepOlder(text: string, from: number, settings: DesktopSettings): void {
    writeFileAtomic(`${this.#file}.v${from}`, text);
    writeFileAtomic(this.#file, textOf(settings));
  }

  #setAside(reason: string): string {
    const nowMs = this.#options.nowMs?.() ?? Date.now();
    const aside = `${this.#file}.aside-${nowMs}`;
    try {
      fs.renameSync(this.#file, aside);
    } catch (error) {
      return `desktop settings: ${reason}; the defaults hold (${reasonOf(error)})`;
    }
    return `desktop settings: ${reason}; the file was set aside as ${aside}, the defaults hold`;
  }
}

function textOf(settings: DesktopSettings): string {
  return `${JSON.stringify(settings, null, 2)}\n`;
}

function newerThanThis(file: string, version: number): string {
  const what = file === '' ? 'they are' : `${file} is`;
  return `${what} of version ${version}, this application knows ${SETTINGS_VERSION}`;
}

function refused(reason: string): SettingsAnswer {
  return { outcome: 'refused', reason };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
