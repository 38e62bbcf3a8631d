/**
 * electron: what `import … from 'electron'` gives in the test host. Everything that the product
 * uses of Electron is named here; typed.ts holds it against Electron's own types.
 *
 * Imports   every part of the host.
 */
import { appParts, hostApp, type HostApp } from './app.ts';
import { BrowserWindow as HostWindow } from './browser-window.ts';
import { connectChromium } from './browser.ts';
import { serveControl } from './control.ts';
import * as recorders from './recorders.ts';
import { dialog as hostDialog } from './dialog.ts';
import { ipcMain as hostIpc, type IpcMain } from './ipc-main.ts';
import { protocol as hostProtocol, startSchemeServer } from './scheme-server.ts';
import { session as hostSession } from './session.ts';
import { strict } from './strict.ts';
import { runningUtilities, utilityProcess as hostUtility } from './utility-process.ts';
import { webContents as hostContents } from './web-contents.ts';

export { MessageChannelMain, MessagePortMain } from './ports.ts';
export { Menu, MenuItem, Notification, Tray } from './recorders.ts';

export const app: HostApp = strict('app', hostApp);
export const BrowserWindow = HostWindow;
export type Window = HostWindow;
export const ipcMain: IpcMain = strict('ipcMain', hostIpc);
export const protocol = strict('protocol', hostProtocol);
export const session = strict('session', hostSession);
export const utilityProcess = strict('utilityProcess', hostUtility);
export const webContents = strict('webContents', hostContents);
export const dialog = strict('dialog', hostDialog);
export const nativeImage = strict('nativeImage', recorders.nativeImage);
export const globalShortcut = strict('globalShortcut', recorders.globalShortcut);
export const powerMonitor = strict('powerMonitor', recorders.powerMonitor);
export const powerSaveBlocker = strict('powerSaveBlocker', recorders.powerSaveBlocker);
export const safeStorage = strict('safeStorage', recorders.safeStorage);
export const screen = strict('screen', recorders.screen);
export const shell = strict('shell', recorders.shell);
export const nativeTheme = strict('nativeTheme', recorders.nativeTheme);
export const crashReporter = strict('crashReporter', recorders.crashReporter);
export const clipboard = strict('clipboard', recorders.clipboard);

appParts.utilities = runningUtilities;
serveControl();
await startSchemeServer();
/** Ready comes after the main file has run, as in Electron. */
void connectChromium().then(() => hostApp.hostReady());
