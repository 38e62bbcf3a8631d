/**
 * hardening: what every page of ours may be and where it may go; applied to every window and every
 * web contents, whoever made it.
 *
 * Imports   electron (types), ./navigation, ./window-state (types).
 */
import type { BrowserWindowConstructorOptions, WebContents, WebPreferences } from 'electron';
import { isOwnPage, mayNavigate, popOutOf } from './navigation.ts';
import type { Place } from './window-state.ts';

/** The darkest ground of the theme, so that nothing flashes before the first paint. */
const GROUND = '#0a0d12';

/** What every page of ours may be, and no more. */
export function webPreferences(preload: string, hasTools: boolean): WebPreferences {
  return {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    safeDialogs: true,
    devTools: hasTools,
  };
}

export function windowOptions(
  place: Place,
  title: string,
  preferences: WebPreferences,
): BrowserWindowConstructorOptions {
  const { x, y, width, height } = place;
  return {
    x,
    y,
    width,
    height,
    title,
    minWidth: 480,
    minHeight: 320,
    show: false,
    backgroundColor: GROUND,
    autoHideMenuBar: true,
    webPreferences: preferences,
  };
}

/** Shuts every way out of a page. For each web contents of the application, whoever made it. */
export function lockContents(contents: WebContents, openPanel: (panel: string) => void): void {
  contents.on('will-navigate', (event) => {
    if (!mayNavigate(event.url, event.isMainFrame)) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!mayNavigate(event.url, event.isMainFrame)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  // Not prevented, the first device in reach would be taken.
  contents.on('select-bluetooth-device', (event, _devices, callback) => {
    event.preventDefault();
    callback('');
  });
  contents.setWindowOpenHandler(({ url }) => {
    const panel = isOwnPage(contents.getURL()) ? popOutOf(url) : null;
    if (panel !== null) openPanel(panel);
    return { action: 'deny' };
  });
}

/** Switches of the browser that open what is shut here. */
const OPENING_SWITCHES = [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'disable-web-security',
  'disable-site-isolation-trials',
  'ignore-certificate-errors',
  'load-extension',
] as const;

/** One line about a switch that the packed application does not start with, or null. */
export function refusedSwitch(
  isPackaged: boolean,
  hasSwitch: (name: string) => boolean,
): string | null {
  const found = isPackaged ? OPENING_SWITCHES.find(hasSwitch) : undefined;
  return found === undefined
    ? null
    : `--${found} opens what this application keeps shut; start it without`;
}
