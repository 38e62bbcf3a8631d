/**
 * eager-rig: the composed engine with both strategies armed, trading some ten times as often as by
 * default, so that every kind of order, fill and exit comes many times a second.
 *
 * Imports   core, risk, ./pipeline-rig.
 */
import { STRATEGY_MARKET_MAKING, STRATEGY_SCALPER } from '../core/command-codes.ts';
import { simLimitValues } from '../risk/limits.ts';
import { PipelineRig } from './pipeline-rig.ts';
import type { RecordedMarket } from './recorded-market.ts';

/** Enters on little, leaves soon. */
const EAGER = {
  scalper: {
    enterScore: 0.15,
    tellScore: 0.1,
    agreeCount: 1,
    needFamilies: 0,
    edgeFractionOneTick: 1,
    edgeFractionWide: 1,
    edgeMargin: 1,
    sigmaCostMin: 1,
    takeScore: 0.2,
    coolDownMs: 0,
    entryGapMs: 100,
    entriesMax: 100_000,
    vetoGapMs: 10,
  },
  exits: { timeLimitMs: 10_000, timeWarningMs: 5_000, entryTimeoutMs: 500 },
  quoter: { requoteIntervalMs: 10, halfSpreadSigmas: 0.2, pullHoldMs: 0 },
  limits: {
    ...simLimitValues(),
    ordersPerSecond: 1000,
    orderBurst: 1000,
    maxDayLoss: 1e9,
    maxDayFees: 1e9,
    maxDrawdown: 1e9,
  },
};
/** The quoter is armed on these; the scalper may enter on all. */
const QUOTED = [0, 2, 4];

export function eagerRig(market: RecordedMarket): PipelineRig {
  const rig = new PipelineRig(market, EAGER);
  rig.engine.arm(STRATEGY_SCALPER);
  for (const instrument of QUOTED) rig.engine.arm(STRATEGY_MARKET_MAKING, instrument);
  return rig;
}
