/**
 * settings-writer: saves one change, or the whole, and shows what the host has acknowledged.
 *
 * A change of one setting is made on top of what another window has saved meanwhile; a whole is
 * not: whoever wants it looks again first.
 *
 * Imports   commands, contract, stores.
 */
import { settingsText, type SettingsBody } from '../../../engine/contract/settings.ts';
import { writeDocument } from '../../commands/documents.ts';
import { settingsRead, useSettings } from '../../stores/settings-store.ts';

/** Null when it was saved, else why not. */
export async function saveChange(
  change: (body: SettingsBody) => SettingsBody,
): Promise<string | null> {
  const first = await save(change);
  return first.isConflict ? (await save(change)).problem : first.problem;
}

export async function saveWhole(body: SettingsBody): Promise<string | null> {
  return (await save(() => body)).problem;
}

interface Saved {
  readonly problem: string | null;
  readonly isConflict: boolean;
}

async function save(change: (body: SettingsBody) => SettingsBody): Promise<Saved> {
  const { revision, body } = useSettings.getState();
  try {
    const result = await writeDocument('settings', revision, settingsText(change(body)));
    settingsRead(result.document);
    if (result.kind === 'saved') return { problem: null, isConflict: false };
    return { problem: result.reason, isConflict: result.kind === 'conflict' };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error), isConflict: false };
  }
}
