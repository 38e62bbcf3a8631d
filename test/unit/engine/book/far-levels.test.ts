/** Far levels: a sorted list in chunks, against a plain sorted map. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../../../engine/base/random.ts';
import { FarLevels } from '../../../../engine/book/far-levels.ts';

function contents(far: FarLevels): readonly (readonly [number, number])[] {
  const ticks = new Int32Array(far.count);
  const lots = new Float64Array(far.count);
  const copied = far.copyLevels(far.count, 1, ticks, lots, 0, 0);
  assert.equal(copied, far.count, 'every level is reached');
  return Array.from(ticks, (key, i) => [key, lots[i]!] as const);
}

function sorted(model: ReadonlyMap<number, number>): readonly (readonly [number, number])[] {
  return [...model].toSorted((a, b) => a[0] - b[0]);
}

describe('far levels', () => {
  it('keeps levels sorted through inserts, changes and removals', () => {
    const far = new FarLevels();
    const lots = new Float64Array([1, 2, 3]);
    far.set(30, lots, 0);
    far.set(10, lots, 1);
    far.set(20, lots, 2);
    far.set(30, lots, 1);
    assert.deepEqual(contents(far), [
      [10, 2],
      [20, 3],
      [30, 2],
    ]);
    assert.equal(far.firstKey(), 10);
    assert.equal(far.remove(10), true);
    assert.equal(far.remove(10), false);
    assert.equal(far.firstKey(), 20);
    assert.equal(far.count, 2);
  });

  it('agrees with a sorted map over 60,000 random changes of several thousand levels', () => {
    const random = new SeededRandom(7);
    const far = new FarLevels();
    const model = new Map<number, number>();
    const lots = new Float64Array(1);
    for (let step = 0; step < 60_000; step++) {
      // Runs of neighbouring keys, as in a message, between jumps.
      const key = (step & 15) === 0 ? random.int(1e6) - 5e5 : random.int(20_000);
      lots[0] = random.int(100);
      if (lots[0] > 30) {
        far.set(key, lots, 0);
        model.set(key, lots[0]);
      } else assert.equal(far.remove(key), model.delete(key), `step ${step}`);
      assert.equal(far.count, model.size);
      if (step % 5000 === 4999) assert.deepEqual(contents(far), sorted(model), `step ${step}`);
    }
    assert.ok(model.size > 3000, 'the walk grew the pool of chunks');
  });

  it('gives and takes at the front', () => {
    const far = new FarLevels();
    const model = new Map<number, number>();
    const lots = new Float64Array(1);
    for (let key = 500; key > 0; key--) {
      lots[0] = key;
      far.pushFront(key, lots, 0);
      model.set(key, key);
    }
    assert.deepEqual(contents(far), sorted(model));
    for (let limit = 1; limit <= 501; limit += 37) {
      for (let n = far.frontCountBelow(limit); n > 0; n = far.frontCountBelow(limit)) {
        assert.ok(far.frontKey(n - 1) < limit);
        far.copyFrontLots(0, lots, 0);
        assert.equal(lots[0], far.frontKey(0));
        for (let i = 0; i < n; i++) model.delete(far.frontKey(i));
        far.dropFront(n);
      }
      assert.deepEqual(contents(far), sorted(model), `below ${limit}`);
    }
  });

  it('reads single levels, 0 where there is none', () => {
    const far = new FarLevels();
    const lots = new Float64Array([4, 0]);
    far.copyLots(5, lots, 1);
    assert.equal(lots[1], 0);
    far.set(5, lots, 0);
    far.copyLots(5, lots, 1);
    assert.equal(lots[1], 4);
    far.copyLots(6, lots, 1);
    assert.equal(lots[1], 0);
    far.clear();
    assert.equal(far.count, 0);
    far.copyLots(5, lots, 1);
    assert.equal(lots[1], 0);
  });
});
