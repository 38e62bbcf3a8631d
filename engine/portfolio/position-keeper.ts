/**
 * position-keeper: who holds what, per instrument and owner, from fills.
 *
 * Every fill has one owner; a fill of no order of ours goes to Owner.None. The venue's own figures
 * win: fee and realised PnL of a fill are booked as the venue states them, and only a fill marked
 * as estimated has its realised PnL computed here. Where owners share an instrument the venue
 * realises against the average of all; what each of them made is then counted from his own average,
 * so that owners, marks included, add up to the account. The venue's position must equal the sum of
 * owners.
 *
 * Writer    core (every fill, every venue position). Readers: gate, pnl, exits, quotes, views.
 * Units     signed lots, average entry in ticks (a double), 1e-8 quote units.
 * Row       instrument × OWNERS + owner. Account rows are per instrument.
 * Fill      Float64Array [side, lots, price ticks, fee, realised, 1 when estimated].
 * Hot path: onFill and the readers. No allocation after construction.
 * Imports   base, domain.
 */
import { assert } from '../base/assert.ts';
import type { Instrument } from '../domain/instrument.ts';
import { OWNER_NAMES } from '../domain/modes.ts';

export const OWNERS = OWNER_NAMES.length;
export const FILL_SIZE = 6;
export const FillField = {
  Side: 0,
  Lots: 1,
  PriceTicks: 2,
  FeeE8: 3,
  RealisedE8: 4,
  IsEstimated: 5,
} as const;

export class PositionKeeper {
  readonly instrumentCount: number;
  /** Signed lots and average entry of each owner. */
  readonly ownerLots: Float64Array;
  readonly ownerEntryTicks: Float64Array;
  readonly ownerRealisedE8: Float64Array;
  readonly ownerFeesE8: Float64Array;
  readonly ownerFillCount: Int32Array;
  /** The account's: netted over owners, as the venue sees it. */
  readonly accountLots: Float64Array;
  readonly accountEntryTicks: Float64Array;
  readonly accountRealisedE8: Float64Array;
  readonly accountFeesE8: Float64Array;
  /** What the venue last said; valid where venueKnown is 1. */
  readonly venueLots: Float64Array;
  readonly venueEntryTicks: Float64Array;
  readonly venueKnown: Int32Array;
  readonly #tickLotE8: Float64Array;
  /** What applyFill answers. */
  readonly #closed = new Float64Array(1);
  /** Sums over instruments: realised, fees. */
  readonly totals = new Float64Array(2);

  constructor(instruments: readonly Instrument[]) {
    const count = instruments.length;
    assert(count > 0, 'a position keeper serves at least one instrument');
    this.instrumentCount = count;
    this.ownerLots = new Float64Array(count * OWNERS);
    this.ownerEntryTicks = new Float64Array(count * OWNERS);
    this.ownerRealisedE8 = new Float64Array(count * OWNERS);
    this.ownerFeesE8 = new Float64Array(count * OWNERS);
    this.ownerFillCount = new Int32Array(count * OWNERS);
    this.accountLots = new Float64Array(count);
    this.accountEntryTicks = new Float64Array(count);
    this.accountRealisedE8 = new Float64Array(count);
    this.accountFeesE8 = new Float64Array(count);
    this.venueLots = new Float64Array(count);
    this.venueEntryTicks = new Float64Array(count);
    this.venueKnown = new Int32Array(count);
    this.#tickLotE8 = new Float64Array(count);
    for (let i = 0; i < count; i++) this.#tickLotE8[i] = instruments[i]!.tickLotE8;
  }

  lots(instrument: number, owner: number): number {
    return this.ownerLots[instrument * OWNERS + owner]!;
  }

  totalLots(instrument: number): number {
    return this.accountLots[instrument]!;
  }

  /** Books one fill. */
  onFill(instrument: number, owner: number, fill: Float64Array): void {
    const row = instrument * OWNERS + owner;
    const feeE8 = fill[FillField.FeeE8]!;
    const tickLotE8 = this.#tickLotE8[instrument]!;
    // Averages may be the same by chance: only who holds all of it closes what the account closes.
    const isShared =
      this.ownerEntryTicks[row] !== this.accountEntryTicks[instrument] ||
      this.ownerLots[row] !== this.accountLots[instrument];
    const closed = this.#closed;
    applyFill(this.accountLots, this.accountEntryTicks, instrument, fill, closed);
    const isEstimated = fill[FillField.IsEstimated] === 1;
    const realisedE8 = isEstimated
      ? Math.round(closed[0]! * tickLotE8)
      : fill[FillField.RealisedE8]!;
    applyFill(this.ownerLots, this.ownerEntryTicks, row, fill, closed);
    const ownE8 = isShared ? Math.round(closed[0]! * tickLotE8) : realisedE8;
    this.ownerRealisedE8[row] = this.ownerRealisedE8[row]! + ownE8;
    this.ownerFeesE8[row] = this.ownerFeesE8[row]! + feeE8;
    this.ownerFillCount[row] = this.ownerFillCount[row]! + 1;
    this.accountRealisedE8[instrument] = this.accountRealisedE8[instrument]! + realisedE8;
    this.accountFeesE8[instrument] = this.accountFeesE8[instrument]! + feeE8;
    this.totals[0] = this.totals[0]! + realisedE8;
    this.totals[1] = this.totals[1]! + feeE8;
  }

  /** The venue's signed position and entry price at position[index], position[index + 1]. */
  setVenuePosition(instrument: number, position: Float64Array, index: number): void {
    this.venueLots[instrument] = position[index]!;
    this.venueEntryTicks[instrument] = position[index + 1]!;
    this.venueKnown[instrument] = 1;
  }

  /** Venue's lots minus the sum of owners; 0 while the venue has said nothing. */
  mismatch(instrument: number): number {
    if (this.venueKnown[instrument] === 0) return 0;
    return this.venueLots[instrument]! - this.accountLots[instrument]!;
  }

  /** Realised minus fees over all instruments. */
  netRealisedE8(): number {
    return this.totals[0]! - this.totals[1]!;
  }

  /** Gives an owner a position that existed before this session (reconcile at start). */
  adopt(instrument: number, owner: number, position: Float64Array): void {
    const row = instrument * OWNERS + owner;
    assert(this.ownerFillCount[row] === 0, 'a position is adopted before the first fill');
    this.ownerLots[row] = position[0]!;
    this.ownerEntryTicks[row] = position[1]!;
    let lots = 0;
    let lotTicks = 0;
    for (let o = 0; o < OWNERS; o++) {
      const at = instrument * OWNERS + o;
      lots += this.ownerLots[at]!;
      lotTicks += this.ownerLots[at]! * this.ownerEntryTicks[at]!;
    }
    this.accountLots[instrument] = lots;
    this.accountEntryTicks[instrument] = lots === 0 ? 0 : lotTicks / lots;
  }
}

/** Moves one position row by a fill; closed[0]: realised lots × ticks (signed, before fees). */
function applyFill(
  lotsOf: Float64Array,
  entryOf: Float64Array,
  row: number,
  fill: Float64Array,
  closed: Float64Array,
): void {
  const before = lotsOf[row]!;
  const price = fill[FillField.PriceTicks]!;
  const change = fill[FillField.Side]! * fill[FillField.Lots]!;
  const after = before + change;
  const entry = entryOf[row]!;
  lotsOf[row] = after;
  if (before === 0 || before > 0 === change > 0) {
    const size = Math.abs(before);
    const added = Math.abs(change);
    entryOf[row] = (entry * size + price * added) / (size + added);
    closed[0] = 0;
    return;
  }
  const lots = Math.min(Math.abs(before), Math.abs(change));
  closed[0] = (price - entry) * (before > 0 ? lots : -lots);
  if (after === 0) entryOf[row] = 0;
  else if (after > 0 !== before > 0) entryOf[row] = price;
}
