/**
 * bench-frame: builds a terminal's frames from an engine that a recorded market was played through.
 *
 * Imports   bench, contract, core, domain, runtime.
 */
import { PipelineRig } from '../bench/pipeline-rig.ts';
import type { RecordedMarket } from '../bench/recorded-market.ts';
import { EngineViews } from '../runtime/engine-views.ts';
import { buildFrame } from '../runtime/frame-publisher.ts';
import type { FrameState } from '../runtime/frame-publisher.ts';

/** Messages played before the first frame. */
const MESSAGES = 20_000;

/** Each call gives the frame of a terminal that watches one ladder. */
export function frameBuilder(market: RecordedMarket): () => ArrayBuffer {
  const rig = new PipelineRig(market);
  for (let k = 0; k < MESSAGES; k++) rig.step();
  const { memory } = rig.engine;
  const views = new EngineViews(memory, rig.pipeline.instruments.length);
  const state: FrameState = { sequence: 0, skipped: 0, tradesSeen: 0 };
  const source = {
    markets: views.markets,
    ladder: (index: number) => views.ladder(index),
    nowNs: () => rig.engine.now[0]!,
    anchorWallMs: market.startWallMs,
    messagesTotal: () => MESSAGES,
  };
  return () => {
    views.refresh();
    views.tape.drain();
    return buildFrame(source, views.tape, [0], state);
  };
}
