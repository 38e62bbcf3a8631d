/**
 * channels: names of the messages between a window's preload and the main process.
 *
 * Imports   nothing.
 */
export const Channel = {
  /** Window → main: asks for a port to the engine. */
  PortRequest: 'tickdeck:port-request',
  /** Main → window: the port. */
  Port: 'tickdeck:port',
  /** Main → window: what the shell has to say. */
  Notice: 'tickdeck:notice',
  Settings: 'tickdeck:settings',
  SettingsChange: 'tickdeck:settings-change',
  SettingsExport: 'tickdeck:settings-export',
  SettingsImport: 'tickdeck:settings-import',
  VenueKeys: 'tickdeck:venue-keys',
  VenueKeyStore: 'tickdeck:venue-key-store',
  VenueKeyForget: 'tickdeck:venue-key-forget',
  EngineRestart: 'tickdeck:engine-restart',
} as const;
export type ChannelName = (typeof Channel)[keyof typeof Channel];
