/**
 * armed-rig: the composed engine with both strategies armed, and how long V8 needs to settle on it.
 *
 * Imports   bench, ./gate.
 */
import { eagerRig } from '../../engine/bench/eager-rig.ts';
import type { PipelineRig } from '../../engine/bench/pipeline-rig.ts';
import { RecordedMarket } from '../../engine/bench/recorded-market.ts';
import type { GateOptions } from './gate.ts';

/**
 * Messages cost microseconds: fewer a round than the gate's usual, still far above its noise. Rare
 * turns of the market take rarely used branches, and V8 compiles a function anew after the first
 * time: some rounds pass until the last of them is known.
 */
export const LONG: GateOptions = {
  warmupChunks: 400,
  rounds: 20,
  chunks: 100,
  chunkCalls: 2000,
};

export function recordMarket(): RecordedMarket {
  return new RecordedMarket({ seed: 7, seconds: 12 });
}

export function armedRig(): PipelineRig {
  return eagerRig(recordMarket());
}
