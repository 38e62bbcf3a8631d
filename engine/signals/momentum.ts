/**
 * momentum: where the microprice has been going: its last three changes, and its return over time.
 *
 * Changes   c = (m0 − m3) / (sigma √Δt) × |agreement|, with m0…m3 the last four microprices that
 *           differ by at least the minimum change, Δt from m3 until now (at least 50 ms), agreement
 *           = mean sign of the three changes (1 or 1/3). Fades with √time while nothing moves.
 * Return    r = (microprice − its average over τ) / (sigma √(τ/2)): the return over about τ in
 *           standard deviations of a random walk.
 * Strength  z / (1 + |z|) with z = (c + r) / 2: one standard deviation reads 0.5.
 * Confidence trust. Raw: microprice − average, ticks.
 * Settings  momentumTauMs 1000, momentumMinChangeSpreads 0.05.
 * Source    own definition; on public captures microprice velocity has a rank correlation of about
 *           0.3 with the next second in one-tick books, 3-change momentum of the mid about none.
 *
 * Hot path: once a message. Imports domain, ./signal-constants, ./signal-state.
 */
import { Market as MarketSlot } from '../domain/market.ts';
import {
  Reading as ReadingSlot,
  READING_STRIDE,
  Signal as SignalIndex,
} from '../domain/readings.ts';
import { K as ConstantSlot } from './signal-constants.ts';
import { S as StateSlot } from './signal-state.ts';

// Local constants fold into the code, imported bindings are loaded at each use: see signal-state.
const Market = MarketSlot;
const Reading = ReadingSlot;
const Signal = SignalIndex;
const K = ConstantSlot;
const S = StateSlot;

const AT = Signal.Momentum * READING_STRIDE;
const MIN_SPAN_S = 0.05;
const S_PER_NS = 1e-9;

export function updateMomentum(
  state: Float64Array,
  market: Float64Array,
  constants: Float64Array,
  readings: Float64Array,
): void {
  const micro = market[Market.MicroTicks]!;
  if (state[S.Seed] === 1) seed(state, market);
  const held = state[S.HeldMicroTicks]!;
  const average = held + (state[S.MicroEmaTicks]! - held) * state[S.DecayMomentum]!;
  state[S.MicroEmaTicks] = average;

  const smallest = constants[K.MomentumMinChangeSpreads]! * state[S.MeanSpreadTicks]!;
  const step = micro - state[S.Micro0]!;
  if ((step > 0 && step >= smallest) || (step < 0 && -step >= smallest)) pushChange(state, market);

  writeChanges(state, readings);
  const sigmas = readings[AT + Reading.Raw]! * state[S.InvSigma]!;
  const away = micro - average;
  const z = 0.5 * (sigmas + away * state[S.InvSigma]! * constants[K.InvMomentumSd]!);
  readings[AT + Reading.Strength] = z / (1 + (z < 0 ? -z : z));
  readings[AT + Reading.Confidence] = state[S.Trust]!;
  readings[AT + Reading.AsOfNs] = state[S.LastMessageNs]!;
  readings[AT + Reading.Raw] = away;
}

function seed(state: Float64Array, market: Float64Array): void {
  const micro = market[Market.MicroTicks]!;
  state[S.HeldMicroTicks] = micro;
  state[S.MicroEmaTicks] = micro;
  state[S.Micro0] = micro;
  state[S.MicroNs0] = state[S.LastNs]!;
  state[S.MicroChanges] = 0;
}

function pushChange(state: Float64Array, market: Float64Array): void {
  state[S.Micro3] = state[S.Micro2]!;
  state[S.Micro2] = state[S.Micro1]!;
  state[S.Micro1] = state[S.Micro0]!;
  state[S.Micro0] = market[Market.MicroTicks]!;
  state[S.MicroNs3] = state[S.MicroNs2]!;
  state[S.MicroNs2] = state[S.MicroNs1]!;
  state[S.MicroNs1] = state[S.MicroNs0]!;
  state[S.MicroNs0] = state[S.LastNs]!;
  state[S.MicroChanges]! += 1;
}

/** Leaves (m0 − m3) / √Δt × |agreement| in Raw; 0 until three changes were seen. */
function writeChanges(state: Float64Array, readings: Float64Array): void {
  readings[AT + Reading.Raw] = 0;
  if (state[S.MicroChanges]! < 3) return;
  const m0 = state[S.Micro0]!;
  const m1 = state[S.Micro1]!;
  const m2 = state[S.Micro2]!;
  const m3 = state[S.Micro3]!;
  const votes = (m0 > m1 ? 1 : -1) + (m1 > m2 ? 1 : -1) + (m2 > m3 ? 1 : -1);
  const agreement = votes === 3 || votes === -3 ? 1 : 1 / 3;
  const spanS = (state[S.LastNs]! - state[S.MicroNs3]!) * S_PER_NS;
  const root = Math.sqrt(spanS > MIN_SPAN_S ? spanS : MIN_SPAN_S);
  readings[AT + Reading.Raw] = ((m0 - m3) * agreement) / root;
}
