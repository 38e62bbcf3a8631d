/**
 * quoter-constants: settings and instrument facts worked out once into what the hot path reads.
 *
 * Writer    compileQuoterConstants at start-up, one row an instrument. Readers: the quoter's files.
 * Units     ns for times, fractions of the price for bp.
 * Imports   base, domain, ./parameters.
 */
import { NS_PER_MS } from '../base/clock.ts';
import type { Instrument } from '../domain/instrument.ts';
import { E8 } from '../domain/units.ts';
import type { QuoterParameters } from './parameters.ts';

export const Q = {
  QuoteNotionalE8: 0,
  SoftNotionalE8: 1,
  HardNotionalE8: 2,
  /** Maker fee + least edge, as a fraction of the price. */
  CostFraction: 3,
  HalfSpreadSigmas: 4,
  MaxHalfFraction: 5,
  MinSpreadToCost: 6,
  Skew: 7,
  RequoteHalfSpreads: 8,
  RequoteTicks: 9,
  RequoteIntervalNs: 10,
  BackoffNs: 11,
  LateFillNs: 12,
  StaleNs: 13,
  BurstMax: 14,
  JumpSigmas: 15,
  VolatilityRatioMax: 16,
  SpreadRatioMax: 17,
  FlowPull: 18,
  PullHoldNs: 19,
  PulledUnwindNs: 20,
  UnwindPassiveNs: 21,
  UnwindIntervalNs: 22,
  UnwindThroughFraction: 23,
  TickLotE8: 24,
  MinLots: 25,
  MaxLots: 26,
  MinNotionalE8: 27,
} as const;
export const QUOTER_CONSTANTS = 32;

const BP = 1e-4;

export function compileQuoterConstants(
  instruments: readonly Instrument[],
  parameters: QuoterParameters,
): Float64Array {
  const constants = new Float64Array(instruments.length * QUOTER_CONSTANTS);
  instruments.forEach((instrument, index) => {
    const at = index * QUOTER_CONSTANTS;
    fillSettings(constants.subarray(at, at + QUOTER_CONSTANTS), parameters);
    constants[at + Q.CostFraction] = instrument.makerFeeRateE8 / E8 + parameters.minEdgeBp * BP;
    constants[at + Q.TickLotE8] = instrument.tickLotE8;
    constants[at + Q.MinLots] = instrument.minLots;
    constants[at + Q.MaxLots] = instrument.maxLots;
    constants[at + Q.MinNotionalE8] = instrument.minNotionalE8;
  });
  return constants;
}

function fillSettings(k: Float64Array, p: QuoterParameters): void {
  k[Q.QuoteNotionalE8] = p.quoteNotional * E8;
  k[Q.SoftNotionalE8] = p.softLimitNotional * E8;
  k[Q.HardNotionalE8] = p.hardLimitNotional * E8;
  k[Q.HalfSpreadSigmas] = p.halfSpreadSigmas;
  k[Q.MaxHalfFraction] = p.maxHalfSpreadBp * BP;
  k[Q.MinSpreadToCost] = p.minSpreadToCost;
  k[Q.Skew] = p.skewHalfSpreads;
  k[Q.RequoteHalfSpreads] = p.requoteHalfSpreads;
  k[Q.RequoteTicks] = p.requoteTicks;
  k[Q.RequoteIntervalNs] = p.requoteIntervalMs * NS_PER_MS;
  k[Q.BackoffNs] = p.denialBackoffMs * NS_PER_MS;
  k[Q.LateFillNs] = p.lateFillMs * NS_PER_MS;
  k[Q.StaleNs] = p.staleMs * NS_PER_MS;
  k[Q.BurstMax] = p.burstMax;
  k[Q.JumpSigmas] = p.jumpSigmas;
  k[Q.VolatilityRatioMax] = p.volatilityRatioMax;
  k[Q.SpreadRatioMax] = p.spreadRatioMax;
  k[Q.FlowPull] = p.flowPull;
  k[Q.PullHoldNs] = p.pullHoldMs * NS_PER_MS;
  k[Q.PulledUnwindNs] = p.pulledUnwindMs * NS_PER_MS;
  k[Q.UnwindPassiveNs] = p.unwindPassiveMs * NS_PER_MS;
  k[Q.UnwindIntervalNs] = p.unwindIntervalMs * NS_PER_MS;
  k[Q.UnwindThroughFraction] = p.unwindThroughBp * BP;
}
