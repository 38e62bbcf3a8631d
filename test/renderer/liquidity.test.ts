/**
 * liquidity.test: the memory of the heatmap (ring, gaps, trades), where prices and times lie, the
 * scale of colours, and how little is drawn anew.
 */
import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../engine/base/random.ts';
import { heatRamp } from '../../renderer/canvas/heat-ramp.ts';
import { Grid } from '../../renderer/format/grid.ts';
import { createFrameMemory, FrameWriter } from '../../renderer/live/frame-memory.ts';
import { COLUMN_MS, COLUMNS } from '../../renderer/live/liquidity-history.ts';
import { LiveMarket } from '../../renderer/live/live-market.ts';
import { SizeQuantiles, wholeStep } from '../../renderer/live/size-quantiles.ts';
import { LiquidityPainter, PAINT_MS } from '../../renderer/panels/liquidity/liquidity-painter.ts';
import {
  bubbleFloor,
  bubbleRadius,
  HeatScale,
  priceStep,
  spanText,
  timeStep,
} from '../../renderer/panels/liquidity/liquidity-rows.ts';
import { LiquidityView } from '../../renderer/panels/liquidity/liquidity-view.ts';
import { watchedSymbols } from '../../renderer/stores/watch-store.ts';
import type { FakeTrade } from '../support/fake-market.ts';
import { recordingCanvas } from './support/recorder.ts';
import { NOW_MS, sampleFrame, sampleMarket, sampleStatus } from './support/samples.ts';

const START = Math.ceil(NOW_MS / COLUMN_MS) * COLUMN_MS;
const FIRST = START / COLUMN_MS;

function scene() {
  const memory = createFrameMemory();
  const live = new LiveMarket(memory);
  const writer = new FrameWriter(memory);
  const market = sampleMarket();
  let traded = 0;
  /** A frame `atMs` after the start. */
  const frame = (atMs: number, stale: readonly number[] = [], trades: FakeTrade[] = []): void => {
    traded += trades.length;
    writer.write(
      sampleFrame(market, {
        wallMs: START + atMs,
        nowNs: 1e9 + atMs * 1e6,
        stale: new Set(stale),
        trades,
        tradesTotal: traded,
      }),
    );
    live.refresh(atMs);
  };
  const history = () => live.liquidity.of(0)!;
  return { live, writer, market, frame, history };
}

function trade(side: number, lots: number): FakeTrade {
  return { instrument: 0, ticks: 500 + lots, lots, side, timeNs: 1e9 };
}

function view(): LiquidityView {
  const made = new LiquidityView();
  made.resize(900, 562);
  made.follow(64_000, false);
  return made;
}

function painted() {
  const stage = scene();
  const grid = new Grid(sampleStatus().instruments[0]!);
  const paper = recordingCanvas();
  const painter = new LiquidityPainter(paper.canvas, stage.live, grid);
  painter.surface.resize(900, 562, 900, 562);
  return { ...stage, grid, paper, painter };
}

describe('the past of the book', () => {
  it('is kept for the ladders that are watched, and for no others', () => {
    const { live, frame } = scene();
    frame(0);
    expect(live.liquidity.of(0)).not.toBeNull();
    expect(live.liquidity.of(1)).not.toBeNull();
    expect(live.liquidity.of(2)).toBeNull();
  });

  it('has one column each COLUMN_MS, with the sizes at their prices', () => {
    const { market, frame, history } = scene();
    for (let ms = 0; ms < 4 * COLUMN_MS; ms += 20) frame(ms);
    expect(history().newest).toBe(FIRST + 3);
    expect(history().oldest).toBe(FIRST);
    const [book] = market.books;
    for (const distance of [0, 3, 40]) {
      const ticks = book!.bidTicks - distance;
      expect(history().largest(FIRST + 2, ticks, 1)).toBe(Math.fround(book!.lotsAt(ticks)));
    }
    expect(history().largest(FIRST + 2, book!.bidTicks + 1, book!.spreadTicks - 1)).toBe(0);
    expect(history().bidAt(FIRST + 2)).toBe(book!.bidTicks);
    expect(history().imbalanceAt(FIRST + 2)).toBeCloseTo(book!.meanImbalance(), 5);
  });

  it('leaves a gap where no frame came, or none that could be believed', () => {
    const { frame, history } = scene();
    frame(0);
    frame(COLUMN_MS, [0]);
    frame(5 * COLUMN_MS);
    const known = [0, 1, 2, 3, 4, 5].map((i) => history().isKnown(FIRST + i));
    expect(known).toEqual([true, false, false, false, false, true]);
    expect(history().imbalanceAt(FIRST + 2)).toBeNaN();
    expect(history().largest(FIRST + 2, 0, 1e6)).toBe(0);
    expect(history().fillSteps(FIRST + 2, 1, 1, new Uint8Array(4))).toBe(false);
  });

  it('holds a sample for one column that is late, and not over a book that was not valid', () => {
    const { market, frame, history } = scene();
    frame(0);
    const before = market.books[0]!.bidTicks;
    market.books[0]!.shift(9);
    frame(2 * COLUMN_MS);
    expect(history().bidAt(FIRST + 1)).toBe(before);
    expect(history().bidAt(FIRST + 2)).toBe(before + 9);
    expect(history().largest(FIRST + 1, before, 1)).toBe(history().largest(FIRST, before, 1));
    frame(3 * COLUMN_MS, [0]);
    frame(4 * COLUMN_MS);
    expect(history().isKnown(FIRST + 3)).toBe(false);
    frame(7 * COLUMN_MS);
    expect(history().isKnown(FIRST + 5)).toBe(false);
  });

  it('outlives a reconnect as a gap, and not another session', () => {
    const { live, writer, frame, history } = scene();
    frame(0);
    writer.restart();
    live.refresh(1);
    frame(10 * COLUMN_MS);
    expect(history().oldest).toBe(FIRST);
    expect(history().isKnown(FIRST + 5)).toBe(false);
    live.forgetPast();
    expect(history().newest).toBe(-1);
    frame(11 * COLUMN_MS);
    expect(history().oldest).toBe(FIRST + 11);
  });

  it('knows how far the market went of late, gaps left out', () => {
    const { market, frame, history } = scene();
    frame(0);
    const [book] = market.books;
    const spread = book!.spreadTicks;
    book!.shift(30);
    frame(5 * COLUMN_MS);
    book!.shift(-10);
    frame(9 * COLUMN_MS);
    expect(history().wayOf(100)).toBe(30 + spread);
    expect(history().wayOf(6)).toBe(10 + spread);
    expect(history().wayOf(1)).toBe(spread);
    history().clear();
    expect(history().wayOf(100)).toBe(0);
  });

  it('is a ring: what is older than it holds is gone, and never shown as something else', () => {
    const { frame, history } = scene();
    for (let i = 36; i < 44; i++) frame(i * COLUMN_MS);
    for (let i = COLUMNS + 36; i < COLUMNS + 40; i++) frame(i * COLUMN_MS);
    expect(history().oldest).toBe(FIRST + 40);
    const known = [38, 39, 40, 43, 44].map((i) => history().isKnown(FIRST + i));
    expect(known).toEqual([false, false, true, true, false]);
    frame(4 * COLUMNS * COLUMN_MS);
    const { newest } = history();
    expect(history().isKnown(newest)).toBe(true);
    for (const back of [1, 7, COLUMNS - 1]) expect(history().isKnown(newest - back)).toBe(false);
  });

  it('begins again when the clock goes back', () => {
    const { frame, history } = scene();
    frame(100 * COLUMN_MS);
    frame(10 * COLUMN_MS);
    expect(history().oldest).toBe(FIRST + 10);
    expect(history().newest).toBe(FIRST + 10);
  });

  it('keeps trades once, at their own time, with their side', () => {
    const { live, writer, frame, history } = scene();
    frame(0);
    frame(400, [], [trade(1, 5), trade(-1, 7)]);
    expect(history().trades).toBe(2);
    expect(history().tradeLots(0)).toBe(-7);
    expect(history().tradeLots(1)).toBe(5);
    expect(history().tradeTicks(1)).toBe(505);
    expect(history().tradeMs(0)).toBe(START);
    expect(history().usualLots).toBe(6);
    // A new connection tells the newest trades again.
    writer.restart();
    live.refresh(500);
    writer.write(
      sampleFrame(sampleMarket(), { trades: [trade(1, 5), trade(-1, 7)], tradesTotal: 2 }),
    );
    live.refresh(600);
    expect(history().trades).toBe(2);
  });
});

describe('how large sizes usually are', () => {
  it('follows the quantiles of a sorted list, to a step', () => {
    const random = new SeededRandom(3);
    const sizes = new SizeQuantiles();
    const list = Array.from({ length: 4000 }, () => Math.ceil(2 ** (random.next() * 12)));
    for (const lots of list) sizes.add(lots);
    const sorted = list.toSorted((a, b) => a - b);
    for (const share of [0.1, 0.5, 0.9, 0.99]) {
      const exact = wholeStep(sorted[Math.floor(share * sorted.length)]!);
      expect(Math.abs(sizes.step(share) - exact)).toBeLessThanOrEqual(1);
    }
  });

  it('forgets slowly, and keeps its weights finite', () => {
    const sizes = new SizeQuantiles();
    for (let i = 0; i < 20_000; i++) {
      sizes.fade();
      sizes.add(i < 15_000 ? 10 : 1000);
    }
    expect(sizes.step(0.5)).toBe(wholeStep(1000));
    expect(sizes.step(0.01)).toBe(wholeStep(1000));
  });
});

describe('the scale of colours', () => {
  it('climbs in lightness all the way and ends at the wall', () => {
    const ramp = heatRamp(['#0c1119', '#12283f', '#1c4a72', '#3f8d9c', '#f7c64f'], 256);
    const light = [...ramp].map((pixel) => {
      return 0.21 * (pixel & 255) + 0.72 * ((pixel >> 8) & 255) + 0.07 * ((pixel >> 16) & 255);
    });
    for (let i = 1; i < 256; i++) expect(light[i]!).toBeGreaterThanOrEqual(light[i - 1]! - 0.5);
    expect(ramp[255]).toBe(0xff4fc6f7);
    expect(ramp[0]).toBe(0xff19110c);
  });

  it('moves in steps only, and shows a wall in the last colour', () => {
    const sizes = new SizeQuantiles();
    for (let lots = 1; lots <= 1000; lots++) sizes.add(lots);
    const scale = new HeatScale();
    scale.update(sizes);
    const { version, wall } = scale;
    sizes.add(5000);
    scale.update(sizes);
    expect(scale.version).toBe(version);
    const ramp = Uint32Array.from({ length: 256 }, (_, i) => i);
    const pixels = scale.pixels(ramp);
    expect(pixels[0]).toBe(0);
    expect(pixels[1 + wall]).toBe(255);
    expect(pixels[1 + scale.low]).toBeLessThan(16);
    for (let i = 2; i < 256; i++) expect(pixels[i]!).toBeGreaterThanOrEqual(pixels[i - 1]!);
  });
});

describe('where things lie', () => {
  it('prices: a row’s middle is its price, and back', () => {
    const made = view();
    for (const group of [0, 0, 0, 0, 0]) {
      made.zoomPrices(-1 - group);
      const y = made.yOf(64_003);
      const low = made.rowTicksAt(y);
      expect(low).toBeLessThanOrEqual(64_003);
      expect(low + made.group).toBeGreaterThan(64_003);
      expect(made.ticksAt(made.yOf(64_003))).toBeCloseTo(64_003, 6);
    }
  });

  it('times: a column is found where it is drawn, scrolled or not', () => {
    const made = view();
    for (const back of [0, 37]) {
      made.back = back;
      for (const column of [1000, 960, 900]) {
        const x = made.xOf(column, 1000);
        expect(made.columnAt(x + 0.5, 1000)).toBe(column);
        expect(made.xOfMs(column * COLUMN_MS, 1000)).toBeCloseTo(x, 6);
      }
    }
    made.back = 0;
    expect(made.xOf(1001, 1000)).toBe(made.plotRight);
  });

  it('follows the market near an edge; not when held; pointed at, only beyond it', () => {
    const made = view();
    const top = made.topTicks;
    made.follow(64_005, false);
    expect(made.topTicks).toBe(top);
    made.follow(top - 3, true);
    expect(made.topTicks).toBe(top);
    made.follow(top - 3, false);
    expect(made.yOf(top - 3) / made.plotHeight).toBeCloseTo(0.5, 1);
    made.scrollPrices(10);
    const held = made.topTicks;
    made.follow(50_000, false);
    expect(made.topTicks).toBe(held);
    made.recentre(50_000);
    expect(made.yOf(50_000) / made.plotHeight).toBeCloseTo(0.5, 1);
  });

  it('takes the zoom in which the last minute has room, and keeps it while it is right', () => {
    const made = view();
    const room = (): number => made.rows * made.group;
    const start = room();
    made.follow(64_000, false, start / 3);
    expect(room()).toBe(start);
    made.follow(64_000, false, start);
    expect(start / room()).toBeLessThanOrEqual(0.4);
    const far = room();
    made.follow(64_000, false, start / 2);
    expect(room()).toBe(far);
    made.follow(64_000, true, 0);
    expect(room()).toBe(far);
    made.follow(64_000, false, 0);
    expect(room()).toBe(start);
  });

  it('leaves a zoom that a person chose until the market is brought back', () => {
    const made = view();
    made.zoomPrices(2);
    const near = made.rowHeight;
    made.follow(64_000, false, 2000);
    expect([made.group, made.rowHeight]).toEqual([1, near]);
    made.recentre(64_000);
    made.follow(64_000, false, 2000);
    expect(made.group).toBeGreaterThan(1);
  });

  it('scrolls back no further than there is something', () => {
    const made = view();
    made.scrollTime(1e9, 300);
    expect(made.back).toBe(280);
    made.scrollTime(-1e9, 300);
    expect(made.back).toBe(0);
    made.scrollTime(5, 0);
    expect(made.back).toBe(0);
  });

  it('axis steps are 1, 2, 5 and whole times', () => {
    expect([0.4, 1, 3, 7, 60, 200.1].map(priceStep)).toEqual([1, 1, 5, 10, 100, 500]);
    expect([0.5, 7, 61, 9999].map(timeStep)).toEqual([1, 10, 120, 600]);
    expect([45_000, 180_000, 270_000].map(spanText)).toEqual(['45 s', '3 min', '4.5 min']);
  });

  it('bubbles: area goes with size, and the filter with the usual trade', () => {
    expect(bubbleRadius(400, 100)).toBeCloseTo(2 * bubbleRadius(100, 100), 6);
    expect(bubbleRadius(1e9, 1)).toBe(15);
    expect(bubbleFloor('all', 50)).toBe(0);
    expect(bubbleFloor('large', 50)).toBe(300);
    expect(bubbleFloor('none', 50)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('which ladders are asked for', () => {
  it('each once, the two ladders first, no more than the engine sends', () => {
    expect(watchedSymbols(['A', 'B'], { liquidity: 'A' })).toEqual(['A', 'B']);
    expect(watchedSymbols(['A', ''], { liquidity: 'C' })).toEqual(['A', 'C']);
    const wanted = { one: 'C', two: 'D', three: 'E' };
    expect(watchedSymbols(['A', 'B'], wanted)).toEqual(['A', 'B', 'C', 'D']);
  });
});

describe('the painter of the heatmap', () => {
  it('writes prices of the market on its axis and names the strip', () => {
    const { painter, paper, frame, market, grid } = painted();
    frame(0);
    painter.paint(0);
    const texts = paper.drawn.texts.map(({ text }) => text);
    expect(texts).toContain('IMBALANCE, 5 LEVELS');
    const { bidTicks } = market.books[0]!;
    const nearest = Math.round(bidTicks / 10) * 10;
    expect(texts).toContain(grid.price(nearest + 10));
    expect(texts).not.toContain(grid.price(nearest));
  });

  it('asks to be painted for a new column or trade and not otherwise', () => {
    const { painter, frame } = painted();
    frame(0);
    painter.paint(0);
    const before = painter.version();
    frame(20);
    frame(40);
    expect(painter.version()).toBe(before);
    frame(COLUMN_MS);
    expect(painter.version()).not.toBe(before);
  });

  it('draws trades that come close together at once, and none too late', () => {
    const { painter, paper, frame } = painted();
    frame(0);
    painter.paint(1000);
    frame(5, [], [trade(1, 5)]);
    paper.forget();
    const asked = painter.version();
    painter.paint(1000 + PAINT_MS / 2);
    expect(paper.drawn.texts.length).toBe(0);
    expect(painter.version()).not.toBe(asked);
    painter.paint(1000 + PAINT_MS);
    expect(paper.drawn.texts.length).toBeGreaterThan(0);
    const drawn = painter.version();
    expect(painter.version()).toBe(drawn);
  });

  it('draws everything again only when prices or colours move', () => {
    const { painter, frame } = painted();
    for (let i = 0; i < 30; i++) {
      frame(i * COLUMN_MS);
      painter.paint(i * COLUMN_MS);
    }
    const { rebuilds } = painter.store;
    expect(rebuilds).toBeLessThan(4);
    painter.view.scrollTime(5, 30);
    painter.paint(1);
    expect(painter.store.rebuilds).toBe(rebuilds);
    painter.view.scrollPrices(5);
    painter.paint(2);
    expect(painter.store.rebuilds).toBe(rebuilds + 1);
  });
});
