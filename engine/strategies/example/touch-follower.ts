/**
 * touch-follower: the smallest whole strategy, to start one's own from.
 *
 * Joins the touch on the side that the book leans to, a fixed number of lots, one scalp at a time.
 * It knows nothing of costs and is here to be read, not to be armed.
 *
 * Hot path: no allocation. Imports domain, strategies/{context,strategy}.
 */
import { DECISION_SIZE, Decision } from '../../domain/decision.ts';
import { IntentAction } from '../../domain/intent.ts';
import type { IntentBatch } from '../../domain/intent.ts';
import { Market } from '../../domain/market.ts';
import { Owner } from '../../domain/modes.ts';
import { Purpose, TimeInForce } from '../../domain/order.ts';
import { parameterValues } from '../../domain/parameter.ts';
import { READING_STRIDE, Reading, ReadingExtra, Signal } from '../../domain/readings.ts';
import { VERDICT_COUNT, Verdict } from '../../domain/verdict.ts';
import { FRESH_ALL, ScalperContext } from '../context.ts';
import { Judgement } from '../strategy.ts';
import type { Strategy, StrategyKind, StrategyOptions } from '../strategy.ts';

const FIELDS = {
  lean: { unit: 'strength', default: 0.7, min: 0.1, max: 1, effect: 'Larger: fewer entries.' },
  lots: { unit: 'lots', default: 1, min: 1, max: 1000, effect: 'Larger: larger entries.' },
} as const;

const BOOK = Signal.BookImbalance * READING_STRIDE;
const MARKET_CLASS = ReadingExtra.MarketClass;

class TouchFollower implements Strategy {
  readonly name = 'touch-follower';
  readonly decision = new Float64Array(DECISION_SIZE);
  readonly verdictCounts: Float64Array;
  #parameters: { readonly lean: number; readonly lots: number };

  constructor({ instruments, parameters }: StrategyOptions) {
    this.verdictCounts = new Float64Array(instruments.length * VERDICT_COUNT);
    this.#parameters = parameterValues(FIELDS, parameters);
  }

  configure(given: Readonly<Record<string, number | undefined>>): void {
    this.#parameters = parameterValues(FIELDS, { ...this.#parameters, ...given });
  }

  evaluate(
    instrument: number,
    market: Float64Array,
    readings: Float64Array,
    context: Float64Array,
    intents: IntentBatch,
  ): Judgement {
    const strength = readings[BOOK + Reading.Strength]! * readings[BOOK + Reading.Confidence]!;
    if (Math.abs(strength) < this.#parameters.lean || market[Market.Valid] !== 1) return 0;
    if (context[ScalperContext.OpenScalps]! > 0 || context[ScalperContext.FreeSlots]! < 1) return 0;
    if (context[ScalperContext.FreshMask] !== FRESH_ALL) return 0;
    const side = strength > 0 ? 1 : -1;
    const row = intents.claim(IntentAction.Place, instrument, Owner.Scalper, -1);
    if (row < 0) return Judgement.Nothing;
    intents.purpose[row] = Purpose.Entry;
    intents.side[row] = side;
    intents.priceTicks[row] = market[side > 0 ? Market.BidTicks : Market.AskTicks]!;
    intents.lots[row] = this.#parameters.lots;
    intents.timeInForce[row] = TimeInForce.Gtx;
    const d = this.decision;
    d[Decision.TimeNs] = context[ScalperContext.NowNs]!;
    d[Decision.Instrument] = instrument;
    d[Decision.Side] = side;
    d[Decision.Score] = strength;
    d[Decision.Verdict] = Verdict.PASS;
    d[Decision.PriceTicks] = intents.priceTicks[row]!;
    d[Decision.Lots] = this.#parameters.lots;
    d[Decision.SpreadTicks] = market[Market.SpreadTicks]!;
    d[Decision.Sigma5mTicks] = readings[ReadingExtra.Sigma5mTicks]!;
    d[Decision.MarketClass] = readings[MARKET_CLASS]!;
    d[Decision.Strategy] = exampleKind.number;
    const cell = instrument * VERDICT_COUNT + Verdict.PASS;
    this.verdictCounts[cell] = this.verdictCounts[cell]! + 1;
    return Judgement.Entry;
  }
}

export const exampleKind: StrategyKind = {
  name: 'touch-follower',
  number: 2,
  summary: 'Example: joins the touch that the book leans to. To be read, not to be armed.',
  fields: FIELDS,
  create: (options) => new TouchFollower(options),
};
