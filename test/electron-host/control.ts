/**
 * control: how a test plays the person and the system: it asks the host over the process's channel.
 *
 * Imports   every part of the host.
 */
import { hostApp } from './app.ts';
import { BrowserWindow } from './browser-window.ts';
import { allQuestions, answerQuestion, openQuestions } from './dialog.ts';
import { globalShortcut, Menu, powerMonitor, powerSaveBlocker, shell, Tray } from './recorders.ts';
import { toPageUrl } from './scheme-server.ts';
import { runningUtilities } from './utility-process.ts';

interface Asked {
  readonly id: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

const first = (at = 0): BrowserWindow => {
  const window = BrowserWindow.getAllWindows()[at];
  if (window === undefined) throw new Error(`there is no window ${at}`);
  return window;
};

/** What a test may ask. Every answer is copied on its way. */
export const OPERATIONS = {
  windows: () =>
    BrowserWindow.getAllWindows().map((window) => ({
      id: window.id,
      title: window.getTitle(),
      url: window.webContents.getURL(),
      pageUrl: pageUrlOf(window),
      targetId: window.webContents.hostTargetId,
      isVisible: window.isVisible(),
      bounds: window.getBounds(),
      calls: [...window.hostCalls],
      opened: [...window.webContents.hostOpened],
      console: [...window.webContents.hostConsole],
      preferences: printable(window.webContents.hostPreferences),
    })),
  utilities: () => runningUtilities().map(({ hostName, pid }) => ({ name: hostName, pid })),
  questions: () => allQuestions(),
  openQuestions: () => openQuestions(),
  answer: (number: number, answer: string) => answerQuestion(number, answer),
  shortcuts: () => globalShortcut.hostNames(),
  pressShortcut: (accelerator: string) => globalShortcut.hostPress(accelerator),
  power: (event: string) => powerMonitor.emit(event, { preventDefault: () => undefined }),
  blockers: () => powerSaveBlocker.hostTypes(),
  tray: () =>
    Tray.hostAll.map(({ hostToolTip, hostMenu }) => ({
      toolTip: hostToolTip,
      items: hostMenu?.hostAll().map(({ label, enabled }) => ({ label, enabled })) ?? [],
    })),
  menu: () =>
    Menu.hostApplication?.hostAll().map(({ label, role, accelerator, enabled }) => ({
      label,
      role,
      accelerator,
      enabled,
    })) ?? [],
  clickMenu: (label: string) => {
    const trays = Tray.hostAll.flatMap(({ hostMenu }) => hostMenu?.hostAll() ?? []);
    const items = [...(Menu.hostApplication?.hostAll() ?? []), ...trays];
    const item = items.find((each) => each.label.replace('&', '') === label);
    if (item === undefined) throw new Error(`no menu has "${label}"`);
    item.click(item, first(), {});
  },
  closeWindow: (at = 0) => first(at).close(),
  minimize: () => first().minimize(),
  quit: () => hostApp.quit(),
  crashRenderer: () => first().webContents.forcefullyCrashRenderer(),
  /** Both tell it, as in Electron. */
  hang: (at = 0) => {
    first(at).webContents.emit('unresponsive');
    first(at).emit('unresponsive');
  },
  reload: () => first().reload(),
  external: () => [...shell.hostCalls],
  askPermission: (permission: string) => {
    const { session, mainFrame } = first().webContents;
    const url = String(Reflect.get(mainFrame, 'url'));
    return session.hostAsk(permission, first().webContents, url);
  },
  checkPermission: (permission: string) => {
    const { session, mainFrame } = first().webContents;
    const url = String(Reflect.get(mainFrame, 'url'));
    return session.hostCheck(permission, first().webContents, url);
  },
  emitGone: (details: object) => hostApp.emit('child-process-gone', {}, details),
} as const;

export type Operations = typeof OPERATIONS;

export function serveControl(): void {
  process.on('message', (asked) => void answer(asked as Asked));
}

async function answer({ id, name, args }: Asked): Promise<void> {
  try {
    const operation = OPERATIONS[name as keyof Operations] as (...args: unknown[]) => unknown;
    const value = await operation(...args);
    process.send?.({ id, value });
  } catch (error) {
    process.send?.({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

function pageUrlOf(window: BrowserWindow): string {
  const url = window.webContents.getURL();
  return url === '' ? '' : toPageUrl(url);
}

function printable(preferences: object): Record<string, unknown> {
  const plain = Object.entries(preferences).filter(([, value]) => typeof value !== 'object');
  return Object.fromEntries(plain);
}
