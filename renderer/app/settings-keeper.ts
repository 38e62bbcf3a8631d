/**
 * settings-keeper: reads the settings when the link lives and when another window has changed them,
 * and lets what concerns the window count at once.
 *
 * Imports   commands, contract, format, stores, panels/settings (the writer), ./sound-cues.
 */
import type { SettingValues } from '../../engine/contract/settings.ts';
import { onDocumentChange, readConfiguration, readDocument } from '../commands/documents.ts';
import { setTimeZone } from '../format/times.ts';
import { saveChange } from '../panels/settings/settings-writer.ts';
import { keepDecisions } from '../stores/decisions-store.ts';
import {
  configurationRead,
  currentTerminalSetting,
  settingsFailed,
  settingsRead,
  useSettings,
} from '../stores/settings-store.ts';
import {
  SCALES,
  useView,
  type Palette,
  type Scale,
  type Theme,
  type ViewState,
} from '../stores/view-store.ts';
import { startSoundCues } from './sound-cues.ts';

/** Fields of the view store that settings name as well. */
const LOOK = ['theme', 'palette', 'scale'] as const;

export function startSettings(root: HTMLElement): () => void {
  const ends = [
    onDocumentChange('settings', () => void refreshSettings()),
    useSettings.subscribe((state, previous) => {
      if (state.body !== previous.body) applySettings(root);
    }),
    useView.subscribe((state, previous) => {
      if (LOOK.some((key) => state[key] !== previous[key])) keepLook(state);
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
  // What was never saved stays as the window has it.
  const saved = LOOK.filter((key) => terminal[key] !== undefined);
  if (saved.length > 0) useView.setState(lookOf(saved));
  root.dataset['motion'] = String(currentTerminalSetting('motion'));
  setTimeZone(currentTerminalSetting('timeZone') === 'local' ? 'local' : 'UTC');
  keepDecisions(Number(currentTerminalSetting('decisionsKept')));
}

function lookOf(saved: readonly (typeof LOOK)[number][]): Partial<ViewState> {
  const theme = currentTerminalSetting('theme') as Theme;
  const palette = currentTerminalSetting('palette') as Palette;
  const scale = nearestScale(Number(currentTerminalSetting('scale')) * 100);
  const all = { theme, palette, scale };
  return Object.fromEntries(saved.map((key) => [key, all[key]]));
}

function nearestScale(percent: number): Scale {
  const [first] = SCALES;
  return SCALES.reduce<Scale>(
    (best, each) => (Math.abs(each - percent) < Math.abs(best - percent) ? each : best),
    first,
  );
}

/** Chosen outside the settings, by a key or in the footer: what is saved must not bring it back. */
function keepLook({ theme, palette, scale }: ViewState): void {
  const { phase, body } = useSettings.getState();
  const shown: SettingValues = { theme, palette, scale: scale / 100 };
  const changed = LOOK.filter((key) => {
    return body.terminal[key] !== undefined && currentTerminalSetting(key) !== shown[key];
  });
  if (phase !== 'ready' || changed.length === 0) return;
  const values = Object.fromEntries(changed.map((key) => [key, shown[key]!]));
  void saveChange((now) => ({ ...now, terminal: { ...now.terminal, ...values } }));
}
