/**
 * gate.test: the allocation gate sees what allocates and passes what does not.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesPerCall, BYTES_PER_CALL_MAX } from './gate.ts';

interface Level {
  readonly price: number;
}

const BOXED_DOUBLE_BYTES = 16;

describe('the allocation gate', () => {
  it('passes arithmetic on typed arrays', () => {
    const sums = new Float64Array(4);
    const bytes = bytesPerCall((call) => {
      sums[call & 3] = (sums[call & 3] ?? 0) + call * 0.5;
    });
    assert.ok(bytes <= BYTES_PER_CALL_MAX, `${bytes} bytes per call`);
    assert.ok((sums[1] ?? 0) > 0);
  });

  it('control: one small object a call is seen', () => {
    const kept: Level[] = [{ price: 0 }];
    const bytes = bytesPerCall((call) => {
      kept[0] = { price: call + 0.5 };
    });
    assert.ok(bytes >= BOXED_DOUBLE_BYTES, `${bytes} bytes per call`);
  });

  it('control: one boxed double every hundred calls is seen', () => {
    const kept: unknown[] = [null];
    const bytes = bytesPerCall((call) => {
      if (call % 100 === 0) kept[0] = call + 0.5;
    });
    assert.ok(bytes > BYTES_PER_CALL_MAX * 10, `${bytes} bytes per call`);
    assert.ok(bytes < 1, `${bytes} bytes per call`);
  });

  it('control: what collections erase in mid-run is still counted', () => {
    const kept: unknown[] = [null];
    const bytes = bytesPerCall(
      (call) => {
        kept[0] = new Int32Array(32).fill(call);
      },
      { warmupChunks: 20, rounds: 2, chunks: 20 },
    );
    assert.ok(bytes >= 32 * 4, `${bytes} bytes per call`);
  });
});
