/**
 * limits: the settings of the scalper worked out once into numbers the hot path reads by position.
 *
 * A typed array, because objects built from data are looked up by hash and box their doubles.
 *
 * Writer    setScalperLimits, at start-up and when a person changes a setting. Readers: the
 * scalper. Units     ns, E8 and fractions, whatever unit the setting is given in.
 * Imports   domain, ./parameters.
 */
import { E8 } from '../../domain/units.ts';
import type { ScalperParameters } from './parameters.ts';

export const L = {
  EnterScore: 0,
  TellScore: 1,
  AgreeCount: 2,
  AgreeMin: 3,
  NeedFamilies: 4,
  StaleNs: 5,
  SpreadMeans: 6,
  SpreadMaxFraction: 7,
  VolatilityMinFraction: 8,
  VolatilityMaxFraction: 9,
  BurstMax: 10,
  CoolDownNs: 11,
  EntryGapNs: 12,
  ScalpsPerInstrument: 13,
  EntriesMax: 14,
  VetoGapNs: 15,
  /** Ticks of edge for a score of 1 per tick of a 5-minute sd. */
  EdgeOneTick: 16,
  EdgeWide: 17,
  EdgeMargin: 18,
  SigmaCostMin: 19,
  SlipSigmas: 20,
  TakeScore: 21,
  ImproveSpreadTicks: 22,
  RiskFraction: 23,
  VolatilityReference: 24,
  MaxNotionalE8: 25,
  MaxLots: 26,
  DepthFraction: 27,
  PortfolioFraction: 28,
  CorrelatedMax: 29,
  CorrelatedRho: 30,
} as const;
export const LIMITS_SIZE = 31;

const NS_PER_MS = 1e6;
const BP = 1e-4;
const HORIZON_OF_SIGMA_S = 300;

export function setScalperLimits(limits: Float64Array, parameters: ScalperParameters): void {
  setValidation(limits, parameters);
  setEdgeAndSize(limits, parameters);
}

function setValidation(limits: Float64Array, p: ScalperParameters): void {
  limits[L.EnterScore] = p.enterScore;
  limits[L.TellScore] = p.tellScore;
  limits[L.AgreeCount] = p.agreeCount;
  limits[L.AgreeMin] = p.agreeMin;
  limits[L.NeedFamilies] = p.needFamilies;
  limits[L.StaleNs] = p.staleMs * NS_PER_MS;
  limits[L.SpreadMeans] = p.spreadMeans;
  limits[L.SpreadMaxFraction] = p.spreadMaxBp * BP;
  limits[L.VolatilityMinFraction] = p.volatilityMinBp * BP;
  limits[L.VolatilityMaxFraction] = p.volatilityMaxBp * BP;
  limits[L.BurstMax] = p.burstMax;
  limits[L.CoolDownNs] = p.coolDownMs * NS_PER_MS;
  limits[L.EntryGapNs] = p.entryGapMs * NS_PER_MS;
  limits[L.ScalpsPerInstrument] = p.scalpsPerInstrument;
  limits[L.EntriesMax] = p.entriesMax;
  limits[L.VetoGapNs] = p.vetoGapMs * NS_PER_MS;
}

function setEdgeAndSize(limits: Float64Array, p: ScalperParameters): void {
  const horizon = Math.sqrt(p.edgeHorizonS / HORIZON_OF_SIGMA_S);
  limits[L.EdgeOneTick] = p.edgeFractionOneTick * horizon;
  limits[L.EdgeWide] = p.edgeFractionWide * horizon;
  limits[L.EdgeMargin] = p.edgeMargin;
  limits[L.SigmaCostMin] = p.sigmaCostMin;
  limits[L.SlipSigmas] = p.slipSigmas;
  limits[L.TakeScore] = p.takeScore;
  limits[L.ImproveSpreadTicks] = p.improveSpreadTicks;
  limits[L.RiskFraction] = p.riskFraction;
  limits[L.VolatilityReference] = p.volatilityReferenceBp * BP;
  limits[L.MaxNotionalE8] = p.maxNotional * E8;
  limits[L.MaxLots] = p.maxLots;
  limits[L.DepthFraction] = p.depthFraction;
  limits[L.PortfolioFraction] = p.portfolioSigmaBp * BP;
  limits[L.CorrelatedMax] = p.correlatedMax;
  limits[L.CorrelatedRho] = p.correlatedRho;
}
