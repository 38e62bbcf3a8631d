/**
 * StatisticsPanel: what this session's closed scalps say, how surely, and the day's curve.
 *
 * Imports   contract, format, stores, ui, ./statistics-rows, ./EquityCurve.
 */
import { useMemo, useState } from 'react';
import type { Shelf } from '../../stores/history-store.ts';
import { useHistory } from '../../stores/history-store.ts';
import { useStatus } from '../../stores/status-store.ts';
import { signedMoney } from '../../format/numbers.ts';
import { clock } from '../../format/times.ts';
import { Panel } from '../../ui/Panel.tsx';
import { EquityCurve } from './EquityCurve.tsx';
import {
  GROUPINGS,
  groupRows,
  headFigures,
  NO_FIGURE,
  type Figure,
  type Grouping,
} from './statistics-rows.ts';
import './statistics.css';

const HEADS: readonly (readonly [head: string, meaning: string])[] = [
  ['n', 'Closed scalps'],
  ['Win %', 'Share won, after fees, with its standard error'],
  ['Expectancy', 'Mean result after fees, with its standard error'],
  ['R', 'The same over what the first stop risked'],
  ['Net', 'Sum after fees'],
];

export function StatisticsPanel() {
  const scalps = useHistory((state) => state.scalps);
  const count = scalps.rows.length;
  return (
    <Panel
      name="statistics"
      title="Session statistics"
      aside={<span className="chip">{count} scalps</span>}
      right={<Basis shelf={scalps} />}
    >
      <Body />
    </Panel>
  );
}

/** From what the figures are made, when that is less than everything. */
function Basis({ shelf }: { readonly shelf: Shelf<unknown> }) {
  if (!shelf.isWhole) return <span>asking the engine for older scalps …</span>;
  const { dropped, missed } = shelf;
  if (dropped + missed === 0) return <span>all of this session</span>;
  return (
    <span className="chip chip--warn">
      without {dropped + missed} scalps: {dropped} too old, {missed} missed
    </span>
  );
}

function Body() {
  const scalps = useHistory((state) => state.scalps.rows);
  const orders = useHistory((state) => state.orders.rows);
  const equity = useHistory((state) => state.equity.rows);
  const isWhole = useHistory((state) => state.scalps.isWhole);
  const currency = useStatus((status) => status.pnl.currency) ?? '';
  const figures = useMemo(
    () => headFigures(scalps, orders, equity, currency),
    [scalps, orders, equity, currency],
  );
  if (scalps.length === 0 && equity.length === 0) {
    return (
      <p className="empty">
        {isWhole
          ? 'No scalp has been closed in this session. Figures appear from the fifth on.'
          : 'Asking the engine for the scalps of this session …'}
      </p>
    );
  }
  return (
    <div className="statistics">
      <dl className="statistics__figures" aria-label="Figures">
        {figures.map((figure) => (
          <FigureCell key={figure.key} figure={figure} />
        ))}
      </dl>
      <Curve />
      <Groups />
    </div>
  );
}

function FigureCell({ figure }: { readonly figure: Figure }) {
  const { key, name, meaning, text, error, note, sign, isWeak } = figure;
  const colour = sign > 0 ? 'up' : sign < 0 ? 'down' : '';
  const isNone = text === NO_FIGURE;
  const look = isNone ? 'statistics__value--none' : `num ${isWeak ? 'dim' : colour}`;
  return (
    <div className="statistics__figure" data-figure={key} title={meaning}>
      <dt>{name}</dt>
      <dd>
        <span className={`statistics__value ${look}`}>{text}</span>
        {error !== '' && <span className="num dim"> {error}</span>}
      </dd>
      <dd className="statistics__note">{note}</dd>
    </div>
  );
}

function Curve() {
  const points = useHistory((state) => state.equity.rows);
  const last = points.at(-1);
  const first = points[0];
  if (last === undefined || first === undefined) {
    return <p className="empty statistics__curve">The day’s curve begins with the next second.</p>;
  }
  const label =
    `The day’s result from ${clock(first.atMs)} to ${clock(last.atMs)} UTC, ` +
    `now ${signedMoney(last.day)}, ${signedMoney(last.drawdown).replace('+', '')} below its peak`;
  return (
    <section className="statistics__day">
      <h3>
        Day’s result
        <span className="num">{signedMoney(last.day)}</span>
      </h3>
      <EquityCurve points={points} label={label} />
    </section>
  );
}

function Groups() {
  const [by, setBy] = useState<Grouping>('exit');
  const scalps = useHistory((state) => state.scalps.rows);
  const rows = useMemo(() => groupRows(scalps, by), [scalps, by]);
  return (
    <section className="statistics__groups">
      <h3 role="group" aria-label="Group by">
        By
        {GROUPINGS.map((name) => (
          <button
            key={name}
            type="button"
            className={`chip ${by === name ? 'chip--own' : ''}`}
            aria-pressed={by === name}
            onClick={() => setBy(name)}
          >
            {name === 'exit' ? 'exit kind' : name}
          </button>
        ))}
      </h3>
      <table className="table table--tight" aria-label={`Results by ${by}`}>
        <thead>
          <tr>
            <th scope="col">
              {by === 'exit' ? 'Closed by' : by === 'signal' ? 'Opened by' : 'Instrument'}
            </th>
            {HEADS.map(([head, meaning]) => (
              <th key={head} scope="col" className="n" title={meaning}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key} className={row.isWeak ? 'dim' : ''}>
              <th scope="row">{row.key}</th>
              <td className="n">{row.count}</td>
              <td className="n">{row.winRate}</td>
              <td className="n">{row.expectancy}</td>
              <td className="n">{row.expectancyR}</td>
              <td className={`n ${row.netSign > 0 ? 'up' : row.netSign < 0 ? 'down' : ''}`}>
                {row.net}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p className="empty">No scalp has been closed yet.</p>}
    </section>
  );
}
