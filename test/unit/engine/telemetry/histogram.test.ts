/** histogram: buckets, percentiles, the rolling minute and the session. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../../../engine/base/random.ts';
import {
  bucketNs,
  emptyPercentiles,
  EPOCHS,
  HistogramReader,
  HistogramWriter,
} from '../../../../engine/telemetry/histogram.ts';

const value = new Float64Array(2);

function recorded(stages = 1): { writer: HistogramWriter; reader: HistogramReader } {
  const writer = HistogramWriter.create(stages);
  return { writer, reader: new HistogramReader(writer.buffer, stages) };
}

function record(writer: HistogramWriter, ns: number, stage = 0): void {
  value[0] = ns;
  writer.record(stage, value, 0);
}

describe('histogram', () => {
  it('gives zeros before anything was recorded', () => {
    const into = emptyPercentiles();
    recorded().reader.session(0, into);
    assert.deepEqual(into, emptyPercentiles());
  });

  it('knows small values exactly', () => {
    const { writer, reader } = recorded();
    for (let ns = 0; ns < 32; ns++) record(writer, ns);
    const into = emptyPercentiles();
    reader.session(0, into);
    assert.equal(into.count, 32);
    assert.equal(into.p50Ns, 15);
    assert.equal(into.maxNs, 31);
  });

  it('agrees with a sorted list to a sixteenth, over seven orders of magnitude', () => {
    const random = new SeededRandom(7);
    const { writer, reader } = recorded();
    const all: number[] = [];
    for (let i = 0; i < 20_000; i++) {
      const ns = Math.floor(10 ** (1 + 7 * random.next()));
      all.push(ns);
      record(writer, ns);
    }
    all.sort((a, b) => a - b);
    const into = emptyPercentiles();
    reader.session(0, into);
    const near = (found: number, share: number): void => {
      const exact = all[Math.ceil(all.length * share) - 1]!;
      assert.ok(Math.abs(found / exact - 1) <= 1 / 16, `${share}: ${found} against ${exact}`);
    };
    near(into.p50Ns, 0.5);
    near(into.p99Ns, 0.99);
    near(into.p999Ns, 0.999);
    assert.equal(into.maxNs, all.at(-1));
    assert.equal(into.count, all.length);
  });

  const extremes: readonly { name: string; ns: number; p50: [number, number] }[] = [
    { name: 'counts a negative span as 0', ns: -5, p50: [0, 0] },
    { name: 'counts NaN as 0', ns: Number.NaN, p50: [0, 0] },
    { name: 'keeps 2^30', ns: 2 ** 30, p50: [2 ** 30 * 0.93, 2 ** 30 * 1.07] },
    { name: 'knows what is beyond 2^31 ns by its bucket', ns: 5e9, p50: [4.6e9, 5.4e9] },
    { name: 'counts beyond the last bucket in it', ns: 1e15, p50: [2 ** 36, 2 ** 37] },
    { name: 'counts infinity in the last bucket', ns: Infinity, p50: [2 ** 36, 2 ** 37] },
  ];
  for (const { name, ns, p50 } of extremes) {
    it(name, () => {
      const { writer, reader } = recorded();
      record(writer, ns);
      const into = emptyPercentiles();
      reader.session(0, into);
      assert.equal(into.count, 1);
      assert.ok(into.p50Ns >= p50[0] && into.p50Ns <= p50[1], `p50 ${into.p50Ns}`);
    });
  }

  it('orders its buckets: the middle of each lies above the one before', () => {
    for (let bucket = 1; bucket < 500; bucket++) {
      assert.ok(bucketNs(bucket) > bucketNs(bucket - 1), `bucket ${bucket}`);
    }
  });

  it('forgets in the window what the session keeps', () => {
    const { writer, reader } = recorded();
    record(writer, 1_000);
    const window = emptyPercentiles();
    const session = emptyPercentiles();
    for (let epoch = 0; epoch < EPOCHS - 2; epoch++) {
      writer.rotate();
      reader.window(0, window);
      assert.equal(window.count, 1, `still there after ${epoch + 1} rotations`);
    }
    writer.rotate();
    reader.window(0, window);
    reader.session(0, session);
    assert.equal(window.count, 0);
    assert.equal(session.count, 1);
  });

  it('keeps stages apart and takes spans from two stamps', () => {
    const { writer, reader } = recorded(3);
    value[0] = 1_000;
    value[1] = 1_020;
    writer.recordSpan(1, value, 0, 1);
    const into = emptyPercentiles();
    reader.session(1, into);
    assert.equal(into.p50Ns, 20);
    for (const other of [0, 2]) {
      reader.session(other, into);
      assert.equal(into.count, 0);
    }
  });
});
