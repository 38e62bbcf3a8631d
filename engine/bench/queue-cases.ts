/**
 * queue-cases: the SPSC ring and the shared view, one thread on both ends.
 *
 * Push writes a whole record and publishes it; pop reads it, the place is given back when the
 * ring's own rule says so. A ring is filled and emptied in turns and each half is timed alone.
 * Imports   memory, ./measure.
 */
import { RecordKind } from '../memory/market-record.ts';
import { SLOT_BYTES } from '../memory/slots.ts';
import { ViewReader, ViewWriter } from '../memory/slot-view.ts';
import { RingReader, RingWriter } from '../memory/spsc-ring.ts';
import { timeLoop, warmUp } from './measure.ts';
import type { BenchCase, BenchLoop } from './measure.ts';

const RECORDS = 8192;
const FILLS = 21;
const VIEW_DOUBLES = 84;
const VIEW_CALLS = 100_000;

export function queueCase(): BenchCase {
  const writer = RingWriter.create(RECORDS * SLOT_BYTES);
  const reader = new RingReader(writer.buffer);
  const sums = new Float64Array(1);
  const pushNs = new Float64Array(FILLS);
  const popNs = new Float64Array(FILLS);
  const { words, doubles } = writer;
  const push: BenchLoop = (from, to) => {
    for (let call = from; call < to; call++) {
      const at = writer.claim(1);
      words[at * 2] = RecordKind.BuyTrade;
      words[at * 2 + 1] = call;
      doubles[at + 1] = call + 0.5;
      doubles[at + 2] = call + 0.25;
      doubles[at + 3] = call + 0.125;
      writer.publish();
    }
  };
  const pop: BenchLoop = (from, to) => {
    const source = reader.doubles;
    let sum = 0;
    for (let call = from; call < to; call++) {
      const at = reader.peek();
      if (at < 0) break;
      sum += source[at + 1]! + source[at + 2]! + source[at + 3]!;
      reader.advance();
    }
    sums[0] = sum;
  };
  const empty = (): void => {
    while (reader.peek() >= 0) reader.advance();
  };
  warmUp([push, pop]);
  empty();
  return {
    ids: ['queue.push32', 'queue.pop32'],
    round() {
      for (let fill = 0; fill < FILLS; fill++) {
        pushNs[fill] = timeLoop(RECORDS, push);
        popNs[fill] = timeLoop(RECORDS, pop);
        empty();
      }
      return [pushNs.toSorted()[FILLS >> 1]!, popNs.toSorted()[FILLS >> 1]!];
    },
  };
}

export function viewCase(): BenchCase {
  const writer = ViewWriter.create(VIEW_DOUBLES);
  const reader = new ViewReader(writer.buffer);
  const out = new Float64Array(VIEW_DOUBLES);
  const write: BenchLoop = (from, to) => {
    const { doubles } = writer;
    for (let call = from; call < to; call++) {
      const at = writer.begin();
      for (let k = 0; k < VIEW_DOUBLES; k++) doubles[at + k] = call + k;
      writer.commit();
    }
  };
  const read: BenchLoop = (from, to) => {
    for (let call = from; call < to; call++) reader.read(out);
  };
  return {
    ids: ['view.write', 'view.read'],
    round: () => [timeLoop(VIEW_CALLS, write), timeLoop(VIEW_CALLS, read)],
  };
}
