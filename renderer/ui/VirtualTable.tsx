/**
 * VirtualTable: a long table of which only the rows in sight are made. Columns sort by a press on
 * their head; a line between two rows says what is missing there.
 *
 * It holds still while the pointer is on it or it is scrolled: what comes meanwhile is counted and
 * shown when it is let go.
 *
 * Imports   react, ./rows-in-sight.
 */
import { useMemo, useState, type ReactNode } from 'react';
import { useRowsInSight } from './rows-in-sight.ts';
import './virtual-table.css';

export interface Column<T> {
  readonly key: string;
  readonly head: string;
  /** CSS width of the column in the grid, e.g. "72px" or "minmax(80px, 1fr)". */
  readonly width: string;
  readonly isNumber?: boolean;
  /** Figures that start at the left. */
  readonly isTime?: boolean;
  readonly title?: string;
  readonly cell: (row: T) => ReactNode;
  /** What the column sorts by; none: it does not sort. */
  readonly order?: (row: T) => number | string;
}

export type Line<T> =
  | { readonly kind: 'row'; readonly key: string; readonly row: T }
  /** Stands for rows that nobody has. */
  | { readonly kind: 'note'; readonly key: string; readonly text: string };

export interface VirtualTableProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  /** In the order in which they are shown while no column sorts. */
  readonly lines: readonly Line<T>[];
  readonly empty: ReactNode;
  readonly onChoose?: (row: T) => void;
}

interface Sorting {
  readonly key: string;
  readonly isDown: boolean;
}

const ROW_PX = 20;

export function VirtualTable<T>({ label, columns, lines, empty, onChoose }: VirtualTableProps<T>) {
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const [held, setHeld] = useState<readonly Line<T>[] | null>(null);
  const [isScrolled, setScrolled] = useState(false);
  const shown = held ?? lines;
  const sorted = useMemo(() => sortLines(shown, columns, sorting), [shown, columns, sorting]);
  const { items, totalPx } = useRowsInSight(sorted.length, ROW_PX, scroller);
  const grid = { gridTemplateColumns: columns.map(({ width }) => width).join(' ') };
  const waiting = held === null ? 0 : Math.max(0, newer(lines, held));

  const letGo = (): void => {
    if (!isScrolled) setHeld(null);
  };
  const onScroll = (top: number): void => {
    const now = top > 0;
    if (now === isScrolled) return;
    setScrolled(now);
    if (now) setHeld((before) => before ?? lines);
  };

  return (
    <div className="vtable" role="table" aria-label={label} aria-rowcount={sorted.length + 1}>
      <div
        ref={setScroller}
        className="vtable__body"
        tabIndex={0}
        onPointerEnter={() => setHeld((before) => before ?? lines)}
        onPointerLeave={letGo}
        onScroll={(event) => onScroll(event.currentTarget.scrollTop)}
      >
        <Heads
          columns={columns}
          sorting={sorting}
          grid={grid}
          onSort={(key) => setSorting((before) => nextSorting(before, key))}
        />
        {sorted.length === 0 ? (
          <div className="empty">{empty}</div>
        ) : (
          <div role="rowgroup" className="vtable__rows" style={{ height: totalPx }}>
            {items.map(({ index, start }) => (
              <BodyLine
                key={sorted[index]?.key ?? index}
                line={sorted[index]}
                index={index}
                style={{ ...grid, transform: `translateY(${start}px)` }}
                columns={columns}
                onChoose={onChoose}
              />
            ))}
          </div>
        )}
      </div>
      {waiting > 0 && (
        <button
          type="button"
          className="chip chip--warn vtable__waiting"
          onClick={() => {
            scroller?.scrollTo({ top: 0 });
            setScrolled(false);
            setHeld(null);
          }}
        >
          {waiting} new, held
        </button>
      )}
    </div>
  );
}

interface HeadsProps<T> {
  readonly columns: readonly Column<T>[];
  readonly sorting: Sorting | null;
  readonly grid: Readonly<Record<string, string>>;
  readonly onSort: (key: string) => void;
}

function Heads<T>({ columns, sorting, grid, onSort }: HeadsProps<T>) {
  return (
    <div role="rowgroup" className="vtable__heads">
      <div role="row" className="vtable__row" style={grid}>
        {columns.map((column) => (
          <Head
            key={column.key}
            column={column}
            sorting={sorting}
            onSort={() => onSort(column.key)}
          />
        ))}
      </div>
    </div>
  );
}

interface HeadProps<T> {
  readonly column: Column<T>;
  readonly sorting: Sorting | null;
  readonly onSort: () => void;
}

function Head<T>({ column, sorting, onSort }: HeadProps<T>) {
  const { key, head, title, order } = column;
  const isSorted = sorting?.key === key;
  const direction = isSorted ? (sorting.isDown ? 'descending' : 'ascending') : 'none';
  const look = column.isNumber === true ? 'vtable__head n' : 'vtable__head';
  return (
    <div role="columnheader" aria-sort={direction} className={look} title={title}>
      {order === undefined ? (
        <span>{head}</span>
      ) : (
        <button type="button" onClick={onSort}>
          {head}
          {isSorted && <i aria-hidden="true">{sorting.isDown ? '▾' : '▴'}</i>}
        </button>
      )}
    </div>
  );
}

interface BodyLineProps<T> {
  /** None for a moment, when the list has just become shorter. */
  readonly line: Line<T> | undefined;
  readonly index: number;
  readonly style: Readonly<Record<string, string>>;
  readonly columns: readonly Column<T>[];
  readonly onChoose: ((row: T) => void) | undefined;
}

function BodyLine<T>({ line, index, style, columns, onChoose }: BodyLineProps<T>) {
  if (line === undefined) return null;
  if (line.kind === 'note') {
    const { transform } = style;
    return (
      <div
        role="row"
        aria-rowindex={index + 2}
        className="vtable__row vtable__note"
        style={transform === undefined ? {} : { transform }}
        data-role="hole"
      >
        <span role="cell" aria-colspan={columns.length}>
          {line.text}
        </span>
      </div>
    );
  }
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className="vtable__row"
      style={style}
      data-key={line.key}
      onClick={onChoose === undefined ? undefined : () => onChoose(line.row)}
    >
      {columns.map(({ key, isNumber, isTime, cell }) => (
        <span
          key={key}
          role="cell"
          data-cell={key}
          className={lookOf(isNumber === true, isTime === true)}
        >
          {cell(line.row)}
        </span>
      ))}
    </div>
  );
}

function lookOf(isNumber: boolean, isTime: boolean): string {
  if (isNumber) return 'vtable__cell n';
  return isTime ? 'vtable__cell num' : 'vtable__cell';
}

/** Down, up, then as it comes. */
function nextSorting(before: Sorting | null, key: string): Sorting | null {
  if (before?.key !== key) return { key, isDown: true };
  return before.isDown ? { key, isDown: false } : null;
}

/** Notes stand between rows in time; in any other order they stand at the end. */
export function sortLines<T>(
  lines: readonly Line<T>[],
  columns: readonly Column<T>[],
  sorting: Sorting | null,
): readonly Line<T>[] {
  const order = columns.find(({ key }) => key === sorting?.key)?.order;
  if (order === undefined || sorting === null) return lines;
  const sign = sorting.isDown ? -1 : 1;
  const ordered = lines.flatMap((line) =>
    line.kind === 'row' ? [{ line, value: order(line.row) }] : [],
  );
  ordered.sort((a, b) => (a.value < b.value ? -sign : a.value > b.value ? sign : 0));
  return [...ordered.map(({ line }) => line), ...lines.filter(({ kind }) => kind === 'note')];
}

/** How many lines stand before the one that was first when it was held. */
function newer<T>(lines: readonly Line<T>[], held: readonly Line<T>[]): number {
  const first = held[0]?.key;
  return first === undefined ? lines.length : lines.findIndex(({ key }) => key === first);
}
