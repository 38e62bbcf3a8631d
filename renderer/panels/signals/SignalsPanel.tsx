/**
 * SignalsPanel: the eight readings of the focused instrument, as they stand now, and the last
 * score.
 *
 * Bars fade with the reading's confidence.
 *
 * Imports   contract, domain, format, frame, live, stores, ui, ./signals-painter.
 */
import { useEffect, useRef } from 'react';
import { SIGNAL_NAMES } from '../../../engine/domain/readings.ts';
import { signed } from '../../format/numbers.ts';
import { SIGNAL_WORDS } from '../../format/words.ts';
import { addPainter } from '../../frame/frame-loop.ts';
import { liveMarket } from '../../live/live-market.ts';
import { useDecisions } from '../../stores/decisions-store.ts';
import { useStatus } from '../../stores/status-store.ts';
import { useView } from '../../stores/view-store.ts';
import { Bar } from '../../ui/Bar.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { SignalsPainter } from './signals-painter.ts';
import './signals.css';

export function SignalsPanel() {
  const symbol = useView((state) => state.focus);
  const index = useStatus(
    (status) => status.instruments.find((i) => i.symbol === symbol)?.index ?? -1,
  );
  return (
    <Panel
      name="signals"
      title="Signals"
      aside={<span className="panel__aside">{symbol}</span>}
      right={<LastScore symbol={symbol} />}
    >
      {index === null || index < 0 ? (
        <p className="empty">No instrument in focus.</p>
      ) : (
        <Readings key={symbol} instrument={index} />
      )}
    </Panel>
  );
}

function LastScore({ symbol }: { readonly symbol: string }) {
  const decision = useDecisions(
    (state) => state.decisions.find((d) => d.symbol === symbol && d.strategy === 'scalper') ?? null,
  );
  if (decision === null) return <span className="panel__text">no score yet</span>;
  return (
    <>
      <span
        className="num panel__text signals__score"
        title="of the last decision on this instrument"
      >
        score {signed(decision.score, 2)}
      </span>
      <span className="chip chip--own">{decision.agree} of 8</span>
    </>
  );
}

function Readings({ instrument }: { readonly instrument: number }) {
  const root = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (root.current === null) return undefined;
    return addPainter(new SignalsPainter(root.current, liveMarket, instrument));
  }, [instrument]);

  return (
    <div ref={root} className="signals">
      {SIGNAL_NAMES.map((name) => (
        <div key={name} className="gauge" data-signal={name}>
          <span>{SIGNAL_WORDS[name]}</span>
          <Bar value={0} />
          <span className="num gauge__figure dim">–</span>
        </div>
      ))}
    </div>
  );
}
