/**
 * paper-account: positions and their cost at the simulated venue of the paper gateway.
 *
 * One-way mode. Cost is the signed sum of lots × ticks × tickLotE8; a close takes its share of it,
 * so that realised PnL over a round trip sums up to the last unit.
 *
 * Writer    paper-gateway. Units lots, ticks, 1e-8 quote units.
 * Hot path: book. No allocation after construction.
 * Imports   base, domain.
 */
import type { Instrument } from '../../domain/instrument.ts';
import { E8 } from '../../domain/units.ts';

export const Booked = { FeeE8: 0, RealisedE8: 1 } as const;

export class PaperAccount {
  readonly lots: Float64Array;
  readonly costE8: Float64Array;
  /** Fee and realised PnL of the fill booked last. */
  readonly booked = new Float64Array(2);
  readonly #instruments: readonly Instrument[];

  constructor(instruments: readonly Instrument[]) {
    this.#instruments = instruments;
    this.lots = new Float64Array(instruments.length);
    this.costE8 = new Float64Array(instruments.length);
  }

  /** Writes the average entry in ticks, 0 when flat, to out[at]. */
  writeEntryTicks(instrument: number, out: Float64Array, at: number): void {
    const lots = this.lots[instrument]!;
    out[at] = 0;
    if (lots === 0) return;
    out[at] = this.costE8[instrument]! / (lots * this.#instruments[instrument]!.tickLotE8);
  }

  /** Books fill[0] signed lots at fill[1] ticks; the result is in `booked`. */
  book(instrument: number, isMaker: number, fill: Float64Array): void {
    const spec = this.#instruments[instrument]!;
    const change = fill[0]!;
    const valueE8 = change * fill[1]! * spec.tickLotE8;
    const rateE8 = isMaker === 1 ? spec.makerFeeRateE8 : spec.takerFeeRateE8;
    const before = this.lots[instrument]!;
    const cost = this.costE8[instrument]!;
    this.booked[Booked.FeeE8] = Math.round((Math.abs(valueE8) * rateE8) / E8);
    this.lots[instrument] = before + change;
    if (before === 0 || before > 0 === change > 0) {
      this.costE8[instrument] = cost + valueE8;
      this.booked[Booked.RealisedE8] = 0;
      return;
    }
    const closes = Math.abs(change) >= Math.abs(before);
    const closed = closes ? -before : change;
    const closedCost = closes ? cost : Math.round((cost * -closed) / before);
    const closedValue = closed * fill[1]! * spec.tickLotE8;
    this.booked[Booked.RealisedE8] = -closedValue - closedCost;
    this.costE8[instrument] = cost - closedCost + (valueE8 - closedValue);
  }
}
