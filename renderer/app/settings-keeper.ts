/**
 * settings-keeper: reads the settings when the link lives and when another window has changed them,
 * and lets what concerns the window count at once.
 *
 * Imports   commands, format, stores, ./sound-cues.
 */
import { onDocumentChange, readConfiguration, readDocument } from '../commands/documents.ts';
import { setTimeZone } from '../format/times.ts';
import { keepDecisions } from '../stores/decisions-store.ts';
import {
  configurationRead,
  currentTerminalSetting,
  settingsFailed,
  settingsRead,
  useSettings,
} from '../stores/settings-store.ts';
import { useView } from '../stores/view-store.ts';
import { startSoundCues } from './sound-cues.ts';

/** Fields of the view store that settings name; those that it does not have are left alone. */
const OF_VIEW = ['theme', 'palette', 'scale'] as const;

export function startSettings(root: HTMLElement): () => void {
  const ends = [
    onDocumentChange('settings', () => void refreshSettings()),
    useSettings.subscribe((state, previous) => {
      if (state.body !== previous.body) applySettings(root);
    }),
    startSoundCues(() => currentTerminalSetting('sound') === true),
  ];
  return () => {
    for (const end of ends) end();
  };
}

export async function refreshSettings(): Promise<void> {
  try {
    const [document, fields] = await Promise.all([readDocument('settings'), readConfiguration()]);
    configurationRead(fields);
    settingsRead(document);
  } catch (error) {
    settingsFailed(error instanceof Error ? error.message : String(error));
  }
}

export function applySettings(root: HTMLElement): void {
  const { terminal } = useSettings.getState().body;
  const view: Record<string, unknown> = { ...useView.getState() };
  const change: Record<string, unknown> = {};
  for (const key of OF_VIEW) {
    // What was never saved stays as the window has it.
    if (terminal[key] === undefined || !(key in view)) continue;
    change[key] = currentTerminalSetting(key);
  }
  useView.setState(change);
  root.dataset['motion'] = String(currentTerminalSetting('motion'));
  setTimeZone(currentTerminalSetting('timeZone') === 'local' ? 'local' : 'UTC');
  keepDecisions(Number(currentTerminalSetting('decisionsKept')));
}
