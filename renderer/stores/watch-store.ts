/**
 * watch-store: whose ladders this window needs in its frames, besides those of the two ladders.
 *
 * The engine sends MAX_LADDERS at most. The ladders come first; what does not fit is not watched,
 * and its panel says so.
 *
 * Writers   panels, through `wantLadder`. Reader: app, which asks the engine.
 * Imports   contract/frames, zustand.
 */
import { create } from 'zustand';
import { MAX_LADDERS } from '../../engine/contract/frames.ts';

export interface WatchState {
  /** Symbol by the panel that wants it. */
  readonly wanted: Readonly<Record<string, string>>;
}

export const useWatch = create<WatchState>(() => ({ wanted: {} }));

/** '' wants nothing any more. */
export function wantLadder(panel: string, symbol: string): void {
  useWatch.setState(({ wanted }) => {
    const { [panel]: _former, ...others } = wanted;
    return { wanted: symbol === '' ? others : { ...others, [panel]: symbol } };
  });
}

/** What the engine is asked for: each once, ladders first, no more than fit. */
export function watchedSymbols(
  ladders: readonly string[],
  wanted: WatchState['wanted'],
): readonly string[] {
  const all = [...ladders, ...Object.values(wanted)].filter((symbol) => symbol !== '');
  return [...new Set(all)].slice(0, MAX_LADDERS);
}
