/**
 * ladder-painter: rows → pixels. Repaints only the rows that changed since the last frame.
 *
 * Imports   canvas, format, frame, live, ./ladder-*.
 */
import { FrameInstrument } from '../../../engine/contract/frames.ts';
import { colours } from '../../canvas/colours.ts';
import { ROW_HEIGHT } from '../../canvas/price-scale.ts';
import { Surface } from '../../canvas/surface.ts';
import type { Grid } from '../../format/grid.ts';
import type { Painter } from '../../frame/frame-loop.ts';
import type { LiveMarket } from '../../live/live-market.ts';
import { NO_MARKS, type LadderMarks } from './ladder-marks.ts';
import { columnsFor, LadderPen, type RowInk } from './ladder-pen.ts';
import { fillBook, fillVolume, LadderRows, ROWS_MAX } from './ladder-rows.ts';
import { LadderView } from './ladder-view.ts';

/** A trade lights its row up for this long. */
export const FLASH_MS = 150;

export class LadderPainter implements Painter {
  readonly view = new LadderView();
  readonly rows = new LadderRows();
  readonly surface: Surface;
  /** Rows as they were painted last: what a person sees, and so what a press is about. */
  readonly shown = { topTicks: 0, group: 1, rows: 0 };
  readonly #live: LiveMarket;
  readonly #grid: Grid;
  readonly #pen: LadderPen;
  readonly #isStill: boolean;
  readonly #drawn = new Float64Array(ROWS_MAX * 4).fill(Number.NaN);
  readonly #ink: RowInk = { row: 0, ticks: 0, flash: 0, isMarked: false };
  readonly #marked = new Uint8Array(ROWS_MAX);
  #marks: LadderMarks = NO_MARKS;
  #marksVersion = 0;
  #group = 1;
  #drawnVersion = -1;
  #drawnLots = 0;
  #drawnVolume = 0;
  #away = '';
  #flashRow = -1;
  #flashUntilMs = 0;
  #restless = 0;

  constructor(canvas: HTMLCanvasElement, live: LiveMarket, grid: Grid) {
    this.surface = new Surface(canvas);
    this.#live = live;
    this.#grid = grid;
    this.#pen = new LadderPen(grid);
    this.#isStill = globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches ?? false;
  }

  setMarks(marks: LadderMarks): void {
    if (marks === this.#marks) return;
    this.#marks = marks;
    this.#marksVersion += 1;
  }

  setGroup(group: number): void {
    this.#group = group;
    this.view.reshape(group, this.view.scale.rows);
  }

  recentre(): void {
    const middle = this.middle();
    if (middle !== null) this.view.recentre(middle);
  }

  /** Between best bid and ask in ticks; null while the book may not be believed. */
  middle(): number | null {
    const { book } = this.#live;
    const { index } = this.#grid;
    if (!book.isValid(index)) return null;
    const bid = book.field(index, FrameInstrument.BidTicks);
    return (bid + book.field(index, FrameInstrument.AskTicks)) / 2;
  }

  /** Best price of a side in ticks, buy or sell; null while the book may not be believed. */
  best(side: 1 | -1): number | null {
    const { book } = this.#live;
    if (!book.isValid(this.#grid.index)) return null;
    const field = side > 0 ? FrameInstrument.BidTicks : FrameInstrument.AskTicks;
    return book.field(this.#grid.index, field);
  }

  version(): number {
    if (this.#flashUntilMs > 0) this.#restless += 1;
    const { book, tape } = this.#live;
    return (
      book.version +
      tape.of(this.#grid.index).version +
      this.#fullVersion() +
      this.#restless +
      (book.version === 0 ? 0.5 : 0)
    );
  }

  /** Moves when every row must be drawn again. */
  #fullVersion(): number {
    return this.surface.version + colours.version + this.view.version + this.#marksVersion;
  }

  paint(nowMs: number): void {
    const context = this.surface.begin();
    if (context === null) return;
    this.#update(nowMs);
    const isFull = this.#takeFull();
    this.#pen.begin(context, this.surface, columnsFor(this.surface.width));
    if (isFull) this.#pen.clear();
    const { rows } = this;
    for (let row = 0; row < rows.count; row++) {
      if (this.#hasChanged(row, nowMs) || isFull) this.#paintRow(row, nowMs);
    }
    const { scale } = this.view;
    this.shown.topTicks = scale.topTicks;
    this.shown.group = scale.group;
    this.shown.rows = rows.count;
  }

  /** True when what is on the canvas is of no use: it moved, or its bars have another scale. */
  #takeFull(): boolean {
    const { fullLots, fullVolume } = this.rows;
    const version = this.#fullVersion();
    const isSame =
      version === this.#drawnVersion &&
      fullLots === this.#drawnLots &&
      fullVolume === this.#drawnVolume;
    this.#drawnVersion = version;
    this.#drawnLots = fullLots;
    this.#drawnVolume = fullVolume;
    if (!isSame) this.#tellRows();
    return !isSame;
  }

  /** Says on which side the market left the rows, while they may not follow it. */
  #tellAway(middle: number | null): void {
    const { scale } = this.view;
    const position = middle === null ? 0 : scale.position(middle);
    const away = position < 0 ? 'above' : position > scale.rows ? 'below' : '';
    if (away === this.#away) return;
    this.#away = away;
    this.surface.canvas.dataset['away'] = away;
  }

  /** Which prices the rows stand for, for programs that read the screen. */
  #tellRows(): void {
    const { dataset } = this.surface.canvas;
    dataset['topTicks'] = String(this.view.scale.topTicks);
    dataset['group'] = String(this.view.scale.group);
  }

  #update(nowMs: number): void {
    const { view, rows } = this;
    const { book, tape } = this.#live;
    const { index } = this.#grid;
    const count = Math.min(ROWS_MAX, Math.max(0, Math.floor(this.surface.height / ROW_HEIGHT)));
    view.reshape(this.#group, count);
    if (book.version === 0) view.reset();
    const middle = this.middle();
    if (middle !== null) view.follow(middle);
    this.#tellAway(middle);
    rows.clear(view.hasPrices ? count : 0);
    const at = book.ladderOffset(index);
    if (at >= 0 && middle !== null) fillBook(rows, book.frame, at, view.scale);
    const trades = tape.of(index);
    fillVolume(rows, trades, view.scale);
    this.#updateFlash(trades.lastAtMs, trades.lastTicks, trades.lastSide, nowMs);
    this.#updateMarked();
  }

  #updateFlash(atMs: number, ticks: number, side: number, nowMs: number): void {
    const until = atMs + FLASH_MS;
    this.#flashUntilMs = this.#isStill || until < nowMs ? 0 : until;
    const { scale } = this.view;
    this.#flashRow = side > 0 ? scale.askRow(ticks) : scale.bidRow(ticks);
  }

  #updateMarked(): void {
    const { scale } = this.view;
    this.#marked.fill(0);
    for (const { ticks } of this.#marks.bands) {
      const row = Math.round(scale.position(ticks));
      if (scale.has(row)) this.#marked[row] = 1;
    }
    for (const { ticks, side } of this.#marks.orders) {
      const row = side > 0 ? scale.bidRow(ticks) : scale.askRow(ticks);
      if (scale.has(row)) this.#marked[row] = 1;
    }
  }

  #flashOf(row: number, nowMs: number): number {
    if (row !== this.#flashRow || this.#flashUntilMs === 0) return 0;
    const left = (this.#flashUntilMs - nowMs) / FLASH_MS;
    return Math.max(0, Math.min(1, left)) * (this.#live.tape.of(this.#grid.index).lastSide || 1);
  }

  /** Compares a row with what is on the canvas, and remembers it. */
  #hasChanged(row: number, nowMs: number): boolean {
    const { rows } = this;
    const drawn = this.#drawn;
    const at = row * 4;
    const bid = rows.bidLots[row] ?? 0;
    const ask = rows.askLots[row] ?? 0;
    const volume = rows.volumeLots[row] ?? 0;
    const isBest = (row === rows.bestBidRow ? 8 : 0) + (row === rows.bestAskRow ? 16 : 0);
    const other = this.#flashOf(row, nowMs) + isBest + this.#wallBits(row);
    const isSame =
      drawn[at] === bid &&
      drawn[at + 1] === ask &&
      drawn[at + 2] === volume &&
      drawn[at + 3] === other;
    if (isSame) return false;
    drawn[at] = bid;
    drawn[at + 1] = ask;
    drawn[at + 2] = volume;
    drawn[at + 3] = other;
    return true;
  }

  #wallBits(row: number): number {
    const { rows } = this;
    const bidWall = (rows.bidLots[row] ?? 0) > rows.bidWallLots ? 32 : 0;
    return bidWall + ((rows.askLots[row] ?? 0) > rows.askWallLots ? 64 : 0);
  }

  #paintRow(row: number, nowMs: number): void {
    const ink = this.#ink;
    ink.row = row;
    ink.ticks = this.view.scale.ticksAt(row);
    ink.flash = this.#flashOf(row, nowMs);
    ink.isMarked = this.#marked[row] === 1;
    this.#pen.row(ink, this.rows, this.#group);
    if (ink.isMarked) this.#pen.marks(row, this.#marks, this.view.scale, this.rows);
    const { cursorTicks } = this.view;
    if (cursorTicks !== null && this.view.scale.bidRow(cursorTicks) === row) this.#pen.cursor(row);
  }

  dispose(): void {
    this.surface.dispose();
  }
}
