/**
 * ScalpsPanel: every open scalp: what it is worth, what will close it, how long it has, why it
 * exists.
 *
 * Imports   commands, contract, format, stores, ui, ./scalp-rows.
 */
import { memo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { EngineStatus, ScalpStatus } from '../../../engine/contract/status.ts';
import { closeScalp } from '../../commands/commands.ts';
import { money, signedMoney } from '../../format/numbers.ts';
import { useCommands } from '../../stores/commands-store.ts';
import { useStatus } from '../../stores/status-store.ts';
import { focusInstrument } from '../../stores/view-store.ts';
import { Panel } from '../../ui/Panel.tsx';
import { Ring } from '../../ui/Ring.tsx';
import { scalpRow } from './scalp-rows.ts';
import './scalps.css';

const COLUMNS = [
  ...['name', 'side', 'size', 'price', 'price', 'pnl'],
  ...['price', 'price', 'exit', 'left', 'why', 'close'],
];

const HEADS: readonly (readonly [head: string, look: string])[] = [
  ['Instrument', ''],
  ['Side', ''],
  ['Size', 'n'],
  ['Entry', 'n'],
  ['Now', 'n'],
  ['PnL', 'n'],
  ['Stop', 'n'],
  ['Target', 'n'],
  ['Exit state', ''],
  ['Left', ''],
  ['Opened by', ''],
];

export function ScalpsPanel() {
  const ids = useStatus(useShallow((status: EngineStatus) => status.scalps.map(({ id }) => id)));
  return (
    <Panel
      name="scalps"
      title="Open scalps"
      aside={<span className="chip">{ids?.length ?? 0}</span>}
      right={<DaySummary />}
    >
      <table className="table table--fixed scalps" aria-label="Open scalps">
        <colgroup>
          {COLUMNS.map((name, i) => (
            <col key={`${name} ${i}`} className={`scalps__${name}`} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {HEADS.map(([head, look]) => (
              <th key={head} scope="col" className={look}>
                {head}
              </th>
            ))}
            <th scope="col" aria-label="Close" />
          </tr>
        </thead>
        <tbody>
          {(ids ?? []).map((id) => (
            <Row key={id} id={id} />
          ))}
        </tbody>
      </table>
      {ids !== null && ids.length === 0 && (
        <p className="empty">
          No open scalps. When a strategy is armed and the signals agree, its trades appear here.
        </p>
      )}
    </Panel>
  );
}

/** One open scalp. Renders again only when this scalp changes. */
const Row = memo(function Row({ id }: { readonly id: number }) {
  const scalp = useStatus((status) => status.scalps.find((s) => s.id === id) ?? null);
  return scalp === null ? null : <Cells scalp={scalp} />;
});

function Cells({ scalp }: { readonly scalp: ScalpStatus }) {
  const row = scalpRow(scalp);
  const sign = row.pnlSign > 0 ? 'up' : row.pnlSign < 0 ? 'down' : '';
  return (
    <tr data-scalp={row.id} onClick={() => focusInstrument(row.symbol)}>
      <th scope="row" data-cell="name">
        {row.symbol}
      </th>
      <td data-cell="side" className={row.side === 'LONG' ? 'up' : 'down'}>
        {row.side}
      </td>
      <td data-cell="size" className="n">
        {row.size}
      </td>
      <td data-cell="entry" data-label="in" className="n">
        {row.entry}
      </td>
      <td data-cell="now" data-label="now" className="n">
        {row.now}
      </td>
      <td data-cell="pnl" className={`n ${sign}`}>
        {row.pnl}
      </td>
      <td data-cell="stop" data-label="stop" className="n">
        {row.stop}
      </td>
      <td data-cell="target" data-label="tgt" className="n">
        {row.target}
      </td>
      <td data-cell="exit">
        <span className={`code code--${row.codeLook}`}>{row.code}</span> {row.note}
      </td>
      <td data-cell="left">
        <span className="scalps__time num">
          <Ring share={row.leftShare} />
          {row.left}
        </span>
      </td>
      <td data-cell="why" className="scalps__why" title={row.openedBy}>
        {row.openedBy} <span className="num dim">{row.score}</span>
      </td>
      <td data-cell="close">
        <CloseButton id={row.id} symbol={row.symbol} isExiting={row.isExiting} />
      </td>
    </tr>
  );
}

interface CloseProps {
  readonly id: number;
  readonly symbol: string;
  readonly isExiting: boolean;
}

function CloseButton({ id, symbol, isExiting }: CloseProps) {
  const isPending = useCommands(({ requests }) =>
    requests.some(({ command, state }) => {
      return command.kind === 'closeScalp' && command.scalpId === id && state === 'pending';
    }),
  );
  return (
    <button
      type="button"
      className="button scalps__button"
      aria-label={`Close scalp ${id} in ${symbol}`}
      aria-busy={isPending}
      disabled={isExiting || isPending}
      onClick={(event) => {
        event.stopPropagation();
        closeScalp(id);
      }}
    >
      {isExiting ? 'Exiting' : isPending ? 'Asked' : 'Close'}
    </button>
  );
}

function DaySummary() {
  const pnl = useStatus((status) => status.pnl);
  if (pnl === null) return null;
  const { scalpsClosed: closed, scalpsWon: won } = pnl;
  const share = closed === 0 ? '' : ` (${Math.round((100 * won) / closed)} %)`;
  return (
    <span className="num panel__text">
      today {closed} closed · won {won}
      {share} · scalper {signedMoney(pnl.scalper)}
      <span className="scalps__fees"> · fees {money(pnl.fees)}</span>
    </span>
  );
}
