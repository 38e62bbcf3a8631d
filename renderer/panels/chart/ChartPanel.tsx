/**
 * ChartPanel: candles of the instrument in focus, or of a pinned one, with volume by side, EMA and
 * RSI, our fills and the bands of open scalps.
 *
 * The bars come from the engine and grow with the trades of market frames. They are asked for when
 * they are missing or have a hole; until the answer the panel says so.
 *
 * Imports   canvas, commands, contract, format, frame, live, stores, ui, ./chart-*.
 */
import { useEffect, useMemo, useRef, type KeyboardEvent } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { CANDLE_SECONDS, type CandleSeconds } from '../../../engine/contract/candles.ts';
import { askCandles } from '../../commands/commands.ts';
import { Grid } from '../../format/grid.ts';
import { addPainter } from '../../frame/frame-loop.ts';
import type { CandleSeries } from '../../live/candle-series.ts';
import { liveMarket } from '../../live/live-market.ts';
import { chartChanged, useChart } from '../../stores/chart-store.ts';
import { useHistory } from '../../stores/history-store.ts';
import { currentInstrument, useStatus } from '../../stores/status-store.ts';
import { useView } from '../../stores/view-store.ts';
import { Menu } from '../../ui/Menu.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { scalpBands } from './chart-bands.ts';
import { fillMarks } from './chart-fills.ts';
import { ChartLegend, writeLegend } from './ChartLegend.tsx';
import { ChartPainter } from './chart-painter.ts';
import './chart.css';

const FOLLOW = 'follow the focus';
const ASK_EVERY_MS = 250;

export function ChartPanel() {
  const pinned = useChart((state) => state.chartPinned);
  const focus = useView((state) => state.focus);
  const symbol = pinned === '' ? focus : pinned;
  const key = useStatus((status) => {
    const found = status.instruments.find((instrument) => instrument.symbol === symbol);
    return found === undefined ? '' : `${found.index} ${found.tickSize} ${found.lotSize}`;
  });
  const grid = useMemo(() => {
    const instrument = currentInstrument(symbol);
    return instrument === null || key === null ? null : new Grid(instrument);
  }, [symbol, key]);

  return (
    <Panel
      name="chart"
      title="Chart"
      aside={<ChartInstrument symbol={symbol} isPinned={pinned !== ''} />}
      right={<ChartTools />}
      isStill
    >
      {grid === null ? (
        <p className="empty">No instrument to show yet.</p>
      ) : (
        <ChartBody grid={grid} />
      )}
    </Panel>
  );
}

function ChartInstrument({ symbol, isPinned }: { symbol: string; isPinned: boolean }) {
  const symbols = useStatus(useShallow((status) => status.instruments.map((i) => i.symbol)));
  return (
    <>
      <Menu
        label="Instrument of the chart"
        value={symbol}
        options={[FOLLOW, ...(symbols ?? [])]}
        onChoose={(chosen) => chartChanged({ chartPinned: chosen === FOLLOW ? '' : chosen })}
      />
      {isPinned && <span className="chip chip--own">pinned</span>}
    </>
  );
}

function ChartTools() {
  const { seconds, hasEmas, hasRsi, hasOwn } = useChart();
  return (
    <>
      <span role="group" aria-label="Seconds of a bar" className="chart__intervals">
        {CANDLE_SECONDS.map((each) => (
          <button
            key={each}
            type="button"
            className={`chip ${each === seconds ? 'chip--own' : ''}`}
            aria-pressed={each === seconds}
            onClick={() => chartChanged({ seconds: each })}
          >
            {intervalText(each)}
          </button>
        ))}
      </span>
      <Toggle text="EMA 9/21" isOn={hasEmas} onTurn={(isOn) => chartChanged({ hasEmas: isOn })} />
      <Toggle text="RSI 14" isOn={hasRsi} onTurn={(isOn) => chartChanged({ hasRsi: isOn })} />
      <Toggle text="own" isOn={hasOwn} onTurn={(isOn) => chartChanged({ hasOwn: isOn })} />
    </>
  );
}

interface ToggleProps {
  readonly text: string;
  readonly isOn: boolean;
  readonly onTurn: (isOn: boolean) => void;
}

function Toggle({ text, isOn, onTurn }: ToggleProps) {
  return (
    <button
      type="button"
      className={`chip ${isOn ? 'chip--own' : ''}`}
      aria-pressed={isOn}
      onClick={() => onTurn(!isOn)}
    >
      {text}
    </button>
  );
}

export function intervalText(seconds: CandleSeconds): string {
  return seconds < 60 ? `${seconds} s` : `${seconds / 60} m`;
}

function ChartBody({ grid }: { readonly grid: Grid }) {
  const holder = useRef<HTMLDivElement>(null);
  const painter = useRef<ChartPainter | null>(null);
  const seconds = useChart((state) => state.seconds);
  const hasEmas = useChart((state) => state.hasEmas);
  const hasRsi = useChart((state) => state.hasRsi);
  const hasOwn = useChart((state) => state.hasOwn);
  const scalps = useStatus((status) => status.scalps);
  const fills = useHistory((state) => state.fills.rows);

  useEffect(() => {
    const element = holder.current;
    if (element === null) return undefined;
    const series = liveMarket.candles.open(grid.symbol, grid.index, seconds);
    const options = { grid, seconds, hasEmas, hasRsi };
    const made = new ChartPainter(element, series, options, (bar) => {
      writeLegend(element, grid, bar);
    });
    painter.current = made;
    const remove = addPainter(made);
    const stopAsking = keepAsking(series, element);
    return () => {
      stopAsking();
      remove();
      made.dispose();
      liveMarket.candles.close(series);
      painter.current = null;
    };
  }, [grid, seconds, hasEmas, hasRsi]);

  const bands = useMemo(
    () => (hasOwn ? scalpBands(scalps ?? [], grid) : []),
    [scalps, grid, hasOwn],
  );
  const marks = useMemo(
    () => (hasOwn ? fillMarks(fills, grid.symbol, seconds) : []),
    [fills, grid, seconds, hasOwn],
  );
  // Without a list: a chart that was made anew must hear everything again.
  useEffect(() => {
    painter.current?.setBands(bands);
    painter.current?.setFills(marks);
  });

  return (
    <div
      ref={holder}
      className="chart"
      tabIndex={0}
      role="group"
      aria-label={`Chart of ${grid.symbol}; + and − zoom, arrows scroll, Home and End jump`}
      data-state="empty"
      onKeyDown={(event) => steer(event, painter.current)}
    >
      <ChartLegend hasEmas={hasEmas} hasRsi={hasRsi} />
      <p className="chart__words" data-role="chart-words" aria-live="polite" />
    </div>
  );
}

/** Asks for the bars until they are there, and says what is missing. */
function keepAsking(series: CandleSeries, element: HTMLElement): () => void {
  const look = (): void => {
    liveMarket.candles.ask(series, performance.now(), crypto.randomUUID(), askCandles);
    element.dataset['state'] = series.state;
    element.dataset['bars'] = String(series.length);
    const words = element.querySelector('[data-role="chart-words"]');
    const text = stateWords(series);
    if (words !== null && words.textContent !== text) words.textContent = text;
  };
  look();
  const timer = setInterval(look, ASK_EVERY_MS);
  return () => clearInterval(timer);
}

export function stateWords({ state, length, refused }: CandleSeries): string {
  if (refused !== '') return refused;
  if (state === 'empty') return 'Waiting for the engine’s bars.';
  if (state === 'broken') return 'Trades were missed: asking for the bars again.';
  return length === 0 ? 'No trades yet. Bars appear with the first one.' : '';
}

function steer(event: KeyboardEvent, painter: ChartPainter | null): void {
  if (painter === null || event.ctrlKey || event.altKey || event.metaKey) return;
  const { view } = painter;
  const keys: Readonly<Record<string, () => void>> = {
    '+': () => view.zoom(1),
    '=': () => view.zoom(1),
    '-': () => view.zoom(-1),
    ArrowLeft: () => view.scroll(-1),
    ArrowRight: () => view.scroll(1),
    Home: () => view.toStart(painter.barCount),
    End: () => view.toEnd(),
  };
  const act = keys[event.key];
  if (act === undefined) return;
  event.preventDefault();
  act();
}
