/**
 * view-memory: keeps this window's arrangement over a reload, and makes it fit the engine's
 * instruments.
 *
 * What is kept is a wish: anything that does not fit is replaced, never an error.
 *
 * Imports   stores.
 */
import {
  GROUPINGS,
  SCALES,
  useView,
  type Palette,
  type Scale,
  type Theme,
  type ViewState,
} from '../stores/view-store.ts';

const KEY = 'tickdeck.view.1';

type Look = Pick<ViewState, 'palette' | 'theme' | 'scale'>;
type Kept = Pick<ViewState, 'ladders' | 'groups' | 'focus'> & Look;

/** Reads what was kept, keeps every later change, and follows the look of the other windows. */
export function startViewMemory(storage: Storage): () => void {
  const kept = readKept(storage);
  if (kept !== null) useView.setState(kept);
  const onStorage = (event: StorageEvent): void => {
    const theirs = event.key === KEY ? readKept(storage) : null;
    if (theirs === null) return;
    const { palette, theme, scale } = theirs;
    useView.setState({ palette, theme, scale });
  };
  globalThis.addEventListener('storage', onStorage);
  const stop = useView.subscribe((state, previous) => {
    if (isSameKept(state, previous)) return;
    const { ladders, groups, focus, palette, theme, scale } = state;
    try {
      storage.setItem(KEY, JSON.stringify({ ladders, groups, focus, palette, theme, scale }));
    } catch {
      // A full or forbidden storage costs the arrangement of the next start, nothing else.
    }
  });
  return () => {
    stop();
    globalThis.removeEventListener('storage', onStorage);
  };
}

const KEPT = ['ladders', 'groups', 'focus', 'palette', 'theme', 'scale'] as const;

function isSameKept(a: ViewState, b: ViewState): boolean {
  return KEPT.every((name) => a[name] === b[name]);
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
    return isKept(value) ? { ...value, ...keptLook(value) } : null;
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

/** Kept before there were themes and scales, or strange: the usual ones. */
function keptLook({ theme, scale }: { readonly theme?: unknown; readonly scale?: unknown }) {
  return {
    theme: isTheme(theme) ? theme : ('dark' as const),
    scale: isScale(scale) ? scale : (100 as const),
  };
}

function isTheme(value: unknown): value is Theme {
  return value === 'dark' || value === 'light' || value === 'system';
}

function isScale(value: unknown): value is Scale {
  return SCALES.some((scale) => scale === value);
}

function isPalette(value: unknown): value is Palette {
  return value === 'teal-red' || value === 'blue-orange';
}
