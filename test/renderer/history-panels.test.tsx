/**
 * history-panels.test: blotter, statistics and tape in a simulated page: what they say before the
 * engine has answered, when there is nothing, and when there is something.
 */
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FillEvent } from '../../engine/contract/events.ts';
import type { ClosedScalp, EndedOrder, EquityPoint } from '../../engine/contract/history.ts';
import { liveMarket } from '../../renderer/live/live-market.ts';
import { DecisionsPanel } from '../../renderer/panels/decisions/DecisionsPanel.tsx';
import { OrdersFillsPanel } from '../../renderer/panels/orders-fills/OrdersFillsPanel.tsx';
import { StatisticsPanel } from '../../renderer/panels/statistics/StatisticsPanel.tsx';
import { TapePanel } from '../../renderer/panels/tape/TapePanel.tsx';
import { decisionsForgotten, decisionsMade } from '../../renderer/stores/decisions-store.ts';
import { historyForgotten, rowsTold, shelfChanged } from '../../renderer/stores/history-store.ts';
import { statusChanged, statusForgotten } from '../../renderer/stores/status-store.ts';
import { FakeHistory } from '../support/fake-history.ts';
import { sampleDecision, sampleMarket, sampleStatus } from './support/samples.ts';

const SIZES = { clientHeight: 400, clientWidth: 900 } as const;

/** A list in a simulated page has no size of its own. */
function giveSizes(): void {
  for (const [name, value] of Object.entries(SIZES)) {
    Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => value });
  }
}

function takeSizes(): void {
  for (const name of Object.keys(SIZES)) Reflect.deleteProperty(HTMLElement.prototype, name);
}

function tell(scalps: number): void {
  const history = new FakeHistory(sampleMarket());
  history.before(1_790_000_000_000, scalps);
  act(() => {
    rowsTold('fills', history.rows.fills as FillEvent[]);
    rowsTold('orders', history.rows.orders as EndedOrder[]);
    rowsTold('scalps', history.rows.scalps as ClosedScalp[]);
    rowsTold('equity', history.rows.equity as EquityPoint[]);
    for (const kind of ['fills', 'orders', 'scalps', 'events', 'equity'] as const) {
      shelfChanged(kind, { isWhole: true, from: 1 });
    }
  });
}

beforeEach(() => {
  giveSizes();
  historyForgotten();
  decisionsForgotten();
  statusForgotten();
  liveMarket.trades.clear();
  statusChanged(sampleStatus());
});

afterEach(() => {
  cleanup();
  takeSizes();
});

function rowsOf(table: string): HTMLElement[] {
  return within(screen.getByRole('table', { name: table }))
    .getAllByRole('row')
    .slice(1);
}

const nets = (): number[] =>
  rowsOf('Closed scalps').map((row) => {
    const cell = row.querySelector('[data-cell="net"] span');
    return Number(cell?.getAttribute('title'));
  });

describe('the blotter', () => {
  it('says that it asks, that there is nothing, and what there is', () => {
    statusChanged(sampleStatus({ isEmpty: true }));
    render(<OrdersFillsPanel />);
    expect(screen.getByText(/Asking the engine for the orders/)).toBeTruthy();
    act(() => shelfChanged('orders', { isWhole: true }));
    expect(screen.getByText(/No orders in this session yet/)).toBeTruthy();
    tell(3);
    expect(rowsOf('Orders').length).toBeGreaterThanOrEqual(6);
  });

  it('has a tab each, with what it counts', () => {
    render(<OrdersFillsPanel />);
    tell(5);
    fireEvent.click(screen.getByRole('tab', { name: 'fills 10' }));
    expect(rowsOf('Fills')).toHaveLength(10);
    fireEvent.click(screen.getByRole('tab', { name: 'scalps 5' }));
    expect(rowsOf('Closed scalps')).toHaveLength(5);
    fireEvent.click(screen.getByRole('tab', { name: 'events 0' }));
    expect(screen.getByText(/No events in this session yet/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'CSV' })).toBeNull();
  });

  it('filters, and says when nothing fits', () => {
    render(<OrdersFillsPanel />);
    tell(5);
    fireEvent.click(screen.getByRole('tab', { name: /^fills/ }));
    fireEvent.click(screen.getByRole('button', { name: /^Owner:/ }));
    fireEvent.click(screen.getByRole('option', { name: 'hand' }));
    expect(screen.getByText(/No fills fit what is chosen above/)).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'show all' }));
    expect(rowsOf('Fills')).toHaveLength(10);
  });

  it('sorts by a column, down then up then as it came', () => {
    render(<OrdersFillsPanel />);
    tell(5);
    fireEvent.click(screen.getByRole('tab', { name: /^scalps/ }));
    const came = nets();
    expect(came).toHaveLength(5);
    const head = screen.getByRole('button', { name: /^Net/ });
    fireEvent.click(head);
    expect(nets()).toEqual(came.toSorted((a, b) => b - a));
    expect(screen.getByRole('columnheader', { name: /^Net/ }).ariaSort ?? 'descending').toBe(
      'descending',
    );
    fireEvent.click(head);
    expect(nets()).toEqual(came.toSorted((a, b) => a - b));
    fireEvent.click(head);
    expect(nets()).toEqual(came);
  });

  it('holds still under the pointer and counts what comes', () => {
    const history = new FakeHistory(sampleMarket());
    render(<OrdersFillsPanel />);
    fireEvent.click(screen.getByRole('tab', { name: /^scalps/ }));
    const add = (): void => {
      history.scalp(1_790_000_000_000);
      act(() => rowsTold('scalps', history.rows.scalps as ClosedScalp[]));
    };
    add();
    act(() => shelfChanged('scalps', { isWhole: true, from: 1 }));
    const body = document.querySelector('.vtable__body')!;
    fireEvent.pointerEnter(body);
    add();
    add();
    expect(rowsOf('Closed scalps')).toHaveLength(1);
    expect(screen.getByRole('button', { name: '2 new, held' })).toBeTruthy();
    fireEvent.pointerLeave(body);
    expect(rowsOf('Closed scalps')).toHaveLength(3);
  });
});

describe('statistics', () => {
  it('ask, say that there is nothing, then have figures', () => {
    render(<StatisticsPanel />);
    expect(screen.getByText(/Asking the engine for the scalps/)).toBeTruthy();
    act(() => shelfChanged('scalps', { isWhole: true }));
    expect(screen.getByText(/No scalp has been closed/)).toBeTruthy();
    tell(30);
    expect(screen.getByText(/^30 closed, \d+ won, \d+ lost$/)).toBeTruthy();
    const curve = screen.getByRole('img', { name: /The day’s result from/ });
    expect(curve).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'signal' }));
    expect(screen.getByRole('columnheader', { name: 'Opened by' })).toBeTruthy();
  });

  it('say what they are made without', () => {
    render(<StatisticsPanel />);
    tell(6);
    expect(screen.getByText('all of this session')).toBeTruthy();
    act(() => shelfChanged('scalps', { dropped: 4, missed: 1 }));
    expect(screen.getByText('without 5 scalps: 4 too old, 1 missed')).toBeTruthy();
  });
});

describe('the tape', () => {
  it('waits for instruments, then for trades, then tells the last twenty', () => {
    vi.useFakeTimers();
    statusForgotten();
    render(<TapePanel />);
    expect(screen.getByText(/Waiting for the engine/)).toBeTruthy();
    act(() => statusChanged(sampleStatus()));
    expect(screen.getByText(/No trades yet/)).toBeTruthy();
    for (let n = 1; n <= 30; n++) liveMarket.trades.add(n, 0, 642_310, 5, 1, n);
    act(() => {
      vi.advanceTimersByTime(500);
    });
    const table = screen.getByRole('table', { name: 'The last twenty trades' });
    expect(within(table).getAllByRole('row')).toHaveLength(21);
    expect(within(table).getAllByRole('row')[1]?.textContent).toMatch(/^00:00:00\.030BTCUSDTbuy/);
    expect(document.querySelector('[data-role="tape-sums"]')?.textContent).toMatch(/^bought/);
    vi.useRealTimers();
  });
});

describe('decisions', () => {
  it('that are not here leave a mark between those that are', () => {
    render(<DecisionsPanel />);
    act(() => decisionsMade([3, 4, 8].map((sequence) => sampleDecision({ sequence }))));
    expect(screen.getByText('3 decisions are not here')).toBeTruthy();
    act(() => decisionsMade([5, 6, 7].map((sequence) => sampleDecision({ sequence }))));
    expect(screen.queryByText(/not here/)).toBeNull();
  });
});
