/**
 * probe: where the time of a turn goes. Receive and end are stamped every turn, inner stages in one
 * turn of SAMPLE_EVERY, all into preallocated histograms. Never read by the pipeline itself: what a
 * span measured must not change what is decided.
 *
 * Writer    trading thread. Under virtual time and in replays `NO_PROBE` stands here.
 * Hot path: a test of one boolean where nothing is sampled.
 * Imports   telemetry.
 */
import type { HistogramWriter } from '../telemetry/histogram.ts';
import { SAMPLE_EVERY, Stage } from '../telemetry/stages.ts';

/** Writes now (engine ns) into `into[index]`; an array, because a returned double may box. */
export type StampFunction = (into: Float64Array, index: number) => void;

const Mark = { Start: 0, Last: 1, Now: 2, Sent: 3, Order: 4 } as const;
const MARKS = 5;

export class Probe {
  readonly #histograms: HistogramWriter | null;
  readonly #stamp: StampFunction;
  readonly #isTurnClock: boolean;
  readonly #marks = new Float64Array(MARKS);
  #turns = 0;
  /** True in a sampled turn. */
  isSampling = false;
  #hasSent = false;
  #isOrdering = false;

  /**
   * `isTurnClock`: the turn's own stamps are of this clock (live); else it stamps by itself (a
   * tape).
   */
  constructor(histograms: HistogramWriter | null, stamp: StampFunction, isTurnClock = true) {
    this.#histograms = histograms;
    this.#stamp = stamp;
    this.#isTurnClock = isTurnClock;
  }

  /** clock[0] is the receive stamp of the turn. */
  begin(clock: Float64Array): void {
    if (this.#histograms === null) return;
    this.#turns = (this.#turns + 1) & 0x3fff_ffff;
    this.isSampling = (this.#turns & (SAMPLE_EVERY - 1)) === 0;
    const marks = this.#marks;
    if (this.#isTurnClock) marks[Mark.Start] = clock[0]!;
    else this.#stamp(marks, Mark.Start);
    marks[Mark.Last] = marks[Mark.Start]!;
    this.#hasSent = false;
    this.#isOrdering = false;
  }

  /** The stage that just ended; the next one starts here. Call only while `isSampling`. */
  mark(stage: number): void {
    const histograms = this.#histograms;
    if (histograms === null) return;
    const marks = this.#marks;
    this.#stamp(marks, Mark.Now);
    histograms.recordSpan(stage, marks, Mark.Last, Mark.Now);
    marks[Mark.Last] = marks[Mark.Now]!;
  }

  /** An intent starts on its way to the venue. Orders are rare: each one is measured. */
  orderBegins(): void {
    if (this.#histograms === null) return;
    this.#isOrdering = true;
    this.#stamp(this.#marks, Mark.Order);
  }

  /** The stage of an order (gate, encode, send) that just ended; the next one starts here. */
  orderMark(stage: number): void {
    const histograms = this.#histograms;
    // Cancels and queries take the same road and are not measured.
    if (histograms === null || !this.#isOrdering) return;
    const marks = this.#marks;
    this.#stamp(marks, Mark.Now);
    histograms.recordSpan(stage, marks, Mark.Order, Mark.Now);
    marks[Mark.Order] = marks[Mark.Now]!;
  }

  /** An order request was handed to the transport in this turn. */
  sent(): void {
    this.#isOrdering = false;
    if (this.#histograms === null || this.#hasSent) return;
    this.#hasSent = true;
    this.#stamp(this.#marks, Mark.Sent);
    this.#histograms.recordSpan(Stage.ReceiveToSent, this.#marks, Mark.Start, Mark.Sent);
  }

  /** clock[3] is the end stamp of the turn. */
  end(clock: Float64Array): void {
    const histograms = this.#histograms;
    if (histograms === null) return;
    if (this.#isTurnClock) this.#marks[Mark.Now] = clock[3]!;
    else this.#stamp(this.#marks, Mark.Now);
    histograms.recordSpan(Stage.Turn, this.#marks, Mark.Start, Mark.Now);
  }

  /** A span that somebody else measured. */
  record(stage: number, values: Float64Array, index: number): void {
    this.#histograms?.record(stage, values, index);
  }

  recordSpan(stage: number, values: Float64Array, from: number, to: number): void {
    this.#histograms?.recordSpan(stage, values, from, to);
  }

  rotate(): void {
    this.#histograms?.rotate();
  }
}

export function noProbe(): Probe {
  return new Probe(null, (into, index) => {
    into[index] = 0;
  });
}
