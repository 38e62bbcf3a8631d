/**
 * Menu: a button that opens a short list to choose from, with arrows, Enter and Esc.
 *
 * While it is open it listens for Esc before anybody else, so that Esc closes it and does nothing
 * further.
 *
 * Imports   react.
 */
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';

export interface MenuProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly string[];
  readonly onChoose: (value: string) => void;
  readonly className?: string;
}

export function Menu({ label, value, options, onChoose, className = '' }: MenuProps) {
  const [isOpen, setOpen] = useState(false);
  const holder = useRef<HTMLSpanElement>(null);

  useEffect(() => {
    if (!isOpen) return undefined;
    holder.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
    return closeWhenLeft(holder, () => setOpen(false));
  }, [isOpen]);

  const close = (): void => {
    setOpen(false);
    holder.current?.querySelector('button')?.focus();
  };

  return (
    <span className={`menu ${className}`} ref={holder}>
      <button
        type="button"
        className="menu__button"
        aria-haspopup="listbox"
        aria-expanded={isOpen}
        aria-label={`${label}: ${value}`}
        onClick={() => setOpen(!isOpen)}
      >
        {value === '' ? '–' : value}
        <i aria-hidden="true" className="menu__arrow" />
      </button>
      {isOpen && (
        <span className="menu__list" role="listbox" aria-label={label} onKeyDown={moveFocus}>
          {options.map((option) => (
            <button
              key={option}
              type="button"
              role="option"
              className="menu__option"
              aria-selected={option === value}
              onClick={() => {
                onChoose(option);
                close();
              }}
            >
              {option}
            </button>
          ))}
        </span>
      )}
    </span>
  );
}

/** Closes on Esc and on a press elsewhere. */
function closeWhenLeft(
  holder: { readonly current: HTMLElement | null },
  close: () => void,
): () => void {
  const onKey = (event: globalThis.KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.shiftKey) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    close();
    holder.current?.querySelector('button')?.focus();
  };
  const onPress = (event: Event): void => {
    if (event.target instanceof Node && holder.current?.contains(event.target) === true) return;
    close();
  };
  globalThis.addEventListener('keydown', onKey, { capture: true });
  globalThis.addEventListener('pointerdown', onPress, { capture: true });
  return () => {
    globalThis.removeEventListener('keydown', onKey, { capture: true });
    globalThis.removeEventListener('pointerdown', onPress, { capture: true });
  };
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  const options = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="option"]')];
  const at = options.findIndex((option) => option === document.activeElement);
  options[(at + step + options.length) % options.length]?.focus();
}
