/**
 * OrdersFillsPanel: orders that work and that ended, fills, closed scalps, events: everything that
 * happened in this session, whenever this window came.
 *
 * Imports   contract, stores, ui, ./blotter-rows, ./columns.
 */
import { useMemo, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { OrderStatus } from '../../../engine/contract/status.ts';
import { useHistory } from '../../stores/history-store.ts';
import { useStatus } from '../../stores/status-store.ts';
import { focusInstrument } from '../../stores/view-store.ts';
import { downloadText } from '../../ui/download.ts';
import { Menu } from '../../ui/Menu.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { VirtualTable } from '../../ui/VirtualTable.tsx';
import {
  ANY_OWNER,
  ANY_SYMBOL,
  fillsCsv,
  fits,
  linesOf,
  NO_FILTER,
  ORDER_STATES,
  orderLines,
  ordersCsv,
  scalpsCsv,
  type Filter,
} from './blotter-rows.ts';
import { EVENT_COLUMNS, FILL_COLUMNS, ORDER_COLUMNS, SCALP_COLUMNS } from './columns.tsx';
import './orders-fills.css';

const TABS = ['orders', 'fills', 'scalps', 'events'] as const;
type Tab = (typeof TABS)[number];
const OWNERS = [ANY_OWNER, 'scalper', 'quoter', 'hand', 'none'];
const NO_ORDERS: readonly OrderStatus[] = [];

export function OrdersFillsPanel() {
  const [tab, setTab] = useState<Tab>('orders');
  const [filter, setFilter] = useState<Filter>(NO_FILTER);
  return (
    <Panel
      name="orders-fills"
      title="Orders & fills"
      aside={<Tabs tab={tab} onChoose={setTab} />}
      right={<Tools tab={tab} filter={filter} onFilter={setFilter} />}
      isStill
    >
      <div className="blotter" role="tabpanel" id="blotter-table" aria-label={tab}>
        {tab === 'orders' && <Orders filter={filter} />}
        {tab === 'fills' && <Fills filter={filter} />}
        {tab === 'scalps' && <Scalps filter={filter} />}
        {tab === 'events' && <Events />}
      </div>
    </Panel>
  );
}

interface TabsProps {
  readonly tab: Tab;
  readonly onChoose: (tab: Tab) => void;
}

function Tabs({ tab, onChoose }: TabsProps) {
  const working = useStatus((status) => status.orders.length) ?? 0;
  const counts = useHistory(
    useShallow(({ fills, scalps, events }) => ({
      fills: fills.rows.length,
      scalps: scalps.rows.length,
      events: events.rows.length,
    })),
  );
  const figures: Readonly<Record<Tab, number>> = { orders: working, ...counts };
  return (
    <span role="tablist" aria-label="What to show" className="blotter__tabs">
      {TABS.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          aria-selected={name === tab}
          aria-controls="blotter-table"
          className={`chip ${name === tab ? 'chip--own' : ''}`}
          onClick={() => onChoose(name)}
        >
          {name} {figures[name]}
        </button>
      ))}
    </span>
  );
}

interface ToolsProps {
  readonly tab: Tab;
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
}

function Tools({ tab, filter, onFilter }: ToolsProps) {
  const symbols = useStatus(useShallow((status) => status.instruments.map(({ symbol }) => symbol)));
  if (tab === 'events') return null;
  const isFiltered = filter !== NO_FILTER;
  return (
    <>
      <Menu
        label="Instrument"
        value={filter.symbol}
        options={[ANY_SYMBOL, ...(symbols ?? [])]}
        onChoose={(symbol) => onFilter({ ...filter, symbol })}
      />
      {tab !== 'scalps' && (
        <Menu
          label="Owner"
          value={filter.owner}
          options={OWNERS}
          onChoose={(owner) => onFilter({ ...filter, owner })}
        />
      )}
      {tab === 'orders' && (
        <Menu
          label="State"
          value={filter.state}
          options={ORDER_STATES}
          onChoose={(state) => onFilter({ ...filter, state })}
        />
      )}
      {isFiltered && (
        <button type="button" className="chip" onClick={() => onFilter(NO_FILTER)}>
          show all
        </button>
      )}
      <button
        type="button"
        className="chip"
        title={`Saves every row of ${tab} that this window has, as a table`}
        onClick={() => save(tab)}
      >
        CSV
      </button>
    </>
  );
}

function save(tab: Tab): void {
  const { orders, fills, scalps } = useHistory.getState();
  const texts: Readonly<Record<Tab, () => string>> = {
    orders: () => ordersCsv(orders.rows),
    fills: () => fillsCsv(fills.rows),
    scalps: () => scalpsCsv(scalps.rows),
    events: () => '',
  };
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  downloadText(`tickdeck-${tab}-${stamp}.csv`, texts[tab](), 'text/csv');
}

interface TableProps {
  readonly filter: Filter;
}

function Orders({ filter }: TableProps) {
  const working = useStatus((status) => status.orders) ?? NO_ORDERS;
  const nowMs = useStatus((status) => (status.orders.length === 0 ? 0 : status.atMs)) ?? 0;
  const ended = useHistory((state) => state.orders);
  const lines = useMemo(
    () => orderLines(working, ended, filter, nowMs),
    [working, ended, filter, nowMs],
  );
  return (
    <VirtualTable
      label="Orders"
      columns={ORDER_COLUMNS}
      lines={lines}
      onChoose={(row) => focusInstrument(row.symbol)}
      empty={<Nothing what="orders" isWhole={ended.isWhole} filter={filter} />}
    />
  );
}

function Fills({ filter }: TableProps) {
  const shelf = useHistory((state) => state.fills);
  const lines = useMemo(
    () => linesOf(shelf, (row) => (fits(row, filter) ? row : null)),
    [shelf, filter],
  );
  return (
    <VirtualTable
      label="Fills"
      columns={FILL_COLUMNS}
      lines={lines}
      onChoose={(row) => focusInstrument(row.symbol)}
      empty={<Nothing what="fills" isWhole={shelf.isWhole} filter={filter} />}
    />
  );
}

function Scalps({ filter }: TableProps) {
  const shelf = useHistory((state) => state.scalps);
  const lines = useMemo(
    () => linesOf(shelf, (row) => (fits(row, filter) ? row : null)),
    [shelf, filter],
  );
  return (
    <VirtualTable
      label="Closed scalps"
      columns={SCALP_COLUMNS}
      lines={lines}
      onChoose={(row) => focusInstrument(row.symbol)}
      empty={<Nothing what="closed scalps" isWhole={shelf.isWhole} filter={filter} />}
    />
  );
}

function Events() {
  const shelf = useHistory((state) => state.events);
  const lines = useMemo(() => linesOf(shelf, (row) => row), [shelf]);
  return (
    <VirtualTable
      label="Events"
      columns={EVENT_COLUMNS}
      lines={lines}
      empty={<Nothing what="events" isWhole={shelf.isWhole} filter={NO_FILTER} />}
    />
  );
}

interface NothingProps {
  readonly what: string;
  readonly isWhole: boolean;
  readonly filter: Filter;
}

function Nothing({ what, isWhole, filter }: NothingProps) {
  if (!isWhole) return <>Asking the engine for the {what} of this session …</>;
  if (filter !== NO_FILTER) return <>No {what} fit what is chosen above.</>;
  return (
    <>
      No {what} in this session yet. What happens is kept by the engine and shown here, whenever
      this window was opened.
    </>
  );
}
