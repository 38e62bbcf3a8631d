/**
 * settings-store: the settings as the engine's host has them, and the configuration behind them.
 * What a person has typed and the host has not acknowledged is not here.
 *
 * Writers   app (when it reads), the settings panel (what the host answered).
 * Imports   contract, zustand, ./terminal-settings.
 */
import { create } from 'zustand';
import type { ConfigurationField } from '../../engine/contract/configuration.ts';
import type { DocumentVersion } from '../../engine/contract/documents.ts';
import { NO_SETTINGS, parseSettings, type SettingsBody } from '../../engine/contract/settings.ts';
import type { SettingValue } from '../../engine/contract/settings.ts';
import { terminalValue } from './terminal-settings.ts';

interface SettingsState {
  readonly phase: 'loading' | 'ready' | 'failed';
  /** Why nothing could be read, or why what was read does not count. */
  readonly problem: string;
  readonly revision: number;
  readonly savedAtMs: number;
  readonly body: SettingsBody;
  readonly versions: readonly DocumentVersion[];
  readonly fields: readonly ConfigurationField[];
}

export const SETTINGS_START: SettingsState = {
  phase: 'loading',
  problem: '',
  revision: 0,
  savedAtMs: 0,
  body: NO_SETTINGS,
  versions: [],
  fields: [],
};

export const useSettings = create<SettingsState>(() => SETTINGS_START);

/** A document that the host has given; a body that makes no sense counts as none, and is said. */
export function settingsRead(document: {
  readonly revision: number;
  readonly savedAtMs: number;
  readonly body: string | null;
  readonly versions: readonly DocumentVersion[];
}): void {
  const { revision, savedAtMs, versions } = document;
  const parsed = document.body === null ? NO_SETTINGS : parseSettings(document.body);
  const isSound = typeof parsed !== 'string';
  useSettings.setState({
    phase: 'ready',
    problem: isSound ? '' : `${parsed}; a change writes them anew`,
    revision,
    savedAtMs,
    versions,
    body: isSound ? parsed : NO_SETTINGS,
  });
}

export function settingsFailed(problem: string): void {
  const { phase } = useSettings.getState();
  useSettings.setState({ phase: phase === 'ready' ? 'ready' : 'failed', problem });
}

export function configurationRead(fields: readonly ConfigurationField[]): void {
  useSettings.setState({ fields });
}

/** One setting of the window. */
export function useTerminalSetting(key: string): SettingValue {
  return useSettings((state) => terminalValue(state.body.terminal, key));
}

export function currentTerminalSetting(key: string): SettingValue {
  return terminalValue(useSettings.getState().body.terminal, key);
}
