/**
 * slow-scales: what is usual in this market: spread, volume, messages, order flow, volatility.
 *
 * A step every 100 ms folds what was summed since the last one into exponentially weighted means.
 * Each mean is sum / weight with the weight growing from 0 to 1, so that it is unbiased from the
 * first step on. Nothing is learnt while the market is invalid: a broken feed is not a quiet
 * market.
 *
 * Hot path: every 100 ms of an instrument's messages or timer turns. No allocation.
 * Imports   domain, ./decay, ./signal-constants, ./signal-state, ./volatility.
 */
import { Market as MarketSlot } from '../domain/market.ts';
import { ReadingExtra as ExtraSlot } from '../domain/readings.ts';
import { writeDecays } from './decay.ts';
import { K as ConstantSlot, SLOW_TAUS } from './signal-constants.ts';
import { S as StateSlot } from './signal-state.ts';
import { sampleVolatility } from './volatility.ts';

// Local constants fold into the code, imported bindings are loaded at each use: see signal-state.
const Market = MarketSlot;
const ReadingExtra = ExtraSlot;
const K = ConstantSlot;
const S = StateSlot;

const SLOW_STEP_NS = 100e6;
const NS_PER_S = 1e9;
/** Weight of "the usual flow is the size of the touch" against what was measured. */
const PRIOR_WEIGHT = 0.02;
const SMALLEST_SCALE = 1e-6;
/** A one-tick market becomes a wide one only this far above the limit. */
const CLASS_HYSTERESIS = 1.15;

export function slowStep(
  state: Float64Array,
  market: Float64Array,
  constants: Float64Array,
  readings: Float64Array,
): void {
  const now = state[S.LastNs]!;
  const dt = now - state[S.LastSlowNs]!;
  state[S.SlowDtNs] = dt;
  state[S.LastSlowNs] = now;
  state[S.NextSlowNs] = now + SLOW_STEP_NS;
  if (state[S.Live] === 1) {
    writeDecays(state, constants, S.SlowDtNs, K.InvSlowTau0, S.DecayOfiScale, SLOW_TAUS);
    if (dt > 0) foldRates(state, constants);
    foldSpread(state);
    foldOrderFlow(state);
    sampleVolatility(state, market, constants, readings);
    judgeClass(state, market, constants, readings);
  }
  state[S.StepVolumeLots] = 0;
  state[S.StepMessages] = 0;
  state[S.StepLiveNs] = 0;
  state[S.StepSpread] = 0;
  state[S.StepSpreadSquare] = 0;
}

function foldRates(state: Float64Array, constants: Float64Array): void {
  const perNs = 1 / state[S.SlowDtNs]!;
  const volume = state[S.StepVolumeLots]! * perNs * NS_PER_S;
  const volumeDecay = state[S.DecayVolume]!;
  state[S.VolumeWeight] = 1 - volumeDecay * (1 - state[S.VolumeWeight]!);
  state[S.VolumeSum] = volume + volumeDecay * (state[S.VolumeSum]! - volume);
  state[S.VolumeRate] = state[S.VolumeSum]! / state[S.VolumeWeight]!;

  const messages = state[S.StepMessages]! * perNs * constants[K.BurstTauNs]!;
  const messagesDecay = state[S.DecayMessages]!;
  state[S.MessagesWeight] = 1 - messagesDecay * (1 - state[S.MessagesWeight]!);
  state[S.MessagesSum] = messages + messagesDecay * (state[S.MessagesSum]! - messages);
  state[S.MessagesUsual] = state[S.MessagesSum]! / state[S.MessagesWeight]!;
}

function foldSpread(state: Float64Array): void {
  const time = state[S.StepLiveNs]!;
  if (time <= 0) return;
  const spread = state[S.StepSpread]! / time;
  const square = state[S.StepSpreadSquare]! / time;
  const decay = state[S.DecaySpread]!;
  const weight = 1 - decay * (1 - state[S.SpreadWeight]!);
  state[S.SpreadWeight] = weight;
  state[S.SpreadSum] = spread + decay * (state[S.SpreadSum]! - spread);
  state[S.SpreadSquares] = square + decay * (state[S.SpreadSquares]! - square);
  const mean = state[S.SpreadSum]! / weight;
  const variance = state[S.SpreadSquares]! / weight - mean * mean;
  state[S.MeanSpreadTicks] = mean;
  state[S.SdSpreadTicks] = variance > 0 ? Math.sqrt(variance) : 0;
}

function foldOrderFlow(state: Float64Array): void {
  const ofi = state[S.OfiLots]!;
  const depth = 0.5 * (state[S.BidLots]! + state[S.AskLots]!);
  const decay = state[S.DecayOfiScale]!;
  const weight = 1 - decay * (1 - state[S.OfiWeight]!);
  const square = ofi * ofi;
  state[S.OfiWeight] = weight;
  state[S.OfiSquares] = square + decay * (state[S.OfiSquares]! - square);
  state[S.DepthScaleLots] = depth + decay * (state[S.DepthScaleLots]! - depth);
  const usual = weight > 0 ? state[S.DepthScaleLots]! / weight : depth;
  const mean = (state[S.OfiSquares]! + PRIOR_WEIGHT * usual * usual) / (weight + PRIOR_WEIGHT);
  const scale = Math.sqrt(mean);
  state[S.InvOfiScale] = 1 / (scale > SMALLEST_SCALE ? scale : SMALLEST_SCALE);
}

function judgeClass(
  state: Float64Array,
  market: Float64Array,
  constants: Float64Array,
  readings: Float64Array,
): void {
  const limit = constants[K.OneTickSpreadTicks]!;
  const known = state[S.SpreadWeight]! > 0;
  const mean = known ? state[S.MeanSpreadTicks]! : market[Market.SpreadTicks]!;
  const bound = state[S.OneTick] === 1 ? limit * CLASS_HYSTERESIS : limit;
  state[S.OneTick] = mean < bound ? 1 : 0;
  readings[ReadingExtra.MarketClass] = mean < bound ? 1 : 2;
}

/**
 * Messages now against their usual number; the +3 keep a quiet feed's single message from counting.
 */
export function updateBurst(state: Float64Array, readings: Float64Array): void {
  const messages = state[S.Messages]! * state[S.DecayBurst]! + state[S.Learn]!;
  state[S.Messages] = messages;
  state[S.StepMessages]! += state[S.Learn]!;
  readings[ReadingExtra.Burst] = (messages + 3) / (state[S.MessagesUsual]! + 3);
}
