/**
 * KeysSheet: every key and what it does, grouped, to be searched and to be changed. A key that is
 * taken is refused with the name of what has it.
 *
 * Imports   stores, ui, ./*, ../keepers.
 */
import { useEffect, useRef, useState } from 'react';
import { closeDialog } from '../../stores/view-store.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { keepers } from '../keepers.ts';
import { ACTIONS } from './action-table.ts';
import { ACTION_GROUPS, type Action } from './action.ts';
import { keyFault, keysOf, useKeys } from './key-store.ts';
import { keyCaps, nameOfPress } from './keys.ts';

/** What panels do with keys of their own while they have the focus. */
const PANEL_KEYS: readonly (readonly [readonly string[], string])[] = [
  [['↑', '↓', 'PgUp', 'PgDn'], 'Scroll the focused list'],
  [['PgUp', 'PgDn'], 'Ladder: scroll'],
  [['↑', '↓'], 'Ladder: choose a row; then B buys, S sells, X cancels there'],
  [['+', '−', '←', '→', 'Home', 'End'], 'Chart and heatmap: zoom and scroll'],
  [['Alt', '1', '…', '5'], 'Ladder: size preset; with Shift keep the size in it'],
  [['Click'], 'Ladder: buy in Bid, sell in Ask, cancel in Own; price as seen at press'],
  [['Shift', 'Click'], 'Ladder: take at once up to that price, what is displayed'],
  [['Right click'], 'Ladder: cancel what was placed by hand in that row'],
  [['Enter'], 'Press the focused control'],
];

export function KeysSheet() {
  const [typed, setTyped] = useState('');
  const own = useKeys((state) => state.own);
  const found = ACTIONS.filter((action) => fits(action, keysOf(action, own), typed));
  return (
    <Dialog title="Keys" onClose={closeDialog} className="dialog--keys">
      <input
        className="field palette__field"
        data-autofocus
        aria-label="Find a key"
        placeholder="Find a key or what it does"
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <div className="keys" tabIndex={0} role="group" aria-label="Keys">
        {ACTION_GROUPS.map((group) => (
          <Group
            key={group}
            title={group}
            actions={found.filter((action) => action.group === group)}
          />
        ))}
        {typed === '' && (
          <section>
            <h3>In panels</h3>
            {PANEL_KEYS.map(([keys, does]) => (
              <div key={does} className="keys__row">
                <span className="keys__does">{does}</span>
                <Caps caps={keys} />
              </div>
            ))}
          </section>
        )}
        {found.length === 0 && <p className="empty">No key does that.</p>}
      </div>
      <p className="dialog__buttons">
        <span className="grow dim">Esc, Shift Esc and Ctrl Shift Bksp cannot be changed.</span>
        <button
          type="button"
          className="button"
          disabled={Object.keys(own).length === 0}
          onClick={() => keepers().keys.setAll({})}
        >
          All keys as usual
        </button>
      </p>
    </Dialog>
  );
}

function fits(action: Action, keys: readonly string[], typed: string): boolean {
  const text = typed.trim().toLowerCase();
  const isOffered = keys.length > 0 || text !== '';
  const words = `${action.title} ${keys.join(' ')} ${action.group}`.toLowerCase();
  return isOffered && text.split(/\s+/).every((word) => words.includes(word));
}

interface GroupProps {
  readonly title: string;
  readonly actions: readonly Action[];
}

function Group({ title, actions }: GroupProps) {
  if (actions.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      {actions.map((action) => (
        <KeyRow key={action.id} action={action} />
      ))}
    </section>
  );
}

function KeyRow({ action }: { readonly action: Action }) {
  const own = useKeys((state) => state.own);
  const [isAsking, setAsking] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const keys = keysOf(action, own);
  const isOwn = own[action.id] !== undefined;

  useCapture(isAsking, (name) => {
    setAsking(false);
    if (name === null) return;
    const found = keyFault(ACTIONS, useKeys.getState().own, action, name);
    setFault(found);
    if (found === null) keepers().keys.set(action.id, [name]);
  });

  return (
    <div className="keys__row" data-action={action.id}>
      <span className="keys__does">{action.title}</span>
      {fault !== null && (
        <span className="keys__fault" role="alert">
          {fault}
        </span>
      )}
      {isAsking ? <i>press the key, Esc keeps it</i> : <Keys keys={keys} />}
      {action.isFixed !== true && (
        <button
          type="button"
          className="button"
          aria-label={`Change the key of: ${action.title}`}
          aria-pressed={isAsking}
          onClick={() => {
            setFault(null);
            setAsking(!isAsking);
          }}
        >
          Change
        </button>
      )}
      {isOwn && (
        <button
          type="button"
          className="button"
          aria-label={`The usual key of: ${action.title}`}
          onClick={() => keepers().keys.set(action.id, null)}
        >
          Usual
        </button>
      )}
    </div>
  );
}

function Keys({ keys }: { readonly keys: readonly string[] }) {
  if (keys.length === 0) return <span className="dim">no key</span>;
  return (
    <>
      {keys.map((key) => (
        <Caps key={key} caps={keyCaps(key)} />
      ))}
    </>
  );
}

function Caps({ caps }: { readonly caps: readonly string[] }) {
  return (
    <span className="keys__caps">
      {caps.map((cap) => (
        <kbd key={cap}>{cap}</kbd>
      ))}
    </span>
  );
}

/**
 * The next key press, before anybody else hears it; null for Esc. What stops trading is not caught:
 * it does what it always does.
 */
function useCapture(isOn: boolean, done: (name: string | null) => void): void {
  const latest = useRef(done);
  useEffect(() => {
    latest.current = done;
  });
  useEffect(() => {
    if (!isOn) return undefined;
    const listen = (event: KeyboardEvent): void => {
      const name = nameOfPress(event);
      if (name === null || name === 'Shift+Escape' || name === 'Ctrl+Shift+Backspace') return;
      event.preventDefault();
      event.stopImmediatePropagation();
      latest.current(name === 'Escape' ? null : name);
    };
    globalThis.addEventListener('keydown', listen, { capture: true });
    return () => globalThis.removeEventListener('keydown', listen, { capture: true });
  }, [isOn]);
}
