/**
 * Portfolio: sums that hold for every run of fills.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../engine/base/random.ts';
import { Instrument } from '../../engine/domain/instrument.ts';
import { Market, MARKET_SIZE } from '../../engine/domain/market.ts';
import { PaperAccount } from '../../engine/execution/paper/paper-account.ts';
import { AccountPnl, Pnl } from '../../engine/portfolio/pnl.ts';
import { OWNERS, PositionKeeper } from '../../engine/portfolio/position-keeper.ts';
import { SPEC } from '../unit/engine/risk/fixtures.ts';

const INSTRUMENTS = [0, 1, 2].map((i) => new Instrument(i, { ...SPEC, symbol: `S${i}USDT` }));

describe('portfolio over random fills', () => {
  for (let seed = 1; seed <= 25; seed++) {
    it(`owners sum to the account, and money is conserved, seed ${seed}`, () => {
      const random = new SeededRandom(seed);
      const keeper = new PositionKeeper(INSTRUMENTS);
      const venue = new PaperAccount(INSTRUMENTS);
      const pnl = new AccountPnl(INSTRUMENTS, keeper);
      const fill = new Float64Array(6);
      const signed = new Float64Array(2);
      // Cash by hand: what every fill paid or brought, in exact integers.
      let cashE8 = 0n;
      const held = [0, 0, 0];
      for (let step = 0; step < 400; step++) {
        const instrument = random.int(3);
        const side = random.int(2) === 0 ? 1 : -1;
        const lots = 1 + random.int(500);
        const ticks = 9000 + random.int(2000);
        signed[0] = side * lots;
        signed[1] = ticks;
        venue.book(instrument, random.int(2), signed);
        fill.set([side, lots, ticks, venue.booked[0]!, venue.booked[1]!, 0]);
        keeper.onFill(instrument, random.int(OWNERS), fill);
        cashE8 -= BigInt(side * lots * ticks * INSTRUMENTS[instrument]!.tickLotE8);
        cashE8 -= BigInt(venue.booked[0]!);
        held[instrument]! += side * lots;
      }
      let worthE8 = 0n;
      for (const { index } of INSTRUMENTS) {
        let sum = 0;
        for (let owner = 0; owner < OWNERS; owner++) sum += keeper.lots(index, owner);
        assert.equal(sum, keeper.totalLots(index));
        assert.equal(keeper.totalLots(index), held[index]);
        assert.equal(venue.lots[index], held[index]);
        worthE8 += BigInt(Math.round(venue.costE8[index]!));
      }
      // What the venue realised, less fees, is cash plus what the open positions cost: to the unit.
      assert.equal(BigInt(keeper.netRealisedE8()), cashE8 + worthE8);

      const market = new Float64Array(MARKET_SIZE);
      market[Market.Valid] = 1;
      market[Market.BidTicks] = 9999;
      market[Market.AskTicks] = 10_001;
      market[Market.MarkTicks] = 10_000;
      let markE8 = 0;
      for (const { index, tickLotE8 } of INSTRUMENTS) {
        pnl.mark(index, market);
        markE8 += held[index]! * 10_000 * tickLotE8 - venue.costE8[index]!;
      }
      pnl.update(new Float64Array([1e12]));
      const touch = pnl.fields[Pnl.UnrealisedTouchE8]!;
      assert.ok(touch <= pnl.fields[Pnl.UnrealisedMarkE8]! + 1, 'the touch is the worse price');
      // Average entry is a double; the venue's cost is exact.
      assert.ok(
        Math.abs(pnl.fields[Pnl.UnrealisedMarkE8]! - markE8) < 1e-6 * Math.abs(markE8) + 4000,
      );
    });
  }

  for (let seed = 1; seed <= 25; seed++) {
    it(`owners and marks add up to account and mark, estimated fills too, seed ${seed}`, () => {
      const random = new SeededRandom(seed);
      const keeper = new PositionKeeper(INSTRUMENTS);
      const venue = new PaperAccount(INSTRUMENTS);
      const fill = new Float64Array(6);
      const signed = new Float64Array(2);
      const { tickLotE8 } = INSTRUMENTS[0]!;
      let cash = 0;
      for (let step = 1; step <= 300; step++) {
        const side = random.int(2) === 0 ? 1 : -1;
        const lots = 1 + random.int(5);
        // Few prices: averages of different owners meet by chance.
        const ticks = 1000 + random.int(3) * 10;
        signed[0] = side * lots;
        signed[1] = ticks;
        venue.book(0, 0, signed);
        const isEstimated = random.int(4) === 0 ? 1 : 0;
        fill.set([side, lots, ticks, 0, isEstimated === 1 ? 0 : venue.booked[1]!, isEstimated]);
        keeper.onFill(0, random.int(OWNERS), fill);
        cash -= side * lots * ticks;
        const mark = 1005;
        let owners = 0;
        for (let owner = 0; owner < OWNERS; owner++) {
          const open = keeper.lots(0, owner) * (mark - keeper.ownerEntryTicks[owner]!);
          owners += keeper.ownerRealisedE8[owner]! + open * tickLotE8;
        }
        const open = keeper.totalLots(0) * (mark - keeper.accountEntryTicks[0]!);
        const accountE8 = keeper.accountRealisedE8[0]! + open * tickLotE8;
        const wantedE8 = (cash + keeper.totalLots(0) * mark) * tickLotE8;
        const slackE8 = step + 1;
        assert.ok(Math.abs(owners - wantedE8) <= slackE8, `owners at ${step}: ${owners}`);
        assert.ok(Math.abs(accountE8 - wantedE8) <= slackE8, `account at ${step}: ${accountE8}`);
      }
    });
  }

  it('estimated fills of a round trip realise what the prices say', () => {
    const random = new SeededRandom(77);
    for (let trial = 0; trial < 300; trial++) {
      const keeper = new PositionKeeper(INSTRUMENTS);
      const fill = new Float64Array(6);
      let cash = 0;
      let lots = 0;
      for (let i = 0; i < 8; i++) {
        const change = i < 7 ? random.int(200) - 100 : -lots;
        if (change === 0) continue;
        const ticks = 100 + random.int(50);
        fill.set([Math.sign(change), Math.abs(change), ticks, 0, 0, 1]);
        keeper.onFill(0, 1, fill);
        cash -= change * ticks;
        lots += change;
      }
      assert.equal(keeper.totalLots(0), 0);
      const wantedE8 = cash * INSTRUMENTS[0]!.tickLotE8;
      assert.ok(Math.abs(keeper.ownerRealisedE8[1]! - wantedE8) <= 8, 'rounding of eight fills');
    }
  });
});
