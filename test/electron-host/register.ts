/**
 * register: makes `import … from 'electron'` mean the double in this folder. Given to Node by
 * `--import`, before the built main file.
 *
 * What runs is then the unmodified main process of the product under plain Node, with real windows
 * in a headless Chromium. It proves wiring, order of events, crash and restart, and what crosses
 * between processes. It does not prove Electron: no sandbox of the system, no native dialogs, no
 * real menus, no message loop of Electron's, no packaged archive.
 *
 * Imports   node.
 */
import { registerHooks } from 'node:module';

const double = new URL('./electron.ts', import.meta.url).href;
const NAMES = new Set(['electron', 'electron/main', 'electron/common']);

registerHooks({
  resolve: (specifier, context, next) =>
    NAMES.has(specifier) ? { url: double, shortCircuit: true } : next(specifier, context),
});

const versions = { ...process.versions, electron: '45.4.1', chrome: '156.0.8078.79' };
Object.defineProperty(process, 'versions', { value: versions, configurable: true });
Object.defineProperty(process, 'type', { value: 'browser', configurable: true });
Object.defineProperty(process, 'defaultApp', { value: true, configurable: true });
Object.defineProperty(process, 'resourcesPath', { value: process.cwd(), configurable: true });
