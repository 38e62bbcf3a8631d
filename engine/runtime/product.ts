/**
 * product: name and version, read once from the manifest beside the code.
 *
 * Imports   node.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The nearest folder above that holds the manifest: the checkout, or the packed application. */
export const PRODUCT_ROOT = productRoot();
export const PRODUCT_VERSION = readVersion();

function productRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) {
    folder = dirname(folder);
  }
  return folder;
}

function readVersion(): string {
  const text = readFileSync(join(PRODUCT_ROOT, 'package.json'), 'utf8');
  const { version } = JSON.parse(text) as { version?: unknown };
  return typeof version === 'string' ? version : '0.0.0';
}
