/** money: exact decimals, rounding, fees. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  e8Text,
  e8Trimmed,
  feeE8,
  fixedText,
  parseE8,
  parseFixed,
  roundDiv,
} from '../../../../engine/exchange/core/money.ts';

describe('exchange money', () => {
  it('writes integers as fixed decimals', () => {
    assert.equal(fixedText(650_005, 1), '65000.5');
    assert.equal(fixedText(7, 3), '0.007');
    assert.equal(fixedText(0, 2), '0.00');
    assert.equal(fixedText(-1250, 3), '-1.250');
    assert.equal(fixedText(42, 0), '42');
    assert.equal(e8Text(-1n), '-0.00000001');
    assert.equal(e8Trimmed(150_000_000n), '1.5');
    assert.equal(e8Trimmed(0n), '0');
  });

  it('reads decimals exactly and tells too fine from malformed', () => {
    assert.equal(parseFixed('65000.5', 1), 650_005);
    assert.equal(parseFixed('65000.50', 1), 650_005);
    assert.ok(Number.isNaN(parseFixed('65000.55', 1)));
    for (const text of ['', '1e5', '.5', '1,5', '0x10', ' 1', '1 ']) {
      assert.equal(parseFixed(text, 2), null, text);
    }
    assert.equal(parseE8('100000.12345678'), 10_000_012_345_678n);
    assert.equal(parseE8('0.123456789'), null);
  });

  it('rounds halves away from zero on both sides', () => {
    assert.equal(roundDiv(5n, 2n), 3n);
    assert.equal(roundDiv(-5n, 2n), -3n);
    assert.equal(roundDiv(4n, 3n), 1n);
    assert.equal(roundDiv(-4n, 3n), -1n);
  });

  it('charges fees and pays rebates', () => {
    assert.equal(feeE8(65_000_000_000n, 10_000), 6_500_000n);
    assert.equal(feeE8(65_000_000_000n, -5000), -3_250_000n);
    assert.equal(feeE8(4999n, 10_000), 0n);
    assert.equal(feeE8(5000n, 10_000), 1n);
  });
});
