/**
 * kill-key: KILL from anywhere on the machine, whichever window has the keyboard. It goes from the
 * main process straight to the engine; no window takes part.
 *
 * Imports   contract.
 */
import type { DesktopSettings } from '../../engine/contract/bridge.ts';

/** The part of Electron's globalShortcut that is used. */
export interface Shortcuts {
  register(accelerator: string, press: () => void): boolean;
  unregister(accelerator: string): void;
}

export class KillKey {
  readonly #shortcuts: Shortcuts;
  readonly #kill: () => void;
  readonly #onRefused: (line: string) => void;
  #registered = '';

  constructor(shortcuts: Shortcuts, kill: () => void, onRefused: (line: string) => void) {
    this.#shortcuts = shortcuts;
    this.#kill = kill;
    this.#onRefused = onRefused;
  }

  /** True while the key is taken. */
  get isActive(): boolean {
    return this.#registered !== '';
  }

  apply({ enabled, accelerator }: DesktopSettings['killKey']): void {
    const wanted = enabled ? accelerator : '';
    if (wanted === this.#registered) return;
    this.release();
    if (wanted === '') return;
    if (this.#register(wanted)) this.#registered = wanted;
    else {
      this.#onRefused(
        `the KILL key ${wanted} could not be taken for the whole machine (another program has ` +
          'it); it works while a window of Tickdeck has the keyboard',
      );
    }
  }

  release(): void {
    if (this.#registered !== '') this.#shortcuts.unregister(this.#registered);
    this.#registered = '';
  }

  #register(accelerator: string): boolean {
    try {
      return this.#shortcuts.register(accelerator, this.#kill);
    } catch {
      // A combination that this system does not know.
      return false;
    }
  }
}
