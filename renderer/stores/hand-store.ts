/**
 * hand-store: how a person trades by hand from this window: the size and presets of each
 * instrument, what kind of order a click makes, and what the window itself has to say. Whether a
 * ladder is unlocked is not here: that is the engine's.
 *
 * Writers   ladder panels and keys, through the functions below. Sizes are kept by app.
 * Units     sizes are decimal texts in base units; notices in milliseconds of performance.now.
 * Imports   zustand.
 */
import { create } from 'zustand';

export const PRESETS = 5;

export interface HandSizes {
  readonly size: string;
  /** PRESETS texts. */
  readonly presets: readonly string[];
}

export interface HandNotice {
  readonly text: string;
  readonly atMs: number;
}

export interface HandState {
  readonly sizes: Readonly<Record<string, HandSizes>>;
  readonly isPostOnly: boolean;
  readonly isReduceOnly: boolean;
  /** By symbol: what this window did not send, and why. */
  readonly notices: Readonly<Record<string, HandNotice>>;
  /** By ladder: what a press would do where the pointer is; '' for nothing. */
  readonly previews: readonly [string, string];
}

export const useHand = create<HandState>(() => ({
  sizes: {},
  isPostOnly: true,
  isReduceOnly: false,
  notices: {},
  previews: ['', ''],
}));

export function handSizes(symbol: string): HandSizes | null {
  return useHand.getState().sizes[symbol] ?? null;
}

/** Gives an instrument its first sizes; one that has some keeps them. */
export function offerSizes(symbol: string, sizes: HandSizes): void {
  if (handSizes(symbol) === null) put(symbol, sizes);
}

export function chooseSize(symbol: string, size: string): void {
  const sizes = handSizes(symbol);
  if (sizes !== null) put(symbol, { ...sizes, size });
}

export function choosePreset(symbol: string, index: number): void {
  const size = handSizes(symbol)?.presets[index];
  if (size !== undefined) chooseSize(symbol, size);
}

/** Puts the present size into a preset. */
export function keepPreset(symbol: string, index: number): void {
  const sizes = handSizes(symbol);
  if (sizes === null) return;
  put(symbol, { ...sizes, presets: sizes.presets.with(index, sizes.size) });
}

export function togglePostOnly(): void {
  useHand.setState(({ isPostOnly }) => ({ isPostOnly: !isPostOnly }));
}

export function toggleReduceOnly(): void {
  useHand.setState(({ isReduceOnly }) => ({ isReduceOnly: !isReduceOnly }));
}

export function sayAtLadder(symbol: string, text: string): void {
  const notice = { text, atMs: performance.now() };
  useHand.setState(({ notices }) => ({ notices: { ...notices, [symbol]: notice } }));
}

export function showPreview(ladder: 0 | 1, text: string): void {
  const { previews } = useHand.getState();
  if (previews[ladder] === text) return;
  useHand.setState({ previews: ladder === 0 ? [text, previews[1]] : [previews[0], text] });
}

function put(symbol: string, sizes: HandSizes): void {
  useHand.setState((state) => ({ sizes: { ...state.sizes, [symbol]: sizes } }));
}
