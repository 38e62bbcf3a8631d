/**
 * The composed engine allocates nothing for a message: received buffer → decode → book → signals →
 * exits → quotes → entries → gate → order manager → encoded request → journal → views, timer turns
 * and answers of the venue included.
 *
 * A recorded market is played over and over (engine/bench), so every figure is a message's share of
 * everything that happens around it. What runs a few times a second would take minutes to be
 * optimised at that pace; V8 is told to be quicker about it, and to compile where it stands, so
 * that a run does not depend on when its other thread was done.
 *
 * Not yet nothing: the armed engine boxes a number in one message of 50 or 100, where the quoter
 * and the order desk call what V8 does not inline. 0.19 to 0.24 bytes a message were measured,
 * with some ten times as many orders as the defaults place; the bound keeps it from growing.
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { SeededRandom } from '../../engine/base/random.ts';
import { DepthWalk, WALK_START_MS } from '../../engine/bench/depth-walk.ts';
import { EncodingGateway } from '../../engine/bench/encoding-gateway.ts';
import { EngineRig } from '../../engine/bench/engine-rig.ts';
import { PipelineRig } from '../../engine/bench/pipeline-rig.ts';
import { RecordedMarket } from '../../engine/bench/recorded-market.ts';
import { STRATEGY_MARKET_MAKING, STRATEGY_SCALPER } from '../../engine/core/command-codes.ts';
import { MessageTurn } from '../../engine/core/message-turn.ts';
import { Probe } from '../../engine/core/probe.ts';
import { Recorder } from '../../engine/core/recorder.ts';
import { ScopeStates } from '../../engine/core/scope-states.ts';
import { BookState } from '../../engine/domain/modes.ts';
import { Market } from '../../engine/domain/market.ts';
import { FeedCounter } from '../../engine/feeds/feed-counters.ts';
import { simLimitValues } from '../../engine/risk/limits.ts';
import { INLINING_FLAGS } from '../../engine/runtime/trading-thread.ts';
import { bytesPerCall, BYTES_PER_CALL_MAX, type GateOptions } from './gate.ts';

const FLAGS = [
  '--invocation-count-for-turbofan=100',
  '--invocation-count-for-maglev=50',
  '--invocation-count-for-osr=50',
  '--no-concurrent-recompilation',
  ...INLINING_FLAGS,
];

/** One boxed number, 12 to 16 bytes, in 32 messages. See above. */
const ARMED_BYTES_MAX = 0.5;

/** Messages cost microseconds: fewer a round than the gate's usual, still far above its noise. */
const LONG: GateOptions = { warmupChunks: 400, rounds: 8, chunks: 50, chunkCalls: 2000 };

/** Enters on little, leaves soon: orders, fills and exits of every kind many times a second. */
const EAGER = {
  scalper: {
    enterScore: 0.15,
    tellScore: 0.1,
    agreeCount: 1,
    needFamilies: 0,
    edgeFractionOneTick: 1,
    edgeFractionWide: 1,
    edgeMargin: 1,
    sigmaCostMin: 1,
    takeScore: 0.2,
    coolDownMs: 0,
    entryGapMs: 100,
    entriesMax: 100_000,
    vetoGapMs: 10,
  },
  exits: { timeLimitMs: 10_000, timeWarningMs: 5_000, entryTimeoutMs: 500 },
  quoter: { requoteIntervalMs: 10, halfSpreadSigmas: 0.2, pullHoldMs: 0 },
  limits: {
    ...simLimitValues(),
    ordersPerSecond: 1000,
    orderBurst: 1000,
    maxDayLoss: 1e9,
    maxDayFees: 1e9,
    maxDrawdown: 1e9,
  },
};
const QUOTED = [0, 2, 4];

function record(): RecordedMarket {
  return new RecordedMarket({ seed: 7, seconds: 12 });
}

describe('the composed pipeline', () => {
  before(() => {
    for (const flag of FLAGS) setFlagsFromString(flag);
  });

  it('disarmed allocates nothing: markets in, views and journal out', () => {
    const rig = new PipelineRig(record());
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

  it('armed stays below its bound: entries, exits and quotes, encoded, filled, answered', () => {
    const rig = new PipelineRig(record(), EAGER);
    rig.engine.arm(STRATEGY_SCALPER);
    for (const instrument of QUOTED) rig.engine.arm(STRATEGY_MARKET_MAKING, instrument);
    const bytes = bytesPerCall(() => rig.step(), LONG);
    const { desk, exits, quoter } = rig.pipeline;
    assert.ok(bytes <= ARMED_BYTES_MAX, `${bytes} bytes per message`);
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
    const rig = new PipelineRig(record());
    const kept: unknown[] = [null];
    const bytes = bytesPerCall((call) => {
      rig.step();
      kept[0] = { price: call + 0.5 };
    }, LONG);
    assert.ok(bytes > BYTES_PER_CALL_MAX * 100, `${bytes} bytes per message`);
  });
});
