/**
 * support: a scalper with a market, readings and context in which everything is fine to enter.
 *
 * Imports   engine.
 */
import { Decision } from '../../../../engine/domain/decision.ts';
import { Instrument } from '../../../../engine/domain/instrument.ts';
import { IntentBatch } from '../../../../engine/domain/intent.ts';
import { LEVELS, MARKET_SIZE, Market } from '../../../../engine/domain/market.ts';
import { parameterValues } from '../../../../engine/domain/parameter.ts';
import {
  READINGS_SIZE,
  READING_STRIDE,
  Reading,
  ReadingExtra,
  SIGNAL_COUNT,
} from '../../../../engine/domain/readings.ts';
import { VERDICTS } from '../../../../engine/domain/verdict.ts';
import { FRESH_ALL, ScalperContext, contextSize } from '../../../../engine/strategies/context.ts';
import { LIMITS_SIZE, setScalperLimits } from '../../../../engine/strategies/scalper/limits.ts';
import { SCALPER_FIELDS } from '../../../../engine/strategies/scalper/parameters.ts';
import { Scalper } from '../../../../engine/strategies/scalper/scalper.ts';
import type { Correlations, Judgement } from '../../../../engine/strategies/strategy.ts';

export const MS = 1e6;
export const SECOND = 1e9;
export const EQUITY_E8 = 100_000 * 1e8;

/** One tick is 1e-5 of a price of 10,000; a lot 0.001; maker free, taker 0.1 bp if not given. */
export function scalperInstrument(index = 0, taker = '0.00001'): Instrument {
  return new Instrument(index, {
    symbol: `TEST${index}`,
    venue: 'binance-usdm',
    baseAsset: 'T',
    quoteAsset: 'USDT',
    tickSize: '0.1',
    lotSize: '0.001',
    minQty: '0.001',
    maxQty: '1000',
    minNotional: '5',
    makerFee: '0',
    takerFee: taker,
  });
}

/** Every pair of four moves alike by `rho`; one bp a second, 17.3 bp in five minutes. */
export function alike(rho: number, sigmaBp = 1): Correlations {
  const count = 4;
  const values = new Float64Array(count * count).fill(rho);
  for (let i = 0; i < count; i++) values[i * count + i] = 1;
  return { count, values, sigmasBp: new Float64Array(count).fill(sigmaBp) };
}

/** The settings of a scalper by position, defaults but for what is given. */
export function scalperLimits(given: Readonly<Record<string, number>> = {}): Float64Array {
  const limits = new Float64Array(LIMITS_SIZE);
  setScalperLimits(limits, parameterValues(SCALPER_FIELDS, given));
  return limits;
}

export class ScalperBench {
  readonly instruments: readonly Instrument[];
  readonly scalper: Scalper;
  readonly market = new Float64Array(MARKET_SIZE);
  readonly readings = new Float64Array(READINGS_SIZE);
  readonly context: Float64Array;
  readonly intents = new IntentBatch();
  nowNs = 100 * SECOND;

  constructor(
    given: Readonly<Record<string, number>> = {},
    correlations = alike(0),
    instruments: readonly Instrument[] = [scalperInstrument()],
  ) {
    this.instruments = instruments;
    const parameters = parameterValues(SCALPER_FIELDS, given);
    this.scalper = new Scalper(instruments, parameters, correlations);
    this.context = new Float64Array(contextSize(instruments.length));
    this.quote(100_000, 100_001);
    this.read(1, 0.9);
    const extra = this.readings;
    extra[ReadingExtra.Sigma5mTicks] = 200;
    extra[ReadingExtra.Sigma1sTicks] = 12;
    extra[ReadingExtra.MeanSpreadTicks] = 1;
    extra[ReadingExtra.WarmedUp] = 1;
    extra[ReadingExtra.MarketClass] = 1;
    extra[ReadingExtra.Burst] = 1;
    this.context[ScalperContext.EquityE8] = EQUITY_E8;
    this.context[ScalperContext.FreeSlots] = 16;
    this.context[ScalperContext.FreshMask] = FRESH_ALL;
    this.context[ScalperContext.LatencyNs] = 1 * MS;
    this.context[ScalperContext.LastEndNs] = -Infinity;
  }

  quote(bid: number, ask: number, lots = 1000): void {
    const m = this.market;
    m[Market.Valid] = 1;
    m[Market.BidTicks] = bid;
    m[Market.AskTicks] = ask;
    m[Market.BidLots] = lots;
    m[Market.AskLots] = lots;
    m[Market.SpreadTicks] = ask - bid;
    m[Market.MidTicks] = (bid + ask) / 2;
    m[Market.MicroTicks] = (bid + ask) / 2;
    for (let level = 0; level < LEVELS; level++) {
      m[Market.BidTicks0 + level] = bid - level;
      m[Market.BidLots0 + level] = lots;
      m[Market.AskTicks0 + level] = ask + level;
      m[Market.AskLots0 + level] = lots;
    }
  }

  /** Every signal reads `strength` towards `side`, with full confidence, as of now. */
  read(side: number, strength: number): void {
    for (let s = 0; s < SIGNAL_COUNT; s++) this.signal(s, side * strength);
  }

  signal(s: number, strength: number, confidence = 1, ageNs = 0): void {
    const at = s * READING_STRIDE;
    this.readings[at + Reading.Strength] = strength;
    this.readings[at + Reading.Confidence] = confidence;
    this.readings[at + Reading.AsOfNs] = this.nowNs - ageNs;
  }

  judge(instrument = 0): Judgement {
    this.intents.clear();
    this.context[ScalperContext.NowNs] = this.nowNs;
    return this.scalper.evaluate(
      instrument,
      this.market,
      this.readings,
      this.context,
      this.intents,
    );
  }

  /** Name of the verdict of the next judgement, past every limit on telling. */
  verdict(instrument = 0): string {
    this.nowNs += 10 * SECOND;
    for (let s = 0; s < SIGNAL_COUNT; s++) {
      this.readings[s * READING_STRIDE + Reading.AsOfNs]! += 10 * SECOND;
    }
    const judgement = this.judge(instrument);
    return judgement === 0 ? 'nothing' : VERDICTS[this.decision(Decision.Verdict)]!;
  }

  decision(field: number): number {
    return this.scalper.decision[field]!;
  }
}
