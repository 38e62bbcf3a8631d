/**
 * chart-store: what the chart and the liquidity panel of this window show. None of it is the
 * engine's.
 *
 * Writers   the two panels, through the functions below.
 * Imports   contract, zustand.
 */
import { create } from 'zustand';
import type { CandleSeconds } from '../../engine/contract/candles.ts';

/** Smallest trades that get a bubble, against the usual trade: all, 1 ×, 3 ×, none. */
export const BUBBLE_SIZES = ['all', 'usual', 'large', 'none'] as const;
export type BubbleSize = (typeof BUBBLE_SIZES)[number];

export interface ChartState {
  /** A symbol that stays whatever is in focus; '' follows the focus. */
  readonly chartPinned: string;
  readonly liquidityPinned: string;
  readonly seconds: CandleSeconds;
  readonly hasEmas: boolean;
  readonly hasRsi: boolean;
  /** Bands of open scalps and marks of fills. */
  readonly hasOwn: boolean;
  readonly bubbles: BubbleSize;
}

export const useChart = create<ChartState>(() => ({
  chartPinned: '',
  liquidityPinned: '',
  seconds: 5,
  hasEmas: true,
  hasRsi: true,
  hasOwn: true,
  bubbles: 'large',
}));

export function chartChanged(change: Partial<ChartState>): void {
  useChart.setState(change);
}
