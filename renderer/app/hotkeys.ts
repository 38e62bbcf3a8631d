/**
 * hotkeys: hands key presses to the actions that own them (./actions/action-table).
 *
 * Esc closes what is open and otherwise disarms; Shift+Esc always disarms; Ctrl+Shift+Backspace is
 * KILL, whatever is open and wherever the focus is. Nothing is done twice by holding a key that
 * asks the engine.
 *
 * Imports   ./actions.
 */
import { ACTIONS } from './actions/action-table.ts';
import type { Action } from './actions/action.ts';
import { actionOfKey, useKeys } from './actions/key-store.ts';
import { nameOfPress } from './actions/keys.ts';

/** Starts listening; the result stops it. */
export function startHotkeys(target: Window): () => void {
  target.addEventListener('keydown', listen);
  return () => target.removeEventListener('keydown', listen);
}

function listen(event: KeyboardEvent): void {
  const name = nameOfPress(event);
  if (name === null || event.isComposing) return;
  const action = actionOfKey(ACTIONS, useKeys.getState().own, name);
  if (action === null || !isHeard(action, event)) return;
  event.preventDefault();
  if (event.repeat && (action.isCommand === true || action.id === 'escape')) return;
  if ((action.why?.() ?? null) === null || action.isFixed === true) action.perform();
}

/** What belongs to the page is not heard while somebody writes. */
function isHeard({ scope }: Action, { target }: KeyboardEvent): boolean {
  return scope === 'everywhere' || !isWriting(target);
}

function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}
