/**
 * ipc-main: the only place that listens to windows. Every message is checked twice before anything
 * reads it: that it comes from our own page's main frame, and that it has the form it must have.
 *
 * Market traffic and commands do not pass here: they go over the port.
 *
 * Imports   electron, contract, protocol, ./navigation; valibot.
 */
import { ipcMain } from 'electron';
import type { IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron';
import * as v from 'valibot';
import type {
  DesktopSettings,
  KeyAnswer,
  SettingsAnswer,
  VenueKeyInput,
  VenueKeyList,
} from '../../engine/contract/bridge.ts';
import { Channel, type ChannelName } from '../protocol/channels.ts';
import { isOwnPage } from './navigation.ts';

export const MESSAGE_SCHEMAS = {
  [Channel.PortRequest]: v.strictObject({
    nonce: v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{8,64}$/)),
  }),
  /** Sections are checked by the store, which knows them. */
  [Channel.SettingsChange]: v.record(v.string(), v.record(v.string(), v.unknown())),
  [Channel.VenueKeyStore]: v.strictObject({
    label: v.pipe(v.string(), v.regex(/^[\w .-]{1,40}$/)),
    venue: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/)),
    apiKey: v.pipe(v.string(), v.minLength(1), v.maxLength(4096)),
    secret: v.pipe(v.string(), v.minLength(1), v.maxLength(16_384)),
  }),
  [Channel.VenueKeyForget]: v.pipe(v.string(), v.minLength(1), v.maxLength(40)),
  [Channel.Settings]: v.undefined(),
  [Channel.SettingsExport]: v.undefined(),
  [Channel.SettingsImport]: v.undefined(),
  [Channel.VenueKeys]: v.undefined(),
  [Channel.EngineRestart]: v.undefined(),
} as const;

type Checked = keyof typeof MESSAGE_SCHEMAS;
type Message<C extends Checked> = v.InferOutput<(typeof MESSAGE_SCHEMAS)[C]>;

/** Where a message comes from, as Electron tells it. */
export interface Sender {
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null;
}

/** One line about why a sender is not heard, or null. */
export function wrongSender({ senderFrame }: Sender): string | null {
  if (senderFrame === null) return 'its frame is gone';
  if (senderFrame.parent !== null) return 'it is no main frame';
  return isOwnPage(senderFrame.url) ? null : 'it is not our page';
}

/** The message in its form, or an error that names the channel and the place, never the value. */
export function checkedMessage<C extends Checked>(channel: C, value: unknown): Message<C> {
  const result = v.safeParse(MESSAGE_SCHEMAS[channel], value);
  if (result.success) return result.output;
  const path = result.issues[0].path?.map((item) => String(item.key)).join('.') ?? '';
  throw new Error(`${channel}: ${path === '' ? 'the message' : path} is not as it must be`);
}

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
