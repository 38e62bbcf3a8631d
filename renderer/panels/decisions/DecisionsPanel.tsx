/**
 * DecisionsPanel: every entry and every veto with its reason; a click shows the readings behind it.
 *
 * The list holds still while the pointer is on it: what comes in meanwhile is counted and shown
 * when the pointer leaves.
 *
 * Imports   contract, stores, ui, ./decision-*, ./DecisionDetail.
 */
import { Fragment, memo, useState } from 'react';
import type { DecisionEvent } from '../../../engine/contract/events.ts';
import { useDecisions } from '../../stores/decisions-store.ts';
import { focusInstrument } from '../../stores/view-store.ts';
import { moveFocusAmong } from '../../ui/close-when-left.ts';
import { Panel } from '../../ui/Panel.tsx';
import { decisionLine } from './decision-rows.ts';
import { DecisionDetail } from './DecisionDetail.tsx';
import './decisions.css';

type Filter = 'all' | 'entries' | 'vetoes';
const FILTERS: readonly Filter[] = ['all', 'entries', 'vetoes'];

/** More are made only when somebody scrolls: each costs its share of every arrival. */
const LINES_UNSCROLLED = 60;

interface Held {
  readonly decisions: readonly DecisionEvent[];
  readonly total: number;
}

export function DecisionsPanel() {
  const { decisions, total } = useDecisions();
  const [held, setHeld] = useState<Held | null>(null);
  const [chosen, setChosen] = useState<DecisionEvent | null>(null);
  const [filter, setFilter] = useState<Filter>('all');
  const [isScrolled, setScrolled] = useState(false);
  const fitting = (held?.decisions ?? decisions).filter((decision) => fits(decision, filter));
  const list = isScrolled ? fitting : fitting.slice(0, LINES_UNSCROLLED);
  const waiting = held === null ? 0 : total - held.total;
  const shown = chosen ?? list[0] ?? null;

  return (
    <Panel
      name="decisions"
      title="Decisions"
      aside={<span className="chip">{total}</span>}
      right={
        <>
          {waiting > 0 && <span className="chip chip--warn">{waiting} new, held</span>}
          <FilterButtons filter={filter} onChoose={setFilter} />
        </>
      }
      isStill
    >
      <div className="decisions">
        <ol
          className="decisions__list"
          aria-label="Decisions, newest first"
          tabIndex={0}
          onPointerEnter={() => setHeld({ decisions, total })}
          onPointerLeave={() => setHeld(null)}
          onKeyDown={(event) => {
            const { key, currentTarget } = event;
            if (moveFocusAmong(currentTarget, 'button', key)) event.preventDefault();
          }}
          onScroll={(event) => setScrolled(event.currentTarget.scrollTop > 0)}
        >
          {list.map((decision, k) => (
            <Fragment key={decision.sequence}>
              <Line
                decision={decision}
                isChosen={chosen?.sequence === decision.sequence}
                onChoose={setChosen}
              />
              {filter === 'all' && <Hole count={missingAfter(decision, list[k + 1])} />}
            </Fragment>
          ))}
          {list.length === 0 && (
            <li className="empty">
              No decisions yet. Every signal that is weighed appears here, with the reason why it
              became a trade or did not.
            </li>
          )}
        </ol>
        {shown !== null && (
          <DecisionDetail
            decision={shown}
            isPinned={chosen !== null}
            onUnpin={() => setChosen(null)}
          />
        )}
      </div>
    </Panel>
  );
}

/** How many decisions were made between two that stand next to each other. */
function missingAfter(decision: DecisionEvent, older: DecisionEvent | undefined): number {
  return older === undefined ? 0 : decision.sequence - older.sequence - 1;
}

function Hole({ count }: { readonly count: number }) {
  if (count <= 0) return null;
  return (
    <li className="decisions__line decisions__hole" data-role="hole">
      {count} {count === 1 ? 'decision is' : 'decisions are'} not here
    </li>
  );
}

function fits({ entered }: DecisionEvent, filter: Filter): boolean {
  return filter === 'all' || entered === (filter === 'entries');
}

interface FilterProps {
  readonly filter: Filter;
  readonly onChoose: (filter: Filter) => void;
}

function FilterButtons({ filter, onChoose }: FilterProps) {
  return (
    <span role="group" aria-label="Show" className="decisions__filter">
      {FILTERS.map((name) => (
        <button
          key={name}
          type="button"
          className={`chip ${filter === name ? 'chip--own' : ''}`}
          aria-pressed={filter === name}
          onClick={() => onChoose(name)}
        >
          {name}
        </button>
      ))}
    </span>
  );
}

interface LineProps {
  readonly decision: DecisionEvent;
  readonly isChosen: boolean;
  readonly onChoose: (decision: DecisionEvent) => void;
}

const Line = memo(function Line({ decision, isChosen, onChoose }: LineProps) {
  const line = decisionLine(decision);
  const colour = line.resultSign < 0 ? 'down' : 'up';
  return (
    <li className="decisions__line" data-verdict={decision.verdict} aria-current={isChosen}>
      <button
        type="button"
        tabIndex={-1}
        onClick={() => {
          onChoose(decision);
          focusInstrument(decision.symbol);
        }}
      >
        <time className="num dim">{line.time}</time>
        <span className={`code code--${line.isEntry ? 'go' : 'no'}`}>{line.code}</span>
        <b>{line.subject}</b>
        <span className="decisions__reason">
          <span className="decisions__why">
            {line.sentence} <span className={`num ${colour}`}>{line.result}</span>
          </span>
          <span className="dim decisions__tail">{line.tail}</span>
        </span>
      </button>
    </li>
  );
});
