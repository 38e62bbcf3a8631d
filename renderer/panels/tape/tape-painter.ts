/**
 * tape-painter: draws the trades in sight, newest on top. A bar behind the size compares it with a
 * large one; large trades stand on their side's colour.
 *
 * Scrolled away from the newest it holds still: the row on top stays, what comes is counted.
 *
 * Units     CSS pixels. Imports canvas, format, frame, ./tape-model, ./tape-texts.
 */
import { colours, MONO, SANS } from '../../canvas/colours.ts';
import { Surface } from '../../canvas/surface.ts';
import { clockMs } from '../../format/times.ts';
import type { Painter } from '../../frame/frame-loop.ts';
import { ALL, HOLE, type TapeModel } from './tape-model.ts';
import type { TapeTexts } from './tape-texts.ts';

export const ROW_PX = 16;
const TIME_X = 8;
const TIME_WIDTH = 84;
const SYMBOL_WIDTH = 74;
/** The eye goes no further from a time to its price, however wide the window (tape.css too). */
const FIGURES_MOST = 560;
const MEASURE_EVERY_MS = 1000;

/** Right edges of the figures at a width, and whether names have room. */
interface Places {
  readonly symbol: number;
  readonly price: number;
  readonly size: number;
  readonly delta: number;
}

export function placesOf(width: number, isAll: boolean): Places {
  const left = TIME_X + TIME_WIDTH + (isAll ? SYMBOL_WIDTH : 0);
  const room = Math.min(FIGURES_MOST, Math.max(0, width - 8 - left));
  return {
    symbol: TIME_X + TIME_WIDTH,
    price: left + room * 0.36,
    size: left + room * 0.68,
    delta: left + room,
  };
}

export class TapePainter implements Painter {
  readonly surface: Surface;
  readonly #model: TapeModel;
  readonly #texts: TapeTexts;
  readonly #instrument: number;
  /** Number of the row that stays on top; null: the newest does. */
  #anchor: number | null = null;
  #measuredMs = 0;
  #moves = 0;

  constructor(canvas: HTMLCanvasElement, model: TapeModel, texts: TapeTexts, instrument: number) {
    this.surface = new Surface(canvas);
    this.#model = model;
    this.#texts = texts;
    this.#instrument = instrument;
  }

  version(): number {
    this.#model.follow();
    return this.#model.version + this.surface.version + colours.version + this.#moves;
  }

  get rows(): number {
    return Math.max(1, Math.floor(this.surface.height / ROW_PX));
  }

  get isHeld(): boolean {
    return this.#anchor !== null;
  }

  /** Rows above the one on top. */
  get waiting(): number {
    return this.#anchor === null ? 0 : this.#model.newerThan(this.#anchor);
  }

  /** Moves by so many rows towards the past (or back); at the newest it follows again. */
  scroll(rows: number): void {
    const most = Math.max(0, this.#model.count - this.rows);
    const back = Math.min(most, Math.max(0, this.waiting + rows));
    this.#anchor = back === 0 ? null : this.#model.sequence(back);
    this.#moves += 1;
  }

  toNewest(): void {
    this.#anchor = null;
    this.#moves += 1;
  }

  paint(nowMs: number): void {
    if (nowMs - this.#measuredMs > MEASURE_EVERY_MS) {
      this.#measuredMs = nowMs;
      this.#model.measure();
    }
    const context = this.surface.begin();
    if (context === null) return;
    const { width, height } = this.surface;
    context.fillStyle = colours.get('bg-1');
    context.fillRect(0, 0, width, height);
    context.textBaseline = 'middle';
    const places = placesOf(width, this.#instrument === ALL);
    const first = Math.min(this.waiting, Math.max(0, this.#model.count - 1));
    const last = Math.min(this.#model.count, first + Math.ceil(height / ROW_PX));
    for (let back = first; back < last; back++) {
      const top = (back - first) * ROW_PX;
      if (this.#model.instrument(back) === HOLE) this.#hole(context, back, top);
      else this.#row(context, back, top, places);
    }
  }

  #hole(context: CanvasRenderingContext2D, back: number, top: number): void {
    const { width } = this.surface;
    context.fillStyle = colours.get('warn-soft');
    context.fillRect(0, top, width, ROW_PX - 1);
    context.fillStyle = colours.get('warn');
    context.font = `500 10.5px ${SANS}`;
    context.textAlign = 'center';
    const count = this.#model.lots(back);
    context.fillText(`${count} trades are not here`, width / 2, top + ROW_PX / 2);
  }

  #row(context: CanvasRenderingContext2D, back: number, top: number, places: Places): void {
    const model = this.#model;
    const instrument = model.instrument(back);
    const isBuy = model.side(back) > 0;
    const lots = model.lots(back);
    const large = model.largeLots(instrument);
    const isLarge = lots >= large;
    const middle = top + ROW_PX / 2;
    if (isLarge) {
      context.fillStyle = colours.get(isBuy ? 'bid-strong' : 'ask-strong');
      context.fillRect(0, top, this.surface.width, ROW_PX - 1);
    } else if (large < Infinity) {
      const length = (places.size - places.price - 8) * Math.sqrt(lots / large);
      context.fillStyle = colours.get(isBuy ? 'bid-soft' : 'ask-soft');
      context.fillRect(places.size - length, top + 1, length + 3, ROW_PX - 3);
    }
    context.font = `${isLarge ? 650 : 500} 11px ${MONO}`;
    context.textAlign = 'left';
    context.fillStyle = colours.get(isLarge ? 'ink-1' : 'ink-3');
    context.fillText(clockMs(model.atMs(back)), TIME_X, middle);
    context.textAlign = 'right';
    const ink = isLarge ? 'ink-1' : isBuy ? 'bid-ink' : 'ask-ink';
    context.fillStyle = colours.get(ink);
    context.fillText(this.#texts.price(instrument, model.ticks(back)), places.price, middle);
    context.fillText(this.#texts.size(instrument, lots), places.size, middle);
    const delta = model.deltaAt(back);
    context.fillStyle = colours.get(isLarge ? 'ink-1' : 'ink-2');
    context.fillText(this.#texts.delta(this.#instrument, delta), places.delta, middle);
    if (this.#instrument === ALL) this.#symbol(context, instrument, places.symbol, middle);
  }

  #symbol(
    context: CanvasRenderingContext2D,
    instrument: number,
    left: number,
    middle: number,
  ): void {
    context.textAlign = 'left';
    context.font = `600 10.5px ${SANS}`;
    context.fillStyle = colours.get('ink-2');
    context.fillText(this.#texts.symbol(instrument), left, middle);
  }

  dispose(): void {
    this.surface.dispose();
  }
}
