/**
 * Positions per owner from fills, and the account's profit and loss over days.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Instrument, type InstrumentSpec } from '../../../../engine/domain/instrument.ts';
import { Market, MARKET_SIZE } from '../../../../engine/domain/market.ts';
import { Owner } from '../../../../engine/domain/modes.ts';
import { AccountPnl, DAY_MS, Pnl } from '../../../../engine/portfolio/pnl.ts';
import { OWNERS, PositionKeeper } from '../../../../engine/portfolio/position-keeper.ts';

const SPEC: InstrumentSpec = {
  symbol: 'ABCUSDT',
  venue: 'binance-usdm',
  baseAsset: 'ABC',
  quoteAsset: 'USDT',
  tickSize: '0.01',
  lotSize: '0.001',
  minQty: '0.001',
  maxQty: '900',
  minNotional: '5',
  makerFee: '0.0002',
  takerFee: '0.0005',
};
/** One tick of one lot, in 1e-8 quote units. */
const TICK_LOT = 1000;
const INSTRUMENTS = [new Instrument(0, SPEC), new Instrument(1, { ...SPEC, symbol: 'XYZUSDT' })];

function fill(side: number, lots: number, ticks: number, feeE8 = 0, realisedE8 = 0, est = 0) {
  return new Float64Array([side, lots, ticks, feeE8, realisedE8, est]);
}

function market(bid: number, ask: number, mark = 0): Float64Array {
  const fields = new Float64Array(MARKET_SIZE);
  fields[Market.Valid] = 1;
  fields[Market.BidTicks] = bid;
  fields[Market.AskTicks] = ask;
  fields[Market.MarkTicks] = mark;
  return fields;
}

describe('position keeper', () => {
  interface Step {
    readonly side: number;
    readonly lots: number;
    readonly ticks: number;
    readonly position: number;
    readonly entry: number;
    readonly realised: number;
  }
  // Estimated fills: the keeper computes what was realised.
  const story: readonly Step[] = [
    { side: 1, lots: 10, ticks: 100, position: 10, entry: 100, realised: 0 },
    { side: 1, lots: 30, ticks: 104, position: 40, entry: 103, realised: 0 },
    { side: -1, lots: 10, ticks: 108, position: 30, entry: 103, realised: 50 },
    { side: -1, lots: 50, ticks: 101, position: -20, entry: 101, realised: -60 },
    { side: 1, lots: 20, ticks: 100, position: 0, entry: 0, realised: 20 },
  ];

  it('averages in, realises out, and turns over', () => {
    const keeper = new PositionKeeper(INSTRUMENTS);
    let realised = 0;
    for (const step of story) {
      keeper.onFill(0, Owner.Scalper, fill(step.side, step.lots, step.ticks, 0, 0, 1));
      realised += step.realised * TICK_LOT;
      assert.equal(keeper.lots(0, Owner.Scalper), step.position);
      assert.equal(keeper.ownerEntryTicks[Owner.Scalper], step.entry);
      assert.equal(keeper.ownerRealisedE8[Owner.Scalper], realised);
    }
  });

  it('books fee and realised PnL as the venue states them', () => {
    const keeper = new PositionKeeper(INSTRUMENTS);
    keeper.onFill(1, Owner.Quoter, fill(1, 10, 100, 77, 0));
    keeper.onFill(1, Owner.Quoter, fill(-1, 10, 90, -5, 123_456));
    assert.equal(keeper.ownerRealisedE8[OWNERS + Owner.Quoter], 123_456);
    assert.equal(keeper.ownerFeesE8[OWNERS + Owner.Quoter], 72);
    assert.equal(keeper.netRealisedE8(), 123_456 - 72);
  });

  it('keeps owners apart and sums them for the account', () => {
    const keeper = new PositionKeeper(INSTRUMENTS);
    keeper.onFill(0, Owner.Scalper, fill(1, 10, 100));
    keeper.onFill(0, Owner.Hand, fill(1, 30, 104));
    keeper.onFill(0, Owner.None, fill(-1, 5, 104));
    assert.equal(keeper.lots(0, Owner.Scalper), 10);
    assert.equal(keeper.lots(0, Owner.Hand), 30);
    assert.equal(keeper.totalLots(0), 35);
    assert.equal(keeper.accountEntryTicks[0], 103);
    assert.equal(keeper.totalLots(1), 0);
  });

  it('says when the venue sees another position than the owners hold', () => {
    const keeper = new PositionKeeper(INSTRUMENTS);
    keeper.onFill(0, Owner.Scalper, fill(1, 10, 100));
    assert.equal(keeper.mismatch(0), 0, 'the venue has said nothing yet');
    keeper.setVenuePosition(0, new Float64Array([10, 100]), 0);
    assert.equal(keeper.mismatch(0), 0);
    keeper.setVenuePosition(0, new Float64Array([7, 100]), 0);
    assert.equal(keeper.mismatch(0), -3);
  });

  it('adopts a position from before the session', () => {
    const keeper = new PositionKeeper(INSTRUMENTS);
    keeper.adopt(0, Owner.Scalper, new Float64Array([10, 100]));
    keeper.adopt(0, Owner.Hand, new Float64Array([-4, 110]));
    assert.equal(keeper.totalLots(0), 6);
    keeper.onFill(0, Owner.Scalper, fill(-1, 10, 103, 0, 0, 1));
    assert.equal(keeper.ownerRealisedE8[Owner.Scalper], 30 * TICK_LOT);
  });
});

function setUp() {
  const keeper = new PositionKeeper(INSTRUMENTS);
  const pnl = new AccountPnl(INSTRUMENTS, keeper);
  const wall = new Float64Array([10.5 * DAY_MS]);
  pnl.update(wall);
  return { keeper, pnl, wall };
}

describe('account pnl', () => {
  it('marks a long at the bid and a short at the ask', () => {
    const { keeper, pnl, wall } = setUp();
    keeper.onFill(0, Owner.Scalper, fill(1, 10, 100));
    keeper.onFill(1, Owner.Scalper, fill(-1, 10, 100));
    pnl.mark(0, market(99, 103, 101));
    pnl.mark(1, market(99, 103));
    pnl.update(wall);
    assert.equal(pnl.fields[Pnl.UnrealisedTouchE8], (-10 - 30) * TICK_LOT);
    assert.equal(pnl.fields[Pnl.UnrealisedMarkE8], (10 - 30) * TICK_LOT);
    assert.equal(pnl.ownerUnrealisedE8[Owner.Scalper], -10 * TICK_LOT);
  });

  it('keeps the last figure while a market is not valid', () => {
    const { keeper, pnl, wall } = setUp();
    keeper.onFill(0, Owner.Scalper, fill(1, 10, 100));
    pnl.mark(0, market(105, 106));
    pnl.mark(0, new Float64Array(MARKET_SIZE));
    pnl.update(wall);
    assert.equal(pnl.fields[Pnl.DayE8], 50 * TICK_LOT);
  });

  it('follows the peak of the day and the fall from it', () => {
    const { keeper, pnl, wall } = setUp();
    for (const [realised, peak, drawdown] of [
      [500, 500, 0],
      [-200, 500, 200],
      [-400, 500, 600],
      [900, 800, 0],
    ] as const) {
      keeper.onFill(0, Owner.Scalper, fill(1, 1, 100, 0, realised));
      keeper.onFill(0, Owner.Scalper, fill(-1, 1, 100, 0, 0));
      pnl.update(wall);
      assert.equal(pnl.fields[Pnl.PeakE8], peak);
      assert.equal(pnl.fields[Pnl.DrawdownE8], drawdown);
    }
  });

  it('turns over at 00:00 UTC: the new day starts at nothing', () => {
    const { keeper, pnl, wall } = setUp();
    keeper.onFill(0, Owner.Scalper, fill(1, 1, 100, 7, 1000));
    wall[0] = 11 * DAY_MS - 1;
    pnl.update(wall);
    assert.equal(pnl.fields[Pnl.DayE8], 993);
    wall[0] = 11 * DAY_MS;
    pnl.update(wall);
    assert.deepEqual(
      [
        pnl.fields[Pnl.DayE8],
        pnl.fields[Pnl.DayFeesE8],
        pnl.fields[Pnl.PeakE8],
        pnl.fields[Pnl.Day],
      ],
      [0, 0, 0, 11],
    );
    assert.equal(pnl.fields[Pnl.EquityE8], 993);
  });

  it('goes on with a day that began before a restart, and forgets it on the next', () => {
    const keeper = new PositionKeeper(INSTRUMENTS);
    const pnl = new AccountPnl(INSTRUMENTS, keeper);
    const wall = new Float64Array([10.5 * DAY_MS]);
    // Realised 1,000 and paid 300 before: 700 is the peak so far.
    pnl.restore(10, 1000, 300);
    keeper.onFill(0, Owner.Scalper, fill(1, 1, 100, 20, -500));
    pnl.update(wall);
    assert.equal(pnl.fields[Pnl.DayE8], 180);
    assert.equal(pnl.fields[Pnl.DayRealisedE8], 500);
    assert.equal(pnl.fields[Pnl.DayFeesE8], 320);
    assert.equal(pnl.fields[Pnl.DrawdownE8], 520);
    wall[0] = 11 * DAY_MS;
    pnl.update(wall);
    assert.equal(pnl.fields[Pnl.DayE8], 0);
  });

  it('a day restored from yesterday does not count today', () => {
    const keeper = new PositionKeeper(INSTRUMENTS);
    const pnl = new AccountPnl(INSTRUMENTS, keeper);
    pnl.restore(9, 1000, 300);
    pnl.update(new Float64Array([10.5 * DAY_MS]));
    assert.equal(pnl.fields[Pnl.DayE8], 0);
    assert.equal(pnl.fields[Pnl.DrawdownE8], 0);
  });
});
