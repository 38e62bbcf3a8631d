/**
 * product-config: the flags by which every command names a configuration and a data folder.
 *
 * Imports   runtime/launch.
 */
import type { ParseArgsOptionsConfig } from 'node:util';

export { loadProductConfig, PRODUCT_SECTIONS } from '../runtime/launch/product-config.ts';
export type { ConfigFlagValues } from '../runtime/launch/product-config.ts';

/** Flags that say which engine is meant; every command that needs one takes them. */
export const CONFIG_FLAGS = {
  config: { type: 'string' },
  'data-dir': { type: 'string' },
  mode: { type: 'string' },
  account: { type: 'string' },
  set: { type: 'string', multiple: true },
} as const satisfies ParseArgsOptionsConfig;

export const CONFIG_FLAGS_HELP = `
  --config FILE      configuration file; the usual one is read when it exists
  --data-dir DIR     folder that holds a folder for each mode and account
  --mode MODE        sim (default), replay or paper
  --account NAME     names the data folder beside the mode ("main")
  --set NAME=VALUE   any setting of the configuration; may be given often`.slice(1);
