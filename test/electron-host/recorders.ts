/**
 * recorders: the parts of Electron that meet the system: menus, tray, keys, power, dialogs. Here
 * they keep what was asked, and a test plays the system.
 *
 * Imports   node.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type * as Electron from 'electron';
import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { hostSettings } from './settings.ts';

export interface ItemTemplate {
  readonly id?: string;
  readonly label?: string;
  readonly role?: string;
  readonly type?: string;
  readonly accelerator?: string;
  readonly enabled?: boolean;
  readonly checked?: boolean;
  readonly click?: (...args: unknown[]) => void;
  readonly submenu?: readonly ItemTemplate[] | Menu;
}

export class MenuItem {
  readonly id: string;
  readonly label: string;
  readonly role: string | undefined;
  readonly type: string;
  readonly accelerator: string | null;
  enabled: boolean;
  checked: boolean;
  visible = true;
  readonly click: (...args: unknown[]) => void;
  readonly submenu: Menu | undefined;

  constructor(template: ItemTemplate) {
    const { submenu } = template;
    this.id = template.id ?? '';
    this.label = template.label ?? template.role ?? '';
    this.role = template.role;
    this.type = template.type ?? (submenu === undefined ? 'normal' : 'submenu');
    this.accelerator = template.accelerator ?? null;
    this.enabled = template.enabled ?? true;
    this.checked = template.checked ?? false;
    this.click = template.click ?? (() => undefined);
    const isBuilt = submenu === undefined || submenu instanceof Menu;
    this.submenu = isBuilt ? submenu : Menu.buildFromTemplate(submenu);
  }
}

export class Menu {
  static hostApplication: Menu | null = null;
  readonly items: MenuItem[] = [];

  static buildFromTemplate(template: readonly ItemTemplate[]): Menu {
    const menu = new Menu();
    for (const item of template) menu.append(new MenuItem(item));
    return menu;
  }

  static setApplicationMenu(menu: Menu | null): void {
    Menu.hostApplication = menu;
  }

  static getApplicationMenu(): Menu | null {
    return Menu.hostApplication;
  }

  append(item: MenuItem): void {
    this.items.push(item);
  }

  getMenuItemById(id: string): MenuItem | null {
    return this.hostAll().find((item) => item.id === id) ?? null;
  }

  popup(): void {}

  closePopup(): void {}

  hostAll(): readonly MenuItem[] {
    return this.items.flatMap((item) => [item, ...(item.submenu?.hostAll() ?? [])]);
  }
}

class Image {
  readonly hostSource: string;
  constructor(source: string) {
    this.hostSource = source;
  }
  isEmpty(): boolean {
    return this.hostSource === '';
  }
  getSize(): { width: number; height: number } {
    return { width: 16, height: 16 };
  }
  resize(_options: object): Image {
    return this;
  }
  setTemplateImage(_isTemplate: boolean): void {}
  addRepresentation(_options: object): void {}
}

export type { Image };

export const nativeImage = {
  createEmpty: () => new Image(''),
  /** A path that does not exist gives an empty image, as in Electron. */
  createFromPath: (file: string) => new Image(existsSync(file) ? file : ''),
  createFromBuffer: (bytes: Uint8Array) => new Image(`${bytes.length} bytes`),
  createFromBitmap: (bytes: Uint8Array) => new Image(`${bytes.length} bytes`),
  createFromDataURL: (url: string) => new Image(url),
};

export class Tray extends EventEmitter {
  static readonly hostAll: Tray[] = [];
  hostImage: Image | string;
  hostToolTip = '';
  hostTitle = '';
  hostMenu: Menu | null = null;
  #isDestroyed = false;

  constructor(image: Image | string) {
    super();
    this.hostImage = image;
    Tray.hostAll.push(this);
  }

  setImage(image: Image | string): void {
    this.hostImage = image;
  }

  setToolTip(text: string): void {
    this.hostToolTip = text;
  }

  setTitle(text: string): void {
    this.hostTitle = text;
  }

  setContextMenu(menu: Menu | null): void {
    this.hostMenu = menu;
  }

  popUpContextMenu(): void {}

  destroy(): void {
    this.#isDestroyed = true;
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }
}

const shortcuts = new Map<string, () => void>();

export const globalShortcut = {
  register: (accelerator: string, work: () => void): boolean => {
    if (shortcuts.has(accelerator)) return false;
    shortcuts.set(accelerator, work);
    return true;
  },
  unregister: (accelerator: string): void => void shortcuts.delete(accelerator),
  unregisterAll: (): void => shortcuts.clear(),
  isRegistered: (accelerator: string): boolean => shortcuts.has(accelerator),
  hostPress: (accelerator: string): boolean => {
    shortcuts.get(accelerator)?.();
    return shortcuts.has(accelerator);
  },
  hostNames: (): readonly string[] => [...shortcuts.keys()],
};

export const powerMonitor = Object.assign(new EventEmitter(), {
  isOnBatteryPower: () => false,
  onBatteryPower: false,
  getSystemIdleTime: () => 0,
  getSystemIdleState: (_seconds: number) => 'active' as const,
});

const blockers = new Map<number, string>();
let lastBlocker = 0;

export const powerSaveBlocker = {
  start: (type: string): number => {
    blockers.set(++lastBlocker, type);
    return lastBlocker;
  },
  stop: (id: number): boolean => blockers.delete(id),
  isStarted: (id: number): boolean => blockers.has(id),
  hostTypes: (): readonly string[] => [...blockers.values()],
};

const SECRET_KEY = Buffer.alloc(32, 7);

function seal(text: string): Buffer {
  const start = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', SECRET_KEY, start);
  return Buffer.concat([Buffer.from('v11'), start, cipher.update(text), cipher.final()]);
}

function unseal(bytes: Uint8Array): string {
  const start = bytes.subarray(3, 19);
  const decipher = createDecipheriv('aes-256-cbc', SECRET_KEY, start);
  return Buffer.concat([decipher.update(bytes.subarray(19)), decipher.final()]).toString();
}

const hasSecrets = (): boolean => hostSettings.secretBackend !== 'none';

export const safeStorage = {
  isEncryptionAvailable: hasSecrets,
  encryptString: seal,
  decryptString: unseal,
  isAsyncEncryptionAvailable: async () => hasSecrets(),
  encryptStringAsync: async (text: string) => seal(text),
  decryptStringAsync: async (bytes: Uint8Array) => ({
    result: unseal(bytes),
    shouldReEncrypt: false,
  }),
  getSelectedStorageBackend: () => hostSettings.secretBackend as 'gnome_libsecret' | 'basic_text',
};

const DISPLAY = {
  id: 1,
  label: 'host',
  bounds: { x: 0, y: 0, width: 1920, height: 1080 },
  workArea: { x: 0, y: 0, width: 1920, height: 1040 },
  workAreaSize: { width: 1920, height: 1040 },
  size: { width: 1920, height: 1080 },
  scaleFactor: 1,
};

type HostDisplay = Electron.Display;

const display = DISPLAY as unknown as HostDisplay;

export const screen = Object.assign(new EventEmitter(), {
  getAllDisplays: (): HostDisplay[] => [display],
  getPrimaryDisplay: (): HostDisplay => display,
  getDisplayMatching: (_bounds: object): HostDisplay => display,
  getDisplayNearestPoint: (_point: object): HostDisplay => display,
  getCursorScreenPoint: () => ({ x: 0, y: 0 }),
});

export const shell = {
  hostCalls: [] as string[],
  openExternal: async (url: string): Promise<void> => void shell.hostCalls.push(`open ${url}`),
  openPath: async (file: string): Promise<string> => {
    shell.hostCalls.push(`path ${file}`);
    return '';
  },
  showItemInFolder: (file: string): void => void shell.hostCalls.push(`show ${file}`),
  beep: (): void => void shell.hostCalls.push('beep'),
};

export const nativeTheme = Object.assign(new EventEmitter(), {
  shouldUseDarkColors: true,
  themeSource: 'system' as const,
  shouldUseHighContrastColors: false,
  prefersReducedTransparency: false,
});

export const crashReporter = {
  start: (_options: object): void => undefined,
  addExtraParameter: (_key: string, _value: string): void => undefined,
};

export const clipboard = {
  writeText: async (_text: string): Promise<void> => undefined,
};

export class Notification extends EventEmitter {
  static readonly hostAll: object[] = [];
  static isSupported(): boolean {
    return true;
  }
  constructor(options: object) {
    super();
    Notification.hostAll.push(options);
  }
  show(): void {}
  close(): void {}
}
