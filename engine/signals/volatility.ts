/**
 * volatility: how far the mid usually moves in a second and in five minutes, in ticks.
 *
 * 1 s       root of the mean square of overlapping one-second moves, sampled every 100 ms, mean
 *           over volatilityTauS. While there is less than a second of history a shorter move is
 *           scaled by √time; before the first sample half the mean spread stands in.
 * 5 min     the same of overlapping 30 s and 300 s moves on a 5 s grid (means over 10 and 30
 *           minutes). The three horizons are blended by how many independent moves each has seen:
 *           it starts as sigma(1 s) × √300 and comes to rest on the five-minute moves themselves,
 *           which are smaller where the mid reverts and larger where it trends.
 * Floor     sigmaFloorTicks; a five-minute sigma is never below the one-second one.
 * Settings  volatilityTauS 60, sigmaFloorTicks 0.1.
 * Source    realised variance with overlapping returns; own blend.
 *
 * An invalid stretch or a silence of 5 s empties the rings, so that no jump across it is a move.
 * Hot path: every 100 ms of an instrument's messages or timer turns. No allocation.
 * Imports   domain, ./decay, ./signal-constants, ./signal-state.
 */
import { Market as MarketSlot } from '../domain/market.ts';
import { ReadingExtra as ExtraSlot } from '../domain/readings.ts';
import { writeDecays } from './decay.ts';
import { K as ConstantSlot, LONG_TAUS, SLOW_TAUS } from './signal-constants.ts';
import { LONG_RING, S as StateSlot, SHORT_RING } from './signal-state.ts';

// Local constants fold into the code, imported bindings are loaded at each use: see signal-state.
const Market = MarketSlot;
const ReadingExtra = ExtraSlot;
const K = ConstantSlot;
const S = StateSlot;

const NS_PER_S = 1e9;
const SHORT_LAG = 10;
const SHORTEST_NS = 0.5 * NS_PER_S;
const LONGEST_GAP_NS = 5 * NS_PER_S;
const LONG_STEP_NS = 5 * NS_PER_S;
const LAG_30S = 6;
const LAG_5M = 60;
/** Independent one-second and 30 s moves that weigh as much as the next horizon's first. */
const PRIOR_1S = 2;
const PRIOR_30S = 4;
const SAMPLES_30S_MAX = 120;
const SAMPLES_5M_MAX = 360;

/** At an invalid stretch: what comes next is not compared with what was. */
export function forgetMoves(state: Float64Array): void {
  state[S.ShortCount] = 0;
  state[S.LongCount] = 0;
}

export function sampleVolatility(
  state: Float64Array,
  market: Float64Array,
  constants: Float64Array,
  readings: Float64Array,
): void {
  sampleShort(state, market);
  if (state[S.LastNs]! >= state[S.LongNextNs]!) sampleLong(state, market, constants);
  writeSigmas(state, constants, readings);
}

function sampleShort(state: Float64Array, market: Float64Array): void {
  const now = state[S.LastNs]!;
  const mid = market[Market.MidTicks]!;
  let head = state[S.ShortHead]! | 0;
  let count = state[S.ShortCount]! | 0;
  if (count > 0 && now - state[S.ShortNs + ((head - 1) & (SHORT_RING - 1))]! > LONGEST_GAP_NS) {
    forgetMoves(state);
    count = 0;
  }
  if (count > 0) {
    const lag = count < SHORT_LAG ? count : SHORT_LAG;
    const then = (head - lag) & (SHORT_RING - 1);
    const span = now - state[S.ShortNs + then]!;
    if (span >= SHORTEST_NS) {
      const move = mid - state[S.ShortMids + then]!;
      const decay = state[S.DecayVolatility]!;
      const sample = (move * move * NS_PER_S) / span;
      state[S.VolatilityWeight] = 1 - decay * (1 - state[S.VolatilityWeight]!);
      state[S.VolatilitySum] = sample + decay * (state[S.VolatilitySum]! - sample);
    }
  }
  state[S.ShortMids + head] = mid;
  state[S.ShortNs + head] = now;
  head = (head + 1) & (SHORT_RING - 1);
  state[S.ShortHead] = head;
  state[S.ShortCount] = count < SHORT_RING ? count + 1 : SHORT_RING;
}

function sampleLong(state: Float64Array, market: Float64Array, constants: Float64Array): void {
  const now = state[S.LastNs]!;
  const mid = market[Market.MidTicks]!;
  const count = state[S.LongCount]! | 0;
  const head = state[S.LongHead]! | 0;
  state[S.LongDtNs] = count > 0 ? now - state[S.LongLastNs]! : LONG_STEP_NS;
  writeDecays(
    state,
    constants,
    S.LongDtNs,
    K.InvSlowTau0 + SLOW_TAUS,
    S.DecayVolatility30s,
    LONG_TAUS,
  );
  if (count >= LAG_30S) {
    addMove(state, market, LAG_30S, 0);
    if (state[S.Samples30s]! < SAMPLES_30S_MAX) state[S.Samples30s]! += 1;
  }
  if (count >= LAG_5M) {
    addMove(state, market, LAG_5M, 1);
    if (state[S.Samples5m]! < SAMPLES_5M_MAX) state[S.Samples5m]! += 1;
  }
  state[S.LongMids + head] = mid;
  state[S.LongNs + head] = now;
  state[S.LongHead] = (head + 1) & (LONG_RING - 1);
  state[S.LongCount] = count < LONG_RING ? count + 1 : LONG_RING;
  state[S.LongLastNs] = now;
  state[S.LongNextNs] = now + LONG_STEP_NS;
}

/** Adds the squared move over `lag` grid steps, as variance a second, to horizon 0 or 1. */
function addMove(state: Float64Array, market: Float64Array, lag: number, horizon: number): void {
  const then = ((state[S.LongHead]! | 0) - lag) & (LONG_RING - 1);
  const span = state[S.LastNs]! - state[S.LongNs + then]!;
  const move = market[Market.MidTicks]! - state[S.LongMids + then]!;
  const decay = state[S.DecayVolatility30s + horizon]!;
  const sample = (move * move * NS_PER_S) / span;
  const weight = S.Volatility30sWeight + 2 * horizon;
  const sum = S.Volatility30sSum + 2 * horizon;
  state[weight] = 1 - decay * (1 - state[weight]!);
  state[sum] = sample + decay * (state[sum]! - sample);
}

function writeSigmas(state: Float64Array, constants: Float64Array, readings: Float64Array): void {
  const floor = constants[K.SigmaFloorTicks]!;
  const weight = state[S.VolatilityWeight]!;
  const guess = 0.5 * state[S.MeanSpreadTicks]!;
  const second = weight > 0 ? Math.sqrt(state[S.VolatilitySum]! / weight) : guess;
  const sigma = second > floor ? second : floor;
  state[S.SigmaTicks] = sigma;
  state[S.InvSigma] = 1 / sigma;

  let variance = sigma * sigma;
  const moves30 = state[S.Samples30s]! / LAG_30S;
  if (moves30 > 0) {
    const own = state[S.Volatility30sSum]! / state[S.Volatility30sWeight]!;
    variance = (variance * PRIOR_1S + own * moves30) / (PRIOR_1S + moves30);
  }
  const moves5m = state[S.Samples5m]! / LAG_5M;
  if (moves5m > 0) {
    const own = state[S.Volatility5mSum]! / state[S.Volatility5mWeight]!;
    variance = (variance * PRIOR_30S + own * moves5m) / (PRIOR_30S + moves5m);
  }
  const five = Math.sqrt(variance * 300);
  readings[ReadingExtra.Sigma1sTicks] = sigma;
  readings[ReadingExtra.Sigma5mTicks] = five > sigma ? five : sigma;
  state[S.Sigma5mTicks] = readings[ReadingExtra.Sigma5mTicks]!;
}
