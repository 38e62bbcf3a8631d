/**
 * score: eight readings become one number, and how many of them agree with it.
 *
 * Score     sum of weight × strength × confidence over the readings that are not stale.
 * Dated     the same over all readings: where only this one passes, the score has gone stale.
 * Agrees    strength × confidence of at least `agreeMin` in the score's direction.
 * Hot path: once a message; numbers in and out through Float64Arrays.
 * Imports   domain.
 */
import { READING_STRIDE, Reading, SIGNAL_COUNT, Signal } from '../../domain/readings.ts';

/** Inputs (the first three) and results of a scoring. */
export const Score = {
  NowNs: 0,
  StaleNs: 1,
  AgreeMin: 2,
  Value: 3,
  DatedValue: 4,
} as const;
export const SCORE_SIZE = 5;

export const PRICE_FAMILY =
  (1 << Signal.Momentum) |
  (1 << Signal.Acceleration) |
  (1 << Signal.EmaCrossover) |
  (1 << Signal.RsiDivergence);
export const FLOW_FAMILY = (1 << Signal.OrderFlow) | (1 << Signal.VolumeSpike);
export const BOOK_FAMILY = (1 << Signal.BookImbalance) | (1 << Signal.Spread);

/** Fills DatedValue from the row of weights that starts at `row`: what a quiet market costs. */
export function scoreReadings(
  readings: Float64Array,
  weights: Float64Array,
  row: number,
  io: Float64Array,
): void {
  let dated = 0;
  for (let s = 0; s < SIGNAL_COUNT; s++) {
    const at = s * READING_STRIDE;
    dated +=
      weights[row + s]! * readings[at + Reading.Strength]! * readings[at + Reading.Confidence]!;
  }
  io[Score.DatedValue] = dated;
}

/** Fills Value: the same over the readings that are not stale. */
export function scoreFresh(
  readings: Float64Array,
  weights: Float64Array,
  row: number,
  io: Float64Array,
): void {
  const oldest = io[Score.NowNs]! - io[Score.StaleNs]!;
  let value = 0;
  for (let s = 0; s < SIGNAL_COUNT; s++) {
    const at = s * READING_STRIDE;
    if (!(readings[at + Reading.AsOfNs]! >= oldest)) continue;
    value +=
      weights[row + s]! * readings[at + Reading.Strength]! * readings[at + Reading.Confidence]!;
  }
  io[Score.Value] = value;
}

/** Bit s set: signal s is fresh and agrees with `side`. */
export function agreeMask(readings: Float64Array, side: number, io: Float64Array): number {
  const oldest = io[Score.NowNs]! - io[Score.StaleNs]!;
  const least = io[Score.AgreeMin]!;
  let mask = 0;
  for (let s = 0; s < SIGNAL_COUNT; s++) {
    const at = s * READING_STRIDE;
    const part = readings[at + Reading.Strength]! * readings[at + Reading.Confidence]! * side;
    if (part >= least && readings[at + Reading.AsOfNs]! >= oldest) mask |= 1 << s;
  }
  return mask;
}

export function bitCount(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** At least one agreeing signal in each of the three families. */
export function hasEveryFamily(mask: number): boolean {
  return (mask & PRICE_FAMILY) !== 0 && (mask & FLOW_FAMILY) !== 0 && (mask & BOOK_FAMILY) !== 0;
}
