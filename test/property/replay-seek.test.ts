/**
 * However a tape was played before, after a seek to t the run is the run from the start to t: the
 * same journal byte for byte, the same books, signals, positions, orders and counts.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { before, describe, it, type TestContext } from 'node:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after } from 'node:test';
import { SeededRandom } from '../../engine/base/random.ts';
import { TradingState } from '../../engine/domain/modes.ts';
import { importCapture } from '../../engine/tape/import-capture.ts';
import { capture } from '../support/repository.ts';
import { writeSimTape } from '../support/sim-tape.ts';
import { TapeBench } from '../support/tape-bench.ts';
import { tempDir } from '../support/temp-dir.ts';

let folder = '';
let tape = '';

before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tickdeck-seek-'));
  tape = path.join(folder, 'sim.tape');
  writeSimTape(tape, { seconds: 12, messagesPerSecond: 250 });
});

after(() => rmSync(folder, { recursive: true, force: true }));

function bench(t: TestContext, file = tape, speed = 1): TapeBench {
  const made = new TapeBench(file, speed);
  t.after(() => made.close());
  return made;
}

/** The run from the start to `ns`, at the speed of the wall clock. */
function straight(t: TestContext, ns: number, file = tape): ReturnType<TapeBench['state']> {
  const made = bench(t, file);
  made.playTo(ns);
  made.order({ action: 'pause' });
  return made.state();
}

function stateOf({ loop }: TapeBench): string {
  return loop.state;
}

/** A few things that a person may do with a tape. */
function wander(made: TapeBench, random: SeededRandom): void {
  const anywhere = (): number => made.startNs + (made.endNs - made.startNs) * random.next();
  switch (random.int(7)) {
    case 0:
      made.order({ action: 'play' });
      made.round(random.int(900));
      break;
    case 1:
      made.order({ action: 'pause' });
      made.round(50);
      break;
    case 2:
      made.order({ action: 'speed', value: [0, 0.1, 3, 100][random.int(4)]! });
      made.round(20);
      break;
    case 3:
      made.order({ action: (['message', 'decision', 'fill'] as const)[random.int(3)]! });
      made.settle();
      break;
    default:
      made.seek(anywhere());
  }
}

describe('seek', () => {
  for (const seed of [1, 2, 3, 4]) {
    it(`to t is the run to t, whatever was done before (seed ${seed})`, (t) => {
      const random = new SeededRandom(seed);
      const made = bench(t);
      for (let k = 0; k < 8; k++) wander(made, random);
      const ns = made.startNs + (made.endNs - made.startNs) * random.next();
      made.order({ action: 'pause' });
      made.seek(ns);
      made.order({ action: 'pause' });
      assert.deepEqual(made.state(), straight(t, ns));
    });
  }

  it('backward leaves nothing of what was done: disarmed, no order, no position', (t) => {
    const made = bench(t);
    made.playTo(2e9);
    made.arm();
    made.playTo(11e9);
    const { pipeline } = made.loop.frame.core;
    assert.equal(pipeline.states.global[0], TradingState.Armed);
    assert.ok(pipeline.desk.counts.placed > 0, 'the run that is left has traded');
    made.seek(6e9);
    made.order({ action: 'pause' });
    assert.equal(made.freshRuns, 1);
    assert.equal(made.loop.frame.core.pipeline.states.global[0], TradingState.Disarmed);
    assert.equal(made.loop.frame.core.pipeline.desk.counts.placed, 0);
    assert.deepEqual(made.state(), straight(t, 6e9));
  });

  it('backward leaves commands behind that were asked before it and not yet taken up', (t) => {
    const made = bench(t);
    made.playTo(8e9);
    made.order({ action: 'pause' });
    made.order({ action: 'seek', value: 4e9 });
    made.arm();
    made.settle();
    assert.equal(made.freshRuns, 1);
    assert.equal(made.loop.frame.core.pipeline.states.global[0], TradingState.Disarmed);
    made.order({ action: 'pause' });
    assert.deepEqual(made.state(), straight(t, 4e9));
    made.arm();
    made.round(0);
    assert.equal(made.loop.frame.core.pipeline.states.global[0], TradingState.Armed, 'heard again');
  });

  it('forward keeps the session, its orders and its arming', (t) => {
    const run = (isSeek: boolean): ReturnType<TapeBench['state']> => {
      const made = bench(t);
      made.playTo(2e9);
      made.order({ action: 'pause' });
      made.arm();
      made.round(0);
      if (isSeek) made.seek(9e9);
      else {
        made.order({ action: 'play' });
        made.playTo(9e9);
      }
      made.order({ action: 'pause' });
      assert.equal(made.freshRuns, 0);
      return made.state();
    };
    assert.deepEqual(run(true), run(false));
  });

  it('on a real capture too', async (t) => {
    const file = capture(t, 'binance/binance_usdm_BTCUSDT_2024-08-08.ndts.gz');
    if (file === null) return;
    const out = path.join(tempDir(t), 'real.tape');
    await importCapture({ from: 'binance-ndts', path: file, out });
    const made = bench(t, out);
    const at = made.startNs + (made.endNs - made.startNs) * 0.3;
    made.seek(made.startNs + (made.endNs - made.startNs) * 0.6);
    made.seek(at);
    made.order({ action: 'pause' });
    assert.equal(made.freshRuns, 1);
    const direct = bench(t, out);
    direct.seek(at);
    direct.order({ action: 'pause' });
    assert.deepEqual(made.state(), direct.state());
  });
});

describe('a tape that stands', () => {
  it('obeys at the same tape time, and shows where it stands', (t) => {
    const made = bench(t);
    made.playTo(3e9);
    made.order({ action: 'pause' });
    const { nowNs } = made.loop;
    made.arm();
    made.round(500);
    assert.equal(made.loop.nowNs, nowNs);
    assert.equal(made.loop.frame.core.pipeline.states.global[0], TradingState.Armed);
    assert.equal(stateOf(made), 'paused');
  });

  it('moves by one message, to the next decision, to the next fill', (t) => {
    const made = bench(t);
    made.playTo(3e9);
    made.order({ action: 'pause' });
    const { pipeline } = made.loop.frame.core;
    const messages = (): number => pipeline.messageCounts.reduce((sum, each) => sum + each, 0);
    const [turns, count] = [made.loop.nowNs, messages()];
    made.order({ action: 'message' });
    made.settle();
    assert.equal(stateOf(made), 'paused');
    assert.ok(made.loop.nowNs > turns);
    assert.ok(messages() - count <= 1);

    const decisions = pipeline.decisionCount;
    made.order({ action: 'decision' });
    made.settle();
    assert.ok(pipeline.decisionCount > decisions);
    made.arm();
    made.order({ action: 'fill' });
    made.settle();
    assert.ok(pipeline.desk.counts.fills > 0 || stateOf(made) === 'ended');
  });

  it('plays on when KILL is pressed, and can be put back from its end', (t) => {
    const made = bench(t);
    made.playTo(2e9);
    made.arm();
    made.playTo(8e9);
    made.order({ action: 'pause' });
    const { words } = made.loop.frame;
    words.raise(1);
    made.round(0);
    assert.equal(stateOf(made), 'playing');
    made.order({ action: 'speed', value: 0 });
    made.settle();
    for (let k = 0; stateOf(made) !== 'ended' && k < 1000; k++) made.round(10);
    assert.equal(stateOf(made), 'ended');
    assert.ok(made.told.some(({ kind }) => kind === 'tapeEnded'));
    words.lower(1);
    made.seek(4e9);
    assert.equal(stateOf(made), 'paused');
  });
});
