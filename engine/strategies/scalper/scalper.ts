/**
 * scalper: eight readings to one score, the score to an entry or to the reason why not.
 *
 * Order of judgement: score worth telling at all; room (open scalp, slots, other owners, cool-down,
 * session); warmed up, fresh, valid; strong enough, agreed, from every family; spread, volatility,
 * burst; edge above cost; stop possible; size; portfolio. The first that fails is the verdict.
 * Every judgement above the telling score is counted; a veto is told at most once in `vetoGapMs`
 * for each instrument and verdict, an entry always.
 *
 * Writer    of `decision` and of the entry intent. Sequence is core's. StopTicks and TargetTicks
 *           are prices. Units as in domain/decision.ts.
 * Hot path: no allocation; the quiet path ends after the score.
 * Imports   base, domain, strategies.
 */
import { assert } from '../../base/assert.ts';
import { DECISION_SIZE, Decision } from '../../domain/decision.ts';
import {
  DISTANCE_SIZE,
  Distance,
  setDistanceSettings,
  setExitDistances,
} from '../../domain/exit-distance.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { IntentBatch } from '../../domain/intent.ts';
import { Market } from '../../domain/market.ts';
import { parameterValues } from '../../domain/parameter.ts';
import { READING_STRIDE, Reading, ReadingExtra, SIGNAL_COUNT } from '../../domain/readings.ts';
import { VERDICT_COUNT, Verdict } from '../../domain/verdict.ts';
import { FRESH_ALL, ScalperContext } from '../context.ts';
import { Judgement } from '../strategy.ts';
import type { Correlations, Strategy } from '../strategy.ts';
import { paysItsCost, setCost, setEdge } from './edge.ts';
import { addEntry, setEntryPrice } from './entry.ts';
import { L, LIMITS_SIZE, setScalperLimits } from './limits.ts';
import { SCALPER_FIELDS } from './parameters.ts';
import type { ScalperParameters } from './parameters.ts';
import { PortfolioCheck } from './portfolio-check.ts';
import {
  SCORE_SIZE,
  Score,
  agreeMask,
  bitCount,
  hasEveryFamily,
  scoreFresh,
  scoreReadings,
} from './score.ts';
import { setLots } from './sizing.ts';
import { CLASS_COUNT, weightRows } from './weights.ts';

export const SCALPER_NUMBER = 1;

/** Prices are 31-bit integers. */
const TICKS_MAX = 2 ** 30;
/** A score is at most 1, but for rounding. */
const SCORE_MAX = 1 + 1e-9;

// Plain numbers: the hot path does not look names up.
const PASS = Verdict.PASS;
const WARMING_UP = Verdict.WARMING_UP;
const SCORE_BELOW_THRESHOLD = Verdict.SCORE_BELOW_THRESHOLD;
const TOO_FEW_AGREE = Verdict.TOO_FEW_AGREE;
const FAMILY_MISSING = Verdict.FAMILY_MISSING;
const EDGE_BELOW_COST = Verdict.EDGE_BELOW_COST;
const SPREAD_TOO_WIDE = Verdict.SPREAD_TOO_WIDE;
const VOLATILITY_TOO_HIGH = Verdict.VOLATILITY_TOO_HIGH;
const VOLATILITY_TOO_LOW = Verdict.VOLATILITY_TOO_LOW;
const STALE_SIGNAL = Verdict.STALE_SIGNAL;
const BOOK_CROSSED = Verdict.BOOK_CROSSED;
const BURST = Verdict.BURST;
const COOL_DOWN = Verdict.COOL_DOWN;
const SCALP_OPEN = Verdict.SCALP_OPEN;
const SCALP_SLOTS_FULL = Verdict.SCALP_SLOTS_FULL;
const CORRELATED = Verdict.CORRELATED;
const SIZE_TOO_SMALL = Verdict.SIZE_TOO_SMALL;
const STOP_FLOOR_ABOVE_CEILING = Verdict.STOP_FLOOR_ABOVE_CEILING;
const SESSION_LIMIT = Verdict.SESSION_LIMIT;
const OTHER_OWNER = Verdict.OTHER_OWNER;

export class Scalper implements Strategy {
  readonly name = 'scalper';
  readonly decision = new Float64Array(DECISION_SIZE);
  readonly verdictCounts: Float64Array;
  /** Entries asked for in this session. */
  entryCount = 0;
  /** Last score of each instrument, for the screen. */
  readonly scores: Float64Array;
  readonly #instruments: readonly Instrument[];
  readonly #portfolio: PortfolioCheck;
  readonly #score = new Float64Array(SCORE_SIZE);
  readonly #distance = new Float64Array(DISTANCE_SIZE);
  /** When a verdict was last told, and an entry last asked for, by instrument. */
  readonly #toldNs: Float64Array;
  readonly #entryNs: Float64Array;
  readonly #limits = new Float64Array(LIMITS_SIZE);
  #parameters: ScalperParameters;
  #weights: Float64Array;
  #isTaking = false;

  constructor(
    instruments: readonly Instrument[],
    parameters: ScalperParameters,
    correlations: Correlations,
  ) {
    this.#instruments = instruments;
    this.#parameters = parameters;
    this.#weights = weightRows(parameters.basicWeights === 1);
    this.#portfolio = new PortfolioCheck(instruments.length, correlations);
    const cells = instruments.length * VERDICT_COUNT;
    this.verdictCounts = new Float64Array(cells);
    this.scores = new Float64Array(instruments.length);
    this.#toldNs = new Float64Array(cells).fill(-Infinity);
    this.#entryNs = new Float64Array(instruments.length).fill(-Infinity);
    this.#apply();
  }

  get parameters(): ScalperParameters {
    return this.#parameters;
  }

  /** Settings that are not given keep their present value. */
  configure(given: Readonly<Record<string, number | undefined>>): void {
    this.#parameters = parameterValues(SCALPER_FIELDS, { ...this.#parameters, ...given });
    this.#weights = weightRows(this.#parameters.basicWeights === 1);
    this.#apply();
  }

  evaluate(
    instrument: number,
    market: Float64Array,
    readings: Float64Array,
    context: Float64Array,
    intents: IntentBatch,
  ): Judgement {
    const score = this.#score;
    const marketClass = readings[ReadingExtra.MarketClass]! | 0;
    if (marketClass < 1 || marketClass >= CLASS_COUNT) return Judgement.Nothing;
    const row = marketClass * SIGNAL_COUNT;
    scoreReadings(readings, this.#weights, row, score);
    const dated = score[Score.DatedValue]!;
    const tell = this.#limits[L.TellScore]!;
    if (!(dated >= tell || dated <= -tell)) return Judgement.Nothing;
    score[Score.NowNs] = context[ScalperContext.NowNs]!;
    const room = this.#judgeRoom(instrument, dated > 0 ? 1 : -1, context);
    // Most of what is worth telling meets an open scalp: that is counted, and told now and then.
    if (room !== PASS && !this.#isDue(instrument, room)) return Judgement.Nothing;
    scoreFresh(readings, this.#weights, row, score);
    this.#begin(instrument, market, readings, context);
    let verdict = room;
    if (room === PASS) verdict = this.#judge(instrument, market, readings, context);
    else this.#setEdgeAndCost(instrument, readings, context);
    this.decision[Decision.Verdict] = verdict;
    if (verdict !== PASS) return this.#veto(instrument, room, verdict, readings);
    this.#count(instrument, PASS);
    if (!addEntry(this.decision, this.#isTaking, intents)) return Judgement.Nothing;
    this.#describe(readings);
    this.#entryNs[instrument] = context[ScalperContext.NowNs]!;
    this.entryCount++;
    return Judgement.Entry;
  }

  #apply(): void {
    setScalperLimits(this.#limits, this.#parameters);
    setDistanceSettings(this.#distance, this.#parameters);
    this.#score[Score.StaleNs] = this.#limits[L.StaleNs]!;
    this.#score[Score.AgreeMin] = this.#limits[L.AgreeMin]!;
  }

  /** What is known before any check; what only later steps may find is zero. */
  #begin(
    instrument: number,
    market: Float64Array,
    readings: Float64Array,
    context: Float64Array,
  ): void {
    const d = this.decision;
    const dated = this.#score[Score.DatedValue]!;
    const side = dated > 0 ? 1 : -1;
    for (let field = Decision.EdgeTicks; field <= Decision.TargetTicks; field++) d[field] = 0;
    d[Decision.PortfolioLoad] = 0;
    d[Decision.TimeNs] = context[ScalperContext.NowNs]!;
    d[Decision.Instrument] = instrument;
    d[Decision.Side] = side;
    d[Decision.Score] = dated;
    d[Decision.Sigma5mTicks] = readings[ReadingExtra.Sigma5mTicks]!;
    d[Decision.SpreadTicks] = market[Market.SpreadTicks]!;
    d[Decision.MicroTicks] = market[Market.MicroTicks]!;
    d[Decision.MarketClass] = readings[ReadingExtra.MarketClass]!;
    d[Decision.Strategy] = SCALPER_NUMBER;
    const mask = agreeMask(readings, side, this.#score);
    d[Decision.AgreeMask] = mask;
    d[Decision.AgreeCount] = bitCount(mask);
  }

  /** The eight readings, once the decision is to be told. */
  #describe(readings: Float64Array): void {
    const d = this.decision;
    for (let s = 0; s < SIGNAL_COUNT; s++) {
      d[Decision.Strength0 + s] = readings[s * READING_STRIDE + Reading.Strength]!;
      d[Decision.Confidence0 + s] = readings[s * READING_STRIDE + Reading.Confidence]!;
    }
  }

  #judge(
    instrument: number,
    market: Float64Array,
    readings: Float64Array,
    context: Float64Array,
  ): number {
    let verdict = this.#judgeInput(market, readings, context);
    if (verdict === PASS) verdict = this.#judgeScore();
    if (verdict !== PASS) return verdict;
    // From here on the sum of edge and costs is shown, whatever decides.
    this.#setEdgeAndCost(instrument, readings, context);
    verdict = this.#judgeMarket(market, readings);
    if (verdict !== PASS) return verdict;
    if (!paysItsCost(this.decision, this.#limits)) return EDGE_BELOW_COST;
    return this.#judgeTrade(instrument, market, context);
  }

  #judgeInput(market: Float64Array, readings: Float64Array, context: Float64Array): number {
    if (readings[ReadingExtra.WarmedUp] !== 1) return WARMING_UP;
    if (market[Market.Valid] !== 1) return BOOK_CROSSED;
    if (context[ScalperContext.FreshMask] !== FRESH_ALL) return STALE_SIGNAL;
    const side = this.decision[Decision.Side]!;
    const isStillWorthTelling = this.#score[Score.Value]! * side >= this.#limits[L.TellScore]!;
    if (!isStillWorthTelling) return STALE_SIGNAL;
    this.decision[Decision.Score] = this.#score[Score.Value]!;
    return PASS;
  }

  #judgeScore(): number {
    const d = this.decision;
    const limits = this.#limits;
    if (Math.abs(d[Decision.Score]!) < limits[L.EnterScore]!) return SCORE_BELOW_THRESHOLD;
    if (d[Decision.AgreeCount]! < limits[L.AgreeCount]!) return TOO_FEW_AGREE;
    if (limits[L.NeedFamilies] === 1 && !hasEveryFamily(d[Decision.AgreeMask]! | 0)) {
      return FAMILY_MISSING;
    }
    return PASS;
  }

  #judgeMarket(market: Float64Array, readings: Float64Array): number {
    const limits = this.#limits;
    const mid = market[Market.MidTicks]!;
    const spread = market[Market.SpreadTicks]!;
    const usual = Math.max(readings[ReadingExtra.MeanSpreadTicks]!, 1);
    if (spread > limits[L.SpreadMeans]! * usual) return SPREAD_TOO_WIDE;
    // One tick is the least there is, however many basis points it may be.
    if (spread > 1 && spread > limits[L.SpreadMaxFraction]! * mid) return SPREAD_TOO_WIDE;
    const sigma = readings[ReadingExtra.Sigma5mTicks]! / mid;
    if (!(sigma >= limits[L.VolatilityMinFraction]!)) return VOLATILITY_TOO_LOW;
    if (sigma > limits[L.VolatilityMaxFraction]!) return VOLATILITY_TOO_HIGH;
    return readings[ReadingExtra.Burst]! > limits[L.BurstMax]! ? BURST : PASS;
  }

  #judgeRoom(instrument: number, side: number, context: Float64Array): number {
    const limits = this.#limits;
    if (context[ScalperContext.OpenScalps]! >= limits[L.ScalpsPerInstrument]!) return SCALP_OPEN;
    if (context[ScalperContext.FreeSlots]! < 1) return SCALP_SLOTS_FULL;
    const others = context[ScalperContext.OtherOwnersLots]!;
    if (others * side < 0) return OTHER_OWNER;
    const now = context[ScalperContext.NowNs]!;
    if (now - context[ScalperContext.LastEndNs]! < limits[L.CoolDownNs]!) return COOL_DOWN;
    if (now - this.#entryNs[instrument]! < limits[L.EntryGapNs]!) return COOL_DOWN;
    if (context[ScalperContext.SessionBlocked] !== 0) return SESSION_LIMIT;
    return this.entryCount >= limits[L.EntriesMax]! ? SESSION_LIMIT : PASS;
  }

  /** Crosses the spread only when the score is urgent and the edge pays for that; else waits. */
  #setEdgeAndCost(instrument: number, readings: Float64Array, context: Float64Array): void {
    const d = this.decision;
    const limits = this.#limits;
    const traded = this.#instrumentOf(instrument);
    setEdge(d, limits);
    this.#isTaking = Math.abs(d[Decision.Score]!) >= limits[L.TakeScore]!;
    if (this.#isTaking) {
      setCost(d, true, traded, readings, context, limits);
      if (paysItsCost(d, limits)) return;
      this.#isTaking = false;
    }
    setCost(d, false, traded, readings, context, limits);
  }

  /** Price, stop, target, size and portfolio of a trade that pays. */
  #judgeTrade(instrument: number, market: Float64Array, context: Float64Array): number {
    const d = this.decision;
    const limits = this.#limits;
    const traded = this.#instrumentOf(instrument);
    if (d[Decision.Sigma5mTicks]! < limits[L.SigmaCostMin]! * d[Decision.CostTicks]!) {
      return VOLATILITY_TOO_LOW;
    }
    setEntryPrice(d, this.#isTaking, market, limits);
    if (!this.#setStopAndTarget()) return STOP_FLOOR_ABOVE_CEILING;
    setLots(d, this.#isTaking, traded, market, context, limits);
    if (!(d[Decision.Lots]! >= 1)) return SIZE_TOO_SMALL;
    if (!this.#portfolio.isWithin(d, traded, context, limits)) return CORRELATED;
    return isSound(d) ? PASS : BOOK_CROSSED;
  }

  #setStopAndTarget(): boolean {
    const d = this.decision;
    const io = this.#distance;
    const price = d[Decision.PriceTicks]!;
    const side = d[Decision.Side]!;
    io[Distance.PriceTicks] = price;
    io[Distance.Sigma5mTicks] = d[Decision.Sigma5mTicks]!;
    io[Distance.SpreadTicks] = d[Decision.SpreadTicks]!;
    io[Distance.CostTicks] = d[Decision.CostTicks]!;
    const isPossible = setExitDistances(io);
    d[Decision.StopTicks] = Math.round(price - side * io[Distance.StopTicks]!);
    d[Decision.TargetTicks] = Math.round(price + side * io[Distance.TargetTicks]!);
    return isPossible;
  }

  /** A veto of one kind on one instrument is counted each time, and told once in a while. */
  #veto(instrument: number, room: number, verdict: number, readings: Float64Array): Judgement {
    // A lack of room has been counted already.
    if (room === PASS && !this.#isDue(instrument, verdict)) return Judgement.Nothing;
    this.#toldNs[instrument * VERDICT_COUNT + verdict] = this.#score[Score.NowNs]!;
    this.#describe(readings);
    return Judgement.Veto;
  }

  /** Counts a veto. True when it is time to tell it again. */
  #isDue(instrument: number, verdict: number): boolean {
    this.#count(instrument, verdict);
    const told = this.#toldNs[instrument * VERDICT_COUNT + verdict]!;
    return this.#score[Score.NowNs]! - told >= this.#limits[L.VetoGapNs]!;
  }

  #count(instrument: number, verdict: number): void {
    const cell = instrument * VERDICT_COUNT + verdict;
    this.verdictCounts[cell] = this.verdictCounts[cell]! + 1;
  }

  #instrumentOf(index: number): Instrument {
    const instrument = this.#instruments[index];
    assert(instrument !== undefined, 'a decision names an instrument that exists');
    return instrument;
  }
}

/** The last look before money moves: every number of the decision is one, and fits its place. */
function isSound(decision: Float64Array): boolean {
  for (let field = 0; field < Decision.Strength0; field++) {
    const value = decision[field]!;
    if (!(value > -TICKS_MAX * TICKS_MAX && value < TICKS_MAX * TICKS_MAX)) return false;
  }
  const price = decision[Decision.PriceTicks]!;
  if (!(price >= 1 && price < TICKS_MAX && Math.floor(price) === price)) return false;
  const score = decision[Decision.Score]!;
  return score >= -SCORE_MAX && score <= SCORE_MAX && decision[Decision.FeeTicks]! < price;
}
