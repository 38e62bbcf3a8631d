/**
 * break-even: the price at which the open lots close without loss after both fees; and the mark.
 *
 * Long      (average + entry fee a lot) / (1 − taker rate), rounded up; short the mirror. The
 *           closing order is taken to pay the taker fee. What earlier lots earned does not count.
 * Units     ticks; money in E8. Hot path: no allocation.
 * Imports   domain, exits/scalp-work.
 */
import type { Instrument } from '../domain/instrument.ts';
import { Market } from '../domain/market.ts';
import { Scalp } from '../domain/scalp.ts';
import { E8 } from '../domain/units.ts';
import { Work } from './scalp-work.ts';

export function setBreakEven(
  rows: Float64Array,
  at: number,
  work: Float64Array,
  w: number,
  instrument: Instrument,
): void {
  const average = rows[at + Scalp.AvgEntryTicks]!;
  const lotTicks = rows[at + Scalp.EntryLots]! * instrument.tickLotE8;
  const fee = work[w + Work.EntryFeesE8]! / lotTicks;
  const rate = instrument.takerFeeRateE8 / E8;
  rows[at + Scalp.BreakEvenTicks] =
    rows[at + Scalp.Side]! > 0
      ? Math.ceil((average + fee) / (1 - rate) - 1e-9)
      : Math.floor((average - fee) / (1 + rate) + 1e-9);
}

/** Marks the scalp at the touch it would close at: last and best price, unrealised and its peak. */
export function markToMarket(
  rows: Float64Array,
  at: number,
  market: Float64Array,
  instrument: Instrument,
): void {
  const side = rows[at + Scalp.Side]!;
  const last = market[side > 0 ? Market.BidTicks : Market.AskTicks]!;
  rows[at + Scalp.LastPriceTicks] = last;
  if (side * (last - rows[at + Scalp.BestTicks]!) > 0) rows[at + Scalp.BestTicks] = last;
  const money = side * rows[at + Scalp.OpenLots]! * instrument.tickLotE8;
  const average = rows[at + Scalp.AvgEntryTicks]!;
  rows[at + Scalp.UnrealisedE8] = Math.round((last - average) * money);
  const peak = (rows[at + Scalp.BestTicks]! - average) * money;
  rows[at + Scalp.PeakUnrealisedE8] = Math.round(Math.max(peak, 0));
}
