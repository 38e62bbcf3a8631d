/**
 * The composed engine allocates nothing for a message: received buffer → decode → book → signals →
 * exits → quotes → entries → gate → order manager → encoded request → journal → views, timer turns
 * and answers of the venue included.
 *
 * A recorded market is played over and over (engine/bench), so every figure is a message's share of
 * everything that happens around it, with some ten times as many orders as the defaults place. That
 * it does not hang on what V8 inlines is shown by pipeline-uninlined.
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { SeededRandom } from '../../engine/base/random.ts';
import { SETTLING_FLAGS } from '../../engine/bench/allocation.ts';
import { DepthWalk, WALK_START_MS } from '../../engine/bench/depth-walk.ts';
import { EncodingGateway } from '../../engine/bench/encoding-gateway.ts';
import { EngineRig } from '../../engine/bench/engine-rig.ts';
import { PipelineRig } from '../../engine/bench/pipeline-rig.ts';
import { MessageTurn } from '../../engine/core/message-turn.ts';
import { Probe } from '../../engine/core/probe.ts';
import { Recorder } from '../../engine/core/recorder.ts';
import { ScopeStates } from '../../engine/core/scope-states.ts';
import { BookState } from '../../engine/domain/modes.ts';
import { Market } from '../../engine/domain/market.ts';
import { FeedCounter } from '../../engine/feeds/feed-counters.ts';
import { INLINING_FLAGS } from '../../engine/runtime/trading-thread.ts';
import { armedRig, LONG, recordMarket } from './armed-rig.ts';
import { bytesPerCall, BYTES_PER_CALL_MAX } from './gate.ts';

const FLAGS = [...SETTLING_FLAGS, ...INLINING_FLAGS];

describe('the composed pipeline', () => {
  before(() => {
    for (const flag of FLAGS) setFlagsFromString(flag);
  });

  it('disarmed allocates nothing: markets in, views and journal out', () => {
    const rig = new PipelineRig(recordMarket());
    assert.ok(rig.engine instanceof EngineRig);
    assert.ok(rig.engine.messages instanceof MessageTurn);
    assert.ok(rig.pipeline.recorder instanceof Recorder);
    assert.ok(rig.pipeline.states instanceof ScopeStates);
    assert.ok(rig.pipeline.probe instanceof Probe);
    const bytes = bytesPerCall(() => rig.step(), LONG);
    assert.ok(bytes <= BYTES_PER_CALL_MAX, `${bytes} bytes per message`);
    const { counters } = rig.engine.feed;
    assert.equal(counters[FeedCounter.Gaps], 0);
    assert.equal(counters[FeedCounter.Fallback], 0);
    for (const { fields } of rig.pipeline.books.states) {
      assert.equal(fields[Market.BookState], BookState.Synced);
    }
    assert.ok(rig.pipeline.decisionCount > 1000, 'near misses are told');
  });

  it('armed allocates nothing: entries, exits and quotes, encoded, filled, answered', () => {
    const rig = armedRig();
    const bytes = bytesPerCall(() => rig.step(), LONG);
    const { desk, exits, quoter } = rig.pipeline;
    assert.ok(bytes <= BYTES_PER_CALL_MAX, `${bytes} bytes per message`);
    assert.ok(rig.gateway instanceof EncodingGateway && rig.gateway.requests > 10_000);
    assert.ok(desk.counts.fills > 1000, `${desk.counts.fills} fills`);
    assert.ok(desk.counts.scalpsClosed > 100, `${desk.counts.scalpsClosed} scalps`);
    assert.ok(exits.halfOutCount > 0);
    assert.ok(quoter.rows.length > 0);
  });

  it("the path benchmark's own market allocates nothing", () => {
    const walk = new DepthWalk(new SeededRandom(9));
    const wall = new Float64Array([WALK_START_MS]);
    const bytes = bytesPerCall(
      () => {
        wall[0]! += 1;
        walk.next(wall);
      },
      { chunks: 100, chunkCalls: 2000 },
    );
    assert.ok(bytes <= BYTES_PER_CALL_MAX, `${bytes} bytes per frame`);
  });

  it('control: one small object a message is seen', () => {
    const rig = new PipelineRig(recordMarket());
    const kept: unknown[] = [null];
    const bytes = bytesPerCall(
      (call) => {
        rig.step();
        kept[0] = { price: call + 0.5 };
      },
      { ...LONG, warmupChunks: 100, rounds: 1 },
    );
    assert.ok(bytes > BYTES_PER_CALL_MAX * 100, `${bytes} bytes per message`);
  });
});
