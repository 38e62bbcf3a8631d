/**
 * rsi-divergence: price makes a new extreme and the RSI does not.
 *
 * Bars      1 s of engine time, closed with the mid that stood at the boundary; silent seconds
 *           close where the last one did. More than 30 missing bars or an invalid market start
 *           anew.
 * RSI       Wilder: first mean gain and loss over rsiPeriod bars, then smoothed by 1 / rsiPeriod;
 *           50 when nothing moved.
 * Pivot     a close strictly beyond the rsiPivotBars closes before it and not beaten by those after
 *           it: known only rsiPivotBars later, and used only then (no look-ahead).
 * Divergence a lower pivot low with the RSI higher by at least rsiMinPoints than at the pivot low
 *           before it, at most rsiPivotGapBars apart: up, + d / (d + 10) with d in RSI points.
 *           Highs: down. It fades by exp(−bar / rsiHoldS).
 * Strength  the last divergence as faded. Confidence trust, 0 before rsiPeriod + 2 pivots of bars.
 * Raw       the RSI, 0–100. As of the last message.
 * Settings  rsiPeriod 14, rsiPivotBars 3, rsiPivotGapBars 60, rsiMinPoints 3, rsiHoldS 10.
 * Source    Wilder 1978. On public captures it carries next to nothing at horizons of seconds.
 *
 * Hot path: once a message; real work once a second. Imports domain, ./signal-constants,
 * ./signal-state.
 */
import { Market as MarketSlot } from '../domain/market.ts';
import {
  Reading as ReadingSlot,
  READING_STRIDE,
  Signal as SignalIndex,
} from '../domain/readings.ts';
import { K as ConstantSlot } from './signal-constants.ts';
import { BAR_RING, S as StateSlot } from './signal-state.ts';

// Local constants fold into the code, imported bindings are loaded at each use: see signal-state.
const Market = MarketSlot;
const Reading = ReadingSlot;
const Signal = SignalIndex;
const K = ConstantSlot;
const S = StateSlot;

const AT = Signal.RsiDivergence * READING_STRIDE;
const BARS_PER_NS = 1e-9;
const MISSING_BARS_MAX = 30;
const HALF_POINTS = 10;
const MASK = BAR_RING - 1;

export function updateRsiDivergence(
  state: Float64Array,
  market: Float64Array,
  constants: Float64Array,
  readings: Float64Array,
): void {
  const bar = Math.floor(state[S.LastNs]! * BARS_PER_NS);
  if (state[S.Seed] === 1 || bar - state[S.Bar]! > MISSING_BARS_MAX) {
    startBars(state, market);
    state[S.Bar] = bar;
  }
  while (state[S.Bar]! < bar) closeBar(state, constants);
  state[S.BarMid] = market[Market.MidTicks]!;

  const needed = constants[K.RsiPeriod]! + 2 * constants[K.RsiPivotBars]!;
  const known = state[S.BarCount]! > needed;
  readings[AT + Reading.Strength] = state[S.Divergence]!;
  readings[AT + Reading.Confidence] = known ? state[S.Trust]! : 0;
  readings[AT + Reading.AsOfNs] = state[S.LastMessageNs]!;
  readings[AT + Reading.Raw] = state[S.Rsi]!;
}

function startBars(state: Float64Array, market: Float64Array): void {
  state[S.BarCount] = 0;
  state[S.BarMid] = market[Market.MidTicks]!;
  state[S.AvgGain] = 0;
  state[S.AvgLoss] = 0;
  state[S.Rsi] = 50;
  state[S.LowBar] = -1;
  state[S.HighBar] = -1;
  state[S.Divergence] = 0;
}

/** Closes the bar under way at the mid that stood, and opens the next. */
function closeBar(state: Float64Array, constants: Float64Array): void {
  const close = state[S.BarMid]!;
  const count = state[S.BarCount]!;
  if (count > 0) smooth(state, constants);
  state[S.BarClose] = close;
  const at = count & MASK;
  state[S.Closes + at] = close;
  state[S.Rsis + at] = state[S.Rsi]!;
  state[S.BarCount] = count + 1;
  state[S.Bar]! += 1;
  state[S.Divergence]! *= constants[K.RsiBarDecay]!;
  const wing = constants[K.RsiPivotBars]! | 0;
  if (count < constants[K.RsiPeriod]! + 2 * wing) return;
  if (isExtreme(state, wing, 1)) judgeLow(state, constants, wing);
  if (isExtreme(state, wing, -1)) judgeHigh(state, constants, wing);
}

/** Wilder's means: plain over the first period, then one part in `period` of the new bar. */
function smooth(state: Float64Array, constants: Float64Array): void {
  const period = constants[K.RsiPeriod]!;
  const count = state[S.BarCount]!;
  const change = state[S.BarMid]! - state[S.BarClose]!;
  const n = count < period ? count : period;
  const gain = change > 0 ? change : 0;
  const loss = change < 0 ? -change : 0;
  state[S.AvgGain]! += (gain - state[S.AvgGain]!) / n;
  state[S.AvgLoss]! += (loss - state[S.AvgLoss]!) / n;
  const all = state[S.AvgGain]! + state[S.AvgLoss]!;
  state[S.Rsi] = all > 0 ? (100 * state[S.AvgGain]!) / all : 50;
}

/** Is the close `wing` bars back a low (sign 1) or a high (sign −1)? */
function isExtreme(state: Float64Array, wing: number, sign: number): boolean {
  const newest = (state[S.BarCount]! | 0) - 1;
  const center = state[S.Closes + ((newest - wing) & MASK)]! * sign;
  for (let i = 1; i <= wing; i++) {
    if (state[S.Closes + ((newest - wing - i) & MASK)]! * sign <= center) return false;
    if (state[S.Closes + ((newest - wing + i) & MASK)]! * sign < center) return false;
  }
  return true;
}

function judgeLow(state: Float64Array, constants: Float64Array, wing: number): void {
  const bar = state[S.BarCount]! - 1 - wing;
  const at = bar & MASK;
  const price = state[S.Closes + at]!;
  const rsi = state[S.Rsis + at]!;
  const before = state[S.LowBar]!;
  if (before >= 0 && bar - before <= constants[K.RsiPivotGapBars]!) {
    const points = rsi - state[S.LowRsi]!;
    if (price < state[S.LowTicks]! && points > constants[K.RsiMinPoints]!) {
      state[S.Divergence] = points / (points + HALF_POINTS);
    }
  }
  state[S.LowTicks] = price;
  state[S.LowRsi] = rsi;
  state[S.LowBar] = bar;
}

function judgeHigh(state: Float64Array, constants: Float64Array, wing: number): void {
  const bar = state[S.BarCount]! - 1 - wing;
  const at = bar & MASK;
  const price = state[S.Closes + at]!;
  const rsi = state[S.Rsis + at]!;
  const before = state[S.HighBar]!;
  if (before >= 0 && bar - before <= constants[K.RsiPivotGapBars]!) {
    const points = state[S.HighRsi]! - rsi;
    if (price > state[S.HighTicks]! && points > constants[K.RsiMinPoints]!) {
      state[S.Divergence] = -points / (points + HALF_POINTS);
    }
  }
  state[S.HighTicks] = price;
  state[S.HighRsi] = rsi;
  state[S.HighBar] = bar;
}
