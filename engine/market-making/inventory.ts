/**
 * inventory: what the quoter holds of an instrument: signed lots, average entry, money.
 *
 * Fees and realised PnL are the venue's own figures; only the average entry is worked out here: it
 * moves with fills that add, stays with fills that reduce, and starts anew when a fill turns the
 * sign.
 *
 * Writer of InventoryLots, AvgEntryTicks, RealisedE8, FeesE8, UnrealisedE8, FillCount of a quote
 * row. Hot path: array positions in, no allocation. Imports domain.
 */
import { Market as MarketSlot } from '../domain/market.ts';
import { Quote as QuoteField } from '../domain/quote.ts';

const Market = MarketSlot;
const Quote = QuoteField;

/** What a fill brings: fields of the array given to the quoter's onFill. */
export const QuoteFill = { Side: 0, Lots: 1, PriceTicks: 2, FeeE8: 3, RealisedE8: 4 } as const;

export function bookFill(rows: Float64Array, at: number, fill: Float64Array): void {
  const signed = fill[QuoteFill.Side]! * fill[QuoteFill.Lots]!;
  const price = fill[QuoteFill.PriceTicks]!;
  const before = rows[at + Quote.InventoryLots]!;
  const after = before + signed;
  const average = rows[at + Quote.AvgEntryTicks]!;
  if (after === 0) rows[at + Quote.AvgEntryTicks] = 0;
  else if (before * signed >= 0) {
    rows[at + Quote.AvgEntryTicks] = (average * before + price * signed) / after;
  } else if (before * after < 0) rows[at + Quote.AvgEntryTicks] = price;
  rows[at + Quote.InventoryLots] = after;
  rows[at + Quote.FeesE8]! += fill[QuoteFill.FeeE8]!;
  rows[at + Quote.RealisedE8]! += fill[QuoteFill.RealisedE8]!;
  rows[at + Quote.FillCount]! += 1;
}

/** Values the inventory at the mid; keeps the last value while there is no market. */
export function markInventory(
  rows: Float64Array,
  at: number,
  market: Float64Array,
  constants: Float64Array,
  tickLotE8: number,
): void {
  if (market[Market.Valid] !== 1) return;
  const lots = rows[at + Quote.InventoryLots]!;
  const away = market[Market.MidTicks]! - rows[at + Quote.AvgEntryTicks]!;
  rows[at + Quote.UnrealisedE8] = lots === 0 ? 0 : away * lots * constants[tickLotE8]!;
}
