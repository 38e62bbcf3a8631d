/**
 * fake-configuration: the product's real configuration, without a file, for the fake engine.
 *
 * Imports   engine cli, config, runtime.
 */
import { PRODUCT_SECTIONS } from '../../engine/cli/product-config.ts';
import { loadConfig, type Config } from '../../engine/config/config.ts';
import { Configuration } from '../../engine/runtime/desk/configuration.ts';

function load(overrides: Readonly<Record<string, unknown>>): Config {
  return loadConfig({ file: null, overrides, sections: PRODUCT_SECTIONS });
}

export function fakeConfiguration(): Configuration {
  const parts = { config: load({}), sections: PRODUCT_SECTIONS, modeDefaults: {}, notes: [] };
  return new Configuration({ ...parts, load });
}
