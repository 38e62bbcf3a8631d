/** The pipeline: what blocks entries, what exits run through, and when a strategy is asked. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  CommandCode,
  STRATEGY_MARKET_MAKING,
  STRATEGY_SCALPER,
} from '../../../../engine/core/command-codes.ts';
import { resyncCrossed, CROSSED_MESSAGES } from '../../../../engine/core/crossed-books.ts';
import type { FeedSession } from '../../../../engine/feeds/feed-session.ts';
import { BookState, Owner, TradingState } from '../../../../engine/domain/modes.ts';
import { OrderEventKind, Purpose } from '../../../../engine/domain/order.ts';
import { Market } from '../../../../engine/domain/market.ts';
import { Scalp, SCALP_SIZE } from '../../../../engine/domain/scalp.ts';
import { Verdict } from '../../../../engine/domain/verdict.ts';
import { Health, SlotKind, TurnKind } from '../../../../engine/memory/slots.ts';
import { CoreBench, MID } from './core-bench.ts';

function armed(): CoreBench {
  const bench = new CoreBench();
  bench.book(0);
  bench.book(1, MID / 2);
  bench.arm();
  return bench;
}

/** Keeps both books fresh for a while. */
function live(bench: CoreBench, ms: number): void {
  for (const end = bench.nowMs + ms; bench.nowMs < end;) {
    bench.wait(100);
    bench.touch(0, MID, MID + 1);
    bench.touch(1, MID / 2, MID / 2 + 1);
    bench.trade(0, 1, MID + 1, 10);
    bench.trade(1, -1, MID / 2, 10);
  }
}

const placedFor = (bench: CoreBench, purpose: number): number =>
  bench.journaled(SlotKind.OrderPlaced).filter(({ doubles }) => doubles[6] === purpose).length;

/** The market falls through the stop of a long scalp on instrument 0: an exit leaves for it. */
function isStoppedOut(bench: CoreBench): boolean {
  const purposes = bench.stopOut(0, MID - 40);
  return purposes.includes(Purpose.Stop) || purposes.includes(Purpose.Emergency);
}

describe('stale data', () => {
  it('blocks entries by age, and by lag of our own loop; a fresh message lets them again', () => {
    const bench = armed();
    assert.equal(bench.pipeline.staleMasks[0], 0);
    bench.wait(2_500);
    assert.notEqual(bench.pipeline.staleMasks[0], 0);
    assert.equal(bench.enter(), Verdict.STALE_DATA);
    assert.equal(bench.pipeline.heldBack(STRATEGY_SCALPER, 0), Verdict.STALE_DATA);
    bench.touch(0, MID, MID + 1);
    bench.trade(0, 1, MID + 1, 1);
    assert.equal(bench.enter(), Verdict.PASS);
    bench.loopLagMs = 60;
    bench.wait(10);
    assert.equal(bench.enter({ price: MID + 2 }), Verdict.LOOP_LAG, 'judged by the gate as well');
  });

  it('blocks them before the first message', () => {
    const bench = new CoreBench();
    bench.arm();
    assert.equal(bench.enter(), Verdict.FEED_NOT_SYNCED);
    assert.equal(bench.pipeline.heldBack(STRATEGY_SCALPER, 0), Verdict.FEED_NOT_SYNCED);
  });

  it('does not stop an exit that the venue may still take', () => {
    const bench = armed();
    bench.openScalp();
    bench.wait(2_500);
    assert.notEqual(bench.pipeline.staleMasks[0], 0);
    bench.health = Health.JournalFailed | Health.LeaseLost;
    assert.ok(isStoppedOut(bench));
  });
});

describe('health of what the pipeline cannot see', () => {
  for (const [name, verdict] of [
    ['OrderSocketDown', Verdict.SOCKET_BUSY],
    ['UserStreamDown', Verdict.UNKNOWN_ORDER],
    ['MarketSocketDown', Verdict.STALE_DATA],
    ['SocketBusy', Verdict.SOCKET_BUSY],
    ['LeaseLost', Verdict.LEASE_LOST],
    ['Fence', Verdict.FENCE],
    ['ClockSkew', Verdict.CLOCK_SKEW],
    ['VenueBudgetLow', Verdict.VENUE_BUDGET],
  ] as const) {
    it(`${name} denies an entry`, () => {
      const bench = armed();
      bench.health = Health[name];
      assert.equal(bench.enter(), verdict);
      bench.health = 0;
      assert.equal(bench.enter(), Verdict.PASS, 'control');
    });
  }

  it('a journal that lost records means REDUCING: entries no, exits yes', () => {
    for (const bit of [Health.JournalFailed, Health.JournalRingFull]) {
      const bench = armed();
      bench.openScalp();
      bench.health = bit;
      bench.wait(10);
      assert.equal(bench.pipeline.states.global[0], TradingState.Reducing);
      assert.equal(bench.pipeline.states.reason[0], Verdict.JOURNAL_LOSS);
      assert.equal(bench.enter({ instrument: 1, price: MID / 2 + 1 }), Verdict.STATE_FORBIDS);
      assert.ok(isStoppedOut(bench));
    }
  });
});

describe('states', () => {
  it('DISARMED: no entry, no quote; an open scalp still ends by its stop', () => {
    const bench = armed();
    bench.openScalp();
    bench.command(CommandCode.Disarm);
    bench.forget();
    live(bench, 3_000);
    assert.equal(placedFor(bench, Purpose.Entry), 0);
    assert.equal(placedFor(bench, Purpose.Quote), 0);
    assert.ok(isStoppedOut(bench));
  });

  it('ARMED: the quoter quotes once warm; disarming pulls the quotes (control)', () => {
    const bench = armed();
    live(bench, 4_000);
    const quotes = placedFor(bench, Purpose.Quote);
    assert.ok(quotes > 0, 'it quotes');
    const { table } = bench.pipeline;
    for (let k = 0; k < table.activeCount; k++) {
      bench.event(OrderEventKind.Accepted, table.active[k]!);
    }
    const resting = table.activeCount;
    assert.ok(resting > 0);
    bench.command(CommandCode.Disarm);
    bench.wait(20);
    assert.ok(bench.gateway.count('cancel') >= resting);
    const after = placedFor(bench, Purpose.Quote);
    live(bench, 1_000);
    assert.equal(placedFor(bench, Purpose.Quote), after);
  });

  it('one strategy armed on one instrument leaves everything else alone', () => {
    const bench = new CoreBench();
    bench.book(0);
    bench.book(1, MID / 2);
    bench.command(CommandCode.Arm, { strategy: STRATEGY_MARKET_MAKING, instrument: 1 });
    live(bench, 4_000);
    const placed = bench.journaled(SlotKind.OrderPlaced);
    assert.ok(placed.length > 0);
    for (const { instrument, doubles } of placed) {
      assert.deepEqual([instrument, doubles[7]], [1, Owner.Quoter]);
    }
  });
});

describe('one direction an instrument', () => {
  it('an entry against an open scalp is denied, one with it is not the gate’s to stop', () => {
    const bench = armed();
    bench.openScalp({ side: 1 });
    assert.notEqual(bench.enter({ side: -1 }), Verdict.PASS);
    assert.equal(bench.enter({ side: -1, instrument: 1, price: MID / 2 }), Verdict.PASS, 'control');
  });
});

describe('a turn', () => {
  it('is journaled from its begin to its end, inputs before outputs', () => {
    const bench = armed();
    bench.forget();
    bench.enter();
    const kinds = [SlotKind.TurnBegin, SlotKind.OrderPlaced, SlotKind.TurnEnd].map((kind) => {
      const [record] = bench.journaled(kind);
      assert.ok(record !== undefined, `kind ${kind}`);
      return record;
    });
    assert.equal(kinds[0]!.argument, TurnKind.Message);
  });

  it('tells of a position that the venue sees otherwise', () => {
    const bench = armed();
    bench.event(11, -1, { lots: -70, priceTicks: MID });
    assert.equal(bench.pipeline.keeper.mismatch(0), -70);
    assert.equal(bench.pipeline.keeper.totalLots(0), 0);
  });

  it('a scalp ends at its time limit though its market says nothing more', () => {
    const bench = new CoreBench({ exits: { timeLimitMs: 60_000 } });
    bench.book(0);
    bench.arm();
    const scalp = bench.openScalp();
    const { rows } = bench.pipeline.exits.table;
    bench.wait(61_000);
    const purpose = rows[scalp * SCALP_SIZE + Scalp.ExitPurpose];
    assert.ok(purpose === Purpose.TimeLimit || purpose === Purpose.Emergency, `${purpose}`);
  });
});

describe('a book that stays crossed', () => {
  it('starts over after some messages in a row, once, and not for a moment’s crossing', () => {
    const bench = armed();
    const asked: number[] = [];
    let isSynced = true;
    const feed = {
      startOver: (instrument: number) => {
        asked.push(instrument);
        const rows = isSynced ? 2 : 0;
        isSynced = false;
        return rows;
      },
    } as unknown as FeedSession;
    const rows: number[] = [];
    const look = (): void => resyncCrossed(bench.pipeline.books.states, feed, (i) => rows.push(i));
    const { states } = bench.pipeline.books;
    states[1]!.crossedRun = CROSSED_MESSAGES - 1;
    look();
    assert.deepEqual(asked, []);
    states[1]!.crossedRun = CROSSED_MESSAGES;
    look();
    look();
    assert.deepEqual(asked, [1, 1]);
    assert.deepEqual(rows, [1], 'an unsynced book is waiting already');
    assert.equal(states[0]!.fields[Market.BookState], BookState.Synced);
  });
});
