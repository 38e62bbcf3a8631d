/**
 * paths: where the built parts lie, found from this built file, in a checkout and in an archive.
 *
 * Imports   node.
 */
import { fileURLToPath } from 'node:url';

export const PRELOAD = fileURLToPath(new URL('../preload/preload.cjs', import.meta.url));
export const ENGINE_ENTRY = fileURLToPath(
  new URL('../engine-host/engine-host.ts', import.meta.url),
);
export const EXCHANGE_ENTRY = fileURLToPath(
  new URL('../exchange-host/exchange-host.ts', import.meta.url),
);
/** The window's files: out/renderer beside out/app. */
export const RENDERER_ROOT = fileURLToPath(new URL('../../../renderer/', import.meta.url));
