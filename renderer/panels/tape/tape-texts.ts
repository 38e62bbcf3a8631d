/**
 * tape-texts: ticks and lots of the tape as text, made once for each value.
 *
 * Imports   canvas, contract, format, ./tape-model.
 */
import type { InstrumentStatus } from '../../../engine/contract/status.ts';
import { TextCache } from '../../canvas/text-cache.ts';
import { Grid } from '../../format/grid.ts';
import { signed } from '../../format/numbers.ts';
import type { TapeScale } from './tape-model.ts';

interface Texts {
  readonly symbol: string;
  readonly price: TextCache;
  readonly size: TextCache;
  readonly sizeDecimals: number;
}

export class TapeTexts {
  readonly scales: readonly TapeScale[];
  readonly #texts: readonly Texts[];

  /** By instrument index. */
  constructor(instruments: readonly InstrumentStatus[]) {
    this.scales = instruments.map(({ tickSize, lotSize }) => ({
      tick: Number(tickSize),
      lot: Number(lotSize),
    }));
    this.#texts = instruments.map((instrument) => {
      const grid = new Grid(instrument);
      return {
        symbol: instrument.symbol,
        price: new TextCache((ticks) => grid.price(ticks)),
        size: new TextCache((lots) => grid.size(lots)),
        sizeDecimals: grid.sizeDecimals,
      };
    });
  }

  get count(): number {
    return this.#texts.length;
  }

  symbol(instrument: number): string {
    return this.#texts[instrument]?.symbol ?? '';
  }

  price(instrument: number, ticks: number): string {
    return this.#texts[instrument]?.price.get(ticks) ?? '';
  }

  size(instrument: number, lots: number): string {
    return this.#texts[instrument]?.size.get(lots) ?? '';
  }

  /** A delta: base units of one instrument, or quote units of all in thousands. */
  delta(instrument: number, value: number): string {
    const texts = this.#texts[instrument];
    if (texts !== undefined) return signed(value, Math.min(3, texts.sizeDecimals));
    if (Math.abs(value) >= 999_500) return `${signed(value / 1e6, 2)}M`;
    return Math.abs(value) >= 999.5 ? `${signed(value / 1e3, 1)}k` : signed(value, 0);
  }
}
