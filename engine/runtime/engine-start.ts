/**
 * engine-start: what must be known before the first thread runs: who we are, what the venue says,
 * what a crash left behind. Nothing is traded here; leftovers are cancelled.
 *
 * Errors    EngineError of the venue, the disk and the configuration.
 * Imports   base, core, domain, execution, journal, runtime.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError, messageOf } from '../base/errors.ts';
import { JOURNAL_VERSION } from '../core/pipeline-options.ts';
import type { PipelineOptions } from '../core/pipeline-options.ts';
import type { InstrumentSpec } from '../domain/instrument.ts';
import { Mode, TradingState } from '../domain/modes.ts';
import { E8 } from '../domain/units.ts';
import type { CancelReport } from '../execution/venues/binance-usdm/cancel-only.ts';
import { ed25519Signer } from '../execution/venues/binance-usdm/sign.ts';
import { readFileIfAny, writeFileAtomic } from '../journal/atomic-file.ts';
import { DayPnlFile, utcDay } from '../journal/day-pnl.ts';
import type { DayPnl } from '../journal/day-pnl.ts';
import { exposureLatch, haltLatch } from '../journal/latch-file.ts';
import { createSession, isInstallation, lettersOf } from '../journal/session.ts';
import type { Session } from '../journal/session.ts';
import { TapeReader } from '../tape/tape-reader.ts';
import type { EngineOptions } from './engine-options.ts';
import { planReconcile, readExposure } from './reconcile.ts';
import type { JournaledExposure, ReconcilePlan } from './reconcile.ts';
import { loadSimKey, registerSimKey } from './sim-key.ts';
import type { SimKey } from './sim-key.ts';
import { VenueDesk } from './venue-desk.ts';
import { PaperDesk } from './paper-desk.ts';
import type { VenueAccess } from './venue-access.ts';

export interface StartState {
  readonly session: Session;
  readonly journalFolder: string;
  /** What orders are signed with; null where there is no venue. */
  readonly key: SimKey | null;
  readonly venue: VenueAccess;
  readonly clock: { readonly offsetMs: number; readonly uncertaintyMs: number } | null;
  readonly specs: readonly InstrumentSpec[];
  readonly dayPnl: DayPnl;
  readonly reconcile: ReconcilePlan;
  /** Why the engine starts HALTED; '' for a clean start. */
  readonly haltReason: string;
  readonly leftovers: CancelReport | null;
  readonly pipeline: PipelineOptions;
}

export function prepareStart(options: EngineOptions): Promise<StartState> {
  mkdirSync(options.dataFolder, { recursive: true, mode: 0o700 });
  if (options.mode === Mode.Sim) return prepareSim(options);
  if (options.mode === Mode.Replay) return Promise.resolve(prepareReplay(options));
  const text = `--mode ${options.mode} is not available in this version; use sim or replay`;
  throw new EngineError('runtime/not-available', text);
}

async function prepareSim(options: EngineOptions): Promise<StartState> {
  const journalFolder = join(options.dataFolder, 'journal');
  const key = loadSimKey(options.dataFolder);
  await registerSimKey(options.endpoints.rest, key, options.wallet);
  const venue = new VenueDesk({
    rest: options.endpoints.rest,
    signer: ed25519Signer(key.apiKey, key.privateKeyPem),
    symbols: options.symbols,
    receiveWindowMs: options.receiveWindowMs,
    isLoopbackOnly: true,
  });
  const clock = await venue.syncClock();
  const specs = await venue.specs();
  const exposed = exposureLatch(options.dataFolder).read();
  const halted = haltLatch(options.dataFolder).read();
  // Nothing rests from before, whoever left it: a fresh session knows every order of its own.
  const leftovers = exposed === null ? null : await venue.cancelEverything(true);
  const positions = await venue.positions();
  const equityE8 = await venue.walletE8(specs[0]?.quoteAsset ?? 'USDT');
  const session = createSession(Date.now(), installationOf(options.dataFolder), randomBytes(8));
  const exposure = exposed === null ? null : exposureOf(journalFolder, exposed.session);
  const reconcile = planReconcile(exposure, positions, specs, session.startWallMs);
  const haltReason = haltReasonOf(exposed !== null, halted?.reason ?? '', reconcile);
  return {
    session,
    journalFolder,
    key,
    venue,
    clock,
    specs,
    dayPnl: new DayPnlFile(options.dataFolder).load(Date.now()),
    reconcile,
    haltReason,
    leftovers,
    pipeline: pipelineOptions(options, { session, specs, equityE8, haltReason }),
  };
}

/**
 * The session that a replay starts anew with. Order ids go on under the old prefix: what the host
 * knows of them stays right, and no venue is there to mistake them.
 */
export function freshReplay(options: EngineOptions, before: StartState): StartState {
  const fresh = prepareReplay(options);
  const { orderPrefix } = before.session;
  return {
    ...fresh,
    venue: before.venue,
    session: { ...fresh.session, orderPrefix },
    pipeline: { ...fresh.pipeline, prefix: orderPrefix },
  };
}

/** Instruments and time come from the tape; nothing of a run before matters. */
function prepareReplay(options: EngineOptions): StartState {
  if (options.replay === null) {
    throw new EngineError('usage/invalid', 'a replay needs a tape: add --tape FILE');
  }
  const reader = new TapeReader(options.replay.tape);
  const specs = reader.header.instruments;
  const startWallMs = reader.header.anchorWallMs;
  reader.close();
  const made = createSession(Date.now(), installationOf(options.dataFolder), randomBytes(8));
  const session: Session = { ...made, startWallMs };
  const equityE8 = Math.round(Number(options.wallet) * E8);
  return {
    session,
    journalFolder: join(options.dataFolder, 'journal'),
    key: null,
    venue: new PaperDesk(),
    clock: null,
    specs,
    dayPnl: { day: utcDay(startWallMs), realisedE8: 0, feesE8: 0, fills: 0 },
    reconcile: { scalps: [], inventory: [], unprotected: [], notes: [] },
    haltReason: '',
    leftovers: null,
    pipeline: pipelineOptions(options, { session, specs, equityE8, haltReason: '' }),
  };
}

function haltReasonOf(isExposed: boolean, halted: string, reconcile: ReconcilePlan): string {
  const reasons: string[] = [];
  if (isExposed) reasons.push('the session before ended while orders may have existed');
  if (halted !== '') reasons.push(halted);
  reasons.push(...reconcile.unprotected);
  return reasons.join('; ');
}

/** The crashed session's journal; a journal that cannot be read is a note, not a stop. */
function exposureOf(folder: string, session: string): JournaledExposure | null {
  try {
    return session === '' ? readExposure(folder) : readExposure(folder, session);
  } catch (error) {
    return {
      session,
      anchorWallMs: 0,
      symbols: [],
      scalps: [],
      inventory: [],
      hand: [],
      warnings: [`the journal of the session before cannot be read: ${messageOf(error)}`],
    };
  }
}

/** Four characters that name this installation in every client order id. */
function installationOf(folder: string): string {
  const file = join(folder, 'installation');
  const known = readFileIfAny(file)?.trim() ?? '';
  if (isInstallation(known)) return known;
  const made = lettersOf(randomBytes(4));
  writeFileAtomic(file, `${made}\n`);
  return made;
}

function pipelineOptions(
  options: EngineOptions,
  made: {
    readonly session: Session;
    readonly specs: readonly InstrumentSpec[];
    readonly equityE8: number;
    readonly haltReason: string;
  },
): PipelineOptions {
  const { session, specs, equityE8, haltReason } = made;
  return {
    version: JOURNAL_VERSION,
    mode: options.mode,
    session: session.id,
    prefix: session.orderPrefix,
    anchorWallMs: session.startWallMs,
    initialState: haltReason === '' ? TradingState.Disarmed : TradingState.Halted,
    specs,
    equityE8,
    signals: options.signals,
    scalper: options.scalper,
    exits: options.exits,
    quoter: options.quoter,
    limits: options.limits,
    freshness: options.freshness,
    receiveWindowMs: options.receiveWindowMs,
  };
}
