/**
 * hotkeys: what the keyboard does everywhere.
 *
 * Esc closes what is open and otherwise disarms; Shift+Esc always disarms; Ctrl+Shift+Backspace is
 * KILL, whatever is open and wherever the focus is.
 *
 * Imports   commands, stores; tinykeys.
 */
import { tinykeys } from 'tinykeys';
import { disarm, kill, takeControl } from '../commands/commands.ts';
import { currentInstruments } from '../stores/status-store.ts';
import {
  closeDialog,
  focusInstrument,
  groupLadder,
  GROUPINGS,
  openDialog,
  recentreLadders,
  useView,
} from '../stores/view-store.ts';

export interface KeyHelp {
  readonly keys: readonly string[];
  readonly does: string;
}

export const KEY_HELP: readonly KeyHelp[] = [
  { keys: ['Ctrl', 'Shift', 'Backspace'], does: 'KILL: block, cancel everything, verify, halt' },
  { keys: ['Esc'], does: 'Close what is open; otherwise disarm everything' },
  { keys: ['Shift', 'Esc'], does: 'Disarm everything, whatever is open' },
  { keys: ['C'], does: 'Bring the market to the middle of the ladders' },
  { keys: ['G'], does: 'Coarser grouping of the focused ladder; Shift+G: finer' },
  { keys: ['1', '…', '9'], does: 'Put that instrument into focus and into the left ladder' },
  { keys: ['↑', '↓', 'PgUp', 'PgDn'], does: 'Scroll the focused ladder or list' },
  { keys: ['L'], does: 'Take control when another terminal has it' },
  { keys: ['Ctrl', ','], does: 'Settings' },
  { keys: ['?'], does: 'This sheet' },
];

/** Starts listening; the result stops it. */
export function startHotkeys(target: Window): () => void {
  const everywhere = tinykeys(
    target,
    {
      'Control+Shift+Backspace': (event) => {
        event.preventDefault();
        if (!event.repeat) kill();
      },
      'Shift+Escape': (event) => {
        event.preventDefault();
        if (!event.repeat) disarm(null, null);
      },
      'Control+,': (event) => {
        event.preventDefault();
        openDialog('settings');
      },
      Escape: (event) => {
        event.preventDefault();
        if (!event.repeat) escape();
      },
    },
    { ignore: () => false },
  );
  const letters = tinykeys(target, {
    c: () => recentreLadders(),
    g: () => regroup(1),
    'Shift+G': () => regroup(-1),
    l: () => takeControl(),
    'Shift+?': () => openDialog('keys'),
    '?': () => openDialog('keys'),
    ...Object.fromEntries(DIGITS.map((digit) => [String(digit), () => focusNumber(digit)])),
  });
  return () => {
    everywhere();
    letters();
  };
}

const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

function escape(): void {
  if (useView.getState().dialog === null) disarm(null, null);
  else closeDialog();
}

function focusNumber(digit: number): void {
  const instrument = currentInstruments()[digit - 1];
  if (instrument !== undefined) focusInstrument(instrument.symbol);
}

/** Grouping of the ladder that has the keyboard's focus; the left one otherwise. */
function regroup(step: number): void {
  const focused = document.activeElement?.closest('[data-ladder]')?.getAttribute('data-ladder');
  const ladder = focused === '1' ? 1 : 0;
  const at = GROUPINGS.findIndex((ticks) => ticks === useView.getState().groups[ladder]);
  const next = GROUPINGS[Math.max(0, Math.min(GROUPINGS.length - 1, at + step))];
  if (next !== undefined) groupLadder(ladder, next);
}
