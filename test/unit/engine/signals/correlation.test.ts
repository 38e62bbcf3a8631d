/** correlation: against a batch computation, shrinking, missing prices, gaps. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../../../engine/base/random.ts';
import { CorrelationMatrix } from '../../../../engine/signals/correlation.ts';

const SECOND = 1e9;

/** Three walks: 0 and 1 share 80 % of their variance, 2 is minus 0. */
function prices(seconds: number): Float64Array[] {
  const random = new SeededRandom(17);
  const mids = [50_000, 3_000, 20_000];
  const rows: Float64Array[] = [];
  for (let s = 0; s < seconds; s++) {
    const common = random.normal();
    const own = random.normal();
    mids[0]! *= 1 + common * 1e-4;
    mids[1]! *= 1 + (Math.sqrt(0.8) * common + Math.sqrt(0.2) * own) * 2e-4;
    mids[2]! *= 1 - common * 5e-5;
    rows.push(Float64Array.from(mids));
  }
  return rows;
}

function feed(matrix: CorrelationMatrix, rows: readonly Float64Array[], fromS = 0): void {
  const now = new Float64Array(1);
  rows.forEach((row, s) => {
    now[0] = (fromS + s) * SECOND;
    matrix.sample(row, now);
  });
}

describe('correlation', () => {
  it('equals the batch computation', () => {
    const rows = prices(400);
    const matrix = new CorrelationMatrix(3, 120);
    feed(matrix, rows);
    const decay = Math.exp(-1 / 120);
    const moment = (i: number, j: number): number => {
      let sum = 0;
      let weight = 0;
      for (let s = 1; s < rows.length; s++) {
        const w = decay ** (rows.length - 1 - s);
        const move = (k: number): number => (rows[s]![k]! / rows[s - 1]![k]! - 1) * 1e4;
        sum += w * move(i) * move(j);
        weight += w;
      }
      return sum / weight;
    };
    const shrink = 399 / (399 + 20);
    for (let i = 0; i < 3; i++) {
      assert.ok(Math.abs(matrix.sigmaBp(i) / Math.sqrt(moment(i, i)) - 1) < 1e-6);
      for (let j = 0; j < i; j++) {
        const rho = (shrink * moment(i, j)) / Math.sqrt(moment(i, i) * moment(j, j));
        assert.ok(Math.abs(matrix.rho(i, j) - rho) < 1e-6, `${i} ${j}`);
        assert.equal(matrix.rho(i, j), matrix.rho(j, i));
      }
    }
    assert.ok(matrix.rho(0, 1) > 0.75);
    assert.ok(matrix.rho(0, 2) < -0.9);
    assert.equal(matrix.rho(1, 1), 1);
  });

  it('samples once a second however often it is called', () => {
    const rows = prices(120);
    const once = new CorrelationMatrix(3);
    const often = new CorrelationMatrix(3);
    feed(once, rows);
    const now = new Float64Array(1);
    rows.forEach((row, s) => {
      for (let k = 0; k < 10; k++) {
        now[0] = s * SECOND + k * 1e8;
        often.sample(row, now);
      }
    });
    assert.deepEqual(often.values, once.values);
  });

  it('believes little while little was seen', () => {
    const matrix = new CorrelationMatrix(3);
    feed(matrix, prices(6));
    assert.ok(Math.abs(matrix.rho(0, 2)) < 0.25);
  });

  it('leaves out instruments without a price and starts over after a gap', () => {
    const rows = prices(300);
    const matrix = new CorrelationMatrix(3);
    rows.forEach((row, s) => {
      if (s % 7 === 3) row[1] = 0;
    });
    feed(matrix, rows);
    assert.ok(matrix.rho(0, 1) > 0.7, 'the seconds that are there still count');
    const before = Float64Array.from(matrix.sigmasBp);
    const jump = Float64Array.from([rows[299]![0]! * 2, 1, 1]);
    feed(matrix, [jump], 400);
    assert.deepEqual(matrix.sigmasBp, before, 'a jump across a silence is no return');
    assert.ok(matrix.values.every((value) => Number.isFinite(value) && Math.abs(value) <= 1));
  });

  it('is finite for instruments that never move', () => {
    const matrix = new CorrelationMatrix(2);
    feed(
      matrix,
      Array.from({ length: 50 }, () => Float64Array.from([100, 100])),
    );
    assert.equal(matrix.rho(0, 1), 0);
    assert.equal(matrix.sigmaBp(0), 0);
  });
});
