/**
 * typed: holds the double against Electron's own types, so that it cannot drift from them.
 *
 * Whatever a part of the double has under one of Electron's names must have Electron's type there;
 * names that Electron does not have begin with `host`. The exceptions are named and few: events
 * (Electron overloads each), and members that hand on another part of the double.
 *
 * Imports   electron (types), every part of the host (types).
 */
import type * as Electron from 'electron';
import type { EventEmitter } from 'node:events';
import type * as Double from './electron.ts';
import type { HostContents } from './web-contents.ts';
import type { HostSession } from './session.ts';
import type { UtilityProcess } from './utility-process.ts';

type Emitting = keyof EventEmitter;
type Own = `host${string}` | `_${string}`;

/** The part of Electron's type that the double has, but for the named exceptions. */
type Part<D, Real, Except = never> = Pick<
  Real,
  Exclude<Extract<keyof D, keyof Real>, Emitting | Except>
>;

/** Names of the double that are neither Electron's nor its own. */
type Strange<D, Real> = Exclude<keyof D, keyof Real | Emitting | Own | symbol>;

type None<T extends never> = T;

/** A compile error here means that the double says something else than Electron. */
export interface Proof {
  readonly app: None<Strange<typeof Double.app, Electron.App>>;
  readonly contents: None<Strange<HostContents, Electron.WebContents>>;
  readonly window: None<Strange<Double.Window, Electron.BrowserWindow>>;
  readonly session: None<Strange<HostSession, Electron.Session>>;
  readonly utility: None<Strange<UtilityProcess, Electron.UtilityProcess>>;
  readonly ipc: None<Strange<typeof Double.ipcMain, Electron.IpcMain>>;
  readonly dialog: None<Strange<typeof Double.dialog, Electron.Dialog>>;
  readonly port: None<Strange<Double.MessagePortMain, Electron.MessagePortMain>>;
  readonly safeStorage: None<Strange<typeof Double.safeStorage, Electron.SafeStorage>>;
  readonly power: None<Strange<typeof Double.powerMonitor, Electron.PowerMonitor>>;
  readonly blocker: None<Strange<typeof Double.powerSaveBlocker, Electron.PowerSaveBlocker>>;
  readonly shortcut: None<Strange<typeof Double.globalShortcut, Electron.GlobalShortcut>>;
  readonly shell: None<Strange<typeof Double.shell, Electron.Shell>>;
  readonly theme: None<Strange<typeof Double.nativeTheme, Electron.NativeTheme>>;
  readonly screen: None<Strange<typeof Double.screen, Electron.Screen>>;
  readonly tray: None<Strange<Double.Tray, Electron.Tray>>;
  readonly menuItem: None<Strange<Double.MenuItem, Electron.MenuItem>>;
  readonly menu: None<Strange<Double.Menu, Electron.Menu>>;
}

/** Never called: the assignments are the proof. */
export function fits(double: {
  readonly app: typeof Double.app;
  readonly contents: HostContents;
  readonly window: Double.Window;
  readonly utility: UtilityProcess;
  readonly port: Double.MessagePortMain;
  readonly safeStorage: typeof Double.safeStorage;
  readonly power: typeof Double.powerMonitor;
  readonly blocker: typeof Double.powerSaveBlocker;
  readonly shortcut: typeof Double.globalShortcut;
  readonly shell: typeof Double.shell;
  readonly theme: typeof Double.nativeTheme;
  readonly screen: typeof Double.screen;
  readonly tray: Double.Tray;
  readonly menuItem: Double.MenuItem;
}): void {
  double.app satisfies Part<typeof double.app, Electron.App, 'dock'>;
  // The session and the main frame are other parts of the double.
  double.contents satisfies Part<HostContents, Electron.WebContents, 'session' | 'mainFrame'>;
  double.window satisfies Part<Double.Window, Electron.BrowserWindow, 'webContents'>;
  double.utility satisfies Part<UtilityProcess, Electron.UtilityProcess>;
  double.port satisfies Part<Double.MessagePortMain, Electron.MessagePortMain>;
  double.safeStorage satisfies Part<typeof double.safeStorage, Electron.SafeStorage>;
  double.power satisfies Part<typeof double.power, Electron.PowerMonitor>;
  double.blocker satisfies Part<typeof double.blocker, Electron.PowerSaveBlocker>;
  double.shortcut satisfies Part<typeof double.shortcut, Electron.GlobalShortcut>;
  double.shell satisfies Part<typeof double.shell, Electron.Shell>;
  double.theme satisfies Part<typeof double.theme, Electron.NativeTheme>;
  double.screen satisfies Part<typeof double.screen, Electron.Screen>;
  double.tray satisfies Part<Double.Tray, Electron.Tray, 'setContextMenu' | 'setImage'>;
  double.menuItem satisfies Part<Double.MenuItem, Electron.MenuItem, 'submenu' | 'role' | 'type'>;
}
