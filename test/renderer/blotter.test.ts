/**
 * blotter.test: shelves as lines: order, filters, holes and ends; export exactly as it was sent;
 * statistics as figures that say how sure they are.
 */
import { describe, expect, it } from 'vitest';
import type { FillEvent } from '../../engine/contract/events.ts';
import type { ClosedScalp, EndedOrder } from '../../engine/contract/history.ts';
import type { OrderStatus } from '../../engine/contract/status.ts';
import { csvText } from '../../renderer/format/csv.ts';
import {
  fillsCsv,
  fits,
  linesOf,
  NO_FILTER,
  orderLines,
  ordersCsv,
  scalpsCsv,
} from '../../renderer/panels/orders-fills/blotter-rows.ts';
import {
  estimateTexts,
  groupRows,
  headFigures,
  NO_FIGURE,
} from '../../renderer/panels/statistics/statistics-rows.ts';
import type { Shelf } from '../../renderer/stores/history-store.ts';
import { sortLines, type Column, type Line } from '../../renderer/ui/VirtualTable.tsx';
import { FakeHistory } from '../support/fake-history.ts';
import { sampleMarket, sampleStatus } from './support/samples.ts';

interface Row {
  readonly sequence: number;
}

function shelf<T>(rows: readonly T[], change: Partial<Shelf<T>> = {}): Shelf<T> {
  return { rows, from: 1, isWhole: true, missed: 0, dropped: 0, ...change };
}

const rows = (...sequences: number[]): Row[] => sequences.map((sequence) => ({ sequence }));
const same = (row: Row): Row => row;

function texts(lines: readonly Line<Row>[]): (number | string)[] {
  return lines.map((line) => (line.kind === 'row' ? line.row.sequence : line.text));
}

/** What a session of fifty scalps leaves behind. */
function session(): { fills: FillEvent[]; orders: EndedOrder[]; scalps: ClosedScalp[] } {
  const history = new FakeHistory(sampleMarket());
  history.before(1_790_000_000_000, 50);
  const { fills, orders, scalps } = history.rows;
  return {
    fills: fills as FillEvent[],
    orders: orders as EndedOrder[],
    scalps: scalps as ClosedScalp[],
  };
}

describe('lines', () => {
  it('are newest first', () => {
    expect(texts(linesOf(shelf(rows(1, 2, 3)), same))).toEqual([3, 2, 1]);
    expect(linesOf(shelf(rows()), same)).toEqual([]);
  });

  it('say where rows are missing, also between rows that are left out', () => {
    expect(texts(linesOf(shelf(rows(1, 2, 6)), same))).toEqual([
      6,
      '3 rows missed while nobody could read',
      2,
      1,
    ]);
    const none = linesOf<Row, Row>(shelf(rows(1, 3)), () => null);
    expect(texts(none)).toEqual(['1 row missed while nobody could read']);
  });

  it('say that rows are asked for while they may still come', () => {
    const lines = linesOf(shelf(rows(2, 6, 7), { from: 6, isWhole: false }), same);
    expect(texts(lines)).toEqual([
      7,
      6,
      'asking the engine for 3 rows …',
      2,
      'asking the engine for older rows …',
    ]);
  });

  it('end with what is not kept', () => {
    expect(texts(linesOf(shelf(rows(5, 6)), same)).at(-1)).toBe(
      '4 older rows are not kept here; the journal has them',
    );
  });

  it('sort by a column; notes go to the end', () => {
    const columns: Column<Row>[] = [
      { key: 'n', head: 'n', width: '1px', cell: () => '', order: (row) => row.sequence },
      { key: 'x', head: 'x', width: '1px', cell: () => '' },
    ];
    const lines = linesOf(shelf(rows(1, 4)), same);
    expect(texts(sortLines(lines, columns, { key: 'n', isDown: false }))).toEqual([
      1,
      4,
      '2 rows missed while nobody could read',
    ]);
    expect(sortLines(lines, columns, { key: 'x', isDown: true })).toBe(lines);
    expect(sortLines(lines, columns, null)).toBe(lines);
  });
});

describe('orders', () => {
  const working: OrderStatus = sampleStatus().orders[0]!;

  it('stand once each: working first, an ended one as it ended last', () => {
    const [first, second] = session().orders;
    const late: EndedOrder = { ...first!, sequence: 9999, filled: '0.007' };
    const lines = orderLines(
      [working, { ...working, clientId: second!.clientId }],
      shelf([first!, second!, late]),
      NO_FILTER,
      1_790_000_000_000,
    );
    const found = lines.flatMap((line) => (line.kind === 'row' ? [line.row] : []));
    expect(found.map(({ clientId }) => clientId)).toEqual([
      working.clientId,
      late.clientId,
      second!.clientId,
    ]);
    expect(found[0]).toMatchObject({ isWorking: true, average: null, ackMs: null });
    expect(found[1]).toMatchObject({ isWorking: false, filled: '0.007' });
  });

  it('fit a filter of instrument, owner and state', () => {
    const row = { symbol: 'A', owner: 'hand', state: 'open', isWorking: true };
    expect(fits(row, NO_FILTER)).toBe(true);
    expect(fits(row, { ...NO_FILTER, symbol: 'A', owner: 'hand', state: 'working' })).toBe(true);
    expect(fits(row, { ...NO_FILTER, symbol: 'B' })).toBe(false);
    expect(fits(row, { ...NO_FILTER, owner: 'quoter' })).toBe(false);
    expect(fits(row, { ...NO_FILTER, state: 'filled' })).toBe(false);
    expect(fits({ ...row, isWorking: false }, { ...NO_FILTER, state: 'working' })).toBe(false);
  });
});

describe('export', () => {
  it('quotes what needs it and nothing else', () => {
    expect(
      csvText(
        ['a', 'b'],
        [
          ['x, y', 'say "no"'],
          [null, -1.5],
          ['two\nlines', true],
        ],
      ),
    ).toBe('a,b\r\n"x, y","say ""no"""\r\n,-1.5\r\n"two\nlines",true\r\n');
  });

  it('has every row, values exactly as they were sent', () => {
    const { fills, orders, scalps } = session();
    const fill = fills[0]!;
    const lines = fillsCsv(fills).split('\r\n');
    expect(lines).toHaveLength(fills.length + 2);
    expect(lines[1]).toBe(
      [
        ...[1, new Date(fill.atMs).toISOString(), fill.clientId, fill.symbol, fill.side],
        ...[fill.price, fill.size, fill.fee, fill.realised, fill.maker, fill.owner, fill.purpose],
      ].join(','),
    );
    for (const text of [ordersCsv(orders), scalpsCsv(scalps), fillsCsv(fills)]) {
      const [head = '', ...rest] = text.trimEnd().split('\r\n');
      for (const line of rest) expect(line.split(',')).toHaveLength(head.split(',').length);
    }
    expect(scalpsCsv(scalps)).toContain(`,${scalps[0]!.net},`);
  });
});

const figure = (scalps: readonly ClosedScalp[], key: string) => {
  const found = headFigures(scalps, [], [], 'USDT').find((each) => each.key === key);
  if (found === undefined) throw new Error(`no figure ${key}`);
  return found;
};

const scalp = (net: string, change: Partial<ClosedScalp> = {}): ClosedScalp => ({
  ...session().scalps[0]!,
  net,
  fees: '0.5',
  gross: String(Number(net) + 0.5),
  risk: '2',
  ...change,
});

describe('statistics', () => {
  it('say nothing from few results, and little from some', () => {
    expect(figure([], 'win-rate')).toMatchObject({ text: NO_FIGURE, note: 'no results yet' });
    const four = Array.from({ length: 4 }, () => scalp('1'));
    expect(figure(four, 'expectancy')).toMatchObject({ text: NO_FIGURE, note: 'of only 4' });
    const five = [...four, scalp('-1')];
    expect(figure(five, 'expectancy')).toMatchObject({ isWeak: true, note: 'of only 5' });
    const many = Array.from({ length: 5 }, () => five).flat();
    expect(figure(many, 'expectancy')).toMatchObject({ isWeak: false, note: '', sign: 1 });
  });

  it('show the digits that the error bears', () => {
    const look = { decimals: 4, unit: 'USDT', isSigned: true };
    const of = (value: number, error: number | null) =>
      estimateTexts({ value, error, count: 30 }, look);
    expect(of(0.12345, 0.0321)).toEqual({ text: '+0.12', error: '± 0.03 USDT' });
    expect(of(-12.345, 3.2)).toEqual({ text: '\u221212', error: '± 3 USDT' });
    expect(of(0.5, null)).toEqual({ text: '+0.5000 USDT', error: '' });
  });

  it('have no colour where the sign is not sure', () => {
    const unsure = Array.from({ length: 30 }, (_, k) => scalp(k % 2 === 0 ? '1' : '-0.99'));
    expect(figure(unsure, 'expectancy').sign).toBe(0);
  });

  it('group by exit, instrument and signal', () => {
    const scalps = [
      scalp('1', { exitKind: 'target', openedBy: ['momentum', 'spread'] }),
      scalp('-2', { exitKind: 'stop', openedBy: ['momentum'] }),
    ];
    expect(groupRows(scalps, 'exit').map(({ key, net }) => [key, net])).toEqual([
      ['stop', '\u22122.00'],
      ['target', '+1.00'],
    ]);
    expect(groupRows(scalps, 'signal').map(({ key, count }) => [key, count])).toEqual([
      ['Momentum', 2],
      ['Spread', 1],
    ]);
    expect(groupRows(scalps, 'instrument')).toHaveLength(1);
    expect(groupRows(scalps, 'exit')[0]!.expectancy).toBe('–');
  });

  it('count an entry that was told twice once', () => {
    const entry = session().orders.find(({ purpose }) => purpose === 'entry')!;
    const orders = Array.from({ length: 5 }, (_, k) => ({
      ...entry,
      clientId: `id-${k}`,
      sequence: k + 1,
      filled: '0',
    }));
    const again = { ...orders[0]!, sequence: 9, filled: entry.size };
    const found = headFigures([], [...orders, again], [], 'USDT');
    expect(found.find(({ key }) => key === 'fill-rate')).toMatchObject({
      text: '20',
      note: 'of only 5',
    });
  });
});
