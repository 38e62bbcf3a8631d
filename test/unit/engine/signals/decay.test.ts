/** decay: the exponential it stands for, its bounds and its limits. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { writeDecays } from '../../../../engine/signals/decay.ts';

function decayOf(x: number): number {
  const state = new Float64Array([x, 0]);
  writeDecays(state, new Float64Array([1]), 0, 0, 1, 1);
  return state[1]!;
}

describe('decay', () => {
  it('is one when no time passed and zero after for ever', () => {
    assert.equal(decayOf(0), 1);
    assert.equal(decayOf(1e30), 0);
    assert.equal(decayOf(1e200), 0);
  });

  it('is the exponential to 0.0005 everywhere and to 3e-10 for small steps', () => {
    for (let x = 0; x <= 40; x += 0.01) {
      const error = Math.abs(decayOf(x) - Math.exp(-x));
      assert.ok(error < 5e-4, `${error} at ${x}`);
      if (x <= 0.1) assert.ok(error < 3e-10, `${error} at ${x}`);
    }
  });

  it('falls steadily and stays within (0, 1]', () => {
    let before = 2;
    for (let x = 0; x <= 100; x += 0.05) {
      const value = decayOf(x);
      assert.ok(value > 0 && value <= 1 && value < before, `${value} at ${x}`);
      before = value;
    }
  });

  it('writes a run of time constants', () => {
    const state = new Float64Array([2, 0, 0, 0, 7]);
    writeDecays(state, new Float64Array([9, 1, 0.5, 0.25]), 0, 1, 1, 3);
    for (let i = 0; i < 3; i++) {
      assert.ok(Math.abs(state[1 + i]! - Math.exp(-2 / 2 ** i)) < 5e-4);
    }
    assert.equal(state[4], 7);
  });
});
