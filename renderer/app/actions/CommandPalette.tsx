/**
 * CommandPalette: everything that can be done, found by typing. What cannot be done now is shown
 * with the reason. A request to the engine leaves the palette open and its answer is said below.
 *
 * Imports   stores, ui, ./*, ../requests.
 */
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useCommands } from '../../stores/commands-store.ts';
import { currentStatus, useStatusStore } from '../../stores/status-store.ts';
import { closeDialog } from '../../stores/view-store.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useWorkspaces } from '../dock/workspace-store.ts';
import { requestOutcome, requestWords } from '../requests.ts';
import type { Action } from './action.ts';
import { keysOf, useKeys } from './key-store.ts';
import { keyCaps } from './keys.ts';
import { paletteActions } from './palette-actions.ts';
import { findActions } from './palette-filter.ts';

export function CommandPalette() {
  return (
    <Dialog title="Commands" onClose={closeDialog} className="dialog--palette">
      <Finder />
    </Dialog>
  );
}

interface Search {
  readonly typed: string;
  /** Ids as they were found: what the engine says meanwhile moves no row. */
  readonly ids: readonly string[];
  /** Of the chosen row; null before anything was typed or chosen, so that Enter does nothing. */
  readonly chosen: string | null;
}

function search(typed: string): Search {
  const actions = paletteActions(currentStatus(), useWorkspaces.getState().all);
  const ids = findActions(actions, typed).map(({ id }) => id);
  return { typed, ids, chosen: typed.trim() === '' ? null : (ids[0] ?? null) };
}

function Finder() {
  const [{ typed, ids, chosen }, setSearch] = useState(() => search(''));
  const [askedAfter, setAskedAfter] = useState<number | null>(null);
  const found = useActions(ids);
  const listId = useId();
  const at = found.findIndex(({ id }) => id === chosen);

  const perform = (action: Action): void => {
    if ((action.why?.() ?? null) !== null) return;
    setSearch({ typed, ids, chosen: action.id });
    if (action.isCommand === true) setAskedAfter(performance.now());
    else closeDialog();
    // An action that opens a dialog takes the palette's place.
    action.perform();
  };
  const onKey = (event: KeyboardEvent): void => {
    const next = nextRow(event.key, at, found.length);
    const action = found[at];
    if (next !== null) setSearch({ typed, ids, chosen: found[next]?.id ?? null });
    else if (event.key === 'Enter' && !event.repeat && action !== undefined) perform(action);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <input
        className="field palette__field"
        data-autofocus
        role="combobox"
        aria-label="Find a command"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={at < 0 ? undefined : `${listId}-${at}`}
        autoComplete="off"
        spellCheck={false}
        placeholder="Find a command"
        value={typed}
        onChange={(event) => setSearch(search(event.target.value))}
        onKeyDown={onKey}
      />
      <Rows found={found} chosen={at} listId={listId} perform={perform} />
      <Answer askedAfter={askedAfter} />
    </>
  );
}

/** The actions as they stand now, in the order in which they were found. */
function useActions(ids: readonly string[]): readonly Action[] {
  const status = useStatusStore((state) => state.status);
  const all = useWorkspaces((state) => state.all);
  return useMemo(() => {
    const byId = new Map(paletteActions(status, all).map((action) => [action.id, action]));
    return ids.map((id) => byId.get(id)).filter((action) => action !== undefined);
  }, [ids, status, all]);
}

interface RowsProps {
  readonly found: readonly Action[];
  readonly chosen: number;
  readonly listId: string;
  readonly perform: (action: Action) => void;
}

function Rows({ found, chosen, listId, perform }: RowsProps) {
  return (
    <div id={listId} className="palette__list" role="listbox" aria-label="Commands" tabIndex={-1}>
      {found.map((action, index) => (
        <Row
          key={action.id}
          id={`${listId}-${index}`}
          action={action}
          isChosen={index === chosen}
          perform={perform}
        />
      ))}
      {found.length === 0 && (
        <p className="empty" role="presentation">
          Nothing is called that. KILL is found by its whole name.
        </p>
      )}
    </div>
  );
}

interface RowProps {
  readonly id: string;
  readonly action: Action;
  readonly isChosen: boolean;
  readonly perform: (action: Action) => void;
}

function Row({ id, action, isChosen, perform }: RowProps) {
  const own = useKeys((state) => state.own);
  const row = useRef<HTMLDivElement>(null);
  const why = action.why?.() ?? null;
  useEffect(() => {
    if (isChosen) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isChosen]);
  const [key] = keysOf(action, own);
  return (
    <div
      ref={row}
      id={id}
      role="option"
      className="palette__row"
      aria-selected={isChosen}
      aria-disabled={why !== null}
      data-action={action.id}
      onClick={() => perform(action)}
    >
      <span className="palette__group">{action.group}</span>
      <span className={action.exactly === undefined ? '' : 'palette__danger'}>{action.title}</span>
      {why !== null && <span className="palette__why">{why}</span>}
      <span className="grow" />
      {key !== undefined && keyCaps(key).map((cap) => <kbd key={cap}>{cap}</kbd>)}
    </div>
  );
}

/** What the engine said to the newest request made from here. */
function Answer({ askedAfter }: { readonly askedAfter: number | null }) {
  const request = useCommands(({ requests }) => {
    const [newest] = requests;
    if (askedAfter === null || newest === undefined || newest.sentAtMs < askedAfter) return null;
    return newest;
  });
  const isBad = request?.state === 'refused' || request?.state === 'unanswered';
  return (
    <p
      className={`palette__answer ${isBad ? 'palette__answer--bad' : ''}`}
      role="status"
      data-role="palette-answer"
      data-state={request?.state ?? 'none'}
    >
      {request === null
        ? 'Enter does it, arrows choose, Esc closes.'
        : `${requestWords(request)}: ${requestOutcome(request)}`}
    </p>
  );
}

const PAGE = 10;

function nextRow(key: string, at: number, count: number): number | null {
  if (count === 0) return null;
  switch (key) {
    case 'ArrowDown':
      return (at + 1) % count;
    case 'ArrowUp':
      return at <= 0 ? count - 1 : at - 1;
    case 'PageDown':
      return Math.min(count - 1, at + PAGE);
    case 'PageUp':
      return Math.max(0, at - PAGE);
    default:
      return null;
  }
}
