/**
 * told-ranges: of which running numbers the engine has told, as a few whole ranges.
 *
 * A number inside a range is known or known to be lost; between two ranges lies what must still be
 * asked for.
 *
 * Imports   nothing.
 */
export interface Gap {
  /** First number that is not told. */
  readonly from: number;
  /** First number behind the gap. */
  readonly to: number;
}

interface Range {
  from: number;
  to: number;
}

export class ToldRanges {
  /** Ascending, apart from each other. */
  #ranges: Range[] = [];

  clear(): void {
    this.#ranges = [];
  }

  /** Newest number that was told; 0 before the first. */
  get newest(): number {
    return (this.#ranges.at(-1)?.to ?? 1) - 1;
  }

  /** First number from which on everything is told; null while nothing is. */
  get wholeFrom(): number | null {
    return this.#ranges.at(-1)?.from ?? null;
  }

  /** Numbers from `from` up to, not including, `to`. */
  add(from: number, to: number): void {
    if (!(to > from)) return;
    const last = this.#ranges.at(-1);
    if (last !== undefined && from >= last.from && from <= last.to) {
      last.to = Math.max(last.to, to);
      return;
    }
    const merged: Range = { from, to };
    const apart = this.#ranges.filter((range) => {
      if (range.to < merged.from || range.from > merged.to) return true;
      merged.from = Math.min(merged.from, range.from);
      merged.to = Math.max(merged.to, range.to);
      return false;
    });
    this.#ranges = [...apart, merged].toSorted((a, b) => a.from - b.from);
  }

  /** The newest gap at or above `floor`, or null. */
  gap(floor: number): Gap | null {
    const top = this.#ranges.at(-1);
    if (top === undefined || top.from <= floor) return null;
    const below = this.#ranges.at(-2)?.to ?? 1;
    const from = Math.max(below, floor);
    return from < top.from ? { from, to: top.from } : null;
  }
}
