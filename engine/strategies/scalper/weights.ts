/**
 * weights: how much each signal counts in the score, by market class.
 *
 * Fixed priors, never fitted to minutes of data. In one-tick markets the touch carries most of the
 * information and best-level flow comes next; in wide ones flow and order-flow imbalance (both in
 * the order-flow signal) come first. Indicators carry little at these horizons and weigh little.
 * A row sums to 1, so the score lies in [−1, 1].
 *
 * Imports   domain.
 */
import { SIGNAL_COUNT, Signal } from '../../domain/readings.ts';

/** ReadingExtra.MarketClass. */
export const MarketClass = { OneTick: 1, Wide: 2 } as const;

const BY_CLASS: Readonly<Record<number, Readonly<Record<number, number>>>> = {
  [MarketClass.OneTick]: {
    [Signal.BookImbalance]: 0.68,
    [Signal.OrderFlow]: 0.22,
    [Signal.Acceleration]: 0.03,
    [Signal.Momentum]: 0.02,
    [Signal.VolumeSpike]: 0.02,
    [Signal.EmaCrossover]: 0.01,
    [Signal.RsiDivergence]: 0.01,
    [Signal.Spread]: 0.01,
  },
  [MarketClass.Wide]: {
    [Signal.OrderFlow]: 0.66,
    [Signal.BookImbalance]: 0.22,
    [Signal.VolumeSpike]: 0.04,
    [Signal.Acceleration]: 0.02,
    [Signal.Momentum]: 0.02,
    [Signal.EmaCrossover]: 0.01,
    [Signal.RsiDivergence]: 0.01,
    [Signal.Spread]: 0.02,
  },
};

/** Three signals a trader would name first, equal, in every class: for comparison only. */
const BASIC: Readonly<Record<number, number>> = {
  [Signal.Momentum]: 1 / 3,
  [Signal.EmaCrossover]: 1 / 3,
  [Signal.VolumeSpike]: 1 / 3,
};

export const CLASS_COUNT = 3;

/** Row of class c starts at c × SIGNAL_COUNT; a market without a class weighs nothing. */
export function weightRows(isBasic: boolean): Float64Array {
  const rows = new Float64Array(CLASS_COUNT * SIGNAL_COUNT);
  for (const marketClass of [MarketClass.OneTick, MarketClass.Wide]) {
    const weights = isBasic ? BASIC : BY_CLASS[marketClass]!;
    for (let s = 0; s < SIGNAL_COUNT; s++) rows[marketClass * SIGNAL_COUNT + s] = weights[s] ?? 0;
  }
  return rows;
}
