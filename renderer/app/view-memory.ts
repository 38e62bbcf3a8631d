/**
 * view-memory: keeps this window's arrangement over a reload, and makes it fit the engine's
 * instruments.
 *
 * What is kept is a wish: anything that does not fit is replaced, never an error.
 *
 * Imports   stores.
 */
import { GROUPINGS, useView, type Palette, type ViewState } from '../stores/view-store.ts';

const KEY = 'tickdeck.view.1';

type Kept = Pick<ViewState, 'ladders' | 'groups' | 'focus' | 'palette'>;

/** Reads what was kept, and keeps every later change. */
export function startViewMemory(storage: Storage, root: HTMLElement): () => void {
  const kept = readKept(storage);
  if (kept !== null) useView.setState(kept);
  root.dataset['palette'] = useView.getState().palette;
  return useView.subscribe((state) => {
    root.dataset['palette'] = state.palette;
    const { ladders, groups, focus, palette } = state;
    try {
      storage.setItem(KEY, JSON.stringify({ ladders, groups, focus, palette }));
    } catch {
      // A full or forbidden storage costs the arrangement of the next start, nothing else.
    }
  });
}

/** Puts instruments that exist into the ladders and into focus. */
export function settleView(symbols: readonly string[]): void {
  const { ladders, focus } = useView.getState();
  const known = (symbol: string): boolean => symbols.includes(symbol);
  const left = known(ladders[0]) ? ladders[0] : (symbols.find((s) => s !== ladders[1]) ?? '');
  const right = known(ladders[1]) ? ladders[1] : (symbols.find((s) => s !== left) ?? left);
  const inFocus = known(focus) ? focus : left;
  if (left === ladders[0] && right === ladders[1] && inFocus === focus) return;
  useView.setState({ ladders: [left, right], focus: inFocus });
}

export function readKept(storage: Storage): Kept | null {
  try {
    const value: unknown = JSON.parse(storage.getItem(KEY) ?? 'null');
    return isKept(value) ? value : null;
  } catch {
    return null;
  }
}

function isKept(value: unknown): value is Kept {
  if (typeof value !== 'object' || value === null) return false;
  const { ladders, groups, focus, palette } = value as Partial<Record<keyof Kept, unknown>>;
  return (
    isPair(ladders, (symbol) => typeof symbol === 'string') &&
    isPair(groups, (ticks) => GROUPINGS.some((grouping) => grouping === ticks)) &&
    typeof focus === 'string' &&
    isPalette(palette)
  );
}

function isPair(value: unknown, test: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length === 2 && value.every(test);
}

function isPalette(value: unknown): value is Palette {
  return value === 'teal-red' || value === 'blue-orange';
}
