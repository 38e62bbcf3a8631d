/**
 * limits: the settings of the exits worked out once into numbers the hot path reads by position.
 *
 * A typed array, because objects built from data are looked up by hash and box their doubles.
 *
 * Writer    setExitLimits, at start-up and when a person changes a setting. Readers: the exits.
 * Units     ns and fractions, whatever unit the setting is given in.
 * Imports   ./parameters.
 */
import type { ExitParameters } from './parameters.ts';

export const L = {
  TimeLimitNs: 0,
  TimeWarningNs: 1,
  EntryTimeoutNs: 2,
  TrailSigmas: 3,
  TrailFloorSpreads: 4,
  ProtectSigmas: 5,
  KeptFraction: 6,
  ThroughFraction: 7,
  ThroughMaxFraction: 8,
  ThroughTicks: 9,
  FeedAgeNs: 10,
  UntrustedGraceNs: 11,
  EmergencySpreads: 12,
  EmergencySpreadNs: 13,
  RetryNs: 14,
  StopCeiling: 15,
  TargetCeiling: 16,
  HalfTargetFraction: 17,
} as const;
export const LIMITS_SIZE = 18;

const NS_PER_MS = 1e6;
const BP = 1e-4;

export function setExitLimits(limits: Float64Array, parameters: ExitParameters): void {
  const p = parameters;
  limits[L.TimeLimitNs] = p.timeLimitMs * NS_PER_MS;
  limits[L.TimeWarningNs] = p.timeWarningMs * NS_PER_MS;
  limits[L.EntryTimeoutNs] = p.entryTimeoutMs * NS_PER_MS;
  limits[L.TrailSigmas] = p.trailSigmas;
  limits[L.TrailFloorSpreads] = p.trailFloorSpreads;
  limits[L.ProtectSigmas] = p.protectSigmas;
  limits[L.KeptFraction] = 1 - p.giveBackFraction;
  limits[L.ThroughFraction] = p.throughBp * BP;
  limits[L.ThroughMaxFraction] = p.throughMaxBp * BP;
  limits[L.ThroughTicks] = p.throughTicks;
  limits[L.FeedAgeNs] = p.feedAgeMs * NS_PER_MS;
  limits[L.UntrustedGraceNs] = p.untrustedGraceMs * NS_PER_MS;
  limits[L.EmergencySpreads] = p.emergencySpreads;
  limits[L.EmergencySpreadNs] = p.emergencySpreadMs * NS_PER_MS;
  limits[L.RetryNs] = p.retryMs * NS_PER_MS;
  limits[L.StopCeiling] = p.stopCeilingBp * BP;
  limits[L.TargetCeiling] = p.targetCeilingBp * BP;
  limits[L.HalfTargetFraction] = p.halfTargetFraction;
}
