/**
 * menu: the application's menu, and what it can do without a window: show, disarm, KILL, quit.
 *
 * Its entries carry no accelerators of the terminal's own keys: those belong to the page, and a key
 * that two places answer would be answered twice.
 *
 * Imports   electron (types).
 */
import type { MenuItemConstructorOptions } from 'electron';

export interface MenuActions {
  readonly show: () => void;
  readonly disarm: () => void;
  readonly kill: () => void;
  readonly startEngineAgain: () => void;
  readonly quit: () => void;
  readonly checkForUpdate: () => void;
}

export interface MenuFacts {
  readonly platform: string;
  readonly isPackaged: boolean;
  readonly productName: string;
}

export function menuTemplate(
  { platform, isPackaged, productName }: MenuFacts,
  actions: MenuActions,
): MenuItemConstructorOptions[] {
  const quit: MenuItemConstructorOptions = {
    label: `Quit ${productName}`,
    accelerator: 'CommandOrControl+Q',
    click: actions.quit,
  };
  const tools: MenuItemConstructorOptions[] = isPackaged
    ? []
    : [{ type: 'separator' }, { role: 'reload' }, { role: 'toggleDevTools' }];
  const first: MenuItemConstructorOptions = {
    label: platform === 'darwin' ? productName : 'File',
    submenu: [
      { label: 'Show the terminal', click: actions.show },
      { label: 'Check for an update', click: actions.checkForUpdate },
      { type: 'separator' },
      quit,
    ],
  };
  return [
    first,
    {
      label: 'Trading',
      submenu: [
        { label: 'Disarm everything', click: actions.disarm },
        { label: 'KILL: block, cancel all, verify', click: actions.kill },
        { type: 'separator' },
        { label: 'Start the engine again', click: actions.startEngineAgain },
      ],
    },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...tools,
      ],
    },
    { role: 'windowMenu' },
  ];
}
