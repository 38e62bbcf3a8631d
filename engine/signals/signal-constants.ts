/**
 * signal-constants: the settings worked out once into the numbers that the hot path multiplies
 * with.
 *
 * Writer    compileSignalConstants at start-up. Readers: the signal files.
 * Units     inverse time constants per ns; the rest as the setting.
 * Imports   base, ./parameters.
 */
import { NS_PER_MS, NS_PER_S } from '../base/clock.ts';
import type { SignalParameters } from './parameters.ts';

export const K = {
  /** Inverse time constants, in the order of S.DecayMomentum. */
  InvTau0: 0,
  /** Inverse time constants of the slow step, in the order of S.DecayOfiScale. */
  InvSlowTau0: 8,

  MomentumMinChangeSpreads: 16,
  /** Standard deviation of (price − its average) for a random walk, as a multiple of sigma. */
  InvMomentumSd: 17,
  InvVelocityTauS: 18,
  InvAccelerationTauS: 19,
  InvAccelerationSd: 20,
  FlowTauS: 21,
  FlowShareOneTick: 22,
  FlowShareWide: 23,
  VolumeThreshold: 24,
  TouchShareOneTick: 25,
  TouchShareWide: 26,
  DistanceSpreads: 27,
  InvEmaSd: 28,
  EmaHysteresis: 29,
  RsiPeriod: 30,
  RsiPivotBars: 31,
  RsiPivotGapBars: 32,
  RsiMinPoints: 33,
  RsiBarDecay: 34,
  SigmaFloorTicks: 35,
  BurstTauNs: 36,
  OneTickSpreadTicks: 37,
  WarmUpNs: 38,
  WarmUpTrades: 39,
  InvWarmUpNs: 40,
  InvSettleNs: 41,
  InvStaleNs: 42,
  InvFlowTauS: 43,
} as const;
export const CONSTANTS_SIZE = 48;

export const FAST_TAUS = 8;
export const SLOW_TAUS = 5;
/** The two long volatility horizons have a grid of their own. */
export const LONG_TAUS = 2;

const VOLATILITY_30S_TAU_S = 600;
const VOLATILITY_5M_TAU_S = 1800;

export function compileSignalConstants(parameters: SignalParameters): Float64Array {
  const p = parameters;
  const k = new Float64Array(CONSTANTS_SIZE);
  const fastMs = [
    p.momentumTauMs,
    p.velocityTauMs,
    p.accelerationTauMs,
    p.ofiHalfLifeMs / Math.LN2,
    p.flowTauMs,
    p.emaFastMs,
    p.emaSlowMs,
    p.burstTauMs,
  ];
  const slowS = [
    p.ofiScaleTauS,
    p.volumeBaselineTauS,
    p.spreadTauS,
    p.burstBaselineTauS,
    p.volatilityTauS,
    VOLATILITY_30S_TAU_S,
    VOLATILITY_5M_TAU_S,
  ];
  fastMs.forEach((tauMs, i) => (k[K.InvTau0 + i] = 1 / (tauMs * NS_PER_MS)));
  slowS.forEach((tauS, i) => (k[K.InvSlowTau0 + i] = 1 / (tauS * NS_PER_S)));
  compilePriceSignals(k, p);
  compileFlowSignals(k, p);
  k[K.SigmaFloorTicks] = p.sigmaFloorTicks;
  k[K.OneTickSpreadTicks] = p.oneTickSpreadTicks;
  k[K.WarmUpNs] = p.warmUpS * NS_PER_S;
  k[K.WarmUpTrades] = p.warmUpTrades;
  k[K.InvWarmUpNs] = 1 / (p.warmUpS * NS_PER_S);
  k[K.InvSettleNs] = 1 / Math.max(1, p.settleMs * NS_PER_MS);
  k[K.InvStaleNs] = 1 / (p.staleMs * NS_PER_MS);
  return k;
}

/**
 * The scales hold for a random walk with standard deviation sigma a second: price − average has
 * variance sigma² τ / 2; velocity minus its average is that through a second high pass; the two
 * averages differ with variance sigma² (slow − fast)² / (2 (slow + fast)).
 */
function compilePriceSignals(k: Float64Array, p: SignalParameters): void {
  const momentumTauS = p.momentumTauMs / 1000;
  const velocityTauS = p.velocityTauMs / 1000;
  const accelerationTauS = p.accelerationTauMs / 1000;
  const fastS = p.emaFastMs / 1000;
  const slowS = p.emaSlowMs / 1000;
  k[K.MomentumMinChangeSpreads] = p.momentumMinChangeSpreads;
  k[K.InvMomentumSd] = 1 / Math.sqrt(momentumTauS / 2);
  k[K.InvVelocityTauS] = 1 / velocityTauS;
  k[K.InvAccelerationTauS] = 1 / accelerationTauS;
  const velocitySd = Math.sqrt(1 / (2 * velocityTauS));
  const highPass = Math.sqrt(accelerationTauS / (velocityTauS + accelerationTauS));
  k[K.InvAccelerationSd] = accelerationTauS / (velocitySd * highPass);
  k[K.InvEmaSd] = Math.sqrt(2 * (slowS + fastS)) / (slowS - fastS);
  k[K.EmaHysteresis] = p.emaHysteresis;
  k[K.RsiPeriod] = Math.round(p.rsiPeriod);
  k[K.RsiPivotBars] = Math.round(p.rsiPivotBars);
  k[K.RsiPivotGapBars] = p.rsiPivotGapBars;
  k[K.RsiMinPoints] = p.rsiMinPoints;
  k[K.RsiBarDecay] = Math.exp(-1 / p.rsiHoldS);
}

function compileFlowSignals(k: Float64Array, p: SignalParameters): void {
  k[K.FlowTauS] = p.flowTauMs / 1000;
  k[K.InvFlowTauS] = 1000 / p.flowTauMs;
  k[K.FlowShareOneTick] = p.flowShareOneTick;
  k[K.FlowShareWide] = p.flowShareWide;
  k[K.VolumeThreshold] = p.volumeThreshold;
  k[K.TouchShareOneTick] = p.imbalanceTouchShareOneTick;
  k[K.TouchShareWide] = p.imbalanceTouchShareWide;
  k[K.DistanceSpreads] = p.imbalanceDistanceSpreads;
  k[K.BurstTauNs] = p.burstTauMs * NS_PER_MS;
}
