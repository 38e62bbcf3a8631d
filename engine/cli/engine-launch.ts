/**
 * engine-launch: what `start`, `serve` and `headless` share: their flags, the configuration they
 * make, the simulated exchange beside the engine, and the orderly end.
 *
 * Imports   everything (cli).
 */
import { resolve } from 'node:path';
import { EngineError } from '../base/errors.ts';
import type { Config } from '../config/config.ts';
import { Mode } from '../domain/modes.ts';
import { endpointsOf } from '../execution/venues/binance-usdm/endpoints.ts';
import type { SettingValues } from '../contract/settings.ts';
import { Configuration } from '../runtime/desk/configuration.ts';
import { readSavedOverrides } from '../runtime/desk/saved-overrides.ts';
import type { EngineOptions } from '../runtime/engine-options.ts';
import { Engine } from '../runtime/engine.ts';
import { ensureExchange, listedSymbols } from '../runtime/exchange-process.ts';
import { SIM_SCALPER_VALUES } from '../strategies/scalper/parameters.ts';
import {
  CONFIG_FLAGS,
  CONFIG_FLAGS_HELP,
  loadProductConfig,
  PRODUCT_SECTIONS,
} from './product-config.ts';
import type { ConfigFlagValues } from './product-config.ts';

/** For node:util parseArgs. */
export const ENGINE_FLAGS = {
  ...CONFIG_FLAGS,
  symbols: { type: 'string' },
  seed: { type: 'string' },
  rate: { type: 'string' },
  tape: { type: 'string' },
  speed: { type: 'string' },
} as const;

export const ENGINE_FLAGS_HELP = `
${CONFIG_FLAGS_HELP}
  --symbols A,B,C    instruments (sim: any of the exchange's)
  --seed N  --rate N sim: seed of the order flow, market messages a second
  --tape FILE        replay: the tape (made by "tickdeck import"); implies --mode replay
  --speed X          replay: times real time; "max" as fast as it goes (default 1)`;

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
): Promise<{ readonly engine: Engine; readonly config: Config }> {
  const { config, configuration } = configurationOf(flags);
  const options = { ...(await engineOptions(config, flags, say)), configuration };
  return { engine: await Engine.open(options), config };
}

async function engineOptions(
  config: Config,
  flags: EngineFlags,
  say: (line: string) => void,
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
  const exchange = await ensureExchange({
    dataFolder: config.dataFolder,
    seed: config.exchange.seed,
    rate: config.exchange.messagesPerSecond,
    idleExitSeconds: config.exchange.idleExitSeconds,
  });
  const how = exchange.found ? 'found' : 'started';
  say(`simulated exchange ${how} at ${exchange.url} (process ${exchange.pid})`);
  const symbols = config.symbols.length > 0 ? config.symbols : await listedSymbols(exchange);
  return { ...base, symbols, endpoints: endpointsOf(exchange.url), marketStream: exchange.wsUrl };
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

/** Settles with the first of: a signal, `also`. Further signals end the process at once. */
export function untilStopped(also: Promise<unknown>): Promise<void> {
  return new Promise((resolveStop) => {
    let asked = 0;
    const onSignal = (): void => {
      asked++;
      if (asked > 1) process.exit(1);
      resolveStop();
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
    // The window of the shell was closed.
    process.on('SIGHUP', onSignal);
    void also.then(() => resolveStop());
  });
}

/** Stops and says what is left, one line each; the exit code. */
export async function stopEngine(engine: Engine, flatten: boolean): Promise<number> {
  const left = await engine.stop({ flatten });
  for (const line of left) process.stderr.write(`tickdeck: left open: ${line}\n`);
  return left.length === 0 ? 0 : 1;
}
