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

/** A venue time in epoch ms. */
export function epochMs(time: number): number {
  return time >= MICROSECONDS_FROM ? time / 1000 : time;
}
