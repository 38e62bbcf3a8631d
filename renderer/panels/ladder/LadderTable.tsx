/**
 * LadderTable: the ladder's best ten rows a side as a table, hidden from sight: for screen
 * readers and for programs that read the screen. Rows are written four times a second, straight
 * into their cells.
 *
 * Prices and sizes are exact decimals without grouping. Best first on each side.
 *
 * Imports   contract, format, live, stores.
 */
import { useEffect, useRef } from 'react';
import { FrameLadder } from '../../../engine/contract/frames.ts';
import type { Grid } from '../../format/grid.ts';
import { liveMarket } from '../../live/live-market.ts';
import { useConnection } from '../../stores/connection-store.ts';

export const TABLE_ROWS = 10;
const EVERY_MS = 250;
const INDICES = Array.from({ length: TABLE_ROWS }, (_, i) => i);

export function LadderTable({ grid }: { readonly grid: Grid }) {
  const body = useRef<HTMLTableSectionElement>(null);

  useEffect(() => {
    const write = (): void => {
      if (body.current !== null) writeRows(body.current, grid);
    };
    write();
    const timer = setInterval(write, EVERY_MS);
    return () => clearInterval(timer);
  }, [grid]);

  return (
    <table className="hidden" data-role="ladder-rows" data-symbol={grid.symbol}>
      <caption>Best ten prices a side, {grid.symbol}</caption>
      <thead>
        <tr>
          <th scope="col">Side</th>
          <th scope="col">Price</th>
          <th scope="col">Size</th>
        </tr>
      </thead>
      <tbody ref={body}>
        {(['ask', 'bid'] as const).flatMap((side) =>
          INDICES.map((level) => (
            <tr key={`${side} ${level}`} data-side={side} data-level={level + 1}>
              <td>{side}</td>
              <td data-cell="price" />
              <td data-cell="size" />
            </tr>
          )),
        )}
      </tbody>
    </table>
  );
}

function writeRows(body: HTMLTableSectionElement, grid: Grid): void {
  const { book } = liveMarket;
  const isLive = useConnection.getState().phase === 'live' && book.isValid(grid.index);
  const at = isLive ? book.ladderOffset(grid.index) : -1;
  INDICES.forEach((level) => {
    const ask = body.children[level];
    const bid = body.children[TABLE_ROWS + level];
    if (ask !== undefined) writeRow(ask, at, FrameLadder.AskCount, FrameLadder.Asks, level, grid);
    if (bid !== undefined) writeRow(bid, at, FrameLadder.BidCount, FrameLadder.Bids, level, grid);
  });
}

function writeRow(
  row: Element,
  at: number,
  countField: number,
  firstField: number,
  level: number,
  grid: Grid,
): void {
  const { frame } = liveMarket.book;
  const hasLevel = at >= 0 && level < (frame[at + countField] ?? 0);
  const ticks = frame[at + firstField + 2 * level] ?? 0;
  const lots = frame[at + firstField + 2 * level + 1] ?? 0;
  setText(row.children[1], hasLevel ? grid.plainPrice(ticks) : '');
  setText(row.children[2], hasLevel ? grid.plainSize(lots) : '');
}

function setText(cell: Element | undefined, text: string): void {
  if (cell !== undefined && cell.textContent !== text) cell.textContent = text;
}
