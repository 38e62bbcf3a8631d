/**
 * electron-binary: whether the real Electron can be started here, by looking at files only: its
 * package would try to download it.
 *
 * Imports   node.
 */
import { statSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from './repository.ts';

const PLACES: Readonly<Record<string, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
};

/** Path of the binary, or null. */
export function electronBinary(): string | null {
  const named = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? '';
  const dist = path.join(repositoryRoot, 'node_modules', 'electron', 'dist');
  const file = path.join(named === '' ? dist : named, PLACES[process.platform] ?? 'electron');
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true ? file : null;
}

/** Why the real Electron cannot run here, or null. */
export function whyNoElectron(): string | null {
  if (electronBinary() === null) {
    return 'the Electron binary is absent; where it is present "npm run test:electron" runs this';
  }
  const hasDisplay = Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
  if (process.platform !== 'linux' || hasDisplay) return null;
  return 'there is no display; "xvfb-run -a npm run test:electron" makes one';
}
