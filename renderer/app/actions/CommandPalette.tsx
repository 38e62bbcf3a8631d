/**
 * CommandPalette: everything that can be done, found by typing. What cannot be done now is shown
 * with the reason. A request to the engine leaves the palette open and its answer is said below.
 *
 * Imports   stores, ui, ./*, ../requests.
 */
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useCommands } from '../../stores/commands-store.ts';
import { useStatusStore } from '../../stores/status-store.ts';
import { closeDialog, useView } from '../../stores/view-store.ts';
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

function Finder() {
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const [askedAfter, setAskedAfter] = useState<number | null>(null);
  const status = useStatusStore((state) => state.status);
  const all = useWorkspaces((state) => state.all);
  const listId = useId();
  const found = useMemo(
    () => findActions(paletteActions(status, all), typed),
    [status, all, typed],
  );
  const chosen = Math.min(at, found.length - 1);

  const perform = (action: Action): void => {
    if ((action.why?.() ?? null) !== null) return;
    if (action.isCommand === true) setAskedAfter(performance.now());
    else closeDialog();
    const { dialog } = useView.getState();
    action.perform();
    // An action that opens a dialog takes the palette's place.
    if (action.isCommand === true) useView.setState({ dialog });
  };
  const onKey = (event: KeyboardEvent): void => {
    const next = nextRow(event.key, chosen, found.length);
    const action = found[chosen];
    if (next !== null) setAt(next);
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
        aria-activedescendant={found.length === 0 ? undefined : `${listId}-${chosen}`}
        autoComplete="off"
        spellCheck={false}
        placeholder="Find a command"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKey}
      />
      <Rows found={found} chosen={chosen} listId={listId} perform={perform} />
      <Answer askedAfter={askedAfter} />
    </>
  );
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
      return (at - 1 + count) % count;
    case 'PageDown':
      return Math.min(count - 1, at + PAGE);
    case 'PageUp':
      return Math.max(0, at - PAGE);
    default:
      return null;
  }
}
