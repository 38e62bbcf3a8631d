/**
 * entry: at what price, and how, a scalp is entered.
 *
 * Take      a limit at the opposite touch, immediate or cancelled: when the score is urgent and the
 *           edge pays for crossing.
 * Improve   post-only one tick in front of our side's touch, in a wide spread.
 * Join      post-only at our side's touch. What is not filled in time is cancelled by the exits.
 * Units     ticks. Hot path: no allocation. Imports domain, ./limits.
 */
import { Decision } from '../../domain/decision.ts';
import { IntentAction } from '../../domain/intent.ts';
import type { IntentBatch } from '../../domain/intent.ts';
import { Market } from '../../domain/market.ts';
import { Owner } from '../../domain/modes.ts';
import { Purpose, TimeInForce } from '../../domain/order.ts';
import { L } from './limits.ts';

export function setEntryPrice(
  decision: Float64Array,
  isTaking: boolean,
  market: Float64Array,
  limits: Float64Array,
): void {
  const isLong = decision[Decision.Side]! > 0;
  const bid = market[Market.BidTicks]!;
  const ask = market[Market.AskTicks]!;
  if (isTaking) {
    decision[Decision.PriceTicks] = isLong ? ask : bid;
    return;
  }
  const step = ask - bid >= limits[L.ImproveSpreadTicks]! ? 1 : 0;
  decision[Decision.PriceTicks] = isLong ? bid + step : ask - step;
}

/** Adds the entry intent. False when the batch is full. */
export function addEntry(decision: Float64Array, isTaking: boolean, intents: IntentBatch): boolean {
  const instrument = decision[Decision.Instrument]! | 0;
  const row = intents.claim(IntentAction.Place, instrument, Owner.Scalper, -1);
  if (row < 0) return false;
  intents.purpose[row] = Purpose.Entry;
  intents.side[row] = decision[Decision.Side]!;
  intents.priceTicks[row] = decision[Decision.PriceTicks]!;
  intents.lots[row] = decision[Decision.Lots]!;
  intents.timeInForce[row] = isTaking ? TimeInForce.Ioc : TimeInForce.Gtx;
  return true;
}
