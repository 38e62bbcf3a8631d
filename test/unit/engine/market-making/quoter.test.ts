/** quoter: prices by hand, queue place, one order a side, limits, pulls, money. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EngineError } from '../../../../engine/base/errors.ts';
import { IntentAction } from '../../../../engine/domain/intent.ts';
import { Market } from '../../../../engine/domain/market.ts';
import { BookState } from '../../../../engine/domain/modes.ts';
import { OrderState, Purpose, TimeInForce } from '../../../../engine/domain/order.ts';
import { Quote, QuoteState } from '../../../../engine/domain/quote.ts';
import { ReadingExtra } from '../../../../engine/domain/readings.ts';
import { NO_PRICE } from '../../../../engine/domain/units.ts';
import { Verdict } from '../../../../engine/domain/verdict.ts';
import { QUOTER_FIELDS, quoterParameters } from '../../../../engine/market-making/parameters.ts';
import { QuoterAllowed } from '../../../../engine/market-making/quoter.ts';
import { Bench, MAY, testInstrument } from './support.ts';

const BID = 0;
const ASK = 1;

describe('quoter: prices', () => {
  it('quotes both sides, post-only, at fair less and plus the half-spread', () => {
    const bench = new Bench();
    const made = bench.turn();
    // Fair 10000.5; cost 2.2 bp = 2.2001 ticks; one sigma is less.
    assert.equal(made.length, 2);
    const [bid, ask] = made;
    assert.deepEqual(
      [bid!.slot, bid!.side, bid!.price, bid!.lots],
      [BID, 1, 9998, Math.floor(1000 / 1.00005)],
    );
    assert.deepEqual([ask!.slot, ask!.side, ask!.price, ask!.lots], [ASK, -1, 10_003, 999]);
    for (const order of made) {
      assert.equal(order.timeInForce, TimeInForce.Gtx);
      assert.equal(order.purpose, Purpose.Quote);
      assert.equal(order.reduceOnly, 0);
    }
    assert.equal(bench.row(Quote.State), QuoteState.Quoting);
    assert.equal(bench.row(Quote.RestingBidTicks), 9998);
    assert.equal(bench.row(Quote.RestingAskTicks), 10_003);
  });

  it('stands further away when the market moves more', () => {
    const bench = new Bench();
    bench.readings[ReadingExtra.Sigma1sTicks] = 6;
    bench.readings[ReadingExtra.Sigma5mTicks] = 100;
    const [bid, ask] = bench.turn();
    assert.deepEqual([bid!.price, ask!.price], [9994, 10_007]);
  });

  it('moves both quotes against the inventory', () => {
    const flat = new Bench();
    flat.turn();
    const long = new Bench();
    long.evaluate();
    const hard = long.row(Quote.HardLimitLots);
    const held = new Bench();
    held.quoter.adopt(0, Float64Array.from([Math.floor(hard / 4), 10_000]));
    held.turn();
    const reservation = held.row(Quote.ReservationTicks);
    const expected = 10_000.5 - 2.20011 * (Math.floor(hard / 4) / hard);
    assert.ok(Math.abs(reservation - expected) < 1e-3);
    assert.ok(held.row(Quote.BidTicks) <= flat.row(Quote.BidTicks));
    assert.ok(held.row(Quote.AskTicks) <= flat.row(Quote.AskTicks));
  });

  it('never quotes through the other side of the market', () => {
    const bench = new Bench({ minEdgeBp: 0, halfSpreadSigmas: 0, skewHalfSpreads: 5 });
    bench.turn();
    bench.fill(-1, 900, 10_003);
    bench.fill(-1, 900, 10_003);
    bench.tell(BID, 0, OrderState.Canceled);
    bench.wait(2000);
    const made = bench.turn();
    const bid = made.find((intent) => intent.slot === BID && intent.action === IntentAction.Place);
    assert.ok(bid!.price <= 10_000, `${bid!.price}`);
    assert.ok(bid!.price > 9998, 'skew brought it nearer');
  });
});

describe('quoter: keeping and moving orders', () => {
  it('keeps its place while fair stays within the tolerance', () => {
    const bench = new Bench();
    bench.turn();
    for (let i = 0; i < 20; i++) {
      bench.wait(500);
      bench.touch(10_000, 10_001, 10, 10 + (i % 3));
      assert.equal(bench.turn().length, 0);
    }
    assert.equal(bench.row(Quote.RequoteCount), 0);
  });

  it('cancels first and places only when the cancel is proven', () => {
    const bench = new Bench();
    bench.turn();
    bench.wait(1500);
    bench.touch(9980, 9981);
    const cancels = bench.evaluate();
    assert.deepEqual(
      cancels.map(({ action }) => action),
      [IntentAction.Cancel, IntentAction.Cancel],
    );
    bench.tell(BID, 0, OrderState.PendingCancel);
    for (let i = 0; i < 5; i++) {
      bench.wait(100);
      assert.equal(bench.evaluate().length, 0, 'the answer is awaited');
    }
    bench.tell(BID, 0, OrderState.Canceled);
    const [bid, ...more] = bench.evaluate();
    assert.equal(more.length, 0, 'the ask is still out');
    assert.deepEqual([bid!.action, bid!.slot, bid!.price], [IntentAction.Place, BID, 9978]);
  });

  it('asks again for a cancel that nothing came of', () => {
    const bench = new Bench();
    bench.turn();
    bench.allowed = 0;
    assert.equal(bench.evaluate().length, 2);
    bench.wait(900);
    assert.equal(bench.evaluate().length, 0);
    bench.wait(200);
    assert.equal(bench.evaluate().length, 2);
  });

  it('pulls a quote that fair came too near at once, one that fair left only in time', () => {
    const bench = new Bench();
    bench.turn();
    bench.wait(100);
    bench.touch(10_003, 10_004);
    const made = bench.evaluate();
    assert.deepEqual(
      made.map(({ action, slot }) => [action, slot]),
      [[IntentAction.Cancel, ASK]],
      'the bid has fallen behind but was placed just now',
    );
    bench.wait(950);
    const later = bench.evaluate();
    assert.deepEqual(
      later.map(({ action, slot }) => [action, slot]),
      [[IntentAction.Cancel, BID]],
    );
  });

  it('never has two orders on one side, whatever the desk is slow to say', () => {
    const bench = new Bench();
    assert.equal(bench.evaluate().length, 2);
    for (let i = 0; i < 50; i++) {
      bench.wait(200);
      bench.touch(10_000 + i, 10_001 + i);
      assert.equal(bench.evaluate().length, 0, 'asked, not answered');
    }
    bench.tell(BID, 7, OrderState.PendingNew);
    bench.tell(BID, 7, OrderState.Unknown);
    for (let i = 0; i < 20; i++) {
      bench.wait(200);
      const made = bench.evaluate();
      assert.ok(made.every(({ action }) => action === IntentAction.Cancel));
    }
  });

  it('waits longer after each refusal', () => {
    const bench = new Bench({ denialBackoffMs: 1000, requoteIntervalMs: 10 });
    let waited = 0;
    const waits: number[] = [];
    for (let i = 0; i < 4; i++) {
      let bid;
      do {
        bench.wait(50);
        waited += 50;
        bid = bench.evaluate().find(({ slot }) => slot === BID);
      } while (bid === undefined);
      bench.tell(BID, -1, OrderState.Rejected);
      waits.push(waited);
      waited = 0;
    }
    assert.deepEqual(waits.slice(1), [1000, 2000, 4000]);
  });

  it('would not trade with its own order that is still on its way out', () => {
    const bench = new Bench();
    bench.turn();
    bench.wait(1500);
    bench.touch(9980, 9981);
    const made = bench.evaluate();
    assert.equal(made.length, 2);
    bench.tell(ASK, 1, OrderState.Canceled);
    const next = bench.evaluate();
    assert.equal(next.length, 0, 'an ask at 9983 would meet the bid at 9998');
    bench.tell(BID, 0, OrderState.Canceled);
    assert.equal(bench.evaluate().length, 2);
  });
});

describe('quoter: limits', () => {
  it('quotes only the side that sheds beyond the soft limit', () => {
    const bench = new Bench();
    bench.turn();
    bench.fill(1, 999, 9998);
    bench.tell(BID, 0, OrderState.Filled);
    bench.wait(1500);
    const [second] = bench.turn();
    assert.equal(second!.slot, BID);
    bench.fill(1, 999, 9998);
    bench.tell(BID, 2, OrderState.Filled);
    bench.wait(1500);
    bench.fill(1, 2, 9998);
    const made = bench.turn();
    assert.equal(bench.row(Quote.BidTicks), NO_PRICE);
    assert.equal(bench.row(Quote.BidLots), 0);
    assert.ok(made.every(({ slot }) => slot !== BID));
    assert.ok(bench.row(Quote.AskLots) > 0);
  });

  it('sizes the last quote to what the hard limit leaves', () => {
    const given = { quoteNotional: 1000, softLimitNotional: 1500, hardLimitNotional: 1500 };
    const bench = new Bench(given);
    bench.turn();
    bench.fill(1, 999, 9998);
    bench.tell(BID, 0, OrderState.Filled);
    bench.wait(1500);
    const [bid] = bench.turn();
    assert.equal(bid!.lots, bench.row(Quote.HardLimitLots) - 999);
  });

  it('counts what an ended order left open, for fills may come late', () => {
    const given = {
      quoteNotional: 1000,
      softLimitNotional: 1500,
      hardLimitNotional: 1500,
      lateFillMs: 5000,
      requoteIntervalMs: 10,
    };
    const bench = new Bench(given);
    bench.turn();
    bench.tell(BID, 0, OrderState.Canceled);
    bench.wait(1500);
    const [bid] = bench.turn();
    assert.equal(bid!.lots, bench.row(Quote.HardLimitLots) - 999);
    bench.fill(1, 999, 9998);
    bench.fill(1, bid!.lots, 9998);
    assert.equal(bench.row(Quote.InventoryLots), bench.row(Quote.HardLimitLots));
  });

  it('does not move its limits under an open inventory', () => {
    const bench = new Bench();
    bench.turn();
    const hard = bench.row(Quote.HardLimitLots);
    bench.fill(1, 10, 9998);
    bench.touch(20_000, 20_001);
    bench.turn();
    assert.equal(bench.row(Quote.HardLimitLots), hard);
  });

  it('does not quote what the venue would not take', () => {
    const bench = new Bench({ quoteNotional: 4 }, testInstrument('5'));
    assert.equal(bench.turn().length, 0);
    assert.equal(bench.row(Quote.Reason), Verdict.SIZE_TOO_SMALL);
    assert.equal(bench.row(Quote.State), QuoteState.Pulled);
  });
});

interface Cause {
  readonly name: string;
  readonly reason: number;
  readonly given?: Readonly<Record<string, number>>;
  readonly cause: (bench: Bench) => void;
}

const CAUSES: readonly Cause[] = [
  {
    name: 'an invalid book',
    reason: Verdict.FEED_NOT_SYNCED,
    cause: (bench) => (bench.market[Market.Valid] = 0),
  },
  {
    name: 'a book that is not synced',
    reason: Verdict.FEED_NOT_SYNCED,
    cause: (bench) => (bench.market[Market.BookState] = BookState.Resyncing),
  },
  { name: 'a silent feed', reason: Verdict.STALE_DATA, cause: (bench) => bench.wait(2000, false) },
  {
    name: 'data that core calls stale',
    reason: Verdict.STALE_DATA,
    cause: (bench) => (bench.allowed = MAY | QuoterAllowed.Stale),
  },
  {
    name: 'signals without history',
    reason: Verdict.WARMING_UP,
    cause: (bench) => (bench.readings[ReadingExtra.WarmedUp] = 0),
  },
  {
    name: 'a burst',
    reason: Verdict.BURST,
    cause: (bench) => (bench.readings[ReadingExtra.Burst] = 9),
  },
  {
    name: 'a jump',
    reason: Verdict.VOLATILITY_TOO_HIGH,
    cause: (bench) => bench.displacement(-6),
  },
  {
    name: 'volatility above its longer mean',
    reason: Verdict.VOLATILITY_TOO_HIGH,
    cause: (bench) => (bench.readings[ReadingExtra.Sigma1sTicks] = 4),
  },
  {
    name: 'a spread that others have left',
    reason: Verdict.SPREAD_TOO_WIDE,
    cause: (bench) => bench.touch(10_000, 10_006),
  },
  {
    name: 'a half-spread beyond the most',
    reason: Verdict.EDGE_BELOW_COST,
    given: { maxHalfSpreadBp: 2 },
    cause: () => undefined,
  },
  {
    name: 'a market that does not pay the cost',
    reason: Verdict.EDGE_BELOW_COST,
    given: { minSpreadToCost: 1 },
    cause: () => undefined,
  },
];

describe('quoter: pulls', () => {
  for (const { name, reason, given, cause } of CAUSES) {
    it(`keeps out of ${name}`, () => {
      const bench = new Bench(given);
      if (given === undefined) assert.equal(bench.turn().length, 2);
      cause(bench);
      const made = bench.turn();
      assert.ok(made.every(({ action }) => action === IntentAction.Cancel));
      assert.equal(made.length, given === undefined ? 2 : 0);
      assert.equal(bench.row(Quote.State), QuoteState.Pulled);
      assert.equal(bench.row(Quote.Reason), reason);
      assert.equal(bench.row(Quote.BidTicks), NO_PRICE);
      assert.equal(bench.row(Quote.RestingAskTicks), NO_PRICE);
    });
  }

  it('stays out for the hold time after the cause has gone', () => {
    const bench = new Bench({ pullHoldMs: 1000, requoteIntervalMs: 10 });
    bench.turn();
    bench.readings[ReadingExtra.Burst] = 9;
    bench.turn();
    bench.readings[ReadingExtra.Burst] = 1;
    bench.wait(900);
    assert.equal(bench.turn().length, 0);
    assert.equal(bench.row(Quote.Reason), Verdict.BURST);
    bench.wait(200);
    assert.equal(bench.turn().length, 2);
  });

  it('pulls only the side that flow runs over', () => {
    const bench = new Bench();
    bench.turn();
    bench.flow(0.95);
    const made = bench.turn();
    assert.deepEqual(
      made.map(({ action, slot }) => [action, slot]),
      [[IntentAction.Cancel, ASK]],
    );
    assert.equal(bench.row(Quote.State), QuoteState.Quoting);
    bench.flow(-0.95);
    bench.wait(1500);
    const next = bench.turn();
    assert.deepEqual(
      next.map(({ action, slot }) => [action, slot]),
      [
        [IntentAction.Cancel, BID],
        [IntentAction.Place, ASK],
      ],
    );
  });
});

describe('quoter: money', () => {
  it('keeps average entry, fees, realised and unrealised PnL', () => {
    const bench = new Bench();
    bench.turn();
    bench.fill(1, 100, 9998, 19_996, 0);
    bench.fill(1, 300, 10_002, 60_012, 0);
    assert.equal(bench.row(Quote.InventoryLots), 400);
    assert.equal(bench.row(Quote.AvgEntryTicks), 10_001);
    bench.touch(10_010, 10_012);
    bench.evaluate();
    // 10 ticks × 400 lots × 10⁴ E8.
    assert.equal(bench.row(Quote.UnrealisedE8), 10 * 400 * 10_000);
    bench.fill(-1, 500, 10_011, 1, 40_000_000);
    assert.equal(bench.row(Quote.InventoryLots), -100);
    assert.equal(bench.row(Quote.AvgEntryTicks), 10_011);
    assert.equal(bench.row(Quote.FeesE8), 19_996 + 60_012 + 1);
    assert.equal(bench.row(Quote.RealisedE8), 40_000_000);
    assert.equal(bench.row(Quote.FillCount), 3);
    bench.fill(1, 100, 10_000);
    assert.equal(bench.row(Quote.AvgEntryTicks), 0);
    bench.evaluate();
    assert.equal(bench.row(Quote.UnrealisedE8), 0);
  });
});

describe('quoter: settings', () => {
  it('are within their own ranges by default and say what they do', () => {
    for (const [name, field] of Object.entries(QUOTER_FIELDS)) {
      assert.ok(field.default >= field.min && field.default <= field.max, name);
      assert.match(field.effect, /^Larger: .+\.$/, name);
    }
  });

  it('refuse limits in the wrong order', () => {
    const wrong = [
      { softLimitNotional: 5000 },
      { quoteNotional: 5000 },
      { hardLimitNotional: 0 },
      { noSuch: 1 },
    ];
    for (const given of wrong) {
      assert.throws(
        () => quoterParameters(given),
        (error: unknown) => error instanceof EngineError && error.code === 'config/invalid',
      );
    }
  });
});
