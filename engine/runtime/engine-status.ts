/**
 * engine-status: the whole status out of the host's copies.
 *
 * Imports   contract, core, domain, journal, runtime.
 */
import type { EngineStatus } from '../contract/status.ts';
import { CONTRACT_VERSION } from '../contract/version.ts';
import { EngineHead } from '../core/published.ts';
import { Mode } from '../domain/modes.ts';
import { JournalState } from '../journal/journal-layout.ts';
import { Counter } from '../telemetry/counters.ts';
import type { EngineHost } from './engine-host.ts';
import {
  denialCounts,
  instrumentStatus,
  orderStatuses,
  pnlStatus,
  quoteStatuses,
  round,
  scalpStatuses,
  strategyStatuses,
  tradingStateName,
} from './status-builder.ts';
import type { StatusSource } from './status-builder.ts';

export function buildStatus(engine: EngineHost): EngineStatus {
  const { views, start, instruments, rates } = engine;
  const source: StatusSource = {
    instruments,
    layout: views.layout,
    view: views.engine,
    markets: views.markets,
    anchorWallMs: start.session.startWallMs,
    clientIds: engine.clientIds,
    troubles: engine.handTroubles,
  };
  // While a tape plays, the clock on the screen is the tape's.
  const nowMs = Math.round(start.session.startWallMs + engine.nowNs() / 1e6);
  return {
    contract: CONTRACT_VERSION,
    session: start.session.id,
    mode: engine.options.mode,
    state: tradingStateName(engine.state),
    stateReason: engine.stateReason,
    atMs: nowMs,
    uptimeMs: nowMs - start.session.startWallMs,
    messagesPerSecond: rates.messagesPerSecond,
    instruments: instruments.map((_, i) =>
      instrumentStatus(source, i, { messagesPerSecond: rates.instruments[i]! }),
    ),
    scalps: scalpStatuses(source),
    orders: orderStatuses(source),
    strategies: strategyStatuses(source),
    quotes: quoteStatuses(source),
    pnl: pnlStatus(source, instruments[0]?.spec.quoteAsset ?? ''),
    latency: views.latency(),
    drops: dropsOf(engine),
    journal: journalOf(engine),
    lease: engine.lease.status(),
    venue: venueOf(engine),
    kill: engine.kill.report,
    denials: denialCounts(source),
    alerts: engine.alertList(),
    replayProgress: engine.replayProgress,
    replay: engine.replay?.status() ?? null,
  };
}

function dropsOf(engine: EngineHost): EngineStatus['drops'] {
  const { counters, hostRing, tape } = engine.views;
  const total = counters.totals;
  return {
    journalSlots: total[Counter.JournalSlotsLost]! + engine.journal.status.report().lostSlots,
    hostSlots: hostRing.lostSlots(),
    tape: tape.missed,
    malformed: total[Counter.Malformed]!,
    batchOverflow: total[Counter.Drops]!,
    frames: engine.skippedFrames(),
  };
}

function journalOf(engine: EngineHost): EngineStatus['journal'] {
  const report = engine.journal.status.report();
  return {
    session: engine.start.session.id,
    bytes: report.bytes,
    segments: report.segments,
    lostSlots: report.lostSlots,
    failed: report.state === JournalState.Failed,
  };
}

function venueOf(engine: EngineHost): EngineStatus['venue'] {
  const { sockets, start, options } = engine;
  const budget = engine.views.engine[EngineHead.OrderBudgetPercent]!;
  return {
    name: options.mode === Mode.Sim ? 'simulated exchange' : 'tape',
    // The sockets ended with the thread that held them.
    market: engine.kill.isThreadDead ? 'down' : sockets.market,
    orders: engine.kill.isThreadDead ? 'down' : sockets.orders,
    user: engine.kill.isThreadDead ? 'down' : sockets.user,
    clockOffsetMs: start.clock === null ? null : round(start.clock.offsetMs, 3),
    clockUncertaintyMs: start.clock === null ? null : round(start.clock.uncertaintyMs, 3),
    orderBudgetPercent: Math.round(budget),
  };
}
