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
  /** Moves when rows moved. */
  version = 1;

  /** Another instrument, or another connection: the old rows mean nothing. */
  reset(): void {
    this.hasPrices = false;
    this.isHeld = false;
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
