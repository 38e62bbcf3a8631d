/**
 * histogram: latencies as counts in log-linear buckets, preallocated, in shared memory.
 *
 * Buckets   16 linear steps in each power of two: a value is known to 1/16 (6.25 %) of itself. From
 *           0 ns to 2^37 ns (137 s); anything above counts in the last bucket, anything negative as
 *           0.
 * Epochs    each stage has EPOCHS (8) rows of counts. The writer fills the row of the current
 *           epoch; `rotate` (every 10 s, by the writer) clears the next row and moves on. Reading
 *           all rows but the one about to be cleared gives the last 60 to 70 s; a ninth row is
 *           never cleared and holds the session.
 * Writer    one thread, by plain stores to 32-bit words. Readers: any. A reader may be a few counts
 *           behind; percentiles are read, never decided upon.
 * Hot path: record. Takes the value from an array, because a double argument may box.
 * Imports   base, memory/padding.
 */
import { assert } from '../base/assert.ts';
import { PAD_BYTES, roundUp } from '../memory/padding.ts';

const SUB_BITS = 4;
const SUB_BUCKETS = 1 << SUB_BITS;
/** 2^37 ns is 137 s. */
const EXPONENT_MAX = 37;
const BUCKETS = (EXPONENT_MAX - SUB_BITS + 1) * SUB_BUCKETS;
const INT_MAX = 0x7fff_ffff;
/** From 2^30 ns on, a bucket is found from the value in units of 2^10 ns: shifts see 32 bits. */
const FINE_LIMIT_NS = 0x4000_0000;
const COARSE_BITS = 10;
const COARSE_NS = 1 << COARSE_BITS;
const VALUE_MAX = 2 ** EXPONENT_MAX - 1;
const COARSE_MAX = Math.floor(VALUE_MAX / COARSE_NS);

export const EPOCHS = 8;
/** Seconds between two `rotate` calls that make `window` the last minute. */
export const EPOCH_SECONDS = 10;
const SESSION_ROW = EPOCHS;
const ROWS = EPOCHS + 1;

/** One row: the buckets, then the largest value in ns, capped at 2^31 − 1. */
const RowWord = { Buckets: 0, MaxNs: BUCKETS } as const;
const ROW_WORDS = roundUp(BUCKETS + 1, 16);
const STAGE_WORDS = ROWS * ROW_WORDS;

/** The block: current epoch, then the stages. */
const BlockWord = { Epoch: 0, Stages: PAD_BYTES / 4 } as const;

export function histogramBytes(stages: number): number {
  assert(Number.isInteger(stages) && stages > 0, `histograms of ${stages} stages`);
  return (BlockWord.Stages + stages * STAGE_WORDS) * 4 + PAD_BYTES;
}

/** What a reader makes of a stage. Times in nanoseconds; 0 where nothing was recorded. */
export interface Percentiles {
  p50Ns: number;
  p99Ns: number;
  p999Ns: number;
  maxNs: number;
  count: number;
}

export class HistogramWriter {
  readonly #words: Int32Array;
  readonly #stages: number;
  #epoch: number;

  constructor(buffer: SharedArrayBuffer, stages: number, byteOffset = 0) {
    assert(byteOffset + histogramBytes(stages) <= buffer.byteLength, 'histograms fit their buffer');
    this.#words = new Int32Array(buffer, byteOffset, BlockWord.Stages + stages * STAGE_WORDS);
    this.#stages = stages;
    this.#epoch = this.#words[BlockWord.Epoch]!;
  }

  static create(stages: number): HistogramWriter {
    return new HistogramWriter(new SharedArrayBuffer(histogramBytes(stages)), stages);
  }

  get buffer(): SharedArrayBuffer {
    return this.#words.buffer as SharedArrayBuffer;
  }

  /** Records the span `values[index]` in ns. Negative and NaN count as 0. */
  record(stage: number, values: Float64Array, index: number): void {
    const ns = values[index]!;
    const whole = ns > 0 ? (ns < INT_MAX ? ns | 0 : INT_MAX) : 0;
    const coarse = ns > 0 ? (ns < VALUE_MAX ? (ns / COARSE_NS) | 0 : COARSE_MAX) : 0;
    this.#count(stage, whole, coarse);
  }

  /** Records `values[to] − values[from]`: two stamps of the same clock. */
  recordSpan(stage: number, values: Float64Array, from: number, to: number): void {
    const ns = values[to]! - values[from]!;
    const whole = ns > 0 ? (ns < INT_MAX ? ns | 0 : INT_MAX) : 0;
    const coarse = ns > 0 ? (ns < VALUE_MAX ? (ns / COARSE_NS) | 0 : COARSE_MAX) : 0;
    this.#count(stage, whole, coarse);
  }

  /** Starts a new epoch; its row is emptied first. Every EPOCH_SECONDS, by the writer. */
  rotate(): void {
    const next = (this.#epoch + 1) % EPOCHS;
    for (let stage = 0; stage < this.#stages; stage++) {
      const row = rowWord(stage, next);
      this.#words.fill(0, row, row + ROW_WORDS);
    }
    this.#epoch = next;
    Atomics.store(this.#words, BlockWord.Epoch, next);
  }

  /** Integers in, because a double argument may box. */
  #count(stage: number, ns: number, coarse: number): void {
    const words = this.#words;
    const bucket = bucketOf(ns, coarse);
    const row = BlockWord.Stages + stage * STAGE_WORDS + this.#epoch * ROW_WORDS;
    const session = BlockWord.Stages + stage * STAGE_WORDS + SESSION_ROW * ROW_WORDS;
    words[row + bucket] = (words[row + bucket]! + 1) | 0;
    words[session + bucket] = (words[session + bucket]! + 1) | 0;
    if (ns > words[row + RowWord.MaxNs]!) words[row + RowWord.MaxNs] = ns;
    if (ns > words[session + RowWord.MaxNs]!) words[session + RowWord.MaxNs] = ns;
  }
}

export class HistogramReader {
  readonly #words: Int32Array;
  readonly #stages: number;
  readonly #sum = new Float64Array(BUCKETS);

  constructor(buffer: SharedArrayBuffer, stages: number, byteOffset = 0) {
    assert(byteOffset + histogramBytes(stages) <= buffer.byteLength, 'histograms fit their buffer');
    this.#words = new Int32Array(buffer, byteOffset, BlockWord.Stages + stages * STAGE_WORDS);
    this.#stages = stages;
  }

  /** The last minute (60 to 70 s when the writer rotates every 10 s). */
  window(stage: number, into: Percentiles): void {
    assert(stage >= 0 && stage < this.#stages, 'stage exists');
    const current = Atomics.load(this.#words, BlockWord.Epoch);
    this.#sum.fill(0);
    let maxNs = 0;
    for (let back = 0; back < EPOCHS - 1; back++) {
      maxNs = Math.max(maxNs, this.#add(stage, (current - back + EPOCHS) % EPOCHS));
    }
    summarise(this.#sum, maxNs, into);
  }

  /** Everything since the block was made. */
  session(stage: number, into: Percentiles): void {
    assert(stage >= 0 && stage < this.#stages, 'stage exists');
    this.#sum.fill(0);
    const maxNs = this.#add(stage, SESSION_ROW);
    summarise(this.#sum, maxNs, into);
  }

  /** Adds one row to the sum; its largest value. */
  #add(stage: number, epoch: number): number {
    const row = rowWord(stage, epoch);
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      this.#sum[bucket] = this.#sum[bucket]! + (this.#words[row + bucket]! >>> 0);
    }
    return this.#words[row + RowWord.MaxNs]!;
  }
}

export function emptyPercentiles(): Percentiles {
  return { p50Ns: 0, p99Ns: 0, p999Ns: 0, maxNs: 0, count: 0 };
}

/**
 * Bucket of a value given as whole ns (at most 2^31 − 1) and in units of 1,024 ns: exact below 32
 * ns, then 16 steps in each power of two.
 */
export function bucketOf(ns: number, coarse: number): number {
  if (ns < SUB_BUCKETS) return ns;
  if (ns < FINE_LIMIT_NS) return logBucket(ns, 0);
  return logBucket(coarse, COARSE_BITS);
}

function logBucket(value: number, shiftedBits: number): number {
  const exponent = 31 - Math.clz32(value);
  const sub = (value >>> (exponent - SUB_BITS)) & (SUB_BUCKETS - 1);
  return (exponent + shiftedBits - SUB_BITS + 1) * SUB_BUCKETS + sub;
}

/** Middle of a bucket in ns: what a percentile reports. */
export function bucketNs(bucket: number): number {
  if (bucket < SUB_BUCKETS) return bucket;
  const exponent = Math.floor(bucket / SUB_BUCKETS) - 1;
  const step = 2 ** exponent;
  const low = (SUB_BUCKETS + (bucket % SUB_BUCKETS)) * step;
  return low + (step - 1) / 2;
}

function rowWord(stage: number, epoch: number): number {
  return BlockWord.Stages + stage * STAGE_WORDS + epoch * ROW_WORDS;
}

function summarise(counts: Float64Array, maxNs: number, into: Percentiles): void {
  let total = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket++) total += counts[bucket]!;
  // The exact largest value is kept up to 2 s; above that its bucket must do.
  const most = maxNs < INT_MAX ? maxNs : quantile(counts, total, 1);
  into.count = total;
  into.maxNs = most;
  into.p50Ns = Math.min(quantile(counts, total, 0.5), most);
  into.p99Ns = Math.min(quantile(counts, total, 0.99), most);
  into.p999Ns = Math.min(quantile(counts, total, 0.999), most);
}

function quantile(counts: Float64Array, total: number, share: number): number {
  if (total === 0) return 0;
  const rank = Math.ceil(total * share);
  let seen = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    seen += counts[bucket]!;
    if (seen >= rank) return bucketNs(bucket);
  }
  return bucketNs(BUCKETS - 1);
}
