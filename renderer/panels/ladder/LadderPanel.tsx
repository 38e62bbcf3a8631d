/**
 * LadderPanel: the order book of one instrument by price, with volume, own orders and scalp bands.
 *
 * React renders the title bar; the canvas is painted by the frame loop.
 *
 * Imports   canvas, format, frame, live, stores, ui, ./ladder-*.
 */
import { useEffect, useMemo, useRef, type KeyboardEvent } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { EngineStatus } from '../../../engine/contract/status.ts';
import { Grid } from '../../format/grid.ts';
import { addPainter } from '../../frame/frame-loop.ts';
import { liveMarket } from '../../live/live-market.ts';
import { useCommands } from '../../stores/commands-store.ts';
import { choosePreset, keepPreset } from '../../stores/hand-store.ts';
import { currentInstrument, useStatus } from '../../stores/status-store.ts';
import {
  groupLadder,
  GROUPINGS,
  showInLadder,
  useView,
  type LadderIndex,
} from '../../stores/view-store.ts';
import { Menu } from '../../ui/Menu.tsx';
import { ladderMarks } from './ladder-marks.ts';
import { LadderPainter } from './ladder-painter.ts';
import { attachLadderPointer } from './ladder-pointer.ts';
import { createLadderHand } from './ladder-hand.ts';
import { LadderFoot } from './LadderFoot.tsx';
import { LadderFlow } from './LadderFlow.tsx';
import { LadderLock } from './LadderLock.tsx';
import { LadderOrders } from './LadderOrders.tsx';
import { LadderTable } from './LadderTable.tsx';
import './ladder.css';

const DOTS = ['var(--info)', 'var(--second)'] as const;

export function LadderPanel({ ladder }: { readonly ladder: LadderIndex }) {
  const symbol = useView((state) => state.ladders[ladder]);
  const tickSize = useStatus((status) => sizesOf(status, symbol));
  const grid = useMemo(() => {
    const instrument = currentInstrument(symbol);
    return instrument === null || tickSize === null ? null : new Grid(instrument);
  }, [symbol, tickSize]);

  return (
    <section
      className="panel panel--ladder"
      data-panel="ladder"
      data-ladder={ladder}
      aria-label={`Ladder ${symbol}`}
      onKeyDown={(event) => presetByKey(event, symbol)}
    >
      <LadderBar ladder={ladder} symbol={symbol} grid={grid} />
      <div className="ladder__heads" aria-hidden="true">
        <span>Vol</span>
        <span>Bid</span>
        <span>Price</span>
        <span>Ask</span>
        <span>Own</span>
      </div>
      {grid === null ? (
        <p className="empty">No instrument to show yet.</p>
      ) : (
        <>
          <LadderBody ladder={ladder} grid={grid} />
          <LadderFoot ladder={ladder} grid={grid} />
          <LadderOrders symbol={symbol} />
        </>
      )}
    </section>
  );
}

/** Alt+1 … 5 choose a preset, with Shift they keep the present size in it. */
function presetByKey(event: KeyboardEvent, symbol: string): void {
  const digit = /^Digit([1-5])$/.exec(event.code)?.[1];
  if (digit === undefined || !event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  event.stopPropagation();
  if (event.shiftKey) keepPreset(symbol, Number(digit) - 1);
  else choosePreset(symbol, Number(digit) - 1);
}

/** Changes when the grid of the instrument does, and not with its prices. */
function sizesOf(status: EngineStatus, symbol: string): string {
  const found = status.instruments.find((instrument) => instrument.symbol === symbol);
  return found === undefined ? '' : `${found.index} ${found.tickSize} ${found.lotSize}`;
}

interface BarProps {
  readonly ladder: LadderIndex;
  readonly symbol: string;
  readonly grid: Grid | null;
}

function LadderBar({ ladder, symbol, grid }: BarProps) {
  const symbols = useStatus(useShallow((status) => status.instruments.map((i) => i.symbol)));
  const book = useStatus(
    (status) => status.instruments.find((i) => i.symbol === symbol)?.book ?? 'idle',
  );
  const group = useView((state) => state.groups[ladder]);
  const groupings = GROUPINGS.map((ticks) => `×${ticks}`);
  return (
    <div className="panel__tab">
      <span className="dot" style={{ background: DOTS[ladder] }} />
      <Menu
        label="Instrument"
        value={symbol}
        options={symbols ?? []}
        onChoose={(chosen) => showInLadder(ladder, chosen)}
      />
      <span className="chip">
        <span className="ladder__tick">{grid?.tickSize ?? ''}</span>
        <Menu
          label="Ticks per row"
          className="menu--chip"
          value={`×${group}`}
          options={groupings}
          onChoose={(chosen) => groupLadder(ladder, Number(chosen.slice(1)))}
        />
      </span>
      <div className="panel__right">
        {book !== null && book !== 'synced' && (
          <span className="chip chip--bad">{book.toUpperCase()}</span>
        )}
        {grid !== null && <LadderFlow grid={grid} />}
        {grid !== null && <LadderLock symbol={symbol} />}
      </div>
    </div>
  );
}

interface BodyProps {
  readonly ladder: LadderIndex;
  readonly grid: Grid;
}

function LadderBody({ ladder, grid }: BodyProps) {
  const holder = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const cursor = useRef<HTMLDivElement>(null);
  const painter = useRef<LadderPainter | null>(null);
  const group = useView((state) => state.groups[ladder]);
  const recentres = useView((state) => state.recentres);
  const scalps = useStatus((status) => status.scalps);
  const orders = useStatus((status) => status.orders);
  const requests = useCommands((state) => state.requests);

  useEffect(() => {
    if (canvas.current === null || holder.current === null || cursor.current === null) return;
    const made = new LadderPainter(canvas.current, liveMarket, grid);
    painter.current = made;
    const removePainter = addPainter(made);
    const hand = createLadderHand({
      ladder,
      grid,
      rowOf: (ticks, side) =>
        side > 0 ? made.view.scale.bidRow(ticks) : made.view.scale.askRow(ticks),
    });
    const detach = attachLadderPointer({
      element: holder.current,
      cursor: cursor.current,
      view: made.view,
      shown: made.shown,
      hand,
      best: (side) => made.best(side),
    });
    return () => {
      removePainter();
      detach();
      made.dispose();
      painter.current = null;
    };
  }, [grid, ladder]);

  const marks = useMemo(
    () => ladderMarks(scalps ?? [], orders ?? [], grid, requests),
    [scalps, orders, grid, requests],
  );
  // Without a list: after a new grid the new painter must hear everything again.
  useEffect(() => {
    painter.current?.setGroup(group);
    painter.current?.setMarks(marks);
  });
  useEffect(() => {
    if (recentres > 0) painter.current?.recentre();
  }, [recentres]);

  return (
    <div
      ref={holder}
      className="panel__body panel__body--still ladder"
      tabIndex={0}
      role="group"
      aria-label={`Order book ${grid.symbol}; arrows choose a row; B buys, S sells, X cancels`}
    >
      <canvas ref={canvas} aria-hidden="true" />
      <div ref={cursor} className="ladder__cursor" aria-hidden="true" />
      <div className="ladder__away" aria-hidden="true">
        the market is <span /> · <kbd>C</kbd>
      </div>
      <LadderTable grid={grid} />
    </div>
  );
}
