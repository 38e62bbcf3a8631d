/**
 * ImbalancePanel: who presses, everywhere: each instrument's five best levels and its last minute.
 *
 * A click on a row puts the instrument into focus. The same figures stand in a hidden table.
 *
 * Imports   contract, canvas, domain, format, frame, live, stores, ui, ./imbalance-*.
 */
import { useEffect, useMemo, useRef } from 'react';
import { FrameInstrument } from '../../../engine/contract/frames.ts';
import { LEVELS } from '../../../engine/domain/market.ts';
import { pointIn, rowAt } from '../../canvas/hit-test.ts';
import { Grid } from '../../format/grid.ts';
import { addPainter } from '../../frame/frame-loop.ts';
import { liveMarket } from '../../live/live-market.ts';
import { currentInstruments, useStatus } from '../../stores/status-store.ts';
import { focusInstrument, useView } from '../../stores/view-store.ts';
import { Panel } from '../../ui/Panel.tsx';
import { ImbalancePainter } from './imbalance-painter.ts';
import { FOOT_HEIGHT, imbalanceText, ROW_HEIGHT } from './imbalance-rows.ts';
import './imbalance.css';

const TABLE_EVERY_MS = 500;

export function ImbalancePanel() {
  const grids = useGrids();
  const height = Math.max(1, grids.length) * ROW_HEIGHT + FOOT_HEIGHT + 2;
  return (
    <Panel
      name="imbalance"
      title="Imbalance"
      aside={<span className="panel__aside">five levels, bid less ask over both</span>}
      right="last 60 s"
    >
      {grids.length === 0 ? (
        <p className="empty">No instruments yet.</p>
      ) : (
        <ImbalanceBody grids={grids} height={height} />
      )}
    </Panel>
  );
}

/** New only when an instrument comes or changes its grid. */
function useGrids(): readonly Grid[] {
  const key = useStatus((status) =>
    status.instruments.map(({ symbol, tickSize, lotSize }) => symbol + tickSize + lotSize).join(),
  );
  return useMemo(
    () => (key === null ? [] : currentInstruments().map((instrument) => new Grid(instrument))),
    [key],
  );
}

interface BodyProps {
  readonly grids: readonly Grid[];
  readonly height: number;
}

function ImbalanceBody({ grids, height }: BodyProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<ImbalancePainter | null>(null);
  const focus = useView((state) => state.focus);

  useEffect(() => {
    if (canvas.current === null) return undefined;
    const made = new ImbalancePainter(canvas.current, liveMarket);
    painter.current = made;
    const remove = addPainter(made);
    return () => {
      remove();
      made.dispose();
      painter.current = null;
    };
  }, []);
  useEffect(() => painter.current?.setGrids(grids), [grids]);
  useEffect(() => painter.current?.setFocus(focus), [focus]);

  return (
    <div
      className="imbalance"
      style={{ height }}
      onClick={(event) => {
        const { y } = pointIn(event.currentTarget, event);
        const grid = grids[rowAt(y, 0, ROW_HEIGHT, grids.length)];
        if (grid !== undefined) focusInstrument(grid.symbol);
      }}
    >
      <canvas ref={canvas} aria-hidden="true" />
      <ImbalanceTable grids={grids} />
    </div>
  );
}

function ImbalanceTable({ grids }: { readonly grids: readonly Grid[] }) {
  const body = useRef<HTMLTableSectionElement>(null);

  useEffect(() => {
    const timer = setInterval(() => {
      if (body.current !== null) writeTable(body.current, grids);
    }, TABLE_EVERY_MS);
    return () => clearInterval(timer);
  }, [grids]);

  const levels = Array.from({ length: LEVELS }, (_, level) => level + 1);
  return (
    <table className="hidden" data-role="imbalance-rows">
      <caption>Imbalance of the five best levels, hundredths</caption>
      <thead>
        <tr>
          <th scope="col">Instrument</th>
          {levels.map((level) => (
            <th key={level} scope="col">
              Level {level}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {grids.map(({ symbol }) => (
          <tr key={symbol}>
            <th scope="row">{symbol}</th>
            {levels.map((level) => (
              <td key={level} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function writeTable(body: HTMLTableSectionElement, grids: readonly Grid[]): void {
  const { book } = liveMarket;
  grids.forEach(({ index }, row) => {
    const isValid = book.isValid(index);
    for (let level = 0; level < LEVELS; level++) {
      const cell = body.children[row]?.children[level + 1];
      const value = book.field(index, FrameInstrument.Imbalance0 + level);
      if (cell !== undefined) cell.textContent = isValid ? imbalanceText(value) : '';
    }
  });
}
