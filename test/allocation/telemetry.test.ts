/** Recording a latency allocates nothing, whatever the value. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  emptyPercentiles,
  HistogramReader,
  HistogramWriter,
} from '../../engine/telemetry/histogram.ts';
import { STAGE_COUNT, Stage } from '../../engine/telemetry/stages.ts';
import { bytesPerCall, BYTES_PER_CALL_MAX } from './gate.ts';

const FAST = { warmupChunks: 300 } as const;

describe('telemetry allocates nothing', () => {
  const writer = HistogramWriter.create(STAGE_COUNT);
  const stamps = new Float64Array(2);

  it('record and recordSpan, from nanoseconds to minutes', () => {
    const bytes = bytesPerCall((call) => {
      stamps[0] = call * 1_000.5;
      stamps[1] = stamps[0] + (call % 37 === 0 ? 6e10 : call % 5_000);
      writer.recordSpan(Stage.Turn, stamps, 0, 1);
      writer.record(Stage.LoopLag, stamps, 1);
    }, FAST);
    assert.ok(bytes <= BYTES_PER_CALL_MAX, `${bytes} bytes per call`);
  });

  it('rotate, and reading percentiles', () => {
    const reader = new HistogramReader(writer.buffer, STAGE_COUNT);
    const into = emptyPercentiles();
    const bytes = bytesPerCall(
      (call) => {
        if (call % 10 === 0) writer.rotate();
        reader.session(Stage.Turn, into);
        reader.window(Stage.Turn, into);
      },
      { warmupChunks: 40, rounds: 6, chunks: 10, chunkCalls: 100 },
    );
    // The percentiles are doubles in an object's fields, which boxes at most one each.
    assert.ok(bytes <= 16 * 10, `${bytes} bytes per call`);
  });
});
