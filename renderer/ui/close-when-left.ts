/**
 * close-when-left: closes what is open on Esc and on a press elsewhere. It hears Esc before anybody
 * else, so that Esc closes it and does nothing further.
 *
 * Imports   nothing.
 */
export interface Left {
  readonly isInside: (target: Node) => boolean;
  readonly close: () => void;
  /** After Esc, which leaves the focus to be placed. */
  readonly closed: () => void;
}

export function closeWhenLeft({ isInside, close, closed }: Left): () => void {
  const onKey = (event: globalThis.KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.shiftKey) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    close();
    closed();
  };
  const onPress = (event: Event): void => {
    if (event.target instanceof Node && isInside(event.target)) return;
    close();
  };
  globalThis.addEventListener('keydown', onKey, { capture: true });
  globalThis.addEventListener('pointerdown', onPress, { capture: true });
  return () => {
    globalThis.removeEventListener('keydown', onKey, { capture: true });
    globalThis.removeEventListener('pointerdown', onPress, { capture: true });
  };
}

/** Moves the focus among the elements that match, round the ends. True when it did. */
export function moveFocusAmong(holder: HTMLElement, selector: string, key: string): boolean {
  const items = [...holder.querySelectorAll<HTMLElement>(selector)];
  if (items.length === 0) return false;
  const at = items.findIndex((item) => item === document.activeElement);
  const next = nextIndex(key, at, items.length);
  if (next === null) return false;
  items[next]?.focus();
  return true;
}

function nextIndex(key: string, at: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return (at + 1) % count;
    case 'ArrowUp':
      return at <= 0 ? count - 1 : at - 1;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
