/**
 * window: the windows of the terminal: the whole arrangement, and one for each panel that was
 * taken out of it. All are made here, with the same hardening, and nobody else makes any.
 *
 * Imports   electron, ./hardening, ./navigation, ./paths, ./window-state.
 */
import { app, BrowserWindow, screen } from 'electron';
import { webPreferences, windowOptions } from './hardening.ts';
import { PAGE_URL, panelUrl } from './navigation.ts';
import { PRELOAD } from './paths.ts';
import { placeWindow, type WindowState } from './window-state.ts';

const MAIN_NAME = 'main';
const MAIN_SIZE = { width: 1600, height: 950 };
const PANEL_SIZE = { width: 640, height: 720 };
/** Each costs a process and a terminal of the engine. */
export const PANEL_WINDOWS_MAX = 12;
const SAVE_AFTER_MS = 400;

export interface WindowEvents {
  onCreated(window: BrowserWindow, name: string): void;
  /** The person closes the main window; true lets it close. */
  mayClose(window: BrowserWindow): boolean;
}

export class Windows {
  readonly #state: WindowState;
  readonly #events: WindowEvents;
  readonly #open = new Map<string, BrowserWindow>();

  constructor(state: WindowState, events: WindowEvents) {
    this.#state = state;
    this.#events = events;
  }

  get main(): BrowserWindow | null {
    return this.#open.get(MAIN_NAME) ?? null;
  }

  /** Shows the main window, making it when there is none. */
  showMain(): void {
    const open = this.main;
    if (open === null) this.#create(MAIN_NAME, 'Tickdeck', PAGE_URL, MAIN_SIZE);
    else raise(open);
  }

  openPanel(panel: string): void {
    const name = `panel:${panel}`;
    const open = this.#open.get(name);
    if (open !== undefined) raise(open);
    else if (this.#open.size <= PANEL_WINDOWS_MAX) {
      this.#create(name, `Tickdeck: ${panel}`, panelUrl(panel), PANEL_SIZE);
    }
  }

  all(): readonly BrowserWindow[] {
    return [...this.#open.values()];
  }

  #create(name: string, title: string, url: string, usual: typeof MAIN_SIZE): void {
    const displays = screen.getAllDisplays().map(({ workArea }) => workArea);
    const place = placeWindow(this.#state.placeOf(name), displays, usual);
    const preferences = webPreferences(PRELOAD, !app.isPackaged);
    const window = new BrowserWindow(windowOptions(place, title, preferences));
    this.#open.set(name, window);
    window.once('ready-to-show', () => {
      if (place.isMaximised) window.maximize();
      window.show();
    });
    this.#keepPlace(name, window);
    window.on('close', (event) => {
      if (name === MAIN_NAME && !this.#events.mayClose(window)) event.preventDefault();
    });
    window.on('closed', () => this.#open.delete(name));
    this.#events.onCreated(window, name);
    window.loadURL(url).catch(() => {
      // Told by 'did-fail-load' to the crash desk.
    });
  }

  #keepPlace(name: string, window: BrowserWindow): void {
    let timer: NodeJS.Timeout | undefined;
    const save = (): void => {
      if (window.isDestroyed() || window.isMinimized()) return;
      const { x, y, width, height } = window.getNormalBounds();
      this.#state.keep(name, { x, y, width, height, isMaximised: window.isMaximized() });
    };
    const later = (): void => {
      clearTimeout(timer);
      timer = setTimeout(save, SAVE_AFTER_MS);
    };
    window.on('resize', later);
    window.on('move', later);
    window.on('close', () => {
      clearTimeout(timer);
      save();
    });
  }
}

function raise(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
