/**
 * quote-price: where the two quotes should stand.
 *
 * Fair         the microprice.
 * Half-spread  the largest of maker fee + least edge, halfSpreadSigmas × sigma(1 s), one tick.
 * Reservation  fair − skew × half-spread × inventory / hard limit.
 * Quotes       reservation ± half-spread, rounded away from fair, and never through the other
 *              side's best price (they are post-only).
 *
 * So bid < ask always: the two lie at least two ticks apart before the passive bound, which only
 * moves them outward. Inventory may bring one quote nearer than its cost: that is what sheds it.
 * Source       inventory skew after Avellaneda & Stoikov 2008, in units of the half-spread.
 *
 * Writer of Fair-, Reservation-, HalfSpread-, Bid- and AskTicks of a quote row.
 * Hot path: once a turn of a quoting instrument. No allocation. Imports domain, ./quoter-constants.
 */
import { Market as MarketSlot } from '../domain/market.ts';
import { Quote as QuoteField } from '../domain/quote.ts';
import { ReadingExtra as ExtraSlot } from '../domain/readings.ts';
import { Q as ConstantSlot } from './quoter-constants.ts';

const Market = MarketSlot;
const Quote = QuoteField;
const ReadingExtra = ExtraSlot;
const Q = ConstantSlot;

/** `at` and `k` are the first fields of the instrument in `rows` and `constants`. */
export function priceQuotes(
  rows: Float64Array,
  at: number,
  constants: Float64Array,
  k: number,
  market: Float64Array,
  readings: Float64Array,
): void {
  const fair = market[Market.MicroTicks]!;
  let half = fair * constants[k + Q.CostFraction]!;
  const volatile = constants[k + Q.HalfSpreadSigmas]! * readings[ReadingExtra.Sigma1sTicks]!;
  if (volatile > half) half = volatile;
  if (!(half > 1)) half = 1;

  const hard = rows[at + Quote.HardLimitLots]!;
  const load = hard > 0 ? rows[at + Quote.InventoryLots]! / hard : 0;
  const reservation = fair - constants[k + Q.Skew]! * half * load;
  const bid = Math.floor(reservation - half);
  const ask = Math.ceil(reservation + half);
  const highestBid = market[Market.AskTicks]! - 1;
  const lowestAsk = market[Market.BidTicks]! + 1;
  rows[at + Quote.FairTicks] = fair;
  rows[at + Quote.HalfSpreadTicks] = half;
  rows[at + Quote.ReservationTicks] = reservation;
  rows[at + Quote.BidTicks] = bid < highestBid ? bid : highestBid;
  rows[at + Quote.AskTicks] = ask > lowestAsk ? ask : lowestAsk;
}

/**
 * Quote, soft and hard sizes in lots at the present fair price, to out[0..2]; 0 where too small.
 */
export function writeSizes(
  out: Float64Array,
  constants: Float64Array,
  k: number,
  market: Float64Array,
): void {
  const lotE8 = market[Market.MicroTicks]! * constants[k + Q.TickLotE8]!;
  out[0] = 0;
  out[1] = 0;
  out[2] = 0;
  if (!(lotE8 > 0)) return;
  const quote = Math.floor(constants[k + Q.QuoteNotionalE8]! / lotE8);
  const most = constants[k + Q.MaxLots]!;
  out[0] = quote < most ? quote : most;
  out[1] = Math.floor(constants[k + Q.SoftNotionalE8]! / lotE8);
  out[2] = Math.floor(constants[k + Q.HardNotionalE8]! / lotE8);
}
