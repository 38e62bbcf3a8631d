/**
 * measure: rounds of several measurements, interleaved, so that what disturbs the machine for a
 * while disturbs all of them alike: A B C A B C. Told by median, least and most over the rounds.
 *
 * Units     each case says its own.
 * Imports   base.
 */
import { assert } from '../base/assert.ts';

/** Something that is measured once a round. */
export interface BenchCase {
  readonly ids: readonly string[];
  /** One round; a value for each id, in their order. */
  round(): readonly number[];
}

export interface Measured {
  readonly id: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Chunks of one timing: each lasts some ten to some hundred microseconds. */
const CHUNKS = 33;
const chunkNs = new Float64Array(CHUNKS);
/** Rounds that are thrown away: V8 optimises beside the running code. */
const WARM_ROUNDS = 3;

export function measureCases(
  cases: readonly BenchCase[],
  rounds: number,
  onRound: (part: number) => void = () => undefined,
): readonly Measured[] {
  const values = new Map<string, number[]>();
  for (const { ids } of cases) for (const id of ids) values.set(id, []);
  for (let round = -WARM_ROUNDS; round < rounds; round++) {
    for (const one of cases) {
      const found = one.round();
      assert(found.length === one.ids.length, 'a value for each id');
      if (round >= 0) one.ids.forEach((id, k) => values.get(id)!.push(found[k]!));
    }
    onRound((round + WARM_ROUNDS + 1) / (rounds + WARM_ROUNDS));
  }
  return [...values].map(([id, found]) => summaryOf(id, found));
}

export function summaryOf(id: string, values: readonly number[]): Measured {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const isOdd = sorted.length % 2 === 1;
  const median = isOdd ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { id, median, min: sorted[0]!, max: sorted.at(-1)! };
}

/** Does calls `from` up to `to`: the loop is the measured thing's own, so that V8 sees it whole. */
export type BenchLoop = (from: number, to: number) => void;

/**
 * ns per call of a loop of `calls` calls. It runs in chunks and the middle chunk counts: one that
 * the machine interrupted says nothing about the work.
 */
export function timeLoop(calls: number, loop: BenchLoop): number {
  const chunkCalls = Math.max(1, Math.floor(calls / CHUNKS));
  for (let chunk = 0; chunk < CHUNKS; chunk++) {
    const from = chunk * chunkCalls;
    const start = process.hrtime.bigint();
    loop(from, from + chunkCalls);
    chunkNs[chunk] = Number(process.hrtime.bigint() - start);
  }
  return chunkNs.toSorted()[CHUNKS >> 1]! / chunkCalls;
}

/** Nanoseconds of a steady clock into `into[index]`, without a number that is boxed. */
export function stampNs(into: BigInt64Array, index: number): void {
  into[index] = process.hrtime.bigint();
}
