/**
 * candle-bars: bars of one second of one instrument, built from its trades, bounded. Pure.
 *
 * Only seconds with trades, or with a hole, take a row; when BARS_MAX rows are full the oldest go.
 * Memory comes in blocks as it is needed: a quiet instrument costs little.
 *
 * Writer    runtime/candle-desk. Time never goes back: a trade of an earlier second than the newest
 *           bar's is counted into the newest.
 * Units     ticks, lots, seconds since 1970.
 * Imports   contract.
 */
import { barOf, CANDLE_FIELDS, CandleField } from '../contract/candles.ts';

/** Four hours of an instrument that trades in every second. */
export const BARS_MAX = 14_400;
const BLOCK_ROWS = 600;

/** Rows of one block: whole numbers apart from lots, which may need more than 32 bits. */
interface Block {
  readonly numbers: Int32Array;
  readonly lots: Float64Array;
}

/** Columns of `numbers`. */
const Col = { Second: 0, Open: 1, High: 2, Low: 3, Close: 4, Trades: 5, Hole: 6 } as const;
const COLS = 7;

export class CandleBars {
  readonly #max: number;
  readonly #blocks: Block[] = [];
  #count = 0;

  constructor(max: number = BARS_MAX) {
    this.#max = max;
  }

  /** Rows that are kept. */
  get length(): number {
    return Math.min(this.#count, this.#max);
  }

  get lastSecond(): number {
    if (this.#count === 0) return 0;
    const { numbers } = this.#blockOf(this.#count - 1);
    return numbers[this.#at(this.#count - 1) * COLS + Col.Second]!;
  }

  trade(second: number, ticks: number, lots: number, side: number): void {
    const index = this.#rowOf(second);
    const block = this.#blockOf(index);
    const row = this.#at(index);
    const at = row * COLS;
    const { numbers } = block;
    if (numbers[at + Col.Trades] === 0) {
      numbers[at + Col.Open] = ticks;
      numbers[at + Col.High] = ticks;
      numbers[at + Col.Low] = ticks;
    }
    numbers[at + Col.High] = Math.max(numbers[at + Col.High]!, ticks);
    numbers[at + Col.Low] = Math.min(numbers[at + Col.Low]!, ticks);
    numbers[at + Col.Close] = ticks;
    numbers[at + Col.Trades] = numbers[at + Col.Trades]! + 1;
    const lotsAt = row * 2 + (side > 0 ? 0 : 1);
    block.lots[lotsAt] = block.lots[lotsAt]! + lots;
  }

  /** Trades of this second were lost. */
  hole(second: number): void {
    const index = this.#rowOf(second);
    this.#blockOf(index).numbers[this.#at(index) * COLS + Col.Hole] = 1;
  }

  clear(): void {
    this.#blocks.length = 0;
    this.#count = 0;
  }

  /** Bars of `seconds`, at most `limit` of the newest, as CandleBatch.rows wants them. */
  collect(seconds: number, limit: number): number[] {
    const bars: number[][] = [];
    let bar: number[] | null = null;
    for (let index = this.#count - 1; index >= this.#count - this.length; index--) {
      const { numbers } = this.#blockOf(index);
      const start = barOf(numbers[this.#at(index) * COLS + Col.Second]!, seconds);
      if (bar?.[CandleField.Second] !== start) {
        if (bars.length === limit) break;
        bar = Array.from({ length: CANDLE_FIELDS }, () => 0);
        bar[CandleField.Second] = start;
        bars.push(bar);
      }
      this.#addEarlier(bar, index);
    }
    return bars.toReversed().flat();
  }

  /** Puts a row before what `bar` holds already. */
  #addEarlier(bar: number[], index: number): void {
    const { numbers, lots } = this.#blockOf(index);
    const row = this.#at(index);
    const at = row * COLS;
    if (numbers[at + Col.Hole] === 1) bar[CandleField.Hole] = 1;
    if (numbers[at + Col.Trades] === 0) return;
    const isFirst = bar[CandleField.Trades] === 0;
    const high = numbers[at + Col.High]!;
    const low = numbers[at + Col.Low]!;
    bar[CandleField.Open] = numbers[at + Col.Open]!;
    if (isFirst) bar[CandleField.Close] = numbers[at + Col.Close]!;
    bar[CandleField.High] = isFirst ? high : Math.max(bar[CandleField.High]!, high);
    bar[CandleField.Low] = isFirst ? low : Math.min(bar[CandleField.Low]!, low);
    bar[CandleField.BuyLots] = bar[CandleField.BuyLots]! + lots[row * 2]!;
    bar[CandleField.SellLots] = bar[CandleField.SellLots]! + lots[row * 2 + 1]!;
    bar[CandleField.Trades] = bar[CandleField.Trades]! + numbers[at + Col.Trades]!;
  }

  /** Number of the newest row, a new one when the second is later than its. */
  #rowOf(second: number): number {
    if (this.#count > 0 && second <= this.lastSecond) return this.#count - 1;
    const index = this.#count++;
    const block = this.#blockOf(index);
    const row = this.#at(index);
    block.numbers.fill(0, row * COLS, (row + 1) * COLS);
    block.lots.fill(0, row * 2, row * 2 + 2);
    block.numbers[row * COLS + Col.Second] = second;
    return index;
  }

  #blockOf(index: number): Block {
    const at = Math.floor((index % this.#max) / BLOCK_ROWS);
    let block = this.#blocks[at];
    if (block === undefined) {
      const rows = Math.min(BLOCK_ROWS, this.#max - at * BLOCK_ROWS);
      block = { numbers: new Int32Array(rows * COLS), lots: new Float64Array(rows * 2) };
      this.#blocks[at] = block;
    }
    return block;
  }

  #at(index: number): number {
    return (index % this.#max) % BLOCK_ROWS;
  }
}
