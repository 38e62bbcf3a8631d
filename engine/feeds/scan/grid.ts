/**
 * grid: what the decoders need of the instruments, laid out for reading by index.
 *
 * Imports   domain.
 */
import type { Instrument } from '../../domain/instrument.ts';

export class Grid {
  readonly priceDecimals: Int32Array;
  readonly tickUnits: Float64Array;
  readonly sizeDecimals: Int32Array;
  readonly lotUnits: Float64Array;

  constructor(instruments: readonly Instrument[]) {
    this.priceDecimals = Int32Array.from(instruments, (one) => one.priceDecimals);
    this.tickUnits = Float64Array.from(instruments, (one) => one.tickUnits);
    this.sizeDecimals = Int32Array.from(instruments, (one) => one.sizeDecimals);
    this.lotUnits = Float64Array.from(instruments, (one) => one.lotUnits);
  }
}

/** Venues send ms, or µs when asked to; later than the year 5138 in ms it must be µs. */
const MICROSECONDS_FROM = 1e14;

/** Turns the venue time at times[index] into epoch ms. In place: a returned double may box. */
export function toEpochMs(times: Float64Array, index: number): void {
  const time = times[index]!;
  if (time >= MICROSECONDS_FROM) times[index] = time / 1000;
}
