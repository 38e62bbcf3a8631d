/**
 * hand-memory: keeps sizes and presets of trading by hand over a reload. Post-only comes back on
 * and reduce-only off with every start; what does not fit is dropped, never an error.
 *
 * Imports   stores.
 */
import { PRESETS, useHand, type HandSizes } from '../stores/hand-store.ts';

const KEY = 'tickdeck.hand.1';

/** Reads what was kept, and keeps every later change. */
export function startHandMemory(storage: Storage): () => void {
  useHand.setState({ sizes: readSizes(storage) });
  return useHand.subscribe(({ sizes }, before) => {
    if (sizes === before.sizes) return;
    try {
      storage.setItem(KEY, JSON.stringify(sizes));
    } catch {
      // A full or forbidden storage costs the sizes of the next start, nothing else.
    }
  });
}

export function readSizes(storage: Storage): Readonly<Record<string, HandSizes>> {
  try {
    const value: unknown = JSON.parse(storage.getItem(KEY) ?? 'null');
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(Object.entries(value).filter((entry) => isSizes(entry[1])));
  } catch {
    return {};
  }
}

function isSizes(value: unknown): value is HandSizes {
  if (typeof value !== 'object' || value === null) return false;
  const { size, presets } = value as Partial<Record<keyof HandSizes, unknown>>;
  return (
    isSize(size) && Array.isArray(presets) && presets.length === PRESETS && presets.every(isSize)
  );
}

function isSize(value: unknown): boolean {
  return typeof value === 'string' && /^\d{1,12}(\.\d{1,12})?$/.test(value);
}
