/**
 * price-scale: which price stands in which row of a ladder.
 *
 * Row 0 is the highest price. A row holds `group` ticks: bids fall into the row at or below their
 * price, asks into the row at or above it, so that a grouped row never looks better than it is.
 *
 * Units     ticks, rows, CSS pixels.
 * Imports   nothing.
 */
export const ROW_HEIGHT = 18;

export class PriceScale {
  group = 1;
  rows = 0;
  /** Price of row 0: a whole multiple of `group`. */
  topTicks = 0;

  ticksAt(row: number): number {
    return this.topTicks - row * this.group;
  }

  bidRow(ticks: number): number {
    return (this.topTicks - Math.floor(ticks / this.group) * this.group) / this.group;
  }

  askRow(ticks: number): number {
    return (this.topTicks - Math.ceil(ticks / this.group) * this.group) / this.group;
  }

  /** Row position of any price, fractions included; for bands and lines. */
  position(ticks: number): number {
    return (this.topTicks - ticks) / this.group;
  }

  has(row: number): boolean {
    return row >= 0 && row < this.rows;
  }

  centreOn(ticks: number): void {
    const middle = Math.round(ticks / this.group) * this.group;
    this.topTicks = middle + Math.floor(this.rows / 2) * this.group;
  }

  scrollBy(rows: number): void {
    this.topTicks += Math.round(rows) * this.group;
  }

  /** Changes the grouping or the number of rows, and keeps the price in the middle where it is. */
  reshape(group: number, rows: number): void {
    const middle = this.ticksAt(Math.floor(this.rows / 2));
    this.group = group;
    this.rows = rows;
    this.centreOn(middle);
  }
}
