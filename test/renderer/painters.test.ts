/**
 * painters.test: what painters draw, how little of it they draw again, and when the frame loop asks
 * them.
 */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ROW_HEIGHT } from '../../renderer/canvas/price-scale.ts';
import { Surface } from '../../renderer/canvas/surface.ts';
import { Grid } from '../../renderer/format/grid.ts';
import { FrameLoop } from '../../renderer/frame/frame-loop.ts';
import { createFrameMemory, FrameWriter } from '../../renderer/live/frame-memory.ts';
import { LiveMarket } from '../../renderer/live/live-market.ts';
import { ImbalancePainter } from '../../renderer/panels/imbalance/imbalance-painter.ts';
import { ROW_HEIGHT as IMBALANCE_ROW } from '../../renderer/panels/imbalance/imbalance-rows.ts';
import { ladderMarks } from '../../renderer/panels/ladder/ladder-marks.ts';
import { FLASH_MS, LadderPainter } from '../../renderer/panels/ladder/ladder-painter.ts';
import { SignalsPainter } from '../../renderer/panels/signals/signals-painter.ts';
import type { FakeMarket } from '../support/fake-market.ts';
import { recordingCanvas, type RecordingCanvas } from './support/recorder.ts';
import { sampleFrame, sampleMarket, sampleStatus } from './support/samples.ts';

const WIDTH = 290;
const ROWS = 40;

interface Scene {
  readonly market: FakeMarket;
  readonly live: LiveMarket;
  readonly writer: FrameWriter;
  readonly paper: RecordingCanvas;
  readonly painter: LadderPainter;
  readonly grid: Grid;
}

afterEach(() => vi.unstubAllGlobals());

function scene(): Scene {
  const memory = createFrameMemory();
  const live = new LiveMarket(memory);
  const writer = new FrameWriter(memory);
  const market = sampleMarket();
  const [spec] = sampleStatus().instruments;
  if (spec === undefined) throw new Error('the sample has instruments');
  const grid = new Grid(spec);
  const paper = recordingCanvas();
  const painter = new LadderPainter(paper.canvas, live, grid);
  painter.surface.resize(WIDTH, ROWS * ROW_HEIGHT, WIDTH, ROWS * ROW_HEIGHT);
  writer.write(sampleFrame(market));
  live.refresh(1000);
  painter.paint(2000);
  return { market, live, writer, paper, painter, grid };
}

/** Prices that were drawn, by row. */
function drawnPrices({ paper }: Scene): Map<number, string> {
  const prices = new Map<number, string>();
  for (const { text, x, y } of paper.drawn.texts) {
    if (x > 112 && x < 194) prices.set(Math.floor(y / ROW_HEIGHT), text);
  }
  return prices;
}

describe('the ladder painter', () => {
  it('draws every row once, prices falling by one tick', () => {
    const stage = scene();
    const { market, grid } = stage;
    const prices = drawnPrices(stage);
    expect(prices.size).toBe(ROWS);
    const top = stage.painter.view.scale.topTicks;
    for (const [row, text] of prices) expect(text).toBe(grid.price(top - row));
    const best = top - (market.books[0]?.bidTicks ?? 0);
    expect(stage.painter.rows.bestBidRow).toBe(best);
  });

  it('draws nothing again when nothing changed, and one row when one level did', () => {
    const stage = scene();
    const { market, live, writer, paper, painter } = stage;
    paper.forget();
    writer.write(sampleFrame(market, { sequence: 2 }));
    live.refresh(1001);
    painter.paint(2001);
    expect(paper.drawn.texts).toEqual([]);

    const book = market.book('BTCUSDT');
    const lotsAt = book.lotsAt.bind(book);
    const changedTicks = book.bidTicks - 3;
    book.lotsAt = (ticks) => lotsAt(ticks) + (ticks === changedTicks ? 1 : 0);
    writer.write(sampleFrame(market, { sequence: 3 }));
    live.refresh(1002);
    painter.paint(2002);
    const row = painter.view.scale.bidRow(changedTicks);
    expect([...drawnPrices(stage).keys()]).toEqual([row]);
  });

  it('lights the row of the last trade, fading, for a moment', () => {
    const stage = scene();
    const { market, live, writer, paper, painter } = stage;
    const ticks = market.books[0]?.askTicks ?? 0;
    const trades = [{ instrument: 0, ticks, lots: 1, side: 1, timeNs: 1 }];
    writer.write(sampleFrame(market, { trades }));
    live.refresh(3000);
    painter.paint(3000);
    paper.forget();
    const before = painter.version();
    expect(painter.version()).not.toBe(before);
    painter.paint(3000 + FLASH_MS / 2);
    expect([...drawnPrices(stage).keys()]).toEqual([painter.rows.bestAskRow]);
    painter.paint(3000 + FLASH_MS + 1);
    paper.forget();
    painter.paint(3000 + FLASH_MS + 20);
    expect(paper.drawn.texts).toEqual([]);
    const after = painter.version();
    expect(painter.version()).toBe(after);
  });

  it('has no light where motion is not wanted', () => {
    vi.stubGlobal('matchMedia', () => ({ matches: true }));
    const { market, live, writer, painter } = scene();
    const ticks = market.books[0]?.askTicks ?? 0;
    const trades = [{ instrument: 0, ticks, lots: 1, side: 1, timeNs: 1 }];
    writer.write(sampleFrame(market, { trades }));
    live.refresh(3000);
    painter.paint(3000);
    const before = painter.version();
    expect(painter.version()).toBe(before);
  });

  it('writes the bands of a scalp into its rows, and takes them away again', () => {
    const stage = scene();
    const { paper, painter, grid } = stage;
    const status = sampleStatus();
    const marks = ladderMarks(status.scalps, status.orders, grid);
    painter.setMarks(marks);
    paper.forget();
    painter.paint(2001);
    const texts = paper.drawn.texts.map(({ text }) => text);
    const { scale } = painter.view;
    const visible = marks.bands.filter(({ ticks }) => scale.has(scale.position(ticks)));
    expect(visible.length).toBeGreaterThan(2);
    for (const { text } of visible) expect(texts).toContain(text);
    expect(texts).toContain('.134');
    painter.setMarks({ bands: [], orders: [] });
    paper.forget();
    painter.paint(2002);
    expect(paper.drawn.texts.map(({ text }) => text)).not.toContain('STOP');
  });

  it('shows no size of a book that may not be believed', () => {
    const stage = scene();
    const { market, live, writer, paper, painter } = stage;
    writer.write(sampleFrame(market, { stale: new Set([0]) }));
    live.refresh(1001);
    paper.forget();
    painter.paint(2001);
    expect(Math.max(...painter.rows.bidLots, ...painter.rows.askLots)).toBe(0);
    const bids = paper.drawn.texts.filter(({ x }) => x > 46 && x < 112);
    expect(bids).toEqual([]);
  });

  it('tells where the market went when its rows may not follow', () => {
    const stage = scene();
    const { market, live, writer, paper, painter } = stage;
    painter.view.isPointerInside = true;
    market.book('BTCUSDT').shift(500);
    writer.write(sampleFrame(market));
    live.refresh(1001);
    painter.paint(2001);
    expect(paper.canvas.dataset['away']).toBe('above');
    painter.recentre();
    painter.paint(2002);
    expect(paper.canvas.dataset['away']).toBe('');
  });

  it('has nothing to show before the first frame and survives a canvas without a context', () => {
    const live = new LiveMarket(createFrameMemory());
    const [spec] = sampleStatus().instruments;
    const paper = recordingCanvas();
    const painter = new LadderPainter(paper.canvas, live, new Grid(spec!));
    painter.surface.resize(WIDTH, 180, WIDTH, 180);
    painter.paint(0);
    expect(paper.drawn.texts).toEqual([]);
    const bare = new LadderPainter(document.createElement('canvas'), live, new Grid(spec!));
    expect(() => bare.paint(0)).not.toThrow();
  });
});

describe('the imbalance painter', () => {
  it('draws a row an instrument, and the strip only with a new sample', () => {
    const { market, live, writer } = scene();
    const paper = recordingCanvas();
    const painter = new ImbalancePainter(paper.canvas, live);
    painter.setGrids(sampleStatus().instruments.map((spec) => new Grid(spec)));
    painter.surface.resize(900, 190, 900, 190);
    painter.paint();
    const names = paper.drawn.texts.filter(({ x }) => x === 26);
    expect(names.map(({ text }) => text)).toEqual([
      ...['BTC', 'ETH', 'SOL', 'XRP', 'LINK', 'DOGE', 'AVAX', 'ADA'],
    ]);
    expect(names.map(({ y }) => Math.floor(y / IMBALANCE_ROW))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    paper.forget();
    writer.write(sampleFrame(market, { nowNs: 1e9 + 1 }));
    live.refresh(1001);
    painter.paint();
    expect(paper.drawn.boxes.every(({ x }) => x < 400)).toBe(true);
    writer.write(sampleFrame(market, { nowNs: 2e9 }));
    live.refresh(1002);
    painter.paint();
    expect(paper.drawn.boxes.some(({ x }) => x > 400)).toBe(true);
  });
});

describe('the signals painter', () => {
  it('writes eight bars at most ten times a second, and the last ones too', () => {
    const { market, live, writer } = scene();
    const root = document.createElement('div');
    root.innerHTML =
      '<div><span class="bar"><i></i></span><span class="gauge__figure"></span></div>'.repeat(8);
    const painter = new SignalsPainter(root, live, 0);
    painter.paint(200);
    const first = root.textContent;
    expect(root.querySelectorAll('.bar__up, .bar__down')).toHaveLength(8);
    market.book('BTCUSDT').lean = -0.9;
    writer.write(sampleFrame(market));
    live.refresh(210);
    const before = painter.version();
    painter.paint(210);
    expect(root.textContent).toBe(first);
    expect(painter.version()).not.toBe(before);
    painter.paint(310);
    expect(root.textContent).toMatch(/−/);
  });
});

describe('the frame loop', () => {
  it('paints only whose version moved, after the market is refreshed', () => {
    const loop = new FrameLoop();
    const order: string[] = [];
    let version = 1;
    vi.stubGlobal('requestAnimationFrame', () => 0);
    vi.stubGlobal('cancelAnimationFrame', () => {});
    const stop = loop.start(() => order.push('refresh'));
    const remove = loop.add({ version: () => version, paint: () => order.push('paint') });
    loop.runFrame(16);
    loop.runFrame(32);
    version = 2;
    loop.runFrame(48);
    expect(order).toEqual(['refresh', 'paint', 'refresh', 'refresh', 'paint']);
    remove();
    version = 3;
    loop.runFrame(64);
    expect(order.at(-1)).toBe('refresh');
    expect(loop.times.count).toBe(4);
    expect(loop.times.gap(0.5)).toBe(16);
    expect(loop.times.cost(0.99)).toBeGreaterThanOrEqual(0);
    stop();
  });
});

describe('a surface', () => {
  it('has a pixel for every pixel of the screen', () => {
    const { canvas } = recordingCanvas();
    const surface = new Surface(canvas);
    expect(surface.begin()).toBeNull();
    const { version } = surface;
    surface.resize(100.5, 50, 151, 75);
    expect([canvas.width, canvas.height, canvas.style.width]).toEqual([151, 75, '100.5px']);
    expect(surface.version).toBeGreaterThan(version);
    expect(surface.snap(1) * surface.scale).toBeCloseTo(2, 6);
    surface.resize(0, 0, 0, 0);
    expect(surface.width).toBe(100.5);
    expect(surface.begin()).not.toBeNull();
  });
});
