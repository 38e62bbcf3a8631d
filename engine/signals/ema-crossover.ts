/**
 * ema-crossover: the fast average of the mid against the slow one, with hysteresis.
 *
 * Averages  decay with time, not with messages, and weigh each mid by how long it stood.
 * Crossing  z = (fast − slow) over its standard deviation for a random walk, sigma (slow − fast τ)
 *           / √(2 (slow + fast τ)). The side turns when |z| passes the hysteresis on the other side
 *           and is held in between, so that a flat market does not flicker.
 * Strength  side × |z| / (1 + |z|) while z lies on that side, 0 while it does not. Confidence
 *           trust.
 * Raw       fast − slow, ticks.
 * Settings  emaFastMs 2000, emaSlowMs 10000, emaHysteresis 0.25.
 * Source    textbook; on public captures it carries next to nothing at horizons of seconds.
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

const AT = Signal.EmaCrossover * READING_STRIDE;

export function updateEmaCrossover(
  state: Float64Array,
  market: Float64Array,
  constants: Float64Array,
  readings: Float64Array,
): void {
  const mid = market[Market.MidTicks]!;
  if (state[S.Seed] === 1) {
    state[S.HeldMidTicks] = mid;
    state[S.EmaFastTicks] = mid;
    state[S.EmaSlowTicks] = mid;
    state[S.CrossSide] = 0;
  }
  const held = state[S.HeldMidTicks]!;
  const fast = held + (state[S.EmaFastTicks]! - held) * state[S.DecayEmaFast]!;
  const slow = held + (state[S.EmaSlowTicks]! - held) * state[S.DecayEmaSlow]!;
  state[S.EmaFastTicks] = fast;
  state[S.EmaSlowTicks] = slow;
  state[S.HeldMidTicks] = mid;

  const z = (fast - slow) * state[S.InvSigma]! * constants[K.InvEmaSd]!;
  const band = constants[K.EmaHysteresis]!;
  if (z > band) state[S.CrossSide] = 1;
  else if (z < -band) state[S.CrossSide] = -1;
  const along = z * state[S.CrossSide]!;
  readings[AT + Reading.Strength] = along > 0 ? z / (1 + along) : 0;
  readings[AT + Reading.Confidence] = state[S.Trust]!;
  readings[AT + Reading.AsOfNs] = state[S.LastMessageNs]!;
  readings[AT + Reading.Raw] = fast - slow;
}
