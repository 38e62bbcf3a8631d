/**
 * frame-loop: the only requestAnimationFrame of the window.
 *
 * Every display frame it first lets the live market catch up, then asks each painter for its
 * version and paints those whose version moved. It measures what the painting cost and how far
 * apart the frames were.
 *
 * Writer    app starts it; panels add painters. Reader: the footer.
 * Units     milliseconds.
 *
 * Imports   nothing.
 */

export interface Painter {
  /** Moves whenever there is something new to draw. */
  version(): number;
  paint(nowMs: number): void;
}

const MEASURED_FRAMES = 512;

/** The last frames' costs and distances. */
export class FrameTimes {
  readonly #costs = new Float32Array(MEASURED_FRAMES);
  readonly #gaps = new Float32Array(MEASURED_FRAMES);
  #count = 0;

  add(costMs: number, gapMs: number): void {
    const at = this.#count % MEASURED_FRAMES;
    this.#costs[at] = costMs;
    this.#gaps[at] = gapMs;
    this.#count += 1;
  }

  get count(): number {
    return this.#count;
  }

  cost(share: number): number {
    return quantile(this.#costs, Math.min(this.#count, MEASURED_FRAMES), share);
  }

  gap(share: number): number {
    return quantile(this.#gaps, Math.min(this.#count, MEASURED_FRAMES), share);
  }
}

function quantile(values: Float32Array, count: number, share: number): number {
  if (count === 0) return 0;
  const sorted = values.subarray(0, count).toSorted();
  return sorted[Math.min(count - 1, Math.floor(share * count))] ?? 0;
}

interface Entry {
  readonly painter: Painter;
  painted: number;
}

export class FrameLoop {
  readonly times = new FrameTimes();
  readonly #entries: Entry[] = [];
  #begin: (nowMs: number) => void = () => {};
  #lastMs = 0;
  #handle = 0;

  /** Starts the loop; `begin` runs first in every frame. */
  start(begin: (nowMs: number) => void): () => void {
    this.#begin = begin;
    const step = (nowMs: number): void => {
      this.#handle = requestAnimationFrame(step);
      this.runFrame(nowMs);
    };
    this.#handle = requestAnimationFrame(step);
    return () => cancelAnimationFrame(this.#handle);
  }

  runFrame(nowMs: number): void {
    const started = performance.now();
    this.#begin(nowMs);
    for (const entry of this.#entries) {
      const version = entry.painter.version();
      if (version === entry.painted) continue;
      entry.painted = version;
      entry.painter.paint(nowMs);
    }
    this.times.add(performance.now() - started, this.#lastMs === 0 ? 0 : nowMs - this.#lastMs);
    this.#lastMs = nowMs;
  }

  add(painter: Painter): () => void {
    const entry: Entry = { painter, painted: -1 };
    this.#entries.push(entry);
    return () => {
      const at = this.#entries.indexOf(entry);
      if (at >= 0) this.#entries.splice(at, 1);
    };
  }
}

export const frameLoop = new FrameLoop();

export function addPainter(painter: Painter): () => void {
  return frameLoop.add(painter);
}
