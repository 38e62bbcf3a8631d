/**
 * ladder.test: ladder rows as data, the rule about the pointer, marks, and what the painter
 * repaints.
 */
import { describe, expect, it } from 'vitest';
import { FrameLadder, LADDER_DOUBLES } from '../../engine/contract/frames.ts';
import { ROW_HEIGHT, PriceScale } from '../../renderer/canvas/price-scale.ts';
import { pointIn, rowAt } from '../../renderer/canvas/hit-test.ts';
import { TextCache } from '../../renderer/canvas/text-cache.ts';
import { Grid } from '../../renderer/format/grid.ts';
import { TradeMemory } from '../../renderer/live/tape-view.ts';
import { ladderMarks, shortSize } from '../../renderer/panels/ladder/ladder-marks.ts';
import {
  fillBook,
  fillVolume,
  LadderRows,
  steppedFull,
} from '../../renderer/panels/ladder/ladder-rows.ts';
import { LadderView } from '../../renderer/panels/ladder/ladder-view.ts';
import { sampleStatus } from './support/samples.ts';

type Level = readonly [ticks: number, lots: number];

function ladderBlock(bids: readonly Level[], asks: readonly Level[]): Float64Array {
  const block = new Float64Array(LADDER_DOUBLES);
  block[FrameLadder.BidCount] = bids.length;
  block[FrameLadder.AskCount] = asks.length;
  bids.forEach((level, i) => block.set(level, FrameLadder.Bids + 2 * i));
  asks.forEach((level, i) => block.set(level, FrameLadder.Asks + 2 * i));
  return block;
}

function scaleOf(group: number, rows: number, top: number): PriceScale {
  const scale = new PriceScale();
  scale.group = group;
  scale.rows = rows;
  scale.topTicks = top;
  return scale;
}

function filled(block: Float64Array, scale: PriceScale): LadderRows {
  const rows = new LadderRows();
  rows.clear(scale.rows);
  fillBook(rows, block, 0, scale);
  return rows;
}

const BIDS: readonly Level[] = [
  [100, 7],
  [99, 3],
  [95, 11],
];
const ASKS: readonly Level[] = [
  [102, 4],
  [103, 6],
  [108, 9],
];

function sum(lots: Float64Array): number {
  return lots.reduce((total, value) => total + value, 0);
}

describe('rows of a ladder', () => {
  it('put each level at its price', () => {
    const rows = filled(ladderBlock(BIDS, ASKS), scaleOf(1, 12, 106));
    expect([...rows.askLots.subarray(0, 12)]).toEqual([0, 0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 0]);
    expect([...rows.bidLots.subarray(0, 12)]).toEqual([0, 0, 0, 0, 0, 0, 7, 3, 0, 0, 0, 11]);
    expect([rows.bestAskRow, rows.bestBidRow]).toEqual([4, 6]);
  });

  it('group bids downwards and asks upwards: never better than it is', () => {
    const scale = scaleOf(5, 4, 110);
    const rows = filled(ladderBlock(BIDS, ASKS), scale);
    expect(scale.ticksAt(1)).toBe(105);
    expect([...rows.askLots.subarray(0, 4)]).toEqual([9, 10, 0, 0]);
    expect([...rows.bidLots.subarray(0, 4)]).toEqual([0, 0, 7, 14]);
  });

  it('keep the lots: what is inside the window sums to what the book says', () => {
    for (const group of [1, 5, 10, 50]) {
      const scale = scaleOf(group, 200, 150 - (150 % group));
      const rows = filled(ladderBlock(BIDS, ASKS), scale);
      expect([group, sum(rows.bidLots), sum(rows.askLots)]).toEqual([group, 21, 19]);
    }
  });

  it('say where the best is even when it is off the screen', () => {
    const rows = filled(ladderBlock(BIDS, ASKS), scaleOf(1, 5, 90));
    expect(rows.bestBidRow).toBe(-10);
    expect(Math.max(...rows.bidLots)).toBe(0);
  });

  it('sum volume over the ticks of a row', () => {
    const trades = new TradeMemory();
    for (const [ticks, lots] of [...BIDS, ...ASKS]) trades.add(ticks, lots, 1, 0);
    const rows = new LadderRows();
    rows.clear(4);
    fillVolume(rows, trades, scaleOf(5, 4, 110));
    expect([...rows.volumeLots.subarray(0, 4)]).toEqual([0, 9, 17, 14]);
  });

  it('keep bars still while the largest size wanders', () => {
    const full = steppedFull(1, 100);
    expect(full).toBeGreaterThanOrEqual(100);
    expect(steppedFull(full, full)).toBe(full);
    expect(steppedFull(full, full * 0.51)).toBe(full);
    expect(steppedFull(full, full * 0.49)).toBeLessThan(full);
    expect(steppedFull(full, full * 1.01)).toBeGreaterThan(full);
    expect(steppedFull(full, 0)).toBe(full);
  });
});

function viewAt(middle: number): LadderView {
  const view = new LadderView();
  view.reshape(1, 40);
  view.follow(middle);
  return view;
}

describe('which prices a ladder shows', () => {
  it('begins with the market in the middle', () => {
    expect(viewAt(1000).scale.ticksAt(20)).toBe(1000);
  });

  it('stands still while the market stays in the middle half', () => {
    const view = viewAt(1000);
    const { version } = view;
    for (const middle of [1001, 1009, 991, 1000]) view.follow(middle);
    expect(view.version).toBe(version);
    view.follow(1011);
    expect(view.scale.ticksAt(20)).toBe(1011);
  });

  it('never moves under the pointer, wherever the market goes', () => {
    const view = viewAt(1000);
    view.isPointerInside = true;
    const { version } = view;
    for (const middle of [1100, 900, 5, 100_000]) view.follow(middle);
    expect([view.scale.ticksAt(20), view.version]).toEqual([1000, version]);
    view.isPointerInside = false;
    view.follow(1100);
    expect(view.scale.ticksAt(20)).toBe(1100);
  });

  it('comes back when asked, under the pointer too', () => {
    const view = viewAt(1000);
    view.isPointerInside = true;
    view.recentre(1200);
    expect(view.scale.ticksAt(20)).toBe(1200);
  });

  it('stays where keys scrolled it until it is recentred', () => {
    const view = viewAt(1000);
    view.scroll(30, true);
    view.follow(1000);
    expect(view.scale.ticksAt(20)).toBe(970);
    view.recentre(1000);
    expect(view.isHeld).toBe(false);
  });

  it('keeps its middle when the grouping changes', () => {
    const view = viewAt(1000);
    view.reshape(10, 40);
    expect(view.scale.ticksAt(20)).toBe(1000);
    expect(view.scale.topTicks % 10).toBe(0);
  });
});

describe('marks of scalps and orders', () => {
  const status = sampleStatus();
  const btc = status.instruments[0];
  if (btc === undefined) throw new Error('the sample has instruments');
  const grid = new Grid(btc);

  it('stand at their prices, in the words of the drawing', () => {
    const { bands } = ladderMarks(status.scalps, [], grid);
    const [scalp] = status.scalps;
    const words = bands.map(({ text }) => text);
    expect(words).toEqual(['TARGET', 'ENTRY  BE +3', 'BE', 'TRAIL', 'STOP']);
    expect(bands.map(({ ticks }) => grid.plainPrice(ticks))).toEqual([
      scalp?.target,
      scalp?.entry,
      scalp?.breakEven,
      scalp?.trail,
      scalp?.stop,
    ]);
  });

  it('are those of the instrument only', () => {
    const ada = new Grid(status.instruments[7] ?? btc);
    expect(ladderMarks(status.scalps, status.orders, ada)).toEqual({ bands: [], orders: [] });
  });

  it('show what is open of an order and how much was filled', () => {
    const { orders } = ladderMarks([], status.orders, grid);
    expect(orders.map(({ side, lots }) => [side, lots])).toEqual([
      [-1, '.28'],
      [1, '.134'],
      [1, '.134'],
    ]);
    expect(orders[0]?.filled).toBeCloseTo(1 / 3, 6);
  });

  it.each([
    [0.42, '.42'],
    [0.015, '.015'],
    [1.25, '1.3'],
    [38, '38'],
    [2100, '2.1k'],
    [42_000, '42k'],
  ])('write %d into four characters', (size, text) => {
    expect(shortSize(size)).toBe(text);
  });
});

describe('the parts of a canvas', () => {
  it('find the row under a pointer, whatever the zoom', () => {
    const element = document.createElement('div');
    Object.defineProperties(element, {
      clientWidth: { value: 200 },
      clientHeight: { value: 400 },
    });
    element.getBoundingClientRect = () => new DOMRect(10, 20, 300, 600);
    const point = pointIn(element, { clientX: 160, clientY: 320 });
    expect(point).toEqual({ x: 100, y: 200 });
    expect(rowAt(point.y, 0, ROW_HEIGHT, 22)).toBe(11);
    expect([rowAt(-1, 0, 18, 22), rowAt(400, 0, 18, 22)]).toEqual([-1, -1]);
  });

  it('make a text once and hold no more than they may', () => {
    let made = 0;
    const cache = new TextCache((value) => `${++made} ${value}`, 4);
    for (let i = 0; i < 100; i++) cache.get(i % 4);
    expect(made).toBe(4);
    for (let i = 0; i < 100; i++) cache.get(i);
    expect(cache.size).toBeLessThanOrEqual(4);
  });
});
