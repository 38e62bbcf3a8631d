/**
 * monotonic-stamp: engine time from this thread's steady clock, written where it is wanted.
 *
 * Clock     process.hrtime.bigint: V8 inlines so small a function whatever else it inlines, and the
 *           64-bit integer goes to its array as it is. performance.now is larger: in a big turn it
 *           is left as a call, whose result is a boxed number of 16 bytes.
 * Units     nanoseconds; all stamps of a thread share one origin, so that they can be subtracted.
 * Hot path: the stamp. No allocation.
 * Imports   base.
 */
import { NS_PER_MS } from '../base/clock.ts';

const TWO_POW_32 = 2 ** 32;

const { hrtime } = process;
const whole = new BigInt64Array(1);
/** Low half first, as everywhere in shared memory. */
const halves = new Uint32Array(whole.buffer);

/** Steady time at performance.timeOrigin. */
const originNs = Number(hrtime.bigint()) - performance.now() * NS_PER_MS;

/** A function that writes engine ns of now into `into[index]`; `anchorWallMs` is its zero. */
export function monotonicStamp(anchorWallMs: number): (into: Float64Array, index: number) => void {
  const offsetNs = (performance.timeOrigin - anchorWallMs) * NS_PER_MS - originNs;
  return (into, index) => {
    whole[0] = hrtime.bigint();
    into[index] = halves[1]! * TWO_POW_32 + halves[0]! + offsetNs;
  };
}
