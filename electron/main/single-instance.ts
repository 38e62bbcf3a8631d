/**
 * single-instance: one application a profile. A second start shows the window of the first and
 * ends; two engines on one account are refused by the engine's own lock as well.
 *
 * Imports   electron (types).
 */
import type { App } from 'electron';

/** False when another instance runs: this one must end at once. */
export function takeInstance(app: App, onSecond: () => void): boolean {
  if (!app.requestSingleInstanceLock()) return false;
  app.on('second-instance', onSecond);
  return true;
}
