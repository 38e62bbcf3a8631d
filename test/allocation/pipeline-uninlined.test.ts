/**
 * The composed engine allocates nothing even where V8 inlines no more than the smallest functions.
 *
 * A double that is an argument or a result of a call is boxed, 16 bytes, unless the callee is
 * inlined; and whether it is depends on how much of its budget the caller has used up, so on luck.
 * Without that budget every double that crosses the border of a function shows. Functions of up to
 * 27 bytes of bytecode are still inlined, as they are in every circumstance.
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { SETTLING_FLAGS } from '../../engine/bench/allocation.ts';
import { monotonicStamp } from '../../engine/core/monotonic-stamp.ts';
import { armedRig, LONG } from './armed-rig.ts';
import { bytesPerCall, BYTES_PER_CALL_MAX } from './gate.ts';

const FLAGS = [
  ...SETTLING_FLAGS,
  '--max-inlined-bytecode-size-cumulative=1',
  '--max-maglev-inlined-bytecode-size-cumulative=1',
];
const BOXED_DOUBLE_BYTES = 16;

/** More than the smallest functions have. */
function nextOf(price: number): number {
  let next = price * 1.000_001;
  if (next > 2000) next -= 1000.25;
  if (next < 1000) next += 1000.25;
  return next;
}

describe('without inlining', () => {
  before(() => {
    for (const flag of FLAGS) setFlagsFromString(flag);
  });

  it('the armed pipeline allocates nothing', () => {
    const rig = armedRig();
    const bytes = bytesPerCall(() => rig.step(), LONG);
    assert.ok(bytes <= BYTES_PER_CALL_MAX, `${bytes} bytes per message`);
    const { counts } = rig.pipeline.desk;
    assert.ok(rig.gateway.requests > 10_000, `${rig.gateway.requests} requests`);
    assert.ok(counts.scalpsClosed > 100, `${counts.scalpsClosed} scalps`);
  });

  it('a stamp allocates nothing', () => {
    const stamp = monotonicStamp(Date.now());
    const times = new Float64Array(2);
    const bytes = bytesPerCall((call) => stamp(times, call & 1), { chunks: 20 });
    assert.ok(bytes <= BYTES_PER_CALL_MAX, `${bytes} bytes per stamp`);
    assert.ok(Math.abs(times[1]! - times[0]!) < 1e9, 'stamps are nanoseconds apart');
  });

  it('control: a double that a function returns is boxed', () => {
    const prices = Float64Array.of(1500.5);
    const bytes = bytesPerCall(
      () => {
        prices[0] = nextOf(prices[0]!);
      },
      { chunks: 20, rounds: 2 },
    );
    assert.ok(bytes >= BOXED_DOUBLE_BYTES, `${bytes} bytes per call`);
  });
});
