/**
 * ActionMenu: a button that opens a list of things to do. The list hangs over everything, beside
 * its button, whatever cuts off the button's surroundings.
 *
 * Imports   react, react-dom, ./close-when-left.
 */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { closeWhenLeft, moveFocusAmong } from './close-when-left.ts';

export interface MenuItem {
  readonly id: string;
  readonly title: string;
  /** Shown as chosen. */
  readonly isOn?: boolean;
  /** Why it cannot be done now; it is shown but does nothing. */
  readonly why?: string | null;
  readonly keys?: string;
  readonly perform: () => void;
}

export type MenuEntry = MenuItem | { readonly id: string; readonly heading: string };

export interface ActionMenuProps {
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
  /** Made when the menu opens. */
  readonly entries: () => readonly MenuEntry[];
}

export function ActionMenu({ label, className = '', children, entries }: ActionMenuProps) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        title={label}
        onClick={() => setOpen(!isOpen)}
      >
        {children}
      </button>
      {isOpen &&
        createPortal(
          <List label={label} entries={entries()} button={button} close={() => setOpen(false)} />,
          document.body,
        )}
    </>
  );
}

interface ListProps {
  readonly label: string;
  readonly entries: readonly MenuEntry[];
  readonly button: { readonly current: HTMLButtonElement | null };
  readonly close: () => void;
}

function List({ label, entries, button, close }: ListProps) {
  const holder = useRef<HTMLDivElement>(null);
  const latestClose = useRef(close);

  useEffect(() => {
    latestClose.current = close;
  });
  useEffect(() => {
    const list = holder.current;
    if (list === null || button.current === null) return undefined;
    place(list, button.current.getBoundingClientRect());
    list.querySelector<HTMLElement>('[role^="menuitem"]')?.focus();
    const opener = button.current;
    return closeWhenLeft({
      isInside: (target) => list.contains(target) || opener.contains(target),
      close: () => latestClose.current(),
      closed: () => opener.focus(),
    });
  }, [button]);

  return (
    <div ref={holder} className="popup">
      <div
        className="popup__list"
        role="menu"
        aria-label={label}
        onKeyDown={(event) => {
          const { key, currentTarget } = event;
          if (moveFocusAmong(currentTarget, '[role^="menuitem"]', key)) event.preventDefault();
          if (key === 'Tab') close();
        }}
      >
        {entries.map((entry) => (
          <Entry
            key={entry.id}
            entry={entry}
            done={() => {
              close();
              button.current?.focus();
            }}
          />
        ))}
      </div>
    </div>
  );
}

function Entry({ entry, done }: { readonly entry: MenuEntry; readonly done: () => void }) {
  if ('heading' in entry) {
    return (
      <div className="popup__heading" role="presentation">
        {entry.heading}
      </div>
    );
  }
  const { title, isOn, why = null, keys, perform } = entry;
  return (
    <button
      type="button"
      className="popup__item"
      role={isOn === undefined ? 'menuitem' : 'menuitemradio'}
      aria-checked={isOn}
      aria-disabled={why !== null}
      title={why ?? undefined}
      onClick={() => {
        if (why !== null) return;
        done();
        perform();
      }}
    >
      <span className="popup__mark" aria-hidden="true">
        {isOn === true ? '●' : ''}
      </span>
      <span className="grow">{title}</span>
      {keys !== undefined && <kbd>{keys}</kbd>}
    </button>
  );
}

const EDGE = 4;

/** Under the button, or above it where there is more room; never over the edge of the window. */
function place(list: HTMLElement, opener: DOMRect): void {
  const { width, height } = list.getBoundingClientRect();
  const left = Math.max(EDGE, Math.min(opener.left, innerWidth - width - EDGE));
  const isBelow = opener.bottom + height + EDGE <= innerHeight || opener.top < innerHeight / 2;
  list.style.left = `${left}px`;
  if (isBelow) list.style.top = `${opener.bottom + 2}px`;
  else list.style.bottom = `${innerHeight - opener.top + 2}px`;
  const room = isBelow ? innerHeight - opener.bottom : opener.top;
  list.style.setProperty('--room', `${Math.max(80, room - 2 * EDGE)}px`);
}
