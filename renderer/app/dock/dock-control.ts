/**
 * dock-control: what can be done with panels, for menus, keys and the command palette, without
 * knowing the docking library.
 *
 * The dock that is on the screen installs itself; where there is none (a window of one panel)
 * nothing happens.
 *
 * Imports   nothing.
 */
export interface DockControl {
  isShown(panel: string): boolean;
  /** Brings a panel to the front, opening it where it is not in the arrangement. */
  show(panel: string): void;
  close(panel: string): void;
  toggleMaximised(panel: string): void;
  isMaximised(panel: string): boolean;
  toggleFloating(panel: string): void;
  isFloating(panel: string): boolean;
}

let current: DockControl | null = null;

export function installDock(control: DockControl | null): void {
  current = control;
}

export function dockControl(): DockControl | null {
  return current;
}

const WINDOW_FEATURES = 'popup,width=720,height=640';

/** A panel in a window of its own, with its own link. Asked for twice it is the same window. */
export function openInWindow(panel: string): void {
  const address = new URL(location.href);
  address.hash = `panel=${panel}`;
  const opened = window.open(address.href, `tickdeck-${panel}`, WINDOW_FEATURES);
  opened?.focus();
}
