/**
 * tray: the state in the corner of the desktop, and the four things that must always be at hand:
 * show, disarm, KILL, quit.
 *
 * Imports   electron, ./menu (types), ./tray-face (types), ./tray-picture.
 */
import { Menu, nativeImage, Tray } from 'electron';
import type { MenuActions } from './menu.ts';
import type { TrayFace } from './tray-face.ts';
import { traySignBitmap, type TraySign } from './tray-picture.ts';

const SIDE = 32;

export class TrayDesk {
  readonly #actions: MenuActions;
  readonly #onError: (line: string) => void;
  #tray: Tray | null = null;
  #shown = '';

  constructor(actions: MenuActions, onError: (line: string) => void) {
    this.#actions = actions;
    this.#onError = onError;
  }

  apply(isWanted: boolean, face: TrayFace): void {
    if (!isWanted) this.remove();
    else if (this.#tray === null) this.#add(face);
    else this.show(face);
  }

  show(face: TrayFace): void {
    if (this.#tray === null) return;
    const text = `${face.sign} ${face.tooltip}`;
    if (text === this.#shown) return;
    this.#shown = text;
    this.#tray.setImage(pictureOf(face.sign));
    this.#tray.setToolTip(face.tooltip);
  }

  remove(): void {
    this.#tray?.destroy();
    this.#tray = null;
    this.#shown = '';
  }

  #add(face: TrayFace): void {
    try {
      this.#tray = new Tray(pictureOf(face.sign));
    } catch (error) {
      // Some desktops have no tray; everything in it is in the menu too.
      this.#onError(`no tray: ${String(error)}`);
      return;
    }
    const { show, disarm, kill, quit } = this.#actions;
    this.#tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: 'Show the terminal', click: show },
        { type: 'separator' },
        { label: 'Disarm everything', click: disarm },
        { label: 'KILL: block, cancel all, verify', click: kill },
        { type: 'separator' },
        { label: 'Quit', click: quit },
      ]),
    );
    this.#tray.on('click', show);
    this.show(face);
  }
}

function pictureOf(sign: TraySign): Electron.NativeImage {
  const bitmap = Buffer.from(traySignBitmap(sign, SIDE));
  return nativeImage.createFromBitmap(bitmap, { width: SIDE, height: SIDE, scaleFactor: 2 });
}
