/**
 * DecisionDetail: the eight readings and the sum behind one decision.
 *
 * Imports   contract, format, ui, ./decision-rows.
 */
import type { DecisionEvent, SignalReading } from '../../../engine/contract/events.ts';
import { groupedOrNone, signed } from '../../format/numbers.ts';
import { SIGNAL_WORDS, verdictWords } from '../../format/words.ts';
import { Bar } from '../../ui/Bar.tsx';
import { decisionSum, isUnweighed } from './decision-rows.ts';

export interface DetailProps {
  readonly decision: DecisionEvent;
  readonly isPinned: boolean;
  readonly onUnpin: () => void;
}

export function DecisionDetail({ decision, isPinned, onUnpin }: DetailProps) {
  const { symbol, side, entered, verdict } = decision;
  return (
    <aside className="detail" tabIndex={0} aria-label={`Decision ${decision.sequence}`}>
      <div className="detail__head">
        <b>
          {symbol} {side === 'none' ? '' : side}
        </b>
        <span className={`code code--${entered ? 'go' : 'no'}`}>
          {entered ? 'ENTERED' : verdictWords(verdict)}
        </span>
        <span className="grow" />
        {isPinned ? (
          <button type="button" className="button" onClick={onUnpin}>
            Follow newest
          </button>
        ) : (
          <span className="dim">newest</span>
        )}
      </div>
      {isUnweighed(decision) ? (
        <p className="detail__none">Refused before edge and cost were weighed.</p>
      ) : (
        <Sum decision={decision} />
      )}
      <div className="detail__readings">
        {decision.readings.map((reading) => (
          <Reading key={reading.signal} reading={reading} />
        ))}
      </div>
    </aside>
  );
}

function Sum({ decision }: { readonly decision: DecisionEvent }) {
  return (
    <dl className="detail__sum">
      {decisionSum(decision).map((line) => (
        <div key={line.word} className={line.isTotal ? 'detail__total' : ''}>
          <dt>{line.word}</dt>
          <dd className="num">{line.value}</dd>
        </div>
      ))}
      <div className="detail__what">
        <dt>at</dt>
        <dd className="num">
          {groupedOrNone(decision.price)} × {groupedOrNone(decision.size)}
        </dd>
      </div>
    </dl>
  );
}

function Reading({ reading }: { readonly reading: SignalReading }) {
  const { signal, strength, confidence, agrees } = reading;
  return (
    <div className="gauge" title={`confidence ${confidence.toFixed(2)}`}>
      <span className={agrees ? 'gauge__agrees' : ''}>{SIGNAL_WORDS[signal] ?? signal}</span>
      <Bar value={strength} />
      <span className={`num gauge__figure ${Math.abs(strength) > 0.25 ? '' : 'dim'}`}>
        {signed(strength, 2)}
      </span>
    </div>
  );
}
