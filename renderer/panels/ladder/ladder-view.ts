/**
 * ladder-view: which prices a ladder shows. The rule that a row never moves under the pointer is
 * here.
 *
 * The market is brought to the middle when the ladder first shows it, when a person asks (key C),
 * and when it has drifted out of the middle half while the pointer is elsewhere. While the
 * pointer is on the ladder, or after a person scrolled with keys, rows stay where they are.
 *
 * Units     ticks, rows.
 * Imports   canvas/price-scale.
 */
import { PriceScale } from '../../canvas/price-scale.ts';

export class LadderView {
  readonly scale = new PriceScale();
  isPointerInside = false;
  /** Scrolled with keys: stays until the ladder is recentred or loses the focus. */
  isHeld = false;
  hasPrices = false;
  /** Price of the row that keys act on; null until one is chosen. */
  cursorTicks: number | null = null;
  /** Moves when rows moved. */
  version = 1;

  /** Another instrument, or another connection: the old rows mean nothing. */
  reset(): void {
    this.hasPrices = false;
    this.isHeld = false;
    this.cursorTicks = null;
    this.version += 1;
  }

  /**
   * Moves the cursor by rows (down is positive); the first time it begins at `start` ticks. Rows
   * stay where they are, and scroll only when the cursor would leave them.
   */
  moveCursor(rows: number, start: number): void {
    const { scale } = this;
    if (scale.rows === 0 || !this.hasPrices) return;
    const from = this.cursorTicks;
    const step = from === null ? 0 : rows;
    const row = scale.bidRow(from ?? start) + step;
    this.cursorTicks = scale.ticksAt(row);
    const beyond = row < 0 ? row : Math.max(0, row - scale.rows + 1);
    if (beyond !== 0) scale.scrollBy(-beyond);
    this.isHeld = true;
    this.version += 1;
  }

  dropCursor(): void {
    if (this.cursorTicks === null) return;
    this.cursorTicks = null;
    this.version += 1;
  }

  reshape(group: number, rows: number): void {
    if (this.scale.group === group && this.scale.rows === rows) return;
    this.scale.reshape(group, rows);
    this.version += 1;
  }

  /** Follows the market where that is allowed. `middle` is between best bid and ask, in ticks. */
  follow(middle: number): void {
    const { scale } = this;
    if (scale.rows === 0) return;
    if (!this.hasPrices) {
      this.hasPrices = true;
      this.#centre(middle);
      return;
    }
    if (this.isPointerInside || this.isHeld) return;
    const position = scale.position(middle) / scale.rows;
    if (position < 0.25 || position > 0.75) this.#centre(middle);
  }

  /** Because a person asked. */
  recentre(middle: number): void {
    this.isHeld = false;
    this.#centre(middle);
  }

  #centre(middle: number): void {
    const before = this.scale.topTicks;
    this.scale.centreOn(middle);
    if (this.scale.topTicks !== before) this.version += 1;
  }

  scroll(rows: number, byKeys: boolean): void {
    this.scale.scrollBy(-rows);
    if (byKeys) this.isHeld = true;
    this.version += 1;
  }
}
