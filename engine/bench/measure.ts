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
const WARM_CALLS = 8000;
const WARM_CHUNK = 8;
const warmed = new WeakSet<BenchLoop>();
const chunkNs = new Float64Array(CHUNKS);
export const CALIBRATION = 'calibration';
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
  if (!warmed.has(loop)) warmUp([loop]);
  const chunkCalls = Math.max(1, Math.floor(calls / CHUNKS));
  for (let chunk = 0; chunk < CHUNKS; chunk++) {
    const from = chunk * chunkCalls;
    const start = process.hrtime.bigint();
    loop(from, from + chunkCalls);
    chunkNs[chunk] = Number(process.hrtime.bigint() - start);
  }
  return chunkNs.toSorted()[CHUNKS >> 1]! / chunkCalls;
}

/**
 * Many short calls first: V8 counts calls before it optimises for good, and a loop that is entered
 * a few times stays in a lesser form, however long it runs. Loops that need each other take turns.
 */
export function warmUp(loops: readonly BenchLoop[]): void {
  for (const loop of loops) warmed.add(loop);
  for (let call = 0; call < WARM_CALLS; call++) {
    for (const loop of loops) loop(call * WARM_CHUNK, (call + 1) * WARM_CHUNK);
  }
}

const CALIBRATION_CALLS = 100_000;
const CALIBRATION_WORDS = 1024;

/**
 * How fast the machine is just now: eight independent sums over words in the first cache. On a
 * quiet machine it is the same figure each time; where another thread shares the core it grows by
 * two thirds, and so do all the others.
 */
export function calibrationCase(): BenchCase {
  const words = new Int32Array(CALIBRATION_WORDS).fill(3);
  const loop: BenchLoop = (from, to) => {
    const last = CALIBRATION_WORDS - 8;
    for (let call = from; call < to; call++) {
      const at = (call * 8) & last;
      words[at] = (words[at]! + 1) | 0;
      words[at + 1] = (words[at + 1]! ^ words[at + 2]!) | 0;
      words[at + 3] = (words[at + 3]! + words[at + 4]!) | 0;
      words[at + 5] = Math.imul(words[at + 5]!, 3);
      words[at + 6] = (words[at + 6]! + (words[at + 7]! >> 1)) | 0;
    }
  };
  return { ids: [CALIBRATION], round: () => [timeLoop(CALIBRATION_CALLS, loop)] };
}

/** Nanoseconds of a steady clock into `into[index]`, without a number that is boxed. */
export function stampNs(into: BigInt64Array, index: number): void {
  into[index] = process.hrtime.bigint();
}
