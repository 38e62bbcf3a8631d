/**
 * window-messages: what a message of a window must look like, and where it must come from.
 *
 * Imports   protocol, ./navigation; valibot.
 */
import * as v from 'valibot';
import { Channel } from '../protocol/channels.ts';
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

export type Checked = keyof typeof MESSAGE_SCHEMAS;
export type Message<C extends Checked> = v.InferOutput<(typeof MESSAGE_SCHEMAS)[C]>;

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
