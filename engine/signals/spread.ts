/**
 * spread: the bid-ask spread against its own usual distribution.
 *
 * A spread has no direction of its own. What it says is how much makers trust the present price:
 * compressed, they compete for it and a lean of the microprice is worth more; widening, they step
 * back and nothing at the touch is worth much. So:
 * u         (spread − mean) / (standard deviation + 1/4 tick), mean and deviation weighted by time.
 * Strength  while compressed (u < 0): |u| / (1 + |u|) × (microprice − mid) / (spread / 2), which is
 *           the way the microprice leans; 0 while it is usual or wide.
 * Confidence trust × sd / (sd + 1/4) (a market whose spread never changes says nothing), and over
 *           (1 + u) while wide.
 * Raw       u: negative compressed, positive wide.
 * Worth     in one-tick books it repeats the touch imbalance while compressed (rank correlation
 *           with the next second 0.3-0.45 on public captures, the imbalance's own 0.3-0.5):
 *           confirmation, not a second vote.
 * Settings  spreadTauS 60. Source: own definition.
 *
 * Hot path: once a message. Imports domain, ./signal-state.
 */
import { Market as MarketSlot } from '../domain/market.ts';
import {
  Reading as ReadingSlot,
  READING_STRIDE,
  ReadingExtra as ExtraSlot,
  Signal as SignalIndex,
} from '../domain/readings.ts';
import { S as StateSlot } from './signal-state.ts';

// Local constants fold into the code, imported bindings are loaded at each use: see signal-state.
const Market = MarketSlot;
const Reading = ReadingSlot;
const ReadingExtra = ExtraSlot;
const Signal = SignalIndex;
const S = StateSlot;

const AT = Signal.Spread * READING_STRIDE;
const QUARTER_TICK = 0.25;

export function updateSpread(
  state: Float64Array,
  market: Float64Array,
  readings: Float64Array,
): void {
  const spread = market[Market.SpreadTicks]!;
  learnSpread(state, market);
  readings[ReadingExtra.MeanSpreadTicks] = state[S.MeanSpreadTicks]!;
  const sd = state[S.SdSpreadTicks]!;
  const scale = sd + QUARTER_TICK;
  const u = (spread - state[S.MeanSpreadTicks]!) / scale;
  let strength = 0;
  let confidence = (state[S.Trust]! * sd) / scale;
  if (u < 0 && spread > 0) {
    const lean = (2 * (market[Market.MicroTicks]! - market[Market.MidTicks]!)) / spread;
    strength = (lean * -u) / (1 - u);
  } else {
    confidence /= 1 + u;
  }
  readings[AT + Reading.Strength] = strength;
  readings[AT + Reading.Confidence] = confidence;
  readings[AT + Reading.AsOfNs] = state[S.LastMessageNs]!;
  readings[AT + Reading.Raw] = u;
}

/** Adds the spread that stood since the last call, weighted by how long it did. */
function learnSpread(state: Float64Array, market: Float64Array): void {
  const spread = market[Market.SpreadTicks]!;
  if (state[S.Seed] === 1) {
    state[S.HeldSpreadTicks] = spread;
    if (state[S.SpreadWeight] === 0) state[S.MeanSpreadTicks] = spread;
    return;
  }
  const dt = state[S.DtNs]!;
  const held = state[S.HeldSpreadTicks]!;
  state[S.StepLiveNs]! += dt;
  state[S.StepSpread]! += dt * held;
  state[S.StepSpreadSquare]! += dt * held * held;
  state[S.HeldSpreadTicks] = spread;
}
