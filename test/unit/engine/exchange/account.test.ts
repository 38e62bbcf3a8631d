/** account: average cost, realised PnL, flips, fees; exact to the last unit. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../../../engine/base/random.ts';
import { Account } from '../../../../engine/exchange/core/account.ts';

const FEES = { makerRateE8: -2_000, takerRateE8: 10_000 };

function account(): Account {
  const made = new Account('a', 1_000_000_000_000n, FEES, 20);
  made.addMarket();
  return made;
}

describe('exchange account', () => {
  it('realises against the average cost, rounding one unit at most', () => {
    const a = account();
    a.applyFill(0, 1, 1, 100n, false);
    a.applyFill(0, 1, 2, 101n, false);
    assert.equal(a.position(0).costE8, 302n);
    // A third of 302 is 100.67: 101 leaves with the lot, 201 stay.
    assert.equal(a.applyFill(0, -1, 1, 110n, false).realisedE8, 9n);
    assert.equal(a.position(0).costE8, 201n);
    assert.equal(a.applyFill(0, -1, 2, 90n, false).realisedE8, -21n);
    assert.equal(a.position(0).costE8, 0n);
  });

  it('turns a position: closes it in full, opens the rest at the fill price', () => {
    const a = account();
    a.applyFill(0, -1, 5, 1000n, true);
    assert.equal(a.applyFill(0, 1, 8, 990n, false).realisedE8, 50n);
    assert.equal(a.position(0).lots, 3);
    assert.equal(a.position(0).costE8, 2970n);
  });

  it('is exact over any walk: when flat, realised equals cash in less cash out', () => {
    const random = new SeededRandom(11);
    for (let round = 0; round < 50; round++) {
      const a = account();
      let cash = 0n;
      let fees = 0n;
      const trade = (side: 1 | -1, lots: number, perLot: bigint): void => {
        const money = a.applyFill(0, side, lots, perLot, random.next() < 0.5);
        cash -= BigInt(side * lots) * perLot;
        fees += money.feeE8;
      };
      for (let i = 0; i < 200; i++) {
        const side = random.next() < 0.5 ? 1 : -1;
        trade(side, 1 + random.int(997), BigInt(6_500_000_000 + random.int(99_991)));
      }
      const { lots } = a.position(0);
      if (lots !== 0) trade(lots > 0 ? -1 : 1, Math.abs(lots), 6_500_012_347n);
      assert.equal(a.position(0).costE8, 0n);
      assert.equal(a.realisedE8, cash);
      assert.equal(a.walletE8, a.startWalletE8 + cash - fees);
    }
  });
});
