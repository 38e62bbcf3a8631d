/**
 * signal-set: the eight signals of one instrument, brought up to date once a message.
 *
 * `update` after each end of message, `onTimer` on timer turns (time passes, nothing is learnt:
 * flows decay, bars close, confidence fades). AsOfNs of a reading is the receive time of the last
 * message it learnt from; a timer never moves it. While Market.Valid is 0 the book signals learn
 * nothing and every confidence is 0; after that they start from the new book, not from a jump.
 *
 * Writer    the trading thread. Readers: strategies, exits, market-making, journal, screen.
 * Cost      state 2.5 KB an instrument, of which a message touches 512 bytes (signal-state).
 * Hot path: signals are called by name, inputs travel in arrays. No allocation.
 * Imports   base, domain, the signals.
 */
import type { Instrument } from '../domain/instrument.ts';
import { Market as MarketSlot } from '../domain/market.ts';
import {
  Reading as ReadingSlot,
  READING_STRIDE,
  READINGS_SIZE,
  SIGNAL_COUNT,
} from '../domain/readings.ts';
import { updateAcceleration } from './acceleration.ts';
import { updateBookImbalance } from './book-imbalance.ts';
import { updateEmaCrossover } from './ema-crossover.ts';
import { updateMomentum } from './momentum.ts';
import { learnTouch, learnTrades, updateOrderFlow } from './order-flow.ts';
import type { SignalParameters } from './parameters.ts';
import { updateRsiDivergence } from './rsi-divergence.ts';
import { beginStep, judgeTrust } from './signal-clock.ts';
import { compileSignalConstants } from './signal-constants.ts';
import { S as StateSlot, STATE_SIZE } from './signal-state.ts';
import { slowStep, updateBurst } from './slow-scales.ts';
import { updateSpread } from './spread.ts';
import { forgetMoves } from './volatility.ts';
import { updateVolumeSpike } from './volume-spike.ts';

// Local constants fold into the code, imported bindings are loaded at each use: see signal-state.
const Market = MarketSlot;
const Reading = ReadingSlot;
const S = StateSlot;

export class SignalSet {
  readonly instrument: Instrument;
  /** Laid out by domain/readings. */
  readonly readings = new Float64Array(READINGS_SIZE);
  readonly #state = new Float64Array(STATE_SIZE);
  readonly #constants: Float64Array;

  constructor(instrument: Instrument, parameters: SignalParameters) {
    this.instrument = instrument;
    this.#constants = compileSignalConstants(parameters);
  }

  /** A message ended: learn from it. */
  update(market: Float64Array): void {
    step(this.#state, market, this.#constants, this.readings, 1);
  }

  /** Market.NowNs moved on without a message. */
  onTimer(market: Float64Array): void {
    step(this.#state, market, this.#constants, this.readings, 0);
  }
}

/** One step of all signals. `learn` is 1 for a message, 0 for a timer turn. */
function step(
  state: Float64Array,
  market: Float64Array,
  constants: Float64Array,
  readings: Float64Array,
  learn: number,
): void {
  beginStep(state, market, constants, learn);
  learnTrades(state, market, constants, readings);
  learnTouch(state, market);
  updateBurst(state, readings);
  if (state[S.Seed] === 1) forgetMoves(state);
  if (state[S.LastNs]! >= state[S.NextSlowNs]!) slowStep(state, market, constants, readings);
  judgeTrust(state, constants, readings);
  if (state[S.Live] === 0) {
    silence(readings);
    return;
  }
  updateAcceleration(state, market, constants, readings);
  updateMomentum(state, market, constants, readings);
  updateOrderFlow(state, constants, readings);
  updateVolumeSpike(state, constants, readings);
  updateBookImbalance(state, market, constants, readings);
  updateEmaCrossover(state, market, constants, readings);
  updateRsiDivergence(state, market, constants, readings);
  updateSpread(state, market, readings);
  state[S.HeldMicroTicks] = market[Market.MicroTicks]!;
}

/** No valid market: no signal says anything. */
function silence(readings: Float64Array): void {
  for (let at = 0; at < SIGNAL_COUNT * READING_STRIDE; at += READING_STRIDE) {
    readings[at + Reading.Strength] = 0;
    readings[at + Reading.Confidence] = 0;
  }
}
