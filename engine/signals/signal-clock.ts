/**
 * signal-clock: what every signal needs first: how much time passed, whether the market is valid,
 * how far any reading can be trusted now.
 *
 * Trust is 0 until warmed up (WarmUpNs of valid market and WarmUpTrades trades) and 0 while the
 * market is invalid; it returns over the settle time after an invalid stretch and fades with the
 * age of the last message. Time that runs backwards counts as no time.
 *
 * Writer    lines 0 and 1 of the state, Live* and LastMessageNs.
 * Hot path: first call of every update. No allocation.
 * Imports   domain, ./decay, ./signal-constants, ./signal-state.
 */
import { Market as MarketSlot } from '../domain/market.ts';
import { ReadingExtra as ExtraSlot } from '../domain/readings.ts';
import { writeDecays } from './decay.ts';
import { FAST_TAUS, K as ConstantSlot } from './signal-constants.ts';
import { S as StateSlot } from './signal-state.ts';

// Local constants fold into the code, imported bindings are loaded at each use: see signal-state.
const Market = MarketSlot;
const ReadingExtra = ExtraSlot;
const K = ConstantSlot;
const S = StateSlot;

/** MessageClass up to this carries book or trades; status and mark price keep nothing fresh. */
const SNAPSHOT = 4;

/** `learn` is 1 for a message, 0 for a timer turn. */
export function beginStep(
  state: Float64Array,
  market: Float64Array,
  constants: Float64Array,
  learn: number,
): void {
  const now = market[Market.NowNs]!;
  if (state[S.Started] === 0) startClock(state, market);
  const last = state[S.LastNs]!;
  const dt = now > last ? now - last : 0;
  const wasLive = state[S.Live]!;
  const live = market[Market.Valid] === 1 ? 1 : 0;
  state[S.LastNs] = last + dt;
  state[S.DtNs] = dt;
  state[S.Learn] = learn;
  state[S.Live] = live;
  state[S.Seed] = live > wasLive ? 1 : 0;
  if (live === 1 && wasLive === 1) state[S.LiveNs]! += dt;
  if (live > wasLive) state[S.LiveSinceNs] = last + dt;
  if (live === 1 && learn === 1 && market[Market.MessageClass]! <= SNAPSHOT) {
    state[S.LastMessageNs] = last + dt;
  }
  if (dt > 0) writeDecays(state, constants, S.DtNs, K.InvTau0, S.DecayMomentum, FAST_TAUS);
  else state.fill(1, S.DecayMomentum, S.DecayMomentum + FAST_TAUS);
}

function startClock(state: Float64Array, market: Float64Array): void {
  const now = market[Market.NowNs]!;
  state[S.Started] = 1;
  state[S.LastNs] = now;
  state[S.LastSlowNs] = now;
  state[S.NextSlowNs] = now;
}

/** After learning: WarmedUp and Trust of this step. */
export function judgeTrust(
  state: Float64Array,
  constants: Float64Array,
  readings: Float64Array,
): void {
  const now = state[S.LastNs]!;
  const warm =
    state[S.LiveNs]! >= constants[K.WarmUpNs]! &&
    state[S.TradesSeen]! >= constants[K.WarmUpTrades]!;
  readings[ReadingExtra.WarmedUp] = warm ? 1 : 0;
  if (!warm || state[S.Live] === 0) {
    state[S.Trust] = 0;
    return;
  }
  const settled = (now - state[S.LiveSinceNs]!) * constants[K.InvSettleNs]!;
  const fresh = 1 - (now - state[S.LastMessageNs]!) * constants[K.InvStaleNs]!;
  const trust = settled < 1 ? settled * fresh : fresh;
  state[S.Trust] = trust > 0 ? trust : 0;
}
