/**
 * signals: an update of all eight signals, a timer turn and the correlation matrix allocate
 * nothing.
 *
 * The stream carries depth, trades, touches and invalid stretches, and runs on for hours of engine
 * time, so that slow steps, bars and pivots are among the calls.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Market } from '../../engine/domain/market.ts';
import { updateAcceleration } from '../../engine/signals/acceleration.ts';
import { updateBookImbalance } from '../../engine/signals/book-imbalance.ts';
import { CorrelationMatrix } from '../../engine/signals/correlation.ts';
import { writeDecays } from '../../engine/signals/decay.ts';
import { updateEmaCrossover } from '../../engine/signals/ema-crossover.ts';
import { updateMomentum } from '../../engine/signals/momentum.ts';
import { learnTouch, learnTrades, updateOrderFlow } from '../../engine/signals/order-flow.ts';
import { DEFAULT_SIGNAL_PARAMETERS } from '../../engine/signals/parameters.ts';
import { updateRsiDivergence } from '../../engine/signals/rsi-divergence.ts';
import { beginStep, judgeTrust } from '../../engine/signals/signal-clock.ts';
import {
  compileSignalConstants,
  CONSTANTS_SIZE,
  FAST_TAUS,
  K,
} from '../../engine/signals/signal-constants.ts';
import { SignalSet } from '../../engine/signals/signal-set.ts';
import { S, STATE_SIZE } from '../../engine/signals/signal-state.ts';
import { slowStep, updateBurst } from '../../engine/signals/slow-scales.ts';
import { updateSpread } from '../../engine/signals/spread.ts';
import { forgetMoves, sampleVolatility } from '../../engine/signals/volatility.ts';
import { updateVolumeSpike } from '../../engine/signals/volume-spike.ts';
import { INSTANT, randomStream, testInstrument } from '../unit/engine/signals/support.ts';
import { BYTES_PER_CALL_MAX, bytesPerCall } from './gate.ts';

const ROWS = 1024;
/** Shorter rounds than usual, for calls are long here; as many, for the first carry own noise. */
const BRIEF = { chunks: 25 };
// Books are lost often here: what is called once in a thousand messages would stay unoptimised.
const stream = randomStream({ seed: 5, messages: ROWS, invalidShare: 0.15 });
const spanNs = stream.at(-1)![Market.NowNs]! + 1e6;
const parameters = { ...DEFAULT_SIGNAL_PARAMETERS, ...INSTANT };

/** The row of a call; each time round it is later by the whole stream. */
function nextRow(call: number): Float64Array {
  const row = stream[call & (ROWS - 1)]!;
  row[Market.NowNs]! += spanNs;
  return row;
}

/** Every function alone, on state that a whole set has filled. */
const state = new Float64Array(STATE_SIZE);
const readings = new Float64Array(64);
const constants = compileSignalConstants(parameters);
const PARTS: readonly (readonly [string, (row: Float64Array) => void])[] = [
  ['beginStep', (row) => beginStep(state, row, constants, 1)],
  [
    'writeDecays',
    () => writeDecays(state, constants, S.DtNs, K.InvTau0, S.DecayMomentum, FAST_TAUS),
  ],
  ['learnTrades', (row) => learnTrades(state, row, constants, readings)],
  ['learnTouch', (row) => learnTouch(state, row)],
  ['updateBurst', () => updateBurst(state, readings)],
  ['forgetMoves', () => forgetMoves(state)],
  ['slowStep', (row) => slowStep(state, row, constants, readings)],
  ['sampleVolatility', (row) => sampleVolatility(state, row, constants, readings)],
  ['judgeTrust', () => judgeTrust(state, constants, readings)],
  ['updateAcceleration', (row) => updateAcceleration(state, row, constants, readings)],
  ['updateMomentum', (row) => updateMomentum(state, row, constants, readings)],
  ['updateOrderFlow', () => updateOrderFlow(state, constants, readings)],
  ['updateVolumeSpike', () => updateVolumeSpike(state, constants, readings)],
  ['updateBookImbalance', (row) => updateBookImbalance(state, row, constants, readings)],
  ['updateEmaCrossover', (row) => updateEmaCrossover(state, row, constants, readings)],
  ['updateRsiDivergence', (row) => updateRsiDivergence(state, row, constants, readings)],
  ['updateSpread', (row) => updateSpread(state, row, readings)],
];

describe('signals allocate nothing', () => {
  it('in an update of all eight, over depth, trades, touches and lost books', () => {
    const set = new SignalSet(testInstrument(), parameters);
    const bytes = bytesPerCall((call) => set.update(nextRow(call)), BRIEF);
    assert.ok(bytes <= BYTES_PER_CALL_MAX, `${bytes} bytes a call`);
  });

  it('in an update with a timer turn after it', () => {
    const set = new SignalSet(testInstrument(), parameters);
    const bytes = bytesPerCall((call) => {
      const row = nextRow(call);
      set.update(row);
      set.onTimer(row);
    }, BRIEF);
    assert.ok(bytes <= BYTES_PER_CALL_MAX, `${bytes} bytes a call`);
  });

  it('in a correlation matrix of eight', () => {
    const matrix = new CorrelationMatrix(8);
    const mids = new Float64Array(8);
    const now = new Float64Array(1);
    const bytes = bytesPerCall((call) => {
      now[0]! += 2e8;
      for (let i = 0; i < 8; i++) mids[i] = 50_000 + ((call * (i + 3)) & 63);
      matrix.sample(mids, now);
    }, BRIEF);
    assert.ok(bytes <= BYTES_PER_CALL_MAX, `${bytes} bytes a call`);
    assert.ok(matrix.rho(0, 1) !== 0);
  });

  it('in each part alone', () => {
    assert.equal(constants.length, CONSTANTS_SIZE);
    const options = { ...BRIEF, warmupChunks: 300 };
    const all = bytesPerCall((call) => PARTS[call % PARTS.length]![1](nextRow(call)), options);
    if (all <= BYTES_PER_CALL_MAX) return;
    for (const [name, step] of PARTS) {
      const bytes = bytesPerCall((call) => step(nextRow(call)), options);
      assert.ok(bytes <= BYTES_PER_CALL_MAX, `${name}: ${bytes} bytes a call`);
    }
    assert.fail(`${all} bytes a call in turn, though none alone`);
  });
});
