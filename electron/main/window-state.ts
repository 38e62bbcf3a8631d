/**
 * window-state: where each window was, kept in one small file, and whether that place still exists.
 *
 * A saved place is used when enough of the window's top edge would lie on some display to be
 * grabbed; else the window opens in the middle of the first one, as large as fits.
 * Units     device-independent pixels.
 * Imports   journal (atomic files); valibot.
 */
import * as v from 'valibot';
import { readFileIfAny, writeFileAtomic } from '../../engine/journal/atomic-file.ts';

export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const side = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(100_000));
const offset = v.pipe(v.number(), v.safeInteger(), v.minValue(-100_000), v.maxValue(100_000));
const placeSchema = v.strictObject({
  x: offset,
  y: offset,
  width: side,
  height: side,
  isMaximised: v.boolean(),
});
export type Place = Readonly<v.InferOutput<typeof placeSchema>>;

const fileSchema = v.strictObject({
  version: v.literal(1),
  places: v.record(v.pipe(v.string(), v.maxLength(80)), placeSchema),
});

const WIDTH_MIN = 480;
const HEIGHT_MIN = 320;
/** So much of the top edge must be reachable. */
const GRABBED_MIN = 120;
const TITLE_HEIGHT = 32;

/** Where a window opens: its saved place if that still exists, else centred. */
export function placeWindow(
  saved: Place | null,
  displays: readonly Bounds[],
  usual: { readonly width: number; readonly height: number },
): Place {
  const first = displays[0] ?? { x: 0, y: 0, ...usual };
  if (saved !== null && displays.some((display) => isReachable(saved, display))) {
    const width = Math.max(WIDTH_MIN, saved.width);
    const height = Math.max(HEIGHT_MIN, saved.height);
    return { ...saved, width, height };
  }
  const width = Math.min(saved?.width ?? usual.width, first.width);
  const height = Math.min(saved?.height ?? usual.height, first.height);
  return {
    x: Math.round(first.x + (first.width - width) / 2),
    y: Math.round(first.y + (first.height - height) / 2),
    width,
    height,
    isMaximised: saved?.isMaximised ?? false,
  };
}

function isReachable(place: Place, display: Bounds): boolean {
  const left = Math.max(place.x, display.x);
  const right = Math.min(place.x + place.width, display.x + display.width);
  const isBelowTop = place.y >= display.y - 8;
  const isAboveBottom = place.y + TITLE_HEIGHT <= display.y + display.height;
  return right - left >= Math.min(GRABBED_MIN, place.width) && isBelowTop && isAboveBottom;
}

export class WindowState {
  readonly #file: string;
  readonly #onError: (line: string) => void;
  readonly #places: Record<string, Place>;

  constructor(file: string, onError: (line: string) => void) {
    this.#file = file;
    this.#onError = onError;
    this.#places = readPlaces(file, onError);
  }

  placeOf(name: string): Place | null {
    return this.#places[name] ?? null;
  }

  /** Kept at once: a window that crashes later was here. */
  keep(name: string, place: Place): void {
    if (JSON.stringify(this.#places[name]) === JSON.stringify(place)) return;
    this.#places[name] = place;
    try {
      const text = JSON.stringify({ version: 1, places: this.#places }, null, 2);
      writeFileAtomic(this.#file, `${text}\n`);
    } catch (error) {
      this.#onError(`window places were not saved: ${String(error)}`);
    }
  }
}

function readPlaces(file: string, onError: (line: string) => void): Record<string, Place> {
  try {
    const text = readFileIfAny(file);
    return text === null ? {} : v.parse(fileSchema, JSON.parse(text)).places;
  } catch (error) {
    onError(`${file} could not be read and is made anew: ${String(error)}`);
    return {};
  }
}
