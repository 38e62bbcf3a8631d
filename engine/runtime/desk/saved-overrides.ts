/**
 * saved-overrides: what the settings screen wants of the engine's configuration, read at start.
 *
 * Whatever is wrong with it is said and never keeps an engine from starting.
 * Imports   base, contract, ./document-store.
 */
import { messageOf } from '../../base/errors.ts';
import { parseSettings, type SettingValues } from '../../contract/settings.ts';
import { DocumentStore } from './document-store.ts';

export interface SavedOverrides {
  readonly overrides: SettingValues;
  readonly notes: readonly string[];
}

export function readSavedOverrides(deskFolder: string): SavedOverrides {
  const notes: string[] = [];
  const store = new DocumentStore({
    folder: deskFolder,
    nowMs: () => Date.now(),
    onDamaged: (text) => notes.push(text),
  });
  try {
    const file = store.read('settings');
    if (file === null) return { overrides: {}, notes };
    const body = parseSettings(file.body);
    if (typeof body !== 'string') return { overrides: body.engine, notes };
    notes.push(`${body}: none of them counts`);
  } catch (error) {
    notes.push(messageOf(error));
  }
  return { overrides: {}, notes };
}
