/**
 * settings: what a test tells the host before it starts, by environment variables.
 *
 * Imports   nothing.
 */

export interface HostSettings {
  /** Debugging address of the Chromium whose pages are the windows. */
  readonly chromium: string;
  /** Folder that stands for all of Electron's own: userData, logs, temp and the rest. */
  readonly folder: string;
  /** Folder of the product, as `electron .` would have it. */
  readonly appFolder: string;
  /** Backend of safeStorage. */
  readonly secretBackend: string;
  /** A file that gets everything that is sent to a window, or ''. */
  readonly sentFile: string;
}

export const HOST_VARIABLES = {
  chromium: 'ELECTRON_HOST_CHROMIUM',
  folder: 'ELECTRON_HOST_FOLDER',
  appFolder: 'ELECTRON_HOST_APP',
  secretBackend: 'ELECTRON_HOST_SECRETS',
  sentFile: 'ELECTRON_HOST_SENT',
} as const satisfies Record<keyof HostSettings, string>;

function need(name: keyof HostSettings, otherwise?: string): string {
  const value = process.env[HOST_VARIABLES[name]] ?? otherwise;
  if (value === undefined) throw new Error(`the test host needs ${HOST_VARIABLES[name]}`);
  return value;
}

export const hostSettings: HostSettings = {
  chromium: need('chromium'),
  folder: need('folder'),
  appFolder: need('appFolder', process.cwd()),
  secretBackend: need('secretBackend', 'gnome_libsecret'),
  sentFile: need('sentFile', ''),
};
