/**
 * ipc-main: the only place that listens to windows. Every message is checked twice before anything
 * reads it: that it comes from our own page's main frame, and that it has the form it must have.
 *
 * Market traffic and commands do not pass here: they go over the port.
 *
 * Imports   electron, contract, protocol, ./window-messages.
 */
import { ipcMain } from 'electron';
import type { IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron';
import type {
  DesktopSettings,
  KeyAnswer,
  SettingsAnswer,
  VenueKeyInput,
  VenueKeyList,
} from '../../engine/contract/bridge.ts';
import { Channel, type ChannelName } from '../protocol/channels.ts';
import { checkedMessage, wrongSender, type Checked, type Message } from './window-messages.ts';

/** What the windows may ask of the rest of the shell. */
export interface WindowRequests {
  port(page: WebContents, nonce: string): void;
  settings(): DesktopSettings;
  changeSettings(change: Readonly<Record<string, unknown>>): SettingsAnswer;
  exportSettings(): Promise<SettingsAnswer>;
  importSettings(): Promise<SettingsAnswer>;
  venueKeys(): Promise<VenueKeyList>;
  storeVenueKey(key: VenueKeyInput): Promise<KeyAnswer>;
  forgetVenueKey(label: string): Promise<KeyAnswer>;
  restartEngine(): void;
  /** A message that was not heard. */
  onRefused(line: string): void;
}

export function listenToWindows(requests: WindowRequests): void {
  const refuse = (channel: ChannelName, why: string): Error => {
    const line = `a message on ${channel} was refused: ${why}`;
    requests.onRefused(line);
    return new Error(line);
  };
  ipcMain.on(Channel.PortRequest, (event: IpcMainEvent, value: unknown) => {
    const wrong = wrongSender(event);
    if (wrong !== null) {
      refuse(Channel.PortRequest, wrong);
      return;
    }
    try {
      requests.port(event.sender, checkedMessage(Channel.PortRequest, value).nonce);
    } catch (error) {
      refuse(Channel.PortRequest, String(error));
    }
  });
  const answer = <C extends Checked>(channel: C, work: (message: Message<C>) => unknown): void => {
    ipcMain.handle(channel, (event: IpcMainInvokeEvent, value: unknown) => {
      const wrong = wrongSender(event);
      if (wrong !== null) throw refuse(channel, wrong);
      return work(checkedMessage(channel, value));
    });
  };
  answer(Channel.Settings, () => requests.settings());
  answer(Channel.SettingsChange, (change) => requests.changeSettings(change));
  answer(Channel.SettingsExport, () => requests.exportSettings());
  answer(Channel.SettingsImport, () => requests.importSettings());
  answer(Channel.VenueKeys, () => requests.venueKeys());
  answer(Channel.VenueKeyStore, (key) => requests.storeVenueKey(key));
  answer(Channel.VenueKeyForget, (label) => requests.forgetVenueKey(label));
  answer(Channel.EngineRestart, () => requests.restartEngine());
}
