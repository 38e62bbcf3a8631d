/**
 * volume-spike: far more is traded than usual, and one side is the aggressor.
 *
 * Ratio     aggressive volume a second, decayed over flowTauMs, over its slow baseline (mean of the
 *           100 ms steps over volumeBaselineTauS).
 * Strength  0 up to the threshold (twice the baseline); above it (buy − sell) / (buy + sell) ×
 *           (1 − threshold / ratio): four times the usual, all bought, reads 0.5.
 * Confidence trust × n / (n + 3), n the trades in the window: three trades are half believed.
 * Raw       the ratio; 0 while there is no baseline.
 * Settings  flowTauMs 1000, volumeBaselineTauS 60, volumeThreshold 2.
 * Source    own definition.
 *
 * Hot path: once a message. Imports domain, ./signal-constants, ./signal-state.
 */
import {
  Reading as ReadingSlot,
  READING_STRIDE,
  Signal as SignalIndex,
} from '../domain/readings.ts';
import { K as ConstantSlot } from './signal-constants.ts';
import { S as StateSlot } from './signal-state.ts';

// Local constants fold into the code, imported bindings are loaded at each use: see signal-state.
const Reading = ReadingSlot;
const Signal = SignalIndex;
const K = ConstantSlot;
const S = StateSlot;

const AT = Signal.VolumeSpike * READING_STRIDE;
const TRADES_HALF_BELIEVED = 3;

export function updateVolumeSpike(
  state: Float64Array,
  constants: Float64Array,
  readings: Float64Array,
): void {
  const volume = state[S.BuyLots]! + state[S.SellLots]!;
  const usual = state[S.VolumeRate]! * constants[K.FlowTauS]!;
  const threshold = constants[K.VolumeThreshold]! * usual;
  let strength = 0;
  if (usual > 0 && volume > threshold) {
    const lean = (state[S.BuyLots]! - state[S.SellLots]!) / volume;
    strength = lean * (1 - threshold / volume);
  }
  const trades = state[S.Trades]!;
  readings[AT + Reading.Strength] = strength;
  readings[AT + Reading.Confidence] = (state[S.Trust]! * trades) / (trades + TRADES_HALF_BELIEVED);
  readings[AT + Reading.AsOfNs] = state[S.LastMessageNs]!;
  readings[AT + Reading.Raw] = usual > 0 ? volume / usual : 0;
}
