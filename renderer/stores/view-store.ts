/**
 * view-store: how this window is arranged: which instruments its ladders show, how they are
 * grouped, which instrument is in focus, what is open. None of it is the engine's.
 *
 * Writers   app and panels, through the functions below. What is worth keeping is kept by app.
 * Imports   zustand.
 */
import { create } from 'zustand';

export type Palette = 'teal-red' | 'blue-orange';
export type Theme = 'dark' | 'light' | 'system';
export type Dialog =
  | 'keys'
  | 'resume'
  | 'flatten'
  | 'alerts'
  | 'palette'
  | 'workspaces'
  | 'settings';

/** Per cent of the usual size. */
export const SCALES = [90, 100, 110, 125, 150] as const;
export type Scale = (typeof SCALES)[number];

export const GROUPINGS = [1, 5, 10, 50, 100] as const;
export const LADDERS = [0, 1] as const;
export type LadderIndex = (typeof LADDERS)[number];

export interface ViewState {
  /** Symbols of the two ladders; '' until the instruments are known. */
  readonly ladders: readonly [string, string];
  /** Ticks per row of each ladder. */
  readonly groups: readonly [number, number];
  readonly focus: string;
  readonly palette: Palette;
  readonly theme: Theme;
  readonly scale: Scale;
  readonly dialog: Dialog | null;
  readonly recentres: number;
}

export const useView = create<ViewState>(() => ({
  ladders: ['', ''],
  groups: [1, 1],
  focus: '',
  palette: 'teal-red',
  theme: 'dark',
  scale: 100,
  dialog: null,
  recentres: 0,
}));

export function showInLadder(ladder: LadderIndex, symbol: string): void {
  useView.setState(({ ladders }) => ({
    ladders: ladder === 0 ? [symbol, ladders[1]] : [ladders[0], symbol],
  }));
}

export function groupLadder(ladder: LadderIndex, ticks: number): void {
  useView.setState(({ groups }) => ({
    groups: ladder === 0 ? [ticks, groups[1]] : [groups[0], ticks],
  }));
}

/** The instrument that the signals panel and the left ladder are about. */
export function focusInstrument(symbol: string): void {
  useView.setState(({ ladders }) => ({
    focus: symbol,
    ladders: ladders[1] === symbol ? [symbol, ladders[0]] : [symbol, ladders[1]],
  }));
}

export function openDialog(dialog: Dialog): void {
  useView.setState({ dialog });
}

export function closeDialog(): void {
  useView.setState({ dialog: null });
}

export function choosePalette(palette: Palette): void {
  useView.setState({ palette });
}

export function chooseTheme(theme: Theme): void {
  useView.setState({ theme });
}

export function chooseScale(scale: Scale): void {
  useView.setState({ scale });
}

/** Asks every ladder to bring the market to its middle. */
export function recentreLadders(): void {
  useView.setState(({ recentres }) => ({ recentres: recentres + 1 }));
}
