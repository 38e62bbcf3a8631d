/**
 * exit-distance: how far the stop and the targets lie from the entry, in ticks.
 *
 * Distances scale with the standard deviation of a 5-minute move. 0.2 % and 0.4 % of the price are
 * ceilings; three spreads plus the cost of the trade are the floor, for a stop nearer than that is
 * hit by the spread alone. A floor above a ceiling means that the trade must not be made.
 *
 * The strategy uses it to size and refuse, the exits to check what they are given: one definition.
 *
 * Units     ticks of distance, doubles; fractions in basis points.
 * Hot path: numbers in and out through one Float64Array, no allocation.
 * Imports   domain/parameter.
 */
import type { ParameterValues } from './parameter.ts';

export const DISTANCE_FIELDS = {
  stopSigmas: {
    unit: 'sd of 5 minutes',
    default: 0.6,
    min: 0.2,
    max: 2,
    effect: 'Larger: the stop lies further away, is hit less often and loses more when it is.',
  },
  targetSigmas: {
    unit: 'sd of 5 minutes',
    default: 1.1,
    min: 0.3,
    max: 3,
    effect: 'Larger: the final target pays more and is reached less often.',
  },
  halfTargetFraction: {
    unit: 'of the final target',
    default: 0.5,
    min: 0.2,
    max: 0.9,
    effect: 'Larger: the first half is taken out later and for more.',
  },
  stopCeilingBp: {
    unit: 'bp of the entry price',
    default: 20,
    min: 1,
    max: 20,
    effect: 'Larger: wider stops are allowed in wild markets, up to 0.2 % of the price.',
  },
  targetCeilingBp: {
    unit: 'bp of the entry price',
    default: 40,
    min: 2,
    max: 40,
    effect: 'Larger: further targets are allowed in wild markets, up to 0.4 % of the price.',
  },
  floorSpreads: {
    unit: 'spreads',
    default: 3,
    min: 1,
    max: 10,
    effect:
      'Larger: stops keep further away from the noise of the spread; more entries are refused.',
  },
} as const;
export type DistanceParameters = ParameterValues<typeof DISTANCE_FIELDS>;

/** Fields of the working array: four inputs, three results, then the settings. */
export const Distance = {
  PriceTicks: 0,
  Sigma5mTicks: 1,
  SpreadTicks: 2,
  CostTicks: 3,
  StopTicks: 4,
  HalfTargetTicks: 5,
  TargetTicks: 6,
  StopSigmas: 7,
  TargetSigmas: 8,
  HalfTargetFraction: 9,
  StopCeiling: 10,
  TargetCeiling: 11,
  FloorSpreads: 12,
} as const;
export const DISTANCE_SIZE = 13;

const BP = 1e-4;

/** Puts the settings in their places. */
export function setDistanceSettings(io: Float64Array, parameters: DistanceParameters): void {
  io[Distance.StopSigmas] = parameters.stopSigmas;
  io[Distance.TargetSigmas] = parameters.targetSigmas;
  io[Distance.HalfTargetFraction] = parameters.halfTargetFraction;
  io[Distance.StopCeiling] = parameters.stopCeilingBp * BP;
  io[Distance.TargetCeiling] = parameters.targetCeilingBp * BP;
  io[Distance.FloorSpreads] = parameters.floorSpreads;
}

/** Fills the three results from the four inputs. False when a floor lies above its ceiling. */
export function setExitDistances(io: Float64Array): boolean {
  const price = io[Distance.PriceTicks]!;
  const sigma = io[Distance.Sigma5mTicks]!;
  const cost = io[Distance.CostTicks]!;
  const floor = io[Distance.FloorSpreads]! * io[Distance.SpreadTicks]! + cost;
  const stopCeiling = price * io[Distance.StopCeiling]!;
  const targetCeiling = price * io[Distance.TargetCeiling]!;
  const stop = Math.min(stopCeiling, Math.max(floor, io[Distance.StopSigmas]! * sigma, 1));
  const target = Math.min(targetCeiling, Math.max(floor, io[Distance.TargetSigmas]! * sigma, 1));
  const half = Math.max(io[Distance.HalfTargetFraction]! * target, Math.min(cost, target), 1);
  io[Distance.StopTicks] = stop;
  io[Distance.TargetTicks] = target;
  io[Distance.HalfTargetTicks] = Math.min(half, target);
  return floor <= stopCeiling && floor <= targetCeiling && stopCeiling >= 1;
}
