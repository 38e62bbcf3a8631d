/**
 * built-window: the window as a browser loads it, built again when its sources are newer.
 *
 * Imports   node, vite.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { build } from 'vite';

const repository = path.resolve(import.meta.dirname, '../..');
const SOURCES = ['renderer', 'engine/contract', 'engine/domain', 'engine/base', 'assets'];

/** Folder of the built window. */
export async function builtWindow(): Promise<string> {
  const folder = path.join(repository, 'out', 'renderer');
  const page = path.join(folder, 'index.html');
  const isFresh = existsSync(page) && statSync(page).mtimeMs > newestSource();
  if (!isFresh) {
    await build({ configFile: path.join(repository, 'vite.config.ts'), logLevel: 'error' });
  }
  return folder;
}

function newestSource(): number {
  let newest = 0;
  for (const source of SOURCES) {
    const folder = path.join(repository, source);
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      newest = Math.max(newest, statSync(path.join(entry.parentPath, entry.name)).mtimeMs);
    }
  }
  return newest;
}
