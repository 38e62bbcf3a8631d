/**
 * Menu: a button that opens a short list to choose from, with arrows, Enter and Esc.
 *
 * While it is open it listens for Esc before anybody else, so that Esc closes it and does nothing
 * further.
 *
 * Imports   react, ./close-when-left.
 */
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { closeWhenLeft, moveFocusAmong } from './close-when-left.ts';

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
    return closeWhenLeft({
      isInside: (target) => holder.current?.contains(target) === true,
      close: () => setOpen(false),
      closed: () => holder.current?.querySelector('button')?.focus(),
    });
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

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  if (moveFocusAmong(event.currentTarget, '[role="option"]', event.key)) event.preventDefault();
}
