/**
 * hand.test: trading by hand as data: what a press means, what was seen at the press, sizes, chips,
 * the cursor of the keys, and the line at the ladder's foot.
 */
import { describe, expect, it } from 'vitest';
import { FrameLadder, LADDER_DOUBLES } from '../../engine/contract/frames.ts';
import type { Command } from '../../engine/contract/commands.ts';
import { readSizes, startHandMemory } from '../../renderer/app/hand-memory.ts';
import { ROW_HEIGHT, PriceScale } from '../../renderer/canvas/price-scale.ts';
import { Grid } from '../../renderer/format/grid.ts';
import { footLine, SAID_MS, TROUBLE_MS } from '../../renderer/panels/ladder/foot-line.ts';
import {
  cellAt,
  keyWish,
  pressOf,
  type ShownRows,
  wishOf,
} from '../../renderer/panels/ladder/hand-press.ts';
import { displayedLots, firstPresets, worth } from '../../renderer/panels/ladder/hand-size.ts';
import { chipsOf, ladderMarks, type OwnOrder } from '../../renderer/panels/ladder/ladder-marks.ts';
import { LadderView } from '../../renderer/panels/ladder/ladder-view.ts';
import type { Request } from '../../renderer/stores/commands-store.ts';
import { keepPreset, offerSizes, useHand } from '../../renderer/stores/hand-store.ts';
import { sampleStatus } from './support/samples.ts';

const EDGES = [0, 46, 112, 194, 260, 292];
const SHOWN: ShownRows = { topTicks: 1000, group: 1, rows: 40 };
const BTC = { symbol: 'BTCUSDT', index: 0, tickSize: '0.10', lotSize: '0.001' };
const grid = new Grid(BTC);
const LEFT = { button: 0, shiftKey: false };

const at = (x: number, row: number) => ({ x, y: row * ROW_HEIGHT + 9 });
const cell = (x: number, row: number, shown = SHOWN) => cellAt(at(x, row), EDGES, shown);

function press(x: number, row: number, event = LEFT, shown = SHOWN) {
  const made = pressOf(cell(x, row, shown), event, shown);
  if (made === null) throw new Error('no press');
  return made;
}

describe('a press on a ladder', () => {
  it('means the price of the row in the column of a side', () => {
    expect(wishOf(press(80, 7), cell(80, 7), SHOWN)).toEqual({
      kind: 'place',
      side: 1,
      ticks: 993,
      isTaking: false,
    });
    expect(wishOf(press(200, 3), cell(200, 3), SHOWN)).toMatchObject({ side: -1, ticks: 997 });
    const shift = press(80, 7, { button: 0, shiftKey: true });
    expect(wishOf(shift, cell(80, 7), SHOWN)).toMatchObject({ isTaking: true });
  });

  it('means the label of a grouped row, on either side', () => {
    const shown = { topTicks: 1000, group: 10, rows: 40 };
    const label = 1000 - 6 * 10;
    expect(wishOf(press(80, 6, LEFT, shown), cell(80, 6, shown), shown)).toMatchObject({
      ticks: label,
    });
    expect(wishOf(press(200, 6, LEFT, shown), cell(200, 6, shown), shown)).toMatchObject({
      ticks: label,
    });
  });

  it('cancels in the column of own orders, and everywhere with the right button', () => {
    const cancel = { kind: 'cancel', ticks: 995 };
    expect(wishOf(press(270, 5), cell(270, 5), SHOWN)).toEqual(cancel);
    const right = { button: 2, shiftKey: false };
    for (const x of [10, 80, 150, 200, 270]) {
      expect(wishOf(press(x, 5, right), cell(x, 5), SHOWN)).toEqual(cancel);
    }
  });

  it('means nothing on price and volume, outside the rows, and with other buttons', () => {
    expect(wishOf(press(150, 5), cell(150, 5), SHOWN).kind).toBe('nothing');
    expect(wishOf(press(10, 5), cell(10, 5), SHOWN).kind).toBe('nothing');
    expect(cell(80, 40)).toBeNull();
    expect(cell(300, 4)).toBeNull();
    expect(cell(80, -1)).toBeNull();
    for (const button of [1, 3, 4]) {
      expect(pressOf(cell(80, 5), { button, shiftKey: false }, SHOWN)).toBeNull();
    }
  });

  it('sends nothing when the rows moved, or the button came up in another cell', () => {
    const made = press(80, 7);
    const moved = [
      { ...SHOWN, topTicks: 1001 },
      { ...SHOWN, group: 5 },
    ];
    for (const shown of moved) {
      expect(wishOf(made, cell(80, 7, shown), shown)).toMatchObject({
        kind: 'nothing',
        why: expect.stringMatching(/rows moved/),
      });
    }
    for (const other of [cell(80, 8), cell(200, 7), null]) {
      expect(wishOf(made, other, SHOWN)).toMatchObject({
        kind: 'nothing',
        why: expect.stringMatching(/elsewhere/),
      });
    }
  });

  it('of a key acts at the cursor only', () => {
    expect(keyWish('b', false, 990)).toMatchObject({ kind: 'place', side: 1, ticks: 990 });
    expect(keyWish('S', true, 990)).toMatchObject({ side: -1, isTaking: true });
    expect(keyWish('x', false, 990)).toEqual({ kind: 'cancel', ticks: 990 });
    expect(keyWish('b', false, null)).toMatchObject({ kind: 'nothing' });
    expect(keyWish('q', false, 990)).toBeNull();
  });
});

describe('the cursor of the keys', () => {
  it('begins at the best price, moves by rows, and scrolls only at the edge', () => {
    const view = new LadderView();
    view.reshape(1, 20);
    view.follow(1000);
    view.moveCursor(1, 999);
    expect(view.cursorTicks).toBe(999);
    view.moveCursor(1, 999);
    expect(view.cursorTicks).toBe(998);
    const { topTicks } = view.scale;
    for (let i = 0; i < 30; i++) view.moveCursor(-1, 999);
    expect(view.cursorTicks).toBe(1028);
    expect(view.scale.topTicks).toBe(1028);
    expect(topTicks).toBeLessThan(1028);
    view.follow(500);
    expect(view.scale.topTicks).toBe(1028);
    view.dropCursor();
    expect(view.cursorTicks).toBeNull();
  });
});

describe('sizes', () => {
  it('are exact lots or no size at all', () => {
    expect(grid.lots('0.250')).toBe(250);
    expect(grid.lots('1')).toBe(1000);
    expect(grid.lots('0.2500')).toBe(250);
    for (const text of ['', 'a', '0.0005', '-1', '1e3', '.5', '1,0']) {
      expect(grid.lots(text)).toBeNaN();
    }
  });

  it('first presets are round and above the least value', () => {
    expect(firstPresets(grid, 64_000, 5)).toEqual(['0.005', '0.010', '0.025', '0.050', '0.100']);
    expect(firstPresets(grid, 0, 5)[0]).toBe('0.001');
    for (const price of [0.15, 3.2, 171, 3121, 64_000]) {
      const [first = ''] = firstPresets(grid, price, 100);
      expect(Number(first) * price).toBeGreaterThanOrEqual(120);
    }
  });

  it('of a taking order are capped by what is displayed up to the price', () => {
    const frame = new Float64Array(LADDER_DOUBLES);
    frame[FrameLadder.AskCount] = 3;
    [101, 5, 102, 7, 105, 11].forEach((value, i) => (frame[FrameLadder.Asks + i] = value));
    frame[FrameLadder.BidCount] = 2;
    [100, 3, 99, 4].forEach((value, i) => (frame[FrameLadder.Bids + i] = value));
    expect(displayedLots(frame, 0, 1, 102)).toBe(12);
    expect(displayedLots(frame, 0, 1, 100)).toBe(0);
    expect(displayedLots(frame, 0, 1, 500)).toBe(23);
    expect(displayedLots(frame, 0, -1, 100)).toBe(3);
    expect(displayedLots(frame, 0, -1, 50)).toBe(7);
    expect(worth(grid, 642_310, 10)).toBeCloseTo(642.31, 9);
  });

  it('are kept over a reload; what does not fit is dropped', () => {
    localStorage.clear();
    const stop = startHandMemory(localStorage);
    const presets = ['1', '2', '3', '4', '5'];
    offerSizes('BTCUSDT', { size: '2', presets });
    keepPreset('BTCUSDT', 4);
    stop();
    expect(readSizes(localStorage)['BTCUSDT']?.presets).toEqual(['1', '2', '3', '4', '2']);
    const bad = { A: { size: 'x', presets }, B: { size: '1', presets: ['1'] }, C: null };
    localStorage.setItem('tickdeck.hand.1', JSON.stringify(bad));
    expect(readSizes(localStorage)).toEqual({});
    localStorage.setItem('tickdeck.hand.1', '{');
    expect(readSizes(localStorage)).toEqual({});
    useHand.setState({ sizes: {} });
  });
});

function request(
  command: Partial<Command> & Pick<Command, 'kind'>,
  change: Partial<Request> = {},
): Request {
  const whole = { id: 'a', ...command } as Command;
  const base = { state: 'pending', reason: '', sentAtMs: 100, answeredAtMs: null } as const;
  return { command: whole, ...base, ...change };
}

const BUY = {
  kind: 'placeOrder',
  symbol: 'BTCUSDT',
  side: 'buy',
  price: '64231.0',
  size: '0.010',
  timeInForce: 'post-only',
  reduceOnly: false,
} as const;

const order = (ticks: number, side: number, open: number, phase = 'open'): OwnOrder =>
  ({ ticks, side, open, phase, lots: `one ${open}`, filled: 0, isHand: true }) as OwnOrder;

describe('chips of own orders', () => {
  it('show what was asked and not answered as pending, and only here', () => {
    const requests = [
      request(BUY),
      request(BUY, { state: 'applied' }),
      request({ ...BUY, symbol: 'ETHUSDT' }),
    ];
    const { orders } = ladderMarks([], [], grid, requests);
    expect(orders).toHaveLength(1);
    expect(orders[0]).toMatchObject({ ticks: 642_310, side: 1, phase: 'pending', lots: '.01' });
  });

  it('read the phase from the state of the order', () => {
    const [sample] = sampleStatus().orders;
    if (sample === undefined) throw new Error('the sample has orders');
    const of = (state: string) => ladderMarks([], [{ ...sample, state }], grid).orders[0]?.phase;
    expect(['open', 'pending-new', 'pending-cancel', 'unknown'].map(of)).toEqual([
      'open',
      'pending',
      'cancelling',
      'unknown',
    ]);
  });

  it('add up in a row, a side at a time; the gravest phase shows', () => {
    const scale = new PriceScale();
    Object.assign(scale, { group: 10, rows: 10, topTicks: 1000 });
    const orders = [
      order(985, 1, 0.1),
      order(981, 1, 0.2, 'unknown'),
      order(975, -1, 0.4),
      order(960, 1, 9),
    ];
    const chips = chipsOf(orders, scale, 2);
    expect(chips.map(({ side, lots, phase }) => [side, lots, phase])).toEqual([
      [1, '.3', 'unknown'],
      [-1, 'one 0.4', 'open'],
    ]);
    expect(chipsOf(orders, scale, 0)).toEqual([]);
  });
});

const instrument = sampleStatus().instruments[0] ?? null;
const source = {
  instrument,
  requests: [],
  notice: null,
  nowMs: 1000,
  statusAtMs: 50_000,
  isPostOnly: true,
};

const line = (change: Partial<Request>) =>
  footLine({ ...source, requests: [request(BUY, change)] });

describe('the line at the foot', () => {
  it('says that a locked ladder sends nothing, and what a click does when it is open', () => {
    expect(footLine(source).text).toMatch(/^Locked/);
    if (instrument === null) throw new Error('the sample has instruments');
    const open = { ...source, instrument: { ...instrument, ladder: 'unlocked' as const } };
    expect(footLine(open).text).toMatch(/^Click posts/);
    expect(footLine({ ...open, isPostOnly: false }).text).toMatch(/places a limit/);
  });

  it('follows what was asked: pending, sent, refused with the reason in words', () => {
    expect(line({})).toEqual({ text: 'Buy 0.010 at 64231.0 …', tone: 'pending' });
    const answeredAtMs = 900;
    expect(line({ state: 'applied', answeredAtMs }).text).toBe('Buy 0.010 at 64231.0: sent');
    const refused = line({ state: 'refused', reason: 'PRICE_COLLAR', answeredAtMs });
    expect(refused.tone).toBe('warn');
    expect(refused.text).toMatch(/refused, PRICE_COLLAR: too far through the market$/);
    const old = { state: 'refused', reason: 'PRICE_COLLAR', answeredAtMs: -SAID_MS } as const;
    expect(line(old).text).toMatch(/^Locked/);
  });

  it('gives what this window held back its turn, and the trouble of an order', () => {
    const notice = { text: 'locked: nothing was sent', atMs: 950 };
    expect(footLine({ ...source, notice }).text).toBe(notice.text);
    const later = [request(BUY, { sentAtMs: 960 })];
    expect(footLine({ ...source, notice, requests: later }).tone).toBe('pending');
    if (instrument === null) throw new Error('the sample has instruments');
    const trouble = { atMs: 49_000, clientId: 'a', outcome: 'rejected', text: 'BTCUSDT: buy no' };
    const troubled = { ...instrument, hand: { ...instrument.hand, trouble } };
    expect(footLine({ ...source, instrument: troubled }).text).toBe('buy no');
    const past = { ...source, instrument: troubled, statusAtMs: 49_001 + TROUBLE_MS };
    expect(footLine(past).text).toMatch(/^Locked/);
  });
});
