/**
 * acceleration: whether the microprice's move is speeding up or dying, in its own volatility.
 *
 * Velocity  v = (microprice − its average over τv) / τv, ticks a second.
 * Acceleration a = (v − average of v over τa) / τa, ticks a second². Both averages weigh each value
 *           by how long it stood, so that irregular messages do not matter.
 * Strength  z / (1 + |z|), z = a over its standard deviation for a random walk with sigma:
 *           sigma √(1 / 2τv) √(τa / (τv + τa)) / τa.
 * Confidence trust; half of it while velocity points the other way (a move that brakes).
 * Raw       a. Settings velocityTauMs 500, accelerationTauMs 1000.
 * Source    own definition (two first-order high passes).
 *
 * Hot path: once a message. HeldMicroTicks moves on at the end of the step.
 * Imports   domain, ./signal-constants, ./signal-state.
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

const AT = Signal.Acceleration * READING_STRIDE;

export function updateAcceleration(
  state: Float64Array,
  market: Float64Array,
  constants: Float64Array,
  readings: Float64Array,
): void {
  const micro = market[Market.MicroTicks]!;
  if (state[S.Seed] === 1) {
    state[S.VelocityEmaTicks] = micro;
    state[S.HeldMicroTicks] = micro;
    state[S.HeldVelocity] = 0;
    state[S.VelocityMean] = 0;
  }
  const held = state[S.HeldMicroTicks]!;
  const average = held + (state[S.VelocityEmaTicks]! - held) * state[S.DecayVelocity]!;
  state[S.VelocityEmaTicks] = average;
  const heldVelocity = state[S.HeldVelocity]!;
  const mean = heldVelocity + (state[S.VelocityMean]! - heldVelocity) * state[S.DecayAcceleration]!;
  state[S.VelocityMean] = mean;

  const velocity = (micro - average) * constants[K.InvVelocityTauS]!;
  state[S.HeldVelocity] = velocity;
  const acceleration = (velocity - mean) * constants[K.InvAccelerationTauS]!;
  const z = acceleration * state[S.InvSigma]! * constants[K.InvAccelerationSd]!;
  const trust = state[S.Trust]!;
  readings[AT + Reading.Strength] = z / (1 + (z < 0 ? -z : z));
  readings[AT + Reading.Confidence] = velocity * acceleration < 0 ? 0.5 * trust : trust;
  readings[AT + Reading.AsOfNs] = state[S.LastMessageNs]!;
  readings[AT + Reading.Raw] = acceleration;
}
