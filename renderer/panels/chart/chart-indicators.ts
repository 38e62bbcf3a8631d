/**
 * chart-indicators: exponential means and Wilder's relative strength index of closes. Pure.
 *
 * Each value needs only the one before it, so the newest bar may be told again and again while it
 * grows. What has not seen enough bars yet is NaN and is not drawn.
 *
 * Imports   nothing.
 */
export const EMA_FAST = 9;
export const EMA_SLOW = 21;
export const RSI_PERIOD = 14;

/** An exponential mean that begins with the first close; shown after `period` of them. */
export class EmaColumn {
  readonly #period: number;
  readonly #values: number[] = [];

  constructor(period: number) {
    this.#period = period;
  }

  /** Tells the close of a bar: the next one, or one that was told before. */
  set(bar: number, close: number): void {
    const before = this.#values[bar - 1];
    const share = 2 / (this.#period + 1);
    this.#values[bar] = before === undefined ? close : before + share * (close - before);
  }

  at(bar: number): number {
    return bar < this.#period - 1 ? Number.NaN : (this.#values[bar] ?? Number.NaN);
  }
}

/**
 * Wilder: the first averages are plain means of `period` rises and falls, then each new one counts
 * 1/period.
 */
export class RsiColumn {
  readonly #period: number;
  readonly #closes: number[] = [];
  readonly #rises: number[] = [];
  readonly #falls: number[] = [];

  constructor(period: number) {
    this.#period = period;
  }

  set(bar: number, close: number): void {
    const before = this.#closes[bar - 1];
    const change = before === undefined ? 0 : close - before;
    this.#closes[bar] = close;
    this.#rises[bar] = this.#average(this.#rises, bar, Math.max(0, change));
    this.#falls[bar] = this.#average(this.#falls, bar, Math.max(0, -change));
  }

  #average(averages: readonly number[], bar: number, value: number): number {
    const before = averages[bar - 1] ?? 0;
    if (bar <= this.#period) return before + value / this.#period;
    return before + (value - before) / this.#period;
  }

  at(bar: number): number {
    if (bar < this.#period) return Number.NaN;
    const rise = this.#rises[bar] ?? Number.NaN;
    const fall = this.#falls[bar] ?? Number.NaN;
    if (rise === 0 && fall === 0) return 50;
    return 100 - 100 / (1 + rise / fall);
  }
}
