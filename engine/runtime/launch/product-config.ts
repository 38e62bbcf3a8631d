/**
 * product-config: the configuration of the whole product: the fields of config/ and, as sections,
 * the parameters and limits that other rooms own; loaded as flags ask for it.
 *
 * Imports   config, and the rooms that own parameters.
 */
import { loadConfig, type Config } from '../../config/config.ts';
import type { ConfigSection, ConfigSections, SectionField } from '../../config/sections.ts';
import { EXIT_FIELDS } from '../../exits/parameters.ts';
import { QUOTER_FIELDS, quoterParameters } from '../../market-making/parameters.ts';
import { LIMIT_SCHEMA } from '../../risk/limits.ts';
import { SIGNAL_FIELDS, signalParameters } from '../../signals/parameters.ts';
import { SCALPER_FIELDS } from '../../strategies/scalper/parameters.ts';

export const PRODUCT_SECTIONS: ConfigSections = {
  signals: { text: 'The eight signals.', fields: SIGNAL_FIELDS },
  scalper: { text: 'When the scalper enters, and how large.', fields: SCALPER_FIELDS },
  exits: { text: 'How open scalps are closed.', fields: EXIT_FIELDS },
  quoter: { text: 'Two-sided quoting.', fields: QUOTER_FIELDS },
  limits: limitSection(),
};

/** Flags that say which engine is meant. */
export interface ConfigFlagValues {
  readonly config?: string | undefined;
  readonly 'data-dir'?: string | undefined;
  readonly mode?: string | undefined;
  readonly account?: string | undefined;
  readonly set?: readonly string[] | undefined;
}

/**
 * The configuration that flags (and further settings of a command) ask for, over the overrides of
 * the settings screen.
 */
export function loadProductConfig(
  values: ConfigFlagValues,
  further: Readonly<Record<string, unknown>> = {},
  overrides: Readonly<Record<string, unknown>> = {},
): Config {
  const settings = (values.set ?? []).map((text): [string, unknown] => {
    const at = text.indexOf('=');
    return at < 0 ? [text, true] : [text.slice(0, at), text.slice(at + 1)];
  });
  return loadConfig({
    file: values.config,
    sections: PRODUCT_SECTIONS,
    overrides,
    check: checkParameters,
    flags: {
      ...Object.fromEntries(settings),
      ...further,
      mode: values.mode,
      account: values.account,
      dataDir: values['data-dir'],
    },
  });
}

/** As the rooms will do at start: an override must not get so far. */
function checkParameters(parameters: Config['parameters']): void {
  signalParameters(parameters['signals']);
  quoterParameters(parameters['quoter']);
}

function limitSection(): ConfigSection {
  const fields = LIMIT_SCHEMA.map(({ name, unit, sim, most, meaning }): [string, SectionField] => {
    const effect = `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}.`;
    return [name, { unit, default: sim, min: 0, max: most, effect }];
  });
  return {
    text: 'Risk limits. Unset in LIVE means: denied.',
    isPractice: true,
    fields: Object.fromEntries(fields),
  };
}
