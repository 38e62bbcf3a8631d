/**
 * LatencyPanel: where the time goes from a message to an order, and what was dropped on the way.
 *
 * Imports   contract, format, stores, ui, ./latency-rows.
 */
import type { DropStatus } from '../../../engine/contract/status.ts';
import { whole } from '../../format/numbers.ts';
import { useStatus } from '../../stores/status-store.ts';
import { Panel } from '../../ui/Panel.tsx';
import { latencyRow, latencyStrip } from './latency-rows.ts';
import './latency.css';

export function LatencyPanel() {
  const stages = useStatus((status) => status.latency);
  return (
    <Panel name="latency" title="Latency" aside={<span>µs</span>} right={<VenueClock />}>
      {stages === null || stages.length === 0 ? (
        <p className="empty">Nothing measured yet.</p>
      ) : (
        <>
          <div className="strip num" aria-hidden="true">
            {latencyStrip(stages).map((segment) => (
              <i
                key={segment.stage}
                title={segment.title}
                style={{ width: `${segment.percent}%`, background: segment.colour }}
              >
                {segment.word}
              </i>
            ))}
          </div>
          <table className="table table--tight table--fixed latency" aria-label="Latency by stage">
            <thead>
              <tr>
                <th scope="col" className="latency__stage">
                  Stage
                </th>
                {['p50', 'p99', 'p99.9', 'max', 'budget'].map((name) => (
                  <th key={name} scope="col" className="n">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {stages.map(latencyRow).map((row) => (
                <tr
                  key={row.stage}
                  data-stage={row.stage}
                  className={row.isWhole ? 'latency__whole' : ''}
                  title={row.title}
                >
                  <th scope="row">{row.word}</th>
                  <td className="n">{row.p50}</td>
                  <td className={`n ${row.isOver ? 'latency__over' : ''}`}>{row.p99}</td>
                  <td className="n">{row.p999}</td>
                  <td className="n">{row.max}</td>
                  <td className="n dim">{row.budget}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      <Drops />
    </Panel>
  );
}

function VenueClock() {
  const offset = useStatus((status) => status.venue.clockOffsetMs);
  const give = useStatus((status) => status.venue.clockUncertaintyMs);
  if (offset === null) return null;
  const sign = offset < 0 ? '−' : '+';
  const text = `${sign}${Math.abs(offset).toFixed(1)} ± ${(give ?? 0).toFixed(1)} ms`;
  return (
    <span className="num panel__text" title="the venue's clock against ours">
      clock {text}
    </span>
  );
}

const DROPS: readonly (readonly [keyof DropStatus, string, string])[] = [
  ['journalSlots', 'journal', 'records that did not fit the journal ring'],
  ['hostSlots', 'host', 'records that did not fit the host ring'],
  ['tape', 'trades', 'trades the screen ring overwrote'],
  ['malformed', 'malformed', 'messages from the venue that made no sense'],
  ['batchOverflow', 'overflow', 'batches too large: the book was synced again'],
  ['frames', 'frames', 'display frames left out for want of credit: normal'],
];

function Drops() {
  const drops = useStatus((status) => status.drops);
  if (drops === null) return null;
  return (
    <dl className="drops" aria-label="Drops">
      {DROPS.map(([field, word, title]) => (
        <div key={field} title={title}>
          <dt>{word}</dt>
          <dd className={`num ${drops[field] > 0 && field !== 'frames' ? 'latency__over' : ''}`}>
            {whole(drops[field])}
          </dd>
        </div>
      ))}
    </dl>
  );
}
