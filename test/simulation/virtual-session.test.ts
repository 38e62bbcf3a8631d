/**
 * Two minutes of everything armed under virtual time, and the same engine while the venue
 * misbehaves: the account adds up to the last unit, nothing stays open, nothing that may never
 * happen does.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CommandCode } from '../../engine/core/command-codes.ts';
import { Owner, TradingState } from '../../engine/domain/modes.ts';
import { Verdict } from '../../engine/domain/verdict.ts';
import { OrderCounter } from '../../engine/execution/order-timing.ts';
import { FeedCounter } from '../../engine/feeds/feed-counters.ts';
import { SlotKind } from '../../engine/memory/slots.ts';
import { SLOT_WORDS } from '../../engine/memory/slots.ts';
import { slotsOfRecord } from '../../engine/memory/slot-length.ts';
import { SlotBuffer } from '../../engine/memory/slot-buffer.ts';
import {
  accountDifferences,
  accountOf,
  ARMED_AT_MS,
  brokenLaws,
  netOf,
  runVirtual,
  start,
  windDown,
} from './virtual-runs.ts';
import type { FaultAt, VirtualRun } from './virtual-runs.ts';

const SEED = 7;
/** Signals warm up sooner, so that short runs trade. */
const EAGER = { signals: { warmUpS: 5 } };

function assertEndsFlat(run: VirtualRun): void {
  assert.ok(windDown(run.session) < Infinity, 'flat in time');
  assert.deepEqual(accountDifferences(run.session), []);
  const { positions, openOrders } = accountOf(run.session);
  assert.deepEqual(openOrders, []);
  assert.deepEqual(
    positions.filter(({ amount }) => Number(amount) !== 0),
    [],
  );
  assert.deepEqual(brokenLaws(run), []);
}

describe('two minutes of everything armed', () => {
  const run = runVirtual({ seed: SEED, seconds: 120 });
  const { pipeline } = run.session.core;

  it('trades at all, through every part', (t) => {
    const { desk, keeper, instruments } = pipeline;
    const fillsOf = (owner: number): number =>
      instruments.reduce((sum, _, i) => sum + keeper.ownerFillCount[i * 4 + owner]!, 0);
    t.diagnostic(
      `seed ${SEED}: ${desk.counts.placed} orders, ${desk.counts.fills} fills, ` +
        `${desk.counts.scalpsClosed} scalps closed, ${pipeline.decisionCount} decisions`,
    );
    assert.ok(fillsOf(Owner.Scalper) > 0);
    assert.ok(fillsOf(Owner.Quoter) > 0);
    assert.ok(desk.counts.scalpsClosed > 0);
    assert.ok((run.kinds.get(SlotKind.Decision) ?? 0) > 100);
    assert.equal(pipeline.states.global[0], TradingState.Armed);
  });

  it('sees no gap, no crossed book and no resync of a feed without faults', () => {
    const { counters } = run.session.feed;
    assert.equal(counters[FeedCounter.Gaps], 0);
    assert.equal(counters[FeedCounter.Malformed], 0);
    assert.deepEqual(
      pipeline.books.states.map((state) => state.crossedCount),
      pipeline.instruments.map(() => 0),
    );
  });

  it('agrees with the exchange in the middle of it, then flat, to the last unit', (t) => {
    assert.deepEqual(accountDifferences(run.session), []);
    assertEndsFlat(run);
    t.diagnostic(`net ${netOf(run.session).toFixed(8)} USDT`);
  });

  it('replays from its own journal to the byte', () => {
    const report = run.replay();
    assert.equal(report.difference, null);
    assert.equal(report.endedByGap, false);
    assert.equal(report.fills, pipeline.desk.counts.fills);
  });

  it('would notice one unit too much (control)', () => {
    pipeline.keeper.totals[1]! += 1;
    assert.equal(accountDifferences(run.session).length, 2, 'fees and wallet');
    pipeline.keeper.totals[1]! -= 1;
    pipeline.exits.orphanFills = 1;
    assert.deepEqual(brokenLaws(run), ['1 orphan fills']);
    pipeline.exits.orphanFills = 0;
  });
});

interface FaultRun {
  readonly name: string;
  readonly faults: readonly FaultAt[];
  /** That the fault did something. */
  readonly felt: (run: VirtualRun) => boolean;
}

const unknowns = (run: VirtualRun): number =>
  run.session.core.pipeline.manager.counters[OrderCounter.Unknowns]!;
const fed = (run: VirtualRun, counter: number): number => run.session.feed.counters[counter]!;
const reasonOf = (run: VirtualRun): number => run.session.core.pipeline.states.reason[0]!;

const FAULT_RUNS: readonly FaultRun[] = [
  {
    name: 'a few refused orders',
    faults: [
      [12_000, { rejectNext: 3 }],
      [30_000, { rejectNext: 2, rejectCode: -5022 }],
    ],
    felt: (run) => (run.kinds.get(SlotKind.OrderChange) ?? 0) > 0,
  },
  {
    name: 'so many refused orders that the engine halts',
    faults: [[12_000, { rejectNext: 40 }]],
    felt: (run) => reasonOf(run) === Verdict.REJECT_RATE,
  },
  {
    name: 'lost acknowledgements of every kind',
    faults: [
      [12_000, { loseAckNext: 2 }],
      [22_000, { loseAckNext: 2, loseAckAs: '503' }],
      [32_000, { loseAckNext: 2, loseAckAs: '-1007', hideOrdersMs: 300 }],
    ],
    felt: (run) => unknowns(run) > 0,
  },
  {
    name: 'messages and trades that come twice',
    faults: [[10_000, { duplicateOneIn: 5, duplicateTradeOneIn: 2 }]],
    felt: (run) => run.session.core.pipeline.manager.counters[OrderCounter.DuplicateTrades]! > 0,
  },
  {
    name: 'dropped depth and stale snapshots',
    faults: [
      [10_000, { dropDepthOneIn: 100 }],
      [20_000, { staleSnapshotNext: 3 }],
    ],
    felt: (run) => fed(run, FeedCounter.Gaps) > 0 && fed(run, FeedCounter.Resyncs) > 0,
  },
  {
    name: 'garbage, truncated and crossed messages',
    faults: [[10_000, { garbageNext: 20, truncatedNext: 20, crossedNext: 2 }]],
    felt: (run) => fed(run, FeedCounter.Malformed) === 40,
  },
  {
    name: 'a silent market',
    faults: [[15_000, { silenceMs: 15_000 }]],
    felt: (run) => fed(run, FeedCounter.Resyncs) > 0,
  },
  {
    name: 'late replies, late events and hidden orders',
    faults: [[10_000, { orderDelayMs: 150, replyDelayMs: 400, userDelayMs: 900 }]],
    felt: (run) => run.session.core.pipeline.desk.counts.fills > 0,
  },
  {
    name: 'events in every order, sweeps told once',
    faults: [
      [10_000, { eventOrder: 'eventsFirst', accountUpdatePerSweep: true }],
      [20_000, { eventOrder: 'tradeLiteFirst', strictReduceOnly: true }],
      [30_000, { eventOrder: 'accountFirst' }],
    ],
    felt: (run) => run.session.core.pipeline.desk.counts.fills > 0,
  },
  {
    name: 'a venue that limits our rate',
    faults: [[15_000, { rateLimitMs: 10_000 }]],
    felt: (run) => run.session.core.pipeline.states.global[0] === TradingState.Halted,
  },
];

describe('while the venue misbehaves the engine ends flat and equal', () => {
  for (const { name, faults, felt } of FAULT_RUNS) {
    it(name, (t) => {
      const run = runVirtual({ seed: SEED, seconds: 45, faults, pipeline: EAGER });
      const { counts } = run.session.core.pipeline.desk;
      t.diagnostic(`${counts.placed} orders, ${counts.fills} fills`);
      assert.ok(felt(run), 'the fault was felt');
      run.session.exchange.setFaults(Object.fromEntries(STANDING.map((each) => [each, 0])));
      assertEndsFlat(run);
      assert.equal(run.replay().difference, null);
    });
  }
});

/** Standing faults, taken back before the end: nobody can flatten at a venue that is gone. */
const STANDING = [
  'duplicateOneIn',
  'duplicateTradeOneIn',
  'dropDepthOneIn',
  'rejectNext',
  'orderDelayMs',
  'replyDelayMs',
  'userDelayMs',
];

describe('who may do what', () => {
  it('disarmed from the start: watches, decides, places nothing', () => {
    const journal = new SlotBuffer(65_536, (words, _doubles, count) => {
      for (let slot = 0; slot < count; slot += slotsOfRecord(words, slot * SLOT_WORDS)) {
        assert.notEqual(words[slot * SLOT_WORDS]! & 0xff, SlotKind.OrderPlaced);
      }
    });
    const session = start(SEED, journal, EAGER);
    session.runTo(25_000);
    journal.flush();
    assert.equal(session.core.pipeline.desk.counts.placed, 0);
    assert.equal(accountOf(session).openOrders.length, 0);
  });

  it('KILL leaves nothing resting, HALTED stays until resumed, flatten works in it', () => {
    const run = runVirtual({ seed: SEED, seconds: 30, pipeline: EAGER });
    const { session } = run;
    const { pipeline } = session.core;
    assert.ok(accountOf(session).openOrders.length > 0, 'something rests');
    session.command(CommandCode.Kill);
    session.runTo(session.nowMs + 1_000);
    assert.deepEqual(accountOf(session).openOrders, []);
    assert.equal(pipeline.states.global[0], TradingState.Halted);
    session.command(CommandCode.Arm);
    assert.equal(pipeline.states.global[0], TradingState.Halted, 'arming does not leave HALTED');
    const placed = pipeline.desk.entries.join();
    session.runTo(session.nowMs + 5_000);
    assert.equal(pipeline.desk.entries.join(), placed, 'no entry while HALTED');
    assertEndsFlat(run);
    session.command(CommandCode.Resume);
    assert.equal(pipeline.states.global[0], TradingState.Disarmed);
    assert.equal(run.replay().difference, null);
  });

  it('a lost lease pulls the quotes and enters nothing more; exits go on', () => {
    const pipelineOptions = { ...EAGER, exits: { timeLimitMs: 60_000 } };
    const run = runVirtual({ seed: SEED, seconds: 30, pipeline: pipelineOptions });
    const { session } = run;
    const { pipeline } = session.core;
    session.command(CommandCode.LeaseLost);
    assert.equal(pipeline.states.global[0], TradingState.Disarmed);
    assert.equal(pipeline.states.reason[0], Verdict.LEASE_LOST);
    const entered = pipeline.desk.entries.join();
    const rows = (): number => pipeline.exits.table.openCount;
    assert.ok(rows() > 0, 'scalps are open');
    session.runTo(session.nowMs + 75_000);
    assert.equal(pipeline.desk.entries.join(), entered);
    assert.equal(rows(), 0, 'every scalp was closed by its own exits');
    assert.deepEqual(accountOf(session).openOrders, []);
    assert.deepEqual(accountDifferences(session), []);
    assert.deepEqual(brokenLaws(run), []);
  });

  it('one scalp or one inventory at a time: never two directions on an instrument', () => {
    const session = start(SEED, new SlotBuffer(65_536, () => undefined), EAGER);
    const { keeper, instruments } = session.core.pipeline;
    session.runTo(ARMED_AT_MS);
    session.command(CommandCode.Arm);
    let held = 0;
    for (let ms = ARMED_AT_MS; ms < 45_000; ms += 50) {
      session.runTo(ms);
      for (const [index, { symbol }] of instruments.entries()) {
        const scalper = keeper.lots(index, Owner.Scalper);
        const quoter = keeper.lots(index, Owner.Quoter);
        if (scalper !== 0 || quoter !== 0) held++;
        assert.ok(scalper * quoter >= 0, `${symbol} at ${ms} ms: ${scalper} and ${quoter}`);
      }
    }
    assert.ok(held > 0);
  });
});
