/**
 * chart-panels.test: what stands around the canvases of chart and heatmap: words, legend, marks of
 * fills, tags of bands, and whose ladder is asked for.
 */
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FillEvent } from '../../engine/contract/events.ts';
import { bandsOf } from '../../renderer/format/bands.ts';
import { Grid } from '../../renderer/format/grid.ts';
import { CandleSeries } from '../../renderer/live/candle-series.ts';
import { placeTags, scalpBands } from '../../renderer/panels/chart/chart-bands.ts';
import { fillMarks, markWords, shortMark } from '../../renderer/panels/chart/chart-fills.ts';
import { legendTexts } from '../../renderer/panels/chart/ChartLegend.tsx';
import { ChartPanel, stateWords } from '../../renderer/panels/chart/ChartPanel.tsx';
import { ladderMarks } from '../../renderer/panels/ladder/ladder-marks.ts';
import { LiquidityPanel } from '../../renderer/panels/liquidity/LiquidityPanel.tsx';
import { useChart } from '../../renderer/stores/chart-store.ts';
import { statusChanged, statusForgotten } from '../../renderer/stores/status-store.ts';
import { useView } from '../../renderer/stores/view-store.ts';
import { useWatch } from '../../renderer/stores/watch-store.ts';
import { sampleScalp, sampleStatus } from './support/samples.ts';

const VIEW_START = useView.getState();
const CHART_START = useChart.getState();

beforeEach(() => {
  useView.setState({ ...VIEW_START, ladders: ['BTCUSDT', 'ETHUSDT'], focus: 'BTCUSDT' });
  useChart.setState(CHART_START);
  useWatch.setState({ wanted: {} });
  statusForgotten();
});

afterEach(cleanup);

function btc(): Grid {
  return new Grid(sampleStatus().instruments[0]!);
}

function fill(change: Partial<FillEvent>): FillEvent {
  return {
    sequence: 1,
    atMs: 100_000,
    symbol: 'BTCUSDT',
    side: 'buy',
    price: '64231.0',
    size: '0.420',
    fee: '0.1',
    realised: '0',
    maker: true,
    owner: 'scalper',
    purpose: 'entry',
    clientId: 'a',
    ...change,
  };
}

describe('fills on the chart', () => {
  it('are one mark for each bar, side, owner and purpose, oldest first', () => {
    const fills = [
      fill({ atMs: 107_000, side: 'sell', purpose: 'trailing' }),
      fill({ atMs: 104_999 }),
      fill({ atMs: 100_000 }),
      fill({ atMs: 104_000, owner: 'quoter', purpose: 'quote' }),
      fill({ symbol: 'ETHUSDT' }),
    ];
    const marks = fillMarks(fills, 'BTCUSDT', 5);
    expect(marks.map(({ second, count }) => [second, count])).toEqual([
      [100, 2],
      [100, 1],
      [105, 1],
    ]);
    expect(marks.map(shortMark)).toEqual(['entry ×2', '', 'trailing']);
    expect(markWords(marks)).toBe(
      'bought scalper entry ×2 · bought quoter quote · sold scalper trailing',
    );
    expect(shortMark({ ...marks[0]!, owner: 'hand', purpose: 'manual', count: 1 })).toBe(
      'hand manual',
    );
  });
});

describe('bands on the chart', () => {
  it('are those of the ladder: the same prices, words, colours and dashes', () => {
    const scalp = sampleScalp();
    const grid = btc();
    const [own] = scalpBands([scalp, sampleScalp({ symbol: 'ETHUSDT' })], grid);
    expect(own?.bands).toEqual(ladderMarks([scalp], [], grid).bands);
    expect(own?.bands).toEqual(bandsOf(scalp, grid));
    expect(own?.openedSecond).toBe(Math.floor(scalp.openedAtMs / 1000));
  });

  it('have tags that never cover each other and stay inside', () => {
    const ys = [100, 102, -50, 400, 104, 299];
    const places = placeTags(ys, 300);
    expect(places.map(({ arrow }) => arrow)).toEqual(['', '', '↑ ', '↓ ', '', '']);
    const sorted = places.map(({ y }) => y).toSorted((a, b) => a - b);
    for (let i = 1; i < sorted.length; i++) {
      expect(sorted[i]! - sorted[i - 1]!).toBeGreaterThanOrEqual(13);
    }
    expect(sorted[0]).toBeGreaterThanOrEqual(6.5);
    expect(sorted.at(-1)).toBeLessThanOrEqual(293.5);
    expect(places[0]!.y).toBeLessThan(places[1]!.y);
  });
});

describe('the legend', () => {
  const candle = {
    second: 52_327,
    open: 642_310,
    high: 642_333,
    low: 642_299,
    close: 642_305,
    buyLots: 1500,
    sellLots: 20,
    trades: 12,
    isHole: false,
    emaFast: 642_311.4,
    emaSlow: Number.NaN,
    rsi: 43.21,
  };

  it('says the exact figures of a bar, on the grid of the instrument', () => {
    const texts = legendTexts(btc(), { candle, isHole: true, fills: [] });
    expect(texts).toEqual({
      time: '14:32:07',
      open: '64,231.0',
      high: '64,233.3',
      low: '64,229.9',
      close: '64,230.5',
      change: '−5',
      buy: '1.500',
      sell: '0.020',
      trades: '12',
      fast: '64,231.1',
      slow: '–',
      rsi: '43.2',
      note: 'trades were missed here',
    });
  });

  it('says nothing of a bar without trades', () => {
    const texts = legendTexts(btc(), { candle: null, isHole: false, fills: [] });
    expect(new Set(Object.values(texts))).toEqual(new Set(['–', '']));
  });
});

describe('words where there are no bars', () => {
  it('tell waiting, missed trades, silence and refusal apart', () => {
    const series = new CandleSeries('BTCUSDT', 0, 5);
    expect(stateWords(series)).toMatch(/Waiting/);
    const batch = {
      id: 'a',
      symbol: 'BTCUSDT',
      seconds: 5,
      anchorWallMs: 0,
      through: 0,
      holes: 0,
      rows: [],
    };
    series.load({ ...batch, refused: '' });
    expect(stateWords(series)).toMatch(/No trades yet/);
    series.break();
    expect(stateWords(series)).toMatch(/missed/);
    series.load({ ...batch, refused: 'unknown instrument X' });
    expect(stateWords(series)).toBe('unknown instrument X');
  });
});

describe('the panels', () => {
  it('say that there is no instrument yet', () => {
    render(<ChartPanel />);
    expect(screen.getByText('No instrument to show yet.')).toBeTruthy();
    cleanup();
    render(<LiquidityPanel />);
    expect(screen.getByText('No instrument to show yet.')).toBeTruthy();
  });

  it('liquidity asks for the ladder in focus, or the pinned one, and lets go of it', () => {
    statusChanged(sampleStatus());
    const shown = render(<LiquidityPanel />);
    expect(useWatch.getState().wanted).toEqual({ liquidity: 'BTCUSDT' });
    fireEvent.click(screen.getByRole('button', { name: /Instrument of the heatmap/ }));
    fireEvent.click(screen.getByRole('option', { name: 'SOLUSDT' }));
    expect(useWatch.getState().wanted).toEqual({ liquidity: 'SOLUSDT' });
    expect(screen.getByText('pinned')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: /Instrument of the heatmap/ }));
    fireEvent.click(screen.getByRole('option', { name: 'follow the focus' }));
    expect(useWatch.getState().wanted).toEqual({ liquidity: 'BTCUSDT' });
    shown.unmount();
    expect(useWatch.getState().wanted).toEqual({});
  });

  it('liquidity says so when there is no room for its ladder', () => {
    statusChanged(sampleStatus());
    useWatch.setState({ wanted: { one: 'ADAUSDT', two: 'XRPUSDT' } });
    useChart.setState({ liquidityPinned: 'SOLUSDT' });
    render(<LiquidityPanel />);
    expect(screen.getByText(/SOLUSDT has no room/)).toBeTruthy();
  });
});
