/**
 * armed-rig: the composed engine with both strategies armed, and how long V8 needs to settle on it.
 *
 * Imports   bench, core, risk, ./gate.
 */
import { PipelineRig } from '../../engine/bench/pipeline-rig.ts';
import { RecordedMarket } from '../../engine/bench/recorded-market.ts';
import { STRATEGY_MARKET_MAKING, STRATEGY_SCALPER } from '../../engine/core/command-codes.ts';
import { simLimitValues } from '../../engine/risk/limits.ts';
import type { GateOptions } from './gate.ts';

/**
 * Messages cost microseconds: fewer a round than the gate's usual, still far above its noise. Rare
 * turns of the market take rarely used branches, and V8 compiles a function anew after the first
 * time: some rounds pass until the last of them is known.
 */
export const LONG: GateOptions = {
  warmupChunks: 400,
  rounds: 20,
  chunks: 100,
  chunkCalls: 2000,
};

/** Enters on little, leaves soon: orders, fills and exits of every kind many times a second. */
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
const QUOTED = [0, 2, 4];

export function recordMarket(): RecordedMarket {
  return new RecordedMarket({ seed: 7, seconds: 12 });
}

/** A recorded market over and over, the scalper armed on all instruments, the quoter on some. */
export function armedRig(): PipelineRig {
  const rig = new PipelineRig(recordMarket(), EAGER);
  rig.engine.arm(STRATEGY_SCALPER);
  for (const instrument of QUOTED) rig.engine.arm(STRATEGY_MARKET_MAKING, instrument);
  return rig;
}
