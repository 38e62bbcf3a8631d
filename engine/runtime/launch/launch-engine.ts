/**
 * launch-engine: from flags to a running engine: the configuration they make, the simulated
 * exchange beside the engine where the mode needs one, then the engine itself.
 *
 * Commands use it as they are; the desktop shell hands in its own way to start a process.
 * Errors    EngineError 'usage/invalid', 'config/invalid', 'venue/unreachable'; the engine's own.
 * Imports   config, strategies, execution, runtime.
 */
import { resolve } from 'node:path';
import { EngineError } from '../../base/errors.ts';
import type { Config } from '../../config/config.ts';
import { Mode } from '../../domain/modes.ts';
import { endpointsOf } from '../../execution/venues/binance-usdm/endpoints.ts';
import { SIM_SCALPER_VALUES } from '../../strategies/scalper/parameters.ts';
import type { SettingValues } from '../../contract/settings.ts';
import { Configuration } from '../desk/configuration.ts';
import { readSavedOverrides } from '../desk/saved-overrides.ts';
import type { EngineOptions } from '../engine-options.ts';
import { Engine } from '../engine.ts';
import { ensureExchange, listedSymbols, nodeProcessHost } from '../exchange-process.ts';
import type { ProcessHost } from '../exchange-process.ts';
import { loadProductConfig, PRODUCT_SECTIONS, type ConfigFlagValues } from './product-config.ts';

export interface EngineFlags extends ConfigFlagValues {
  readonly symbols?: string | undefined;
  readonly seed?: string | undefined;
  readonly rate?: string | undefined;
  readonly tape?: string | undefined;
  readonly speed?: string | undefined;
}

export function configOf(flags: EngineFlags): Config {
  return configurationOf(flags).config;
}

/** What an engine that starts now runs with, and what the settings screen may know of it. */
export function configurationOf(flags: EngineFlags): {
  readonly config: Config;
  readonly configuration: Configuration;
} {
  const mode = flags.mode ?? (flags.tape === undefined ? undefined : Mode.Replay);
  const further = {
    symbols: flags.symbols,
    'exchange.seed': flags.seed,
    'exchange.messagesPerSecond': flags.rate,
  };
  const load = (overrides: SettingValues): Config =>
    loadProductConfig({ ...flags, mode }, further, overrides);
  const saved = readSavedOverrides(load({}).deskFolder);
  const config = load(saved.overrides);
  const notes = [...saved.notes, ...config.ignored];
  const modeDefaults = modeDefaultsOf(config.mode);
  const parts = { config, sections: PRODUCT_SECTIONS, modeDefaults, load, notes };
  return { config, configuration: new Configuration(parts) };
}

/** The calibration of edge is one of the market it was measured on. */
function modeDefaultsOf(mode: Mode): Readonly<Record<string, number>> {
  if (mode === Mode.Replay) return { 'limits.collarReferences': REFERENCES_OF_TAPE };
  if (mode !== Mode.Sim) return {};
  const values = Object.entries(SIM_SCALPER_VALUES);
  return Object.fromEntries(values.map(([name, value]) => [`scalper.${name}`, value]));
}

/** Starts the exchange where the mode needs one, then the engine. */
export async function launchEngine(
  flags: EngineFlags,
  say: (line: string) => void,
  host: ProcessHost = nodeProcessHost,
): Promise<{ readonly engine: Engine; readonly config: Config }> {
  const { config, configuration } = configurationOf(flags);
  const note = (text: string): void => configuration.note(text);
  const options = { ...(await engineOptions(config, flags, say, host, note)), configuration };
  return { engine: await Engine.open(options), config };
}

async function engineOptions(
  config: Config,
  flags: EngineFlags,
  say: (line: string) => void,
  host: ProcessHost,
  note: (text: string) => void,
): Promise<EngineOptions> {
  const parameters = (section: string): Readonly<Record<string, number>> =>
    config.parameters[section] ?? {};
  const venue = config.venue.binanceUsdm;
  const base = {
    mode: config.mode,
    dataFolder: config.dataFolder,
    deskFolder: config.deskFolder,
    symbols: config.symbols,
    endpoints: { rest: venue.rest, wsApi: venue.wsApi, privateStream: venue.privateStream },
    marketStream: venue.marketStream,
    depthSpeed: config.feed.depthSpeed,
    receiveWindowMs: config.orders.receiveWindowMs,
    signals: parameters('signals'),
    // The calibration of edge is one of the market it was measured on.
    scalper:
      config.mode === Mode.Sim
        ? { ...SIM_SCALPER_VALUES, ...parameters('scalper') }
        : parameters('scalper'),
    exits: parameters('exits'),
    quoter: parameters('quoter'),
    limits: parameters('limits'),
    freshness: config.feed,
    journal: config.journal,
    lease: config.lease,
    countdown: {
      windowMs: config.orders.countdownMs,
      renewEveryMs: config.orders.countdownRenewMs,
    },
    wallet: config.exchange.wallet,
    replay: null,
  };
  if (config.mode === Mode.Replay) return replayOptions(base, flags, config);
  if (config.mode !== Mode.Sim) return base;
  const launch = {
    dataFolder: config.dataFolder,
    seed: config.exchange.seed,
    rate: config.exchange.messagesPerSecond,
    idleExitSeconds: config.exchange.idleExitSeconds,
  };
  const exchange = await ensureExchange(launch, host);
  const how = exchange.found ? 'found' : 'started';
  say(`simulated exchange ${how} at ${exchange.url} (process ${exchange.pid})`);
  const symbols = await symbolsOf(config, exchange, note);
  return { ...base, symbols, endpoints: endpointsOf(exchange.url), marketStream: exchange.wsUrl };
}

/** What the settings screen asks for and the venue does not list keeps no engine from starting. */
async function symbolsOf(
  config: Config,
  exchange: Parameters<typeof listedSymbols>[0],
  note: (text: string) => void,
): Promise<readonly string[]> {
  const { symbols, sources } = config;
  const isOverride = sources['symbols']?.startsWith('settings ') === true;
  if (symbols.length > 0 && !isOverride) return symbols;
  const listed = await listedSymbols(exchange);
  const known = symbols.filter((symbol) => listed.includes(symbol));
  const strange = symbols.filter((symbol) => !listed.includes(symbol));
  if (strange.length > 0) note(`settings symbols: the venue does not list ${strange.join(', ')}`);
  return known.length > 0 ? known : listed;
}

/**
 * Tapes hold no mark price: the collar measures against mid and last unless the file says
 * otherwise.
 */
const REFERENCES_OF_TAPE = 3;

function replayOptions(base: EngineOptions, flags: EngineFlags, config: Config): EngineOptions {
  if (flags.tape === undefined) {
    throw new EngineError('usage/invalid', 'a replay needs a tape: add --tape FILE');
  }
  const text = flags.speed ?? '1';
  const speed = text === 'max' ? 0 : Number(text);
  if (!Number.isFinite(speed) || speed < 0 || speed > 1000 || (speed === 0 && text !== 'max')) {
    throw new EngineError('usage/invalid', `--speed ${text}: give 0.1 to 1000, or "max"`);
  }
  const isSaid = 'limits.collarReferences' in config.sources;
  const limits = isSaid ? base.limits : { ...base.limits, collarReferences: REFERENCES_OF_TAPE };
  return { ...base, limits, replay: { tape: resolve(flags.tape), speed } };
}
